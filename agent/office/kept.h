/* kept - the office's own figures, kept from question to question.
 *
 * Flow     questions of the page -> [kept] -> view
 * Owns     the view; free with kept_forget().
 * Threads  the daemon's.
 * Limits   KEPT_STEP events folded at a time; KEPT_IDLE_US without a question
 *          until its memory is given back.
 *
 * Nothing is folded before somebody asks. What was saved or received since the
 * last question is then added; only when the past itself has changed (new
 * documents, another epoch, events that came back or left) is it folded anew.
 */
#ifndef TALLYLINE_AGENT_KEPT_H
#define TALLYLINE_AGENT_KEPT_H

#include "agent/office/view.h"
#include "agent/spool/spool_history.h"
#include "common/base/clock.h"

#define KEPT_STEP    128u
#define KEPT_IDLE_US (600 * CLOCK_US_PER_S)

/* What a view was made of; another one means that it is folded anew. */
struct kept_past {
    const struct context *context;
    struct digest documents[OFFICE_DOCUMENTS];
    uint64_t next_control;
    uint64_t removed;
    uint64_t came_back;
    uint32_t epoch;
};

struct kept {
    bool made;
    struct view view;
    struct kept_past past;
    int64_t asked_at; /* monotonic */
};

/* Goes on until the moment `until` (monotonic; at least one step). `ready`:
 * kept->view is of all that the spool holds now. Other statuses as view.h; the
 * view is then gone, and the next call begins anew. */
MUST_USE enum status kept_turn(struct kept *kept, const struct office *office,
                               const struct clock *clock, int64_t until,
                               bool *ready);
/* Gives the memory back when nobody has asked for KEPT_IDLE_US. */
void kept_rest(struct kept *kept, const struct clock *clock);
void kept_forget(struct kept *kept);

#endif
