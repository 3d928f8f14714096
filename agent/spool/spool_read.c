/* Reads events with what became of them, and keeps what the province said of
 * single ones. Failure modes: a damaged value is STATUS_CORRUPT and stops the
 * walk, so that nobody takes a part for the whole. */
#include "agent/spool/spool_aside.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/fold/fold.h"
#include "common/format/codec.h"
#include "common/format/contribution.h"

#include <string.h>

/* ---- single records ---- */

enum status spool_unpack_event(struct bytes value, struct event *event)
{
    codec_unpack_event(value, event);
    if (contribution_names(event)) {
        contribution_mark(event, (struct bytes){0});
    }
    return event->fault == EVENT_FAULT_MALFORMED ? STATUS_CORRUPT : STATUS_OK;
}

enum status spool_get_event(struct store_txn *txn, uint32_t epoch, uint64_t seq,
                            struct event *event)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    enum status rc = store_get(txn, SPOOL_TABLE_EVENTS,
                               spool_key_place(epoch, seq, key), &value);

    return rc == STATUS_OK ? spool_unpack_event(value, event) : rc;
}

/* The first record of a table keyed by (epoch, last seq) whose last seq is not
 * below `seq`. */
static enum status seek_run(struct store_txn *txn, unsigned table,
                            uint32_t epoch, uint64_t seq, struct bytes *value)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    uint32_t found_epoch;
    uint64_t last;
    enum status rc = store_cursor_open(txn, table, &cursor);

    if (rc == STATUS_OK) {
        rc =
            store_seek(cursor, spool_key_place(epoch, seq, key), &found, value);
    }
    if (rc == STATUS_OK) {
        rc = spool_read_place(found, &found_epoch, &last);
    }
    if (rc == STATUS_OK && found_epoch != epoch) {
        rc = STATUS_NOT_FOUND;
    }
    store_cursor_close(&cursor);
    return rc;
}

enum status spool_get_batch(struct store_txn *txn, uint32_t epoch, uint64_t seq,
                            struct batch_header *header, struct bytes *batch)
{
    enum status rc = seek_run(txn, SPOOL_TABLE_BATCHES, epoch, seq, batch);

    if (rc == STATUS_OK && batch_peek(*batch, header) != STATUS_OK) {
        rc = STATUS_CORRUPT;
    }
    return rc;
}

enum status spool_get_receipt_after(struct store_txn *txn, uint32_t epoch,
                                    uint64_t seq, struct entry *entry)
{
    struct bytes value;
    enum status rc =
        seek_run(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), epoch, seq, &value);

    if (rc == STATUS_OK && entry_read(value, entry) != STATUS_OK) {
        rc = STATUS_CORRUPT;
    }
    return rc;
}

enum status spool_get_receipt(struct store_txn *txn, uint32_t epoch,
                              uint64_t seq, struct entry *entry)
{
    enum status rc = spool_get_receipt_after(txn, epoch, seq, entry);

    if (rc == STATUS_OK && entry->first_seq > seq) {
        rc = STATUS_NOT_FOUND;
    }
    return rc;
}

/* ---- states ---- */

bool spool_outcome_asks(uint32_t outcome)
{
    switch (outcome) {
    case FOLD_COUNTED:
    case FOLD_VOIDED:
    case FOLD_REPLACED:
    case FOLD_DUPLICATE_ENTRY:
        return false;
    default:
        return true;
    }
}

/* Of an event that was received. Where another copy of the office has its
 * receipt, `receipt` is the next one of the epoch, which stands behind it in
 * the ledger; NULL: there is none. */
static enum status received_state(struct store_txn *txn, uint64_t id,
                                  const struct entry *receipt,
                                  enum spool_state *state)
{
    struct spool_outcome outcome;
    bool is_backed_up = false;
    enum status rc = spool_get_outcome(txn, id, &outcome);

    if (rc == STATUS_OK && spool_outcome_asks(outcome.outcome)) {
        *state = SPOOL_TO_MEND;
        return STATUS_OK;
    }
    rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    if (rc == STATUS_OK && receipt != NULL) {
        rc = spool_is_backed_up(txn, receipt, &is_backed_up);
    }
    *state = is_backed_up ? SPOOL_BACKED_UP : SPOOL_RECEIVED;
    return rc;
}

enum status spool_get_state(struct store_txn *txn, uint64_t id,
                            enum spool_state *state)
{
    uint64_t seq = id60_number(id);
    struct spool_epoch epoch;
    struct entry entry;
    bool settled;
    enum status rc = spool_get_epoch(txn, id60_epoch(id), &epoch);

    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_CORRUPT : rc;
    }
    settled = epoch.closed_from != 0 && !epoch.doubted;
    if (epoch.closed_from != 0 && seq >= epoch.closed_from) {
        *state = SPOOL_MOVED;
        return STATUS_OK;
    }
    if (seq > epoch.sealed && epoch.closed_from == 0) {
        *state = SPOOL_SAVED;
        return STATUS_OK;
    }
    rc = spool_get_receipt_after(txn, id60_epoch(id), seq, &entry);
    if (rc == STATUS_OK &&
        (entry.first_seq <= seq || settled || seq <= epoch.received)) {
        return received_state(txn, id, &entry, state);
    }
    if (rc == STATUS_NOT_FOUND && (settled || seq <= epoch.received)) {
        return received_state(txn, id, NULL, state);
    }
    *state = SPOOL_SEALED;
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- events ---- */

/* Whether the id is one of this office's events. What lies in an epoch that is
 * not open yet belongs to a recovery that has not ended. */
enum status spool_is_own(struct store_txn *txn, uint64_t id)
{
    struct spool_identity identity;
    enum status rc = spool_get_identity(txn, &identity);

    if (rc == STATUS_OK && (id60_agent(id) != identity.agent_number ||
                            id60_epoch(id) > identity.epoch_ordinal)) {
        rc = STATUS_NOT_FOUND;
    }
    return rc;
}

enum status spool_event(struct spool *spool, uint64_t id, struct event *event,
                        enum spool_state *state)
{
    struct store_txn *txn = NULL;
    enum status rc;

    if (spool->aside != NULL && spool_aside_has(spool, id)) {
        *state = SPOOL_SAVED;
        return spool_aside_event(spool, id, event);
    }
    rc = spool_begin_read(spool, &txn);
    if (rc == STATUS_OK) {
        rc = spool_is_own(txn, id);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_event(txn, id60_epoch(id), id60_number(id), event);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_state(txn, id, state);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_last_seq(struct spool *spool, uint64_t *seq)
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
        *seq = epoch.last;
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* The first event behind `after`, an id of this office or 0. */
static enum status seek_event(struct store_txn *txn, uint64_t after,
                              const struct spool_identity *identity,
                              uint64_t *id, struct event *event)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    uint32_t epoch = id60_epoch(after);
    uint64_t seq = (uint64_t)id60_number(after) + 1;
    enum status rc = store_cursor_open(txn, SPOOL_TABLE_EVENTS, &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, spool_key_place(epoch, seq, key), &found,
                        &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_read_place(found, &epoch, &seq);
    }
    if (rc == STATUS_OK && epoch > identity->epoch_ordinal) {
        rc = STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        *id = id60_make(identity->agent_number, epoch, (uint32_t)seq);
        rc = spool_unpack_event(value, event);
    }
    store_cursor_close(&cursor);
    return rc;
}

enum status spool_next(struct spool *spool, uint64_t after, uint64_t *id,
                       struct event *event, enum spool_state *state)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = seek_event(txn, after, &identity, id, event);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_state(txn, *id, state);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- outcomes ---- */

#define OUTCOME_BYTES (1u + 3u * 4u + 2u * 8u)

enum status spool_get_outcome(struct store_txn *txn, uint64_t id,
                              struct spool_outcome *outcome)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES),
                               spool_key_id(id, key), &value);

    if (rc != STATUS_OK) {
        return rc;
    }
    if (value.size != OUTCOME_BYTES || value.data[0] != SPOOL_RECORD_VERSION) {
        return STATUS_CORRUPT;
    }
    outcome->event = id;
    outcome->outcome = bytes_get_u32(value.data + 1);
    outcome->field = bytes_get_u32(value.data + 5);
    outcome->rule = bytes_get_u32(value.data + 9);
    outcome->value = bytes_get_u64(value.data + 13);
    outcome->other = bytes_get_u64(value.data + 21);
    return STATUS_OK;
}

static enum status put_outcome(struct store_txn *txn,
                               const struct spool_outcome *outcome)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t record[OUTCOME_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u32(record + 1, outcome->outcome);
    bytes_put_u32(record + 5, outcome->field);
    bytes_put_u32(record + 9, outcome->rule);
    bytes_put_u64(record + 13, outcome->value);
    bytes_put_u64(record + 21, outcome->other);
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES),
                              spool_key_id(outcome->event, key),
                              (struct bytes){record, sizeof record});
}

/* Removes every outcome. The key is copied: a cursor's goes with the delete. */
static enum status clear_outcomes(struct store_txn *txn)
{
    uint8_t copy[SPOOL_KEY_MAX];
    enum status rc;

    for (;;) {
        struct store_cursor *cursor = NULL;
        struct bytes key;
        struct bytes value;

        rc = store_cursor_open(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES),
                               &cursor);
        if (rc == STATUS_OK) {
            rc = store_seek(cursor, (struct bytes){NULL, 0}, &key, &value);
        }
        if (rc == STATUS_OK) {
            check(key.size <= sizeof copy);
            memcpy(copy, key.data, key.size);
        }
        store_cursor_close(&cursor);
        if (rc != STATUS_OK) {
            return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
        }
        rc = store_delete(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES),
                          (struct bytes){copy, key.size});
        if (rc != STATUS_OK) {
            return rc;
        }
    }
}

/* Whether the table holds exactly these already: then there is nothing to
 * sync. */
static enum status same_outcomes(struct store_txn *txn,
                                 const struct spool_outcome outcomes[],
                                 size_t count, bool *same)
{
    uint64_t stored;
    enum status rc =
        store_count(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES), &stored);

    *same = rc == STATUS_OK && stored == count;
    for (size_t i = 0; *same && i < count; i++) {
        struct spool_outcome old;
        enum status found = spool_get_outcome(txn, outcomes[i].event, &old);

        *same =
            found == STATUS_OK && old.outcome == outcomes[i].outcome &&
            old.field == outcomes[i].field && old.rule == outcomes[i].rule &&
            old.value == outcomes[i].value && old.other == outcomes[i].other;
    }
    return rc;
}

static enum status replace_outcomes(struct store_txn *txn,
                                    const struct spool_outcome outcomes[],
                                    size_t count)
{
    uint8_t number[8];
    uint64_t to_mend = 0;
    enum status rc = clear_outcomes(txn);

    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        to_mend += spool_outcome_asks(outcomes[i].outcome) ? 1 : 0;
        rc = put_outcome(txn, &outcomes[i]);
    }
    if (rc == STATUS_OK) {
        bytes_put_u64(number, to_mend);
        rc = store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                                bytes_of_text(SPOOL_KEY_TO_MEND),
                                (struct bytes){number, sizeof number});
    }
    return rc;
}

enum status spool_set_outcomes(struct spool *spool,
                               const struct spool_outcome outcomes[],
                               size_t count)
{
    struct store_txn *txn = NULL;
    bool same = false;
    enum status rc;

    if (count > SPOOL_OUTCOMES_MAX) {
        return STATUS_INVALID;
    }
    rc = spool_begin_write(spool, &txn);
    if (rc == STATUS_OK) {
        rc = same_outcomes(txn, outcomes, count, &same);
    }
    if (rc == STATUS_OK && !same) {
        rc = replace_outcomes(txn, outcomes, count);
    }
    if (rc == STATUS_OK && !same) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_outcome(struct spool *spool, uint64_t event,
                          struct spool_outcome *outcome)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_outcome(txn, event, outcome);
    }
    spool_end_read(spool, &txn);
    return rc;
}
