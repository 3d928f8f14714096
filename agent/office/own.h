/* own - whose figures are the office's own.
 *
 * Flow     enrolment + plan -> [own] -> indicators, page
 * Owns     nothing. Threads  any; pure.
 */
#ifndef TALLYLINE_AGENT_OWN_H
#define TALLYLINE_AGENT_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/fold/context.h"
#include "common/plan/plan.h"

/* The unit that the office records for; the plan's own comes first. `several`:
 * there are others, none of which is the plan's. 0: none. `agent` may be
 * NULL. */
uint32_t own_unit(const struct context_agent *agent, const struct plan *plan,
                  bool *several);
bool own_records_for(const struct context_agent *agent, uint32_t unit);

#endif
