/* ledger_move - how bytes leave the ledger's store: to cold files, or for good.
 *
 * Flow     cold_move, audit erase -> [ledger_move] -> store, cold files
 * Owns     nothing; the ledger is the caller's, opened for writing, and no
 *          group is open.
 * Threads  the ledger's writer.
 *
 * Invariants
 *   I5  bytes leave the store in one transaction with the rows that say where
 *       they are now.
 */
#ifndef TALLYLINE_LEDGER_MOVE_H
#define TALLYLINE_LEDGER_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/cold.h"
#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_moved.h"
#include "common/base/status.h"

/* The folder of its cold files; valid as long as the ledger. */
const char *ledger_cold_folder(const struct ledger *ledger);
/* Where the bytes of the entry went. STATUS_NOT_FOUND: they are in the store,
 * or nowhere; STATUS_CORRUPT. */
MUST_USE enum status ledger_where(const struct ledger_snapshot *snapshot,
                                  const struct entry *entry,
                                  struct moved *moved);

/* Whether the row of a cold file is of that entry. */
bool ledger_is_row(const struct entry *entry, const struct cold_row *row);
/* Takes the batches that the cold file `file` holds out of the store; entry
 * `control` says so, and the file is durable. What was moved or erased before
 * stays so; of what was erased the place in the file is noted, to be
 * overwritten. STATUS_FULL, STATUS_IO, STATUS_CORRUPT: nothing was moved. */
MUST_USE enum status ledger_move_cold(struct ledger *ledger, uint64_t control,
                                      uint32_t file,
                                      const struct cold_row rows[],
                                      uint32_t count);

/* Whether something was erased of which the files may still hold bytes. */
MUST_USE enum status ledger_to_overwrite(struct ledger *ledger, bool *wanted);
/* Overwrites it: in the cold files, and in what the store's file has free.
 * `last` says that no process which had the ledger open before this one is
 * still alive: then there is nothing left to be done later. STATUS_BUSY:
 * somebody reads an earlier state, or another collector has the folder of the
 * cold files; STATUS_AWAY, STATUS_CORRUPT: a cold file is missing or damaged:
 * again later. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status ledger_overwrite(struct ledger *ledger, bool last);
/* In the cold files alone, whose folder is the caller's (cold_own). */
MUST_USE enum status ledger_overwrite_cold(struct ledger *ledger);

/* Erases from a copy of the ledger, which may be older than the order, what the
 * order erases; `index` is the order's entry in the province's ledger.
 * STATUS_NOT_FOUND: the copy has no such batch; STATUS_EXISTS: it is erased
 * there already; STATUS_FULL, STATUS_IO. */
MUST_USE enum status ledger_erase_copy(struct ledger *ledger, uint64_t index,
                                       struct bytes document);

#endif
