/* status_damage - the part of `status` that says what is damaged.
 *
 * Flow     ledger -> [status_damage] -> people
 * Owns     nothing.
 * Threads  one.
 * Limits   STATUS_DAMAGE_NAMED entries are named; the others are counted.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_DAMAGE_H
#define TALLYLINE_COLLECTOR_STATUS_DAMAGE_H

#include <stdio.h>

#include "collector/ledger/ledger.h"
#include "common/base/args.h"

#define STATUS_DAMAGE_NAMED 20u

/* When the last scrub was, and what is not healed; without damage the first
 * alone. */
void status_damage(const struct args *args, struct ledger *ledger, FILE *out);

#endif
