/* Failure modes: a row that is not one, an order whose entry or document is
 * not where it should be: STATUS_CORRUPT. */
#include "collector/ledger/ledger_moved.h"

#include "collector/ledger/ledger_tables.h"
#include "common/format/contribution.h"

#include <string.h>

#define MOVED_VERSION 1u
#define MOVED_BYTES   26u
#define COPY_KEY      (DIGEST_BYTES + 1u)

static const uint8_t overwrite_key[] = {'o', 'v', 'e', 'r', 'w',
                                        'r', 'i', 't', 'e'};

static struct bytes key_of(const struct digest *digest)
{
    return (struct bytes){digest->bytes, DIGEST_BYTES};
}

static struct bytes copy_key(const struct digest *digest, uint8_t key[COPY_KEY])
{
    memcpy(key, digest->bytes, DIGEST_BYTES);
    key[DIGEST_BYTES] = 1;
    return (struct bytes){key, COPY_KEY};
}

static enum status read_row(struct bytes value, struct moved *moved)
{
    if (value.size != MOVED_BYTES || value.data[0] != MOVED_VERSION ||
        value.data[1] < MOVED_COLD || value.data[1] > MOVED_ERASED) {
        return STATUS_CORRUPT;
    }
    *moved = (struct moved){.kind = (enum moved_kind)value.data[1],
                            .control = bytes_get_u64(value.data + 2),
                            .file = bytes_get_u32(value.data + 10),
                            .offset = bytes_get_u64(value.data + 14),
                            .size = bytes_get_u32(value.data + 22)};
    return STATUS_OK;
}

enum status moved_get(struct store_txn *txn, const struct digest *digest,
                      struct moved *moved)
{
    struct bytes value;
    enum status status = store_get(txn, TABLE_MOVED, key_of(digest), &value);

    return status == STATUS_OK ? read_row(value, moved) : status;
}

enum status moved_put(struct store_txn *txn, const struct digest *digest,
                      const struct moved *moved)
{
    uint8_t value[MOVED_BYTES];
    enum status status;

    value[0] = MOVED_VERSION;
    value[1] = (uint8_t)moved->kind;
    bytes_put_u64(value + 2, moved->control);
    bytes_put_u32(value + 10, moved->file);
    bytes_put_u64(value + 14, moved->offset);
    bytes_put_u32(value + 22, moved->size);
    status = store_put_reserved(txn, TABLE_MOVED, key_of(digest),
                                (struct bytes){value, sizeof value});
    if (status == STATUS_OK) {
        status = moved->kind == MOVED_ERASED
                     ? store_erase(txn, TABLE_BYTES, key_of(digest))
                     : store_delete(txn, TABLE_BYTES, key_of(digest));
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status moved_next(struct store_txn *txn, const struct digest *after,
                       struct digest *digest, struct moved *moved)
{
    struct store_cursor *cursor = NULL;
    struct bytes found = {0};
    struct bytes value = {0};
    enum status status = store_cursor_open(txn, TABLE_MOVED, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, key_of(after), &found, &value);
    }
    while (status == STATUS_OK &&
           (found.size != DIGEST_BYTES ||
            memcmp(found.data, after->bytes, DIGEST_BYTES) == 0)) {
        status = store_next(cursor, &found, &value);
    }
    if (status == STATUS_OK) {
        memcpy(digest->bytes, found.data, DIGEST_BYTES);
        status = read_row(value, moved);
    }
    store_cursor_close(&cursor);
    return status;
}

/* ---- erasure orders ---- */

/* The batch that the order names. STATUS_NOT_FOUND: it is not here. */
static enum status find_batch(struct store_txn *txn,
                              const struct control_erasure_order *order,
                              struct entry *entry)
{
    struct entry last;
    enum status status = tables_last_entry(txn, &last);

    if (status != STATUS_OK) {
        return status;
    }
    if (order->index > last.index) {
        return STATUS_NOT_FOUND;
    }
    status = tables_get_entry(txn, order->index, entry);
    if (status == STATUS_OK &&
        (entry->kind != ENTRY_BATCH ||
         !digest_equal(&entry->digest, &order->digest))) {
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* Where it lay before, if in a cold file, stays in the row. */
static enum status erase(struct store_txn *txn, uint64_t index,
                         const struct entry *entry)
{
    struct moved moved = {.kind = MOVED_ERASED};
    enum status status = moved_get(txn, &entry->digest, &moved);

    if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    moved.kind = MOVED_ERASED;
    moved.control = index;
    if (status == STATUS_OK) {
        status = moved_put(txn, &entry->digest, &moved);
    }
    if (status == STATUS_OK) {
        status = moved_want_overwritten(txn);
    }
    return status;
}

/* Reads the document; NULL for one of another kind. Who appends or reads an
 * entry has checked whose signature it bears. */
static enum status read_order(struct bytes document, struct control **order)
{
    enum status status = control_open(document, NULL, order);

    if (status == STATUS_OK && (*order)->kind != CONTROL_ERASURE_ORDER) {
        control_free(order);
    }
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

enum status moved_apply(struct store_txn *txn, uint64_t index,
                        struct bytes document)
{
    struct control *order = NULL;
    struct moved moved;
    struct entry entry;
    uint8_t key[COPY_KEY];
    enum status status = read_order(document, &order);

    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    status = find_batch(txn, &order->erasure_order, &entry);
    if (status == STATUS_OK) {
        status = moved_get(txn, &entry.digest, &moved);
        /* The first order holds; the same one that comes back is that one. */
        if (status == STATUS_OK && moved.kind == MOVED_ERASED &&
            moved.control < index) {
            goto out;
        }
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if (status == STATUS_OK) {
        status = erase(txn, index, &entry);
    }
    if (status == STATUS_OK) {
        status = store_delete(txn, TABLE_MOVED, copy_key(&entry.digest, key));
    }
out:
    control_free(&order);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status moved_apply_copy(struct store_txn *txn, uint64_t index,
                             struct bytes document)
{
    struct control *order = NULL;
    struct moved moved;
    struct entry entry;
    uint8_t key[COPY_KEY];
    enum status status = read_order(document, &order);

    if (status != STATUS_OK || order == NULL) {
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    }
    status = find_batch(txn, &order->erasure_order, &entry);
    if (status == STATUS_OK) {
        status = moved_get(txn, &entry.digest, &moved);
        if (status == STATUS_OK && moved.kind == MOVED_ERASED) {
            status = STATUS_EXISTS;
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK) {
        status = erase(txn, index, &entry);
    }
    if (status == STATUS_OK) {
        status = store_put_reserved(txn, TABLE_MOVED,
                                    copy_key(&entry.digest, key), document);
    }
    control_free(&order);
    return status;
}

enum status moved_judge(struct store_txn *txn, struct bytes document)
{
    struct control *order = NULL;
    struct moved moved;
    struct entry entry;
    enum status status = read_order(document, &order);

    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    status = find_batch(txn, &order->erasure_order, &entry);
    if (status == STATUS_OK &&
        !contribution_fits(order->erasure_order.contribution, &entry)) {
        status = STATUS_NOT_FOUND;
    }
    control_free(&order);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_INVALID : status;
    }
    status = moved_get(txn, &entry.digest, &moved);
    if (status == STATUS_OK && moved.kind == MOVED_ERASED) {
        return STATUS_EXISTS;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status moved_order(struct store_txn *txn, const struct digest *digest,
                        struct bytes *document, uint64_t *index)
{
    struct moved moved;
    struct entry entry;
    uint8_t key[COPY_KEY];
    enum status status = moved_get(txn, digest, &moved);

    if (status != STATUS_OK || moved.kind != MOVED_ERASED) {
        return status == STATUS_OK ? STATUS_NOT_FOUND : status;
    }
    *index = moved.control;
    status = store_get(txn, TABLE_MOVED, copy_key(digest, key), document);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    /* While the ledger is rebuilt a batch may come back before its order. */
    status = tables_last_entry(txn, &entry);
    if (status == STATUS_OK && entry.index < moved.control) {
        return STATUS_AWAY;
    }
    if (status == STATUS_OK) {
        status = tables_get_entry(txn, moved.control, &entry);
    }
    if (status == STATUS_OK && entry.kind != ENTRY_CONTROL) {
        status = STATUS_CORRUPT;
    }
    return status == STATUS_OK ? tables_get_bytes(txn, &entry, document)
                               : status;
}

/* ---- what the file still holds ---- */

enum status moved_to_overwrite(struct store_txn *txn, bool *wanted)
{
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_MOVED,
                  (struct bytes){overwrite_key, sizeof overwrite_key}, &value);

    *wanted = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status moved_want_overwritten(struct store_txn *txn)
{
    return store_put_reserved(
        txn, TABLE_MOVED, (struct bytes){overwrite_key, sizeof overwrite_key},
        (struct bytes){0});
}

enum status moved_overwritten(struct store_txn *txn)
{
    return store_delete(txn, TABLE_MOVED,
                        (struct bytes){overwrite_key, sizeof overwrite_key});
}
