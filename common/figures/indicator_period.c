/* Periods: what has to hold in each of them. A period that is not over says
 * nothing, and one that the range cuts off is not asked for. Failure mode: no
 * memory. */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

int32_t figuring_known_to(const struct figuring *figuring)
{
    const struct figure_range *range = &figuring->range;

    return range->known_to != 0 && range->known_to < range->to ? range->known_to
                                                               : range->to;
}

MUST_USE enum status figuring_periods_of(const struct figuring *figuring,
                                         const struct plan_formula *formula,
                                         struct figuring_periods *periods)
{
    struct period_regime regime;
    struct period period;
    int32_t end = figuring_known_to(figuring), day = figuring->range.from;
    size_t room = 0;

    *periods = (struct figuring_periods){0};
    if (formula->every == 0) {
        return STATUS_OK;
    }
    check(plan_regime(figuring->plan, formula->regime, &regime));
    for (; day <= end && period_of_day(&regime, formula->every, day, &period);
         day = period.to + 1) {
        if (period.to > end) {
            break;
        }
        if (period.from < figuring->range.from) {
            continue;
        }
        if (periods->count == room) {
            struct period *list;

            room = room == 0 ? PERIOD_CUTS_MAX : room * 2;
            list = realloc(periods->list, room * sizeof *list);
            if (list == NULL) {
                return STATUS_MEMORY;
            }
            periods->list = list;
        }
        periods->list[periods->count++] = period;
    }
    return STATUS_OK;
}

size_t figuring_period_at(const struct figuring_periods *periods, int32_t day)
{
    size_t low = 0, high = periods->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (periods->list[middle].to < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < periods->count && periods->list[low].from <= day ? low
                                                                  : SIZE_MAX;
}

MUST_USE enum status figuring_find_carried_on(struct figuring *figuring)
{
    if (figuring->carried_on != NULL) {
        return STATUS_OK;
    }
    figuring->carried_on =
        calloc(figuring->count + 1, sizeof *figuring->carried_on);
    if (figuring->carried_on == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < figuring->count; i++) {
        uint32_t position = figuring_carried(figuring, i);

        if (position != FIGURING_NONE && position != i) {
            figuring->carried_on[position] = true;
        }
    }
    return STATUS_OK;
}

bool figuring_was_there(const struct figuring *figuring, uint32_t position,
                        const struct period *period)
{
    return figuring->carried_on[position] ||
           units_at(figuring->units, position)->from <= period->from;
}

MUST_USE enum status figuring_too_early(const struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        bool *early)
{
    struct figuring_periods periods;
    enum status status = STATUS_OK;

    if (formula->every != 0 && plan_formula_is_set(formula)) {
        status = figuring_periods_of(figuring, formula, &periods);
        *early = *early || periods.count == 0;
        free(periods.list);
    }
    for (uint32_t i = 0; i < formula->operand_count && status == STATUS_OK;
         i++) {
        status = figuring_too_early(figuring, formula->operands[i], early);
    }
    return status;
}

/* One period and one operand. */
static MUST_USE enum status count_period(struct figuring *figuring,
                                         const struct plan_formula *formula,
                                         uint32_t operand,
                                         const struct period *period,
                                         struct figure figures[])
{
    struct figure_range before = figuring->range;
    struct figure *other = calloc(figuring->count + 1, sizeof *other);
    enum status status = STATUS_MEMORY;

    if (other != NULL) {
        figuring->range.from = period->from;
        figuring->range.to = period->to;
        status = figuring_compute(figuring, formula->operands[operand], other);
        figuring->range = before;
    }
    for (uint32_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        if (!figuring_was_there(figuring, i, period)) {
            continue;
        }
        figures[i].value += other[i].value >= 0 &&
                            (uint64_t)other[i].value >= formula->at_least;
        figures[i].denominator++;
        figures[i].not_divided = figures[i].not_divided || other[i].not_divided;
    }
    free(other);
    return status;
}

MUST_USE enum status figuring_count_periods(struct figuring *figuring,
                                            const struct plan_formula *formula,
                                            struct figure figures[])
{
    struct figuring_periods periods;
    enum status status = figuring_periods_of(figuring, formula, &periods);

    if (status == STATUS_OK) {
        status = figuring_find_carried_on(figuring);
    }
    for (size_t i = 0; i < periods.count && status == STATUS_OK; i++) {
        for (uint32_t k = 0; k < formula->operand_count && status == STATUS_OK;
             k++) {
            status =
                count_period(figuring, formula, k, &periods.list[i], figures);
        }
    }
    for (size_t i = 0; i < figuring->count; i++) {
        figures[i].ratio = true;
        figures[i].defined = figures[i].denominator != 0;
    }
    free(periods.list);
    return status;
}
