#include "agent/spool/spool_things.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"

#include <string.h>

struct walk {
    struct store_txn *txn;
    uint32_t kind;
    struct spool_things_place *place;
    size_t looks; /* left */
    spool_thing_taker *take;
    void *owner;
    bool enough;
};

static bool is_of(const struct walk *walk, struct bytes key)
{
    return key.size > 4 && bytes_get_u32(key.data) == walk->kind;
}

/* In place of the name as it is compared. */
static enum status find_written(const struct walk *walk, uint64_t reference,
                                struct bytes *name)
{
    uint8_t key[SPOOL_KEY_MAX];
    struct bytes written;
    enum status rc =
        store_get(walk->txn, SPOOL_TABLE_NAMES,
                  spool_key_kind(walk->kind, reference, key), &written);

    if (rc == STATUS_OK) {
        *name = written;
    }
    return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* One thing of a table whose keys begin with the kind. */
static enum status give(struct walk *walk, struct bytes key, struct bytes value)
{
    struct bytes rest = {key.data + 4, key.size - 4};
    uint64_t reference = 0;
    enum status rc = STATUS_OK;

    if (!walk->place->unnamed) {
        rc = spool_value_u64(value, &reference);
        if (rc == STATUS_OK && walk->place->written) {
            rc = find_written(walk, reference, &rest);
        }
    } else if (rest.size == 8) {
        reference = bytes_get_u64(rest.data);
        rest.size = 0;
    } else {
        rc = STATUS_CORRUPT;
    }
    walk->enough = rc == STATUS_OK && !walk->take(walk->owner, reference, rest);
    return rc;
}

/* To the first key of the kind that is behind the place. */
static enum status seek(const struct walk *walk, struct store_cursor *cursor,
                        struct bytes *key, struct bytes *value)
{
    const struct spool_things_place *place = walk->place;
    struct bytes last = {place->key, place->size};
    uint8_t from[4];
    enum status rc;

    bytes_put_u32(from, walk->kind);
    rc = store_seek(cursor,
                    place->size > 0 ? last : (struct bytes){from, sizeof from},
                    key, value);
    return rc == STATUS_OK && place->size > 0 && bytes_equal(*key, last)
               ? store_next(cursor, key, value)
               : rc;
}

/* STATUS_NOT_FOUND: the table has no more of the kind. */
static enum status walk_table(struct walk *walk)
{
    struct spool_things_place *place = walk->place;
    struct store_cursor *cursor = NULL;
    struct bytes key, value;
    enum status rc = store_cursor_open(
        walk->txn,
        place->unnamed ? SPOOL_TABLE_REFERENCES : SPOOL_TABLE_ALIASES, &cursor);

    if (rc == STATUS_OK) {
        rc = seek(walk, cursor, &key, &value);
    }
    while (rc == STATUS_OK && walk->looks > 0 && !walk->enough) {
        if (!is_of(walk, key)) {
            rc = STATUS_NOT_FOUND;
            break;
        }
        if (key.size > sizeof place->key) {
            rc = STATUS_CORRUPT;
            break;
        }
        memcpy(place->key, key.data, key.size);
        place->size = key.size;
        walk->looks--;
        rc = give(walk, key, value);
        if (rc == STATUS_OK) {
            rc = store_next(cursor, &key, &value);
        }
    }
    store_cursor_close(&cursor);
    return rc;
}

enum status spool_things(struct spool *spool, uint32_t kind,
                         struct spool_things_place *place, size_t looks,
                         spool_thing_taker *take, void *owner)
{
    struct walk walk = {.kind = kind,
                        .place = place,
                        .looks = looks,
                        .take = take,
                        .owner = owner};
    enum status rc;

    check(looks > 0);
    rc = spool_begin_read(spool, &walk.txn);
    if (rc == STATUS_OK) {
        rc = walk_table(&walk);
    }
    if (rc == STATUS_NOT_FOUND && !place->unnamed && !walk.enough) {
        place->unnamed = true;
        place->size = 0;
        rc = walk.looks > 0 ? walk_table(&walk) : STATUS_OK;
    }
    spool_end_read(spool, &walk.txn);
    return rc;
}
