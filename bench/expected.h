/* expected - the figures that must come out, counted while events are made.
 *
 * Flow     workload -> [expected] <- the collector's own listing
 * Owns     its tables; free with expected_free().
 * Threads  one each; expected_merge() when they are done.
 * Limits   EXPECTED_DISTRICTS_MAX districts, EXPECTED_THINGS_MAX things of a
 *          kind a district.
 *
 * Counted by hand, from what each indicator of the plan means: sums, distinct
 * things and latest states, for every district. Nothing of the fold is used.
 */
#ifndef TALLYLINE_BENCH_EXPECTED_H
#define TALLYLINE_BENCH_EXPECTED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/event/event.h"

#define EXPECTED_DISTRICTS_MAX 30u
#define EXPECTED_COMMUNES_MAX  20u
#define EXPECTED_THINGS_MAX    400u

/* Sums over a district. */
enum expected_sum {
    EXPECTED_VISITS,
    EXPECTED_FOLLOW_UPS,
    EXPECTED_VIOLATIONS,
    EXPECTED_HANDLED,
    EXPECTED_PERSONS,
    EXPECTED_DECISIONS,
    EXPECTED_CREDIT,
    EXPECTED_MOBILE_TRIALS,
    EXPECTED_SUM_END
};

struct expected_commune {
    uint32_t unit;
    uint32_t rating;
    int32_t rated_on;
};

struct expected_district {
    uint32_t unit;
    uint64_t sums[EXPECTED_SUM_END];
    bool inspected[EXPECTED_THINGS_MAX]; /* by the city's team */
    bool handled[EXPECTED_THINGS_MAX];   /* cases */
    bool tried[EXPECTED_THINGS_MAX];
    struct expected_commune communes[EXPECTED_COMMUNES_MAX];
};

struct expected {
    struct expected_district districts[EXPECTED_DISTRICTS_MAX];
    uint64_t events, keyed;
};

/* Gives. */
struct expected *expected_new(void);
void expected_free(struct expected **expected);
/* Counts an event of a district, or takes it back. What is not a sum cannot be
 * taken back. */
void expected_add(struct expected *expected, uint32_t district,
                  const struct event *event);
void expected_take_back(struct expected *expected, uint32_t district,
                        const struct event *event);
/* Adds what another stream did in other districts. */
void expected_merge(struct expected *expected, const struct expected *other);
/* Holds the listing of `indicators --by district --format csv` against the
 * figures. Returns how many were compared; `wrong` counts those that differ,
 * the first of which are told on stderr. */
uint32_t expected_compare(const struct expected *expected, const char *listing,
                          uint32_t *wrong);

#endif
