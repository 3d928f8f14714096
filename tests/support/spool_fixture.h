/* spool_fixture - an office's spool in a directory of its own.
 *
 * Flow     test -> [spool_fixture] -> spool
 * Owns     `spool` and the directory; one of each in a test program.
 * Threads  one.
 *
 * Every call aborts when the spool does not do what is asked.
 */
#ifndef TALLYLINE_TESTS_SPOOL_FIXTURE_H
#define TALLYLINE_TESTS_SPOOL_FIXTURE_H

#include "agent/spool/spool.h"
#include "tests/support/temp_dir.h"

#define SPOOL_FIXTURE_AGENT     271u
#define SPOOL_FIXTURE_MAP_BYTES (UINT64_C(64) << 20)

extern struct spool *spool;
extern char spool_path[TEMP_DIR_PATH_MAX];
extern struct clock spool_clock;

/* Makes the directory and a spool that has joined, in epoch 1. */
void spool_fixture_open(void);
void spool_fixture_close(void);
void spool_fixture_reopen(void);
void spool_fixture_reopen_with(uint64_t map_bytes);

/* Makes it what a program of format 2 or 3 would have written, and opens it
 * anew. */
void spool_fixture_age(uint32_t format);
/* The same with nine tenths of its room used, which is above the mark up to
 * which events are taken; gives what the opening gave. */
MUST_USE enum status spool_fixture_age_full(uint32_t format);

/* Flips a bit wherever these bytes lie in the file; gives how often. */
size_t spool_fixture_damage(struct bytes wanted);

/* An inspection of establishment `number` of this office's current epoch that
 * differs from others by `mark`. */
struct event spool_fixture_event(uint32_t number, uint32_t mark);
/* The id of an event of epoch 1. */
uint64_t spool_fixture_id(uint64_t seq);
/* The establishment of that local name; `fresh` (may be NULL) as in spool.h. */
uint64_t spool_fixture_allot(const char *name, bool *fresh);
/* Saves one event and gives its id. */
uint64_t spool_fixture_save(const struct event *event);
/* Saves `count` events that hardly compress. */
void spool_fixture_save_many(uint32_t count);
/* Seals everything; gives how many batches that made. */
unsigned spool_fixture_seal_all(void);
/* The receipt of the batch that holds `seq`, as entry `index`. */
void spool_fixture_receipt(uint64_t seq, uint64_t index,
                           uint8_t receipt[ENTRY_BYTES]);
/* Receipts for every batch of the current epoch. */
void spool_fixture_receive_all(void);
struct spool_counts spool_fixture_counts(void);
enum spool_state spool_fixture_state(uint64_t id);

#endif
