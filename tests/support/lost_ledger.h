/* lost_ledger - a ledger that lost everything, and two offices that have it.
 *
 * Flow     test -> [lost_ledger] -> recovery
 * Owns     the province as it was, what is left of it, and the recovery; one of
 *          each in a test program.
 * Threads  one.
 *
 * Every call aborts when what it prepares cannot be done.
 */
#ifndef TALLYLINE_TESTS_LOST_LEDGER_H
#define TALLYLINE_TESTS_LOST_LEDGER_H

#include "collector/recovery/recovery.h"
#include "common/format/wire_pairs.h"
#include "tests/support/hall.h"

#define PAIRS_MAX 24u
#define TURNS_MAX 1000u

extern struct hall hall; /* the province as it was */
extern struct office offices[2];
extern struct wire_pair was[PAIRS_MAX]; /* its entries */
extern uint64_t was_size;
extern struct ledger *ledger; /* what is left of it */
extern struct recovery *recovery;

void set_up(void);
void tear_down(void);
/* As after a crash: what was saved is there. */
void open_again(void);
/* The two halves of it. */
void close_lost(void);
void reopen_lost(void);
/* audit verify of the ledger, which is closed meanwhile. */
bool lost_verifies(void);
/* Makes a copy of the closed ledger, or puts it back. */
void copy_lost(bool back);

/* The province's checkpoint over so many entries. */
void sign_checkpoint(uint64_t entries, const struct sign_keys *keys,
                     struct buffer *note);
/* An office says hello; `covered` is the size of its checkpoint, 0: none. */
void hear(uint32_t agent, uint64_t last, uint64_t covered);
/* The same with a checkpoint over so many entries that has this root. */
void hear_root(uint32_t agent, uint64_t entries, const struct digest *root);
/* Pairs that could not be what is missing. */
uint64_t refused(void);
void give(uint32_t agent, const struct wire_pair *pair);
/* Every control entry, returned by a stranger. */
void show_controls(void);
/* What the office holds: its batches and every control entry. */
void give_all(uint32_t agent);
void answered(uint32_t agent);
/* Goes on until there is nothing to do; gives how many entries there are. */
uint64_t go_on(void);
/* Entries that are left, or back. */
uint64_t left_size(void);
struct entry left_entry(uint64_t index);
/* The ledger is what it was, byte for byte. */
void check_same(uint64_t entries);
/* The `nth` batch of that office. */
uint64_t batch_of(uint32_t agent, unsigned nth);

/* A pair of an office as that of an index which is another's, with its time;
 * and the same as if it had been erased. */
struct wire_pair claim(const struct wire_pair *own, uint64_t index);
struct wire_pair claim_erased(const struct wire_pair *own, uint64_t index);
/* The office's next batch, which the province has never had, as an entry. The
 * caller frees `copy`, which holds its bytes. */
struct wire_pair further(struct office *office, uint64_t index,
                         struct buffer *copy);
/* The orders that put another machine in the place of that office's, as two
 * entries behind all others. The caller frees `documents`, which hold them. */
void replace_machine(uint32_t number, struct wire_pair change[2],
                     struct buffer documents[2]);

#endif
