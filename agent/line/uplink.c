/* The state table and the clock of the line.
 *
 *   down        -> connecting
 *   connecting  -> hello sent, down
 *   hello sent  -> running, frozen, down
 *   running     -> frozen, down
 *   frozen      -> down
 *
 * Failure modes: nobody answers, a wrong key on either side, a link that breaks
 * or falls silent: all end in `down` and another attempt, later and later up
 * to a minute, never at the same moment as the other offices. */
#include "agent/line/uplink_internal.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/wire_document.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const bool moves[UPLINK_STATE_COUNT][UPLINK_STATE_COUNT] = {
    [UPLINK_DOWN] = {[UPLINK_CONNECTING] = true},
    [UPLINK_CONNECTING] = {[UPLINK_HELLO_SENT] = true, [UPLINK_DOWN] = true},
    [UPLINK_HELLO_SENT] =
        {[UPLINK_RUNNING] = true, [UPLINK_FROZEN] = true, [UPLINK_DOWN] = true},
    [UPLINK_RUNNING] = {[UPLINK_FROZEN] = true, [UPLINK_DOWN] = true},
    [UPLINK_FROZEN] = {[UPLINK_DOWN] = true},
};

bool uplink_may_move(enum uplink_state from, enum uplink_state to)
{
    return moves[from][to];
}

const char *uplink_state_name(enum uplink_state state)
{
    static const char *const names[UPLINK_STATE_COUNT] = {
        [UPLINK_DOWN] = "down",
        [UPLINK_CONNECTING] = "connecting",
        [UPLINK_HELLO_SENT] = "hello_sent",
        [UPLINK_RUNNING] = "running",
        [UPLINK_FROZEN] = "frozen",
    };

    return names[state];
}

void uplink_move(struct uplink *uplink, enum uplink_state to)
{
    check(uplink_may_move(uplink->state, to));
    log_debug("line", log_text("from", uplink_state_name(uplink->state)),
              log_text("to", uplink_state_name(to)));
    uplink->state = to;
}

int64_t uplink_now(const struct uplink *uplink)
{
    return clock_monotonic_us(uplink->options.clock);
}

static uint32_t real_below(void *owner, uint32_t bound)
{
    (void)owner;
    return randombytes_uniform(bound);
}

void uplink_random_real(struct uplink_random *random)
{
    *random = (struct uplink_random){.below = real_below};
}

/* ---- life ---- */

static void drop_link(struct uplink *uplink)
{
    uplink_socket_close(&uplink->socket);
    uplink_send_from(uplink, 0);
    uplink_forget_wanted(uplink);
    uplink->again_at = 0;
}

static enum status read_office(struct uplink *uplink)
{
    enum status status =
        spool_identity(uplink->options.spool, &uplink->identity);

    if (status == STATUS_OK) {
        status = spool_link(uplink->options.spool, &uplink->link);
    }
    if (status == STATUS_NOT_FOUND) {
        /* joined, but never connected */
        memset(&uplink->link, 0, sizeof uplink->link);
        status = spool_identity(uplink->options.spool, &uplink->identity);
    }
    return status;
}

/* A taken position stays so over a restart: only recover helps. The province
 * may have thought better of anything else. */
static void start(struct uplink *uplink)
{
    uplink->attempts = 0;
    uplink->deadline = uplink_now(uplink);
    uplink->state = uplink->link.frozen == SPOOL_POSITION_TAKEN ? UPLINK_FROZEN
                                                                : UPLINK_DOWN;
}

enum status uplink_new(const struct uplink_options *options,
                       struct uplink **out)
{
    struct uplink *uplink = calloc(1, sizeof *uplink);
    enum status status;

    *out = NULL;
    if (uplink == NULL) {
        return STATUS_MEMORY;
    }
    uplink->options = *options;
    wire_assembly_init(&uplink->assembly);
    buffer_init(&uplink->load.memory, UPLINK_MESSAGE_BYTES_MAX);
    buffer_init(&uplink->returning.memory, UPLINK_RETURN_BYTES_MAX);
    status = read_office(uplink);
    if (status != STATUS_OK) {
        uplink_free(&uplink);
        return status;
    }
    start(uplink);
    *out = uplink;
    return STATUS_OK;
}

void uplink_free(struct uplink **uplink)
{
    if (*uplink == NULL) {
        return;
    }
    uplink_socket_close(&(*uplink)->socket);
    wire_assembly_fini(&(*uplink)->assembly);
    buffer_fini(&(*uplink)->load.memory);
    buffer_fini(&(*uplink)->returning.memory);
    free(*uplink);
    *uplink = NULL;
}

enum status uplink_restart(struct uplink *uplink)
{
    enum status status = read_office(uplink);

    if (status != STATUS_OK) {
        return status;
    }
    drop_link(uplink);
    start(uplink);
    return STATUS_OK;
}

/* ---- what is kept for `status` ---- */

enum status uplink_save_link(struct uplink *uplink)
{
    enum status status = spool_set_link(uplink->options.spool, &uplink->link);

    uplink->link_saved_at = uplink_now(uplink);
    /* A full spool may refuse even this: nothing depends on it. */
    return status == STATUS_FULL ? STATUS_OK : status;
}

/* Whether the office has gone on into another epoch meanwhile: then no word on
 * the old one means anything, and the line begins anew. */
static bool goes_on(struct uplink *uplink)
{
    struct spool_identity now;

    if (spool_identity(uplink->options.spool, &now) != STATUS_OK ||
        now.epoch_ordinal == uplink->identity.epoch_ordinal) {
        return false;
    }
    log_info("the office writes in another epoch by now",
             log_number("epoch", now.epoch_ordinal));
    uplink_go_down(uplink, false);
    return true;
}

enum status uplink_refused(struct uplink *uplink, uint32_t code,
                           enum spool_frozen frozen)
{
    if (frozen == SPOOL_POSITION_TAKEN && goes_on(uplink)) {
        return STATUS_OK;
    }
    log_warning("refused", log_text("reason", wire_refusal_token(code)));
    uplink->link.refusal = code;
    uplink->link.refused_at = clock_wall_us(uplink->options.clock);
    uplink->link.frozen = frozen;
    uplink->counts.refusal = code;
    if (frozen != SPOOL_RUNNING) {
        drop_link(uplink);
        uplink_move(uplink, UPLINK_FROZEN);
    }
    return uplink_save_link(uplink);
}

uint32_t uplink_epoch(const struct uplink *uplink)
{
    return uplink->identity.epoch_ordinal;
}

enum status uplink_taken(struct uplink *uplink)
{
    enum status status;

    if (goes_on(uplink)) {
        return STATUS_OK;
    }
    status = uplink_send_heartbeat(uplink, WIRE_REFUSAL_POSITION_TAKEN);
    if (status != STATUS_OK) {
        return status;
    }
    uplink_socket_linger(uplink->socket);
    return uplink_refused(uplink, WIRE_REFUSAL_POSITION_TAKEN,
                          SPOOL_POSITION_TAKEN);
}

/* ---- connecting ---- */

static int64_t backoff_us(struct uplink *uplink)
{
    int64_t us = UPLINK_BACKOFF_US_MAX;
    uint32_t jitter;

    if (uplink->attempts < 6) {
        us = UPLINK_BACKOFF_US << uplink->attempts;
    }
    jitter = uplink->options.random.below(uplink->options.random.owner,
                                          (uint32_t)(us / 2));
    return us / 2 + jitter;
}

void uplink_go_down(struct uplink *uplink, bool refused)
{
    if (uplink->state == UPLINK_RUNNING ||
        (uplink->link.connected_at != 0 && uplink->link.lost_at == 0)) {
        uplink->link.lost_at = clock_wall_us(uplink->options.clock);
        /* Only for `status`; a disk that fails is met at the next save. */
        (void)!uplink_save_link(uplink);
    }
    drop_link(uplink);
    if (refused) {
        uplink->attempts = 6;
    }
    uplink->deadline = uplink_now(uplink) + backoff_us(uplink);
    uplink->attempts++;
    uplink->address++;
    uplink_move(uplink, UPLINK_DOWN);
}

static enum status try_connect(struct uplink *uplink)
{
    const struct config *config = uplink->options.config;
    struct uplink_socket_options options = {
        .context = uplink->options.context,
        .server_key = &config->server_key,
        .keys = uplink->options.curve_keys,
        .threads = uplink->options.threads,
    };
    enum status status;

    check(config->address_count > 0);
    options.address =
        config->addresses[uplink->address % config->address_count];
    uplink_move(uplink, UPLINK_CONNECTING);
    uplink->deadline = uplink_now(uplink) + UPLINK_CONNECT_US;
    status = uplink_socket_open(&options, &uplink->socket);
    if (status == STATUS_INVALID) {
        log_error("not an address", log_text("address", options.address));
    }
    if (status != STATUS_OK) {
        uplink_go_down(uplink, true);
    }
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

static enum status take_event(struct uplink *uplink)
{
    switch (uplink_socket_event(uplink->socket)) {
    case UPLINK_SOCKET_NOTHING:
        return STATUS_OK;
    case UPLINK_SOCKET_READY:
        return uplink_send_hello(uplink);
    case UPLINK_SOCKET_UNKNOWN_KEY: {
        enum status status =
            uplink_refused(uplink, WIRE_REFUSAL_UNKNOWN_KEY, SPOOL_RUNNING);

        uplink_go_down(uplink, true);
        return status;
    }
    case UPLINK_SOCKET_NOT_UNDERSTOOD:
        log_warning("another collector, or another key, is at this address");
        break;
    case UPLINK_SOCKET_UNREACHABLE:
    case UPLINK_SOCKET_LOST:
        break;
    }
    uplink_go_down(uplink, false);
    return STATUS_OK;
}

/* ---- time ---- */

static enum status keep_time(struct uplink *uplink)
{
    int64_t now = uplink_now(uplink);
    enum status status = STATUS_OK;

    switch (uplink->state) {
    case UPLINK_DOWN:
        if (now >= uplink->deadline) {
            status = try_connect(uplink);
        }
        break;
    case UPLINK_CONNECTING:
    case UPLINK_HELLO_SENT:
        if (now >= uplink->deadline) {
            uplink_go_down(uplink, false);
        }
        break;
    case UPLINK_RUNNING:
        if (now >= uplink->heard_at + WIRE_DEAD_US) {
            log_warning("the collector has fallen silent");
            uplink_go_down(uplink, false);
        } else if (uplink->again_at != 0 && now >= uplink->again_at) {
            log_info("connecting again for what had no room");
            uplink_go_down(uplink, false);
        } else if (now >= uplink->heartbeat_at) {
            status = uplink_send_heartbeat(uplink, WIRE_REFUSAL_NONE);
        }
        break;
    case UPLINK_FROZEN:
    case UPLINK_STATE_COUNT:
        break;
    }
    return status;
}

static enum status resend_if_late(struct uplink *uplink)
{
    uint64_t seq;
    enum status status = STATUS_OK;

    if (uplink->flight_count > 0 &&
        uplink_now(uplink) >= uplink_resend_at(uplink)) {
        status = spool_unreceipted(uplink->options.spool, &seq);
        if (status == STATUS_OK) {
            log_info("no receipts came, sending again",
                     log_number("from", (int64_t)seq));
            uplink->counts.resends++;
            uplink_send_from(uplink, seq);
        }
    }
    return status;
}

int64_t uplink_due_us(const struct uplink *uplink)
{
    int64_t due = uplink->deadline;

    if (uplink->state == UPLINK_FROZEN) {
        return INT64_MAX;
    }
    if (uplink->state != UPLINK_RUNNING) {
        return due;
    }
    due = uplink->heard_at + WIRE_DEAD_US;
    if (uplink->heartbeat_at < due) {
        due = uplink->heartbeat_at;
    }
    if (uplink->again_at != 0 && uplink->again_at < due) {
        due = uplink->again_at;
    }
    if (uplink->flight_count > 0 && uplink_resend_at(uplink) < due) {
        due = uplink_resend_at(uplink);
    }
    if (uplink->hold_until > uplink_now(uplink) && uplink->hold_until < due) {
        due = uplink->hold_until;
    }
    return due;
}

enum status uplink_step(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    if (uplink->socket != NULL) {
        status = take_event(uplink);
    }
    if (status == STATUS_OK && uplink->socket != NULL) {
        status = uplink_receive(uplink);
    }
    if (status == STATUS_OK) {
        status = keep_time(uplink);
    }
    if (status == STATUS_OK && uplink->state == UPLINK_RUNNING) {
        status = resend_if_late(uplink);
    }
    if (status == STATUS_OK && uplink->state == UPLINK_RUNNING) {
        status = uplink_send_batches(uplink);
    }
    if (status == STATUS_OK) {
        uplink_send_witness(uplink);
    }
    if (status == STATUS_OK && uplink->socket != NULL) {
        status = uplink_send_returned(uplink);
    }
    /* What has no room to be sealed waits. */
    return status == STATUS_FULL ? STATUS_OK : status;
}

size_t uplink_poll_items(const struct uplink *uplink,
                         zmq_pollitem_t items[UPLINK_POLL_ITEMS])
{
    if (uplink->socket == NULL) {
        return 0;
    }
    uplink_socket_poll_items(uplink->socket, uplink->blocked, items);
    return UPLINK_POLL_ITEMS;
}

void uplink_standing(const struct uplink *uplink,
                     struct uplink_standing *standing)
{
    *standing = uplink->counts;
    standing->state = uplink->state;
    standing->frozen = uplink->link.frozen;
    standing->flight = uplink->flight_count;
}
