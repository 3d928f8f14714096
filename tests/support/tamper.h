/* tamper - a forger who knows the ledger's format as well as its author.
 *
 * Flow     test -> [tamper] -> ledger.mdb, figures.state
 * Owns     the store and one transaction, until tamper_close().
 * Threads  one.
 *
 * Writes through store.h, so every value has its hash and every page is sound;
 * what he lacks are the secret keys. What cannot be done aborts.
 */
#ifndef TALLYLINE_TESTS_TAMPER_H
#define TALLYLINE_TESTS_TAMPER_H

#include <stdint.h>

#include "collector/ledger/ledger_tables.h"
#include "common/base/bytes.h"
#include "common/format/entry.h"
#include "common/store/store.h"

struct tamper {
    struct store *store;
    struct store_txn *txn;
};

void tamper_open(struct tamper *tamper, const char *ledger);
/* Commits. */
void tamper_close(struct tamper *tamper);

uint64_t tamper_size(const struct tamper *tamper);
void tamper_get(const struct tamper *tamper, uint64_t index,
                struct entry *entry);
/* The bytes of an entry, copied; `out` is cleared first. */
void tamper_bytes(const struct tamper *tamper, const struct entry *entry,
                  struct buffer *out);
void tamper_put(const struct tamper *tamper, const struct entry *entry);
/* Puts other bytes in the place of an entry's: hash, size and record follow. */
void tamper_replace(const struct tamper *tamper, struct entry *entry,
                    struct bytes bytes);
void tamper_drop(const struct tamper *tamper, enum ledger_table table,
                 struct bytes key);
/* Appends an entry with index, time and hash of `bytes`; a batch too, if it is
 * said to be one. */
void tamper_append(const struct tamper *tamper, struct entry *entry,
                   struct bytes bytes);
/* Puts a row of any table. */
void tamper_row(const struct tamper *tamper, enum ledger_table table,
                struct bytes key, struct bytes value);
/* The key of the entry in `positions` or `controls`. */
struct bytes tamper_place(const struct entry *entry, uint8_t key[16]);

/* Takes the last entries away, so many, with their bytes and places. */
void tamper_cut(const struct tamper *tamper, uint64_t count);
/* What a ledger is that was rebuilt from its offices: all bytes that lie in
 * cold files lie in the store, and nothing says where they were. */
void tamper_forget_moves(const struct tamper *tamper, const char *folder);
/* Makes every other table say what the entries say: places, streams, controls
 * and the tree. */
void tamper_mend(const struct tamper *tamper);
/* Takes away all checkpoints above `size`, and what witnesses said of them. */
void tamper_forget(const struct tamper *tamper, uint64_t size);

/* Flips a bit of a payload of a file of frames, and makes all hashes fit. */
void tamper_frames(const char *path, uint64_t choice);

#endif
