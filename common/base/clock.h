/* clock - the time, passed in, so that a test can hold it.
 *
 * Flow     kernel or test -> [clock] -> every module that needs the time
 * Owns     nothing; a settable clock borrows its state.
 * Threads  the real clock any; a settable clock is moved by one thread while
 *          no other reads it.
 * Limits   times are microseconds in an int64_t: some 292,000 years.
 *
 * Two clocks, two questions: wall time (UTC, may step) says when, monotonic
 * time (never steps back) measures how long. A civil day is a day at UTC+7,
 * counted from 1970-01-01 = 0, whatever the machine's own time zone is.
 */
#ifndef TALLYLINE_COMMON_CLOCK_H
#define TALLYLINE_COMMON_CLOCK_H

#include <stdint.h>

#define CLOCK_US_PER_MS     INT64_C(1000)
#define CLOCK_US_PER_S      INT64_C(1000000)
#define CLOCK_US_PER_DAY    (INT64_C(86400) * CLOCK_US_PER_S)
#define CLOCK_CIVIL_ZONE_US (INT64_C(7) * INT64_C(3600) * CLOCK_US_PER_S)

struct clock {
    int64_t (*wall_us)(void *context);
    int64_t (*monotonic_us)(void *context);
    void *context;
};

/* The machine's own clocks; valid for ever. */
const struct clock *clock_real(void);

/* The same, by value. */
void clock_init_real(struct clock *clock);

/* The state of a clock that stands still until somebody moves it. */
struct clock_settable {
    int64_t wall_us;
    int64_t monotonic_us;
};

/* Fills in a clock that reads `state`; borrows it for the clock's life. */
void clock_init_settable(struct clock *clock, struct clock_settable *state);

/* Moves both times forward by `us`, which is not negative. */
void clock_settable_advance(struct clock_settable *state, int64_t us);

/* UTC microseconds since 1970-01-01. */
int64_t clock_wall_us(const struct clock *clock);

/* Microseconds since some moment in the past, for differences only. */
int64_t clock_monotonic_us(const struct clock *clock);

/* The civil day (UTC+7) in which a wall time falls. */
int32_t clock_day_of(int64_t wall_us);
/* The moment in which it begins. */
int64_t clock_day_begin(int32_t day);

/* The civil day of now. */
int32_t clock_today(const struct clock *clock);

#endif
