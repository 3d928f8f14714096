/* Any bytes as one of the small things that people write: a unit, a reference,
 * the id of an event, a day, a count, the number of a document, a name. What is
 * read is written again and read as the same. The first byte says what it is,
 * the second is its choice. */
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/document.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <string.h>

#define SMALL_ROOM 8u

static void try_unit(const char *text, size_t size, int32_t day)
{
    char again[UNIT_TEXT_MAX];
    uint32_t key;
    uint32_t back = 0;
    uint32_t system;

    (void)unit_system_parse(text, size, &system);
    if (unit_key_parse(text, size, day, &key) == STATUS_OK) {
        unit_key_format(key, again);
        check(unit_key_parse(again, strlen(again), day, &back) == STATUS_OK);
        check(back == key);
    }
}

static void try_reference(const char *text, size_t size, uint8_t choice)
{
    enum reference_kind kind =
        (enum reference_kind)(choice % (REFERENCE_KIND_END - 1) + 1);
    enum reference_error why = REFERENCE_OK;
    char again[REFERENCE_TEXT_MAX];
    uint64_t id;
    uint64_t back = 0;
    enum status status = reference_parse(text, size, kind, &id, &why);

    check((status == STATUS_OK) == (why == REFERENCE_OK));
    if (status == STATUS_OK) {
        check(id60_valid(id));
        reference_format(kind, id, again);
        check(reference_parse(again, strlen(again), kind, &back, NULL) ==
              STATUS_OK);
        check(back == id);
    }
}

static void try_event_id(const char *text, size_t size)
{
    char again[EVENT_ID_TEXT_MAX];
    uint64_t id;
    uint64_t back = 0;

    if (event_id_parse(text, size, &id) == STATUS_OK) {
        event_id_format(id, again);
        check(event_id_parse(again, strlen(again), &back) == STATUS_OK);
        check(back == id);
    }
}

static void try_day(const char *text, size_t size)
{
    char again[TEXT_DATE_MAX];
    int32_t day;
    int32_t back = 0;

    if (text_parse_date(text, size, &day) == STATUS_OK) {
        text_format_date_iso(day, again);
        check(text_parse_date(again, strlen(again), &back) == STATUS_OK);
        check(back == day);
    }
}

/* Far from UTC the first and the last day that there are lie outside. */
static void try_moment(const char *text, size_t size)
{
    char again[TEXT_MOMENT_MAX];
    int64_t moment;
    int64_t back = 0;

    if (text_parse_moment(text, size, &moment) == STATUS_OK) {
        text_format_moment(moment, again);
        check(text_parse_moment(again, strlen(again), &back) != STATUS_OK ||
              back == moment);
    }
}

static void try_count(const char *text, size_t size)
{
    char again[TEXT_NUMBER_MAX];
    uint64_t count;
    uint64_t back = 0;

    if (text_parse_count(text, size, &count) == STATUS_OK) {
        text_format_count(count, LANGUAGE_VI, again);
        check(text_parse_count(again, strlen(again), &back) == STATUS_OK);
        check(back == count);
    }
}

static void try_document(const char *text, size_t size)
{
    char part[DOCUMENT_PART_MAX];
    char again[DOCUMENT_TEXT_MAX];
    struct event event;
    struct event back;
    enum document_error why = DOCUMENT_OK;

    event_init(&event, 1);
    event_init(&back, 1);
    if (document_parse(text, size, NULL, &event, &why, part) == STATUS_OK) {
        document_format(&event, NULL, again);
        check(document_parse(again, strlen(again), NULL, &back, NULL, NULL) ==
              STATUS_OK);
        check(back.document_number == event.document_number &&
              back.document_kind == event.document_kind);
    } else {
        check(why != DOCUMENT_OK);
    }
}

static void try_name(const char *text, size_t size, uint8_t choice)
{
    static char out[3 * (TEXT_BYTES_MAX + 64)];
    size_t room = choice % 4 == 0 ? SMALL_ROOM : text_room(size);
    size_t length = 0;

    if (room > sizeof out) {
        return;
    }
    (void)text_width(text, size);
    if (text_to_nfc(text, size, out, room, &length, NULL) == STATUS_OK) {
        check(length < room && strlen(out) == length);
        check(text_check(out, length) == TEXT_OK);
    }
    if (text_match_key(text, size, choice % 2 == 0, out, room, &length) ==
        STATUS_OK) {
        check(length < room && strlen(out) == length);
    }
    if (text_search_key(text, size, choice % 2 == 0, out, room, &length) ==
        STATUS_OK) {
        check(length < room && strlen(out) == length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text;

    if (size < 2) {
        return 0;
    }
    text = (const char *)data + 2;
    switch (data[0] % 7) {
    case 0:
        try_unit(text, size - 2, data[1] * 100);
        break;
    case 1:
        try_reference(text, size - 2, data[1]);
        break;
    case 2:
        try_event_id(text, size - 2);
        break;
    case 3:
        try_day(text, size - 2);
        try_moment(text, size - 2);
        break;
    case 4:
        try_count(text, size - 2);
        break;
    case 5:
        try_document(text, size - 2);
        break;
    default:
        try_name(text, size - 2, data[1]);
        break;
    }
    return 0;
}
