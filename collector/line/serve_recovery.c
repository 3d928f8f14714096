/* Failure modes: a link that is gone is asked again with its next hello; who
 * does not answer gives its turn to another; bad pairs are counted and left.
 * Without room nothing ends: what was said and is not on the disk is asked for
 * again later. */
#include "collector/line/serve_recovery_internal.h"

#include "common/base/log.h"
#include "common/format/wire_pairs.h"

#include <string.h>

#define BLOCKED_US CLOCK_US_PER_S /* a link whose queue is full */

int64_t serve_now(const struct serve *serve)
{
    return clock_monotonic_us(serve->clock);
}

/* STATUS_FULL ends nothing: the offices are asked again. */
enum status serve_without_room(struct serve *serve, enum status status)
{
    if (status != STATUS_FULL) {
        return status;
    }
    log_warning("no room for what the offices return");
    if (serve->links != NULL) {
        serve_links_lost(serve->links, serve_now(serve));
    }
    return STATUS_OK;
}

/* Without a link or room the office asks again, or is asked. */
enum status serve_send_down(struct serve *serve, const struct intake_route *to,
                            const struct wire_down *down)
{
    enum status status = intake_send(serve->listen->intake, to, down);

    return status == STATUS_NOT_FOUND || status == STATUS_AGAIN ? STATUS_OK
                                                                : status;
}

/* Batches are kept there until all is back; said anew with each heartbeat. */
enum status serve_say_recovering(struct serve *serve,
                                 const struct intake_route *to)
{
    const struct wire_down down = {.kind = WIRE_DOWN_REFUSAL,
                                   .refusal = {.code = WIRE_REFUSAL_RECOVERING,
                                               .retry_ms = SERVE_RETRY_MS}};

    return serve_send_down(serve, to, &down);
}

/* ---- what comes back ---- */

/* The pairs that it returned; STATUS_FULL: there is no room for them;
 * STATUS_BUSY: nor may it have more. */
static enum status keep(struct serve *serve, struct serve_link *link,
                        const struct intake_message *message)
{
    const struct wire_pairs *returned = &message->up.returned;
    struct wire_pair pairs[WIRE_PAIRS_MAX];
    struct buffer whole;
    enum status status;

    buffer_init(&whole, CONTROL_BYTES_MAX);
    status = wire_pairs_join(returned, message->batches, message->batch_count,
                             &whole, pairs);
    if (status == STATUS_OK) {
        status = recovery_keep(serve->recovery, link->number, pairs,
                               returned->count);
        if (status == STATUS_OK && returned->count > 0) {
            serve_links_grew(serve->links, link,
                             pairs[returned->count - 1].entry.index,
                             serve_now(serve));
        }
    } else if (status != STATUS_MEMORY) {
        log_warning("returned entries do not hold",
                    log_number("agent", link->number));
        status = STATUS_OK;
    }
    buffer_fini(&whole);
    return status;
}

/* An office that has nothing more to give has answered. */
static enum status note_done(struct serve *serve, struct serve_link *link)
{
    enum status status = STATUS_OK;

    if (link->done && !link->told && link->number != 0) {
        status = recovery_answered(serve->recovery, link->number);
        link->told = status == STATUS_OK;
        serve->links->changed = true;
    }
    return status;
}

static enum status take_returned(struct serve *serve, struct serve_link *link,
                                 const struct intake_message *message)
{
    const struct wire_pairs *returned = &message->up.returned;
    enum status status = link->skip ? STATUS_OK : keep(serve, link, message);

    if (status == STATUS_BUSY) {
        log_warning("an office has returned as much as it may before more is "
                    "appended",
                    log_number("agent", link->number));
        serve_links_pause(serve->links, link, serve_now(serve));
        status = STATUS_OK;
    }
    if (status == STATUS_FULL) {
        serve_links_pause(serve->links, link, serve_now(serve));
        status = serve_without_room(serve, status);
    }
    if (status == STATUS_OK && returned->has_done) {
        serve_links_ended(serve->links, link, returned->done_to);
        status = serve_without_room(serve, note_done(serve, link));
    }
    return status;
}

enum status serve_recover_message(struct serve *serve,
                                  const struct intake_message *message,
                                  bool *taken)
{
    struct serve_link *link;

    *taken = serve_recovers(serve);
    switch (*taken ? message->up.kind : WIRE_UP_BATCHES) {
    case WIRE_UP_RETURNED:
        link = serve_links_find(serve->links, &message->key);
        return link != NULL && link->owes ? take_returned(serve, link, message)
                                          : STATUS_OK;
    case WIRE_UP_HEARTBEAT:
    case WIRE_UP_JOIN:
    case WIRE_UP_ROTATE:
    case WIRE_UP_OPEN_EPOCH:
    case WIRE_UP_COMPARE:
        return serve_say_recovering(serve, &message->from);
    default:
        return STATUS_OK;
    }
}

/* ---- a turn ---- */

static enum status ask(struct serve *serve, struct serve_link *link)
{
    const struct wire_down down = {
        .kind = WIRE_DOWN_WANTED,
        .wanted = {.from = link->next, .to = link->holds}};
    enum status status =
        intake_send(serve->listen->intake, &link->route, &down);

    switch (status) {
    case STATUS_OK:
        serve_links_ask(serve->links, link, serve_now(serve));
        return STATUS_OK;
    case STATUS_NOT_FOUND:
        serve_links_gone(serve->links, link); /* it says hello again */
        return STATUS_OK;
    case STATUS_AGAIN:
        link->wait_until = serve_now(serve) + BLOCKED_US;
        return STATUS_OK;
    default:
        return status;
    }
}

/* Asks as many as may be asked at a time; who has nothing has answered. */
static enum status ask_links(struct serve *serve)
{
    struct serve_link *link;
    enum status status = STATUS_OK;

    while (serve->links != NULL && status == STATUS_OK &&
           (link = serve_links_next(serve->links, serve_now(serve))) != NULL) {
        if (link->able && link->next < link->holds) {
            status = ask(serve, link);
        } else {
            link->done = true;
            status = note_done(serve, link);
        }
    }
    return status;
}

/* The ledger has got entries that nobody has sent just now. */
static enum status follow(struct serve *serve)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(serve->ledger, &snapshot);

    if (status == STATUS_OK) {
        serve->entries = ledger_snapshot_size(snapshot);
        status = province_advance(serve->province, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    figures_wake(serve->figures);
    return status;
}

/* All is back: from now on the offices send what is new. */
static enum status resume(struct serve *serve)
{
    struct agent_line *line;
    enum status status = serve_open_checkpoints(serve);

    for (size_t i = 0;
         serve->links != NULL && i < serve->links->count && status == STATUS_OK;
         i++) {
        const struct serve_link *link = serve->links->items[i];

        line = agents_find(serve->agents, link->number);
        if (line != NULL && link->welcomed && link->greeted) {
            line->mirror.breaks = serve_breaks_followed(serve, &link->hello);
            status = serve_shown(serve, line, &link->hello);
        }
    }
    serve_links_free(&serve->links);
    agents_hold(serve->agents, false);
    serve->keys_position = UINT64_MAX;
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        line->beat_mono = INT64_MIN / 2; /* with credit, at once */
    }
    return status == STATUS_OK ? serve_let_in(serve) : status;
}

/* What was said so far is on the disk from here on. */
static enum status save(struct serve *serve)
{
    enum status status = serve_recognize(serve);

    if (status == STATUS_OK) {
        status = ask_links(serve);
    }
    if (status == STATUS_OK) {
        status = recovery_save(serve->recovery);
    }
    if (status == STATUS_OK && serve->links != NULL) {
        serve_links_stored(serve->links);
    }
    return serve_without_room(serve, status);
}

enum status serve_recover(struct serve *serve)
{
    bool appended = false;
    bool more = false;
    enum status status = STATUS_OK;

    if (!serve_recovers(serve)) {
        return STATUS_OK;
    }
    agents_hold(serve->agents, true);
    status = save(serve);
    if (status == STATUS_OK) {
        status = recovery_step(serve->recovery, &more, &appended);
    }
    if (status == STATUS_OK && appended) {
        status = follow(serve);
    }
    serve->busy = serve->busy || more;
    if (status == STATUS_OK && !serve_recovers(serve)) {
        return resume(serve);
    }
    return status == STATUS_OK ? serve_let_in(serve) : status;
}
