/* cold_move - moves old batches to cold files, by the rule of collector.yaml.
 *
 * Flow     run -> [cold_move] -> cold file, control entry, ledger
 * Owns     nothing but what it remembers; the ledger and the province are
 *          borrowed.
 * Threads  the one that serves.
 * Limits   one file a step (cold.h).
 *
 * A step writes one file under NAME.new, then has the administrator's key say
 * so in a control entry, then gives it its name, then takes the batches out of
 * the store. A crash after the first leaves NAME.new, which the next start
 * removes; after the second, the next start does the rest.
 *
 * The same ties the files of a folder that outlived its ledger: whichever file
 * has the table that an entry names is that entry's. A whole file that no entry
 * names is left alone. The folder is locked as long as this lives, so that a
 * copy of the directory that leads to the same folder changes nothing in it.
 *
 * Control documents stay in the store, and so do all entries and the tree.
 *
 * Invariants
 *   I5  at each moment every batch is in the store, or in a durable file that
 *       an entry names.
 */
#ifndef TALLYLINE_COLD_MOVE_H
#define TALLYLINE_COLD_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/province/province.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/sign.h"

/* Fewer old batches than that wait for others: a file a day is no good. */
#define COLD_MOVE_LEAST 256u

struct cold_move; /* opaque */

struct cold_move_options {
    struct ledger *ledger;                 /* borrowed, as all here */
    struct province *province;             /* of that ledger */
    const struct sign_keys *administrator; /* signs the control entries */
    const struct clock *clock;
    /* Where the files are to lie; NULL or empty: beside the ledger. A symbolic
     * link beside the ledger leads there. */
    const char *folder;
    /* Whether there is a rule. Else no folder is made, and nothing is moved. */
    bool moves;
    uint32_t least; /* 0: COLD_MOVE_LEAST */
};

/* Ends all moves whose batches are still in the store and whose files are
 * there, and makes damaged tables of files anew. STATUS_EXISTS: there is a
 * folder already, and it is not the one that is wanted; STATUS_BUSY: another
 * collector has the folder; STATUS_CORRUPT, STATUS_IO, STATUS_FULL,
 * STATUS_MEMORY. */
MUST_USE enum status cold_move_open(const struct cold_move_options *options,
                                    struct cold_move **move);
void cold_move_close(struct cold_move **move);

/* Moves what was received before that moment, one file of it; `moved` says
 * whether there was enough for one: so many batches as are asked for, or as
 * many as a file has room for. STATUS_AWAY: there is no folder, or no number
 * left. Whatever status but STATUS_OK: nothing was
 * moved, or the next cold_move_open() ends it. */
MUST_USE enum status cold_move_step(struct cold_move *move, int64_t before,
                                    bool *moved);

#endif
