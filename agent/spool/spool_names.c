/* What this office calls a thing, found by its number, as somebody first wrote
 * it; `aliases` has the names as they are compared. It is written with the
 * alias, in the same transaction, so that a list of
 * events looks each thing up and walks through no names. An alias is taken or
 * refused by the room there is; its name follows it into the reserve, so that
 * a full spool of an older program still opens (I6). The names are people's
 * words: they stay in the spool (I9). */
#include "agent/spool/spool_internal.h"
#include "agent/spool/spool_things.h"

#include <string.h>

enum status spool_next_alias(struct store_txn *txn,
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

enum status spool_put_name(struct store_txn *txn, uint32_t kind,
                           uint64_t reference, struct bytes name)
{
    uint8_t key[SPOOL_KEY_MAX];

    return store_put_reserved(txn, SPOOL_TABLE_NAMES,
                              spool_key_kind(kind, reference, key), name);
}

enum status spool_drop_name(struct store_txn *txn, uint32_t kind,
                            uint64_t reference)
{
    uint8_t key[SPOOL_KEY_MAX];
    enum status rc = store_delete(txn, SPOOL_TABLE_NAMES,
                                  spool_key_kind(kind, reference, key));

    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_fill_names(struct store_txn *txn)
{
    uint8_t name[SPOOL_KEY_MAX + 1u];
    size_t size = 0;
    uint64_t reference;
    enum status rc;

    while ((rc = spool_next_alias(txn, name, &size, &reference)) == STATUS_OK) {
        rc = spool_put_name(txn, bytes_get_u32(name), reference,
                            (struct bytes){name + 4, size - 4});
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_name(struct spool *spool, uint32_t kind, uint64_t reference,
                       char name[SPOOL_ALIAS_MAX + 1u])
{
    uint8_t key[SPOOL_KEY_MAX];
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    name[0] = '\0';
    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_NAMES,
                       spool_key_kind(kind, reference, key), &value);
    }
    if (rc == STATUS_OK && (value.size == 0 || value.size > SPOOL_ALIAS_MAX)) {
        rc = STATUS_CORRUPT;
    }
    if (rc == STATUS_OK) {
        memcpy(name, value.data, value.size);
        name[value.size] = '\0';
    }
    spool_end_read(spool, &txn);
    return rc;
}
