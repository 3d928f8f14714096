/* status_cold - cold files that are missing or damaged, and what to do.
 *
 * Flow     ledger, cold folder -> [status_cold] -> status
 * Owns     nothing.
 * Threads  one.
 * Limits   STATUS_COLD_NAMED files are named, the rest counted.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_COLD_H
#define TALLYLINE_COLLECTOR_STATUS_COLD_H

#include <stdio.h>

#include "collector/ledger/ledger.h"
#include "common/base/args.h"

#define STATUS_COLD_NAMED 8u

/* Prints nothing when all are there as they should be, or there are none. */
void status_cold(const struct args *args, struct ledger *ledger, FILE *out);

#endif
