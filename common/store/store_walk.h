/* store_walk - a look at every page of a store's trees before LMDB trusts them.
 *
 * Flow     store_open() -> [store_walk] -> the tables are used
 * Owns     nothing; reads the file beside LMDB.
 * Threads  the one that opens the store.
 * Limits   STORE_WALK_LEAVES_MAX leaves, and STORE_WALK_HEADS_MAX first pages
 *          of values that lie on pages of their own. Of a table that has more,
 *          the former or the latter are not looked at. With a `look` in the
 *          options all are.
 *
 * LMDB believes what a page says. A flipped bit in a tree can end the program
 * inside LMDB, hide what is stored, or, in the list of free pages, let the next
 * commit write over what is in use. So before that: every page is of its
 * tree's kind and depth, its nodes fill it exactly, keys are in order and
 * within their branch, no page is used twice or both used and free, and each
 * table has as many entries as it says. A value that does not have its hash is
 * only named: it stops nobody who does not read it.
 *
 * Pages that are neither used nor free are lost room, and no damage.
 */
#ifndef TALLYLINE_STORE_WALK_H
#define TALLYLINE_STORE_WALK_H

#include <stdint.h>

#include "common/base/status.h"
#include "common/store/store.h"

#define STORE_WALK_LEAVES_MAX UINT64_C(65536)
#define STORE_WALK_HEADS_MAX  UINT64_C(4096)

/* Looks at the state that transaction `txn` has left, which a reader must hold
 * meanwhile. STATUS_CORRUPT with the page and what is wrong in the log;
 * STATUS_AGAIN: its meta page is gone, for another process has committed
 * twice; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status store_walk(const struct store_options *options, int fd,
                                uint64_t txn);

#endif
