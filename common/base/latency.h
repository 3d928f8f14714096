/* latency - how long things took, in buckets.
 *
 * Flow     module -> [latency] -> status, metrics
 * Owns     nothing; the value is a copy.
 * Threads  one at a time.
 * Limits   LATENCY_BUCKETS bounds, and one bucket for what is longer.
 */
#ifndef TALLYLINE_COMMON_LATENCY_H
#define TALLYLINE_COMMON_LATENCY_H

#include <stddef.h>
#include <stdint.h>

#define LATENCY_BUCKETS 12u

struct latency {
    uint64_t buckets[LATENCY_BUCKETS + 1u]; /* each by itself */
    uint64_t count;
    int64_t sum_us;
};

/* The greatest time that still belongs to the bucket, in microseconds. */
int64_t latency_bound_us(size_t bucket);
void latency_add(struct latency *latency, int64_t took_us);

#endif
