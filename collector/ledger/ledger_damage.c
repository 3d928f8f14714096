#include "collector/ledger/ledger_damage.h"

#include <string.h>

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"

#define RECORD_VERSION 1u
#define INDEX_BYTES    8u
#define DAMAGE_BYTES   (1u + 1u + 8u)
#define SCRUBBED_BYTES (1u + 5u * 8u)

static const uint8_t scrubbed_key[] = {'s', 'c', 'r', 'u', 'b'};

static struct bytes index_key(uint64_t index, uint8_t key[INDEX_BYTES])
{
    bytes_put_u64(key, index);
    return (struct bytes){key, INDEX_BYTES};
}

/* ---- writing ---- */

static enum status put(struct ledger *ledger, struct bytes key,
                       struct bytes value)
{
    check(ledger->txn != NULL);
    if (ledger->lost == STATUS_OK) {
        ledger->lost =
            store_put_reserved(ledger->txn, TABLE_DAMAGE, key, value);
        ledger->touched = true;
    }
    return ledger->lost;
}

enum status ledger_keep_damage(struct ledger *ledger,
                               const struct ledger_damage *damage)
{
    uint8_t value[DAMAGE_BYTES] = {RECORD_VERSION, (uint8_t)damage->what};
    uint8_t key[INDEX_BYTES];

    bytes_put_u64(value + 2, (uint64_t)damage->found_at);
    return put(ledger, index_key(damage->index, key),
               (struct bytes){value, sizeof value});
}

enum status ledger_drop_damage(struct ledger *ledger, uint64_t index)
{
    uint8_t key[INDEX_BYTES];
    enum status status = ledger->lost;

    check(ledger->txn != NULL);
    if (status == STATUS_OK) {
        status = store_delete(ledger->txn, TABLE_DAMAGE, index_key(index, key));
        ledger->touched = true;
        ledger->lost = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return ledger->lost;
}

enum status ledger_keep_scrubbed(struct ledger *ledger,
                                 const struct ledger_scrubbed *scrubbed)
{
    uint8_t value[SCRUBBED_BYTES] = {RECORD_VERSION};

    bytes_put_u64(value + 1, (uint64_t)scrubbed->began_at);
    bytes_put_u64(value + 9, (uint64_t)scrubbed->ended_at);
    bytes_put_u64(value + 17, scrubbed->entries);
    bytes_put_u64(value + 25, scrubbed->bytes);
    bytes_put_u64(value + 33, scrubbed->found);
    return put(ledger, (struct bytes){scrubbed_key, sizeof scrubbed_key},
               (struct bytes){value, sizeof value});
}

enum status ledger_mend_node(struct ledger *ledger, unsigned level,
                             uint64_t index)
{
    struct ledger_tree tree = {.txn = ledger->txn, .from_entries = true};
    struct merkle_source source = ledger_tree_source(&tree);
    struct digest hash;
    enum status status = ledger->lost;

    check(ledger->txn != NULL);
    if (status != STATUS_OK) {
        return status;
    }
    status =
        source.node(source.context, level * LEDGER_TREE_HEIGHT, index, &hash);
    if (status != STATUS_OK) {
        return status; /* an entry is damaged; the group is not lost */
    }
    ledger->lost = ledger_tree_put(ledger->txn, level, index, &hash);
    ledger->touched = true;
    return ledger->lost;
}

/* ---- reading ---- */

static bool read_damage(struct bytes key, struct bytes value,
                        struct ledger_damage *damage)
{
    if (key.size != INDEX_BYTES || value.size != DAMAGE_BYTES ||
        value.data[0] != RECORD_VERSION ||
        (value.data[1] != SCRUB_BYTES && value.data[1] != SCRUB_ENTRY)) {
        return false;
    }
    *damage = (struct ledger_damage){
        .index = bytes_get_u64(key.data),
        .what = (enum scrub_what)value.data[1],
        .found_at = (int64_t)bytes_get_u64(value.data + 2)};
    return true;
}

/* What a newer program wrote, and a row that is damaged itself, is passed by:
 * the next scrub finds again what is still there. */
enum status ledger_next_damage(const struct ledger_snapshot *snapshot,
                               uint64_t from, struct ledger_damage *damage)
{
    struct store_cursor *cursor = NULL;
    uint8_t first[INDEX_BYTES];
    struct bytes value;
    struct bytes key;
    enum status status =
        store_cursor_open(snapshot->txn, TABLE_DAMAGE, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, index_key(from, first), &key, &value);
    }
    while (status == STATUS_CORRUPT ||
           (status == STATUS_OK && !read_damage(key, value, damage))) {
        status = store_next(cursor, &key, &value);
    }
    store_cursor_close(&cursor);
    return status;
}

enum status ledger_scrubbed(const struct ledger_snapshot *snapshot,
                            struct ledger_scrubbed *scrubbed)
{
    struct bytes value;
    enum status status =
        store_get(snapshot->txn, TABLE_DAMAGE,
                  (struct bytes){scrubbed_key, sizeof scrubbed_key}, &value);

    *scrubbed = (struct ledger_scrubbed){0};
    if (status == STATUS_CORRUPT ||
        (status == STATUS_OK &&
         (value.size != SCRUBBED_BYTES || value.data[0] != RECORD_VERSION))) {
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        scrubbed->began_at = (int64_t)bytes_get_u64(value.data + 1);
        scrubbed->ended_at = (int64_t)bytes_get_u64(value.data + 9);
        scrubbed->entries = bytes_get_u64(value.data + 17);
        scrubbed->bytes = bytes_get_u64(value.data + 25);
        scrubbed->found = bytes_get_u64(value.data + 33);
    }
    return status;
}

/* Behind the last key that was looked at. */
static enum status go_on(struct store_cursor *cursor,
                         const struct ledger_owner_search *search,
                         struct bytes *key, struct bytes *value)
{
    struct bytes last = {search->key, search->size};
    enum status status = store_seek(cursor, last, key, value);

    if (search->size > 0 && (status == STATUS_OK || status == STATUS_CORRUPT) &&
        bytes_equal(*key, last)) {
        status = store_next(cursor, key, value);
    }
    return status;
}

/* The next row that names the entry, of at most LEDGER_OWNER_ROWS. */
static enum status walk(struct store_cursor *cursor,
                        struct ledger_owner_search *search, uint32_t *agent)
{
    struct bytes value;
    struct bytes key;
    enum status status = go_on(cursor, search, &key, &value);

    for (uint32_t i = 0; status == STATUS_OK || status == STATUS_CORRUPT; i++) {
        if (status == STATUS_OK && value.size == INDEX_BYTES &&
            bytes_get_u64(value.data) == search->index) {
            *agent = bytes_get_u32(key.data);
            return STATUS_OK;
        }
        if (i + 1 == LEDGER_OWNER_ROWS && key.size <= sizeof search->key) {
            memcpy(search->key, key.data, key.size);
            search->size = key.size;
            return STATUS_AGAIN;
        }
        status = store_next(cursor, &key, &value);
    }
    return status;
}

/* By the table that leads to it: that of the controls, or of the positions. */
enum status ledger_owner(const struct ledger_snapshot *snapshot, uint64_t index,
                         struct ledger_owner_search *search, uint32_t *agent)
{
    struct store_cursor *cursor = NULL;
    uint8_t control[INDEX_BYTES];
    struct bytes value;
    enum status status = store_get(snapshot->txn, TABLE_CONTROLS,
                                   index_key(index, control), &value);

    *agent = 0;
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    if (search->index != index) {
        *search = (struct ledger_owner_search){.index = index};
    }
    status = store_cursor_open(snapshot->txn, TABLE_POSITIONS, &cursor);
    if (status == STATUS_OK) {
        status = walk(cursor, search, agent);
    }
    store_cursor_close(&cursor);
    if (status != STATUS_AGAIN) {
        search->size = 0;
    }
    return status;
}
