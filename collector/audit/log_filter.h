/* log_filter - which events and entries an audit log is about.
 *
 * Flow     args -> [log_filter] -> audit log
 * Owns     nothing; borrows the units.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_LOG_FILTER_H
#define TALLYLINE_COLLECTOR_LOG_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/commands/commands.h"
#include "common/event/event.h"
#include "common/event/unit.h"

struct log_filter {
    const struct units *units; /* may be NULL */
    uint64_t first, end;       /* entries; `end` is exclusive */
    uint32_t agent;            /* 0: all */
    uint32_t type;             /* 0: all */
    uint32_t unit;             /* 0: all; else it, or what lies in it */
    int32_t from, to;          /* days on which it happened */
    uint64_t event;            /* 0: all; else it and its chain */
    bool corrected;            /* chains alone */
    bool controls;             /* control entries too */
    uint64_t rows_max;         /* the log ends behind the entry that has it */
};

/* Reads --unit, --type, --from, --to, --received-from, --received-to, --after,
 * --event, --agent, --corrected, --controls and --limit. STATUS_USAGE,
 * STATUS_NOT_FOUND with its message; or of the ledger. */
MUST_USE enum status log_filter_read(const struct args *args,
                                     const struct reading *reading,
                                     const struct ledger_snapshot *snapshot,
                                     struct log_filter *filter);
/* Whether the event passes, but for its chain: wherever its entry is. */
bool log_filter_passes(const struct log_filter *filter, uint64_t id,
                       const struct event *event);

#endif
