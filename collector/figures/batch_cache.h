/* batch_cache - the batches read last, unpacked to their events.
 *
 * Flow     ledger -> [batch_cache] -> ahead; the fold's look-ups
 * Owns     the unpacked bytes; free with batch_cache_free().
 * Threads  one.
 * Limits   BATCH_CACHE_SLOTS_MAX batches, BATCH_PAYLOAD_MAX bytes each.
 *
 * A batch was admitted without looking inside. If its payload is not exactly
 * `count` events, each of its places holds a malformed event: whoever replays
 * the ledger comes to the same.
 *
 * Invariants
 *   I6  what cannot be read is an event with a fault, never an error.
 */
#ifndef TALLYLINE_COLLECTOR_BATCH_CACHE_H
#define TALLYLINE_COLLECTOR_BATCH_CACHE_H

#include <stdbool.h>

#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/format/entry.h"

#define BATCH_CACHE_SLOTS_MAX 24u

struct batch_cache; /* opaque */
struct batch_view;  /* opaque: the events of one batch */

/* Keeps the last `slots` batches. NULL when there is no memory. */
struct batch_cache *batch_cache_new(size_t slots);
void batch_cache_free(struct batch_cache **cache);

/* Gives the batch of `entry` out of its bytes, which the caller has got from
 * the ledger. Valid until the next call. STATUS_MEMORY. */
MUST_USE enum status batch_cache_put(struct batch_cache *cache,
                                     const struct entry *entry,
                                     struct bytes batch,
                                     const struct batch_view **view);
/* The same of a batch that was erased by order: its events are what the order
 * keeps of them. STATUS_CORRUPT, STATUS_MEMORY. */
MUST_USE enum status batch_cache_put_erased(
    struct batch_cache *cache, const struct ledger_snapshot *snapshot,
    const struct entry *entry, const struct batch_view **view);
/* Gives the batch of `entry`, a batch entry of the snapshot's ledger. Valid
 * until the next call. STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status batch_cache_get(struct batch_cache *cache,
                                     const struct ledger_snapshot *snapshot,
                                     const struct entry *entry,
                                     const struct batch_view **view);
/* False: its payload is not what its header says, and all its events are
 * malformed. */
bool batch_view_readable(const struct batch_view *view);
/* Event `i` below the entry's count. */
void batch_view_event(const struct batch_view *view, uint32_t i,
                      struct event *event);

#endif
