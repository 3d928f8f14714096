/* What a formula can never give: of such a denominator there is no share. */
#include "common/plan/plan_loader.h"

static size_t in_force_on(const struct plan_loader *loader,
                          enum unit_level level, int32_t day)
{
    const struct unit *unit =
        plan_carried(loader->plan, loader->units, loader->plan->unit, day);

    return unit == NULL ? 0
                        : units_in_force(loader->units, unit->key, level, day);
}

bool plan_has_level(const struct plan_loader *loader, enum unit_level level)
{
    /* A plan without its units, or with a mistake in its own, is not blamed for
     * them again. */
    return loader->units == NULL || loader->plan->unit == 0 ||
           in_force_on(loader, level, loader->plan->from) > 0 ||
           in_force_on(loader, level, loader->plan->to) > 0;
}

/* Whether no event of the plan's time passes. */
static bool never_passes(const struct plan_loader *loader,
                         const struct plan_condition *condition)
{
    switch (condition->test) {
    case PLAN_TEST_LEVEL:
        return !plan_has_level(loader, (enum unit_level)condition->values[0]);
    case PLAN_TEST_AT_LEAST:
        return condition->field == EVENT_OCCURRED_ON && condition->other == 0 &&
               (int64_t)condition->values[0] > loader->plan->to;
    default:
        return false;
    }
}

static bool measures_nothing(const struct plan_loader *loader,
                             const struct plan_formula *formula)
{
    const struct plan_measure *measure = &loader->measures[formula->measure];
    bool units = formula->operation == PLAN_UNITS && !formula->below;

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];

        if (never_passes(loader, condition) ||
            (units && condition->test == PLAN_TEST_LEVEL &&
             condition->field == EVENT_SUBJECT_UNIT &&
             condition->values[0] != formula->level)) {
            return true;
        }
    }
    return formula->operation == PLAN_UNITS &&
           !plan_has_level(loader, formula->level);
}

/* How many of the operands can never give anything. */
static uint32_t count_never(const struct plan_loader *loader,
                            const struct plan_formula *formula)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < formula->operand_count; i++) {
        count += plan_never(loader, formula->operands[i]);
    }
    return count;
}

bool plan_never(const struct plan_loader *loader,
                const struct plan_formula *formula)
{
    switch (formula->operation) {
    case PLAN_CONSTANT:
        return formula->constant == 0;
    case PLAN_LIST:
        return loader->lists[formula->list].count == 0;
    case PLAN_BOTH:
        return count_never(loader, formula) > 0;
    case PLAN_EITHER:
    case PLAN_ADD:
        return count_never(loader, formula) == formula->operand_count;
    case PLAN_WITHOUT:
    case PLAN_ALL_OF:
        return plan_never(loader, formula->operands[0]);
    case PLAN_SUM:
    case PLAN_DISTINCT:
    case PLAN_FIRST:
    case PLAN_REACHED:
    case PLAN_STATUS:
    case PLAN_STATED:
    case PLAN_DUE:
    case PLAN_IN_TIME:
    case PLAN_LATEST:
    case PLAN_UNITS:
        return measures_nothing(loader, formula);
    case PLAN_IN_FORCE: /* refused where there is none */
    case PLAN_PERIODS:
    case PLAN_ON_TIME:
    case PLAN_BASELINE:
    case PLAN_CHANGE:
    case PLAN_SUBTRACT:
    case PLAN_RATIO:
        break;
    }
    return false;
}
