/* The happy path: an entry is pushed on the frontier, and every 256th puts a
 * node or more. Catching up does the same with entries that are there already,
 * from the last kept node on; each of its transactions leaves a tree that the
 * next opening can go on from. */
#include "collector/ledger/ledger_tree.h"

#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <string.h>

#define NODE_KEY_BYTES 9u

_Static_assert(LEDGER_TREE_STEP % LEDGER_TREE_WIDTH == 0, "whole nodes");
_Static_assert(1u << LEDGER_TREE_HEIGHT == LEDGER_TREE_WIDTH, "one level");

static struct bytes node_key(unsigned level, uint64_t index,
                             uint8_t key[NODE_KEY_BYTES])
{
    key[0] = (uint8_t)level;
    bytes_put_u64(key + 1, index);
    return (struct bytes){key, NODE_KEY_BYTES};
}

enum status ledger_tree_node(struct store_txn *txn, unsigned level,
                             uint64_t index, struct digest *hash)
{
    uint8_t key[NODE_KEY_BYTES];
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_TREE, node_key(level, index, key), &value);
    if (status != STATUS_OK || value.size != DIGEST_BYTES) {
        return status == STATUS_OK ? STATUS_CORRUPT : status;
    }
    memcpy(hash->bytes, value.data, DIGEST_BYTES);
    return STATUS_OK;
}

enum status ledger_tree_put(struct store_txn *txn, unsigned level,
                            uint64_t index, const struct digest *hash)
{
    uint8_t key[NODE_KEY_BYTES];
    /* The entries below it were let in before: it goes with them. */
    return store_put_reserved(txn, TABLE_TREE, node_key(level, index, key),
                              (struct bytes){hash->bytes, DIGEST_BYTES});
}

/* ---- reading ---- */

static enum status make_node(const struct ledger_tree *tree, unsigned kept,
                             uint64_t first, unsigned height,
                             struct digest *hash);

/* The node `index` of kept level `kept`, where 0 is the leaves. */
static enum status get_node(const struct ledger_tree *tree, unsigned kept,
                            uint64_t index, struct digest *hash)
{
    if (kept == 0) {
        return tables_get_leaf(tree->txn, index, hash);
    }
    enum status status = tree->from_entries
                             ? STATUS_NOT_FOUND
                             : ledger_tree_node(tree->txn, kept, index, hash);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    return make_node(tree, kept - 1, index << LEDGER_TREE_HEIGHT,
                     LEDGER_TREE_HEIGHT, hash);
}

/* The node that lies `height` above the 2^height nodes from `first` on. As many
 * levels deep as are kept, at most MERKLE_LEVELS / LEDGER_TREE_HEIGHT. */
static enum status make_node(const struct ledger_tree *tree, unsigned kept,
                             uint64_t first, unsigned height,
                             struct digest *hash)
{
    struct merkle_frontier below;
    struct digest one;

    if (height == 0) {
        return get_node(tree, kept, first, hash);
    }
    merkle_frontier_init(&below);
    for (uint64_t i = 0; i < UINT64_C(1) << height; i++) {
        enum status status = get_node(tree, kept, first + i, &one);
        if (status != STATUS_OK) {
            return status;
        }
        merkle_frontier_push(&below, &one);
    }
    *hash = below.last[height];
    return STATUS_OK;
}

static enum status source_node(void *context, unsigned level, uint64_t index,
                               struct digest *hash)
{
    unsigned height = level % LEDGER_TREE_HEIGHT;

    return make_node(context, level / LEDGER_TREE_HEIGHT, index << height,
                     height, hash);
}

struct merkle_source ledger_tree_source(struct ledger_tree *tree)
{
    return (struct merkle_source){.node = source_node, .context = tree};
}

enum status ledger_tree_read(struct store_txn *txn, uint64_t size,
                             struct merkle_frontier *frontier)
{
    struct ledger_tree tree = {.txn = txn};
    struct merkle_source source = ledger_tree_source(&tree);
    enum status status = merkle_frontier_read(&source, size, frontier);

    if (status == STATUS_CORRUPT) {
        tree.from_entries = true;
        status = merkle_frontier_read(&source, size, frontier);
    }
    return status;
}

/* ---- writing ---- */

static enum status push(struct store_txn *txn, struct merkle_frontier *frontier,
                        const struct digest *leaf)
{
    enum status status = STATUS_OK;
    unsigned kept = 1;

    merkle_frontier_push(frontier, leaf);
    uint64_t nodes = frontier->size;
    while (nodes % LEDGER_TREE_WIDTH == 0 && status == STATUS_OK) {
        nodes /= LEDGER_TREE_WIDTH;
        status = ledger_tree_put(txn, kept, nodes - 1,
                                 &frontier->last[kept * LEDGER_TREE_HEIGHT]);
        kept++;
    }
    return status;
}

enum status ledger_tree_push(struct store_txn *txn,
                             struct merkle_frontier *frontier,
                             const struct entry *entry)
{
    uint8_t bytes[ENTRY_BYTES];
    struct digest leaf;

    check(entry->index == frontier->size);
    entry_write(entry, bytes);
    merkle_leaf((struct bytes){bytes, sizeof bytes}, &leaf);
    return push(txn, frontier, &leaf);
}

/* ---- catching up ---- */

/* How many entries lie below the last kept node of level 1: those above are
 * the ones that the tree lacks. */
static enum status count_kept(struct store_txn *txn, uint64_t *count)
{
    uint8_t key[NODE_KEY_BYTES];
    struct store_cursor *cursor = NULL;
    struct bytes found;
    struct bytes value;
    uint64_t low = 0;
    uint64_t high = UINT64_MAX / LEDGER_TREE_WIDTH;

    /* Nodes of a level follow each other from 0 on. */
    enum status status = store_cursor_open(txn, TABLE_TREE, &cursor);
    while (status == STATUS_OK && low < high) {
        uint64_t middle = low + (high - low) / 2;
        status = store_seek(cursor, node_key(1, middle, key), &found, &value);
        bool there = found.size == NODE_KEY_BYTES && found.data[0] == 1;
        if (there) {
            low = middle + 1;
        } else {
            high = middle;
        }
        if (status == STATUS_NOT_FOUND || (status == STATUS_CORRUPT && there)) {
            status = STATUS_OK; /* whether it is sound is not asked here */
        }
    }
    store_cursor_close(&cursor);
    *count = low * LEDGER_TREE_WIDTH;
    return status;
}

/* Pushes at most LEDGER_TREE_STEP entries from the frontier's size on. */
static enum status step(struct store_txn *txn, struct merkle_frontier *frontier,
                        uint64_t size)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0;
         i < LEDGER_TREE_STEP && frontier->size < size && status == STATUS_OK;
         i++) {
        struct digest leaf;
        status = tables_get_leaf(txn, frontier->size, &leaf);
        if (status == STATUS_OK) {
            status = push(txn, frontier, &leaf);
        }
    }
    return status;
}

/* One transaction. `done`: the tree has what it should, and the store says so.
 * Another process may write between two of them. */
static enum status go_on(struct store *store, const char *path, bool *done)
{
    struct merkle_frontier frontier;
    struct store_txn *txn = NULL;
    struct entry last;
    uint64_t size = 0;
    uint64_t kept = 0;

    enum status status = store_begin(store, true, &txn);
    if (status != STATUS_OK) {
        return status;
    }
    status = tables_last_entry(txn, &last);
    if (status == STATUS_OK) {
        size = last.index + 1;
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = count_kept(txn, &kept);
    }
    if (status == STATUS_OK) {
        kept =
            kept < size ? kept : size / LEDGER_TREE_WIDTH * LEDGER_TREE_WIDTH;
        status = ledger_tree_read(txn, kept, &frontier);
    }
    if (status == STATUS_OK) {
        status = step(txn, &frontier, size);
    }
    *done = status == STATUS_OK && frontier.size == size;
    if (*done && store_format(store) < LEDGER_FORMAT) {
        status = store_put_format(txn, LEDGER_FORMAT);
    }
    if (status != STATUS_OK) {
        store_abort(&txn);
        return status;
    }
    status = store_commit(&txn);
    if (status == STATUS_OK) {
        log_info("the tree over the entries grows", log_text("path", path),
                 log_number("entries", (int64_t)frontier.size),
                 log_number("of", (int64_t)size));
    }
    return status;
}

/* A sound tree of this format is left as it is, without a write. */
static enum status lacks_nothing(struct store *store, bool *complete)
{
    struct store_txn *txn = NULL;
    uint64_t size = 0;
    uint64_t kept = 0;

    enum status status = store_begin(store, false, &txn);
    if (status == STATUS_OK) {
        status = store_count(txn, TABLE_ENTRIES, &size);
    }
    if (status == STATUS_OK) {
        status = count_kept(txn, &kept);
    }
    store_abort(&txn);
    *complete = status == STATUS_OK && store_format(store) >= LEDGER_FORMAT &&
                kept >= size / LEDGER_TREE_WIDTH * LEDGER_TREE_WIDTH;
    return status;
}

enum status ledger_tree_catch_up(struct store *store, const char *path,
                                 bool *stands)
{
    bool done = false;

    *stands = false;
    enum status status = lacks_nothing(store, &done);
    while (status == STATUS_OK && !done) {
        status = go_on(store, path, &done);
    }
    if (status == STATUS_CORRUPT || status == STATUS_FULL) {
        log_error("the tree over the entries cannot be completed",
                  log_text("path", path), log_status("status", status));
        *stands = true;
        status = STATUS_OK;
    }
    return status;
}
