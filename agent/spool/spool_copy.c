/* What tells copies of an office apart, and their events together. Failure
 * modes: those of reading. */
#include "agent/spool/spool_internal.h"

#include "common/format/wire.h"

#include <string.h>

#define ORIGIN_BYTES 64u /* what is hashed beside the event */

enum status spool_run_digest(struct spool *spool, uint64_t first_seq,
                             uint32_t count, struct digest *digest)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    struct buffer run;
    enum status rc = spool_begin_read(spool, &txn);

    buffer_init(&run, WIRE_COMPARE_BYTES_MAX);
    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    for (uint32_t i = 0; rc == STATUS_OK && i < count; i++) {
        uint8_t key[SPOOL_KEY_MAX];
        struct bytes event;

        rc = store_get(
            txn, SPOOL_TABLE_EVENTS,
            spool_key_place(identity.epoch_ordinal, first_seq + i, key),
            &event);
        if (rc == STATUS_OK) {
            rc = wire_compare_add(event, &run);
        }
    }
    if (rc == STATUS_OK) {
        digest_bytes(buffer_bytes(&run), digest);
    }
    buffer_fini(&run);
    spool_end_read(spool, &txn);
    return rc;
}

/* What was moved into a new epoch may be moved again, from an older image of
 * the same disk. */
static enum status append_origin(struct store_txn *txn,
                                 const struct spool_identity *identity,
                                 uint64_t seq, struct buffer *origin)
{
    static const char context[] = "tallyline moved 1"; /* with its zero */
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t place[8];
    struct bytes bytes;
    enum status rc =
        store_get(txn, SPOOL_TABLE_EVENTS,
                  spool_key_place(identity->epoch_ordinal, seq, key), &bytes);

    bytes_put_u64(place, seq);
    if (rc == STATUS_OK) {
        rc = buffer_append(
            origin, (struct bytes){(const uint8_t *)context, sizeof context});
    }
    if (rc == STATUS_OK) {
        rc = buffer_append(
            origin, (struct bytes){identity->epoch.bytes, RANDOM_ID_BYTES});
    }
    if (rc == STATUS_OK) {
        rc = buffer_append(origin, (struct bytes){place, sizeof place});
    }
    return rc == STATUS_OK ? buffer_append(origin, bytes) : rc;
}

enum status spool_name_moved(struct store_txn *txn,
                             const struct spool_identity *identity,
                             uint64_t seq, struct event *event)
{
    struct buffer origin;
    struct digest digest;
    enum status rc;

    if (event->has_entry_key) {
        return STATUS_OK;
    }
    buffer_init(&origin, EVENT_BYTES_MAX + ORIGIN_BYTES);
    rc = append_origin(txn, identity, seq, &origin);
    /* One that fills its limit has no room for a key. */
    if (rc == STATUS_OK &&
        origin.size <= EVENT_BYTES_MAX - 2u * EVENT_ENTRY_KEY_BYTES) {
        digest_bytes(buffer_bytes(&origin), &digest);
        memcpy(event->entry_key, digest.bytes, EVENT_ENTRY_KEY_BYTES);
        event->has_entry_key = true;
    }
    buffer_fini(&origin);
    return rc;
}
