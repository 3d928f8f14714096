/* arrivals - when orders of another collector were last taken, and whether some
 * were left out: what doctor tells, since cron's mail is read by nobody.
 *
 * Flow     import-orders -> [arrivals] -> doctor
 * Owns     DIR/orders.taken, one line of text; a note, no part of the ledger.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_ARRIVALS_H
#define TALLYLINE_COLLECTOR_ARRIVALS_H

#include <stdint.h>

#include "collector/province/directory.h"
#include "common/base/status.h"

struct arrivals {
    int64_t at;        /* microseconds UTC */
    uint64_t left_out; /* orders */
    uint64_t refused;  /* batches */
};

/* In place of the last one. STATUS_IO. */
MUST_USE enum status arrivals_save(const struct directory *directory,
                                   const struct arrivals *arrivals);
/* STATUS_NOT_FOUND: none was ever taken, or the line cannot be read. */
MUST_USE enum status arrivals_load(const struct directory *directory,
                                   struct arrivals *arrivals);

#endif
