#include "common/base/clock.h"

#include "common/base/check.h"

#include <stddef.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec now;

    /* Fails only for a clock that the kernel lacks; Linux has both. */
    check(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * CLOCK_US_PER_S + (int64_t)now.tv_nsec / 1000;
}

static int64_t real_wall_us(void *context)
{
    (void)context;
    return read_us(CLOCK_REALTIME);
}

static int64_t real_monotonic_us(void *context)
{
    (void)context;
    return read_us(CLOCK_MONOTONIC);
}

static const struct clock real = {.wall_us = real_wall_us,
                                  .monotonic_us = real_monotonic_us};

const struct clock *clock_real(void)
{
    return &real;
}

void clock_init_real(struct clock *clock)
{
    *clock = real;
}

static int64_t settable_wall_us(void *context)
{
    const struct clock_settable *state = context;

    return state->wall_us;
}

static int64_t settable_monotonic_us(void *context)
{
    const struct clock_settable *state = context;

    return state->monotonic_us;
}

void clock_init_settable(struct clock *clock, struct clock_settable *state)
{
    clock->wall_us = settable_wall_us;
    clock->monotonic_us = settable_monotonic_us;
    clock->context = state;
}

void clock_settable_advance(struct clock_settable *state, int64_t us)
{
    check(us >= 0);
    state->wall_us += us;
    state->monotonic_us += us;
}

int64_t clock_wall_us(const struct clock *clock)
{
    return clock->wall_us(clock->context);
}

int64_t clock_monotonic_us(const struct clock *clock)
{
    return clock->monotonic_us(clock->context);
}

int32_t clock_day_of(int64_t wall_us)
{
    /* Division rounds towards zero; days before 1970 need the floor. The
     * quotient and the remainder are taken before the zone is added, so that
     * no time near the ends of int64_t overflows. */
    int64_t day = wall_us / CLOCK_US_PER_DAY;
    int64_t rest = wall_us % CLOCK_US_PER_DAY;

    if (rest < 0) {
        rest += CLOCK_US_PER_DAY;
        day -= 1;
    }
    if (rest + CLOCK_CIVIL_ZONE_US >= CLOCK_US_PER_DAY) {
        day += 1;
    }
    return (int32_t)day;
}

int64_t clock_day_begin(int32_t day)
{
    return day * CLOCK_US_PER_DAY - CLOCK_CIVIL_ZONE_US;
}

int32_t clock_today(const struct clock *clock)
{
    return clock_day_of(clock_wall_us(clock));
}
