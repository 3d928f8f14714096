/* Opens a new epoch for an office whose stream was taken by a copy of itself,
 * and moves what the province has not received into it, once.
 *
 * That may be more than one transaction holds, so it goes in steps: each moves
 * some events, then local names, and notes how far it has come; the last one
 * makes the new epoch the office's own. Until then the old one is in force and
 * what lies in the new one is not there for anybody.
 *
 * Failure modes: no room for the second copy, a process that dies: the same
 * call goes on behind the last step. */
#include "agent/spool/spool_internal.h"

#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/reference.h"

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

enum status spool_get_moved(struct store_txn *txn,
                            const struct spool_identity *identity,
                            uint32_t kind, uint64_t old, uint64_t *id)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    uint64_t moved = 0;
    enum status rc = store_get(txn, SPOOL_TABLE_MOVED,
                               spool_key_kind(kind, old, key), &value);

    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, &moved);
    }
    if (rc == STATUS_OK && id60_epoch(moved) > identity->epoch_ordinal) {
        rc = STATUS_NOT_FOUND; /* the recovery has not ended */
    }
    if (rc == STATUS_OK) {
        *id = moved;
    }
    return rc;
}

enum status spool_moved(struct spool *spool, uint32_t kind, uint64_t old,
                        uint64_t *id)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = spool_get_moved(txn, &identity, kind, old, id);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- how far it has come ---- */

/* What moves: seqs from `from` on of the old epoch, into the new one, which has
 * those that were moved already. */
struct move {
    struct store_txn *txn;
    struct spool_identity old, new;
    struct spool_epoch closing, opening;
    uint64_t from;
    uint32_t left; /* changes of this step */
};

#define MOVE_BYTES (1u + 4u + 8u)

static const char key_move[] = SPOOL_KEY_MOVE;

/* Notes that a recovery has begun, and from which seq on. */
static enum status note_move(const struct move *move)
{
    uint8_t record[MOVE_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u32(record + 1, move->new.epoch_ordinal);
    bytes_put_u64(record + 5, move->from);
    return store_put_reserved(move->txn, SPOOL_TABLE_META,
                              bytes_of_text(key_move),
                              (struct bytes){record, sizeof record});
}

/* Whether this very recovery was begun before. STATUS_INVALID: another one. */
static enum status find_move(struct move *move, bool *begun)
{
    struct bytes value;
    enum status rc =
        store_get(move->txn, SPOOL_TABLE_META, bytes_of_text(key_move), &value);

    *begun = rc == STATUS_OK;
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK &&
        (value.size != MOVE_BYTES || value.data[0] != SPOOL_RECORD_VERSION)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        rc =
            spool_get_epoch(move->txn, move->new.epoch_ordinal, &move->opening);
    }
    if (rc == STATUS_NOT_FOUND ||
        (rc == STATUS_OK &&
         (bytes_get_u32(value.data + 1) != move->new.epoch_ordinal ||
          bytes_get_u64(value.data + 5) != move->from ||
          !random_id_equal(&move->opening.id, &move->new.epoch)))) {
        rc = STATUS_INVALID;
    }
    return rc;
}

/* ---- what is renamed ---- */

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

    for (uint64_t seq = move->from + move->opening.last;
         rc == STATUS_OK && seq <= move->closing.last && move->left > 0;
         seq++) {
        uint64_t old = id60_make(move->old.agent_number,
                                 move->old.epoch_ordinal, (uint32_t)seq);
        struct event event;

        rc = spool_get_event(move->txn, move->old.epoch_ordinal, seq, &event);
        if (rc == STATUS_OK) {
            rc = spool_name_moved(move->txn, &move->old, seq, &event);
        }
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
        move->left--;
    }
    return rc;
}

static bool is_written_for(struct bytes written, struct bytes name)
{
    char key[4u * SPOOL_ALIAS_MAX];
    size_t size = 0;

    return written.size <= SPOOL_ALIAS_MAX &&
           text_match_key((const char *)written.data, written.size, false, key,
                          sizeof key, &size) == STATUS_OK &&
           bytes_equal(name, (struct bytes){(const uint8_t *)key, size});
}

/* What the old number is called by now is the copy's to say. */
static enum status move_name(struct store_txn *txn, struct bytes alias,
                             uint64_t old, uint64_t new)
{
    uint32_t kind = bytes_get_u32(alias.data);
    struct bytes name = {alias.data + 4, alias.size - 4};
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t kept[SPOOL_ALIAS_MAX];
    struct bytes written;
    enum status rc = store_get(txn, SPOOL_TABLE_NAMES,
                               spool_key_kind(kind, old, key), &written);

    if (rc == STATUS_OK && is_written_for(written, name)) {
        memcpy(kept, written.data, written.size);
        name = (struct bytes){kept, written.size};
    }
    if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
        rc = spool_drop_name(txn, kind, old);
    }
    return rc == STATUS_OK ? spool_put_name(txn, kind, new, name) : rc;
}

/* Local names follow their things; those that did so in an earlier step name
 * what does not move. */
static enum status move_aliases(struct move *move)
{
    uint8_t name[SPOOL_KEY_MAX + 1u];
    size_t size = 0;
    uint64_t reference;
    enum status rc;

    while ((rc = spool_next_alias(move->txn, name, &size, &reference)) ==
               STATUS_OK &&
           move->left > 0) {
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
            if (rc == STATUS_OK) {
                rc = move_name(move->txn, (struct bytes){name, size}, reference,
                               bytes_get_u64(id));
            }
            move->left--;
        }
        if (rc != STATUS_OK && rc != STATUS_NOT_FOUND) {
            return rc;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status let_run(const struct move *move)
{
    struct spool_link link;
    enum status rc = spool_get_link(move->txn, &link);

    if (rc == STATUS_OK) {
        link.frozen = SPOOL_RUNNING;
        link.refusal = 0;
        rc = spool_put_link(move->txn, &link);
    }
    return rc;
}

/* What the others have of the old epoch is not said by who opened the new
 * one. */
static enum status let_others_run(const struct spool *spool,
                                  const struct move *move)
{
    unsigned was = store_tag(move->txn);
    enum status rc = STATUS_OK;

    for (unsigned slot = 0; rc == STATUS_OK && slot < SPOOL_SLOTS; slot++) {
        if (slot == was || (spool->others >> slot & 1u) == 0) {
            continue;
        }
        (void)spool_speak_of(move->txn, slot);
        rc = let_run(move);
    }
    (void)spool_speak_of(move->txn, was);
    return rc == STATUS_OK ? spool_doubt_for_others(spool, move->txn,
                                                    move->old.epoch_ordinal)
                           : rc;
}

/* The new epoch is the office's own from here on. */
static enum status finish_move(const struct spool *spool,
                               const struct move *move)
{
    struct spool_epoch closed = move->closing;
    enum status rc;

    closed.closed_from = move->from;
    rc = spool_put_epoch(move->txn, move->old.epoch_ordinal, &closed);
    if (rc == STATUS_OK) {
        rc = spool_put_identity(move->txn, &move->new);
    }
    if (rc == STATUS_OK) {
        rc = let_run(move);
    }
    if (rc == STATUS_OK) {
        rc = let_others_run(spool, move);
    }
    if (rc == STATUS_OK) {
        rc = store_delete(move->txn, SPOOL_TABLE_META, bytes_of_text(key_move));
    }
    return rc;
}

/* What was recorded since the step before moves too. */
static enum status move_step(struct spool *spool, struct move *move)
{
    enum status rc = move_events(spool, move);

    if (rc == STATUS_OK && move->left > 0) {
        rc = move_aliases(move);
    }
    if (rc == STATUS_OK) {
        rc =
            spool_put_epoch(move->txn, move->new.epoch_ordinal, &move->opening);
    }
    if (rc == STATUS_OK && move->left > 0) {
        rc = finish_move(spool, move);
    }
    return rc;
}

static enum status begin_move(struct spool *spool, struct move *move,
                              const struct random_id *epoch, uint32_t ordinal,
                              uint64_t received_seq)
{
    uint64_t end;
    bool begun = false;
    enum status rc = spool_begin_write(spool, &move->txn);

    if (rc == STATUS_OK) {
        rc = spool_get_current(move->txn, &move->old, &move->closing);
    }
    if (rc == STATUS_OK &&
        (ordinal <= move->old.epoch_ordinal || ordinal > REFERENCE_EPOCH_MAX ||
         received_seq == 0)) {
        rc = STATUS_INVALID;
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    end = move->closing.last + 1;
    move->from = received_seq < end ? received_seq : end;
    move->new = move->old;
    move->new.epoch = *epoch;
    move->new.epoch_ordinal = ordinal;
    move->opening.id = *epoch;
    rc = find_move(move, &begun);
    return rc == STATUS_OK && !begun ? note_move(move) : rc;
}

enum status spool_open_epoch(struct spool *spool, const struct random_id *epoch,
                             uint32_t ordinal, uint64_t received_seq)
{
    bool finished = false;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && !finished) {
        struct move move;

        memset(&move, 0, sizeof move);
        move.left = SPOOL_MOVE_MAX;
        rc = begin_move(spool, &move, epoch, ordinal, received_seq);
        if (rc == STATUS_OK) {
            rc = move_step(spool, &move);
        }
        finished = move.left > 0;
        if (rc == STATUS_OK) {
            rc = store_commit(&move.txn);
        }
        store_abort(&move.txn);
    }
    return rc;
}
