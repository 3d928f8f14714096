#include "agent/api/entry_row.h"

#include "agent/api/body.h"
#include "agent/api/draft_version.h"
#include "agent/api/people.h"
#include "agent/spool/spool_versions.h"
#include "common/event/reference.h"
#include "common/event/validate.h"

#include <stdio.h>
#include <string.h>

static const char *const plain_keys[] = {"type", "cells", NULL};
static const char *const keyed_keys[] = {"type", "cells", "entry_key", "draft",
                                         NULL};
static const char *const draft_keys[] = {"change", "by", "seen", NULL};

/* ---- issues ---- */

/* The text without a character that was cut in two at its end, which JSON would
 * not take. */
static size_t whole_size(const char *text)
{
    size_t size = strlen(text);
    size_t lead = size;
    size_t wants = 1;

    while (lead > 0 && ((uint8_t)text[lead - 1] & 0xc0u) == 0x80u) {
        lead--;
    }
    if (lead > 0) {
        uint8_t first = (uint8_t)text[lead - 1];

        wants = first >= 0xf0u   ? 4
                : first >= 0xe0u ? 3
                : first >= 0xc0u ? 2
                                 : 1;
    }
    return lead > 0 && size - lead + 1 < wants ? lead - 1 : size;
}

static void add_issue(struct entry_row *row, const char *field,
                      const char *text)
{
    json_t *issue = json_pack("{s:s?, s:s%}", "field", field, "text", text,
                              whole_size(text));

    if (json_array_append_new(row->issues, issue) != 0) {
        json_decref(row->issues);
        row->issues = NULL;
    }
}

static void say_unknown_type(struct entry_row *row, const char *text,
                             const char *nearest, enum language language)
{
    char said[256];
    char cut[64];

    (void)snprintf(cut, sizeof cut, "%s", text);
    cut[whole_size(cut)] = '\0';
    (void)snprintf(
        said, sizeof said,
        language == LANGUAGE_EN ? "there is no such type of event: %s%s%s"
                                : "không có loại sự kiện này: %s%s%s",
        cut, nearest == NULL ? "" : " -> ", nearest == NULL ? "" : nearest);
    add_issue(row, "type", said);
}

/* ---- the page's words ---- */

/* What a person enters. Who they are the session says, and when the clock. */
static bool is_entered(uint32_t field)
{
    return field != 0 && field != EVENT_TYPE && field != EVENT_ROLE &&
           field != EVENT_ENTRY_KEY;
}

static bool read_cell(struct entry_row *row, const char *name,
                      const json_t *value, enum language language)
{
    static const struct language_text unknown = {"không có trường này",
                                                 "there is no such field"};
    uint32_t field = source_field(row->type, name, strlen(name), NULL);

    if (!json_is_string(value) || row->count == SOURCE_CELLS_MAX) {
        return false;
    }
    if (!is_entered(field)) {
        add_issue(row, name, language_pick(unknown, language));
        return true;
    }
    row->names[row->count] = name;
    row->cells[row->count++] =
        (struct source_cell){.field = field,
                             .text = json_string_value(value),
                             .size = json_string_length(value)};
    return true;
}

static bool read_cells(struct entry_row *row, const json_t *cells,
                       enum language language)
{
    const char *name;
    json_t *value;

    if (!json_is_object(cells)) {
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)cells, name, value)
    {
        if (!read_cell(row, name, value, language)) {
            return false;
        }
    }
    return true;
}

static bool draft_is_good(const json_t *draft)
{
    return draft == NULL ||
           (json_object_get(draft, "change") != NULL &&
            body_only(draft, draft_keys) && draft_version_is_good(draft));
}

enum status entry_row_init(struct entry_row *row, const json_t *json,
                           bool keyed, enum language language)
{
    const char *type = body_text(json, "type");
    const json_t *cells = json_object_get(json, "cells");
    const char *nearest = NULL;

    memset(row, 0, sizeof *row);
    row->issues = json_array();
    row->draft = json_object_get(json, "draft");
    if (!body_only(json, keyed ? keyed_keys : plain_keys) || type == NULL ||
        !json_is_object(cells) || !draft_is_good(row->draft) ||
        (keyed && !body_key(body_text(json, "entry_key"), row->key))) {
        return STATUS_INVALID;
    }
    row->type = source_type(type, strlen(type), &nearest);
    if (row->type == NULL) {
        say_unknown_type(row, type, nearest, language);
        return STATUS_OK;
    }
    return read_cells(row, cells, language) ? STATUS_OK : STATUS_INVALID;
}

void entry_row_fini(struct entry_row *row)
{
    json_decref(row->issues);
    row->issues = NULL;
}

/* ---- reading ---- */

static void take_key(void *owner, const struct digest *content,
                     uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    (void)content;
    memcpy(key, owner, EVENT_ENTRY_KEY_BYTES);
}

void entry_source(const struct desk_order *order, bool spool,
                  struct source *source)
{
    const struct desk_means *means = order->means;

    memset(source, 0, sizeof *source);
    source->spool = spool ? means->office->spool : NULL;
    source->context = means->office->context;
    source->agent = means->office->agent;
    source->clock = means->clock;
    source->language = order->language;
    source->role = person_event_role(&order->who);
}

static void take_issues(struct entry_row *row, const struct source *source)
{
    for (size_t i = 0; i < source->issue_count && i < SOURCE_ISSUES_MAX; i++) {
        const struct source_issue *issue = &source->issues[i];
        const char *field = NULL;

        if (issue->cell != SOURCE_NO_CELL) {
            field = row->names[issue->cell];
        } else if (issue->field != 0) {
            field = validate_field_name(row->type->number, issue->field);
        }
        add_issue(row, field, issue->text);
    }
}

enum status entry_row_event(struct entry_row *row, struct source *source,
                            bool keyed, struct event *event)
{
    enum status status;

    if (row->type == NULL) {
        return STATUS_INVALID;
    }
    source->entry_key = keyed ? take_key : NULL;
    source->entry_owner = row->key;
    source->compare_entry = true;
    status = source_read(source, row->type, row->cells, row->count, event);
    take_issues(row, source);
    if (status == STATUS_OK && json_array_size(row->issues) > 0) {
        status = STATUS_INVALID;
    }
    return row->issues == NULL ? STATUS_MEMORY : status;
}

/* ---- what is saved already ---- */

enum status entry_row_stands(struct entry_row *row, const struct office *office,
                             const struct event *event, enum language language)
{
    static const struct language_text over = {"sự kiện này đã bị hủy trước đó",
                                              "this event was voided before"};
    static const struct language_text newer = {
        "sự kiện này đã có bản đính chính mới hơn: hãy mở bản mới nhất",
        "a newer correction of this event is there: open the newest version"};
    enum versions_standing standing;
    enum status rc = versions_stand(office->spool, event, &standing);

    if (rc == STATUS_OK && standing == VERSIONS_VOIDED) {
        add_issue(row, "corrects", language_pick(over, language));
    } else if (rc == STATUS_OK && standing == VERSIONS_REPLACED) {
        add_issue(row, "corrects", language_pick(newer, language));
    }
    return row->issues == NULL ? STATUS_MEMORY : rc;
}

enum status entry_row_saved_as(const struct office *office,
                               const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                               uint64_t *id)
{
    const struct context_agent *agent = office->agent;
    enum status rc = STATUS_NOT_FOUND;

    for (uint32_t i = 0;
         agent != NULL && i < agent->scope_count && rc == STATUS_NOT_FOUND;
         i++) {
        rc = spool_find_entry(office->spool, agent->scopes[i].unit,
                              agent->scopes[i].office, key, id);
    }
    return rc;
}

enum status entry_row_say_saved(struct entry_row *row, uint64_t id,
                                enum language language)
{
    char text[EVENT_ID_TEXT_MAX];
    char said[256];

    event_id_format(id, text);
    (void)snprintf(said, sizeof said,
                   language == LANGUAGE_EN
                       ? "this row was saved under another unit or office, as "
                         "event %s: look at it in the outbox"
                       : "dòng này đã được lưu cho đơn vị hoặc cơ quan khác, "
                         "là sự kiện %s: xem trong Hộp gửi đi",
                   text);
    add_issue(row, "entry_key", said);
    return row->issues == NULL ? STATUS_MEMORY : STATUS_OK;
}

enum status entry_row_is_newest(struct entry_row *row, struct spool *spool,
                                enum language language)
{
    json_t *kept = NULL;
    enum status rc;

    if (row->draft == NULL) {
        return STATUS_OK;
    }
    rc = draft_version_kept(spool, row->key, &kept);
    if (rc == STATUS_OK && !draft_version_knows(row->draft, kept)) {
        add_issue(row, "draft",
                  language_pick(draft_version_elsewhere, language));
    }
    json_decref(kept);
    if (row->issues == NULL) {
        return STATUS_MEMORY;
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- what was filled in ---- */

static bool is_given(const struct entry_row *row, uint32_t field)
{
    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i].field == field && row->cells[i].size > 0) {
            return true;
        }
    }
    return false;
}

static bool put_value(json_t *filled, const struct entry_row *row,
                      const struct source *source, const char *list,
                      uint32_t field, uint32_t value)
{
    const struct catalogue_value *found =
        vocabulary_value(context_vocabulary(source->context),
                         catalogue_enumeration(list), value);

    return found == NULL || is_given(row, field) ||
           json_object_set_new(filled,
                               validate_field_name(row->type->number, field),
                               json_string(found->token)) == 0;
}

json_t *entry_row_filled(const struct entry_row *row,
                         const struct source *source, const struct event *event)
{
    json_t *filled = json_object();
    char unit[UNIT_TEXT_MAX];
    bool good = filled != NULL;

    if (row->type == NULL) {
        return filled;
    }
    if (good && event->unit != 0 && !is_given(row, EVENT_UNIT)) {
        unit_key_format(event->unit, unit);
        good = json_object_set_new(filled, "unit", json_string(unit)) == 0;
    }
    good =
        good &&
        put_value(filled, row, source, "Office", EVENT_OFFICE, event->office) &&
        put_value(filled, row, source, "Programme", EVENT_PROGRAMME,
                  event->programme) &&
        put_value(filled, row, source, "Role", EVENT_ROLE, event->role);
    if (!good) {
        json_decref(filled);
        filled = NULL;
    }
    return filled;
}

bool entry_may(const struct desk_order *order, struct http_reply *reply)
{
    static const struct language_text none = {
        "Chưa nhận được danh mục từ tỉnh nên chưa kiểm tra được số liệu: hãy "
        "chờ kết nối lần đầu.",
        "The province's lists have not come down yet, so nothing can be "
        "checked: wait for the first connection."};
    const struct office *office = order->means->office;

    if (office->agent != NULL && context_units(office->context) != NULL) {
        return true;
    }
    desk_problem(order, 409, none, reply);
    reply->retry_after_s = 5;
    return false;
}
