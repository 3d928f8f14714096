/* start - what a collector that is started makes of its ledger.
 *
 * Flow     hall (ledger) and the file of the state -> [start] -> figures
 * Owns     a province and a tally; end it with start_close().
 * Threads  one.
 *
 * Everything is read anew, as after a crash. What cannot be done aborts.
 */
#ifndef TALLYLINE_TESTS_START_H
#define TALLYLINE_TESTS_START_H

#include "tests/support/hall.h"

struct start {
    struct province *province;
    struct tally *tally;
    uint64_t begun; /* entries that did not have to be folded */
};

/* Starts and folds to the end. `state` is the file; NULL: none. */
void start_open(struct start *start, struct hall *hall, const char *state);
void start_close(struct start *start);
/* Saves; gives the hash of the file. */
struct digest start_save(struct start *start);
/* What would be saved if everything were folded from entry 0; `state` is a
 * file that is removed before and stays. */
struct digest start_from_nothing(struct hall *hall, const char *state);

#endif
