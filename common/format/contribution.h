/* contribution - what is left of a batch that is erased by order.
 *
 * Flow     batch -> [contribution] -> erasure order -> ledger -> fold
 * Owns     nothing between calls.
 * Threads  any; the judge and the codec belong to the caller's.
 * Limits   BATCH_BYTES_MAX bytes, so that an order always fits a document;
 *          CONTRIBUTION_INDEX_MAX: entries beyond cannot be erased.
 *
 * A contribution is a batch by form (batch.h): the header of the erased one
 * and as many events under the same ids, signed with the administrator's key
 * instead of the office's. Of each event stays what is counted: type, day,
 * units, office, programme, values, quantities, and which event it corrects.
 *
 * Taken away are the role, the document, the row's key, and what no schema
 * knows. `recorded_at` is when the province received it. A reference becomes
 * one of agent 0 with an epoch, which no office gives out: the same thing
 * within the batch keeps one name, and nothing else has it. Rows of the batch
 * that were one row share a key made of the entry's index.
 *
 * An event that did not count by itself, and never will, leaves an empty
 * place, and so does one of a type that this program does not know: which of
 * its fields name things nobody can say. One that counts
 * and has no room leaves another, which says so: then no figure is exact.
 *
 * Invariants
 *   I4   what is left is judged as the whole event was.
 *   I9   nothing of what is left names a thing or a document.
 */
#ifndef TALLYLINE_COMMON_CONTRIBUTION_H
#define TALLYLINE_COMMON_CONTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/fold/fold.h"
#include "common/format/batch.h"
#include "common/format/entry.h"
#include "common/format/sign.h"

#define CONTRIBUTION_INDEX_MAX (UINT64_C(254) << 19)

struct contribution_of {
    struct bytes batch; /* its signature was checked when it was taken */
    const struct entry *entry;
    struct fold_judge *judge; /* of the context that the order is given in */
    /* For each event of the batch: its row was also entered in another one. */
    const bool *elsewhere;
    const struct sign_keys *administrator;
};

struct contribution_about {
    uint32_t kept;    /* events that are counted as before */
    uint32_t empty;   /* places of events that did not count */
    uint32_t lost;    /* events that counted and for which there is no room */
    uint32_t unknown; /* of types that this program does not know: what a newer
                         one would count of them is gone */
};

/* Writes the contribution to `out` (cleared first; its limit is at least
 * BATCH_BYTES_MAX). STATUS_INVALID: the batch is not that of the entry;
 * STATUS_FULL: the index is beyond the limit; STATUS_MEMORY. */
MUST_USE enum status contribution_make(struct batch_codec *codec,
                                       const struct contribution_of *of,
                                       struct buffer *out,
                                       struct contribution_about *about);

/* Whether the bytes can stand for the batch of `entry`: its header says so. */
bool contribution_fits(struct bytes contribution, const struct entry *entry);

/* Says of an event that was read from a contribution what it is; `place` is
 * what it was read from, empty where only events that counted are kept. */
void contribution_mark(struct event *event, struct bytes place);
/* Whether the event names a thing as only contributions do: for who keeps what
 * is left of events among others. */
bool contribution_names(const struct event *event);

#endif
