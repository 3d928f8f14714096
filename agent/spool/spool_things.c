#include "agent/spool/spool_things.h"

#include "agent/spool/spool_internal.h"

#include <string.h>

struct walk {
    uint32_t kind;
    spool_thing_taker *take;
    void *owner;
    bool enough;
};

static bool is_of(const struct walk *walk, struct bytes key)
{
    return key.size > 4 && bytes_get_u32(key.data) == walk->kind;
}

/* One thing of a table whose keys begin with the kind. */
static enum status give(struct walk *walk, unsigned table, struct bytes key,
                        struct bytes value)
{
    struct bytes rest = {key.data + 4, key.size - 4};
    uint64_t reference = 0;
    enum status rc = STATUS_OK;

    if (table == SPOOL_TABLE_ALIASES) {
        rc = spool_value_u64(value, &reference);
    } else if (rest.size == 8) {
        reference = bytes_get_u64(rest.data);
        rest.size = 0;
    } else {
        rc = STATUS_CORRUPT;
    }
    walk->enough = rc == STATUS_OK && !walk->take(walk->owner, reference, rest);
    return rc;
}

static enum status walk_table(struct walk *walk, struct store_txn *txn,
                              unsigned table)
{
    struct store_cursor *cursor = NULL;
    struct bytes key, value;
    uint8_t from[4];
    enum status rc = store_cursor_open(txn, table, &cursor);

    bytes_put_u32(from, walk->kind);
    if (rc == STATUS_OK) {
        rc =
            store_seek(cursor, (struct bytes){from, sizeof from}, &key, &value);
    }
    while (rc == STATUS_OK && is_of(walk, key) && !walk->enough) {
        rc = give(walk, table, key, value);
        if (rc == STATUS_OK) {
            rc = store_next(cursor, &key, &value);
        }
    }
    store_cursor_close(&cursor);
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status spool_things(struct spool *spool, uint32_t kind,
                         spool_thing_taker *take, void *owner)
{
    struct walk walk = {.kind = kind, .take = take, .owner = owner};
    struct store_txn *txn = NULL;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = walk_table(&walk, txn, SPOOL_TABLE_ALIASES);
    }
    if (rc == STATUS_OK && !walk.enough) {
        rc = walk_table(&walk, txn, SPOOL_TABLE_REFERENCES);
    }
    spool_end_read(spool, &txn);
    return rc;
}
