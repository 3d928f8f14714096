/* calendar - day numbers by the arithmetic of 400-year cycles.
 *
 * The year is taken to begin in March, so that the leap day is its last and
 * the lengths of the months before follow one formula.
 */
#include "common/event/calendar.h"

#include "common/base/check.h"

#define DAYS_IN_CYCLE 146097 /* 400 years */
#define DAYS_TO_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t calendar_days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    check(month >= 1 && month <= 12);
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool calendar_date_valid(const struct calendar_date *date)
{
    return date->year >= CALENDAR_YEAR_MIN && date->year <= CALENDAR_YEAR_MAX &&
           date->month >= 1 && date->month <= 12 && date->day >= 1 &&
           date->day <= calendar_days_in_month(date->year, date->month);
}

int32_t calendar_day(int32_t year, int32_t month, int32_t day)
{
    struct calendar_date date = {year, month, day};
    check(calendar_date_valid(&date));
    int32_t y = month <= 2 ? year - 1 : year;
    int32_t cycle = y / 400;
    int32_t year_of_cycle = y % 400;
    int32_t month_from_march = (month + 9) % 12;
    int32_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int32_t day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 -
                           year_of_cycle / 100 + day_of_year;
    return cycle * DAYS_IN_CYCLE + day_of_cycle - DAYS_TO_EPOCH;
}

struct calendar_date calendar_date(int32_t day)
{
    /* In 64 bits, so that any number of an event can be printed. */
    int64_t z = (int64_t)day + DAYS_TO_EPOCH;
    int64_t cycle = (z >= 0 ? z : z - (DAYS_IN_CYCLE - 1)) / DAYS_IN_CYCLE;
    int64_t day_of_cycle = z - cycle * DAYS_IN_CYCLE;
    int64_t year_of_cycle = (day_of_cycle - day_of_cycle / 1460 +
                             day_of_cycle / 36524 - day_of_cycle / 146096) /
                            365;
    int64_t day_of_year =
        day_of_cycle -
        (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct calendar_date date;
    date.day = (int32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date.month = (int32_t)(month_from_march < 10 ? month_from_march + 3
                                                 : month_from_march - 9);
    date.year = (int32_t)(year_of_cycle + cycle * 400 + (date.month <= 2));
    return date;
}

bool calendar_is_weekend(int32_t day)
{
    /* 1970-01-01 was a Thursday: two days before Saturday. */
    return ((int64_t)day % 7 + 7 + 5) % 7 < 2;
}

int32_t calendar_day_of_moment(int64_t microseconds)
{
    const int64_t day = INT64_C(86400) * 1000000;
    const int64_t offset = (int64_t)CALENDAR_OFFSET_SECONDS * 1000000;
    /* Divided first: a moment of an event may be any 64-bit number. */
    int64_t days = microseconds / day;
    int64_t rest = microseconds % day + offset;
    if (rest < 0) {
        days -= 1;
    } else if (rest >= day) {
        days += 1;
    }
    return (int32_t)days;
}
