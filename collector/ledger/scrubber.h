/* scrubber - the scrub of a running collector: each night, on a thread of its
 * own, at a bounded rate.
 *
 * Flow     ledger -> scrub -> [scrubber] -> serve_heal
 * Owns     its thread; scrubber_close() ends it.
 * Threads  the caller's one; the thread only reads, through short snapshots.
 * Limits   SCRUBBER_FINDINGS_MAX findings that nobody has taken; what is found
 *          on top is counted, and found again the next time.
 *
 * It begins at the hour of the province's day (UTC+7) that it was given, once a
 * day; one that was missed since the last is made up for. What is written
 * meanwhile is not looked at.
 */
#ifndef TALLYLINE_COLLECTOR_SCRUBBER_H
#define TALLYLINE_COLLECTOR_SCRUBBER_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_damage.h"
#include "collector/ledger/scrub.h"
#include "common/base/clock.h"
#include "common/base/status.h"

#define SCRUBBER_FINDINGS_MAX 256u
#define SCRUBBER_STEPS        10u /* a second */

struct scrubber_options {
    struct ledger *ledger;     /* borrowed */
    const struct clock *clock; /* borrowed */
    unsigned hour;             /* 0 to 23 */
    uint64_t bytes_per_s;      /* 0: never */
    int64_t began_at;          /* the last one; 0: there was none */
};

struct scrubber; /* opaque */

MUST_USE enum status scrubber_open(const struct scrubber_options *options,
                                   struct scrubber **scrubber);
/* Ends it in the middle if it must. Accepts NULL. */
void scrubber_close(struct scrubber **scrubber);

/* From now on. */
void scrubber_set(struct scrubber *scrubber, unsigned hour,
                  uint64_t bytes_per_s);
/* Begins at once, unless it is under way. */
void scrubber_now(struct scrubber *scrubber);

/* The next finding; false: none waits. */
bool scrubber_take(struct scrubber *scrubber, struct scrub_finding *finding);
/* True once for each that came to its end, after its findings were taken. */
bool scrubber_ended(struct scrubber *scrubber,
                    struct ledger_scrubbed *scrubbed);
/* Whether one is under way, and how far. */
bool scrubber_runs(struct scrubber *scrubber, uint64_t *done, uint64_t *of);

/* The last moment at or before `now` at which it should have begun. */
int64_t scrubber_due_at(int64_t now, unsigned hour);

#endif
