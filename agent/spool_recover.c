/* Opens a new epoch for an office whose stream was taken by a copy of itself,
 * and moves what the province has not received into it, once, in one
 * transaction. Failure modes: no room for the second copy (nothing changes), a
 * process that dies (nothing has changed). */
#include "agent/spool_internal.h"

#include "common/check.h"
#include "common/reference.h"

#include <string.h>

static uint64_t count_from(const struct spool_epoch *epoch, uint64_t seq)
{
    return seq <= epoch->last ? epoch->last - seq + 1 : 0;
}

enum status spool_unreceived(struct spool *spool, uint64_t received_seq,
                             uint64_t *count)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    *count = 0;
    if (rc == STATUS_OK) {
        rc = spool_get_current(txn, &identity, &epoch);
    }
    if (rc == STATUS_OK) {
        *count = count_from(&epoch, received_seq);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_moved(struct spool *spool, uint32_t kind, uint64_t old,
                        uint64_t *id)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_MOVED, spool_key_kind(kind, old, key),
                       &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, id);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* What moves: seqs from `from` on of the old epoch, into the new one. */
struct move {
    struct store_txn *txn;
    struct spool_identity old, new;
    struct spool_epoch closing, opening;
    uint64_t from;
};

static enum status mark_moved(const struct move *move, uint32_t kind,
                              uint64_t old, uint64_t new)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t value[8];

    bytes_put_u64(value, new);
    return store_put(move->txn, SPOOL_TABLE_MOVED,
                     spool_key_kind(kind, old, key),
                     (struct bytes){value, sizeof value});
}

/* The new id of an event: the order is kept, so it follows from the old. */
static uint64_t moved_event(const struct move *move, uint64_t id)
{
    uint64_t seq = id60_number(id);

    if (id60_agent(id) != move->old.agent_number ||
        id60_epoch(id) != move->old.epoch_ordinal || seq < move->from ||
        seq > move->closing.last) {
        return id;
    }
    return id60_make(move->new.agent_number, move->new.epoch_ordinal,
                     (uint32_t)(seq - move->from + 1));
}

/* The new reference of a thing that was first named in an event that moves:
 * the copy of the office may have given its number to another thing. */
static enum status moved_thing(const struct move *move, uint32_t kind,
                               uint64_t *reference)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint64_t old = *reference;
    uint64_t first;
    struct bytes value;
    enum status rc = store_get(move->txn, SPOOL_TABLE_MOVED,
                               spool_key_kind(kind, old, key), &value);

    if (rc == STATUS_OK) {
        return spool_value_u64(value, reference);
    }
    if (rc == STATUS_NOT_FOUND) {
        rc = store_get(move->txn, SPOOL_TABLE_REFERENCES,
                       spool_key_kind(kind, old, key), &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, &first);
    }
    if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && first < move->from)) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = spool_allot(move->txn, &move->new, kind, reference);
    }
    return rc == STATUS_OK ? mark_moved(move, kind, old, *reference) : rc;
}

static enum status rename_within(const struct move *move, struct event *event)
{
    struct spool_named named;
    enum status rc = STATUS_OK;

    event->target = moved_event(move, event->target);
    event->head = moved_event(move, event->head);
    for (size_t i = 0; rc == STATUS_OK && spool_named_at(event, i, &named);
         i++) {
        if (id60_agent(named.reference) == move->old.agent_number &&
            id60_epoch(named.reference) == move->old.epoch_ordinal) {
            rc = moved_thing(move, named.kind, &named.reference);
            event_set(event, named.field, named.reference);
        }
    }
    return rc;
}

static enum status move_events(struct spool *spool, struct move *move)
{
    enum status rc = STATUS_OK;

    for (uint64_t seq = move->from;
         rc == STATUS_OK && seq <= move->closing.last; seq++) {
        uint64_t old = id60_make(move->old.agent_number,
                                 move->old.epoch_ordinal, (uint32_t)seq);
        struct event event;

        rc = spool_get_event(move->txn, move->old.epoch_ordinal, seq, &event);
        if (rc == STATUS_OK) {
            rc = rename_within(move, &event);
        }
        if (rc == STATUS_OK) {
            rc = spool_put_event(move->txn, &move->new, &move->opening, &event,
                                 &spool->scratch);
        }
        if (rc == STATUS_OK) {
            rc = mark_moved(move, 0, old, moved_event(move, old));
        }
    }
    return rc;
}

/* One step behind the last alias that was looked at, so that the walk and the
 * writes do not share a cursor. STATUS_NOT_FOUND after the last. */
static enum status next_alias(struct store_txn *txn,
                              uint8_t key[SPOOL_KEY_MAX + 1u], size_t *size,
                              uint64_t *reference)
{
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    enum status rc = store_cursor_open(txn, SPOOL_TABLE_ALIASES, &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, (struct bytes){key, *size}, &found, &value);
    }
    if (rc == STATUS_OK && *size > 0 &&
        bytes_equal(found, (struct bytes){key, *size})) {
        rc = store_next(cursor, &found, &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, reference);
    }
    if (rc == STATUS_OK) {
        if (found.size <= 4 || found.size > SPOOL_KEY_MAX) {
            rc = STATUS_CORRUPT;
        } else {
            memcpy(key, found.data, found.size);
            *size = found.size;
        }
    }
    store_cursor_close(&cursor);
    return rc;
}

/* Local names follow their things. */
static enum status move_aliases(const struct move *move)
{
    uint8_t name[SPOOL_KEY_MAX + 1u];
    size_t size = 0;
    uint64_t reference;
    enum status rc;

    while ((rc = next_alias(move->txn, name, &size, &reference)) == STATUS_OK) {
        uint8_t key[SPOOL_KEY_MAX];
        struct bytes value;

        rc = store_get(move->txn, SPOOL_TABLE_MOVED,
                       spool_key_kind(bytes_get_u32(name), reference, key),
                       &value);
        if (rc == STATUS_OK) {
            uint8_t id[8];

            check(value.size == sizeof id);
            memcpy(id, value.data, sizeof id);
            rc = store_put(move->txn, SPOOL_TABLE_ALIASES,
                           (struct bytes){name, size},
                           (struct bytes){id, sizeof id});
        }
        if (rc != STATUS_OK && rc != STATUS_NOT_FOUND) {
            return rc;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status move_all(struct spool *spool, struct move *move)
{
    struct spool_link link;
    enum status rc = move_events(spool, move);

    if (rc == STATUS_OK) {
        rc = move_aliases(move);
    }
    move->closing.closed_from = move->from;
    if (rc == STATUS_OK) {
        rc =
            spool_put_epoch(move->txn, move->old.epoch_ordinal, &move->closing);
    }
    if (rc == STATUS_OK) {
        rc =
            spool_put_epoch(move->txn, move->new.epoch_ordinal, &move->opening);
    }
    if (rc == STATUS_OK) {
        rc = spool_put_identity(move->txn, &move->new);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_link(move->txn, &link);
    }
    if (rc == STATUS_OK) {
        link.frozen = SPOOL_RUNNING;
        link.refusal = 0;
        rc = spool_put_link(move->txn, &link);
    }
    return rc;
}

enum status spool_open_epoch(struct spool *spool, const struct random_id *epoch,
                             uint32_t ordinal, uint64_t received_seq)
{
    struct move move;
    enum status rc;

    memset(&move, 0, sizeof move);
    rc = spool_begin_write(spool, &move.txn);
    if (rc == STATUS_OK) {
        rc = spool_get_current(move.txn, &move.old, &move.closing);
    }
    if (rc == STATUS_OK &&
        (ordinal <= move.old.epoch_ordinal || ordinal > REFERENCE_EPOCH_MAX ||
         received_seq == 0)) {
        rc = STATUS_INVALID;
    }
    if (rc == STATUS_OK) {
        uint64_t end = move.closing.last + 1;

        move.from = received_seq < end ? received_seq : end;
        move.new = move.old;
        move.new.epoch = *epoch;
        move.new.epoch_ordinal = ordinal;
        move.opening.id = *epoch;
        rc = move_all(spool, &move);
    }
    if (rc == STATUS_OK) {
        return store_commit(&move.txn);
    }
    store_abort(&move.txn);
    /* More than one transaction of the store may hold. */
    return rc == STATUS_AGAIN ? STATUS_FULL : rc;
}
