/* audited - a province's ledger with everything in it that can be forged.
 *
 * Flow     test -> [audited] -> files -> verify
 * Owns     a hall, and a folder with a copy of its files for each attempt.
 * Threads  one.
 *
 * Three offices in turn, the first with another key since the middle, the
 * second revoked near the end, the third in its second epoch; more than 256
 * entries, so that the tree has nodes; a report that was frozen before the last
 * enrolment; checkpoints, the last of them of the whole ledger; one that an
 * office has cosigned; the saved state of the figures.
 */
#ifndef TALLYLINE_TESTS_AUDITED_H
#define TALLYLINE_TESTS_AUDITED_H

#include "collector/audit/verify.h"
#include "collector/province/directory.h"
#include "tests/support/hall.h"

struct audited {
    struct hall hall;
    struct office offices[3];
    struct buffer outside; /* the last checkpoint, as an office keeps it */
    struct directory copy;
    uint64_t erased[2];      /* entries: one that had moved, one that had not */
    struct buffer before[2]; /* their bytes */
};

void audited_open(struct audited *audited);
/* Moves its first batches to two cold files, erases one of those by order and
 * one that lies in the store, and makes state, checkpoint and copy anew. */
void audited_move(struct audited *audited);
void audited_close(struct audited *audited);
/* What the two above do once: freezes a report of the whole ledger, and erases
 * a batch whose bytes are appended to `before`. */
void audited_freeze(struct audited *audited);
void audited_erase(struct audited *audited, uint64_t index,
                   struct buffer *before);
/* Makes the copy anew. */
void audited_copy(struct audited *audited);
/* Checks the copy; `outside`: with the checkpoint that an office keeps. */
enum status audited_verify(const struct audited *audited, bool outside,
                           struct verify_results *results);
/* The same as one answer: whether anything was found. */
bool audited_found(const struct audited *audited, bool outside);
/* Whether that fault was found in that part. */
bool audited_says(const struct verify_results *results, enum verify_part part,
                  enum verify_fault fault);
/* Prints what was found, for a test that fails. */
void audited_print(const struct verify_results *results);

#endif
