/* Which periods are given below the province, and whether the range that was
 * asked for is made of them. */
#include "common/figures/suppress_state.h"

#include <stdlib.h>

#define KEY_YEAR_SHIFT 100u

static bool changes_within(const struct suppress *suppress, int32_t from,
                           int32_t to)
{
    for (size_t i = 0; i < suppress->count; i++) {
        const struct unit *unit = units_at(suppress->units, i);
        bool begins = unit->from > from && unit->from <= to;
        bool ends = unit->to > from && unit->to <= to;

        if ((begins && suppress_below(suppress, unit->key, unit->from)) ||
            (ends && suppress_below(suppress, unit->key, unit->to - 1))) {
            return true;
        }
    }
    return false;
}

static int compare_periods(const void *left, const void *right)
{
    const struct period *a = left, *b = right;

    if (a->to != b->to) {
        return a->to < b->to ? -1 : 1;
    }
    return (a->from > b->from) - (a->from < b->from);
}

/* Months only where nothing longer is due. */
static bool is_given(const struct period_regime *regime, enum period_kind kind)
{
    uint32_t longer = regime->kinds & ~(1u << PERIOD_MONTH);

    return (regime->kinds & (1u << kind)) != 0 &&
           (kind != PERIOD_MONTH || longer == 0);
}

static void add_periods(struct suppress *suppress,
                        const struct period_regime *regime,
                        enum period_kind kind, uint32_t year, int32_t today)
{
    for (uint32_t n = 1; n <= period_count(regime, kind); n++) {
        struct period period;

        if (period_bounds(regime, kind, year * KEY_YEAR_SHIFT + n, &period) &&
            period.to < today &&
            suppress->period_count < SUPPRESS_PERIODS_MAX &&
            !changes_within(suppress, period.from, period.to)) {
            suppress->periods[suppress->period_count++] = period;
        }
    }
}

static void list_periods(struct suppress *suppress, int32_t today)
{
    const struct period_regime *regime = &suppress->plan->regimes[0];

    if (suppress->plan->regime_count == 0) {
        return;
    }
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        struct period period;

        if (is_given(regime, kind) &&
            period_of_day(regime, kind, suppress->range.to, &period)) {
            add_periods(suppress, regime, kind, period.key / KEY_YEAR_SHIFT,
                        today);
        }
    }
    qsort(suppress->periods, suppress->period_count, sizeof(struct period),
          compare_periods);
}

/* The longest given period that begins on the day and ends by the end of the
 * range; NULL when there is none. */
static const struct period *period_from(const struct suppress *suppress,
                                        int32_t from)
{
    const struct period *found = NULL;

    for (size_t i = 0; i < suppress->period_count; i++) {
        const struct period *period = &suppress->periods[i];

        if (period->from == from && period->to <= suppress->range.to) {
            found = period; /* they stand by their last day */
        }
    }
    return found;
}

/* A given period, or such ones in a row from the beginning of their year. */
static bool is_whole(const struct suppress *suppress)
{
    const struct figure_range *range = &suppress->range;
    const struct period *period = period_from(suppress, range->from);

    if (range->unit_date != range->to || period == NULL ||
        changes_within(suppress, range->from, range->to)) {
        return false;
    }
    if (period->to == range->to) {
        return true;
    }
    if (period->key % KEY_YEAR_SHIFT != 1) {
        return false;
    }
    while (period != NULL && period->to < range->to) {
        period = period_from(suppress, period->to + 1);
    }
    return period != NULL;
}

static bool begins_or_ends(const struct period_regime *regime, int32_t day,
                           bool begins)
{
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        struct period period;

        if (period_of_day(regime, kind, day, &period) &&
            day == (begins ? period.from : period.to)) {
            return true;
        }
    }
    return false;
}

/* Whether a period of any regime, or the plan, begins (ends) with the day. */
static bool is_edge(const struct suppress *suppress, int32_t day, bool begins)
{
    const struct plan *plan = suppress->plan;

    if (day == (begins ? plan->from : plan->to)) {
        return true;
    }
    for (uint32_t number = PERIOD_CALENDAR; number <= PERIOD_ND09_2019;
         number++) {
        struct period_regime regime;

        if (period_regime_init(&regime, number) &&
            begins_or_ends(&regime, day, begins)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < plan->regime_count; i++) {
        if (begins_or_ends(&plan->regimes[i], day, begins)) {
            return true;
        }
    }
    return false;
}

void suppress_list_periods(struct suppress *suppress, int32_t today)
{
    suppress->reported = is_edge(suppress, suppress->range.from, true) &&
                         is_edge(suppress, suppress->range.to, false);
    if (suppress->root != NULL) {
        list_periods(suppress, today);
        suppress->whole = is_whole(suppress);
    }
}
