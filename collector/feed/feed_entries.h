/* feed_entries - entries of the ledger as a subscriber gets them.
 *
 * Flow     ledger (snapshots of its own) -> [feed_entries] -> feed
 * Owns     a province of its own (the vocabulary), the batches read last.
 * Threads  one after feed_entries_open(); the writer goes on beside it.
 * Limits   FEED_EVENTS_BYTES_MAX bytes of events of one entry; above, it is
 *          given without them.
 *
 * Invariants
 *   I2  only what is committed is seen: a snapshot has nothing else.
 *   I9  events are told where the caller says so, and nowhere else; of an
 *       erased batch what is left of them.
 */
#ifndef TALLYLINE_COLLECTOR_FEED_ENTRIES_H
#define TALLYLINE_COLLECTOR_FEED_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/say.h"
#include "common/base/status.h"

#define FEED_EVENTS_BYTES_MAX (2u << 20)

struct feed_entries; /* opaque */

/* Borrows the ledger. Statuses as province_open(). */
MUST_USE enum status feed_entries_open(struct ledger *ledger,
                                       struct feed_entries **entries);
void feed_entries_close(struct feed_entries **entries);

/* Looks at the ledger as it stands now; `size` entries are there. Between the
 * two calls entries can be told; keep it short (ledger.h). Statuses as
 * ledger_snapshot_open() and province_advance(). */
MUST_USE enum status feed_entries_begin(struct feed_entries *entries,
                                        uint64_t *size);
void feed_entries_end(struct feed_entries *entries);

/* Writes the entry as an object: with what is in it, or only that it came. One
 * that cannot be read is told as such. */
void feed_entries_tell(struct feed_entries *entries, struct say *say,
                       const char *key, uint64_t index, bool events);

#endif
