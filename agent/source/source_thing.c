/* Reads what names a thing or an event: a reference, an office's own name for
 * a thing, `new`, the id of an event. Numbers are allotted in the spool's open
 * transaction and last only if it is committed. */
#include "agent/source/source_internal.h"

#include "common/base/text.h"
#include "common/event/reference.h"

#include <stdio.h>
#include <string.h>

/* The kind of thing; same_as says it in a field of its own. */
static uint32_t kind_of_thing(const struct source_reading *reading,
                              const struct source_value *value)
{
    const struct catalogue_type *type = reading->type;

    if (value->field->reference != 0) {
        return value->field->reference;
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_enumeration *list = type->fields[i].enumeration;

        if (list != NULL && strcmp(list->name, "ReferenceKind") == 0) {
            return (uint32_t)event_get(reading->event, type->fields[i].number);
        }
    }
    return 0;
}

static void note_allotted(struct source_reading *reading, uint32_t kind,
                          uint64_t reference, const char *name)
{
    struct source *source = reading->source;
    struct source_allotted *allotted;

    if (source->allotted_count < SOURCE_ALLOTTED_MAX) {
        allotted = &source->allotted[source->allotted_count++];
        allotted->kind = kind;
        allotted->reference = reference;
        (void)snprintf(allotted->name, sizeof allotted->name, "%.*s",
                       (int)(sizeof allotted->name - 1), name);
    }
}

enum status source_take_back(struct source *source)
{
    enum status rc = STATUS_OK;

    while (source->allotted_count > 0 && rc == STATUS_OK) {
        const struct source_allotted *one =
            &source->allotted[--source->allotted_count];

        rc = spool_take_back(source->spool, one->kind, bytes_of_text(one->name),
                             one->reference);
    }
    return rc;
}

/* `new`, in either language: a thing that has no number yet. */
static bool says_new(const struct source_value *value)
{
    return value->size <= sizeof "mới" - 1 &&
           (source_same(value->text, value->size, "new") ||
            source_same(value->text, value->size, "mới"));
}

/* What stands for a number where no spool is there to allot one. */
static uint64_t stand_in(void)
{
    return id60_make(1, 1, 1);
}

/* The name as it was written, for people; what does not fit is shown as it is
 * compared. */
static enum status note_written(struct source_reading *reading,
                                const struct source_value *value, uint32_t kind,
                                uint64_t reference)
{
    const char *text = value->text + 1;
    size_t size = value->size - 1;
    char written[4u * SOURCE_VALUE_MAX];
    size_t length = 0;

    while (size > 0 && text[0] == ' ') {
        text++;
        size--;
    }
    while (size > 0 && text[size - 1] == ' ') {
        size--;
    }
    if (text_to_nfc(text, size, written, sizeof written, &length, NULL) !=
        STATUS_OK) {
        return STATUS_OK;
    }
    return spool_note_written(reading->source->spool, kind, reference,
                              (struct bytes){(const uint8_t *)written, length});
}

static bool read_local_name(struct source_reading *reading,
                            const struct source_value *value, uint32_t kind,
                            uint64_t *reference)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char name[4u * SOURCE_VALUE_MAX];
    size_t size = 0;
    bool fresh = false;
    struct bytes span;

    if (text_match_key(value->text + 1, value->size - 1, false, name,
                       sizeof name, &size) != STATUS_OK ||
        size == 0 || size > SPOOL_ALIAS_MAX) {
        source_fail(reading, value->number,
                    "tên riêng %s rỗng hoặc dài quá %u byte; hãy ghi như "
                    "@so-15",
                    "the local name %s is empty or longer than %u bytes; "
                    "write it like @so-15",
                    source_quote(value, quoted), SPOOL_ALIAS_MAX);
        return false;
    }
    *reference = stand_in();
    if (reading->source->spool == NULL) {
        return true;
    }
    span = (struct bytes){(const uint8_t *)name, size};
    reading->trouble =
        spool_alias(reading->source->spool, kind, span, reference, &fresh);
    if (reading->trouble == STATUS_OK && fresh) {
        note_allotted(reading, kind, *reference, name);
        reading->trouble = note_written(reading, value, kind, *reference);
    }
    return reading->trouble == STATUS_OK;
}

static bool read_new(struct source_reading *reading, uint32_t kind,
                     uint64_t *reference)
{
    *reference = stand_in();
    if (reading->source->spool == NULL) {
        return true;
    }
    reading->trouble =
        spool_new_reference(reading->source->spool, kind, reference);
    if (reading->trouble == STATUS_OK) {
        note_allotted(reading, kind, *reference, "");
    }
    return reading->trouble == STATUS_OK;
}

static void fail_reference(struct source_reading *reading,
                           const struct source_value *value,
                           enum reference_error why)
{
    char quoted[SOURCE_QUOTED_MAX + 8u];
    const char *prefix =
        reference_prefix((enum reference_kind)kind_of_thing(reading, value));

    (void)source_quote(value, quoted);
    switch (why) {
    case REFERENCE_CHECK_CHARACTER:
        source_fail(reading, value->number,
                    "ký tự kiểm tra của mã %s không khớp: mã bị gõ sai; "
                    "hãy so lại với mã trên giấy",
                    "the check character of %s does not fit: a digit was "
                    "mistyped; compare it with the reference on paper",
                    quoted);
        break;
    case REFERENCE_OTHER_KIND:
        source_fail(reading, value->number,
                    "%s là mã của loại đối tượng khác; ở đây cần mã %s-…",
                    "%s is the reference of another kind of thing; here it "
                    "begins with %s-",
                    quoted, prefix);
        break;
    default:
        source_fail(reading, value->number,
                    "%s không phải mã; hãy ghi mã %s-…, tên riêng như "
                    "@so-15, hoặc “mới” để cấp mã mới",
                    "%s is not a reference; write one like %s-…, a local "
                    "name like @so-15, or new for a new one",
                    quoted, prefix);
        break;
    }
}

/* A reference of this office itself must be one that it has given. */
static bool check_reference(struct source_reading *reading,
                            const struct source_value *value, uint32_t kind,
                            uint64_t reference)
{
    struct spool *spool = reading->source->spool;
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char text[REFERENCE_TEXT_MAX];
    uint64_t moved;
    bool allotted = true;
    enum status rc;

    if (spool == NULL) {
        return true;
    }
    rc = spool_moved(spool, kind, reference, &moved);
    if (rc == STATUS_OK) {
        reference_format((enum reference_kind)kind, moved, text);
        source_fail(reading, value->number,
                    "mã %s đã đổi thành %s khi khôi phục; hãy dùng mã mới",
                    "the reference %s became %s in the recovery; use the new "
                    "one",
                    source_quote(value, quoted), text);
        return false;
    }
    if (rc == STATUS_NOT_FOUND) {
        rc = spool_reference_allotted(spool, kind, reference, &allotted);
    }
    if (rc == STATUS_OK && !allotted) {
        source_fail(reading, value->number,
                    "mã %s chưa được cấp ở văn phòng này; hãy dùng tên riêng "
                    "(@…) hoặc “mới” để cấp mã mới",
                    "the reference %s was never given in this office; use a "
                    "local name (@…), or new for a new one",
                    source_quote(value, quoted));
        return false;
    }
    reading->trouble = rc;
    return rc == STATUS_OK;
}

/* "HOT-0000-000003-9 – Đường Láng": the reference, as lists have it. */
static size_t reference_size(const struct source_value *value)
{
    const char *blank = memchr(value->text, ' ', value->size);
    const char *dash = memchr(value->text, '-', value->size);

    return blank != NULL && dash != NULL && dash < blank
               ? (size_t)(blank - value->text)
               : value->size;
}

enum status source_same_thing(struct source_reading *reading,
                              const struct source_value *value, uint64_t stored,
                              bool *same)
{
    struct spool *spool = reading->source->spool;
    char name[4u * SOURCE_VALUE_MAX];
    uint32_t kind = kind_of_thing(reading, value);
    uint64_t reference = 0;
    size_t size = 0;
    bool fresh = false;
    enum status rc;

    *same = says_new(value);
    if (*same || value->text[0] != '@') {
        rc = *same
                 ? STATUS_OK
                 : reference_parse(value->text, reference_size(value),
                                   (enum reference_kind)kind, &reference, NULL);
    } else {
        if (text_match_key(value->text + 1, value->size - 1, false, name,
                           sizeof name, &size) != STATUS_OK) {
            return STATUS_OK;
        }
        /* A name without a number gets one: another thing's. */
        rc = spool_alias(spool, kind,
                         (struct bytes){(const uint8_t *)name, size},
                         &reference, &fresh);
        if (rc == STATUS_OK && fresh) {
            note_allotted(reading, kind, reference, name);
        }
    }
    while (rc == STATUS_OK && !*same) {
        *same = reference == stored;
        rc =
            *same ? STATUS_OK : spool_moved(spool, kind, reference, &reference);
    }
    return rc == STATUS_NOT_FOUND || rc == STATUS_INVALID ? STATUS_OK : rc;
}

bool source_read_reference(struct source_reading *reading,
                           const struct source_value *value,
                           uint64_t *reference)
{
    enum reference_error why = REFERENCE_OK;
    uint32_t kind = kind_of_thing(reading, value);

    if (kind == 0 || kind >= REFERENCE_KIND_END) {
        source_fail(reading, value->number,
                    "chưa biết đây là mã của loại đối tượng nào; hãy điền "
                    "loại đối tượng%s",
                    "it is not said what kind of thing this is; fill in the "
                    "kind of thing%s",
                    reading->source->keys ? " (kind)" : "");
        return false;
    }
    if (value->text[0] == '@') {
        return read_local_name(reading, value, kind, reference);
    }
    if (says_new(value)) {
        return read_new(reading, kind, reference);
    }
    if (reference_parse(value->text, reference_size(value),
                        (enum reference_kind)kind, reference,
                        &why) != STATUS_OK) {
        fail_reference(reading, value, why);
        return false;
    }
    return check_reference(reading, value, kind, *reference);
}

void source_read_event_id(struct source_reading *reading,
                          const struct source_value *value)
{
    struct event *event = reading->event;
    struct spool *spool = reading->source->spool;
    char quoted[SOURCE_QUOTED_MAX + 8u];
    char text[EVENT_ID_TEXT_MAX];
    uint64_t id = 0;
    uint64_t moved;

    if (event_id_parse(value->text, value->size, &id) != STATUS_OK) {
        source_fail(reading, value->number,
                    "%s không phải mã sự kiện; hãy ghi như 271.1.42 (xem lệnh "
                    "outbox)",
                    "%s is not the id of an event; write it like 271.1.42 "
                    "(see outbox)",
                    source_quote(value, quoted));
        return;
    }
    if (spool != NULL && spool_moved(spool, 0, id, &moved) == STATUS_OK) {
        event_id_format(moved, text);
        source_fail(reading, value->number,
                    "sự kiện %s đã đổi thành %s khi khôi phục; hãy dùng mã mới",
                    "the event %s became %s in the recovery; use the new id",
                    source_quote(value, quoted), text);
        return;
    }
    if (value->number == EVENT_TARGET) {
        event->target = id;
    } else {
        event->head = id;
    }
    event->header_present |= 1u << value->number;
}
