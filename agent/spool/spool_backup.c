/* One step is one transaction: batches, receipts, events and the note of how
 * far it has come go together or not at all, whatever stops the process.
 *
 * What goes is on two disks of the province: it need not be readable here any
 * more, only its receipt must be.
 *
 * Failure modes: a damaged receipt or note is STATUS_CORRUPT and nothing goes;
 * a disk without any room for the step's own pages leaves all as it is. */
#include "agent/spool/spool_backup.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"
#include "common/event/reference.h"

#include <string.h>

#define MARK_BYTES    (1u + 8u)
#define REMOVED_BYTES (1u + 8u + 8u + DIGEST_BYTES)
#define PERCENT       100u

static const char key_backup[] = SPOOL_KEY_BACKUP;

/* ---- records ---- */

static enum status get_mark(struct store_txn *txn, uint64_t *up_to)
{
    struct bytes value;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               bytes_of_text(key_backup), &value);

    *up_to = 0;
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK &&
        (value.size != MARK_BYTES || value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        *up_to = bytes_get_u64(value.data + 1);
    }
    return rc;
}

static struct bytes key_removed(uint32_t ordinal, uint8_t out[SPOOL_KEY_MAX])
{
    memcpy(out, "removed", 7);
    bytes_put_u32(out + 7, ordinal);
    return (struct bytes){out, 11};
}

enum status spool_get_removed(struct store_txn *txn, uint32_t ordinal,
                              struct spool_removed *removed)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    enum status rc =
        store_get(txn, SPOOL_TABLE_META, key_removed(ordinal, key), &value);

    memset(removed, 0, sizeof *removed);
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK && (value.size != REMOVED_BYTES ||
                            value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        removed->seq = bytes_get_u64(value.data + 1);
        removed->events = bytes_get_u64(value.data + 9);
        memcpy(removed->last.bytes, value.data + 17, DIGEST_BYTES);
    }
    return rc;
}

static enum status put_removed(struct store_txn *txn, uint32_t ordinal,
                               const struct spool_removed *removed)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t record[REMOVED_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, removed->seq);
    bytes_put_u64(record + 9, removed->events);
    memcpy(record + 17, removed->last.bytes, DIGEST_BYTES);
    return store_put_reserved(txn, SPOOL_TABLE_META, key_removed(ordinal, key),
                              (struct bytes){record, sizeof record});
}

/* ---- the mark ---- */

enum status spool_set_backup(struct spool *spool, uint64_t up_to)
{
    uint8_t record[MARK_BYTES];
    struct store_txn *txn = NULL;
    uint64_t old = 0;
    enum status rc = spool_begin_write(spool, &txn);

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, up_to);
    if (rc == STATUS_OK) {
        rc = get_mark(txn, &old);
    }
    if (rc == STATUS_OK && old != up_to) {
        rc = store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                                bytes_of_text(key_backup),
                                (struct bytes){record, sizeof record});
    }
    if (rc == STATUS_OK && old != up_to) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_is_backed_up(struct store_txn *txn, const struct entry *entry,
                               bool *is)
{
    uint64_t up_to;
    enum status rc = get_mark(txn, &up_to);

    *is = rc == STATUS_OK && entry->index < up_to;
    return rc;
}

/* ---- how things stand ---- */

/* What is backed up in an epoch, less what has left it. */
static enum status sum_epoch(struct store_txn *txn, uint32_t ordinal,
                             const struct spool_removed *removed,
                             struct spool_backup *backup)
{
    struct spool_epoch epoch;
    struct spool_marked marked = {.last = 0};
    enum status rc = spool_get_epoch(txn, ordinal, &epoch);

    if (rc == STATUS_OK) {
        rc = spool_find_marked(txn, ordinal, &epoch, &marked);
    }
    if (marked.last + marked.beyond > removed->events) {
        backup->backed_up += marked.last + marked.beyond - removed->events;
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status sum_epochs(struct store_txn *txn,
                              struct spool_backup *backup)
{
    struct spool_identity identity;
    struct spool_removed removed;
    enum status rc = spool_get_identity(txn, &identity);

    for (uint32_t i = 1; rc == STATUS_OK && i <= identity.epoch_ordinal; i++) {
        rc = spool_get_removed(txn, i, &removed);
        if (rc == STATUS_OK && backup->up_to > 0) {
            rc = sum_epoch(txn, i, &removed, backup);
        }
        if (rc == STATUS_OK && removed.seq > 0) {
            backup->removed += removed.events;
            backup->kept_from =
                id60_make(identity.agent_number, i, (uint32_t)removed.seq + 1u);
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_backup(struct spool *spool, struct spool_backup *backup)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    memset(backup, 0, sizeof *backup);
    if (rc == STATUS_OK) {
        rc = get_mark(txn, &backup->up_to);
    }
    if (rc == STATUS_OK) {
        rc = sum_epochs(txn, backup);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_was_removed(struct spool *spool, uint64_t id, bool *removed)
{
    struct spool_identity identity;
    struct spool_removed record = {.seq = 0};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_removed(txn, id60_epoch(id), &record);
    }
    *removed = rc == STATUS_OK && id60_agent(id) == identity.agent_number &&
               id60_number(id) > 0 && id60_number(id) <= record.seq;
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_first_kept(struct spool *spool, uint64_t *seq)
{
    struct spool_identity identity;
    struct spool_removed removed = {.seq = 0};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_removed(txn, identity.epoch_ordinal, &removed);
    }
    *seq = removed.seq + 1;
    spool_end_read(spool, &txn);
    return rc;
}

/* The digest of a batch that is here and ends at `last`. */
static enum status digest_of(struct store_txn *txn, uint32_t ordinal,
                             uint64_t last, struct digest *digest)
{
    struct batch_header header;
    struct bytes batch;
    enum status rc = spool_get_batch(txn, ordinal, last, &header, &batch);

    if (rc == STATUS_OK && header.first_seq + header.count != last + 1) {
        rc = STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        digest_bytes(batch, digest);
    }
    return rc;
}

enum status spool_past(struct spool *spool, uint64_t next_seq,
                       struct digest *digest)
{
    struct spool_identity identity;
    struct spool_removed removed;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    memset(digest, 0, sizeof *digest);
    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_removed(txn, identity.epoch_ordinal, &removed);
    }
    if (rc == STATUS_OK && next_seq <= removed.seq) {
        rc = STATUS_REFUSED;
    } else if (rc == STATUS_OK && removed.seq > 0 &&
               next_seq == removed.seq + 1) {
        *digest = removed.last;
    } else if (rc == STATUS_OK && next_seq > 1) {
        rc = digest_of(txn, identity.epoch_ordinal, next_seq - 1, digest);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- removing ---- */

uint64_t spool_excess(const struct spool *spool, uint64_t keep_bytes)
{
    uint64_t used;
    uint64_t total;
    uint64_t budget;

    store_room(spool->store, &used, &total);
    budget = total / PERCENT * SPOOL_KEEP_PERCENT;
    if (keep_bytes != 0 && keep_bytes < budget) {
        budget = keep_bytes;
    }
    return used > budget ? used - budget : 0;
}

/* What goes next of an epoch. */
struct leaving {
    struct spool_removed removed;
    struct entry receipt;
    uint64_t last; /* seq */
    uint64_t bytes;
};

/* The bytes of the receipt's batch: none if it was erased or is damaged. */
static enum status batch_bytes(struct store_txn *txn,
                               const struct entry *receipt, uint64_t *bytes)
{
    struct batch_header header;
    struct bytes batch;
    enum status rc = spool_get_batch(txn, receipt->epoch_ordinal,
                                     receipt->first_seq, &header, &batch);

    *bytes = rc == STATUS_OK && header.first_seq == receipt->first_seq
                 ? batch.size
                 : 0;
    return rc == STATUS_NOT_FOUND || rc == STATUS_CORRUPT ? STATUS_OK : rc;
}

/* STATUS_NOT_FOUND: nothing of the epoch may go. */
static enum status find_leaving(const struct spool *spool,
                                struct store_txn *txn, uint32_t ordinal,
                                uint64_t up_to, struct leaving *leaving)
{
    const struct entry *receipt = &leaving->receipt;
    struct spool_epoch epoch;
    uint64_t first;
    bool lack = false;
    enum status rc = spool_get_epoch(txn, ordinal, &epoch);

    if (rc == STATUS_OK) {
        rc = spool_get_removed(txn, ordinal, &leaving->removed);
    }
    first = leaving->removed.seq + 1;
    if (rc == STATUS_OK) {
        rc = spool_get_receipt(txn, ordinal, first, &leaving->receipt);
    }
    if (rc == STATUS_OK) {
        rc = batch_bytes(txn, receipt, &leaving->bytes);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    leaving->last = first + receipt->count - 1;
    leaving->bytes += ENTRY_BYTES;
    if (receipt->first_seq != first || receipt->epoch_ordinal != ordinal ||
        receipt->index >= up_to || leaving->last >= epoch.sealed ||
        (epoch.closed_from != 0 && leaving->last >= epoch.closed_from)) {
        return STATUS_NOT_FOUND;
    }
    rc = spool_others_lack(spool, txn, ordinal, leaving->last, &lack);
    return rc == STATUS_OK && lack ? STATUS_NOT_FOUND : rc;
}

/* An event that somebody has still to mend stays where it is. STATUS_NOT_FOUND:
 * an order has left nothing of it, or nobody could read it. */
static enum status remove_event(struct store_txn *txn,
                                const struct leaving *leaving, uint64_t seq,
                                uint64_t *bytes)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct spool_outcome outcome;
    struct bytes value = {NULL, 0};
    struct bytes place =
        spool_key_place(leaving->receipt.epoch_ordinal, seq, key);
    enum status rc = spool_get_outcome(txn,
                                       id60_make(leaving->receipt.agent_number,
                                                 leaving->receipt.epoch_ordinal,
                                                 (uint32_t)seq),
                                       &outcome);

    if (rc == STATUS_OK && spool_outcome_asks(outcome.outcome)) {
        return STATUS_EXISTS;
    }
    if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
        rc = store_get(txn, SPOOL_TABLE_EVENTS, place, &value);
    }
    if (rc == STATUS_OK || rc == STATUS_CORRUPT) {
        *bytes += value.size;
        rc = store_delete(txn, SPOOL_TABLE_EVENTS, place);
    }
    return rc;
}

static enum status remove_batch(struct store_txn *txn, struct leaving *leaving)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint32_t ordinal = leaving->receipt.epoch_ordinal;
    struct bytes place = spool_key_place(ordinal, leaving->last, key);
    enum status rc = store_delete(txn, SPOOL_TABLE_BATCHES, place);

    if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
        rc = spool_remove_receipts(txn, place);
    }
    for (uint64_t seq = leaving->receipt.first_seq;
         rc == STATUS_OK && seq <= leaving->last; seq++) {
        rc = remove_event(txn, leaving, seq, &leaving->bytes);
        leaving->removed.events += rc == STATUS_OK ? 1 : 0;
        rc = rc == STATUS_EXISTS || rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    if (rc == STATUS_OK) {
        leaving->removed.seq = leaving->last;
        leaving->removed.last = leaving->receipt.digest;
        rc = put_removed(txn, ordinal, &leaving->removed);
    }
    /* The receipt lies under its own place, or nothing goes. */
    return rc == STATUS_NOT_FOUND ? STATUS_CORRUPT : rc;
}

static enum status remove_oldest(const struct spool *spool,
                                 struct store_txn *txn, uint64_t too_much,
                                 uint64_t *events)
{
    struct spool_identity identity;
    uint64_t up_to = 0;
    uint64_t freed = 0;
    uint32_t ordinal = 1;
    enum status rc = spool_get_identity(txn, &identity);

    if (rc == STATUS_OK) {
        rc = get_mark(txn, &up_to);
    }
    while (rc == STATUS_OK && ordinal <= identity.epoch_ordinal &&
           freed < too_much && *events < SPOOL_REMOVE_MAX) {
        struct leaving leaving = {.bytes = 0};

        rc = find_leaving(spool, txn, ordinal, up_to, &leaving);
        if (rc == STATUS_NOT_FOUND) {
            ordinal++;
            rc = STATUS_OK;
            continue;
        }
        if (rc == STATUS_OK) {
            uint64_t before = leaving.removed.events;

            rc = remove_batch(txn, &leaving);
            freed += leaving.bytes;
            *events += leaving.removed.events - before;
        }
    }
    return rc == STATUS_OK && freed == 0 ? STATUS_NOT_FOUND : rc;
}

enum status spool_make_room(struct spool *spool, uint64_t keep_bytes,
                            uint64_t *events)
{
    struct store_txn *txn = NULL;
    uint64_t too_much = spool_excess(spool, keep_bytes);
    enum status rc;

    *events = 0;
    if (too_much == 0) {
        return STATUS_NOT_FOUND;
    }
    rc = spool_begin_write(spool, &txn);
    if (rc == STATUS_OK) {
        rc = remove_oldest(spool, txn, too_much, events);
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    *events = 0;
    return rc;
}
