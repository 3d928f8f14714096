/* Makes the key of a row from what it says, so that the same row again is the
 * same thing: with its columns in another order, saved again by a spreadsheet,
 * in another epoch of the office. */
#include "agent/source/source_internal.h"

#include "common/base/text.h"
#include "common/event/reference.h"

#include <string.h>

/* The words of a row, as its key is made of them. */
#define SOURCE_KEY_MAX     1024u
#define SOURCE_CONTENT_MAX (64u * 1024u)

/* Appends a field with its items, as numbers. */
static enum status put_items(struct buffer *out, uint32_t number,
                             const uint32_t items[], size_t count)
{
    enum status rc = buffer_u32(out, number);

    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        rc = buffer_u32(out, items[i]);
    }
    return rc;
}

static enum status put_number(struct buffer *out, uint32_t number,
                              uint64_t value)
{
    enum status rc = buffer_u32(out, number);

    return rc == STATUS_OK ? buffer_u64(out, value) : rc;
}

static enum status put_header(struct buffer *out, const struct event *event)
{
    const struct {
        uint32_t number;
        uint64_t value;
    } fields[] = {
        {EVENT_TYPE, event->type},
        {EVENT_OCCURRED_ON, (uint32_t)event->occurred_on},
        {EVENT_UNIT, event->unit},
        {EVENT_OFFICE, event->office},
        {EVENT_SUBJECT_UNIT, event->subject_unit},
        {EVENT_PROGRAMME, event->programme},
        {EVENT_DOCUMENT_NUMBER, event->document_number},
        {EVENT_DOCUMENT_YEAR, event->document_year},
        {EVENT_DOCUMENT_KIND, event->document_kind},
        {EVENT_TARGET, event->target},
        {EVENT_HEAD, event->head},
        {EVENT_REASON, event->reason},
    };
    enum status rc = STATUS_OK;

    for (size_t i = 0; rc == STATUS_OK && i < sizeof fields / sizeof fields[0];
         i++) {
        rc = put_number(out, fields[i].number, fields[i].value);
    }
    return rc == STATUS_OK
               ? put_items(out, EVENT_DOCUMENT_BODIES, event->document_bodies,
                           event->document_body_count)
               : rc;
}

/* A reference is what was written: a local name has no number yet. */
static enum status put_references(struct buffer *out,
                                  const struct source_reading *reading)
{
    const struct catalogue_type *type = reading->type;
    enum status rc = STATUS_OK;

    for (size_t i = 0; rc == STATUS_OK && i < type->field_count; i++) {
        uint32_t number = EVENT_BODY_BASE + type->fields[i].number;
        size_t cell = source_cell_of(reading, number);
        char text[SOURCE_KEY_MAX] = "";
        size_t size = 0;

        if (type->fields[i].kind != FIELD_REFERENCE || cell == SOURCE_NO_CELL) {
            continue;
        }
        /* What is no text gets its mistake when it is read. */
        (void)!text_match_key(reading->cells[cell].text,
                              reading->cells[cell].size, false, text,
                              sizeof text, &size);
        rc = buffer_u32(out, number);
        if (rc == STATUS_OK) {
            rc =
                buffer_append(out, (struct bytes){(const uint8_t *)text, size});
        }
    }
    return rc;
}

/* What the event says but for its references. */
static enum status put_body(struct buffer *out,
                            const struct catalogue_type *type,
                            const struct event *event)
{
    enum status rc = STATUS_OK;

    for (uint32_t i = 1; rc == STATUS_OK && i < EVENT_FIELDS_MAX; i++) {
        const struct catalogue_field *field = catalogue_field(type, i);
        size_t items;
        const uint32_t *list;

        if (field == NULL || field->kind == FIELD_REFERENCE ||
            !event_has(event, i)) {
            continue;
        }
        if (field->kind == FIELD_VALUES || field->kind == FIELD_COUNTS ||
            field->kind == FIELD_UNITS) {
            list = event_items(event, i, &items);
            rc = put_items(out, EVENT_BODY_BASE + i, list, items);
        } else {
            rc = put_number(out, EVENT_BODY_BASE + i, event_get(event, i));
        }
    }
    return rc;
}

/* A digest of what the cells say, however it is written. */
static enum status digest_content(const struct source_reading *reading,
                                  struct digest *digest)
{
    struct buffer out;
    enum status rc;

    buffer_init(&out, SOURCE_CONTENT_MAX);
    rc = put_header(&out, reading->event);
    if (rc == STATUS_OK) {
        rc = put_body(&out, reading->type, reading->event);
    }
    if (rc == STATUS_OK) {
        rc = put_references(&out, reading);
    }
    if (rc == STATUS_OK) {
        digest_bytes(buffer_bytes(&out), digest);
    }
    buffer_fini(&out);
    return rc;
}

/* Whether the two say the same but for their references. */
static enum status same_values(const struct catalogue_type *type,
                               const struct event *a, const struct event *b,
                               bool *same)
{
    struct buffer left;
    struct buffer right;
    enum status rc;

    buffer_init(&left, SOURCE_CONTENT_MAX);
    buffer_init(&right, SOURCE_CONTENT_MAX);
    rc = put_header(&left, a);
    if (rc == STATUS_OK) {
        rc = put_body(&left, type, a);
    }
    if (rc == STATUS_OK) {
        rc = put_header(&right, b);
    }
    if (rc == STATUS_OK) {
        rc = put_body(&right, type, b);
    }
    *same = rc == STATUS_OK &&
            bytes_equal(buffer_bytes(&left), buffer_bytes(&right));
    buffer_fini(&left);
    buffer_fini(&right);
    return rc;
}

/* Whether the row names the things that the event names. */
static enum status same_things(struct source_reading *reading,
                               const struct event *old, bool *same)
{
    const struct catalogue_type *type = reading->type;
    enum status rc = STATUS_OK;

    for (size_t i = 0; rc == STATUS_OK && *same && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];
        struct source_value value = {.field = field,
                                     .number = EVENT_BODY_BASE + field->number};
        size_t cell = source_cell_of(reading, value.number);

        if (field->kind != FIELD_REFERENCE) {
            continue;
        }
        if (cell != SOURCE_NO_CELL) {
            value.text = reading->cells[cell].text;
            value.size = reading->cells[cell].size;
            source_trim(&value.text, &value.size);
        }
        if (value.size == 0 || !event_has(old, field->number)) {
            *same = value.size == 0 && !event_has(old, field->number);
        } else {
            rc = source_same_thing(reading, &value,
                                   event_get(old, field->number), same);
        }
    }
    return rc;
}

/* False: the event is of another row of the same file, saved together with this
 * one or not at all; its id may become another's. */
static enum status is_saved(struct source *source, uint64_t id, bool *saved)
{
    struct spool_identity identity;
    uint64_t last = 0;
    enum status rc = spool_identity(source->spool, &identity);

    if (rc == STATUS_OK) {
        rc = spool_last_seq(source->spool, &last);
    }
    *saved =
        id60_epoch(id) != identity.epoch_ordinal || id60_number(id) <= last;
    return rc;
}

/* The key's column is hidden in a template: who copies a row copies it too. */
static void fail_copied(struct source_reading *reading)
{
    source_fail(
        reading, EVENT_ENTRY_KEY,
        "một dòng khác của lần nhập này cũng có khóa này mà nội dung "
        "khác (chép cả dòng?): nếu là hai việc, hãy gõ việc này vào một "
        "dòng trống, hoặc xóa khóa ở đây%s",
        "another row of this file has this row key too and says "
        "something else (was the row copied?): for two events type "
        "this one into an empty row, or empty the key here%s",
        "");
}

/* A key that was written in the row, of an event that is here: if the row says
 * something else, it is no copy, and leaving it out would lose it. */
static enum status check_same(struct source_reading *reading, uint64_t id,
                              bool given)
{
    char text[EVENT_ID_TEXT_MAX];
    struct event old;
    enum spool_state state;
    bool same = false;
    bool saved = true;
    enum status rc = spool_event(reading->source->spool, id, &old, &state);

    event_id_format(id, text);
    if (rc == STATUS_NOT_FOUND && !given) {
        return STATUS_EXISTS; /* received long ago, and not here any more */
    }
    if (rc == STATUS_NOT_FOUND) {
        source_fail(reading, EVENT_ENTRY_KEY,
                    "khóa dòng này là của sự kiện %s, đã được tỉnh sao lưu và "
                    "không còn trên máy này để so sánh: hãy bỏ dòng này khỏi "
                    "tệp",
                    "this row key is that of event %s, which the province has "
                    "backed up and which is not here any more to be compared: "
                    "leave the row out of the file",
                    text);
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = same_values(reading->type, reading->event, &old, &same);
    }
    if (rc == STATUS_OK && same) {
        rc = same_things(reading, &old, &same);
    }
    if (rc != STATUS_OK || same) {
        return rc == STATUS_OK ? STATUS_EXISTS : rc;
    }
    rc = is_saved(reading->source, id, &saved);
    if (rc != STATUS_OK || !saved) {
        fail_copied(reading);
        return rc;
    }
    reading->source->saved_as = id;
    /* Nobody is told to empty the key: what was changed would then be saved
     * beside what it was changed from, and count twice. */
    if (reading->source->keys) {
        source_fail(reading, EVENT_ENTRY_KEY,
                    "khóa dòng này là của sự kiện %s, có nội dung khác: nếu "
                    "sửa sự kiện đó, hãy bỏ khóa và ghi target, head, reason; "
                    "nếu là việc khác, hãy dùng khóa khác",
                    "this row key is that of event %s, which says something "
                    "else: to mend that one, leave the key out and give "
                    "target, head and reason; for other work take another key",
                    text);
    } else {
        source_fail(reading, EVENT_ENTRY_KEY,
                    "việc này đã được lưu với nội dung khác, là sự kiện %s: "
                    "muốn sửa, hãy mở sự kiện đó trong Hộp gửi đi và bấm Sửa; "
                    "nếu là việc khác, hãy ghi thành một việc mới",
                    "this was saved with other content, as event %s: to mend "
                    "it open it in the outbox and press Correct; if it is "
                    "other work, enter it anew",
                    text);
    }
    return STATUS_OK;
}

enum status source_settle_entry(struct source_reading *reading)
{
    struct source *source = reading->source;
    struct event *event = reading->event;
    struct digest content;
    uint64_t id;
    bool given = event->has_entry_key;
    enum status rc = STATUS_OK;

    if (!given && source->entry_key != NULL) {
        rc = digest_content(reading, &content);
        if (rc != STATUS_OK) {
            return rc;
        }
        source->entry_key(source->entry_owner, &content, event->entry_key);
        event->has_entry_key = true;
        event->header_present |= 1u << EVENT_ENTRY_KEY;
    }
    if (!event->has_entry_key || source->spool == NULL) {
        return STATUS_OK;
    }
    rc = spool_find_entry(source->spool, event->unit, event->office,
                          event->entry_key, &id);
    if (rc == STATUS_OK) {
        return given || source->compare_entry ? check_same(reading, id, given)
                                              : STATUS_EXISTS;
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
