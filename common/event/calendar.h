/* calendar - civil days as numbers.
 *
 * Flow     text, plan files -> [calendar] -> event, fold
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   years CALENDAR_YEAR_MIN to CALENDAR_YEAR_MAX.
 *
 * A day is the number of days since 1970-01-01 on the proleptic Gregorian
 * calendar. What happened is dated by the civil day at UTC+7; there has been
 * no summer time there since 1975, so the offset is fixed.
 */
#ifndef TALLYLINE_COMMON_CALENDAR_H
#define TALLYLINE_COMMON_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_YEAR_MIN       1900
#define CALENDAR_YEAR_MAX       2999
#define CALENDAR_OFFSET_SECONDS (7 * 3600) /* UTC+7 */

struct calendar_date {
    int32_t year;
    int32_t month; /* 1 to 12 */
    int32_t day;   /* 1 to 31 */
};

/* Whether the date exists and its year is within the limits. */
bool calendar_date_valid(const struct calendar_date *date);
int32_t calendar_days_in_month(int32_t year, int32_t month);
/* The number of a valid date, and back. */
int32_t calendar_day(int32_t year, int32_t month, int32_t day);
struct calendar_date calendar_date(int32_t day);
/* Saturday or Sunday. */
bool calendar_is_weekend(int32_t day);
/* The civil day at UTC+7 of a moment in microseconds UTC. */
int32_t calendar_day_of_moment(int64_t microseconds);

#endif
