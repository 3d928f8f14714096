/* indicator_rows - the rows of a table of figures, before anybody prints them.
 *
 * Flow     fold + plan + units -> [indicator_rows] -> every output
 * Owns     its rows; borrows plan and units of the context.
 * Threads  one; the fold must not change meanwhile.
 * Limits   as many rows as targets times units (plan.h, unit.h).
 *
 * Every output shows these rows and computes none of its own: what may not be
 * shown is decided here, once, for all of them. Rows of two requests that
 * differ in their days alone stand in the same order.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_ROWS_H
#define TALLYLINE_COMMON_INDICATOR_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/figures/indicator.h"
#include "common/figures/received.h"
#include "common/plan/plan.h"

struct indicator_row {
    const struct plan_target *target; /* NULL: an indicator without one */
    const struct plan_indicator *indicator;
    const struct unit *unit;
    struct figure figure;
    /* What it is about ended before the unit date: figure and status are of
     * this day, by its units. 0: they are of the range. */
    int32_t ended;
    enum received_state state;   /* of a unit other than the plan's own */
    enum received_state by_plan; /* received_state_by_plan() */
    struct received_days told;
    bool cut_off;      /* RECEIVED_SO_FAR, although the days are over */
    bool judged;       /* goal and status belong to this unit */
    uint64_t quantity; /* that the target asks for here */
    enum target_status status;
    bool summary; /* of a target that each unit has: */
    uint32_t units_met, units_judged;
};

struct indicator_rows {
    const struct unit *unit; /* that was asked for */
    struct indicator_row *rows;
    size_t count;
    bool *shown;      /* by indicator: it has rows */
    bool not_divided; /* one of the figures is */
    bool erased;      /* one of them is */
    bool hidden;      /* one of them is (suppress.h) */
};

/* Makes the rows as indicator_print() describes them. Gives `rows`. Statuses
 * as there. */
MUST_USE enum status indicator_rows_new(const struct fold *fold,
                                        const struct context *context,
                                        const struct indicator_request *request,
                                        struct indicator_rows **rows);
void indicator_rows_free(struct indicator_rows **rows);

/* Whether events stand behind the figure of an indicator that has a formula; a
 * denominator of units or of a list does not come from them. */
bool indicator_row_happened(const struct indicator_row *row);

#endif
