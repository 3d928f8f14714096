/* spool_backup - what the province has backed up, and what may go for it.
 *
 * Flow     backup mark -> [spool_backup] -> room in the spool
 * Owns     nothing beside the spool.
 * Threads  one, as the spool.
 * Limits   SPOOL_REMOVE_MAX events of one transaction, and the batch that
 *          passes it.
 *
 * A batch leaves with its events and its receipt when all of this holds: more
 * than the budget is used, its receipt is an entry that the province says is
 * backed up, it is the oldest one left of its epoch and not the newest, and no
 * other collector of this office is still to receive it (spool_slots.h). An
 * event of it that waits for somebody to mend it stays. Names of things,
 * numbers, and the keys of imported rows never leave.
 *
 * Invariants
 *   I7  nothing behind the mark is removed, nothing within the budget,
 *       nothing without a mark, and nothing that another collector lacks.
 */
#ifndef TALLYLINE_AGENT_SPOOL_BACKUP_H
#define TALLYLINE_AGENT_SPOOL_BACKUP_H

#include <stdint.h>

#include "agent/spool/spool.h"

#define SPOOL_REMOVE_MAX 2048u
/* Of the room that there is: the budget when none is configured, and never
 * more than it, so that room is made before events are refused. */
#define SPOOL_KEEP_PERCENT 75u

/* The province has backed up every entry below `up_to`; 0: it says nothing (any
 * more). */
MUST_USE enum status spool_set_backup(struct spool *spool, uint64_t up_to);

struct spool_backup {
    uint64_t up_to;     /* entries below it are backed up; 0: none */
    uint64_t backed_up; /* events here that are */
    uint64_t removed;   /* events that were, and are not here any more */
    uint64_t kept_from; /* id from which on all are here; 0: nothing went */
};
MUST_USE enum status spool_backup(struct spool *spool,
                                  struct spool_backup *backup);

/* True for an event of this office that was removed. */
MUST_USE enum status spool_was_removed(struct spool *spool, uint64_t id,
                                       bool *removed);
/* The first seq of the current epoch that is here, or will be. */
MUST_USE enum status spool_first_kept(struct spool *spool, uint64_t *seq);
/* The digest of the batch that ends just before `next_seq` of the current
 * epoch, removed or not; zero for the first. STATUS_NOT_FOUND: none ends
 * there. STATUS_REFUSED: what lies there was removed. */
MUST_USE enum status spool_past(struct spool *spool, uint64_t next_seq,
                                struct digest *digest);

/* Removes the oldest batches that may go, until no more than `keep_bytes` (0:
 * SPOOL_KEEP_PERCENT) are used or the transaction is large enough; `events`
 * gets how many went. STATUS_NOT_FOUND: nothing is to go, or nothing may. */
MUST_USE enum status spool_make_room(struct spool *spool, uint64_t keep_bytes,
                                     uint64_t *events);

#endif
