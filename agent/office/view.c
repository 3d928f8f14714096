/* The happy path: the events in the order of their ids, each with the moment of
 * its receipt when it has one. A receipt is that of a whole batch, so the next
 * events mostly have the same. */
#include "agent/office/view.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    const struct view *view = owner;
    enum spool_state state;

    return spool_event(view->office->spool, id, event, &state);
}

static bool covers(const struct entry *receipt, uint64_t id)
{
    return receipt->count > 0 && receipt->agent_number == id60_agent(id) &&
           receipt->epoch_ordinal == id60_epoch(id) &&
           id60_number(id) >= receipt->first_seq &&
           id60_number(id) - receipt->first_seq < receipt->count;
}

/* Against the clock of the province, as there; before that against none. */
static enum status moment_of(struct view *view, uint64_t id,
                             enum spool_state state, struct entry *receipt,
                             int64_t *moment)
{
    enum status status = STATUS_OK;

    *moment = FOLD_RECEIVED_UNKNOWN;
    if (state == SPOOL_SAVED || state == SPOOL_SEALED) {
        view->waiting++;
        return STATUS_OK;
    }
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

static enum status fold_all(struct view *view)
{
    struct entry receipt = {.count = 0};
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    enum status status;

    while ((status = spool_next(view->office->spool, id, &id, &event,
                                &state)) == STATUS_OK) {
        int64_t moment;

        if (state == SPOOL_MOVED) {
            continue;
        }
        note_stream(view, id60_epoch(id));
        status = moment_of(view, id, state, &receipt, &moment);
        if (status == STATUS_OK) {
            status = fold_event(view->fold, id, moment, &event);
        }
        if (status != STATUS_OK) {
            return status;
        }
        view->events++;
    }
    return status == STATUS_NOT_FOUND ? fold_set_position(view->fold, 1)
                                      : status;
}

enum status view_open(const struct office *office,
                      const struct context *context, struct view *view)
{
    struct fold_source source = {.owner = view, .fetch = fetch};
    enum status status;

    memset(view, 0, sizeof *view);
    view->office = office;
    status = fold_new(context, source, &view->fold);
    return status == STATUS_OK ? fold_all(view) : status;
}

void view_close(struct view *view)
{
    fold_free(&view->fold);
}
