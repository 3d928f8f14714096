/* Reads single values: what a person wrote becomes numbers, or a sentence
 * that says what is wrong and how to mend it. */
#include "agent/source/source_internal.h"

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/document.h"
#include "common/event/period.h"

#include <stdio.h>
#include <string.h>

static enum language language_of(const struct source_reading *reading)
{
    return reading->source->language;
}

static const struct vocabulary *vocabulary_of(
    const struct source_reading *reading)
{
    return context_vocabulary(reading->source->context);
}

/* ---- numbers, days, flags ---- */

static bool read_count(struct source_reading *reading,
                       const struct source_value *value, uint64_t *count)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];

    if (text_parse_count(value->text, value->size, count) == STATUS_OK) {
        return true;
    }
    source_fail(reading, value->number,
                "%s không phải số nguyên; hãy ghi như 1250 hoặc 1.250",
                "%s is not a whole number; write it like 1250 or 1.250",
                source_quote(value, quoted));
    return false;
}

static bool read_day(struct source_reading *reading,
                     const struct source_value *value, int32_t *day)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];

    if (text_parse_date(value->text, value->size, day) == STATUS_OK) {
        return true;
    }
    source_fail(
        reading, value->number,
        "%s không phải ngày hợp lệ; hãy ghi như 05/03/2018 hoặc 2018-03-05",
        "%s is not a day; write it like 05/03/2018 or 2018-03-05",
        source_quote(value, quoted));
    return false;
}

static bool read_flag(struct source_reading *reading,
                      const struct source_value *value, uint64_t *flag)
{
    static const struct {
        const char *word;
        uint64_t flag;
    } words[] = {
        {"yes", 1}, {"no", 0},    {"có", 1}, {"không", 0}, {"true", 1},
        {"1", 1},   {"false", 0}, {"0", 0},  {"x", 1},
    };
    char quoted[SOURCE_QUOTED_MAX + 8u];

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (source_same(value->text, value->size, words[i].word)) {
            *flag = words[i].flag;
            return true;
        }
    }
    source_fail(reading, value->number,
                "%s không phải có hoặc không; hãy ghi \"có\" hoặc \"không\"",
                "%s is neither yes nor no; write \"yes\" or \"no\"",
                source_quote(value, quoted));
    return false;
}

/* 201802 or 2018-Q2. */
static bool read_period_key(struct source_reading *reading,
                            const struct source_value *value, uint64_t *key)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char text[16];
    enum period_kind kind;
    uint32_t parsed;

    if (text_parse_count(value->text, value->size, key) == STATUS_OK) {
        return true;
    }
    if (value->size < sizeof text) {
        memcpy(text, value->text, value->size);
        text[value->size] = '\0';
        if (period_key_parse(text, &kind, &parsed)) {
            *key = parsed;
            return true;
        }
    }
    source_fail(reading, value->number,
                "%s không phải kỳ báo cáo; hãy ghi như 2018-Q2, 2018-M03, "
                "2018-H1 hoặc 201802 (năm và số thứ tự của kỳ)",
                "%s is not a period; write it like 2018-Q2, 2018-M03, "
                "2018-H1 or 201802 (the year and the number in it)",
                source_quote(value, quoted));
    return false;
}

/* ---- lists ---- */

static bool read_item(struct source_reading *reading,
                      const struct source_value *item, uint32_t *number)
{
    uint64_t count = 0;

    switch (item->field->kind) {
    case FIELD_VALUES:
        return source_read_word(reading, item, number);
    case FIELD_UNITS:
        *number = 0;
        source_read_unit(reading, item, number);
        return *number != 0;
    default:
        if (!read_count(reading, item, &count)) {
            return false;
        }
        if (count > UINT32_MAX) {
            count = UINT32_MAX; /* above every maximum: the rules say so */
        }
        *number = (uint32_t)count;
        return true;
    }
}

static void read_list(struct source_reading *reading,
                      const struct source_value *value)
{
    const char *at = value->text;
    const char *end = value->text + value->size;

    while (at <= end) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        struct source_value item = *value;
        uint32_t number;

        stop = stop != NULL ? stop : end;
        item.text = at;
        while (item.text < stop && *item.text == ' ') {
            item.text++;
        }
        item.size = (size_t)(stop - item.text);
        while (item.size > 0 && item.text[item.size - 1] == ' ') {
            item.size--;
        }
        at = stop + 1;
        if (item.size == 0 || !read_item(reading, &item, &number)) {
            continue;
        }
        if (!event_append(reading->event, value->field->number, number)) {
            source_fail(reading, value->number,
                        "nhiều quá %u giá trị trong một sự kiện",
                        "more than %u values in one event", EVENT_LIST_MAX);
            return;
        }
    }
}

/* ---- one value ---- */

static void read_document(struct source_reading *reading,
                          const struct source_value *value)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char part[DOCUMENT_PART_MAX] = "";
    enum document_error why = DOCUMENT_OK;

    if (document_parse(value->text, value->size, vocabulary_of(reading),
                       reading->event, &why, part) == STATUS_OK) {
        return;
    }
    source_fail(reading, value->number, "%s%s%s%s: %s", "%s%s%s%s: %s",
                source_quote(value, quoted), part[0] != '\0' ? " (" : "", part,
                part[0] != '\0' ? ")" : "",
                document_error_text(why, language_of(reading)));
}

static void read_entry_key(struct source_reading *reading,
                           const struct source_value *value)
{
    struct event *event = reading->event;
    char text[BYTES_HEX_SIZE(EVENT_ENTRY_KEY_BYTES)];
    char quoted[SOURCE_QUOTED_MAX + 8u];
    size_t size = 0;

    if (value->size == sizeof text - 1) {
        memcpy(text, value->text, value->size);
        text[value->size] = '\0';
        if (bytes_from_hex(text, event->entry_key, sizeof event->entry_key,
                           &size) == STATUS_OK) {
            event->has_entry_key = true;
            event->header_present |= 1u << EVENT_ENTRY_KEY;
            return;
        }
    }
    source_fail(reading, value->number,
                "%s không phải khóa dòng (32 chữ số hex); hãy để trống",
                "%s is not a row key (32 hex digits); leave it empty",
                source_quote(value, quoted));
}

static void read_header(struct source_reading *reading,
                        const struct source_value *value)
{
    struct event *event = reading->event;
    bool good = true;

    switch (value->number) {
    case EVENT_OCCURRED_ON:
        good = read_day(reading, value, &event->occurred_on);
        break;
    case EVENT_UNIT:
        source_read_unit(reading, value, &event->unit);
        good = event->unit != 0;
        break;
    case EVENT_SUBJECT_UNIT:
        source_read_unit(reading, value, &event->subject_unit);
        good = event->subject_unit != 0;
        break;
    case EVENT_OFFICE:
        good = source_read_word(reading, value, &event->office);
        break;
    case EVENT_ROLE:
        good = source_read_word(reading, value, &event->role);
        break;
    case EVENT_PROGRAMME:
        good = source_read_word(reading, value, &event->programme);
        break;
    case EVENT_REASON:
        good = source_read_word(reading, value, &event->reason);
        break;
    case EVENT_DOCUMENT_NUMBER:
        read_document(reading, value);
        return;
    case EVENT_TARGET:
    case EVENT_HEAD:
        source_read_event_id(reading, value);
        return;
    case EVENT_ENTRY_KEY:
        read_entry_key(reading, value);
        return;
    default:
        return; /* the type: it was read before */
    }
    if (good) {
        event->header_present |= 1u << value->number;
    }
}

static void read_body(struct source_reading *reading,
                      const struct source_value *value)
{
    struct event *event = reading->event;
    uint32_t number = value->field->number;
    uint64_t scalar = 0;
    uint32_t word = 0;
    int32_t day = 0;
    bool good = false;

    switch (value->field->kind) {
    case FIELD_VALUES:
    case FIELD_COUNTS:
    case FIELD_UNITS:
        read_list(reading, value);
        return;
    case FIELD_DATE:
        if (read_day(reading, value, &day)) {
            event_set_date(event, number, day);
        }
        return;
    case FIELD_VALUE:
        good = source_read_word(reading, value, &word);
        scalar = word;
        break;
    case FIELD_UNIT:
        source_read_unit(reading, value, &word);
        good = word != 0;
        scalar = word;
        break;
    case FIELD_FLAG:
        good = read_flag(reading, value, &scalar);
        break;
    case FIELD_REFERENCE:
        good = source_read_reference(reading, value, &scalar);
        break;
    case FIELD_PERIOD_KEY:
        good = read_period_key(reading, value, &scalar);
        break;
    default:
        good = read_count(reading, value, &scalar);
        break;
    }
    if (good) {
        event_set(event, number, scalar);
    }
}

void source_read_value(struct source_reading *reading,
                       const struct source_value *value)
{
    if (value->number < EVENT_BODY_BASE) {
        read_header(reading, value);
    } else {
        read_body(reading, value);
    }
}
