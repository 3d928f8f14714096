/* Entries with their bytes. Down come the ledger's control entries, each with
 * the administrator's signature: with them, its own batches and their receipts
 * an office can give a province back what that has lost. */
#include "agent/line/uplink_internal.h"

#include "agent/line/mirror.h"
#include "agent/spool/spool_history.h"
#include "agent/spool/spool_slots.h"

#include "common/base/log.h"
#include "common/format/wire_pairs.h"

/* ---- what comes down ---- */

/* The next may come. When this does not leave, the link is not well, and after
 * the next hello everything is given anew. */
static enum status say_taken(struct uplink *uplink, uint32_t purpose,
                             uint64_t done_to)
{
    const struct wire_up up = {
        .kind = WIRE_UP_TAKEN,
        .taken = {.purpose = purpose, .done_to = done_to}};
    enum status status = uplink_socket_send(uplink->socket, &up, NULL, 0);

    if (status == STATUS_AGAIN || status == STATUS_IO) {
        uplink_go_down(uplink, false);
        status = STATUS_OK;
    }
    return status;
}

/* All of the past is the primary's to give; of another collector, or behind it,
 * only receipts are wanted. STATUS_NOT_FOUND: nothing is. */
static enum status find_wanted(struct spool *spool, bool *whole, uint64_t *from)
{
    struct spool_history history;
    enum status status = spool_history(spool, &history);

    *whole = status == STATUS_OK && spool_is_primary(spool) && //
             history.wanted && !history.done;
    *from = history.next;
    return status == STATUS_OK && !*whole ? spool_past_from(spool, from)
                                          : status;
}

enum status uplink_want_history(struct uplink *uplink, uint64_t capabilities)
{
    bool whole;
    uint64_t from;
    enum status status = find_wanted(uplink->options.spool, &whole, &from);

    if (status != STATUS_OK || (capabilities & WIRE_CAPABILITY_PAIRS) == 0) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    log_info("asks for this office's own past",
             log_number("from", (int64_t)from));
    return say_taken(uplink, WIRE_PURPOSE_HISTORY, from);
}

/* STATUS_NOT_FOUND: there is no more of it, or no room for it. */
static enum status keep_history(struct uplink *uplink,
                                const struct wire_pairs *given,
                                const struct wire_pair pairs[])
{
    bool whole;
    uint64_t from;
    enum status status = find_wanted(uplink->options.spool, &whole, &from);

    if (status == STATUS_OK && !whole) {
        status = spool_keep_past(uplink->options.spool, pairs, given->count,
                                 given->done_to);
        return status == STATUS_OK && given->count == 0 ? STATUS_NOT_FOUND
                                                        : status;
    }
    if (status == STATUS_OK) {
        status = spool_keep_history(uplink->options.spool, pairs, given->count,
                                    given->done_to);
    }
    if (status == STATUS_FULL) {
        log_warning("no room for the rest of this office's past");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && given->count == 0) {
        log_info("this office's past is here");
        return STATUS_NOT_FOUND;
    }
    return status;
}

enum status uplink_take_given(struct uplink *uplink,
                              const struct wire_pairs *given)
{
    struct bytes frames[WIRE_PAIRS_MAX];
    struct wire_pair pairs[WIRE_PAIRS_MAX];
    size_t count = uplink_socket_frames(uplink->socket, frames);
    uint64_t done_to = given->done_to;
    struct buffer whole;
    enum status status;

    if (given->purpose != WIRE_PURPOSE_CONTROLS &&
        given->purpose != WIRE_PURPOSE_HISTORY) {
        return STATUS_OK;
    }
    buffer_init(&whole, CONTROL_BYTES_MAX);
    status = wire_pairs_join(given, frames, count, &whole, pairs);
    if (status == STATUS_OK && given->purpose == WIRE_PURPOSE_CONTROLS) {
        status = mirror_keep(uplink->options.spool, uplink->options.config,
                             pairs, given->count, &done_to);
    } else if (status == STATUS_OK) {
        status = keep_history(uplink, given, pairs);
    }
    buffer_fini(&whole);
    switch (status) {
    case STATUS_OK:
        return say_taken(uplink, given->purpose, done_to);
    case STATUS_NOT_FOUND: /* nothing is wanted any more */
        return STATUS_OK;
    case STATUS_INVALID:
    case STATUS_REFUSED:
    case STATUS_VERSION:
        log_error("the province gave entries that do not hold",
                  log_number("up_to", (int64_t)given->done_to),
                  log_status("status", status));
        return STATUS_OK;
    default:
        return status;
    }
}

/* ---- what is given back ---- */

void uplink_forget_wanted(struct uplink *uplink)
{
    uplink->returning.from = 0;
    uplink->returning.to = 0;
    buffer_fini(&uplink->returning.memory);
}

enum status uplink_take_wanted(struct uplink *uplink,
                               const struct wire_wanted *wanted)
{
    struct uplink_returning *returning = &uplink->returning;

    /* A province that does not know any more who this is asks before it
     * welcomes. */
    if (uplink->state == UPLINK_HELLO_SENT) {
        uplink->attempts = 0;
        uplink->deadline = uplink_now(uplink) + UPLINK_CONNECT_US;
    }
    returning->from = wanted->from;
    returning->to = wanted->to;
    returning->left =
        uplink->credit < UPLINK_RETURN_MAX ? uplink->credit : UPLINK_RETURN_MAX;
    /* A province that is rebuilt gives no credit for batches, and asks. */
    if (returning->left < UPLINK_RETURN_LEAST) {
        returning->left = UPLINK_RETURN_LEAST;
    }
    log_info("the province wants entries back",
             log_number("from", (int64_t)wanted->from),
             log_number("to", (int64_t)wanted->to));
    /* What is gathered is pointed to: the memory must not move. */
    return buffer_reserve(&returning->memory, UPLINK_RETURN_BYTES_MAX);
}

/* Gathers the next message. STATUS_NOT_FOUND: behind it nothing is left. */
static enum status gather(struct uplink *uplink, struct wire_pack *pack)
{
    struct uplink_returning *returning = &uplink->returning;
    uint64_t from = returning->from;
    enum status status = STATUS_OK;

    buffer_clear(&returning->memory);
    while (pack->bytes < returning->left) {
        struct entry entry;
        struct bytes bytes;
        const uint8_t *at = returning->memory.data + returning->memory.size;

        status = spool_pair(uplink->options.spool, from, &entry, &bytes);
        if (status == STATUS_OK && entry.index >= returning->to) {
            status = STATUS_NOT_FOUND;
        }
        if (status == STATUS_OK) {
            status = buffer_append(&returning->memory, bytes);
        }
        if (status != STATUS_OK ||
            !wire_pack_add(pack, &entry,
                           (struct bytes){.data = at, .size = bytes.size})) {
            break;
        }
        from = entry.index + 1;
    }
    pack->pairs.done_to = status == STATUS_NOT_FOUND ? returning->to : from;
    pack->pairs.has_done = status == STATUS_NOT_FOUND ||
                           from >= returning->to ||
                           pack->bytes >= returning->left;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* One message. STATUS_AGAIN: the socket has no room. */
static enum status send_one(struct uplink *uplink)
{
    struct uplink_returning *returning = &uplink->returning;
    struct wire_up up = {.kind = WIRE_UP_RETURNED};
    struct wire_pack pack = {.bytes = 0};
    enum status status = gather(uplink, &pack);

    if (status != STATUS_OK) {
        return status;
    }
    up.returned = pack.pairs;
    status =
        uplink_socket_send(uplink->socket, &up, pack.frames, pack.frame_count);
    if (status == STATUS_AGAIN) {
        uplink->blocked = true;
        return STATUS_AGAIN;
    }
    if (status != STATUS_OK) {
        uplink_go_down(uplink, false);
        return STATUS_OK;
    }
    returning->from = pack.pairs.done_to;
    returning->left -=
        pack.bytes < returning->left ? pack.bytes : returning->left;
    if (pack.pairs.has_done) {
        uplink_forget_wanted(uplink);
    }
    return STATUS_OK;
}

enum status uplink_send_returned(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && uplink->socket != NULL &&
           uplink->returning.from < uplink->returning.to) {
        status = send_one(uplink);
    }
    return status == STATUS_AGAIN ? STATUS_OK : status;
}
