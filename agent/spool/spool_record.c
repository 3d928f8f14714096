/* Keys and records of the spool, as bytes. Failure modes: a record that does
 * not have the shape that this version writes is STATUS_CORRUPT; the store's
 * own hash has told damage from that already. */
#include "agent/spool/spool_internal.h"

#include <string.h>

static const char key_identity[] = "identity";
static const char key_link[] = SPOOL_KEY_LINK;
static const char key_clock[] =
    SPOOL_KEY_CLOCK; /* apart: the link's record is old */

/* ---- keys ---- */

struct bytes spool_key_place(uint32_t epoch, uint64_t seq,
                             uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u32(out, epoch);
    bytes_put_u64(out + 4, seq);
    return (struct bytes){out, 12};
}

enum status spool_read_place(struct bytes key, uint32_t *epoch, uint64_t *seq)
{
    if (key.size != 12) {
        return STATUS_CORRUPT;
    }
    *epoch = bytes_get_u32(key.data);
    *seq = bytes_get_u64(key.data + 4);
    return STATUS_OK;
}

struct bytes spool_key_id(uint64_t id, uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u64(out, id);
    return (struct bytes){out, 8};
}

struct bytes spool_key_kind(uint32_t kind, uint64_t id,
                            uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u32(out, kind);
    bytes_put_u64(out + 4, id);
    return (struct bytes){out, 12};
}

struct bytes spool_key_entry(uint32_t unit, uint32_t office,
                             const uint8_t entry_key[EVENT_ENTRY_KEY_BYTES],
                             uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u32(out, unit);
    bytes_put_u32(out + 4, office);
    memcpy(out + 8, entry_key, EVENT_ENTRY_KEY_BYTES);
    return (struct bytes){out, 8 + EVENT_ENTRY_KEY_BYTES};
}

static struct bytes key_epoch(uint32_t ordinal, uint8_t out[SPOOL_KEY_MAX])
{
    memcpy(out, "epoch", 5);
    bytes_put_u32(out + 5, ordinal);
    return (struct bytes){out, 9};
}

/* ---- records ---- */

/* A record begins with its version; what is left of it is for the caller. */
static enum status open_record(struct bytes value, size_t size,
                               struct reader *reader)
{
    uint8_t version;

    reader_init(reader, value);
    if (value.size != size || reader_u8(reader, &version) != STATUS_OK ||
        version != SPOOL_RECORD_VERSION) {
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

enum status spool_value_u64(struct bytes value, uint64_t *number)
{
    if (value.size != 8) {
        return STATUS_CORRUPT;
    }
    *number = bytes_get_u64(value.data);
    return STATUS_OK;
}

enum status spool_get_number(struct store_txn *txn, unsigned table,
                             struct bytes key, uint64_t *number)
{
    struct bytes value;
    enum status rc = store_get(txn, table, key, &value);

    *number = 0;
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    return rc == STATUS_OK ? spool_value_u64(value, number) : rc;
}

#define IDENTITY_BYTES (1u + 3u * RANDOM_ID_BYTES + 8u)

enum status spool_get_identity(struct store_txn *txn,
                               struct spool_identity *identity)
{
    struct bytes value;
    const uint8_t *at;
    struct reader reader;
    enum status rc =
        store_get(txn, SPOOL_TABLE_META, bytes_of_text(key_identity), &value);

    if (rc == STATUS_OK) {
        rc = open_record(value, IDENTITY_BYTES, &reader);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    at = reader.left.data;
    memcpy(identity->agent.bytes, at, RANDOM_ID_BYTES);
    memcpy(identity->epoch.bytes, at + 16, RANDOM_ID_BYTES);
    memcpy(identity->ledger.bytes, at + 32, RANDOM_ID_BYTES);
    identity->agent_number = bytes_get_u32(at + 48);
    identity->epoch_ordinal = bytes_get_u32(at + 52);
    return STATUS_OK;
}

enum status spool_put_identity(struct store_txn *txn,
                               const struct spool_identity *identity)
{
    uint8_t record[IDENTITY_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    memcpy(record + 1, identity->agent.bytes, RANDOM_ID_BYTES);
    memcpy(record + 17, identity->epoch.bytes, RANDOM_ID_BYTES);
    memcpy(record + 33, identity->ledger.bytes, RANDOM_ID_BYTES);
    bytes_put_u32(record + 49, identity->agent_number);
    bytes_put_u32(record + 53, identity->epoch_ordinal);
    return store_put_reserved(txn, SPOOL_TABLE_META,
                              bytes_of_text(key_identity),
                              (struct bytes){record, sizeof record});
}

#define EPOCH_BYTES (1u + RANDOM_ID_BYTES + 6u * 8u + DIGEST_BYTES)
/* Of what collectors have, in the record that they share: that of slot 0. */
#define EPOCH_RECEIVED (1u + 32u)
#define SHARE_BYTES    (1u + 2u * 8u)

/* What has left while the collector was none of ours can be neither sent nor
 * receipted. */
static enum status pass_removed(struct store_txn *txn, uint32_t ordinal,
                                struct spool_epoch *epoch)
{
    struct spool_removed removed;
    enum status rc = spool_get_removed(txn, ordinal, &removed);

    if (rc == STATUS_OK && epoch->received < removed.seq) {
        epoch->received = removed.seq;
        epoch->receipted =
            epoch->receipted > removed.seq ? epoch->receipted : removed.seq;
    }
    return rc;
}

/* What another collector than that of slot 0 has of an epoch. */
static enum status get_share(struct store_txn *txn, uint32_t ordinal,
                             struct spool_epoch *epoch)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    struct reader reader;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               key_epoch(ordinal, key), &value);

    epoch->received = 0;
    epoch->receipted = 0;
    if (rc == STATUS_OK) {
        rc = open_record(value, SHARE_BYTES, &reader);
        if (rc == STATUS_OK) {
            epoch->received = bytes_get_u64(value.data + 1);
            epoch->receipted = bytes_get_u64(value.data + 9);
        }
    }
    return rc == STATUS_OK || rc == STATUS_NOT_FOUND
               ? pass_removed(txn, ordinal, epoch)
               : rc;
}

enum status spool_get_epoch(struct store_txn *txn, uint32_t ordinal,
                            struct spool_epoch *epoch)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes value;
    struct reader reader;
    enum status rc =
        store_get(txn, SPOOL_TABLE_META, key_epoch(ordinal, key), &value);

    if (rc == STATUS_OK) {
        rc = open_record(value, EPOCH_BYTES, &reader);
    }
    if (rc == STATUS_OK) {
        const uint8_t *at = reader.left.data;

        memcpy(epoch->id.bytes, at, RANDOM_ID_BYTES);
        epoch->last = bytes_get_u64(at + 16);
        epoch->sealed = bytes_get_u64(at + 24);
        epoch->received = bytes_get_u64(at + 32);
        epoch->receipted = bytes_get_u64(at + 40);
        epoch->closed_from = bytes_get_u64(at + 48);
        epoch->unsealed = bytes_get_u64(at + 56);
        memcpy(epoch->previous.bytes, at + 64, DIGEST_BYTES);
        epoch->doubted = false;
    }
    if (rc == STATUS_OK && store_tag(txn) != 0) {
        rc = get_share(txn, ordinal, epoch);
    }
    return rc == STATUS_OK && epoch->closed_from != 0
               ? spool_is_doubted(txn, ordinal, &epoch->doubted)
               : rc;
}

/* Keeps in `record` what slot 0 has, and puts what this one has elsewhere. */
static enum status put_share(struct store_txn *txn, struct bytes key,
                             const struct spool_epoch *epoch,
                             uint8_t record[EPOCH_BYTES])
{
    uint8_t share[SHARE_BYTES];
    struct bytes old;
    enum status rc = store_get(txn, SPOOL_TABLE_META, key, &old);

    memset(record + EPOCH_RECEIVED, 0, 2u * 8u);
    if (rc == STATUS_OK && old.size == EPOCH_BYTES) {
        memcpy(record + EPOCH_RECEIVED, old.data + EPOCH_RECEIVED, 2u * 8u);
    }
    share[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(share + 1, epoch->received);
    bytes_put_u64(share + 9, epoch->receipted);
    return rc == STATUS_OK || rc == STATUS_NOT_FOUND
               ? store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META), key,
                                    (struct bytes){share, sizeof share})
               : rc;
}

enum status spool_put_epoch(struct store_txn *txn, uint32_t ordinal,
                            const struct spool_epoch *epoch)
{
    uint8_t out[SPOOL_KEY_MAX];
    uint8_t record[EPOCH_BYTES];
    uint8_t *at = record + 1;
    struct bytes key = key_epoch(ordinal, out);
    enum status rc = STATUS_OK;

    record[0] = SPOOL_RECORD_VERSION;
    memcpy(at, epoch->id.bytes, RANDOM_ID_BYTES);
    bytes_put_u64(at + 16, epoch->last);
    bytes_put_u64(at + 24, epoch->sealed);
    bytes_put_u64(at + 32, epoch->received);
    bytes_put_u64(at + 40, epoch->receipted);
    bytes_put_u64(at + 48, epoch->closed_from);
    bytes_put_u64(at + 56, epoch->unsealed);
    memcpy(at + 64, epoch->previous.bytes, DIGEST_BYTES);
    if (store_tag(txn) != 0) {
        rc = put_share(txn, key, epoch, record);
    }
    return rc == STATUS_OK
               ? store_put_reserved(txn, SPOOL_TABLE_META, key,
                                    (struct bytes){record, sizeof record})
               : rc;
}

enum status spool_get_current(struct store_txn *txn,
                              struct spool_identity *identity,
                              struct spool_epoch *epoch)
{
    enum status rc = spool_get_identity(txn, identity);

    if (rc == STATUS_OK) {
        rc = spool_get_epoch(txn, identity->epoch_ordinal, epoch);
        /* The two are written together. */
        rc = rc == STATUS_NOT_FOUND ? STATUS_CORRUPT : rc;
    }
    return rc;
}

#define LINK_BYTES  (1u + 4u + 4u + 4u * 8u)
#define CLOCK_BYTES (1u + 8u)

static enum status put_clock(struct store_txn *txn, int64_t ahead)
{
    uint8_t record[CLOCK_BYTES];

    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u64(record + 1, (uint64_t)ahead);
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(key_clock),
                              (struct bytes){record, sizeof record});
}

static enum status get_clock(struct store_txn *txn, int64_t *ahead)
{
    struct bytes value;
    struct reader reader;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               bytes_of_text(key_clock), &value);

    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = open_record(value, CLOCK_BYTES, &reader);
    }
    if (rc == STATUS_OK) {
        *ahead = (int64_t)bytes_get_u64(value.data + 1);
    }
    return rc;
}

enum status spool_put_link(struct store_txn *txn, const struct spool_link *link)
{
    uint8_t record[LINK_BYTES];
    enum status rc = put_clock(txn, link->clock_ahead);

    if (rc != STATUS_OK) {
        return rc;
    }
    record[0] = SPOOL_RECORD_VERSION;
    bytes_put_u32(record + 1, (uint32_t)link->frozen);
    bytes_put_u32(record + 5, link->refusal);
    bytes_put_u64(record + 9, (uint64_t)link->connected_at);
    bytes_put_u64(record + 17, (uint64_t)link->heard_at);
    bytes_put_u64(record + 25, (uint64_t)link->refused_at);
    bytes_put_u64(record + 33, (uint64_t)link->lost_at);
    return store_put_reserved(txn, spool_own(txn, SPOOL_TABLE_META),
                              bytes_of_text(key_link),
                              (struct bytes){record, sizeof record});
}

enum status spool_get_link(struct store_txn *txn, struct spool_link *link)
{
    struct bytes value;
    struct reader reader;
    uint32_t frozen;
    enum status rc = store_get(txn, spool_own(txn, SPOOL_TABLE_META),
                               bytes_of_text(key_link), &value);

    memset(link, 0, sizeof *link);
    if (rc == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (rc == STATUS_OK) {
        rc = open_record(value, LINK_BYTES, &reader);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    frozen = bytes_get_u32(value.data + 1);
    if (frozen > SPOOL_CHAIN_BROKEN) {
        return STATUS_CORRUPT;
    }
    link->frozen = (enum spool_frozen)frozen;
    link->refusal = bytes_get_u32(value.data + 5);
    link->connected_at = (int64_t)bytes_get_u64(value.data + 9);
    link->heard_at = (int64_t)bytes_get_u64(value.data + 17);
    link->refused_at = (int64_t)bytes_get_u64(value.data + 25);
    link->lost_at = (int64_t)bytes_get_u64(value.data + 33);
    return get_clock(txn, &link->clock_ahead);
}
