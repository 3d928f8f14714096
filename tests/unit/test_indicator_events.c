/* How many events stand behind a figure. */
#include "common/figures/indicator_events.h"

#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>

enum {
    INSPECTION = 8,
    HOTSPOT = 11,
    CORRECTION = 20
};

#define DAY(month, day) calendar_day(2018, month, day)

static struct world world;
static struct fold *fold;

static void setup(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void teardown(void)
{
    fold_free(&fold);
    world_close(&world);
}

TestSuite(indicator_events, .init = setup, .fini = teardown);

static uint64_t inspect(uint32_t agent, int32_t day, uint32_t place,
                        uint32_t thing, uint32_t violations)
{
    struct event event;

    world_event_init(&world, &event, agent, INSPECTION, day, place);
    event_set(&event, 1, id60_make(agent, 1, thing));
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, violations > 0 ? 2 : 1);
    if (violations > 0) {
        event_set(&event, 6, violations);
    }
    return world_add(&world, agent, 1, &event)->id;
}

static struct indicator_events count(const char *indicator, uint32_t unit,
                                     int32_t from, int32_t to)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    struct indicator_request request = {
        .today = DAY(12, 31), .unit = unit, .indicator = indicator};
    struct indicator_rows *rows = NULL;
    struct indicator_events events;

    figure_range_default(plan, &request.range);
    request.range.from = from;
    request.range.to = to;
    cr_assert_eq(indicator_rows_new(fold, world.context, &request, &rows),
                 STATUS_OK);
    cr_assert_eq(indicator_events(fold, world.context, &rows->rows[0],
                                  &request.range, &events),
                 STATUS_OK, "%s", indicator);
    indicator_rows_free(&rows);
    return events;
}

static void expect(const char *indicator, uint32_t unit, int32_t from,
                   int32_t to, uint64_t wanted)
{
    struct indicator_events events = count(indicator, unit, from, to);

    cr_assert_eq(events.count, wanted, "%s: %llu", indicator,
                 (unsigned long long)events.count);
    cr_assert(!events.at_most, "%s", indicator);
    cr_assert_eq(events.type_count, 1);
    cr_assert_eq(events.types[0], INSPECTION);
}

/* A sum, a count and a number of different things have the same events. */
Test(indicator_events, they_are_counted_by_unit_and_day)
{
    int32_t from = DAY(1, 1), to = DAY(12, 31);

    (void)inspect(1, DAY(3, 5), WORLD_COMMUNE(1, 1), 1, 3);
    (void)inspect(1, DAY(3, 6), WORLD_COMMUNE(1, 1), 1, 0);
    (void)inspect(1, DAY(4, 6), WORLD_COMMUNE(1, 2), 2, 1);
    (void)inspect(2, DAY(3, 5), WORLD_COMMUNE(2, 1), 3, 0);
    fold = world_fold(&world, NULL);
    expect("visits", WORLD_PROVINCE, from, to, 4);
    expect("violations", WORLD_PROVINCE, from, to, 4);
    expect("inspected", WORLD_PROVINCE, from, to, 4);
    expect("inspected", WORLD_DISTRICT(1), from, to, 3);
    expect("visits", WORLD_DISTRICT(1), DAY(3, 1), DAY(3, 31), 2);
    expect("violations", WORLD_COMMUNE(1, 2), from, to, 1);
}

/* What was taken back stands behind nothing. */
Test(indicator_events, what_was_voided_is_not_among_them)
{
    struct event void_it;
    uint64_t first = inspect(1, DAY(3, 5), WORLD_COMMUNE(1, 1), 1, 2);

    (void)inspect(1, DAY(3, 6), WORLD_COMMUNE(1, 1), 2, 1);
    world_event_init(&world, &void_it, 1, CORRECTION, DAY(4, 1), 0);
    event_header_set(&void_it, EVENT_TARGET, first);
    event_set(&void_it, 1, 1);
    event_header_set(&void_it, EVENT_REASON, 1);
    (void)world_add(&world, 1, 1, &void_it);
    fold = world_fold(&world, NULL);
    expect("inspected", WORLD_PROVINCE, DAY(1, 1), DAY(12, 31), 1);
    expect("violations", WORLD_PROVINCE, DAY(1, 1), DAY(12, 31), 1);
}

/* Both numbers of a ratio read inspections, one of them only some: an event is
 * not counted twice. */
Test(indicator_events, an_event_behind_both_numbers_of_a_ratio_is_one)
{
    (void)inspect(1, DAY(3, 5), WORLD_COMMUNE(1, 1), 1, 2);
    (void)inspect(1, DAY(3, 6), WORLD_COMMUNE(1, 1), 2, 0);
    fold = world_fold(&world, NULL);
    expect("handled", WORLD_PROVINCE, DAY(1, 1), DAY(12, 31), 2);
}

/* A last state is made of all that was said up to the day. */
Test(indicator_events, a_state_looks_back)
{
    struct event event;

    world_event_init(&world, &event, 1, HOTSPOT, DAY(2, 1), 0);
    event_set(&event, 1, id60_make(1, 1, 9));
    event_set(&event, 2, 1);
    (void)event_append(&event, 3, WORLD_COMMUNE(1, 1));
    event_set(&event, 4, 4);
    (void)world_add(&world, 1, 1, &event);
    fold = world_fold(&world, NULL);
    cr_assert_eq(count("clean", WORLD_PROVINCE, DAY(6, 1), DAY(12, 31)).count,
                 1);
    cr_assert_eq(count("clean", WORLD_PROVINCE, DAY(1, 1), DAY(1, 31)).count,
                 0);
}
