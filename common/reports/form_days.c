#include "common/reports/form_days.h"

#include <stddef.h>
#include <string.h>

#include "common/event/catalogue.h"

#define KEY_YEAR 100u /* keys between a period and the one a year later */

static const struct period_regime *find(const struct plan *plan,
                                        uint32_t number, enum period_kind kind)
{
    for (uint32_t i = 0; i < plan->regime_count; i++) {
        const struct period_regime *regime = &plan->regimes[i];

        if (number == 0 ? (regime->kinds & (1u << kind)) != 0
                        : regime->number == number) {
            return regime;
        }
    }
    return NULL;
}

bool form_regime(const struct plan *plan, uint32_t number,
                 enum period_kind kind, struct period_regime *regime)
{
    const struct period_regime *found = find(plan, number, kind);

    if (found != NULL) {
        *regime = *found;
    } else if (!period_regime_init(regime,
                                   number == 0 ? PERIOD_CALENDAR : number)) {
        return false;
    }
    return period_count(regime, kind) > 0;
}

const char *form_regime_token(uint32_t number)
{
    const struct catalogue_value *value =
        catalogue_value(catalogue_enumeration("Regime"), number);

    return value == NULL ? "" : value->token;
}

bool form_regime_parse(const char *token, uint32_t *number)
{
    const struct catalogue_value *value = catalogue_value_by_token(
        catalogue_enumeration("Regime"), token, strlen(token));

    *number = value == NULL ? 0 : value->value;
    return value != NULL;
}

static struct figure_range range_of(const struct plan *plan, int32_t from,
                                    int32_t to, int32_t unit_date)
{
    return (struct figure_range){
        .plan = plan, .from = from, .to = to, .unit_date = unit_date};
}

bool form_days(const struct plan *plan, const struct period_regime *regime,
               enum period_kind kind, uint32_t key, struct form_days *days)
{
    struct period before;
    struct period *period = &days->period;

    if (!period_bounds(regime, kind, key, period) || period->to < plan->from ||
        period->from > plan->to ||
        !period_bounds(regime, kind, key - KEY_YEAR, &before)) {
        return false;
    }
    days->has_year =
        period_of_day(regime, PERIOD_YEAR, period->to, &days->year);
    days->in_period = range_of(plan, period->from, period->to, period->to);
    days->so_far = range_of(plan, plan->from, period->to, period->to);
    days->year_before = range_of(plan, before.from, before.to, period->to);
    return true;
}

void form_days_of(const struct plan *plan, struct form_days *days)
{
    days->in_period.plan = plan;
    days->so_far.plan = plan;
    days->year_before.plan = plan;
}
