/* missing - the lines of a plan of which nobody has said anything in a period.
 *
 * Flow     the office's own figures, a report that is due -> [missing]
 *          -> due, nil
 * Owns     its rows and who has reported; free with missing_fini().
 * Threads  the daemon's.
 *
 * A line is missing where no event stands behind its figure and no report of
 * the period names it, and the office may write what it counts.
 */
#ifndef TALLYLINE_AGENT_MISSING_H
#define TALLYLINE_AGENT_MISSING_H

#include "agent/api/asking.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/programmes.h"

struct missing {
    struct silence *silence; /* who has reported the period */
    struct indicator_rows *rows;
    struct programmes *programmes;
    const struct context_agent *agent; /* NULL: none is known */
    uint32_t unit_key;
    size_t unit; /* units_position() of the one that reports */
    bool has_unit;
};

/* Who has reported the period in a unit that there was on its last day; without
 * the lines. missing_fini() in any case. STATUS_MEMORY. */
MUST_USE enum status missing_reports(const struct asking *asked,
                                     const struct plan *plan,
                                     const struct period *period, uint32_t unit,
                                     struct missing *missing);
/* The same with the lines that the agent may say nothing of. STATUS_NOT_FOUND:
 * no such unit. */
MUST_USE enum status missing_lines(const struct asking *asked,
                                   const struct context_agent *agent,
                                   const struct plan *plan,
                                   const struct period *period, uint32_t unit,
                                   struct missing *missing);
void missing_fini(struct missing *missing);
/* The next line that is missing, from row *place on; NULL: there is none. */
const struct indicator_row *missing_next(const struct missing *missing,
                                         size_t *place);

#endif
