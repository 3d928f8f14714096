/* ahead - what the fold comes to next, read, unpacked and judged beforehand.
 *
 * Flow     ledger -> [ahead] -> tally -> fold
 *                    [ahead] -> registers
 * Owns     a thread, the slots that batches lie in, and the pieces.
 * Threads  two: the calls below are those of one thread, the reading is
 *          ahead's own. What lies in a slot or a piece is written by one of
 *          them before it passes to the other under a lock. From ahead_begin()
 *          to ahead_end() judge and registers are the thread's, and the context
 *          of the judge must stay as it is; at all other times the thread
 *          sleeps.
 * Limits   AHEAD_SLOTS entries with their bytes unpacked, AHEAD_KEPT of them
 *          those that were given last; AHEAD_PIECES pieces of
 *          AHEAD_PIECE_EVENTS decoded events; AHEAD_ENTRIES_MIN entries, for
 *          less the caller does the work itself.
 *
 * Reading a batch, judging its events and noting which things they name takes
 * as long as counting them, and needs nothing of what was counted. So while one
 * piece of a batch is counted the next is made ready, and a stretch of the
 * ledger takes little more than half the time. Pieces are small, so that what
 * one thread has written is near when the other reads it; what is kept for
 * corrections is the batch as it was unpacked, once for both.
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

#define AHEAD_SLOTS        24u
#define AHEAD_KEPT         16u
#define AHEAD_PIECES       12u
#define AHEAD_PIECE_EVENTS 256u
#define AHEAD_ENTRIES_MIN  2u

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
    /* May be NULL. Asked by either thread when it would have to wait for the
     * other: does something that can be done at any time. False: there is
     * nothing to do. */
    bool (*help)(void *owner);
};

struct ahead_work { /* borrowed until ahead_end() */
    struct fold_judge *judge;
    struct registers *registers; /* NULL: nobody asks for them */
    uint64_t from, to; /* entries that the ledger holds; `to` is exclusive */
    struct ahead_look look;
};
/* STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status ahead_begin(struct ahead *ahead,
                                 const struct ahead_work *work);
/* Forgets what was made ready and not given. To be called after each
 * ahead_begin(). */
void ahead_end(struct ahead *ahead);

struct ahead_piece {
    const struct entry *entry;
    uint32_t first, count; /* of its events; none unless it is a batch */
    bool last;             /* of the entry's pieces, of which there is one */
    struct event *events;  /* the registers have them */
    struct fold_verdict *verdicts;
};
/* Gives the next piece, waiting for it: entries in their order, and the events
 * of each in theirs. Valid until the next call. STATUS_CORRUPT, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status ahead_next(struct ahead *ahead,
                                const struct ahead_piece **piece);
/* The event at `place` of the batch at `index`, if that is among the last
 * AHEAD_KEPT given, of which one may have been given in part. False: it is not,
 * and `event` was not written. */
bool ahead_event(const struct ahead *ahead, uint64_t index, uint32_t place,
                 struct event *event);

#endif
