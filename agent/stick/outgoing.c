#include "agent/stick/outgoing.h"

#include "agent/line/hello.h"
#include "common/format/stick.h"

static enum status seal_all(const struct office *office,
                            const struct keyring *keyring,
                            const struct clock *clock)
{
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK) {
        rc = spool_seal(office->spool, &keyring->sign, clock);
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status put_hello(const struct office *office,
                             const struct clock *clock,
                             struct stick_writer *writer, struct buffer *packed)
{
    struct wire_up up = {.kind = WIRE_UP_HELLO};
    struct bytes frame;
    enum status rc =
        hello_make(office->spool, &office->identity, clock, &up.hello);

    buffer_clear(packed);
    if (rc == STATUS_OK) {
        rc = wire_pack_up(&up, packed);
    }
    frame = buffer_bytes(packed);
    return rc == STATUS_OK ? stick_put(writer, &frame, 1) : rc;
}

/* One batch a message, from the first without a receipt on. */
static enum status put_batches(const struct office *office,
                               struct stick_writer *writer,
                               struct buffer *packed,
                               struct outgoing_counts *counts)
{
    const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    uint64_t seq = 0;
    enum status rc = spool_unreceipted(office->spool, &seq);

    buffer_clear(packed);
    if (rc == STATUS_OK) {
        rc = wire_pack_up(&up, packed);
    }
    while (rc == STATUS_OK) {
        struct bytes frames[2] = {buffer_bytes(packed)};
        struct batch_header header;

        rc = spool_batch(office->spool, seq, &header, &frames[1]);
        if (rc == STATUS_OK) {
            rc = stick_put(writer, frames, 2);
        }
        if (rc == STATUS_OK) {
            seq = header.first_seq + header.count;
            counts->batches++;
            counts->events += header.count;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status outgoing_write(const struct office *office,
                           const struct keyring *keyring,
                           const struct clock *clock, const char *path,
                           struct outgoing_counts *counts)
{
    struct stick_head head = {.way = STICK_UP,
                              .agent = office->identity.agent,
                              .agent_number = office->identity.agent_number,
                              .made_at = clock_wall_us(clock)};
    struct stick_writer *writer = NULL;
    struct buffer packed;
    enum status rc = seal_all(office, keyring, clock);

    *counts = (struct outgoing_counts){0};
    buffer_init(&packed, WIRE_FRAME_BYTES_MAX);
    if (rc == STATUS_OK) {
        rc = stick_create(path, &head, &office->config.server_key, &writer);
    }
    if (rc == STATUS_OK) {
        rc = put_hello(office, clock, writer, &packed);
    }
    if (rc == STATUS_OK) {
        rc = put_batches(office, writer, &packed, counts);
    }
    if (rc == STATUS_OK) {
        rc = stick_finish(&writer, &keyring->sign);
    }
    stick_abandon(&writer);
    buffer_fini(&packed);
    return rc;
}
