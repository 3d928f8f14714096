/* deadline - waits for a condition, never for a time.
 *
 * Flow     test -> deadline_wait(condition) -> true, or false when it is late
 * Owns     nothing.
 * Threads  the condition is called on the caller's thread.
 */
#ifndef TALLYLINE_TESTS_DEADLINE_H
#define TALLYLINE_TESTS_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* Calls `condition` until it is true or `ms_max` milliseconds have passed,
 * about once a millisecond. Returns what it returned last. */
bool deadline_wait(bool (*condition)(void *context), void *context,
                   int64_t ms_max);

#endif
