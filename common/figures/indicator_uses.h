/* indicator_uses - which figures of a plan an event goes into.
 *
 * Flow     fold + plan + event -> [indicator_uses] -> audit show
 * Owns     nothing.
 * Threads  one; the fold must not change meanwhile.
 *
 * An event goes into a figure when it passes the filter of a measure that the
 * figure's formula reads. Whether it counts at all, and for which days and
 * units, the event and its outcome say.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_USES_H
#define TALLYLINE_COMMON_INDICATOR_USES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/event/event.h"
#include "common/fold/fold.h"
#include "common/plan/plan.h"

/* Calls `visit` with each measure that the formula reads, by its position in
 * the plan; a measure may come more than once. */
void plan_formula_measures(const struct plan_formula *formula, void *owner,
                           void (*visit)(void *owner, uint32_t measure));
/* Whether the indicator, by its position in the plan, reads the event. */
bool indicator_uses(const struct fold *fold, const struct plan *plan,
                    uint32_t indicator, const struct event *event);

#endif
