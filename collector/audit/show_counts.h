/* show_counts - what the fold makes of one event: for audit show.
 *
 * Flow     fold, ledger -> [show_counts] -> stdout
 * Owns     nothing.
 * Threads  one.
 * Limits   SHOW_VERSIONS_MAX corrections of one thing are drawn.
 */
#ifndef TALLYLINE_COLLECTOR_SHOW_COUNTS_H
#define TALLYLINE_COLLECTOR_SHOW_COUNTS_H

#include "collector/commands/commands.h"
#include "common/event/event.h"

#define SHOW_VERSIONS_MAX 256u

/* Its outcome, the thing's versions with what became of each, and the figures
 * it goes into. The reading is folded. STATUS_CORRUPT, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status show_counts(const struct args *args,
                                 const struct reading *reading,
                                 const struct ledger_snapshot *snapshot,
                                 uint64_t id, const struct event *event);

#endif
