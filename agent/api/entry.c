/* Checking and saving what people enter. Each row is read by the same source
 * as a file's or the command line's. Failure modes: a body of another form, a
 * 400; mistakes of people, told row by row and field by field; a spool that
 * takes nothing, a 5xx that says "not saved". What has an id in the answer is
 * on stable storage (I1), and the same key again gets the same id. */
#include "agent/api/body.h"
#include "agent/api/entry_row.h"
#include "agent/api/works.h"
#include "agent/office/outcome_words.h"
#include "agent/spool/spool_drafts.h"
#include "common/base/text.h"
#include "common/event/reference.h"

#include <string.h>

#define ENTRY_ROWS_MAX 200u

static void say_form(struct http_reply *reply, const char *form)
{
    http_reply_problem(reply, 400, form);
}

/* ---- checking ---- */

static enum desk_turn check_row(struct desk_order *order,
                                struct http_reply *reply)
{
    struct entry_row row = {.issues = NULL};
    struct source source;
    struct event event;
    json_t *body = NULL;
    json_t *answer;
    enum status status;

    if (!entry_may(order, reply)) {
        return DESK_DONE;
    }
    if (body_read(buffer_bytes(&order->body), &body) != STATUS_OK ||
        entry_row_init(&row, body, false, order->language) != STATUS_OK) {
        say_form(reply, "{type, cells: {field: text}}");
    } else {
        entry_source(order, false, &source);
        event_init(&event, 0);
        status = entry_row_event(&row, &source, false, &event);
        if (status == STATUS_OK) {
            status = entry_row_stands(&row, order->means->office, &event,
                                      order->language);
        }
        if (status == STATUS_OK || status == STATUS_INVALID) {
            answer = json_pack("{s:b, s:O, s:o}", "ok",
                               json_array_size(row.issues) == 0, "issues",
                               row.issues, "filled",
                               entry_row_filled(&row, &source, &event));
            desk_give(&answer, reply);
        } else {
            desk_failed(order, status, reply);
        }
    }
    entry_row_fini(&row);
    json_decref(body);
    return DESK_DONE;
}

const struct desk_work check_work = {.turn = check_row};

/* ---- saving ---- */

/* Rows of one request, in one transaction. */
struct saving {
    struct desk_order *order;
    struct spool *spool;
    struct source source;
    json_t *rows;       /* answers, in the order of the rows */
    size_t saved, bad;  /* new ones; refused ones */
    bool known;         /* one at least was here before */
    enum status status; /* of the spool */
};

static json_t *tell_allotted(const struct source *source)
{
    json_t *list = json_array();

    for (size_t i = 0; i < source->allotted_count; i++) {
        const struct source_allotted *one = &source->allotted[i];
        char text[REFERENCE_TEXT_MAX];

        reference_format((enum reference_kind)one->kind, one->reference, text);
        (void)json_array_append_new(list, json_pack("{s:s, s:s}", "reference",
                                                    text, "name", one->name));
    }
    return list;
}

/* Deletes the draft that the row was. */
static enum status end_draft(struct saving *saving, const struct entry_row *row)
{
    enum status status = spool_delete_draft(saving->spool, row->key);

    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static json_t *tell_saved(const struct saving *saving, uint64_t id,
                          const struct event *event, enum spool_state state,
                          bool known)
{
    bool sent = state == SPOOL_SEALED;
    char text[EVENT_ID_TEXT_MAX];
    char moment[TEXT_MOMENT_MAX];

    event_id_format(id, text);
    text_format_moment(event->recorded_at, moment);
    return json_pack(
        "{s:s, s:s, s:b, s:s, s:b, s:o}", "id", text, "state",
        sent ? outcome_words_token(SPOOL_SAVED) : outcome_words_token(state),
        "sent", sent, "recorded_at", moment, "known", known, "allotted",
        known ? json_array() : tell_allotted(&saving->source));
}

static json_t *save_new(struct saving *saving, const struct entry_row *row,
                        const struct event *event)
{
    bool skipped = false;
    uint64_t id = 0;

    saving->status = spool_add(saving->spool, event, &id, &skipped);
    if (saving->status == STATUS_OK) {
        saving->status = end_draft(saving, row);
    }
    if (saving->status != STATUS_OK) {
        return NULL;
    }
    saving->saved++;
    return tell_saved(saving, id, event, SPOOL_SAVED, false);
}

/* The answer to the first request was lost: it is given again. */
static json_t *tell_known(struct saving *saving, const struct entry_row *row,
                          const struct event *read)
{
    enum spool_state state = SPOOL_SAVED;
    struct event event;
    uint64_t id = 0;

    saving->status = spool_find_entry(saving->spool, read->unit, read->office,
                                      row->key, &id);
    if (saving->status == STATUS_OK) {
        saving->status = spool_event(saving->spool, id, &event, &state);
    }
    /* Received long ago, and not on this disk any more. */
    if (saving->status == STATUS_NOT_FOUND && id != 0) {
        saving->status = STATUS_OK;
        state = SPOOL_BACKED_UP;
        event = *read;
    }
    if (saving->status == STATUS_OK) {
        saving->status = end_draft(saving, row);
    }
    saving->known = true;
    return saving->status == STATUS_OK
               ? tell_saved(saving, id, &event, state, true)
               : NULL;
}

/* What the row alone does not show: it was saved under another unit or office,
 * or its draft was typed on elsewhere. */
static enum status look_around(struct saving *saving, struct entry_row *row)
{
    const struct office *office = saving->order->means->office;
    uint64_t id = 0;
    enum status status = entry_row_saved_as(office, row->key, &id);

    if (status == STATUS_OK) {
        return entry_row_say_saved(row, id, saving->order->language);
    }
    return status == STATUS_NOT_FOUND
               ? entry_row_is_newest(row, saving->spool,
                                     saving->order->language)
               : status;
}

/* NULL: see saving->status; STATUS_OK means no memory. */
static json_t *save_row(struct saving *saving, struct entry_row *row)
{
    struct event event;
    enum status status = entry_row_event(row, &saving->source, true, &event);

    if (status == STATUS_OK) {
        status = look_around(saving, row);
    }
    if (status == STATUS_OK && json_array_size(row->issues) > 0) {
        status = source_take_back(&saving->source);
        status = status == STATUS_OK ? STATUS_INVALID : status;
    }
    if (status == STATUS_OK) {
        return save_new(saving, row, &event);
    }
    if (status == STATUS_EXISTS) {
        return tell_known(saving, row, &event);
    }
    if (status != STATUS_INVALID) {
        saving->status = status;
        return NULL;
    }
    saving->bad++;
    return json_pack("{s:O}", "issues", row->issues);
}

/* False: a row of another form, the disk, or no memory. */
static bool save_rows(struct saving *saving, const json_t *rows,
                      struct http_reply *reply)
{
    bool good = true;

    for (size_t i = 0; good && i < json_array_size(rows); i++) {
        struct entry_row row;
        json_t *answer = NULL;

        if (entry_row_init(&row, json_array_get(rows, i), true,
                           saving->order->language) != STATUS_OK) {
            say_form(reply, "a row is {type, cells, entry_key, draft?}");
            good = false;
        } else {
            answer = save_row(saving, &row);
        }
        if (good && json_array_append_new(saving->rows, answer) != 0) {
            desk_failed(saving->order,
                        saving->status == STATUS_OK ? STATUS_MEMORY
                                                    : saving->status,
                        reply);
            good = false;
        }
        entry_row_fini(&row);
    }
    return good;
}

/* What is to be sent at once is sealed in the same transaction. */
static enum status commit(struct saving *saving)
{
    const struct desk_means *means = saving->order->means;
    enum status status;

    if (saving->saved == 0) {
        /* Who saved them may have died before the disk had them. */
        status = spool_commit(saving->spool);
        return status == STATUS_OK && saving->known ? spool_sync(saving->spool)
                                                    : status;
    }
    if (uplink_is_free(means->uplink)) {
        spool_seal_along(saving->spool, means->sign_keys, means->clock);
    }
    status = spool_commit(saving->spool);
    spool_seal_along(saving->spool, NULL, NULL);
    return status;
}

/* All good rows, or none when all are wanted and one is not good: then what is
 * good says so and has no id. */
static void finish(struct saving *saving, bool all, struct http_reply *reply)
{
    json_t *answer = NULL;

    if (all && saving->bad > 0) {
        size_t i;
        json_t *row;

        spool_forget(saving->spool);
        json_array_foreach(saving->rows, i, row)
        {
            if (json_object_get(row, "issues") == NULL) {
                (void)json_array_set_new(saving->rows, i,
                                         json_pack("{s:[]}", "issues"));
            }
        }
        saving->saved = 0;
    } else {
        enum status status = commit(saving);

        if (status != STATUS_OK) {
            desk_failed(saving->order, status, reply);
            return;
        }
    }
    answer = json_pack("{s:O, s:I, s:I}", "rows", saving->rows, "saved",
                       (json_int_t)saving->saved, "refused",
                       (json_int_t)saving->bad);
    desk_give(&answer, reply);
}

static void save_body(struct desk_order *order, const json_t *body,
                      struct http_reply *reply)
{
    static const char *const known[] = {"rows", "all", NULL};
    const json_t *rows = json_object_get(body, "rows");
    const json_t *all = json_object_get(body, "all");
    struct saving saving = {.order = order,
                            .spool = order->means->office->spool,
                            .rows = json_array()};
    size_t count = json_array_size(rows);

    if (!body_only(body, known) || count == 0 || count > ENTRY_ROWS_MAX ||
        (all != NULL && !json_is_boolean(all))) {
        say_form(reply, "{rows: [1 to 200 rows], all?: true}");
        json_decref(saving.rows);
        return;
    }
    entry_source(order, true, &saving.source);
    saving.status = spool_begin(saving.spool);
    if (saving.status != STATUS_OK) {
        desk_failed(order, saving.status, reply);
    } else if (save_rows(&saving, rows, reply)) {
        finish(&saving, json_is_true(all), reply);
    }
    spool_forget(saving.spool);
    json_decref(saving.rows);
}

static enum desk_turn save(struct desk_order *order, struct http_reply *reply)
{
    json_t *body = NULL;

    if (!entry_may(order, reply)) {
        return DESK_DONE;
    }
    if (body_read(buffer_bytes(&order->body), &body) == STATUS_OK) {
        save_body(order, body, reply);
    } else {
        say_form(reply,
                 "{rows: [{type, cells, entry_key, draft?}], all?: true}");
    }
    json_decref(body);
    return DESK_DONE;
}

const struct desk_work events_work = {.turn = save};
