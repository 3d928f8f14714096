/* view - the office's own figures, of what lies in its spool.
 *
 * Flow     spool + documents, or a plan's folder -> [view] -> indicators, page
 * Owns     the fold; borrows the office and the context.
 * Threads  one, as the spool.
 * Limits   CONTEXT_EPOCHS_MAX streams, and those of the fold.
 *
 * Every event of every epoch that the spool holds goes through the same fold
 * as at the province, received or not; what recovery gave a new id goes under
 * the new one. What other offices recorded, or corrected, is not in it.
 *
 * A view can be brought up to date: events that were saved since are folded,
 * and those that were received since are noted as such.
 */
#ifndef TALLYLINE_AGENT_VIEW_H
#define TALLYLINE_AGENT_VIEW_H

#include <stdint.h>

#include "agent/office/office.h"
#include "common/fold/fold.h"

#define VIEW_TEXT_MAX 1024u /* with the closing zero */
#define VIEW_SAYS_MAX 4096u

struct view {
    const struct office *office;
    struct fold *fold;
    uint64_t events;  /* that were folded */
    uint64_t waiting; /* of them, not received by the province yet */
    uint32_t epochs[CONTEXT_EPOCHS_MAX]; /* of these streams */
    uint32_t epoch_count;
    uint64_t last;        /* id of the last event that was folded */
    uint64_t pending;     /* id of the first one that waits; 0: none */
    struct entry receipt; /* that was looked up last */
    uint64_t keys_from;   /* events from it on go with their entry_key */
};

/* Folds the spool under the context, which must outlive the view. Close it in
 * every case. STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status view_open(const struct office *office,
                               const struct context *context,
                               struct view *view);
/* The same in steps: begins with nothing folded. */
MUST_USE enum status view_begin(const struct office *office,
                                const struct context *context,
                                struct view *view);
/* Folds and notes up to `max` events more; `done`: it is of all that the spool
 * holds, and figures may be asked for. STATUS_INVALID: only a new view is
 * right. Other statuses as above; after any but STATUS_OK the view can only be
 * closed. */
MUST_USE enum status view_advance(struct view *view, uint64_t max, bool *done);
void view_close(struct view *view);

/* Whether the spool holds all that the office ever recorded: a figure of a part
 * would look like one of all. If not, `text` says so to people. */
MUST_USE enum status view_is_whole(const struct office *office,
                                   enum language language, bool *whole,
                                   char text[VIEW_TEXT_MAX]);
/* Of what the figures are: a sentence for people of VIEW_SAYS_MAX, and for
 * programs "271.1 271.2". */
void view_says(const struct view *view, const struct context *context,
               enum language language, char text[VIEW_SAYS_MAX]);
void view_streams(const struct view *view, char text[VIEW_SAYS_MAX]);

#endif
