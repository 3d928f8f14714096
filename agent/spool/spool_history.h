/* spool_history - an office's own past, come back to a new machine.
 *
 * Flow     province -> [spool_history] -> events, batches, receipts of old
 *          epochs
 * Owns     nothing beside the spool.
 * Threads  one, as the spool.
 * Limits   SPOOL_KEEP_PERCENT of the room: the past must not keep an office
 *          from recording.
 *
 * A machine that took the place of a lost one writes in a new epoch. What the
 * province had received from the old ones comes back in the order of the
 * ledger, and is kept as it was: received batches with their events and
 * receipts. Keys of imported rows come back with it, so that the same sheet
 * adds nothing; local names of things do not, for they were never sent.
 *
 * Invariants
 *   I3  a batch is kept only behind the one that it names.
 */
#ifndef TALLYLINE_AGENT_SPOOL_HISTORY_H
#define TALLYLINE_AGENT_SPOOL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/spool/spool.h"
#include "common/format/wire.h"
#include "common/format/wire_pairs.h"

struct spool_history {
    bool wanted;     /* this machine took the place of another */
    bool done;       /* all of it is here */
    uint64_t next;   /* all below this ledger index is here */
    uint64_t events; /* that came back */
};

/* All zero for an office that lost nothing. */
MUST_USE enum status spool_history(struct spool *spool,
                                   struct spool_history *history);
/* Keeps batches of old epochs and notes that all below `done_to` is here; with
 * `count` 0 that nothing follows. What is here already is left as it is.
 * STATUS_INVALID: none of ours, or not behind the batch that it names;
 * STATUS_FULL: no room for the past. In both nothing is kept. */
MUST_USE enum status spool_keep_history(struct spool *spool,
                                        const struct wire_pair pairs[],
                                        size_t count, uint64_t done_to);

#endif
