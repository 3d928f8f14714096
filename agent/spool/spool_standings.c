/* Counts by where the states of each epoch end. Failure modes: a damaged record
 * is STATUS_CORRUPT, and there is no count then. */
#include "agent/spool/spool_internal.h"
#include "agent/spool/spool_outbox.h"
#include "common/event/reference.h"

#include <string.h>

uint64_t spool_received_to(const struct spool_epoch *epoch)
{
    uint64_t last = epoch->closed_from != 0 && !epoch->doubted
                        ? epoch->closed_from - 1
                        : epoch->received;

    return last < epoch->last ? last : epoch->last;
}

/* ---- behind the mark ---- */

static enum status find_last_backed_up(struct store_txn *txn, uint32_t ordinal,
                                       const struct spool_epoch *epoch,
                                       struct spool_marked *found)
{
    uint64_t high = spool_received_to(epoch);
    enum status rc = STATUS_OK;

    /* All up to `found->last` is, and nothing from there to above `high`. */
    while (rc == STATUS_OK && found->last < high) {
        uint64_t middle = found->last + (high - found->last + 1) / 2;
        struct entry entry;
        bool is = false;

        rc = spool_get_receipt_after(txn, ordinal, middle, &entry);
        if (rc == STATUS_OK) {
            rc = spool_is_backed_up(txn, &entry, &is);
        }
        rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
        if (is) {
            found->last = middle;
        } else {
            high = middle - 1;
        }
    }
    return rc;
}

/* Receipts that came before one that is awaited: no more than are on their
 * way. */
static enum status find_beyond(struct store_txn *txn, uint32_t ordinal,
                               const struct spool_epoch *epoch,
                               struct spool_marked *found)
{
    uint64_t seq = spool_received_to(epoch) + 1;
    enum status rc = epoch->closed_from != 0 && !epoch->doubted
                         ? STATUS_NOT_FOUND
                         : STATUS_OK;

    while (rc == STATUS_OK) {
        struct entry entry;
        bool is = false;

        rc = spool_get_receipt_after(txn, ordinal, seq, &entry);
        if (rc == STATUS_OK) {
            rc = spool_is_backed_up(txn, &entry, &is);
        }
        if (rc == STATUS_OK) {
            seq = entry.first_seq + entry.count;
            found->beyond += is ? entry.count : 0;
            found->top = is ? seq - 1 : found->top;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_find_marked(struct store_txn *txn, uint32_t ordinal,
                              const struct spool_epoch *epoch,
                              struct spool_marked *found)
{
    enum status rc;

    memset(found, 0, sizeof *found);
    rc = find_last_backed_up(txn, ordinal, epoch, found);
    found->top = found->last;
    return rc == STATUS_OK ? find_beyond(txn, ordinal, epoch, found) : rc;
}

/* ---- counts ---- */

/* Of what waits to be mended: how much lies behind the mark. */
static enum status count_to_mend(struct store_txn *txn, const uint64_t marks[],
                                 uint32_t ordinal, uint64_t *behind)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    enum status rc =
        store_cursor_open(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES), &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, (struct bytes){NULL, 0}, &key, &value);
    }
    while (rc == STATUS_OK) {
        struct spool_outcome outcome;
        uint64_t id = 0;

        rc = spool_value_u64(key, &id);
        if (rc == STATUS_OK) {
            rc = spool_get_outcome(txn, id, &outcome);
        }
        if (rc == STATUS_OK && spool_outcome_asks(outcome.outcome) &&
            id60_epoch(id) <= ordinal &&
            id60_number(id) <= marks[id60_epoch(id)]) {
            ++*behind;
        }
        if (rc == STATUS_OK) {
            rc = store_next(cursor, &key, &value);
        }
    }
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status count_backed_up(struct store_txn *txn,
                                   struct spool_standings *standings)
{
    uint64_t marks[REFERENCE_EPOCH_MAX + 1u] = {0};
    struct spool_identity identity;
    uint64_t behind = 0;
    enum status rc = spool_get_identity(txn, &identity);

    for (uint32_t i = 1; rc == STATUS_OK && i <= identity.epoch_ordinal; i++) {
        struct spool_removed removed;
        struct spool_epoch epoch;
        struct spool_marked found;
        uint64_t events = 0;

        rc = spool_get_epoch(txn, i, &epoch);
        if (rc == STATUS_NOT_FOUND) {
            rc = STATUS_OK;
            continue;
        }
        if (rc == STATUS_OK) {
            rc = spool_find_marked(txn, i, &epoch, &found);
        }
        if (rc == STATUS_OK) {
            rc = spool_get_removed(txn, i, &removed);
        }
        if (rc == STATUS_OK) {
            marks[i] = found.top;
            events = found.last + found.beyond;
            standings->removed += removed.events;
            standings->backed_up +=
                events > removed.events ? events - removed.events : 0;
        }
    }
    if (rc == STATUS_OK && standings->backed_up > 0) {
        rc = count_to_mend(txn, marks, identity.epoch_ordinal, &behind);
        standings->backed_up -=
            behind < standings->backed_up ? behind : standings->backed_up;
    }
    return rc;
}

enum status spool_standings(struct spool *spool,
                            struct spool_standings *standings)
{
    struct spool_counts counts;
    struct store_txn *txn = NULL;
    uint64_t gone;
    enum status rc = spool_counts(spool, &counts);

    memset(standings, 0, sizeof *standings);
    if (rc == STATUS_OK) {
        rc = spool_begin_read(spool, &txn);
    }
    if (rc == STATUS_OK) {
        rc = count_backed_up(txn, standings);
    }
    spool_end_read(spool, &txn);
    if (rc != STATUS_OK) {
        return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
    }
    gone = standings->backed_up + standings->removed;
    standings->saved = counts.saved + counts.sealed;
    standings->sent = counts.sealed;
    standings->received = counts.received > gone ? counts.received - gone : 0;
    standings->to_mend = counts.to_mend;
    standings->moved = counts.moved;
    return STATUS_OK;
}

/* ---- a part ---- */

struct run {
    uint32_t epoch;
    uint64_t first, last;
};

/* Receipts that came before one that is awaited. */
static enum status count_beyond(struct store_txn *txn, const struct run *run,
                                struct spool_part *part)
{
    uint64_t from = run->first;
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && from <= run->last) {
        struct entry entry;
        uint64_t end = 0;

        rc = spool_get_receipt_after(txn, run->epoch, from, &entry);
        if (rc == STATUS_OK) {
            end = entry.first_seq + entry.count - 1;
            from = entry.first_seq > from ? entry.first_seq : from;
            end = end < run->last ? end : run->last;
            part->received += end >= from ? end - from + 1 : 0;
            from = end + 1;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status count_part_to_mend(struct store_txn *txn,
                                      const struct run *run, uint32_t agent,
                                      struct spool_part *part)
{
    uint64_t last = id60_make(agent, run->epoch, (uint32_t)run->last);
    uint64_t id = id60_make(agent, run->epoch, (uint32_t)run->first);
    struct store_cursor *cursor = NULL;
    uint8_t out[SPOOL_KEY_MAX];
    struct bytes key;
    struct bytes value;
    enum status rc =
        store_cursor_open(txn, spool_own(txn, SPOOL_TABLE_OUTCOMES), &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, spool_key_id(id, out), &key, &value);
    }
    for (uint32_t looks = 0; rc == STATUS_OK && looks < SPOOL_LOOK_MAX;
         looks++) {
        struct spool_outcome outcome;

        rc = spool_value_u64(key, &id);
        if (rc == STATUS_OK && id > last) {
            break;
        }
        if (rc == STATUS_OK) {
            rc = spool_get_outcome(txn, id, &outcome);
        }
        if (rc == STATUS_OK) {
            part->to_mend += spool_outcome_asks(outcome.outcome) ? 1 : 0;
            rc = store_next(cursor, &key, &value);
        }
    }
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status count_part(struct store_txn *txn, struct run run,
                              struct spool_part *part)
{
    struct spool_epoch epoch;
    uint64_t received;
    enum status rc = spool_get_epoch(txn, run.epoch, &epoch);

    if (rc != STATUS_OK || run.last > epoch.last) {
        return rc == STATUS_OK || rc == STATUS_NOT_FOUND ? STATUS_INVALID : rc;
    }
    part->events = run.last - run.first + 1;
    if (epoch.closed_from != 0 && run.last >= epoch.closed_from) {
        uint64_t from =
            run.first > epoch.closed_from ? run.first : epoch.closed_from;

        part->moved = run.last - from + 1;
        run.last = from - 1;
    }
    received = spool_received_to(&epoch);
    received = received < run.last ? received : run.last;
    if (received >= run.first) {
        part->received = received - run.first + 1;
        run.first = received + 1;
    }
    return count_beyond(txn, &run, part);
}

enum status spool_part(struct spool *spool, uint64_t first, uint64_t last,
                       struct spool_part *part)
{
    struct run run = {.epoch = id60_epoch(first),
                      .first = id60_number(first),
                      .last = id60_number(last)};
    struct store_txn *txn = NULL;
    enum status rc = STATUS_INVALID;

    memset(part, 0, sizeof *part);
    if (run.first == 0 || first > last || id60_epoch(last) != run.epoch ||
        id60_agent(first) != id60_agent(last)) {
        return STATUS_INVALID;
    }
    rc = spool_begin_read(spool, &txn);
    if (rc == STATUS_OK) {
        rc = spool_is_own(txn, last);
        rc = rc == STATUS_NOT_FOUND ? STATUS_INVALID : rc;
    }
    if (rc == STATUS_OK) {
        rc = count_part(txn, run, part);
    }
    if (rc == STATUS_OK) {
        rc = count_part_to_mend(txn, &run, id60_agent(first), part);
    }
    spool_end_read(spool, &txn);
    return rc;
}
