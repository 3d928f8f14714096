/* When the report of a period is due. A day of the year may stand a little
 * before the period's end ("before 15/12" for a year that ends with December),
 * or after it. */
#include "common/event/period.h"

#include "common/event/calendar.h"

/* A day of the year is taken as the first that is not earlier than so many days
 * before the period's end. */
#define DUE_AHEAD_MAX  31
#define KEY_YEAR_SHIFT 100u
/* No row of holidays is so long. */
#define SEARCH_DAYS_MAX 60

static bool is_working_day(const struct period_holidays *holidays, int32_t day)
{
    if (calendar_is_weekend(day)) {
        return false;
    }
    for (size_t i = 0; i < holidays->count; i++) {
        if (holidays->days[i] == day) {
            return false;
        }
    }
    return true;
}

uint32_t period_working_days(const struct period_holidays *holidays,
                             int32_t from, int32_t to)
{
    uint32_t count = 0;

    for (int32_t day = from + 1; day <= to; day++) {
        count += is_working_day(holidays, day);
    }
    return count;
}

/* The day of that month and year; day 31 is the last of any month. */
static int32_t day_of(int32_t year, struct period_cut cut)
{
    int32_t days = calendar_days_in_month(year, cut.month);

    return calendar_day(year, cut.month, cut.day < days ? cut.day : days);
}

static int32_t stated_day(const struct period_due *due,
                          const struct period *period)
{
    uint32_t number = period->key % KEY_YEAR_SHIFT;
    int32_t year = (int32_t)(period->key / KEY_YEAR_SHIFT);
    int32_t day;

    if (number > due->count) {
        return period->to + (int32_t)due->days_after;
    }
    day = day_of(year, due->days[number - 1]);
    return day < period->to - DUE_AHEAD_MAX
               ? day_of(year + 1, due->days[number - 1])
               : day;
}

bool period_deadline(const struct period_regime *regime,
                     const struct period *period,
                     const struct period_holidays *holidays, int32_t *last)
{
    const struct period_due *due = &regime->due[period->kind];
    uint32_t left = regime->working_days;

    if (due->given) {
        *last = stated_day(due, period) - (due->before ? 1 : 0);
        return true;
    }
    for (int32_t day = period->to + 1;
         left > 0 && day <= period->to + SEARCH_DAYS_MAX; day++) {
        left -= is_working_day(holidays, day);
        *last = day;
    }
    return regime->working_days > 0 && left == 0;
}
