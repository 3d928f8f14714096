/* What somebody has begun to enter, kept on the disk as they type. The text is
 * the page's; the spool keeps it as it is and never sends it. */
#include "agent/api/body.h"
#include "agent/api/draft_version.h"
#include "agent/api/entry_row.h"
#include "agent/api/works.h"
#include "agent/spool/spool_drafts.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_id(const struct desk_order *order,
                    uint8_t key[EVENT_ENTRY_KEY_BYTES],
                    struct http_reply *reply)
{
    if (body_key(desk_part(order, "id"), key)) {
        return true;
    }
    http_reply_problem(reply, 400, "an id is 32 hex digits");
    return false;
}

/* ---- listing ---- */

static json_t *tell(const struct spool_draft *draft)
{
    char id[BYTES_HEX_SIZE(EVENT_ENTRY_KEY_BYTES)];
    char moment[TEXT_MOMENT_MAX];
    json_t *row = NULL;

    if (body_read(draft->text, &row) != STATUS_OK) {
        return NULL;
    }
    check(bytes_to_hex((struct bytes){draft->key, sizeof draft->key}, id,
                       sizeof id) == STATUS_OK);
    text_format_moment(draft->updated_at, moment);
    if (json_object_set_new(row, "id", json_string(id)) != 0 ||
        json_object_set_new(row, "updated_at", json_string(moment)) != 0) {
        json_decref(row);
        row = NULL;
    }
    return row;
}

static enum desk_turn list(struct desk_order *order, struct http_reply *reply)
{
    struct spool *spool = order->means->office->spool;
    json_t *rows = json_array();
    json_t *answer;
    struct spool_draft draft;
    enum status status = spool_next_draft(spool, NULL, &draft);

    while (status == STATUS_OK) {
        (void)json_array_append_new(rows, tell(&draft));
        status = spool_next_draft(spool, draft.key, &draft);
    }
    if (status != STATUS_NOT_FOUND) {
        desk_failed(order, status, reply);
        json_decref(rows);
        return DESK_DONE;
    }
    answer = json_pack("{s:o}", "drafts", rows);
    desk_give(&answer, reply);
    return DESK_DONE;
}

const struct desk_work drafts_work = {.turn = list};

/* ---- keeping ---- */

static bool cells_are_good(const json_t *cells)
{
    const char *key;
    json_t *value;

    if (!json_is_object(cells)) {
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)cells, key, value)
    {
        if (!json_is_string(value)) {
            return false;
        }
    }
    return true;
}

/* What the page may say of a draft; who began it is added here. */
static json_t *read_draft(const struct desk_order *order)
{
    static const char *const known[] = {"type", "cells", "corrects", "change",
                                        "by",   "seen",  NULL};
    const json_t *corrects;
    json_t *body = NULL;

    if (body_read(buffer_bytes(&order->body), &body) != STATUS_OK) {
        return NULL;
    }
    corrects = json_object_get(body, "corrects");
    if (!body_only(body, known) || body_text(body, "type") == NULL ||
        !cells_are_good(json_object_get(body, "cells")) ||
        !(corrects == NULL || json_is_null(corrects) ||
          body_text(body, "corrects") != NULL) ||
        !draft_version_is_good(body) ||
        json_object_set_new(body, "person", json_string(order->who.name)) !=
            0) {
        json_decref(body);
        body = NULL;
    }
    return body;
}

/* A row that was saved is no draft any more. */
static bool is_saved(struct desk_order *order,
                     const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                     struct http_reply *reply)
{
    char id_text[EVENT_ID_TEXT_MAX];
    char vi[160], en[160];
    uint64_t id = 0;
    enum status status = entry_row_saved_as(order->means->office, key, &id);

    if (status == STATUS_NOT_FOUND) {
        return false;
    }
    if (status != STATUS_OK) {
        desk_failed(order, status, reply);
        return true;
    }
    event_id_format(id, id_text);
    (void)snprintf(vi, sizeof vi,
                   "việc này đã được lưu, là sự kiện %s: muốn sửa, hãy mở sự "
                   "kiện đó và bấm Sửa.",
                   id_text);
    (void)snprintf(en, sizeof en,
                   "this was saved, as event %s: to mend it, open that event "
                   "and press Correct.",
                   id_text);
    desk_problem(order, 409, (struct language_text){vi, en}, reply);
    return true;
}

static bool is_same(const json_t *one, const json_t *other)
{
    return json_equal(json_object_get(one, "type"),
                      json_object_get(other, "type")) &&
           json_equal(json_object_get(one, "cells"),
                      json_object_get(other, "cells"));
}

/* Whether another text is there than the one from which this was typed. What
 * was sent twice is no other text. */
static bool is_behind(struct desk_order *order, const json_t *json,
                      const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                      struct http_reply *reply)
{
    json_t *kept = NULL;
    enum status status =
        draft_version_kept(order->means->office->spool, key, &kept);
    bool behind = false;

    if (status == STATUS_OK && json_object_get(json, "change") != NULL) {
        behind = !draft_version_knows(json, kept) ||
                 (draft_version_knows(kept, json) && !is_same(json, kept));
    }
    json_decref(kept);
    if (behind) {
        desk_problem(order, 412, draft_version_elsewhere, reply);
    } else if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        desk_failed(order, status, reply);
        behind = true;
    }
    return behind;
}

static void put(struct desk_order *order, json_t *json,
                const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                struct http_reply *reply)
{
    static const struct language_text full = {
        "Đã có quá nhiều bản nháp: hãy lưu hoặc bỏ bớt.",
        "There are too many drafts: save some of them or throw them away."};
    struct spool_draft draft = {.updated_at =
                                    clock_wall_us(order->means->clock)};
    char *text;
    enum status status = STATUS_MEMORY;

    /* Whose text stands here is known: what it began from does not matter. */
    (void)json_object_del(json, "seen");
    text = json_dumps(json, JSON_COMPACT);

    if (text != NULL) {
        memcpy(draft.key, key, sizeof draft.key);
        draft.text = bytes_of_text(text);
        status = spool_put_draft(order->means->office->spool, &draft);
    }
    if (status == STATUS_OK) {
        reply->status = 204;
    } else if (status == STATUS_REFUSED) {
        desk_problem(order, 507, full, reply);
    } else if (status == STATUS_INVALID) {
        http_reply_problem(reply, 413, NULL);
    } else {
        desk_failed(order, status, reply);
    }
    free(text);
}

static enum desk_turn keep(struct desk_order *order, struct http_reply *reply)
{
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    json_t *json;

    if (!read_id(order, key, reply)) {
        return DESK_DONE;
    }
    json = read_draft(order);
    if (json == NULL) {
        http_reply_problem(reply, 400,
                           "{type, cells: {field: text}, corrects?, change?, "
                           "by?, seen?}");
    } else if (!is_saved(order, key, reply) &&
               !is_behind(order, json, key, reply)) {
        put(order, json, key, reply);
    }
    json_decref(json);
    return DESK_DONE;
}

const struct desk_work draft_put_work = {.parts = {"id"}, .turn = keep};

static enum desk_turn forget(struct desk_order *order, struct http_reply *reply)
{
    uint8_t key[EVENT_ENTRY_KEY_BYTES];
    enum status status;

    if (!read_id(order, key, reply)) {
        return DESK_DONE;
    }
    status = spool_delete_draft(order->means->office->spool, key);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        reply->status = 204;
    } else {
        desk_failed(order, status, reply);
    }
    return DESK_DONE;
}

const struct desk_work draft_delete_work = {.parts = {"id"}, .turn = forget};
