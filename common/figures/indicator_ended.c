#include "common/figures/indicator_ended.h"

#include <stddef.h>

/* The last day of a row that ended while the plan ran, by the date; 0. */
static int32_t last_day(const struct indicator_ended *ended,
                        const struct unit *unit)
{
    return unit->to <= ended->date && unit->to > ended->plan->from
               ? unit->to - 1
               : 0;
}

static bool lies_in_plan(const struct indicator_ended *ended,
                         const struct unit *unit, int32_t day)
{
    const struct plan *plan = ended->plan;
    const struct unit *root = plan_carried(plan, ended->units, plan->unit, day);

    return root != NULL && units_below(ended->units, unit->key, root->key, day);
}

static bool has_any(const struct indicator_ended *ended, enum unit_level level)
{
    const struct plan *plan = ended->plan;
    const struct unit *root =
        plan_carried(plan, ended->units, plan->unit, ended->date);

    return root != NULL &&
           units_in_force(ended->units, root->key, level, ended->date) > 0;
}

void indicator_ended_init(struct indicator_ended *ended,
                          const struct plan *plan, const struct units *units,
                          int32_t date)
{
    *ended =
        (struct indicator_ended){.plan = plan, .units = units, .date = date};
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);
        int32_t day = last_day(ended, unit);

        if (day > ended->levels[unit->level] &&
            lies_in_plan(ended, unit, day)) {
            ended->levels[unit->level] = day;
        }
    }
    for (enum unit_level level = UNIT_PROVINCE; level <= UNIT_COMMUNE;
         level++) {
        if (ended->levels[level] != 0 && has_any(ended, level)) {
            ended->levels[level] = 0;
        }
    }
}

/* Whether `now` carries on another unit that ended with this one, too. */
static bool is_joined(const struct indicator_ended *ended,
                      const struct unit *unit, const struct unit *now)
{
    for (size_t i = 0; i < units_count(ended->units); i++) {
        const struct unit *other = units_at(ended->units, i);

        if (other->to == unit->to && other != unit &&
            units_carry(ended->units, other->key, other->to - 1, ended->date) ==
                now) {
            return true;
        }
    }
    return false;
}

static int32_t unit_end(const struct indicator_ended *ended, uint32_t key)
{
    const struct plan *plan = ended->plan;
    const struct unit *now = plan_carried(plan, ended->units, key, ended->date);
    int32_t last = 0;

    for (size_t i = 0; i < units_count(ended->units); i++) {
        const struct unit *unit = units_at(ended->units, i);
        int32_t day = unit->key == key ? last_day(ended, unit) : 0;

        if (day > last && (now == NULL || is_joined(ended, unit, now))) {
            last = day;
        }
    }
    return last;
}

static int32_t formula_end(const struct indicator_ended *ended,
                           const struct plan_formula *formula)
{
    int32_t end =
        formula->operation == PLAN_UNITS || formula->operation == PLAN_IN_FORCE
            ? ended->levels[formula->level]
            : 0;

    for (uint32_t i = 0; i < formula->operand_count && end == 0; i++) {
        end = formula_end(ended, formula->operands[i]);
    }
    return end;
}

int32_t indicator_ended_on(const struct indicator_ended *ended,
                           const struct plan_target *target,
                           const struct plan_indicator *indicator)
{
    int32_t end = 0;

    if (target != NULL && target->scope != 0) {
        end = unit_end(ended, target->scope);
    }
    if (target != NULL && target->each_unit && end == 0) {
        end = ended->levels[target->each_level];
    }
    return end == 0 && indicator->formula != NULL
               ? formula_end(ended, indicator->formula)
               : end;
}

bool indicator_range_until(struct figure_range *range,
                           const struct units *units, uint32_t key)
{
    int32_t last = range->from - 1;

    if (units_find(units, key, range->unit_date) != NULL) {
        return true;
    }
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        if (unit->key == key && unit->to <= range->unit_date &&
            unit->to - 1 > last) {
            last = unit->to - 1;
        }
    }
    if (last < range->from) {
        return false;
    }
    range->to = last < range->to ? last : range->to;
    range->unit_date = last;
    return true;
}
