#include "tests/support/deadline.h"

#include "common/base/clock.h"

#include <poll.h>
#include <stddef.h>

bool deadline_wait(bool (*condition)(void *context), void *context,
                   int64_t ms_max)
{
    struct clock clock;
    int64_t end_us;

    clock_init_real(&clock);
    end_us = clock_monotonic_us(&clock) + ms_max * CLOCK_US_PER_MS;
    while (!condition(context)) {
        if (clock_monotonic_us(&clock) >= end_us) {
            return false;
        }
        (void)poll(NULL, 0, 1);
    }
    return true;
}
