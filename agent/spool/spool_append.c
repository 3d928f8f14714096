/* Saves events and allots numbers. Between spool_begin() and spool_commit()
 * the store's one write transaction is held, across processes, so that two
 * programs never give one number twice. Failure modes: no room (refused before
 * anything is written that could not be sealed later, I6), a disk that fails
 * in the commit (nothing of the transaction is acknowledged, I1), a process
 * that dies (the transaction was never there). */
#include "agent/spool/spool_aside.h"

#include "common/base/check.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <string.h>

/* ---- one event ---- */

enum status spool_put_event(struct store_txn *txn,
                            const struct spool_identity *identity,
                            struct spool_epoch *epoch,
                            const struct event *event, struct buffer *scratch)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint64_t seq = epoch->last + 1;
    struct spool_named named;
    enum status rc;

    if (seq > UINT32_MAX) {
        return STATUS_FULL;
    }
    buffer_clear(scratch);
    rc = codec_pack_event(event, scratch);
    if (rc == STATUS_OK) {
        rc = store_insert(txn, SPOOL_TABLE_EVENTS,
                          spool_key_place(identity->epoch_ordinal, seq, out),
                          buffer_bytes(scratch));
        check(rc != STATUS_EXISTS);
    }
    for (size_t i = 0; rc == STATUS_OK && spool_named_at(event, i, &named);
         i++) {
        rc = spool_mark_named(txn, identity, &named, seq);
    }
    if (rc == STATUS_OK) {
        rc = spool_mark_correction(txn,
                                   id60_make(identity->agent_number,
                                             identity->epoch_ordinal,
                                             (uint32_t)seq),
                                   event);
    }
    if (rc == STATUS_OK) {
        epoch->last = seq;
        epoch->unsealed += scratch->size + SPOOL_EVENT_OVERHEAD;
    }
    return rc;
}

/* ---- the transaction ---- */

uint64_t spool_room_for_events(struct spool *spool)
{
    uint64_t used;
    uint64_t total;
    uint64_t limit;

    store_room(spool->store, &used, &total);
    limit = total / 100 * STORE_FULL_PERCENT;
    used += spool->epoch.unsealed;
    return used < limit ? limit - used : 0;
}

enum status spool_begin(struct spool *spool)
{
    enum status rc = spool_begin_write(spool, &spool->txn);

    if (rc == STATUS_OK) {
        rc = spool_get_current(spool->txn, &spool->identity, &spool->epoch);
    }
    if (rc != STATUS_OK) {
        spool_forget(spool);
        return rc;
    }
    spool->added = 0;
    spool->failed = false;
    spool->room = spool_room_for_events(spool);
    return STATUS_OK;
}

void spool_forget(struct spool *spool)
{
    store_abort(&spool->txn);
    spool->txn = NULL;
    spool_aside_close(&spool->aside);
}

/* The row is kept under the id that it had first; recovery may have given it
 * others since. */
static enum status find_entry(struct store_txn *txn,
                              const struct spool_identity *identity,
                              uint32_t unit, uint32_t office,
                              const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                              uint64_t *id)
{
    uint8_t out[SPOOL_KEY_MAX];
    struct bytes value;
    enum status rc =
        store_get(txn, SPOOL_TABLE_KEYS,
                  spool_key_entry(unit, office, entry_key, out), &value);

    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, id);
    }
    while (rc == STATUS_OK) {
        rc = spool_get_moved(txn, identity, 0, *id, id);
    }
    return rc == STATUS_NOT_FOUND && value.size > 0 ? STATUS_OK : rc;
}

static enum status mark_entry(struct spool *spool, const struct event *event,
                              uint64_t id)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t value[8];

    bytes_put_u64(value, id);
    return store_put(
        spool->txn, SPOOL_TABLE_KEYS,
        spool_key_entry(event->unit, event->office, event->entry_key, out),
        (struct bytes){value, sizeof value});
}

static enum status add_new(struct spool *spool, const struct event *event,
                           uint64_t *id)
{
    uint64_t before = spool->epoch.unsealed;
    uint64_t cost;
    enum status rc;

    if (spool->added >= SPOOL_TRANSACTION_MAX) {
        return STATUS_FULL;
    }
    rc = spool_put_event(spool->txn, &spool->identity, &spool->epoch, event,
                         &spool->scratch);
    *id = id60_make(spool->identity.agent_number, spool->identity.epoch_ordinal,
                    (uint32_t)spool->epoch.last);
    if (rc == STATUS_OK && event->has_entry_key) {
        rc = mark_entry(spool, event, *id);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    /* Once for its row and once for its share of a batch. */
    cost = 2 * (spool->epoch.unsealed - before);
    if (cost > spool->room) {
        return STATUS_FULL;
    }
    spool->room -= cost;
    spool->added++;
    return STATUS_OK;
}

enum status spool_add(struct spool *spool, const struct event *event,
                      uint64_t *id, bool *skipped)
{
    bool here = false;
    enum status rc = STATUS_NOT_FOUND;

    if (spool->aside != NULL) {
        return spool_aside_add(spool, event, id, skipped);
    }
    check(spool->txn != NULL && !spool->failed);
    *id = 0;
    if (event->has_entry_key) {
        rc = find_entry(spool->txn, &spool->identity, event->unit,
                        event->office, event->entry_key, id);
        here = rc == STATUS_OK;
    }
    if (rc == STATUS_NOT_FOUND) {
        rc = add_new(spool, event, id);
    }
    if (skipped != NULL) {
        *skipped = here;
    }
    spool->failed = rc != STATUS_OK;
    /* More than one transaction of the store may hold. */
    return rc == STATUS_AGAIN ? STATUS_FULL : rc;
}

enum status spool_commit(struct spool *spool)
{
    enum status rc = STATUS_OK;

    spool->committed_first = spool->committed_last = 0;
    if (spool->aside != NULL) {
        rc = spool_aside_write(spool);
    }
    if (rc != STATUS_OK) {
        spool_forget(spool);
        return rc;
    }
    check(spool->txn != NULL && !spool->failed);
    if (spool->added > 0) {
        rc = spool_put_epoch(spool->txn, spool->identity.epoch_ordinal,
                             &spool->epoch);
        if (rc == STATUS_OK && spool->along_keys != NULL) {
            rc = spool_seal_one(spool, spool->txn, spool->along_keys,
                                spool->along_clock);
        }
    }
    if (rc == STATUS_OK) {
        rc = store_commit(&spool->txn);
    }
    if (rc == STATUS_OK && spool->added > 0) {
        spool->committed_last = id60_make(spool->identity.agent_number,
                                          spool->identity.epoch_ordinal,
                                          (uint32_t)spool->epoch.last);
        spool->committed_first = spool->committed_last - spool->added + 1;
    }
    spool_forget(spool);
    return rc;
}

void spool_committed(const struct spool *spool, uint64_t *first, uint64_t *last)
{
    *first = spool->committed_first;
    *last = spool->committed_last;
}

void spool_seal_along(struct spool *spool, const struct sign_keys *keys,
                      const struct clock *clock)
{
    spool->along_keys = keys;
    spool->along_clock = clock;
}

enum status spool_append(struct spool *spool, const struct event events[],
                         size_t count, bool skipped[], uint64_t *first)
{
    enum status rc = STATUS_OK;

    check(count <= SPOOL_APPEND_MAX);
    *first = 0;
    if (spool->txn == NULL) {
        rc = spool_begin(spool);
    }
    for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
        uint64_t id;
        bool here;

        rc = spool_add(spool, &events[i], &id, &here);
        if (skipped != NULL) {
            skipped[i] = here;
        }
        if (rc == STATUS_OK && !here && *first == 0) {
            *first = id;
        }
    }
    if (rc == STATUS_OK) {
        rc = spool_commit(spool);
    }
    if (rc != STATUS_OK) {
        spool_forget(spool);
        *first = 0;
    }
    return rc;
}

enum status spool_find_entry(struct spool *spool, uint32_t unit,
                             uint32_t office,
                             const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                             uint64_t *id)
{
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    enum status rc;

    if (spool->aside != NULL &&
        spool_aside_find_entry(spool, unit, office, entry_key, id)) {
        return STATUS_OK;
    }
    rc = spool_begin_read(spool, &txn);
    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = find_entry(txn, &identity, unit, office, entry_key, id);
    }
    spool_end_read(spool, &txn);
    return rc;
}
