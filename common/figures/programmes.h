/* programmes - which offices may write of what an indicator of a plan counts.
 *
 * Flow     plan (filters) + enrolments -> [programmes] -> received, silence
 * Owns     what it has found for one plan; free with programmes_free().
 * Threads  one; plan and context must not change meanwhile.
 * Limits   none beyond those of plan and enrolments.
 *
 * An indicator counts events of the programmes that its measures let through.
 * Offices are told apart by shares: each programme that an enrolment names is
 * one, the rest together is PROGRAMMES_REST, which only an office that is
 * limited to none may write, and what no events are counted for is
 * PROGRAMMES_PLAN, of every office that may write in the plan. Where no
 * enrolment names a programme there is PROGRAMMES_REST alone.
 */
#ifndef TALLYLINE_COMMON_PROGRAMMES_H
#define TALLYLINE_COMMON_PROGRAMMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/plan/plan.h"

#define PROGRAMMES_REST 0u
#define PROGRAMMES_PLAN 1u

struct programmes; /* opaque */

/* Borrows plan and context. STATUS_MEMORY. */
MUST_USE enum status programmes_new(const struct plan *plan,
                                    const struct context *context,
                                    struct programmes **programmes);
void programmes_free(struct programmes **programmes);
/* Shares are numbered from 0 to before this. */
size_t programmes_shares(const struct programmes *programmes);
/* The share of every office of the plan. */
size_t programmes_plan_share(const struct programmes *programmes);
/* Whether the indicator counts events of the share. One that is not the plan's
 * counts what the plan does: PROGRAMMES_PLAN. */
bool programmes_counts(const struct programmes *programmes,
                       const struct plan_indicator *indicator, size_t share);
/* Whether an office may write all of the share in this scope. */
bool programmes_writes(const struct programmes *programmes,
                       const struct control_scope *scope, size_t share);
/* Whether the agent may write all that the indicator counts, in some of its
 * scopes for the unit; `unit` 0: for any. */
bool programmes_covers(const struct programmes *programmes,
                       const struct context_agent *agent, uint32_t unit,
                       const struct plan_indicator *indicator);

#endif
