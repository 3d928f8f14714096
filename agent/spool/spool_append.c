/* Saves events and allots numbers. Between spool_begin() and spool_commit()
 * the store's one write transaction is held, across processes, so that two
 * programs never give one number twice. Failure modes: no room (refused before
 * anything is written that could not be sealed later, I6), a disk that fails
 * in the commit (nothing of the transaction is acknowledged, I1), a process
 * that dies (the transaction was never there). */
#include "agent/spool/spool_internal.h"

#include "common/base/check.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/format/codec.h"

#include <string.h>

/* ---- numbers of things ---- */

static struct bytes key_number(uint32_t epoch, uint32_t kind,
                               uint8_t out[SPOOL_KEY_MAX])
{
    memcpy(out, "number", 6);
    bytes_put_u32(out + 6, epoch);
    bytes_put_u32(out + 10, kind);
    return (struct bytes){out, 14};
}

static enum status put_number(struct store_txn *txn, struct bytes key,
                              uint64_t number)
{
    uint8_t value[8];

    bytes_put_u64(value, number);
    return store_put_reserved(txn, SPOOL_TABLE_META, key,
                              (struct bytes){value, sizeof value});
}

enum status spool_allot(struct store_txn *txn,
                        const struct spool_identity *identity, uint32_t kind,
                        uint64_t *reference)
{
    uint8_t out[SPOOL_KEY_MAX];
    struct bytes key = key_number(identity->epoch_ordinal, kind, out);
    uint64_t last;
    enum status rc = spool_get_number(txn, SPOOL_TABLE_META, key, &last);

    if (rc == STATUS_OK && last >= UINT32_MAX) {
        rc = STATUS_FULL;
    }
    if (rc == STATUS_OK) {
        rc = put_number(txn, key, last + 1);
    }
    if (rc == STATUS_OK) {
        *reference = id60_make(identity->agent_number, identity->epoch_ordinal,
                               (uint32_t)(last + 1));
    }
    return rc;
}

/* Notes in which event a thing of this epoch was first named, so that recover
 * knows which names go along with which events. */
static enum status mark_named(struct store_txn *txn,
                              const struct spool_identity *identity,
                              const struct spool_named *named, uint64_t seq)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t place[8];
    uint64_t last;
    struct bytes key;
    enum status rc;

    if (id60_agent(named->reference) != identity->agent_number ||
        id60_epoch(named->reference) != identity->epoch_ordinal) {
        return STATUS_OK;
    }
    bytes_put_u64(place, seq);
    rc = store_insert(txn, SPOOL_TABLE_REFERENCES,
                      spool_key_kind(named->kind, named->reference, out),
                      (struct bytes){place, sizeof place});
    if (rc != STATUS_OK) {
        return rc == STATUS_EXISTS ? STATUS_OK : rc;
    }
    key = key_number(identity->epoch_ordinal, named->kind, out);
    rc = spool_get_number(txn, SPOOL_TABLE_META, key, &last);
    if (rc == STATUS_OK && last < id60_number(named->reference)) {
        rc = put_number(txn, key, id60_number(named->reference));
    }
    return rc;
}

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
        rc = mark_named(txn, identity, &named, seq);
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

/* Bytes that new events may take: below the high-water mark, less what it
 * takes to seal those that wait (I6). */
static uint64_t room_for_events(struct spool *spool)
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
    spool->room = room_for_events(spool);
    return STATUS_OK;
}

void spool_forget(struct spool *spool)
{
    store_abort(&spool->txn);
    spool->txn = NULL;
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
    spool_forget(spool);
    return rc;
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
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK) {
        rc = find_entry(txn, &identity, unit, office, entry_key, id);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- local names ---- */

static struct bytes key_alias(uint32_t kind, struct bytes name,
                              uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u32(out, kind);
    memcpy(out + 4, name.data, name.size);
    return (struct bytes){out, 4 + name.size};
}

enum status spool_alias(struct spool *spool, uint32_t kind, struct bytes name,
                        uint64_t *reference, bool *fresh)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t id[8];
    struct bytes value;
    enum status rc;

    check(spool->txn != NULL && !spool->failed);
    if (name.size == 0 || name.size > SPOOL_ALIAS_MAX) {
        return STATUS_INVALID;
    }
    rc = store_get(spool->txn, SPOOL_TABLE_ALIASES, key_alias(kind, name, out),
                   &value);
    if (fresh != NULL) {
        *fresh = rc == STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        return spool_value_u64(value, reference);
    }
    if (rc == STATUS_NOT_FOUND) {
        rc = spool_allot(spool->txn, &spool->identity, kind, reference);
    }
    if (rc == STATUS_OK) {
        bytes_put_u64(id, *reference);
        rc = store_put(spool->txn, SPOOL_TABLE_ALIASES,
                       key_alias(kind, name, out),
                       (struct bytes){id, sizeof id});
    }
    if (rc == STATUS_OK) {
        rc = spool_put_name(spool->txn, kind, *reference, name);
    }
    spool->failed = rc != STATUS_OK;
    return rc;
}

enum status spool_new_reference(struct spool *spool, uint32_t kind,
                                uint64_t *reference)
{
    enum status rc;

    check(spool->txn != NULL && !spool->failed);
    rc = spool_allot(spool->txn, &spool->identity, kind, reference);
    spool->failed = rc != STATUS_OK;
    return rc;
}

enum status spool_take_back(struct spool *spool, uint32_t kind,
                            struct bytes name, uint64_t reference)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint32_t number = id60_number(reference);
    struct bytes key;
    uint64_t last;
    enum status rc;

    check(spool->txn != NULL && !spool->failed);
    key = key_number(spool->identity.epoch_ordinal, kind, out);
    rc = spool_get_number(spool->txn, SPOOL_TABLE_META, key, &last);
    if (rc == STATUS_OK && last == number) {
        rc = put_number(spool->txn, key, last - 1);
    }
    if (rc == STATUS_OK && name.size > 0) {
        rc = store_delete(spool->txn, SPOOL_TABLE_ALIASES,
                          key_alias(kind, name, out));
    }
    if (rc == STATUS_OK) {
        rc = spool_drop_name(spool->txn, kind, reference);
    }
    spool->failed = rc != STATUS_OK;
    return rc;
}

enum status spool_reference_allotted(struct spool *spool, uint32_t kind,
                                     uint64_t reference, bool *allotted)
{
    uint8_t out[SPOOL_KEY_MAX];
    struct spool_identity identity;
    struct store_txn *txn = NULL;
    uint64_t last;
    enum status rc = spool_begin_read(spool, &txn);

    *allotted = true;
    if (rc == STATUS_OK) {
        rc = spool_get_identity(txn, &identity);
    }
    if (rc == STATUS_OK && id60_agent(reference) == identity.agent_number &&
        id60_epoch(reference) == identity.epoch_ordinal) {
        rc = spool_get_number(txn, SPOOL_TABLE_META,
                              key_number(identity.epoch_ordinal, kind, out),
                              &last);
        *allotted = rc == STATUS_OK && id60_number(reference) <= last;
    }
    spool_end_read(spool, &txn);
    return rc;
}
