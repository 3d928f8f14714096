/* A value is stored behind eight bytes of hash. The hash is SipHash-2-4 in two
 * steps: table and key make the key under which the value is hashed, so that a
 * value which a flipped bit has moved to another key does not fit either.
 * It guards against accidents; what guards against people is signed. */
#include "common/store/store.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/store/store_private.h"

#include <lmdb.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HASH_BYTES 8u
/* Beside key and value: the node's head and its place in the page. */
#define NODE_BYTES 24u
#define PAGE_HEAD  16u

_Static_assert(HASH_BYTES == crypto_shorthash_BYTES, "SipHash-2-4");
_Static_assert(crypto_shorthash_KEYBYTES == 16, "SipHash-2-4");

struct store_cursor {
    struct store_txn *txn;
    MDB_cursor *cursor; /* NULL: the store has no such table */
    unsigned table;
};

static void hash_value(unsigned table, struct bytes key, struct bytes value,
                       uint8_t hash[HASH_BYTES])
{
    static const uint8_t outer[16] = "tallyline store ";
    uint8_t name[1 + STORE_KEY_MAX];
    uint8_t inner[16];

    name[0] = (uint8_t)table;
    memcpy(name + 1, key.data, key.size);
    crypto_shorthash(inner, name, 1 + key.size, outer);
    memcpy(inner + HASH_BYTES, outer, HASH_BYTES);
    crypto_shorthash(hash, value.data, value.size, inner);
}

static MDB_dbi handle_of(const struct store_txn *txn, unsigned table)
{
    if (table == STORE_FORMAT_TABLE) {
        return txn->store->format_handle;
    }
    check(table < txn->store->table_count);
    return txn->store->handles[table];
}

/* The store is older than the table. */
static bool misses(const struct store_txn *txn, unsigned table)
{
    return table < txn->store->table_count && txn->store->missing[table];
}

static MDB_val key_value(struct bytes key)
{
    check(key.size >= 1 && key.size <= STORE_KEY_MAX);
    return (MDB_val){key.size, (void *)(uintptr_t)key.data};
}

bool store_value_fits(unsigned table, struct bytes key, struct bytes stored)
{
    uint8_t hash[HASH_BYTES];
    if (key.size > STORE_KEY_MAX || stored.size < HASH_BYTES) {
        return false;
    }
    hash_value(
        table, key,
        (struct bytes){stored.data + HASH_BYTES, stored.size - HASH_BYTES},
        hash);
    return memcmp(hash, stored.data, HASH_BYTES) == 0;
}

/* Takes the hash off a stored value and holds it against the rest. */
static enum status open_value(const struct store_txn *txn, unsigned table,
                              struct bytes key, MDB_val stored,
                              struct bytes *value)
{
    struct bytes whole = {stored.mv_data, stored.mv_size};
    if (store_value_fits(table, key, whole)) {
        *value =
            (struct bytes){whole.data + HASH_BYTES, whole.size - HASH_BYTES};
        return STATUS_OK;
    }
    log_error("a stored value is damaged", log_text("path", txn->store->path),
              log_number("table", table), log_hex("key", key));
    *value = (struct bytes){0};
    return STATUS_CORRUPT;
}

enum status store_get(struct store_txn *txn, unsigned table, struct bytes key,
                      struct bytes *value)
{
    MDB_val name = key_value(key);
    MDB_val stored;
    *value = (struct bytes){0};
    if (txn->failed != STATUS_OK) {
        return txn->failed;
    }
    if (misses(txn, table)) {
        return STATUS_NOT_FOUND;
    }
    int rc = mdb_get(txn->txn, handle_of(txn, table), &name, &stored);
    return rc == 0 ? open_value(txn, table, key, stored, value)
                   : store_status(rc);
}

/* What a value takes of the disk: whole pages when it is too large for a
 * node, else its share of pages that splits leave half empty. */
static uint64_t weigh(const struct store *store, size_t key, size_t value)
{
    size_t node = key + value + HASH_BYTES + NODE_BYTES;
    if (node <= store->page_size / 2) {
        return 2 * node;
    }
    size_t pages = (PAGE_HEAD + HASH_BYTES + value) / store->page_size + 1;
    return pages * store->page_size + 2 * (key + NODE_BYTES);
}

/* True when the key has a value on pages of its own. */
static bool replaces_pages(const struct store_txn *txn, MDB_dbi handle,
                           MDB_val name)
{
    MDB_val old;
    return mdb_get(txn->txn, handle, &name, &old) == 0 &&
           old.mv_size > txn->store->page_size / 4;
}

/* Free pages are counted once a transaction, and only when they matter. */
static bool has_room(struct store_txn *txn, uint64_t weight)
{
    if (txn->put + weight > txn->room && !txn->counted) {
        txn->room = store_room_below_mark(txn->store, true);
        txn->counted = true;
    }
    return txn->put + weight <= txn->room;
}

enum room {
    BELOW_MARK,
    RESERVE
};

static enum status put(struct store_txn *txn, unsigned table, struct bytes key,
                       struct bytes value, unsigned flags, enum room room)
{
    MDB_val name = key_value(key);
    MDB_val stored = {HASH_BYTES + value.size, NULL};
    uint64_t weight = weigh(txn->store, key.size, value.size);

    check(txn->write);
    if (txn->failed != STATUS_OK) {
        return txn->failed;
    }
    if (room == BELOW_MARK && !has_room(txn, weight)) {
        return STATUS_FULL; /* I6 */
    }
    if (txn->put + weight > STORE_TXN_BYTES_MAX) {
        return STATUS_AGAIN; /* I11 */
    }
    MDB_dbi handle = handle_of(txn, table);
    if (flags == 0 && replaces_pages(txn, handle, name)) {
        txn->frees = true;
    }
    int rc = mdb_put(txn->txn, handle, &name, &stored, flags | MDB_RESERVE);
    if (rc == MDB_KEYEXIST) {
        return STATUS_EXISTS;
    }
    if (rc != 0) {
        txn->failed = store_status(rc);
        return txn->failed;
    }
    uint8_t *place = stored.mv_data;
    hash_value(table, key, value, place);
    if (value.size > 0) {
        memcpy(place + HASH_BYTES, value.data, value.size);
    }
    txn->put += weight;
    txn->changes++;
    return STATUS_OK;
}

enum status store_put(struct store_txn *txn, unsigned table, struct bytes key,
                      struct bytes value)
{
    return put(txn, table, key, value, 0, BELOW_MARK);
}

enum status store_insert(struct store_txn *txn, unsigned table,
                         struct bytes key, struct bytes value)
{
    return put(txn, table, key, value, MDB_NOOVERWRITE, BELOW_MARK);
}

enum status store_append(struct store_txn *txn, unsigned table,
                         struct bytes key, struct bytes value)
{
    return put(txn, table, key, value, MDB_APPEND, BELOW_MARK);
}

enum status store_put_reserved(struct store_txn *txn, unsigned table,
                               struct bytes key, struct bytes value)
{
    return put(txn, table, key, value, 0, RESERVE);
}

enum status store_delete(struct store_txn *txn, unsigned table,
                         struct bytes key)
{
    MDB_val name = key_value(key);

    check(txn->write);
    if (txn->failed != STATUS_OK) {
        return txn->failed;
    }
    int rc = mdb_del(txn->txn, handle_of(txn, table), &name, NULL);
    if (rc == MDB_NOTFOUND) {
        return STATUS_NOT_FOUND;
    }
    if (rc != 0) {
        txn->failed = store_status(rc);
        return txn->failed;
    }
    txn->changes++;
    txn->frees = true;
    return STATUS_OK;
}

enum status store_empty(struct store_txn *txn, unsigned table)
{
    check(txn->write && txn->cursors == 0);
    if (txn->failed != STATUS_OK) {
        return txn->failed;
    }
    int rc = mdb_drop(txn->txn, handle_of(txn, table), 0);
    if (rc != 0) {
        txn->failed = store_status(rc);
        return txn->failed;
    }
    txn->changes++;
    txn->frees = true;
    return STATUS_OK;
}

/* LMDB takes a node out by moving the others over it, which may leave a part of
 * it between them: so it is made zeros first. */
enum status store_erase(struct store_txn *txn, unsigned table, struct bytes key)
{
    struct bytes value;
    enum status status = store_get(txn, table, key, &value);

    if (status != STATUS_OK && status != STATUS_CORRUPT) {
        return status;
    }
    if (status == STATUS_OK && value.size > 0 &&
        value.size < txn->store->page_size) {
        uint8_t *zeros = calloc(1, value.size);

        if (zeros == NULL) {
            return STATUS_MEMORY;
        }
        status = store_put_reserved(txn, table, key,
                                    (struct bytes){zeros, value.size});
        free(zeros);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return store_delete(txn, table, key);
}

enum status store_cursor_open(struct store_txn *txn, unsigned table,
                              struct store_cursor **cursor)
{
    *cursor = NULL;
    if (txn->failed != STATUS_OK) {
        return txn->failed;
    }
    struct store_cursor *made = malloc(sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    *made = (struct store_cursor){.txn = txn, .table = table};
    int rc =
        misses(txn, table)
            ? 0
            : mdb_cursor_open(txn->txn, handle_of(txn, table), &made->cursor);
    if (rc != 0) {
        free(made);
        return store_status(rc);
    }
    txn->cursors++;
    *cursor = made;
    return STATUS_OK;
}

void store_cursor_close(struct store_cursor **cursor)
{
    if (*cursor != NULL) {
        if ((*cursor)->cursor != NULL) {
            mdb_cursor_close((*cursor)->cursor);
        }
        (*cursor)->txn->cursors--;
        free(*cursor);
        *cursor = NULL;
    }
}

static enum status move(struct store_cursor *cursor, MDB_val name,
                        MDB_cursor_op how, struct bytes *key,
                        struct bytes *value)
{
    MDB_val stored;
    *key = (struct bytes){0};
    *value = (struct bytes){0};
    if (cursor->cursor == NULL) {
        return STATUS_NOT_FOUND;
    }
    int rc = mdb_cursor_get(cursor->cursor, &name, &stored, how);
    if (rc != 0) {
        return store_status(rc);
    }
    *key = (struct bytes){name.mv_data, name.mv_size};
    return open_value(cursor->txn, cursor->table, *key, stored, value);
}

enum status store_seek(struct store_cursor *cursor, struct bytes key,
                       struct bytes *found, struct bytes *value)
{
    if (key.size == 0) {
        return move(cursor, (MDB_val){0}, MDB_FIRST, found, value);
    }
    return move(cursor, key_value(key), MDB_SET_RANGE, found, value);
}

enum status store_next(struct store_cursor *cursor, struct bytes *key,
                       struct bytes *value)
{
    return move(cursor, (MDB_val){0}, MDB_NEXT, key, value);
}

enum status store_last(struct store_cursor *cursor, struct bytes *key,
                       struct bytes *value)
{
    return move(cursor, (MDB_val){0}, MDB_LAST, key, value);
}

enum status store_before(struct store_cursor *cursor, struct bytes key,
                         struct bytes *found, struct bytes *value)
{
    enum status status = key.size == 0 ? STATUS_NOT_FOUND
                                       : move(cursor, key_value(key),
                                              MDB_SET_RANGE, found, value);

    if (status == STATUS_NOT_FOUND) {
        return move(cursor, (MDB_val){0}, MDB_LAST, found, value);
    }
    /* What lies behind may be damaged: nobody has asked for it. */
    return status == STATUS_OK || status == STATUS_CORRUPT
               ? move(cursor, (MDB_val){0}, MDB_PREV, found, value)
               : status;
}

enum status store_count(struct store_txn *txn, unsigned table, uint64_t *count)
{
    MDB_stat about;
    *count = 0;
    if (misses(txn, table)) {
        return STATUS_OK;
    }
    int rc = mdb_stat(txn->txn, handle_of(txn, table), &about);
    if (rc == 0) {
        *count = about.ms_entries;
    }
    return store_status(rc);
}
