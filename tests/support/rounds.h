/* rounds - how many rounds a fault test goes, and by which choices.
 *
 * Flow     environment -> [rounds] -> fault tests
 * Owns     nothing.
 * Threads  one.
 * Limits   none.
 *
 * TALLYLINE_FULL=1 asks for the full count instead of CI's, TALLYLINE_ROUNDS=N
 * for so many, TALLYLINE_TEST_SEED=N for other choices than CI's.
 */
#ifndef TALLYLINE_TESTS_ROUNDS_H
#define TALLYLINE_TESTS_ROUNDS_H

#include <stdint.h>

/* Prints, on standard error, the name, the count, the full count and the seed,
 * and gives the count. */
uint32_t rounds(const char *name, uint32_t ci, uint32_t full, uint64_t *seed);

#endif
