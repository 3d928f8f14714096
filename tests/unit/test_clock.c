#include "common/base/clock.h"

#include <criterion/criterion.h>

Test(clock, a_civil_day_begins_at_seventeen_hours_utc)
{
    int64_t midnight = INT64_C(17) * 3600 * CLOCK_US_PER_S;

    cr_assert_eq(clock_day_of(0), 0);
    cr_assert_eq(clock_day_of(midnight - 1), 0);
    cr_assert_eq(clock_day_of(midnight), 1);
    cr_assert_eq(clock_day_of(midnight + CLOCK_US_PER_DAY - 1), 1);
    cr_assert_eq(clock_day_of(midnight + CLOCK_US_PER_DAY), 2);
}

Test(clock, days_before_1970_are_negative)
{
    int64_t zone = CLOCK_CIVIL_ZONE_US;

    cr_assert_eq(clock_day_of(-zone), 0);
    cr_assert_eq(clock_day_of(-zone - 1), -1);
    cr_assert_eq(clock_day_of(-zone - CLOCK_US_PER_DAY), -1);
    cr_assert_eq(clock_day_of(-zone - CLOCK_US_PER_DAY - 1), -2);
}

Test(clock, the_zone_does_not_depend_on_the_machine)
{
    struct clock_settable state = {.wall_us = 0};
    struct clock clock;

    setenv("TZ", "America/Lima", 1);
    clock_init_settable(&clock, &state);
    state.wall_us = INT64_C(1514739600) * CLOCK_US_PER_S; /* 2018-01-01 +7 */
    cr_assert_eq(clock_today(&clock), 17532);
    state.wall_us -= 1;
    cr_assert_eq(clock_today(&clock), 17531);
}

Test(clock, a_settable_clock_moves_only_when_told)
{
    struct clock_settable state = {.wall_us = 10, .monotonic_us = 5};
    struct clock clock;

    clock_init_settable(&clock, &state);
    cr_assert_eq(clock_wall_us(&clock), 10);
    cr_assert_eq(clock_monotonic_us(&clock), 5);
    clock_settable_advance(&state, 3);
    cr_assert_eq(clock_wall_us(&clock), 13);
    cr_assert_eq(clock_monotonic_us(&clock), 8);
}

Test(clock, the_real_monotonic_clock_does_not_step_back)
{
    struct clock clock;
    int64_t before;

    clock_init_real(&clock);
    before = clock_monotonic_us(&clock);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us(&clock);

        cr_assert_geq(now, before);
        before = now;
    }
    cr_assert_gt(clock_wall_us(&clock), 0);
}
