/* Days as numbers: against fixed points and against counting day by day. */
#include "common/event/calendar.h"

#include <criterion/criterion.h>

#define MICROSECONDS_A_DAY (INT64_C(86400) * 1000000)

Test(calendar, knows_the_fixed_points)
{
    cr_assert_eq(calendar_day(1970, 1, 1), 0);
    cr_assert_eq(calendar_day(1969, 12, 31), -1);
    cr_assert_eq(calendar_day(2000, 2, 29), 11016);
    cr_assert_eq(calendar_day(2018, 1, 23), 17554);
    cr_assert_eq(calendar_day(CALENDAR_YEAR_MAX, 12, 31), 376199);
}

Test(calendar, counts_every_day_of_its_years_once)
{
    struct calendar_date date = {CALENDAR_YEAR_MIN, 1, 1};
    int32_t day = calendar_day(date.year, date.month, date.day);
    while (date.year <= CALENDAR_YEAR_MAX) {
        cr_assert(calendar_date_valid(&date));
        cr_assert_eq(calendar_day(date.year, date.month, date.day), day);
        struct calendar_date back = calendar_date(day);
        cr_assert(back.year == date.year && back.month == date.month &&
                      back.day == date.day,
                  "day %d", day);
        day++;
        date.day++;
        if (date.day > calendar_days_in_month(date.year, date.month)) {
            date.day = 1;
            date.month++;
        }
        if (date.month > 12) {
            date.month = 1;
            date.year++;
        }
    }
}

Test(calendar, refuses_days_that_do_not_exist)
{
    static const struct calendar_date wrong[] = {
        {2018, 2, 29},
        {1900, 2, 29},
        {2018, 4, 31},
        {2018, 0, 1},
        {2018, 13, 1},
        {2018, 1, 0},
        {2018, 1, 32},
        {CALENDAR_YEAR_MIN - 1, 12, 31},
        {CALENDAR_YEAR_MAX + 1, 1, 1}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_assert_not(calendar_date_valid(&wrong[i]), "row %zu", i);
    }
    struct calendar_date leap = {2000, 2, 29};
    cr_assert(calendar_date_valid(&leap));
}

/* 17:00 UTC is midnight in Vietnam. */
Test(calendar, turns_the_day_at_seventeen_hours_utc)
{
    int64_t midnight = 17 * INT64_C(3600) * 1000000;
    cr_assert_eq(calendar_day_of_moment(midnight - 1), 0);
    cr_assert_eq(calendar_day_of_moment(midnight), 1);
    cr_assert_eq(calendar_day_of_moment(midnight - MICROSECONDS_A_DAY), 0);
    cr_assert_eq(calendar_day_of_moment(midnight - MICROSECONDS_A_DAY - 1), -1);
    cr_assert_eq(calendar_day_of_moment(INT64_MAX), 106751991);
    cr_assert_eq(calendar_day_of_moment(INT64_MIN), -106751991);
}
