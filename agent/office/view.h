/* view - the office's own figures, of what lies in its spool.
 *
 * Flow     spool + documents, or a plan's folder -> [view] -> indicators
 * Owns     the fold; borrows the office and the context.
 * Threads  one, as the spool.
 * Limits   CONTEXT_EPOCHS_MAX streams, and those of the fold.
 *
 * Every event of every epoch that the spool holds goes through the same fold
 * as at the province, received or not; what recovery gave a new id goes under
 * the new one. What other offices recorded, or corrected, is not in it.
 */
#ifndef TALLYLINE_AGENT_VIEW_H
#define TALLYLINE_AGENT_VIEW_H

#include <stdint.h>

#include "agent/office/office.h"
#include "common/fold/fold.h"

struct view {
    const struct office *office;
    struct fold *fold;
    uint64_t events;  /* that were folded */
    uint64_t waiting; /* of them, not received by the province yet */
    uint32_t epochs[CONTEXT_EPOCHS_MAX]; /* of these streams */
    uint32_t epoch_count;
};

/* Folds the spool under the context, which must outlive the view. Close it in
 * every case. STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status view_open(const struct office *office,
                               const struct context *context,
                               struct view *view);
void view_close(struct view *view);

#endif
