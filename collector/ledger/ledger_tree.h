/* ledger_tree - the tree over the entries, as it lies in the store.
 *
 * Flow     ledger, snapshots -> [ledger_tree] -> store
 * Owns     nothing; table `tree` is written here alone.
 * Threads  as the transaction it is given.
 * Limits   LEDGER_TREE_STEP entries a transaction while it catches up.
 *
 * Kept is one level in LEDGER_TREE_HEIGHT, the complete nodes of it: level 1
 * over 256 entries, level 2 over 65,536, and so on. Leaves follow from the
 * entries, and what lies between two kept levels from at most 256 hashes below.
 *
 *   key    level 1, index of the node 8
 *   value  SHA-256 32
 *
 * A node is put by the transaction that puts the entry which completes it. One
 * that is not there is made of what lies below, so an older ledger, or one
 * whose tree stands still, has the same roots and proofs, only slower; one that
 * is there and damaged is STATUS_CORRUPT.
 */
#ifndef TALLYLINE_LEDGER_TREE_H
#define TALLYLINE_LEDGER_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/merkle.h"
#include "common/store/store.h"

#define LEDGER_TREE_HEIGHT 8u
#define LEDGER_TREE_WIDTH  256u /* of 2^LEDGER_TREE_HEIGHT nodes each is made */
#define LEDGER_TREE_STEP   65536u

struct ledger_tree {
    struct store_txn *txn;
    bool from_entries; /* makes every node of the entries */
};

/* `tree` is borrowed as long as the source is used. */
struct merkle_source ledger_tree_source(struct ledger_tree *tree);

/* One node of a kept level. STATUS_NOT_FOUND: it is not there. */
MUST_USE enum status ledger_tree_node(struct store_txn *txn, unsigned level,
                                      uint64_t index, struct digest *hash);
/* Puts it, or puts it right. */
MUST_USE enum status ledger_tree_put(struct store_txn *txn, unsigned level,
                                     uint64_t index, const struct digest *hash);

/* What the next entry is pushed on. A damaged node is passed by, which takes
 * long; STATUS_CORRUPT: an entry is damaged. */
MUST_USE enum status ledger_tree_read(struct store_txn *txn, uint64_t size,
                                      struct merkle_frontier *frontier);
/* Adds an entry and puts the nodes that it completes. */
MUST_USE enum status ledger_tree_push(struct store_txn *txn,
                                      struct merkle_frontier *frontier,
                                      const struct entry *entry);

/* Adds what the tree lacks, in several transactions, and makes the store one
 * of format LEDGER_FORMAT. `stands`: it cannot, for an entry is damaged or
 * there is no room; the next opening tries again. */
MUST_USE enum status ledger_tree_catch_up(struct store *store, const char *path,
                                          bool *stands);

#endif
