#include "common/plan/plan.h"

#include "common/base/arena.h"
#include "common/base/yaml.h"

#include <string.h>

void plan_free(struct plan **plan)
{
    struct arena *arena;
    struct yaml *source;

    if (*plan == NULL) {
        return;
    }
    /* The plan itself lies in its arena, its texts in the tree. */
    arena = (*plan)->arena;
    source = (*plan)->source;
    *plan = NULL;
    yaml_unload(&source);
    arena_free(&arena);
}

bool plan_regime(const struct plan *plan, uint32_t number,
                 struct period_regime *regime)
{
    for (uint32_t i = 0; i < plan->regime_count; i++) {
        if (plan->regimes[i].number == number) {
            *regime = plan->regimes[i];
            return true;
        }
    }
    return period_regime_init(regime, number);
}

bool plan_formula_is_ratio(const struct plan_formula *formula)
{
    return formula->operation == PLAN_RATIO ||
           formula->operation == PLAN_PERIODS ||
           formula->operation == PLAN_ON_TIME ||
           (formula->operation == PLAN_CHANGE &&
            formula->change != PLAN_CHANGE_COUNT);
}

bool plan_formula_is_set(const struct plan_formula *formula)
{
    switch (formula->operation) {
    case PLAN_DISTINCT:
    case PLAN_FIRST:
    case PLAN_REACHED:
    case PLAN_STATUS:
    case PLAN_STATED:
    case PLAN_DUE:
    case PLAN_IN_TIME:
    case PLAN_UNITS:
    case PLAN_BOTH:
    case PLAN_EITHER:
    case PLAN_WITHOUT:
        return true;
    case PLAN_SUM:
    case PLAN_LATEST:
    case PLAN_IN_FORCE:
    case PLAN_LIST:
    case PLAN_ALL_OF:
    case PLAN_CONSTANT:
    case PLAN_ADD:
    case PLAN_SUBTRACT:
    case PLAN_RATIO:
    case PLAN_PERIODS:
    case PLAN_ON_TIME:
    case PLAN_BASELINE:
    case PLAN_CHANGE:
        break;
    }
    return false;
}

uint32_t plan_find_indicator(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        if (plan->indicators[i].id != NULL &&
            strcmp(plan->indicators[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t plan_find_target(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].id != NULL &&
            strcmp(plan->targets[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t plan_find_setting(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        if (plan->settings[i].id != NULL &&
            strcmp(plan->settings[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

const struct unit *plan_carried(const struct plan *plan,
                                const struct units *units, uint32_t key,
                                int32_t day)
{
    const struct unit *unit = units_carry(units, key, plan->from, day);

    return unit != NULL ? unit : units_find(units, key, day);
}

static bool conditions_equal(const struct plan_condition a[],
                             const struct plan_condition b[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].field != b[i].field || a[i].test != b[i].test ||
            a[i].other != b[i].other || a[i].value_count != b[i].value_count ||
            memcmp(a[i].values, b[i].values,
                   a[i].value_count * sizeof a[i].values[0]) != 0) {
            return false;
        }
    }
    return true;
}

bool plan_measures_equal(const struct plan_measure *a,
                         const struct plan_measure *b)
{
    return a->type == b->type && a->keep == b->keep && a->field == b->field &&
           a->condition_count == b->condition_count &&
           conditions_equal(a->conditions, b->conditions, a->condition_count) &&
           a->key_field_count == b->key_field_count &&
           memcmp(a->key_fields, b->key_fields,
                  a->key_field_count * sizeof a->key_fields[0]) == 0 &&
           a->capture_count == b->capture_count &&
           memcmp(a->capture, b->capture,
                  a->capture_count * sizeof a->capture[0]) == 0;
}

uint32_t plan_find_baseline(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->baseline_count; i++) {
        if (plan->baselines[i].id != NULL &&
            strcmp(plan->baselines[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

bool plan_has_programme(const struct plan *plan, uint32_t programme)
{
    for (uint32_t i = 0; i < plan->programme_count; i++) {
        if (plan->programmes[i] == programme) {
            return true;
        }
    }
    return false;
}

bool plan_asks_office(const struct plan *plan, uint32_t office)
{
    for (uint32_t i = 0; i < plan->office_count; i++) {
        if (plan->offices[i] == office) {
            return true;
        }
    }
    return plan->office_count == 0;
}
