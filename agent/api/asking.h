/* asking - a question about the office's own figures, over several turns.
 *
 * Flow     order -> kept, [asking] -> progress, due, report
 * Owns     what it was asked; asking_fini() is a work's `fini`.
 * Threads  the daemon's.
 *
 * What the parameters mean: as for the province's dashboard. An office sees
 * the units that it records for and what lies in them, as a reader of its own
 * unit: what is hidden there is hidden here.
 */
#ifndef TALLYLINE_AGENT_ASKING_H
#define TALLYLINE_AGENT_ASKING_H

#include "agent/api/desk.h"
#include "agent/office/kept.h"
#include "common/event/period.h"
#include "common/figures/indicator.h"
#include "common/figures/silence.h"

struct asking {
    struct kept *kept;
    const struct context *context;
    const struct units *units;
    const struct context_plan *plan;
    struct indicator_request request;
    bool of_period;
    struct period_regime regime;
    struct period period;
    struct silence *silence; /* free with asking_fini() */
};

/* One turn: DESK_AGAIN until the figures are of all that the spool holds. When
 * there is nothing to show `reply` is filled in, and `asked` has no kept. */
enum desk_turn asking_turn(struct desk_order *order, struct asking *asked,
                           struct http_reply *reply);
/* Plan, unit and period by the parameters of these names, of which the work
 * need not name all. False: the reply says why. */
bool asking_choose(struct desk_order *order, struct asking *asked,
                   struct http_reply *reply);
void asking_fini(struct asking *asked);

#endif
