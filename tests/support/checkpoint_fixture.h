/* checkpoint_fixture - a ledger that signs checkpoints; offices that answer.
 *
 * Flow     test -> [checkpoint_fixture] -> ledger_fixture, checkpoints
 * Owns     `checkpoints` and the ledger under it; one in a test program.
 * Threads  one.
 *
 * The entries are those of one stream; the clock is that of ledger_fixture.h.
 */
#ifndef TALLYLINE_TESTS_CHECKPOINT_FIXTURE_H
#define TALLYLINE_TESTS_CHECKPOINT_FIXTURE_H

#include "collector/ledger/checkpoints.h"
#include "tests/support/ledger_fixture.h"

#define CHECKPOINT_FIXTURE_ORIGIN "ledger.example/test"

extern struct sign_keys ledger_keys;
extern struct sign_keys administrator_keys;
/* What open_checkpoints() signs with, and what the ledger names: those two,
 * unless a test says otherwise. */
extern const struct sign_keys *own_keys;
extern struct province_keys known_keys;
extern struct checkpoints *checkpoints;

void checkpoint_fixture_open(void);
void checkpoint_fixture_close(void);
/* As after a start of the program, of the ledger as it is. */
void open_checkpoints(void);
/* A ledger without entries, at the time of the first, in the place of the old
 * one. */
void renew_ledger(void);

/* So many entries, each in a commit of its own. */
void append(unsigned count);
/* A step, which must go well; step() once the pause is over. */
void step_marked(uint64_t marked, bool hold);
void step(void);
/* Size of the last checkpoint; 0: none. */
uint64_t last_size(void);
enum checkpoints_trouble trouble(void);
/* Whether the ledger keeps the checkpoint of that size. */
bool is_kept(uint64_t size);

/* The ledger's checkpoint of that size, and what is made of it. */
struct checkpoint at(uint64_t size);
struct wire_note note_of(const struct checkpoint *checkpoint,
                         const struct sign_keys *keys);
struct wire_cosign cosign_of(const struct checkpoint *checkpoint,
                             const struct sign_keys *keys);

#endif
