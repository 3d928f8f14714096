#include "common/base/latency.h"

#include <criterion/criterion.h>

Test(latency, each_time_falls_into_the_bucket_of_its_bound)
{
    struct latency latency = {.count = 0};

    for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
        latency_add(&latency, latency_bound_us(i));
        cr_assert_eq(latency.buckets[i], 1);
        latency_add(&latency, latency_bound_us(i) + 1);
        cr_assert_eq(latency.buckets[i + 1], 1);
        latency.buckets[i + 1] = 0;
    }
    latency_add(&latency, 0);
    cr_assert_eq(latency.buckets[0], 2);
    cr_assert_eq(latency.count, 2 * LATENCY_BUCKETS + 1);
}

Test(latency, the_sum_is_of_all)
{
    struct latency latency = {.count = 0};

    latency_add(&latency, 3);
    latency_add(&latency, 7000000);
    cr_assert_eq(latency.sum_us, 7000003);
    cr_assert_eq(latency.buckets[LATENCY_BUCKETS], 1);
}
