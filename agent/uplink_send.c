/* What goes up: the hello, heartbeats ahead of data, and one batch a message
 * as far as the credit reaches. A batch is sealed when it can leave: a single
 * event at once, and while some are on their way the others gather. */
#include "agent/uplink_internal.h"

#include "common/check.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define SOFTWARE "tallyline-agent " TALLYLINE_VERSION

static enum status next_seq(const struct uplink *uplink, uint64_t *next)
{
    uint64_t last = 0;
    enum status status = spool_last_seq(uplink->options.spool, &last);

    *next = last + 1;
    return status;
}

/* ---- hello ---- */

static enum status add_documents(const struct uplink *uplink,
                                 struct wire_hello *hello)
{
    for (size_t i = 0; i < UPLINK_DOCUMENTS; i++) {
        struct wire_have *have = &hello->have[hello->have_count];
        enum status status = spool_document_digest(
            uplink->options.spool, uplink_document_names[i], &have->digest);

        if (status == STATUS_NOT_FOUND) {
            continue;
        }
        if (status != STATUS_OK) {
            return status;
        }
        (void)snprintf(have->name, sizeof have->name, "%s",
                       uplink_document_names[i]);
        hello->have_count++;
    }
    return STATUS_OK;
}

enum status uplink_send_hello(struct uplink *uplink)
{
    struct wire_up up = {.kind = WIRE_UP_HELLO};
    struct wire_hello *hello = &up.hello;
    enum status status;

    hello->protocol = WIRE_PROTOCOL;
    hello->capabilities = WIRE_CAPABILITIES;
    hello->agent = uplink->identity.agent;
    hello->epoch = uplink->identity.epoch;
    (void)snprintf(hello->software, sizeof hello->software, "%s", SOFTWARE);
    hello->now = clock_wall_us(uplink->options.clock);
    status = next_seq(uplink, &hello->next_seq);
    if (status == STATUS_OK) {
        status = add_documents(uplink, hello);
    }
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
    return spool_seal(uplink->options.spool, uplink->options.sign_keys,
                      uplink->options.clock);
}

/* The next batch to send, sealed now if need be. STATUS_NOT_FOUND: none. */
static enum status next_batch(struct uplink *uplink,
                              struct batch_header *header, struct bytes *batch)
{
    struct spool *spool = uplink->options.spool;
    enum status status = spool_batch(spool, uplink->send_seq, header, batch);

    if (status == STATUS_NOT_FOUND) {
        status = seal(uplink);
        if (status == STATUS_OK) {
            status = spool_batch(spool, uplink->send_seq, header, batch);
        }
    }
    return status;
}

/* Sends one batch. STATUS_AGAIN: enough for this time. */
static enum status send_batch(struct uplink *uplink)
{
    static const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    struct batch_header header;
    struct bytes batch;
    enum status status = next_batch(uplink, &header, &batch);

    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_AGAIN : status;
    }
    if (header.first_seq != uplink->send_seq) {
        /* The collector waits for a place inside a batch of ours: it took
         * another batch there. */
        return uplink_taken(uplink);
    }
    if (uplink->flight_count > 0 &&
        uplink->flight_bytes + batch.size > uplink->credit) {
        return STATUS_AGAIN;
    }
    status = uplink_socket_send(uplink->socket, &up, &batch, 1);
    if (status == STATUS_AGAIN) {
        uplink->blocked = true;
        return STATUS_AGAIN;
    }
    if (status != STATUS_OK) {
        uplink_go_down(uplink, false);
        return STATUS_OK;
    }
    if (uplink->flight_count == 0) {
        uplink->progress_at = uplink_now(uplink);
    }
    uplink->flight[uplink->flight_count++] = (struct uplink_flight){
        .first_seq = header.first_seq, .bytes = batch.size};
    uplink->flight_bytes += batch.size;
    uplink->send_seq = header.first_seq + header.count;
    uplink->counts.sent++;
    return STATUS_OK;
}

enum status uplink_send_batches(struct uplink *uplink)
{
    enum status status = STATUS_OK;

    uplink->blocked = false;
    while (status == STATUS_OK && may_send(uplink)) {
        status = send_batch(uplink);
    }
    return status == STATUS_AGAIN ? STATUS_OK : status;
}
