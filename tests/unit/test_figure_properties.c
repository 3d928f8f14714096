/* What must hold of the figures of any year: random years of a small province
 * are changed in a way that may, or may not, show. TALLYLINE_TEST_SEED repeats
 * a run. */
#include "common/event/calendar.h"
#include "tests/support/random_year.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

#define YEARS       48u /* random ones, for each property */
#define DAYS_AT_ONE 20u /* of a range that is taken apart */

static size_t units_of(const struct year *year)
{
    return units_count(context_units(year->world.context));
}

static const struct plan *plan_of(const struct year *year)
{
    return context_plan_at(year->world.context, 0)->plan;
}

/* Figures of all units. The caller frees. */
static struct figure *compute(const struct year *year, const struct fold *fold,
                              const struct plan_formula *formula, int32_t from,
                              int32_t to)
{
    struct figure *figures = calloc(units_of(year), sizeof *figures);
    struct figure_range range;

    cr_assert_not_null(figures);
    figure_range_default(plan_of(year), &range);
    range.from = from;
    range.to = to;
    cr_assert_eq(indicator_compute(fold, year->world.context, formula, &range,
                                   figures, units_of(year)),
                 STATUS_OK);
    return figures;
}

static void check_equal(const struct year *year, const char *indicator,
                        const struct figure left[], const struct figure right[])
{
    for (size_t i = 0; i < units_of(year); i++) {
        cr_assert(left[i].value == right[i].value &&
                      left[i].denominator == right[i].denominator &&
                      left[i].defined == right[i].defined &&
                      left[i].lower_bound == right[i].lower_bound,
                  "seed %" PRIu64 ": %s at position %zu is %" PRId64 "/%" PRId64
                  " and %" PRId64 "/%" PRId64,
                  year->first_seed, indicator, i, left[i].value,
                  left[i].denominator, right[i].value, right[i].denominator);
    }
}

/* Every figure of two ways to tell the same year, over a few ranges. */
static void check_same(struct year *one, struct year *other)
{
    struct fold *left = world_fold(&one->world, NULL);
    struct fold *right = world_fold(&other->world, NULL);
    const struct plan *plan = plan_of(one);

    for (uint32_t n = 0; n < 3; n++) {
        int32_t from = plan->from + (int32_t)(world_random(&one->seed) % 200);
        int32_t to = n == 0 ? plan->to : from + 60;

        for (uint32_t i = 0; i < plan->indicator_count; i++) {
            const struct plan_indicator *indicator = &plan->indicators[i];
            struct figure *a, *b;

            if (indicator->formula == NULL) {
                continue;
            }
            a = compute(one, left, indicator->formula, from, to);
            b = compute(other, right, plan_of(other)->indicators[i].formula,
                        from, to);
            check_equal(one, indicator->id, a, b);
            free(a);
            free(b);
        }
    }
    fold_free(&left);
    fold_free(&right);
}

/* What an office could have entered: an event of the year under no other's
 * name. The agent of it is told. */
static struct event any_event(struct year *year, uint32_t *agent)
{
    for (;;) {
        size_t i = world_random(&year->seed) % RANDOM_YEAR_EVENTS;
        struct event event = year->world.events[i].event;

        if (year->drafts[i].target == i && event.fault == EVENT_FAULT_NONE) {
            *agent = year->drafts[i].agent;
            event.has_entry_key = false;
            event.header_present &= ~(1u << EVENT_ENTRY_KEY);
            return event;
        }
    }
}

static void correct(struct world *world, uint32_t agent, uint64_t target,
                    struct event *event)
{
    event_header_set(event, EVENT_TARGET, target);
    event_header_set(event, EVENT_REASON, 1);
    (void)world_add(world, agent, 1, event);
}

Test(figure_properties, i5_a_voided_event_leaves_no_trace)
{
    uint64_t seed = world_seed();

    for (uint64_t i = 0; i < YEARS; i++) {
        struct year *without = random_year_new(seed + i);
        struct year *with = random_year_new(seed + i);
        struct event event, voiding;
        uint32_t agent;
        uint64_t id;

        event = any_event(with, &agent);
        id = world_add(&with->world, agent, 1, &event)->id;
        world_event_init(&with->world, &voiding, agent, 20, event.occurred_on,
                         0);
        event_set(&voiding, 1, 1);
        correct(&with->world, agent, id, &voiding);
        check_same(without, with);
        random_year_free(&without);
        random_year_free(&with);
    }
}

Test(figure_properties, i5_a_replaced_event_is_as_if_it_had_been_right_at_first)
{
    uint64_t seed = world_seed();

    for (uint64_t i = 0; i < YEARS; i++) {
        struct year *right = random_year_new(seed + i);
        struct year *mended = random_year_new(seed + i);
        struct event event, wrong;
        uint32_t agent;
        uint64_t id;

        event = any_event(mended, &agent);
        wrong = event;
        wrong.occurred_on -= 45;
        (void)world_add(&right->world, agent, 1, &event);
        id = world_add(&mended->world, agent, 1, &wrong)->id;
        correct(&mended->world, agent, id, &event);
        check_same(right, mended);
        random_year_free(&right);
        random_year_free(&mended);
    }
}

/* Formulas that add events up, and so add up themselves. */
static bool adds_up(const struct plan_formula *formula)
{
    return formula != NULL && formula->operation == PLAN_SUM;
}

static void check_days(const struct year *year, const struct fold *fold,
                       const struct plan_indicator *indicator, int32_t from)
{
    int32_t to = from + (int32_t)DAYS_AT_ONE - 1;
    struct figure *whole = compute(year, fold, indicator->formula, from, to);
    struct figure *sum = calloc(units_of(year), sizeof *sum);

    cr_assert_not_null(sum);
    for (int32_t day = from; day <= to; day++) {
        struct figure *one = compute(year, fold, indicator->formula, day, day);

        for (size_t i = 0; i < units_of(year); i++) {
            sum[i].value += one[i].value;
        }
        free(one);
    }
    for (size_t i = 0; i < units_of(year); i++) {
        cr_assert_eq(whole[i].value, sum[i].value,
                     "seed %" PRIu64 ": %s at position %zu is %" PRId64
                     " and its days are %" PRId64,
                     year->first_seed, indicator->id, i, whole[i].value,
                     sum[i].value);
    }
    free(whole);
    free(sum);
}

static int64_t value_at(const struct year *year, const struct figure figures[],
                        uint32_t unit)
{
    const struct units *units = context_units(year->world.context);
    int32_t day = plan_of(year)->to;

    return figures[units_position(units, units_find(units, unit, day))].value;
}

/* Every event of such a year lies in a district. */
static void check_units(const struct year *year, const struct fold *fold,
                        const struct plan_indicator *indicator)
{
    const struct plan *plan = plan_of(year);
    struct figure *all =
        compute(year, fold, indicator->formula, plan->from, plan->to);

    cr_assert_eq(value_at(year, all, WORLD_PROVINCE),
                 value_at(year, all, WORLD_DISTRICT(1)) +
                     value_at(year, all, WORLD_DISTRICT(2)),
                 "seed %" PRIu64 ": %s of the province is not its districts",
                 year->first_seed, indicator->id);
    free(all);
}

Test(figure_properties, what_adds_up_is_the_sum_of_its_days_and_of_its_units)
{
    uint64_t seed = world_seed();
    uint32_t checked = 0;

    for (uint64_t n = 0; n < YEARS; n++) {
        struct year *year = random_year_new(seed + n);
        struct fold *fold = world_fold(&year->world, NULL);
        const struct plan *plan = plan_of(year);

        for (uint32_t i = 0; i < plan->indicator_count; i++) {
            if (adds_up(plan->indicators[i].formula)) {
                check_days(year, fold, &plan->indicators[i],
                           plan->from +
                               (int32_t)(world_random(&year->seed) % 340));
                check_units(year, fold, &plan->indicators[i]);
                checked++;
            }
        }
        fold_free(&fold);
        random_year_free(&year);
    }
    cr_assert_geq(checked, 3 * YEARS);
}
