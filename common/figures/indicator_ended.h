/* indicator_ended - what a target is about may end before the unit date.
 *
 * Flow     plan + units -> [indicator_ended] -> indicator_rows
 * Owns     nothing.
 * Threads  any; pure.
 *
 * Districts end, and with them what was promised of each of them. Such a target
 * is shown and judged by the units of the last day on which there were any,
 * and counts what happened up to then.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_ENDED_H
#define TALLYLINE_COMMON_INDICATOR_ENDED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/event/unit.h"
#include "common/figures/indicator.h"
#include "common/plan/plan.h"

/* Last day of the units of each level that lay in the plan's unit while the
 * plan ran and of which none is left on `date`; 0: there are some, or never
 * were. */
struct indicator_ended {
    const struct plan *plan;
    const struct units *units;
    int32_t date;
    int32_t levels[UNIT_COMMUNE + 1];
};

void indicator_ended_init(struct indicator_ended *ended,
                          const struct plan *plan, const struct units *units,
                          int32_t date);
/* The last day of what the target, or the indicator without one, is about: its
 * own unit, the level of which each unit has it, or that of the units that it
 * counts. A unit that was joined with others is not carried on alone: its
 * target ends with it. 0: it is there on the date. */
int32_t indicator_ended_on(const struct indicator_ended *ended,
                           const struct plan_target *target,
                           const struct plan_indicator *indicator);

/* Ends a range within which the unit ended with that unit's last day. False,
 * and nothing has changed: the unit is there on none of its days. */
bool indicator_range_until(struct figure_range *range,
                           const struct units *units, uint32_t key);

#endif
