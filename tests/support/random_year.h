/* random_year - a year of a small province that nobody would record.
 *
 * Flow     seed -> [random_year] -> world -> fold, recount
 * Owns     the world; free with random_year_free().
 * Threads  one.
 *
 * All agents and epochs, most types of event, a third of them corrections that
 * meet on few targets, rows with equal keys, faults, wrong clocks and wrong
 * pairs. The same seed gives the same year.
 */
#ifndef TALLYLINE_TESTS_RANDOM_YEAR_H
#define TALLYLINE_TESTS_RANDOM_YEAR_H

#include "tests/support/world.h"

#define RANDOM_YEAR_EVENTS 110u

/* What has been decided of each event before any of them is made, so that a
 * correction can name what comes later. */
struct random_year_draft {
    uint32_t agent, epoch, type;
    uint64_t id;
    size_t target; /* position; the event's own: not a correction */
};

struct year {
    struct world world;
    struct random_year_draft drafts[RANDOM_YEAR_EVENTS];
    uint64_t first_seed, seed;
};

/* Gives; fails the test when there is no memory. */
struct year *random_year_new(uint64_t seed);
void random_year_free(struct year **year);

#endif
