/* When reports are due, as a plan says it. */
#include "common/event/calendar.h"
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>

#define REGIMES 6u /* line of the small plan */

static struct report report;
static struct plan *plan;

static void load(const char *regimes)
{
    plan_free(&plan);
    report_fini(&report);
    plan = small_plan_load(REGIMES, regimes, LANGUAGE_EN, &report);
}

static void open_plan(void)
{
    small_plan_open();
    report_init(&report, LANGUAGE_EN);
}

static void close_plan(void)
{
    plan_free(&plan);
    report_fini(&report);
    small_plan_close();
}

TestSuite(plan_due, .init = open_plan, .fini = close_plan);

static int32_t deadline(enum period_kind kind, uint32_t key)
{
    struct period period;
    int32_t last = 0;

    cr_assert_not_null(plan);
    cr_assert(period_bounds(&plan->regimes[0], kind, key, &period));
    cr_assert(
        period_deadline(&plan->regimes[0], &period, &plan->holidays, &last));
    return last;
}

Test(plan_due, days_are_stated_before_by_or_after)
{
    load("regimes: [{regime: nd09_2019, due: {half_year: {before: [06-15, "
         "12-15]}, year: {by: [12-20]}, month: {days_after: 3}}}]");
    cr_assert_eq(deadline(PERIOD_HALF_YEAR, 202001), calendar_day(2020, 6, 14));
    cr_assert_eq(deadline(PERIOD_YEAR, 202001), calendar_day(2020, 12, 20));
    cr_assert_eq(deadline(PERIOD_MONTH, 202003), calendar_day(2020, 3, 17));
}

/* 14/12/2020 was a Monday. */
Test(plan_due, holidays_move_the_day_that_is_not_stated)
{
    load("regimes: [{regime: nd09_2019}]");
    cr_assert_eq(deadline(PERIOD_YEAR, 202001), calendar_day(2020, 12, 15));
    load("regimes: [{regime: nd09_2019}]\n"
         "holidays: [2020-12-16, 2020-12-15]");
    cr_assert_eq(deadline(PERIOD_YEAR, 202001), calendar_day(2020, 12, 17));
}

Test(plan_due, a_day_that_leaves_no_working_day_is_warned_of)
{
    load("regimes: [{regime: nd09_2019, due: {year: {before: [12-15]}}}]");
    cr_assert_not_null(plan);
    cr_assert_eq(report.warnings, 1);
    load("regimes: [{regime: nd09_2019, due: {year: {by: [12-15]}}}]");
    cr_assert_eq(report.warnings, 0);
    load("regimes: [{regime: nd09_2019, working_days: 0, due: {year: {before: "
         "[12-15]}}}]");
    cr_assert_eq(report.warnings, 0);
}

Test(plan_due, mistakes_are_told)
{
    small_plan_mistake(REGIMES,
                       "regimes: [{regime: calendar, due: {year: {before: "
                       "[12-15], days_after: 1}}}]",
                       42, "exactly one of");
    small_plan_mistake(REGIMES,
                       "regimes: [{regime: calendar, due: {quarter: {by: "
                       "[03-15]}}}]",
                       50, "4 days are wanted");
    small_plan_mistake(REGIMES,
                       "regimes: [{regime: calendar, due: {year: {by: "
                       "[15/12]}}}]",
                       48, "month-day");
    small_plan_mistake(REGIMES,
                       "regimes: [{regime: plan_deadline, last_days: {year: "
                       "[12-14]}, due: {month: {days_after: 1}}}]",
                       76, "no period \"month\"");
    small_plan_mistake_at(REGIMES,
                          "regimes: [{regime: calendar}]\n"
                          "holidays: [2020-02-30]",
                          REGIMES + 1, 12, "is not a day");
}
