/* chains - which events correct which, over a whole ledger.
 *
 * Flow     ledger -> [chains] -> audit log, audit show
 * Owns     its table, and the batches that it looks events up in.
 * Threads  one.
 * Limits   CHAINS_MAX corrections; CHAIN_STEPS_MAX versions one behind the
 *          other. What names itself in a circle has no first version.
 *
 * What corrects an event may come at any later place, so the table is made by
 * going through all of the ledger once. It says who names whom; which of them
 * holds is the fold's to say.
 */
#ifndef TALLYLINE_COLLECTOR_CHAINS_H
#define TALLYLINE_COLLECTOR_CHAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/figures/batch_cache.h"
#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/event/event.h"

#define CHAINS_MAX      (4u << 20)
#define CHAIN_STEPS_MAX 64u

struct chains; /* opaque */

struct chains_progress {
    void *owner;
    void (*passed)(void *owner, uint64_t done, uint64_t entries);
};

/* Goes through the snapshot, which it borrows for its life. With `whole` false
 * it only looks events up: nothing is known of what corrects them. STATUS_FULL:
 * more than CHAINS_MAX corrections; STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY.
 */
MUST_USE enum status chains_new(const struct ledger_snapshot *snapshot,
                                bool whole, struct chains_progress progress,
                                struct chains **chains);
void chains_free(struct chains **chains);

/* The event and its entry. STATUS_NOT_FOUND: it has not been received. */
MUST_USE enum status chains_event(struct chains *chains, uint64_t id,
                                  struct event *event, struct entry *entry);
/* The version that the event replaces or voids; 0: it corrects none. */
uint64_t chains_parent(const struct event *event);
/* The first version of the event's chain, itself if it corrects none. 0 when
 * that has not been received, or the chain is longer than CHAIN_STEPS_MAX. */
MUST_USE enum status chains_root(struct chains *chains, uint64_t id,
                                 const struct event *event, uint64_t *root);
/* Correction `place` of that version, by id; 0 behind the last. */
uint64_t chains_child(const struct chains *chains, uint64_t parent,
                      size_t place);

#endif
