#include "common/base/latency.h"

#include "common/base/check.h"

static const int64_t bounds[LATENCY_BUCKETS] = {
    1000,   2000,   5000,   10000,   20000,   50000,
    100000, 200000, 500000, 1000000, 2000000, 5000000};

int64_t latency_bound_us(size_t bucket)
{
    check(bucket < LATENCY_BUCKETS);
    return bounds[bucket];
}

void latency_add(struct latency *latency, int64_t took_us)
{
    size_t bucket = 0;

    while (bucket < LATENCY_BUCKETS && took_us > bounds[bucket]) {
        bucket++;
    }
    latency->buckets[bucket]++;
    latency->count++;
    latency->sum_us += took_us;
}
