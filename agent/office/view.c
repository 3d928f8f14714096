/* The happy path: the events in the order of their ids, each with the moment of
 * its receipt when it has one. A receipt is that of a whole batch, so the next
 * events mostly have the same. */
#include "agent/office/view.h"

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_history.h"
#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The spool takes a row once, so its key tells the fold nothing and takes a
 * large part of its memory: unless the past of a lost machine came back beside
 * what was entered anew, or, from an erased event on, a row may be one that was
 * erased. */
static void leave_key_out(const struct view *view, uint64_t id,
                          struct event *event)
{
    if (id < view->keys_from) {
        event->has_entry_key = false;
    }
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    const struct view *view = owner;
    enum spool_state state;
    enum status status = spool_event(view->office->spool, id, event, &state);

    if (status == STATUS_OK) {
        leave_key_out(view, id, event);
    }
    return status;
}

static bool covers(const struct entry *receipt, uint64_t id)
{
    return receipt->count > 0 && receipt->agent_number == id60_agent(id) &&
           receipt->epoch_ordinal == id60_epoch(id) &&
           id60_number(id) >= receipt->first_seq &&
           id60_number(id) - receipt->first_seq < receipt->count;
}

/* Against the clock of the province, as there; before that against none. */
static enum status moment_of(struct view *view, uint64_t id, int64_t *moment)
{
    struct entry *receipt = &view->receipt;
    enum status status = STATUS_OK;

    *moment = FOLD_RECEIVED_UNKNOWN;
    if (!covers(receipt, id)) {
        status = spool_event_receipt(view->office->spool, id, receipt);
    }
    if (status == STATUS_NOT_FOUND) {
        /* It was received from another copy of this machine. */
        receipt->count = 0;
        return STATUS_OK;
    }
    if (status == STATUS_OK &&
        (receipt->flags & ENTRY_FLAG_CLOCK_STEPPED) == 0) {
        *moment = receipt->received_at;
    }
    return status;
}

static void note_stream(struct view *view, uint32_t epoch)
{
    if (view->epoch_count == 0 ||
        view->epochs[view->epoch_count - 1] != epoch) {
        check(view->epoch_count < CONTEXT_EPOCHS_MAX);
        view->epochs[view->epoch_count++] = epoch;
    }
}

static bool waits(enum spool_state state)
{
    return state == SPOOL_SAVED || state == SPOOL_SEALED;
}

/* STATUS_NOT_FOUND behind the last event. */
static enum status fold_next(struct view *view)
{
    struct event event;
    enum spool_state state;
    uint64_t id;
    int64_t moment = FOLD_RECEIVED_UNKNOWN;
    enum status status =
        spool_next(view->office->spool, view->last, &id, &event, &state);

    if (status != STATUS_OK) {
        return status;
    }
    view->last = id;
    if (state == SPOOL_MOVED) {
        return STATUS_OK;
    }
    note_stream(view, id60_epoch(id));
    if (event.erased != 0 && id < view->keys_from) {
        view->keys_from = id;
    }
    leave_key_out(view, id, &event);
    if (waits(state)) {
        view->pending = view->pending != 0 ? view->pending : id;
    } else {
        status = moment_of(view, id, &moment);
    }
    if (status == STATUS_OK) {
        status = fold_event(view->fold, id, moment, &event);
    }
    view->events++;
    return status;
}

/* Notes the first one that waited as received, if it is. STATUS_NOT_FOUND: it
 * still waits, or nothing does. */
static enum status note_received(struct view *view)
{
    struct event event;
    enum spool_state state;
    int64_t moment;
    uint64_t id = view->pending;
    enum status status =
        id == 0 ? STATUS_NOT_FOUND
                : spool_event(view->office->spool, id, &event, &state);

    if (status != STATUS_OK || waits(state)) {
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    }
    status = moment_of(view, id, &moment);
    if (status == STATUS_OK) {
        status = fold_came(view->fold, id, moment, &event);
    }
    if (status == STATUS_OK) {
        view->pending = id < view->last ? id + 1 : 0;
    }
    return status;
}

enum status view_advance(struct view *view, uint64_t max, bool *done)
{
    struct spool_counts counts = {.saved = 0};
    enum status status = STATUS_OK;
    uint64_t steps = 0;

    *done = false;
    while (status == STATUS_OK && steps < max) {
        status = fold_next(view);
        steps++;
    }
    status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    while (status == STATUS_OK && steps < max) {
        status = note_received(view);
        steps++;
    }
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = fold_set_position(view->fold, 1);
    if (status == STATUS_OK) {
        status = spool_counts(view->office->spool, &counts);
    }
    view->waiting = counts.saved + counts.sealed;
    *done = status == STATUS_OK;
    return status;
}

enum status view_begin(const struct office *office,
                       const struct context *context, struct view *view)
{
    struct fold_source source = {.owner = view, .fetch = fetch};
    struct spool_history history;
    enum status status = spool_history(office->spool, &history);

    memset(view, 0, sizeof *view);
    view->office = office;
    view->keys_from = history.wanted ? 0 : UINT64_MAX;
    return status == STATUS_OK ? fold_new(context, source, &view->fold)
                               : status;
}

enum status view_open(const struct office *office,
                      const struct context *context, struct view *view)
{
    enum status status = view_begin(office, context, view);
    bool done = false;

    return status == STATUS_OK ? view_advance(view, UINT64_MAX, &done) : status;
}

void view_close(struct view *view)
{
    fold_free(&view->fold);
}

/* ---- what it is of ---- */

enum status view_is_whole(const struct office *office, enum language language,
                          bool *whole, char text[VIEW_TEXT_MAX])
{
    static const struct language_text coming = {
        "số liệu cũ của văn phòng chưa về đủ máy mới này (xem status): chưa in "
        "số liệu riêng của văn phòng",
        "the office's own past has not all come back to this new machine (see "
        "status): its own figures are not printed yet"};
    struct spool_history history;
    struct spool_backup backup;
    char id[EVENT_ID_TEXT_MAX];
    enum status status = spool_history(office->spool, &history);

    *whole = false;
    text[0] = '\0';
    if (status == STATUS_OK && history.wanted && !history.done) {
        (void)snprintf(text, VIEW_TEXT_MAX, "%s",
                       language_pick(coming, language));
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = spool_backup(office->spool, &backup);
    }
    if (status != STATUS_OK || backup.removed == 0) {
        *whole = status == STATUS_OK;
        return status;
    }
    event_id_format(backup.kept_from, id);
    (void)snprintf(
        text, VIEW_TEXT_MAX,
        language == LANGUAGE_EN
            ? "events before %s were backed up by the province and are not "
              "here any more: the office's own figures are known from that "
              "event on only, and are not printed; look at the province's"
            : "các sự kiện trước %s đã được tỉnh sao lưu và không còn trên máy "
              "này: máy này chỉ còn biết từ sự kiện đó, nên không in số liệu "
              "riêng của văn phòng; hãy xem số liệu của tỉnh",
        id);
    return STATUS_OK;
}

/* Adds as much as there is room for. */
static void add(char *text, size_t room, const char *more)
{
    size_t size = strlen(text);

    (void)snprintf(text + size, room - size, "%s%s", size > 0 ? " " : "", more);
}

void view_streams(const struct view *view, char text[VIEW_SAYS_MAX])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < view->epoch_count; i++) {
        char stream[EVENT_ID_TEXT_MAX];

        (void)snprintf(stream, sizeof stream, "%" PRIu32 ".%" PRIu32,
                       view->office->identity.agent_number, view->epochs[i]);
        add(text, VIEW_SAYS_MAX, stream);
    }
}

static void name_pairs(const struct view *view, const struct context *context,
                       char *pairs, size_t room)
{
    const struct context_agent *agent = view->office->agent;
    const struct catalogue_enumeration *offices =
        catalogue_enumeration("Office");

    pairs[0] = '\0';
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        const struct catalogue_value *office = vocabulary_value(
            context_vocabulary(context), offices, agent->scopes[i].office);
        char unit[UNIT_TEXT_MAX], pair[UNIT_TEXT_MAX + 64];

        unit_key_format(agent->scopes[i].unit, unit);
        (void)snprintf(pair, sizeof pair, "%s:%s", unit,
                       office != NULL ? office->token : "?");
        add(pairs, room, pair);
    }
}

void view_says(const struct view *view, const struct context *context,
               enum language language, char text[VIEW_SAYS_MAX])
{
    char pairs[VIEW_SAYS_MAX / 2], streams[VIEW_SAYS_MAX];
    struct fold_totals totals;
    uint64_t left_out;

    fold_totals(view->fold, &totals);
    left_out = totals.events - totals.outcomes[FOLD_COUNTED] -
               totals.outcomes[FOLD_VOIDED] - totals.outcomes[FOLD_REPLACED];
    view_streams(view, streams);
    name_pairs(view, context, pairs, sizeof pairs);
    (void)snprintf(
        text, VIEW_SAYS_MAX,
        language == LANGUAGE_EN
            ? "The office's own figures, not the province's: %" PRIu64
              " events of the streams %s (%" PRIu64
              " not received yet, %" PRIu64 " not counted), recorded for %s"
            : "Số liệu của riêng văn phòng, chưa phải của tỉnh: %" PRIu64
              " sự kiện của luồng %s (%" PRIu64 " chưa được nhận, %" PRIu64
              " không được tính), ghi cho %s",
        view->events, streams[0] != '\0' ? streams : "–", view->waiting,
        left_out, pairs[0] != '\0' ? pairs : "–");
}
