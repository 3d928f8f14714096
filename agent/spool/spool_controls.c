/* The mirror of the ledger's control entries, and what is given back of entries
 * when a province is rebuilt. Failure modes: no room is STATUS_FULL, and the
 * province gives the same again later; what is damaged is not given back, and
 * blocks nothing else. */
#include "agent/spool/spool_internal.h"
#include "common/format/control.h"
#include "common/format/wire_pairs.h"

#include <string.h>

static unsigned mirror(const struct store_txn *txn)
{
    return spool_own(txn, SPOOL_TABLE_CONTROLS);
}

/* ---- the mirror ---- */

static struct bytes index_key(uint64_t index, uint8_t out[SPOOL_KEY_MAX])
{
    bytes_put_u64(out, index);
    return (struct bytes){.data = out, .size = 8};
}

static enum status read_control(struct bytes value, struct entry *entry,
                                struct bytes *document)
{
    struct bytes head = {.data = value.data, .size = ENTRY_BYTES};

    if (value.size < ENTRY_BYTES || entry_read(head, entry) != STATUS_OK ||
        value.size - ENTRY_BYTES != entry->size) {
        return STATUS_CORRUPT;
    }
    *document = (struct bytes){.data = value.data + ENTRY_BYTES,
                               .size = value.size - ENTRY_BYTES};
    return STATUS_OK;
}

/* Behind the last one that can be read: what is damaged there is given anew. */
static enum status last_control(struct store_txn *txn, uint64_t *next)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    enum status rc = store_cursor_open(txn, mirror(txn), &cursor);

    *next = 0;
    if (rc == STATUS_OK) {
        rc = store_last(cursor, &key, &value);
    }
    while (rc == STATUS_CORRUPT && key.size > 0) {
        rc = store_before(cursor, key, &key, &value);
    }
    if (rc == STATUS_OK && key.size != 8) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        *next = bytes_get_u64(key.data) + 1;
    }
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_next_control(struct spool *spool, uint64_t *next)
{
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    *next = 0;
    if (rc == STATUS_OK) {
        rc = last_control(txn, next);
    }
    spool_end_read(spool, &txn);
    return rc;
}

static enum status put_control(struct spool *spool, struct store_txn *txn,
                               const struct entry *entry, struct bytes document)
{
    uint8_t key[SPOOL_KEY_MAX];
    uint8_t head[ENTRY_BYTES];
    enum status rc;

    entry_write(entry, head);
    buffer_clear(&spool->scratch);
    rc = buffer_append(&spool->scratch, (struct bytes){head, sizeof head});
    if (rc == STATUS_OK) {
        rc = buffer_append(&spool->scratch, document);
    }
    return rc == STATUS_OK ? store_put_reserved(txn, mirror(txn),
                                                index_key(entry->index, key),
                                                buffer_bytes(&spool->scratch))
                           : rc;
}

/* ---- breaks ---- */

static enum status drop_from(struct store_txn *txn, uint64_t index)
{
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK) {
        uint8_t key[SPOOL_KEY_MAX];
        struct store_cursor *cursor = NULL;
        struct bytes found;
        struct bytes value;

        rc = store_cursor_open(txn, mirror(txn), &cursor);
        if (rc == STATUS_OK) {
            rc = store_seek(cursor, index_key(index, key), &found, &value);
        }
        if (rc == STATUS_OK || (rc == STATUS_CORRUPT && found.size == 8)) {
            memcpy(key, found.data, 8);
            rc = STATUS_OK;
        }
        store_cursor_close(&cursor);
        if (rc == STATUS_OK) {
            rc = store_delete(txn, mirror(txn), (struct bytes){key, 8});
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* `anew`: something went, and is to be given anew from *next on. A
 * break that was followed comes once more in its place: nothing goes then. */
static enum status follow_break(struct store_txn *txn,
                                const struct wire_pair *pair, uint64_t *next,
                                bool *anew)
{
    uint64_t from = 0;
    bool fresh = false;
    enum status rc = spool_take_break(txn, pair, &from, &fresh);

    if (rc != STATUS_OK || !fresh || *next <= from) {
        return rc;
    }
    *anew = true;
    rc = drop_from(txn, from);
    return rc == STATUS_OK ? last_control(txn, next) : rc;
}

enum status spool_keep_controls(struct spool *spool,
                                const struct wire_pair pairs[], size_t count,
                                uint64_t *done_to)
{
    struct store_txn *txn = NULL;
    uint64_t next = 0;
    bool anew = false;
    enum status rc = spool_begin_write(spool, &txn);

    if (rc == STATUS_OK) {
        rc = last_control(txn, &next);
    }
    for (size_t i = 0; rc == STATUS_OK && !anew && i < count; i++) {
        if (pairs[i].entry.kind != ENTRY_CONTROL || pairs[i].erased) {
            rc = STATUS_INVALID;
        } else {
            rc = follow_break(txn, &pairs[i], &next, &anew);
        }
        if (rc == STATUS_OK && !anew && pairs[i].entry.index >= next &&
            pairs[i].entry.index < *done_to) {
            rc = put_control(spool, txn, &pairs[i].entry, pairs[i].bytes);
            if (rc == STATUS_OK) {
                rc = spool_apply_order(spool, txn, pairs[i].bytes);
                rc = rc == STATUS_BUSY ? spool_put_off_orders(txn) : rc;
            }
            next = pairs[i].entry.index + 1;
        }
    }
    if (anew) {
        *done_to = next;
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* The first that can be read. */
static enum status seek_control(struct store_txn *txn, uint64_t index,
                                struct entry *entry, struct bytes *document)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    enum status rc = store_cursor_open(txn, mirror(txn), &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, index_key(index, key), &found, &value);
    }
    while (rc == STATUS_OK || rc == STATUS_CORRUPT) {
        if (rc == STATUS_OK &&
            read_control(value, entry, document) == STATUS_OK) {
            break;
        }
        rc = store_next(cursor, &found, &value);
    }
    store_cursor_close(&cursor);
    return rc;
}

/* Copies what lies in the store to where it stays. */
static enum status lend(struct spool *spool, struct bytes value,
                        struct bytes *out)
{
    enum status rc;

    buffer_clear(&spool->scratch);
    rc = buffer_append(&spool->scratch, value);
    *out = buffer_bytes(&spool->scratch);
    return rc;
}

enum status spool_control(struct spool *spool, uint64_t index,
                          struct entry *entry, struct bytes *document)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    *document = (struct bytes){NULL, 0};
    if (rc == STATUS_OK) {
        rc = seek_control(txn, index, entry, &value);
    }
    if (rc == STATUS_OK) {
        rc = lend(spool, value, document);
    }
    spool_end_read(spool, &txn);
    return rc;
}

/* ---- what is given back ---- */

/* The first receipt at or behind the place that can be read. */
static enum status receipt_from(struct store_txn *txn, uint32_t ordinal,
                                uint64_t seq, struct entry *entry)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    enum status rc =
        store_cursor_open(txn, spool_own(txn, SPOOL_TABLE_RECEIPTS), &cursor);

    if (rc == STATUS_OK) {
        rc = store_seek(cursor, spool_key_place(ordinal, seq, key), &found,
                        &value);
    }
    while (rc == STATUS_OK || rc == STATUS_CORRUPT) {
        if (rc == STATUS_OK && entry_read(value, entry) == STATUS_OK) {
            break;
        }
        rc = store_next(cursor, &found, &value);
    }
    store_cursor_close(&cursor);
    return rc == STATUS_OK && entry->epoch_ordinal != ordinal ? STATUS_NOT_FOUND
                                                              : rc;
}

/* The first receipt of the epoch whose index is not below `index`: they grow
 * with the sequence. STATUS_NOT_FOUND. */
static enum status receipt_in_epoch(struct store_txn *txn, uint32_t ordinal,
                                    uint64_t sealed, uint64_t index,
                                    struct entry *entry)
{
    uint64_t low = 1;
    uint64_t high = sealed + 1; /* none at or behind it */
    enum status rc = STATUS_OK;

    while (rc == STATUS_OK && low < high) {
        uint64_t middle = low + (high - low) / 2;

        rc = receipt_from(txn, ordinal, middle, entry);
        if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && //
                                       entry->index >= index)) {
            high = middle;
            rc = STATUS_OK;
        } else if (rc == STATUS_OK) {
            low = entry->first_seq + entry->count;
        }
    }
    return rc == STATUS_OK ? receipt_from(txn, ordinal, low, entry) : rc;
}

static enum status seek_receipt(struct store_txn *txn, uint64_t index,
                                struct entry *entry)
{
    struct spool_identity identity;
    enum status rc = spool_get_identity(txn, &identity);
    enum status found = STATUS_NOT_FOUND;

    for (uint32_t ordinal = 1; rc == STATUS_OK && found == STATUS_NOT_FOUND &&
                               ordinal <= identity.epoch_ordinal;
         ordinal++) {
        struct spool_epoch epoch;

        rc = spool_get_epoch(txn, ordinal, &epoch);
        if (rc == STATUS_NOT_FOUND) {
            rc = STATUS_OK; /* of another machine of this office */
        } else if (rc == STATUS_OK) {
            found = receipt_in_epoch(txn, ordinal, epoch.sealed, index, entry);
        }
    }
    return rc == STATUS_OK ? found : rc;
}

/* What was erased or is damaged has no bytes to give. */
static enum status batch_of(struct store_txn *txn, const struct entry *entry,
                            struct bytes *bytes)
{
    struct batch_header header;
    struct digest digest;
    enum status rc = spool_get_batch(txn, entry->epoch_ordinal,
                                     entry->first_seq, &header, bytes);

    if (rc == STATUS_OK) {
        digest_bytes(*bytes, &digest);
        rc = digest_equal(&digest, &entry->digest) ? STATUS_OK : STATUS_CORRUPT;
    }
    if (rc == STATUS_CORRUPT || rc == STATUS_NOT_FOUND) {
        *bytes = (struct bytes){NULL, 0};
        rc = STATUS_OK;
    }
    return rc;
}

enum status spool_pair(struct spool *spool, uint64_t index, struct entry *entry,
                       struct bytes *bytes)
{
    struct store_txn *txn = NULL;
    struct entry receipt;
    struct bytes value = {NULL, 0};
    bool has_receipt = false;
    enum status rc = spool_begin_read(spool, &txn);

    *bytes = (struct bytes){NULL, 0};
    if (rc == STATUS_OK) {
        rc = seek_receipt(txn, index, &receipt);
        has_receipt = rc == STATUS_OK;
    }
    if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
        rc = seek_control(txn, index, entry, &value);
    }
    if (has_receipt &&
        (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && //
                                    receipt.index < entry->index))) {
        *entry = receipt;
        rc = batch_of(txn, entry, &value);
    }
    if (rc == STATUS_OK) {
        rc = lend(spool, value, bytes);
    }
    spool_end_read(spool, &txn);
    return rc;
}
