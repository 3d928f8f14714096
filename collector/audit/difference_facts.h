/* difference_facts - what the ledger says about a cause.
 *
 * Flow     difference, ledger -> [difference_facts] -> difference_print
 * Owns     nothing but what it gives.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_DIFFERENCE_FACTS_H
#define TALLYLINE_COLLECTOR_DIFFERENCE_FACTS_H

#include "collector/audit/chains.h"
#include "collector/audit/difference.h"
#include "common/base/listing.h"
#include "common/format/control.h"

struct difference_facts_source {
    const struct context *context;
    struct ledger_snapshot *snapshot;
    struct chains *chains; /* looks events up */
};

struct difference_facts {
    struct entry entry;
    struct event event;      /* DIFFERENCE_EVENT */
    struct control *control; /* DIFFERENCE_CONTROL; control_free() it */
};

/* STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status difference_facts_find(
    const struct difference_facts_source *source,
    const struct difference_cause *cause, struct difference_facts *facts);

/* --- difference_rows.c --- */
/* A row for each cause, and for each figure of which only the status differs.
 * Statuses as above. */
MUST_USE enum status difference_rows(
    const struct args *args, const struct difference_facts_source *source,
    const struct difference *difference, enum listing_format format);

#endif
