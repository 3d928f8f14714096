#include "rounds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CI_SEED 20180305u

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

uint32_t rounds(const char *name, uint32_t ci, uint32_t full, uint64_t *seed)
{
    uint32_t usual = number_of("TALLYLINE_FULL", 0) != 0 ? full : ci;
    uint32_t count = (uint32_t)number_of("TALLYLINE_ROUNDS", usual);

    *seed = number_of("TALLYLINE_TEST_SEED", CI_SEED);
    (void)fprintf(stderr,
                  "%s: %" PRIu32 " rounds (full count: %" PRIu32
                  "), TALLYLINE_TEST_SEED=%" PRIu64 "\n",
                  name, count, full, *seed);
    return count;
}
