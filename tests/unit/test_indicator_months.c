/* How single months stand to the running total, for each way of counting. */
#include "common/figures/indicator_months.h"

#include "tests/support/world.h"

#include <criterion/criterion.h>

static struct world world;

static void open_world(void)
{
    world_open(&world, WORLD_PLAN, NULL);
}

static void close_world(void)
{
    world_close(&world);
}

TestSuite(indicator_months, .init = open_world, .fini = close_world);

static const char *months_of(const char *id)
{
    const struct plan *plan = context_plan_at(world.context, 0)->plan;
    uint32_t at = plan_find_indicator(plan, id);

    cr_assert_neq(at, UINT32_MAX, "no indicator %s", id);
    return indicator_months_token(
        indicator_months(plan->indicators[at].formula));
}

Test(indicator_months, what_happened_adds_up)
{
    cr_assert_str_eq(months_of("visits"), "add");
    cr_assert_str_eq(months_of("violations"), "add");
    cr_assert_str_eq(months_of("tried"), "add");
    cr_assert_str_eq(months_of("open_violations"), "add");
}

/* A stock stands in nine months with the same number, and is not nine times as
 * much. */
Test(indicator_months, a_stock_does_not)
{
    cr_assert_str_eq(months_of("clean"), "stock");
    cr_assert_str_eq(months_of("on_file"), "stock");
    cr_assert_str_eq(months_of("all_clean"), "stock");
}

Test(indicator_months, things_and_shares_stand_for_themselves)
{
    cr_assert_str_eq(months_of("inspected"), "own");
    cr_assert_str_eq(months_of("coverage"), "own");
    cr_assert_str_eq(months_of("handled"), "own");
}
