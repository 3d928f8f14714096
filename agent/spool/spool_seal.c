/* Seals saved events into batches, once, and keeps their receipts. A batch is
 * made and stored in one transaction with the mark that its events are in it:
 * after a crash it is there with the bytes that may have been sent, or was
 * never made. All of it may use the store's reserve, since new events are
 * refused early enough to leave room for it (I6). */
#include "agent/spool/spool_internal.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <string.h>

/* ---- sealing ---- */

static enum status append_sized(struct buffer *payload, struct bytes event)
{
    size_t before = payload->size;
    size_t left = event.size;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && left >= 0x80u) {
        rc = buffer_u8(payload, (uint8_t)(0x80u | (left & 0x7fu)));
        left >>= 7;
    }
    if (rc == STATUS_OK) {
        rc = buffer_u8(payload, (uint8_t)left);
    }
    if (rc == STATUS_OK) {
        rc = buffer_append(payload, event);
    }
    if (rc != STATUS_OK) {
        buffer_truncate(payload, before);
    }
    return rc;
}

/* Packs up to `max` events behind the last sealed one. */
static enum status gather(struct spool *spool, struct store_txn *txn,
                          uint32_t ordinal, const struct spool_epoch *epoch,
                          uint32_t max, uint32_t *count)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint32_t found;
    uint64_t seq;
    struct bytes place;
    struct bytes value;
    struct store_cursor *cursor = NULL;
    enum status rc = store_cursor_open(txn, SPOOL_TABLE_EVENTS, &cursor);

    *count = 0;
    buffer_clear(&spool->payload);
    if (rc == STATUS_OK) {
        rc =
            store_seek(cursor, spool_key_place(ordinal, epoch->sealed + 1, key),
                       &place, &value);
    }
    while (rc == STATUS_OK && *count < max) {
        rc = spool_read_place(place, &found, &seq);
        if (rc == STATUS_OK &&
            (found != ordinal || seq != epoch->sealed + 1 + *count)) {
            rc = STATUS_CORRUPT;
        }
        if (rc == STATUS_OK) {
            rc = append_sized(&spool->payload, value);
        }
        if (rc == STATUS_OK) {
            *count += 1;
            rc = epoch->sealed + *count < epoch->last
                     ? store_next(cursor, &place, &value)
                     : STATUS_FULL;
        }
    }
    store_cursor_close(&cursor);
    return rc == STATUS_FULL && *count > 0 ? STATUS_OK : rc;
}

/* Signs the gathered events, or fewer when the batch would be too large. */
static enum status make_batch(struct spool *spool, struct store_txn *txn,
                              const struct sign_keys *keys,
                              struct batch_header *header,
                              const struct spool_epoch *epoch)
{
    uint32_t max = BATCH_EVENTS_MAX;
    enum status rc;

    do {
        rc = gather(spool, txn, header->epoch_ordinal, epoch, max,
                    &header->count);
        if (rc == STATUS_OK) {
            buffer_clear(&spool->scratch);
            rc = batch_seal(spool->codec, header, buffer_bytes(&spool->payload),
                            keys, &spool->scratch);
            max = header->count / 2;
        }
        /* One event always fits. */
        check(rc != STATUS_FULL || max > 0);
    } while (rc == STATUS_FULL);
    return rc;
}

/* What the events of a batch took off the room for new ones. */
static uint64_t unsealed_bytes(const struct buffer *payload, uint32_t count)
{
    struct bytes left = buffer_bytes(payload);
    struct bytes event;
    uint64_t bytes = (uint64_t)count * SPOOL_EVENT_OVERHEAD;

    while (batch_next_event(&left, &event) == STATUS_OK) {
        bytes += event.size;
    }
    return bytes;
}

enum status spool_make_codec(struct spool *spool)
{
    if (spool->codec == NULL) {
        spool->codec = batch_codec_new();
    }
    return spool->codec != NULL ? STATUS_OK : STATUS_MEMORY;
}

enum status spool_seal_one(struct spool *spool, struct store_txn *txn,
                           const struct sign_keys *keys,
                           const struct clock *clock)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct batch_header header;
    uint64_t taken;
    enum status rc = spool_get_current(txn, &identity, &epoch);

    if (rc != STATUS_OK || epoch.sealed == epoch.last) {
        return rc == STATUS_OK ? STATUS_NOT_FOUND : rc;
    }
    memset(&header, 0, sizeof header);
    header.agent = identity.agent;
    header.epoch = identity.epoch;
    header.agent_number = identity.agent_number;
    header.epoch_ordinal = identity.epoch_ordinal;
    header.first_seq = epoch.sealed + 1;
    header.sealed_at = clock_wall_us(clock);
    header.previous = epoch.previous;
    rc = spool_make_codec(spool);
    if (rc == STATUS_OK) {
        rc = make_batch(spool, txn, keys, &header, &epoch);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    epoch.sealed += header.count;
    taken = unsealed_bytes(&spool->payload, header.count);
    epoch.unsealed -= taken < epoch.unsealed ? taken : epoch.unsealed;
    digest_bytes(buffer_bytes(&spool->scratch), &epoch.previous);
    rc = store_put_reserved(
        txn, SPOOL_TABLE_BATCHES,
        spool_key_place(identity.epoch_ordinal, epoch.sealed, key),
        buffer_bytes(&spool->scratch));
    return rc == STATUS_OK
               ? spool_put_epoch(txn, identity.epoch_ordinal, &epoch)
               : rc;
}

/* Whether events for one more full batch wait. */
static bool full_batch_waits(struct store_txn *txn)
{
    struct spool_identity identity;
    struct spool_epoch epoch;

    return spool_get_current(txn, &identity, &epoch) == STATUS_OK &&
           epoch.last - epoch.sealed >= BATCH_EVENTS_MAX;
}

static enum status seal_up_to(struct spool *spool, unsigned max,
                              const struct sign_keys *keys,
                              const struct clock *clock)
{
    struct store_txn *txn = NULL;
    unsigned sealed = 0;
    enum status rc = spool_begin_write(spool, &txn);

    while (rc == STATUS_OK && sealed < max &&
           (sealed == 0 || full_batch_waits(txn))) {
        rc = spool_seal_one(spool, txn, keys, clock);
        sealed++;
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_seal(struct spool *spool, const struct sign_keys *keys,
                       const struct clock *clock)
{
    return seal_up_to(spool, 1, keys, clock);
}

enum status spool_seal_backlog(struct spool *spool,
                               const struct sign_keys *keys,
                               const struct clock *clock)
{
    return seal_up_to(spool, SPOOL_SEAL_MAX, keys, clock);
}

enum status spool_batch(struct spool *spool, uint64_t seq,
                        struct batch_header *header, struct bytes *batch)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    *batch = (struct bytes){NULL, 0};
    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_batch(txn, identity.epoch_ordinal, seq, header, &value);
    }
    if (rc == STATUS_OK) {
        buffer_clear(&spool->scratch);
        rc = buffer_append(&spool->scratch, value);
    }
    if (rc == STATUS_OK) {
        *batch = buffer_bytes(&spool->scratch);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- receipts ---- */

/* Whether the entry is that of a batch that was sealed here. */
static enum status match_batch(struct store_txn *txn, const struct entry *entry)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct batch_header header;
    struct bytes batch;
    struct digest digest;
    enum status rc = spool_get_identity(txn, &identity);

    if (rc == STATUS_OK) {
        rc = spool_get_epoch(txn, entry->epoch_ordinal, &epoch);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_batch(txn, entry->epoch_ordinal, entry->first_seq,
                             &header, &batch);
    }
    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_INVALID : rc;
    }
    digest_bytes(batch, &digest);
    return entry->kind == ENTRY_BATCH &&
                   entry->agent_number == identity.agent_number &&
                   random_id_equal(&entry->agent, &identity.agent) &&
                   random_id_equal(&entry->epoch, &epoch.id) &&
                   header.first_seq == entry->first_seq &&
                   header.count == entry->count && entry->size == batch.size &&
                   digest_equal(&entry->digest, &digest)
               ? STATUS_OK
               : STATUS_INVALID;
}

/* Moves the mark up to which every seq has a receipt. */
static enum status advance(struct store_txn *txn, uint32_t ordinal,
                           struct spool_epoch *epoch)
{
    struct entry entry;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && epoch->received < epoch->sealed) {
        rc = spool_get_receipt(txn, ordinal, epoch->received + 1, &entry);
        if (rc == STATUS_OK) {
            epoch->received = entry.first_seq + entry.count - 1;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_put_receipt(struct store_txn *txn, struct bytes bytes,
                              const struct entry *entry)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes place = spool_key_place(
        entry->epoch_ordinal, entry->first_seq + entry->count - 1, key);
    struct spool_epoch epoch;
    struct bytes old;
    bool fresh;
    enum status rc = match_batch(txn, entry);

    if (rc != STATUS_OK) {
        return rc;
    }
    rc = store_get(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), place, &old);
    fresh = rc == STATUS_NOT_FOUND;
    if (rc == STATUS_OK && bytes_equal(old, bytes)) {
        return STATUS_EXISTS;
    }
    if (rc == STATUS_OK || fresh) {
        rc = store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS),
                                place, bytes);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_epoch(txn, entry->epoch_ordinal, &epoch);
    }
    if (rc == STATUS_OK && fresh) {
        epoch.receipted += entry->count;
        rc = advance(txn, entry->epoch_ordinal, &epoch);
        if (rc == STATUS_OK) {
            rc = spool_put_epoch(txn, entry->epoch_ordinal, &epoch);
        }
    }
    return rc;
}

enum status spool_receipts(struct spool *spool, const struct bytes entries[],
                           size_t count, bool kept[])
{
    struct store_txn *txn = NULL;
    bool changed = false;
    enum status rc = spool_begin_write(spool, &txn);

    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        struct entry read;

        rc = entry_read(entries[i], &read) == STATUS_OK
                 ? spool_put_receipt(txn, entries[i], &read)
                 : STATUS_INVALID;
        changed = changed || rc == STATUS_OK;
        kept[i] = rc == STATUS_OK || rc == STATUS_EXISTS;
        rc = rc == STATUS_EXISTS || rc == STATUS_INVALID ? STATUS_OK : rc;
    }
    if (rc == STATUS_OK && changed) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_receipt(struct spool *spool, struct bytes entry)
{
    bool kept = false;
    enum status rc = spool_receipts(spool, &entry, 1, &kept);

    return rc == STATUS_OK && !kept ? STATUS_INVALID : rc;
}

enum status spool_event_receipt(struct spool *spool, uint64_t id,
                                struct entry *entry)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_receipt(txn, id60_epoch(id), id60_number(id), entry);
    }
    spool_end_read(spool, &txn);
    return rc;
}

static enum status last_receipt(struct store_txn *txn, struct entry *entry)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    enum status rc =
        store_cursor_open(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), &cursor);

    if (rc == STATUS_OK) {
        rc = store_last(cursor, &key, &value);
    }
    if (rc == STATUS_OK && entry_read(value, entry) != STATUS_OK) {
        rc = STATUS_CORRUPT;
    }
    store_cursor_close(&cursor);
    return rc;
}

enum status spool_last_receipt(struct spool *spool, struct entry *entry)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = last_receipt(txn, entry);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_unreceipted(struct spool *spool, uint64_t *seq)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    *seq = 0;
    if (rc == STATUS_OK) {
        rc = spool_get_current(txn, &identity, &epoch);
    }
    if (rc == STATUS_OK) {
        *seq = epoch.received + 1;
    }
    spool_end_read(spool, &txn);
    return rc;
}
