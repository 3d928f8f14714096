/* doctor - what is wrong with the province's collector, in words, and what to
 * do about it.
 *
 * Flow     collector.yaml, keys, disk, ledger, running collector -> [doctor] ->
 *          findings
 * Owns     what it opened; doctor_close().
 * Threads  one. Runs beside the collector, and without it.
 *
 * Each part leaves out what cannot be known without the parts before it.
 * Nothing is changed, and no figure is counted, so that it answers at once
 * however large the ledger is.
 */
#ifndef TALLYLINE_COLLECTOR_DOCTOR_H
#define TALLYLINE_COLLECTOR_DOCTOR_H

#include <stdbool.h>

#include "collector/commands/commands.h"
#include "collector/line/live.h"
#include "collector/province/directory.h"
#include "common/base/clock.h"
#include "common/base/findings.h"

struct doctor {
    const struct args *args;
    struct clock clock;
    struct findings findings;
    struct directory directory;
    struct reading reading; /* not folded */
    bool has_ledger;
    struct live live;
};

/* collector.yaml, keys, disk and clock. */
void doctor_machine(struct doctor *doctor);
/* The ledger: room, damage, cold files, backup, scrub; opens it. */
void doctor_ledger(struct doctor *doctor);
/* The service, what it says of itself, and the offices. */
void doctor_service(struct doctor *doctor);
/* What came from another collector of the province. */
void doctor_orders(struct doctor *doctor);
void doctor_close(struct doctor *doctor);

#endif
