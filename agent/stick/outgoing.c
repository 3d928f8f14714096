#include "agent/stick/outgoing.h"

#include "agent/line/hello.h"
#include "agent/spool/spool_backup.h"
#include "agent/stick/note.h"
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

/* The first without a receipt; or one that has it, where the province has lost
 * what it had received. What is here no more cannot go again. */
static enum status find_first(const struct office *office,
                              const struct stick_note *note, uint64_t *seq,
                              bool *again)
{
    uint64_t kept = 0;
    enum status rc = spool_unreceipted(office->spool, seq);

    *again = false;
    if (rc != STATUS_OK || note->wanted == 0 || note->wanted >= *seq) {
        return rc;
    }
    rc = spool_first_kept(office->spool, &kept);
    if (rc == STATUS_OK && kept <= note->wanted) {
        *seq = note->wanted;
        *again = true;
    }
    return rc;
}

/* One batch a message. */
static enum status put_batches(const struct office *office,
                               const struct stick_note *note,
                               struct stick_writer *writer,
                               struct buffer *packed,
                               struct outgoing_counts *counts)
{
    const struct wire_up up = {.kind = WIRE_UP_BATCHES};
    uint64_t seq = 0;
    enum status rc = find_first(office, note, &seq, &counts->again);

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
    struct stick_note note;
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
        rc = stick_note_read(office, &note);
    }
    if (rc == STATUS_OK) {
        rc = put_batches(office, &note, writer, &packed, counts);
    }
    if (rc == STATUS_OK) {
        rc = stick_finish(&writer, &keyring->sign);
    }
    if (rc == STATUS_OK) {
        note.wrote_at = head.made_at;
        note.batches = counts->batches;
        note.events = counts->events;
        rc = stick_note_keep(office, &note);
    }
    stick_abandon(&writer);
    buffer_fini(&packed);
    return rc;
}
