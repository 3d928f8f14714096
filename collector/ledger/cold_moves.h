/* cold_moves - the moves to cold files that control entries tell of, and what
 * of them is there.
 *
 * Flow     ledger, cold folder -> [cold_moves] -> cold_move, backup, status
 * Owns     the list that it gives.
 * Threads  as the snapshot.
 * Limits   COLD_FILES_MAX moves.
 *
 * A move is known by the hash of its file's table. Which file that is in this
 * directory is found by the hash, whatever its number: after a rebuilding the
 * table `moved` knows of none. And a table that is damaged is made anew from
 * the entries, for all that stands in it follows from them.
 */
#ifndef TALLYLINE_COLD_MOVES_H
#define TALLYLINE_COLD_MOVES_H

#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/cold.h"
#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/format/sign.h"

struct cold_told {
    uint64_t entry;       /* that tells of it */
    uint64_t from, to;    /* range of entries, both inclusive */
    struct digest digest; /* of the file's table */
};

struct cold_moves {
    struct cold_told *list; /* by entry */
    size_t count;
};

/* Reads all control entries. STATUS_FULL, STATUS_CORRUPT, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status cold_moves_read(const struct ledger_snapshot *snapshot,
                                     struct cold_moves *moves);
void cold_moves_free(struct cold_moves *moves);
/* The last one whose file has that hash, and the one of that entry; NULL:
 * none. */
const struct cold_told *cold_moves_find(const struct cold_moves *moves,
                                        const struct digest *digest);
const struct cold_told *cold_moves_of(const struct cold_moves *moves,
                                      uint64_t entry);

/* Gives files that an entry tells of their names, and removes what was never
 * told of; the folder is the caller's (cold_own). */
MUST_USE enum status cold_moves_settle(const char *folder,
                                       const struct cold_moves *moves);

/* In which file its batches lie. STATUS_NOT_FOUND: they are in the store;
 * STATUS_CORRUPT, STATUS_IO. */
MUST_USE enum status cold_moves_number(const struct ledger_snapshot *snapshot,
                                       const struct cold_told *told,
                                       uint32_t *number);
/* The same, and whether the file is there: STATUS_AWAY: it is not;
 * STATUS_INVALID: it has another table. */
MUST_USE enum status cold_moves_look(const struct ledger_snapshot *snapshot,
                                     const struct cold_files *files,
                                     const struct cold_told *told,
                                     uint32_t *number);
/* Makes the table of a file anew. STATUS_CORRUPT: it does not come out as it
 * was; STATUS_AWAY, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status cold_moves_mend(const struct ledger_snapshot *snapshot,
                                     const char *folder,
                                     const struct cold_told *told,
                                     uint32_t number);

#endif
