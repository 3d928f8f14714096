/* form_days - the days that a report speaks of.
 *
 * Flow     plan, regime, "2018-H1" -> [form_days] -> form
 * Owns     nothing.
 * Threads  any; pure.
 *
 * A regime cuts the period; the plan has a year of its own, and the two differ
 * by some days under Decree 09/2019. What happened in the period is counted
 * over the regime's days. What has come together since the beginning of the
 * year is counted over the plan's, because it is held against the plan's
 * targets.
 */
#ifndef TALLYLINE_COMMON_FORM_DAYS_H
#define TALLYLINE_COMMON_FORM_DAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/event/period.h"
#include "common/figures/indicator.h"
#include "common/plan/plan.h"

struct form_days {
    struct period period;
    bool has_year; /* the regime has years: */
    struct period year;
    struct figure_range in_period;
    struct figure_range so_far;      /* since the plan's first day */
    struct figure_range year_before; /* the same period, by today's units */
};

/* The regime that the plan reports periods of that kind by: the one with that
 * number, or with 0 the first of the plan that has such reports, else the
 * calendar's. False when the regime has no such periods. */
bool form_regime(const struct plan *plan, uint32_t number,
                 enum period_kind kind, struct period_regime *regime);
/* As in files and on the command line: "nd09_2019". */
const char *form_regime_token(uint32_t number);
bool form_regime_parse(const char *token, uint32_t *number);
/* The same days, of another revision of the plan. */
void form_days_of(const struct plan *plan, struct form_days *days);
/* False when the period holds no day of the plan's, or no such one exists. */
bool form_days(const struct plan *plan, const struct period_regime *regime,
               enum period_kind kind, uint32_t key, struct form_days *days);

#endif
