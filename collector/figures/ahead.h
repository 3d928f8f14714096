/* ahead - what the fold comes to next, read, unpacked and judged beforehand.
 *
 * Flow     ledger -> [ahead] -> tally -> fold
 *                    [ahead] -> registers
 * Owns     a thread, and the slots that the batches lie in.
 * Threads  two: the calls below are those of one thread, the reading is
 *          ahead's own. A slot belongs to one of them at a time and passes
 *          between them under a lock. From ahead_begin() to ahead_end() judge
 *          and registers are the thread's, and the context of the judge must
 *          stay as it is; at all other times the thread sleeps.
 * Limits   AHEAD_SLOTS batches of BATCH_EVENTS_MAX events, AHEAD_KEPT of them
 *          those that were given last; AHEAD_ENTRIES_MIN entries, for less the
 *          caller does the work itself.
 *
 * Reading a batch, judging its events and noting which things they name takes
 * as long as counting them, and needs nothing of what was counted. So while one
 * batch is counted the next is made ready, and a stretch of the ledger takes
 * little more than half the time.
 *
 * Failure modes: an entry that cannot be read is the status of the call that
 * should have given it, after all before it were given; the registers may be
 * further than what was given then, and are to be freed. Where no thread can be
 * started the caller does all the work itself.
 *
 * Invariants
 *   I4   entries are given in the ledger's order, each once, and what is given
 *        is a function of the entry and the context: nothing depends on which
 *        thread was faster.
 *   I6   what cannot be read of a batch is an event with a fault.
 *   I11  the thread stops when the slots are full.
 */
#ifndef TALLYLINE_COLLECTOR_AHEAD_H
#define TALLYLINE_COLLECTOR_AHEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/figures/registers.h"
#include "collector/ledger/ledger.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/fold/fold.h"
#include "common/format/entry.h"

#define AHEAD_SLOTS       8u
#define AHEAD_KEPT        5u
#define AHEAD_ENTRIES_MIN 2u

struct ahead; /* opaque */

/* Borrows the ledger. STATUS_MEMORY. */
MUST_USE enum status ahead_new(struct ledger *ledger, struct ahead **ahead);
void ahead_free(struct ahead **ahead);

/* Who looks at each entry as well, on the thread that reads it: it is told how
 * reading went, and of what was read the record and, checked against its hash,
 * the bytes. `readable` is false for a batch whose payload is not what its
 * header says. */
struct ahead_read {
    uint64_t index;
    enum status status;        /* of the entry, or of its bytes */
    const struct entry *entry; /* NULL: it could not be read */
    struct bytes bytes;        /* valid until the call returns */
    bool readable;
};
struct ahead_look {
    void *owner;
    /* May be NULL. False: it must not be folded, for it is not what admission
     * lets in; giving it answers STATUS_CORRUPT. */
    bool (*read)(void *owner, const struct ahead_read *read);
};

struct ahead_work { /* borrowed until ahead_end() */
    struct fold_judge *judge;
    struct registers *registers;
    uint64_t from, to; /* entries that the ledger holds; `to` is exclusive */
    struct ahead_look look;
};
/* STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status ahead_begin(struct ahead *ahead,
                                 const struct ahead_work *work);
/* Forgets what was made ready and not given. To be called after each
 * ahead_begin(). */
void ahead_end(struct ahead *ahead);

struct ahead_batch {
    struct entry entry;
    /* `entry.count` each; none unless it is a batch. */
    struct event *events; /* the registers have them */
    struct fold_result *verdicts;
};
/* Gives the next entry, waiting for it. Valid until AHEAD_KEPT more were given.
 * STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status ahead_next(struct ahead *ahead,
                                const struct ahead_batch **batch);
/* The batch of that entry if it is among the last AHEAD_KEPT given; else NULL.
 * Valid as above. */
const struct ahead_batch *ahead_find(const struct ahead *ahead, uint64_t index);

#endif
