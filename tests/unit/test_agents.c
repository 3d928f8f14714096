#include "collector/line/agents.h"

#include <criterion/criterion.h>
#include <string.h>

static struct clock_settable state;
static struct clock clock_of_test;
static struct agents *agents;
static struct agent_line *line;
static const struct intake_route first = {{1, 1, 1, 1, 1}};
static const struct intake_route second = {{2, 2, 2, 2, 2}};

static void setup(void)
{
    state = (struct clock_settable){.wall_us = CLOCK_US_PER_DAY,
                                    .monotonic_us = CLOCK_US_PER_DAY};
    clock_init_settable(&clock_of_test, &state);
    agents = agents_new(&clock_of_test);
    cr_assert_not_null(agents);
    line = agents_line(agents, 7);
}

static void teardown(void)
{
    agents_free(&agents);
}

TestSuite(agents, .init = setup, .fini = teardown);

Test(agents, a_line_is_live_for_the_time_of_three_heartbeats)
{
    cr_assert_not(agents_live(agents, line));
    agents_hear(agents, line, &first);
    cr_assert(agents_live(agents, line));
    clock_settable_advance(&state, WIRE_DEAD_US - 1);
    cr_assert(agents_live(agents, line));
    clock_settable_advance(&state, 1);
    cr_assert_not(agents_live(agents, line));
}

Test(agents, a_new_link_takes_the_place_of_the_old_one)
{
    agents_hear(agents, line, &first);
    line->welcomed = true;
    clock_settable_advance(&state, CLOCK_US_PER_S);
    agents_hear(agents, line, &second);
    cr_assert_eq(memcmp(line->route.bytes, second.bytes, sizeof second.bytes),
                 0);
    cr_assert_not(line->welcomed);
    /* What lay in the old link's queue is no second machine. */
    agents_hear(agents, line, &first);
    cr_assert_eq(line->alarms[AGENTS_TWO_LINKS], 0);
    cr_assert_eq(memcmp(line->route.bytes, second.bytes, sizeof second.bytes),
                 0);
}

Test(agents, i3_two_live_links_with_one_key_raise_an_alarm)
{
    agents_hear(agents, line, &first);
    clock_settable_advance(&state, CLOCK_US_PER_S);
    agents_hear(agents, line, &second);
    clock_settable_advance(&state, AGENTS_OLD_LINK_US);
    agents_hear(agents, line, &first);
    cr_assert_eq(line->alarms[AGENTS_TWO_LINKS], 1);
}

Test(agents, i11_credit_is_shared_by_all_that_are_live)
{
    cr_assert_eq(agents_credit(agents), WIRE_CREDIT_BYTES);
    for (uint32_t i = 1; i <= 128; i++) {
        struct intake_route route = {{0, 0, 0, 1, (uint8_t)i}};

        agents_hear(agents, agents_line(agents, i), &route);
    }
    cr_assert_eq(agents_credit(agents), AGENTS_CREDIT_TOTAL / 128);
    for (uint32_t i = 129; i <= 1024; i++) {
        struct intake_route route = {{0, 0, 1, (uint8_t)(i >> 8), (uint8_t)i}};

        agents_hear(agents, agents_line(agents, i), &route);
    }
    cr_assert_eq(agents_credit(agents), AGENTS_CREDIT_LEAST);
    clock_settable_advance(&state, WIRE_DEAD_US);
    cr_assert_eq(agents_credit(agents), WIRE_CREDIT_BYTES);
}
