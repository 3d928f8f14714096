/* forged - what the tests of audit verify share: a ledger with everything in
 * it, a forger of its copy, and what was found then.
 *
 * Flow     test -> [forged] -> tamper -> verify
 * Owns     the four below, between forged_open() and forged_close().
 * Threads  one.
 */
#ifndef TALLYLINE_TESTS_FORGED_H
#define TALLYLINE_TESTS_FORGED_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/support/audited.h"
#include "tests/support/tamper.h"

extern struct audited audited;
extern struct tamper tamper;
extern struct verify_results results;
extern struct buffer bytes;

void forged_open(void);
void forged_close(void);

/* Opens the copy for the forger. */
void begin(void);
/* All other tables say what the entries say now. */
void end_mended(void);
/* The first entry of that agent at or above `from`, and its last one. */
struct entry batch_of(uint32_t agent, uint64_t from);
struct entry last_of(uint32_t agent);

/* Checks the copy; `outside`: with the checkpoint that an office keeps. */
void verify(bool outside);
void assert_finds(enum verify_part part, enum verify_fault fault);
void assert_finds_at(enum verify_part part, enum verify_fault fault,
                     uint64_t index);

#endif
