/* What goes up: the hello, heartbeats ahead of data, and batches as far as the
 * credit reaches, several in a message when they are there. A batch is sealed
 * when it can leave: a single event at once, and while some are on their way
 * the others gather. */
#include "agent/line/uplink_internal.h"

#include "agent/line/hello.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <stdio.h>
#include <string.h>

static enum status next_seq(const struct uplink *uplink, uint64_t *next)
{
    uint64_t last = 0;
    enum status status = spool_last_seq(uplink->options.spool, &last);

    *next = last + 1;
    return status;
}

/* ---- hello ---- */

enum status uplink_send_hello(struct uplink *uplink)
{
    struct wire_up up = {.kind = WIRE_UP_HELLO};
    enum status status = hello_make(uplink->options.spool, &uplink->identity,
                                    uplink->options.clock, &up.hello);

    if (status != STATUS_OK) {
        return status;
    }
    if (uplink_socket_send(uplink->socket, &up, NULL, 0) != STATUS_OK) {
        uplink_go_down(uplink, false);
        return STATUS_OK;
    }
    uplink_move(uplink, UPLINK_HELLO_SENT);
    uplink->deadline = uplink_now(uplink) + UPLINK_CONNECT_US;
    return STATUS_OK;
}

/* ---- heartbeat ---- */

enum status uplink_send_heartbeat(struct uplink *uplink, uint32_t frozen)
{
    struct wire_up up = {.kind = WIRE_UP_HEARTBEAT};
    struct spool_counts counts;
    enum status status = spool_counts(uplink->options.spool, &counts);

    uplink->heartbeat_at = uplink_now(uplink) + WIRE_HEARTBEAT_US;
    if (status == STATUS_OK) {
        status = next_seq(uplink, &up.heartbeat.next_seq);
    }
    if (status != STATUS_OK) {
        return status;
    }
    up.heartbeat.waiting = counts.saved + counts.sealed;
    up.heartbeat.oldest_waiting = counts.oldest_waiting;
    up.heartbeat.bytes_used = counts.bytes_used;
    up.heartbeat.bytes_total = counts.bytes_total;
    up.heartbeat.frozen = frozen;
    up.heartbeat.now = clock_wall_us(uplink->options.clock);
    /* Without room data is on its way, which says as much. */
    if (uplink_socket_send(uplink->socket, &up, NULL, 0) == STATUS_IO &&
        frozen == WIRE_REFUSAL_NONE) {
        uplink_go_down(uplink, false);
    }
    return STATUS_OK;
}

/* ---- batches ---- */

void uplink_send_from(struct uplink *uplink, uint64_t seq)
{
    uplink->send_seq = seq;
    uplink->flight_count = 0;
    uplink->flight_bytes = 0;
    uplink->blocked = false;
}

int64_t uplink_resend_at(const struct uplink *uplink)
{
    return uplink->progress_at + UPLINK_RESEND_US +
           (int64_t)(uplink->flight_bytes / UPLINK_SLOWEST) * CLOCK_US_PER_S;
}

static bool may_send(const struct uplink *uplink)
{
    return uplink->state == UPLINK_RUNNING && uplink->send_seq > 0 &&
           uplink->credit > 0 && uplink->flight_count < UPLINK_FLIGHT_MAX &&
           uplink->hold_until <= uplink_now(uplink);
}

bool uplink_is_free(const struct uplink *uplink)
{
    return may_send(uplink) && uplink->flight_count < UPLINK_LIVE_MAX;
}

/* Seals what waits, unless it is better to let it gather. STATUS_NOT_FOUND:
 * nothing was sealed. */
static enum status seal(struct uplink *uplink)
{
    uint64_t next;
    enum status status = next_seq(uplink, &next);

    if (status != STATUS_OK) {
        return status;
    }
    if (next <= uplink->send_seq ||
        (uplink->flight_count >= UPLINK_LIVE_MAX &&
         next - uplink->send_seq < BATCH_EVENTS_MAX)) {
        return STATUS_NOT_FOUND;
    }
    return spool_seal_backlog(uplink->options.spool, uplink->options.sign_keys,
                              uplink->options.clock);
}

/* The batch at the load's end, sealed now if the load is empty and there is
 * none: what can leave does not wait for more. STATUS_NOT_FOUND: none. */
static enum status next_batch(struct uplink *uplink,
                              struct batch_header *header, struct bytes *batch)
{
    struct spool *spool = uplink->options.spool;
    uint64_t seq = uplink->load.next_seq;
    enum status status = spool_batch(spool, seq, header, batch);

    if (status == STATUS_NOT_FOUND && uplink->load.count == 0) {
        status = seal(uplink);
        if (status == STATUS_OK) {
            status = spool_batch(spool, seq, header, batch);
        }
    }
    return status;
}

/* Whether one more batch of this size may be on its way with the load. */
static bool has_room(const struct uplink *uplink, size_t size)
{
    const struct uplink_load *load = &uplink->load;
    uint64_t bytes = uplink->flight_bytes + load->memory.size;

    if (uplink->flight_count + load->count == 0) {
        return true;
    }
    return bytes + size <= uplink->credit &&
           load->memory.size + size <= UPLINK_MESSAGE_BYTES_MAX;
}

/* The collector lacks what was erased here: behind that it can take nothing.
 * What is loaded leaves first. The line stays up for what comes down. */
static enum status stop_at_erased(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    if (uplink->load.count == 0) {
        uplink_send_from(uplink, 0);
        status =
            uplink_refused(uplink, WIRE_REFUSAL_PAST_ERASED, SPOOL_RUNNING);
    }
    return status == STATUS_OK ? STATUS_NOT_FOUND : status;
}

/* STATUS_NOT_FOUND: no more will fit or is there. */
static enum status load_batch(struct uplink *uplink)
{
    struct uplink_load *load = &uplink->load;
    bool erased = false;
    struct batch_header header;
    struct bytes batch;
    enum status status = next_batch(uplink, &header, &batch);

    if (status != STATUS_OK) {
        return status;
    }
    if (header.first_seq != load->next_seq) {
        /* The collector waits for a place inside a batch of ours: it took
         * another batch there. */
        check(load->count == 0);
        return uplink_taken(uplink);
    }
    if (!has_room(uplink, batch.size)) {
        return STATUS_NOT_FOUND;
    }
    status = spool_batch_erased(uplink->options.spool, &header, &erased);
    if (status != STATUS_OK || erased) {
        return status != STATUS_OK ? status : stop_at_erased(uplink);
    }
    status = buffer_append(&load->memory, batch);
    if (status == STATUS_OK) {
        load->flights[load->count++] = (struct uplink_flight){
            .first_seq = header.first_seq, .bytes = batch.size};
        load->next_seq = header.first_seq + header.count;
    }
    return status;
}

/* Gathers what may leave in one message; nothing when the line has stopped. */
static enum status load_message(struct uplink *uplink)
{
    struct uplink_load *load = &uplink->load;
    enum status status = STATUS_OK;

    buffer_clear(&load->memory);
    load->count = 0;
    load->next_seq = uplink->send_seq;
    while (status == STATUS_OK && uplink->state == UPLINK_RUNNING &&
           load->count < WIRE_BATCHES_MAX &&
           uplink->flight_count + load->count < UPLINK_FLIGHT_MAX) {
        status = load_batch(uplink);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The load has left. */
static void take_off(struct uplink *uplink)
{
    const struct uplink_load *load = &uplink->load;

    if (uplink->flight_count == 0) {
        uplink->progress_at = uplink_now(uplink);
    }
    for (size_t i = 0; i < load->count; i++) {
        uplink->flight[uplink->flight_count++] = load->flights[i];
    }
    uplink->flight_bytes += load->memory.size;
    uplink->send_seq = load->next_seq;
    uplink->counts.sent += load->count;
}

/* Sends one message. STATUS_AGAIN: enough for this time. */
static enum status send_message(struct uplink *uplink)
{
    static const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct bytes batches[WIRE_BATCHES_MAX];
    const uint8_t *at;
    enum status status = load_message(uplink);

    if (status != STATUS_OK || uplink->load.count == 0) {
        return status == STATUS_OK ? STATUS_AGAIN : status;
    }
    at = uplink->load.memory.data;
    for (size_t i = 0; i < uplink->load.count; i++) {
        size_t size = (size_t)uplink->load.flights[i].bytes;

        batches[i] = (struct bytes){.data = at, .size = size};
        at += size;
    }
    status =
        uplink_socket_send(uplink->socket, &up, batches, uplink->load.count);
    if (status == STATUS_AGAIN) {
        uplink->blocked = true;
        return STATUS_AGAIN;
    }
    if (status != STATUS_OK) {
        uplink_go_down(uplink, false);
        return STATUS_OK;
    }
    take_off(uplink);
    return STATUS_OK;
}

enum status uplink_send_batches(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    uplink->blocked = false;
    while (status == STATUS_OK && may_send(uplink)) {
        status = send_message(uplink);
    }
    return status == STATUS_AGAIN ? STATUS_OK : status;
}
