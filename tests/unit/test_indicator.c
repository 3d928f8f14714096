#include "tests/support/world.h"

#include "common/calendar.h"
#include "common/reference.h"

#include <criterion/criterion.h>

/* Numbers of proto/event.proto. */
enum {
    COMMUNICATION = 2,
    INSPECTION = 8,
};

static void inspect(struct world *world, uint32_t agent, int32_t day,
                    uint32_t place, uint64_t establishment)
{
    struct event event;

    world_event_init(world, &event, agent, INSPECTION, day, place);
    event_set(&event, 1, establishment);
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    (void)world_add(world, agent, 1, &event);
}

Test(indicator, visits_are_counted_once_each_and_establishments_once)
{
    struct world world;
    struct fold *fold;
    int32_t day = calendar_day(2018, 3, 5);

    world_open(&world, WORLD_PLAN, NULL);
    inspect(&world, 1, day, WORLD_COMMUNE(1, 1), id60_make(1, 1, 1));
    inspect(&world, 1, day + 9, WORLD_COMMUNE(1, 2), id60_make(1, 1, 1));
    inspect(&world, 2, day, WORLD_COMMUNE(2, 1), id60_make(1, 1, 1));
    fold = world_fold(&world, NULL);
    cr_assert_eq(world_outcome(fold, world.events[0].id), FOLD_COUNTED);
    cr_assert_eq(world_value(&world, fold, "visits", WORLD_PROVINCE), 3);
    cr_assert_eq(world_value(&world, fold, "visits", WORLD_DISTRICT(1)), 2);
    cr_assert_eq(world_value(&world, fold, "inspected", WORLD_PROVINCE), 1);
    cr_assert_eq(world_value(&world, fold, "inspected", WORLD_DISTRICT(1)), 1);
    cr_assert_eq(world_value(&world, fold, "inspected", WORLD_DISTRICT(2)), 1);
    fold_free(&fold);
    world_close(&world);
}
