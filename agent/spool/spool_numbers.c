/* Numbers of things, and what the office calls them. Both are of the open
 * transaction and last only if it is committed. Failure modes: the numbers of
 * an epoch are used up, and those of the store. */
#include "agent/spool/spool_aside.h"

#include "common/base/check.h"
#include "common/event/reference.h"

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

enum status spool_mark_named(struct store_txn *txn,
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

/* ---- local names ---- */

static struct bytes key_alias(uint32_t kind, struct bytes name,
                              uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u32(out, kind);
    memcpy(out + 4, name.data, name.size);
    return (struct bytes){out, 4 + name.size};
}

static enum status find_alias(struct spool *spool, uint32_t kind,
                              struct bytes name, uint64_t *reference)
{
    uint8_t out[SPOOL_KEY_MAX];
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_ALIASES, key_alias(kind, name, out),
                       &value);
    }
    if (rc == STATUS_OK) {
        rc = spool_value_u64(value, reference);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_alias(struct spool *spool, uint32_t kind, struct bytes name,
                        uint64_t *reference, bool *fresh)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t id[8];
    enum status rc;

    check((spool->txn != NULL || spool->aside != NULL) && !spool->failed);
    if (name.size == 0 || name.size > SPOOL_ALIAS_MAX) {
        return STATUS_INVALID;
    }
    rc = find_alias(spool, kind, name, reference);
    if (rc == STATUS_NOT_FOUND && spool->aside != NULL) {
        return spool_aside_allot(spool, kind, name, reference, fresh);
    }
    if (fresh != NULL) {
        *fresh = rc == STATUS_NOT_FOUND;
    }
    if (rc == STATUS_OK) {
        return STATUS_OK;
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

enum status spool_note_written(struct spool *spool, uint32_t kind,
                               uint64_t reference, struct bytes written)
{
    enum status rc;

    if (written.size == 0 || written.size > SPOOL_ALIAS_MAX) {
        return STATUS_OK;
    }
    if (spool->aside != NULL) {
        return spool_aside_note_written(spool, reference, written);
    }
    check(spool->txn != NULL && !spool->failed);
    rc = spool_put_name(spool->txn, kind, reference, written);
    spool->failed = rc != STATUS_OK;
    return rc;
}

enum status spool_new_reference(struct spool *spool, uint32_t kind,
                                uint64_t *reference)
{
    enum status rc;

    if (spool->aside != NULL) {
        return spool_aside_allot(spool, kind, (struct bytes){NULL, 0},
                                 reference, NULL);
    }
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

    if (spool->aside != NULL) {
        spool_aside_take_back(spool, reference);
        return STATUS_OK;
    }
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
