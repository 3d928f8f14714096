/* One message of the province is one transaction, with the note of how far it
 * goes: whatever stops the process, the next hello goes on behind the last one.
 *
 * Failure modes: a batch that does not hang together with the one before it is
 * refused with its whole message; without room the rest stays at the province,
 * and `status` says so. */
#include "agent/spool/spool_history.h"

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_internal.h"
#include "common/event/reference.h"
#include "common/format/codec.h"
#include "common/format/wire_pairs.h"

#include <string.h>

#define HISTORY_BYTES (1u + 1u + 8u + 8u)

static const char key_history[] = "history";

/* ---- how far it has come ---- */

static enum status get_history(struct store_txn *txn,
                               struct spool_history *history)
{
    struct bytes value;
    enum status rc =
        store_get(txn, SPOOL_TABLE_META, bytes_of_text(key_history), &value);

    memset(history, 0, sizeof *history);
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK && (value.size != HISTORY_BYTES ||
                            value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        history->wanted = true;
        history->done = (value.data[1] & 1u) != 0;
        /* An index is one of the ledger that gave it. */
        history->next = value.data[1] >> 1 == store_tag(txn)
                            ? bytes_get_u64(value.data + 2)
                            : 0;
        history->events = bytes_get_u64(value.data + 10);
    }
    return rc;
}

static enum status put_history(struct store_txn *txn,
                               const struct spool_history *history)
{
    uint8_t record[HISTORY_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    record[1] = (uint8_t)((history->done ? 1u : 0) | store_tag(txn) << 1);
    bytes_put_u64(record + 2, history->next);
    bytes_put_u64(record + 10, history->events);
    return store_put_reserved(txn, SPOOL_TABLE_META, bytes_of_text(key_history),
                              (struct bytes){record, sizeof record});
}

enum status spool_want_history(struct store_txn *txn)
{
    struct spool_history history;
    enum status rc = get_history(txn, &history);

    if (rc == STATUS_OK && !history.wanted) {
        rc = put_history(txn, &history);
    }
    return rc;
}

enum status spool_history(struct spool *spool, struct spool_history *history)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = get_history(txn, history);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- one batch ---- */

struct keeping {
    struct spool *spool;
    struct store_txn *txn;
    struct spool_identity identity;
    struct spool_history history;
};

/* Whether the pair is a batch of this agent's past, and where it stands in its
 * epoch. STATUS_EXISTS: it is here. */
static enum status place_pair(const struct keeping *keeping,
                              const struct wire_pair *pair,
                              struct spool_epoch *epoch)
{
    const struct entry *entry = &pair->entry;
    enum status rc;

    memset(epoch, 0, sizeof *epoch);
    if (entry->kind != ENTRY_BATCH ||
        entry->agent_number != keeping->identity.agent_number ||
        !random_id_equal(&entry->agent, &keeping->identity.agent) ||
        entry->epoch_ordinal == 0 ||
        entry->epoch_ordinal >= keeping->identity.epoch_ordinal) {
        return STATUS_INVALID;
    }
    rc = spool_get_epoch(keeping->txn, entry->epoch_ordinal, epoch);
    if (rc == STATUS_NOT_FOUND) {
        memset(epoch, 0, sizeof *epoch);
        epoch->id = entry->epoch;
        rc = STATUS_OK;
    }
    if (rc == STATUS_OK && entry->first_seq <= epoch->last) {
        return STATUS_EXISTS;
    }
    return rc == STATUS_OK && (!random_id_equal(&epoch->id, &entry->epoch) ||
                               entry->first_seq != epoch->last + 1)
               ? STATUS_INVALID
               : rc;
}

/* I3. The batch is the one that the entry says, and follows the last one. */
static enum status check_batch(const struct wire_pair *pair,
                               const struct spool_epoch *epoch,
                               struct batch_header *header)
{
    const struct entry *entry = &pair->entry;
    enum status rc = batch_peek(pair->bytes, header);

    return rc == STATUS_OK &&
                   (!random_id_equal(&header->agent, &entry->agent) ||
                    !random_id_equal(&header->epoch, &entry->epoch) ||
                    header->epoch_ordinal != entry->epoch_ordinal ||
                    header->first_seq != entry->first_seq ||
                    header->count != entry->count ||
                    !digest_equal(&header->previous, &epoch->previous))
               ? STATUS_INVALID
               : rc;
}

static enum status keep_key(struct store_txn *txn, const struct event *event,
                            uint64_t id)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t value[8];
    enum status rc;

    if (!event->has_entry_key) {
        return STATUS_OK;
    }
    bytes_put_u64(value, id);
    rc = store_insert(
        txn, SPOOL_TABLE_KEYS,
        spool_key_entry(event->unit, event->office, event->entry_key, out),
        (struct bytes){value, sizeof value});
    return rc == STATUS_EXISTS ? STATUS_OK : rc;
}

/* Events that nobody can read are in the batch all the same. */
static enum status keep_events(const struct keeping *keeping,
                               const struct wire_pair *pair,
                               const struct batch_header *header)
{
    struct spool *spool = keeping->spool;
    struct bytes left;
    struct bytes bytes;
    enum status rc =
        batch_unpack(spool->codec, pair->bytes, header, &spool->payload);

    if (rc == STATUS_INVALID) {
        return STATUS_OK;
    }
    left = buffer_bytes(&spool->payload);
    for (uint32_t i = 0; rc == STATUS_OK && i < header->count; i++) {
        uint8_t key[SPOOL_KEY_MAX];
        uint64_t seq = header->first_seq + i;
        uint64_t id = id60_make(header->agent_number, header->epoch_ordinal,
                                (uint32_t)seq);
        struct event event;

        if (batch_next_event(&left, &bytes) != STATUS_OK) {
            return STATUS_OK;
        }
        codec_unpack_event(bytes, &event);
        if (event.fault == EVENT_FAULT_MALFORMED) {
            continue;
        }
        rc = store_put(keeping->txn, SPOOL_TABLE_EVENTS,
                       spool_key_place(header->epoch_ordinal, seq, key), bytes);
        if (rc == STATUS_OK) {
            rc = keep_key(keeping->txn, &event, id);
        }
        if (rc == STATUS_OK) {
            rc = spool_mark_correction(keeping->txn, id, &event);
        }
    }
    return rc;
}

static enum status put_pair(const struct keeping *keeping,
                            const struct wire_pair *pair, uint64_t last)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t receipt[ENTRY_BYTES];
    struct bytes place = spool_key_place(pair->entry.epoch_ordinal, last, key);
    enum status rc = STATUS_OK;

    entry_write(&pair->entry, receipt);
    if (!pair->erased) {
        rc = store_put(keeping->txn, SPOOL_TABLE_BATCHES, place, pair->bytes);
    }
    return rc == STATUS_OK
               ? store_put(keeping->txn,
                           spool_own(keeping->txn, SPOOL_TABLE_RECEIPTS), place,
                           (struct bytes){receipt, sizeof receipt})
               : rc;
}

static enum status keep_pair(struct keeping *keeping,
                             const struct wire_pair *pair)
{
    struct spool_epoch epoch;
    struct batch_header header;
    uint64_t last = pair->entry.first_seq + pair->entry.count - 1;
    enum status rc = place_pair(keeping, pair, &epoch);
    bool fresh = epoch.last == 0;

    if (rc != STATUS_OK) {
        return rc == STATUS_EXISTS ? STATUS_OK : rc;
    }
    if (!pair->erased) {
        rc = check_batch(pair, &epoch, &header);
    }
    if (rc == STATUS_OK) {
        rc = put_pair(keeping, pair, last);
    }
    if (rc == STATUS_OK && !pair->erased) {
        rc = keep_events(keeping, pair, &header);
        keeping->history.events += pair->entry.count;
    }
    epoch.last = epoch.sealed = epoch.received = last;
    epoch.receipted += pair->entry.count;
    epoch.closed_from = last + 1;
    epoch.previous = pair->entry.digest;
    if (rc == STATUS_OK) {
        rc = spool_put_epoch(keeping->txn, pair->entry.epoch_ordinal, &epoch);
    }
    return rc == STATUS_OK && fresh
               ? spool_doubt_for_others(keeping->spool, keeping->txn,
                                        pair->entry.epoch_ordinal)
               : rc;
}

enum status spool_keep_history(struct spool *spool,
                               const struct wire_pair pairs[], size_t count,
                               uint64_t done_to)
{
    struct keeping keeping = {.spool = spool};
    enum status rc = spool_make_codec(spool);

    if (rc == STATUS_OK && count > 0 && spool_excess(spool, 0) > 0) {
        return STATUS_FULL;
    }
    if (rc == STATUS_OK) {
        rc = spool_begin_write(spool, &keeping.txn);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_identity(keeping.txn, &keeping.identity);
    }
    if (rc == STATUS_OK) {
        rc = get_history(keeping.txn, &keeping.history);
    }
    if (rc == STATUS_OK && !keeping.history.wanted) {
        rc = STATUS_INVALID;
    }
    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        rc = keep_pair(&keeping, &pairs[i]);
    }
    if (rc == STATUS_OK) {
        keeping.history.done = count == 0;
        keeping.history.next = done_to;
        rc = put_history(keeping.txn, &keeping.history);
    }
    if (rc == STATUS_OK) {
        return store_commit(&keeping.txn);
    }
    store_abort(&keeping.txn);
    return rc;
}
