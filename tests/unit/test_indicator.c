/* Figures by range of days and by the units of a day; every way of counting is
 * also held against a recount in test_fold_order.c. */
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Numbers of proto/event.proto. */
enum {
    COMMUNICATION = 2,
    INSPECTION = 8,
    CASE = 10,
    HOTSPOT = 11,
    CENSUS = 17,
    CORRECTION = 20,
    SAME_AS = 22
};

#define DAY calendar_day(2018, 3, 5)

static struct world world;
static struct fold *fold;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void close_world(void)
{
    fold_free(&fold);
    world_close(&world);
}

TestSuite(indicator, .init = open_world, .fini = close_world);

static uint64_t inspect(uint32_t agent, int32_t day, uint32_t place,
                        uint64_t establishment)
{
    struct event event;

    world_event_init(&world, &event, agent, INSPECTION, day, place);
    event_set(&event, 1, establishment);
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    return world_add(&world, agent, 1, &event)->id;
}

static void reach_stage(uint32_t agent, int32_t day, uint32_t n, uint32_t stage)
{
    struct event event;

    world_event_init(&world, &event, agent, CASE, day, 0);
    event_set(&event, 1, id60_make(1, 1, n));
    event_set(&event, 2, stage);
    (void)world_add(&world, agent, 1, &event);
}

static void hotspot(uint32_t agent, int32_t day, uint64_t reference,
                    uint32_t state, uint32_t first, uint32_t second)
{
    struct event event;

    world_event_init(&world, &event, agent, HOTSPOT, day, 0);
    event_set(&event, 1, reference);
    event_set(&event, 2, 1);
    (void)event_append(&event, 3, first);
    if (second != 0) {
        (void)event_append(&event, 3, second);
    }
    event_set(&event, 4, state);
    (void)world_add(&world, agent, 1, &event);
}

static uint64_t same(uint32_t kind, uint64_t first, uint64_t second)
{
    struct event event;

    world_event_init(&world, &event, 1, SAME_AS, DAY, 0);
    event_set(&event, 1, kind);
    event_set(&event, 2, first);
    event_set(&event, 3, second);
    return world_add(&world, 1, 1, &event)->id;
}

static int64_t value(const char *indicator, uint32_t unit)
{
    if (fold == NULL) {
        fold = world_fold(&world, NULL);
    }
    return world_value(&world, fold, indicator, unit);
}

/* The figure over other days, or by the units of another day. */
static struct figure at(const char *indicator, uint32_t unit, int32_t from,
                        int32_t to, int32_t unit_date)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    const struct units *units = context_units(world.context);
    struct figure_range range = {
        .plan = plan, .from = from, .to = to, .unit_date = unit_date};

    struct figure *figures = calloc(units_count(units), sizeof *figures);
    struct figure figure;

    if (fold == NULL) {
        fold = world_fold(&world, NULL);
    }
    cr_assert_not_null(figures);
    cr_assert_eq(
        indicator_compute(
            fold, world.context,
            plan->indicators[plan_find_indicator(plan, indicator)].formula,
            &range, figures, units_count(units)),
        STATUS_OK);
    figure = figures[units_position(units, units_find(units, unit, unit_date))];
    free(figures);
    return figure;
}

Test(indicator, visits_are_counted_once_each_and_establishments_once)
{
    (void)inspect(1, DAY, WORLD_COMMUNE(1, 1), id60_make(1, 1, 1));
    (void)inspect(1, DAY + 9, WORLD_COMMUNE(1, 2), id60_make(1, 1, 1));
    (void)inspect(2, DAY, WORLD_COMMUNE(2, 1), id60_make(1, 1, 1));
    cr_assert_eq(value("visits", WORLD_PROVINCE), 3);
    cr_assert_eq(value("visits", WORLD_DISTRICT(1)), 2);
    cr_assert_eq(value("inspected", WORLD_PROVINCE), 1);
    cr_assert_eq(value("inspected", WORLD_DISTRICT(1)), 1);
    cr_assert_eq(value("inspected", WORLD_DISTRICT(2)), 1);
}

Test(indicator, both_ends_of_the_range_belong_to_it)
{
    int32_t units = calendar_day(2018, 12, 31);

    (void)inspect(1, DAY, WORLD_COMMUNE(1, 1), id60_make(1, 1, 1));
    (void)inspect(1, DAY + 1, WORLD_COMMUNE(1, 1), id60_make(1, 1, 2));
    (void)inspect(1, DAY + 8, WORLD_COMMUNE(1, 1), id60_make(1, 1, 3));
    cr_assert_eq(at("visits", WORLD_PROVINCE, DAY, DAY + 8, units).value, 3);
    cr_assert_eq(at("visits", WORLD_PROVINCE, DAY + 1, DAY + 7, units).value,
                 1);
    cr_assert_eq(at("inspected", WORLD_PROVINCE, DAY + 1, DAY + 7, units).value,
                 1);
}

Test(indicator, a_case_counts_once_on_the_first_day_that_it_reached_the_stage)
{
    int32_t units = calendar_day(2018, 12, 31);

    reach_stage(1, calendar_day(2017, 12, 30), 1, 5);
    reach_stage(2, DAY, 1, 5); /* again: it was tried the year before */
    reach_stage(1, DAY, 2, 1); /* another stage */
    reach_stage(1, DAY + 10, 3, 5);
    reach_stage(2, DAY + 20, 3, 5);
    cr_assert_eq(value("tried", WORLD_PROVINCE), 1);
    cr_assert_eq(value("tried", WORLD_DISTRICT(1)), 1);
    cr_assert_eq(value("tried", WORLD_DISTRICT(2)), 0);
    cr_assert_eq(at("tried", WORLD_PROVINCE, DAY + 11, DAY + 30, units).value,
                 0);
}

Test(indicator, a_hotspot_in_two_districts_counts_once_in_each_and_above)
{
    hotspot(1, DAY, id60_make(1, 1, 1), 7, WORLD_COMMUNE(1, 1),
            WORLD_COMMUNE(2, 1));
    hotspot(1, DAY + 1, id60_make(1, 1, 1), 7, WORLD_COMMUNE(1, 1),
            WORLD_COMMUNE(2, 1));
    cr_assert_eq(value("reactivated", WORLD_PROVINCE), 1);
    cr_assert_eq(value("reactivated", WORLD_DISTRICT(1)), 1);
    cr_assert_eq(value("reactivated", WORLD_DISTRICT(2)), 1);
    cr_assert_eq(value("reactivated", WORLD_COMMUNE(2, 1)), 1);
    cr_assert_eq(value("reactivated", WORLD_COMMUNE(2, 2)), 0);
}

Test(indicator, a_status_is_the_last_one_by_the_end_of_the_range)
{
    int32_t units = calendar_day(2018, 12, 31);
    uint64_t named = id60_make(0, 0, 1);

    cr_assert_eq(value("clean", WORLD_PROVINCE), 2); /* the plan's register */
    fold_free(&fold);
    hotspot(1, DAY, named, 7, WORLD_COMMUNE(1, 1), 0);
    hotspot(1, DAY + 10, named, 6, WORLD_COMMUNE(1, 1), 0);
    cr_assert_eq(value("clean", WORLD_PROVINCE), 2);
    cr_assert_eq(at("clean", WORLD_PROVINCE, DAY, DAY + 9, units).value, 1);
    cr_assert_eq(at("all_clean", WORLD_PROVINCE, DAY, DAY + 9, units).value, 1);
    /* It lies where its last event says. */
    cr_assert_eq(value("clean", WORLD_COMMUNE(2, 1)), 0);
    cr_assert_eq(value("all_clean", WORLD_DISTRICT(1)), 1);
}

Test(indicator, an_event_of_the_same_day_is_later_than_the_plans_register)
{
    hotspot(1, calendar_day(2017, 12, 31), id60_make(0, 0, 1), 7,
            WORLD_COMMUNE(1, 1), 0);
    cr_assert_eq(value("clean", WORLD_PROVINCE), 1);
}

Test(indicator, a_ratio_over_nothing_is_not_defined)
{
    struct figure figure;

    (void)inspect(1, DAY, WORLD_COMMUNE(1, 1), id60_make(1, 1, 1));
    (void)value("visits", WORLD_PROVINCE);
    figure = world_figure(&world, fold, "handled", WORLD_PROVINCE);
    cr_assert(figure.known && figure.ratio && !figure.defined);
    cr_assert_eq(figure.value, 0);
    cr_assert_eq(figure.denominator, 0);
}

Test(indicator, at_least_so_many_stays_so_in_every_sum)
{
    struct event event;
    struct figure figure;

    for (uint32_t i = 1; i <= 2; i++) {
        world_event_init(&world, &event, i, CENSUS, DAY, WORLD_COMMUNE(i, 1));
        (void)event_append(&event, 1, 1);
        event_set(&event, 2, 10 * i);
        if (i == 2) {
            event_set(&event, 7, 1);
        }
        (void)world_add(&world, i, 1, &event);
    }
    (void)value("on_file", WORLD_PROVINCE);
    figure = world_figure(&world, fold, "on_file", WORLD_PROVINCE);
    cr_assert(figure.lower_bound);
    cr_assert_eq(figure.value, 30);
    cr_assert_not(
        world_figure(&world, fold, "on_file", WORLD_DISTRICT(1)).lower_bound);
}

Test(indicator, i12_figures_are_read_by_the_units_of_the_time_or_of_today)
{
    int32_t spring = calendar_day(2018, 3, 31);
    int32_t from = calendar_day(2018, 1, 1), to = calendar_day(2018, 12, 31);
    uint32_t divided = WORLD_COMMUNE(1, 3), renamed = WORLD_COMMUNE(2, 3);
    struct figure figure;

    (void)inspect(1, DAY, divided, id60_make(1, 1, 1));
    (void)inspect(2, DAY, renamed, id60_make(1, 1, 2));
    /* By the units of the time each is where it was recorded. */
    cr_assert_eq(at("visits", divided, from, to, spring).value, 1);
    cr_assert_eq(at("visits", renamed, from, to, spring).value, 1);
    /* Today one has a successor; the other was divided, and its district
     * holds what cannot be told apart. */
    cr_assert_eq(at("visits", WORLD_COMMUNE(2, 6), from, to, to).value, 1);
    cr_assert_eq(at("visits", WORLD_COMMUNE(1, 4), from, to, to).value, 0);
    cr_assert_eq(at("visits", WORLD_COMMUNE(1, 5), from, to, to).value, 0);
    figure = at("visits", WORLD_DISTRICT(1), from, to, to);
    cr_assert_eq(figure.value, 1);
    cr_assert(figure.not_divided);
    cr_assert_not(at("visits", WORLD_DISTRICT(2), from, to, to).not_divided);
    cr_assert_not(
        at("visits", WORLD_DISTRICT(1), from, to, spring).not_divided);
}

Test(indicator, coverage_counts_units_once_and_only_those_of_the_level)
{
    static const uint32_t places[] = {WORLD_COMMUNE(1, 1), WORLD_COMMUNE(1, 1),
                                      WORLD_COMMUNE(1, 2), WORLD_DISTRICT(1)};
    struct figure figure;

    for (size_t i = 0; i < 4; i++) {
        struct event event;

        world_event_init(&world, &event, 1, COMMUNICATION, DAY, places[i]);
        event_set(&event, 1, 1);
        event_set(&event, 2, 3);
        event_set(&event, 3, 1);
        (void)world_add(&world, 1, 1, &event);
    }
    (void)value("communes", WORLD_PROVINCE);
    figure = world_figure(&world, fold, "coverage", WORLD_DISTRICT(1));
    cr_assert_eq(figure.value, 2);
    cr_assert_eq(figure.denominator, 4);
    cr_assert_eq(
        world_figure(&world, fold, "coverage", WORLD_PROVINCE).denominator, 7);
    cr_assert_eq(value("all_districts", WORLD_PROVINCE), 1);
    cr_assert_eq(value("all_districts", WORLD_DISTRICT(2)), 0);
}

Test(indicator, two_references_are_one_thing_until_that_is_voided)
{
    uint64_t event_id;
    struct event event;

    (void)inspect(1, DAY, WORLD_COMMUNE(1, 1), id60_make(1, 1, 1));
    (void)inspect(1, DAY, WORLD_COMMUNE(1, 1), id60_make(1, 1, 2));
    /* The same number of another kind is another thing. */
    (void)same(4, id60_make(1, 1, 1), id60_make(1, 1, 2));
    cr_assert_eq(value("inspected", WORLD_PROVINCE), 2);
    fold_free(&fold);
    event_id = same(1, id60_make(1, 1, 1), id60_make(1, 1, 2));
    cr_assert_eq(value("inspected", WORLD_PROVINCE), 1);
    fold_free(&fold);
    world_event_init(&world, &event, 1, CORRECTION, DAY, 0);
    event_set(&event, 1, 1);
    event_header_set(&event, EVENT_TARGET, event_id);
    event_header_set(&event, EVENT_REASON, 1);
    (void)world_add(&world, 1, 1, &event);
    cr_assert_eq(value("inspected", WORLD_PROVINCE), 2);
}
