/* verify_resume - what an interrupted check had come to, so that it goes on.
 *
 * Flow     verify -> [verify_resume] -> FILE, FILE.figures -> verify
 * Owns     the two files; both lie outside the ledger's directory.
 * Threads  one.
 *
 * FILE says how many entries were checked without a finding, the root over
 * them, how many batches could not be unpacked, the hash of the saved state
 * that was compared on the way, and which reports are still to be made over
 * their own prefix; FILE.figures holds the fold. Both are the auditor's own.
 * What was checked is not believed: going on reads every entry and its bytes
 * again and makes the root anew. Only what follows from those bytes alone,
 * signatures and the fold, is not done twice. So the answer is that of a whole
 * run. A file that does not fit is as good as none.
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_RESUME_H
#define TALLYLINE_COLLECTOR_VERIFY_RESUME_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/audit/verify_figures.h"
#include "collector/figures/tally.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define VERIFY_RESUME_VERSION   2u
#define VERIFY_RESUME_SECONDS   20 /* between two savings, at least */
#define VERIFY_RESUME_MOST_PART 20 /* of the time, so much is for saving */

/* What does not follow from reading the entries again. */
struct verify_kept {
    struct digest root; /* over the entries that were checked */
    uint64_t unreadable;
    struct verify_compared compared;
    struct bytes alone; /* verify_figures_alone() */
};

struct verify_resume; /* opaque; NULL, where it is taken: nothing is kept */

/* Reads the file, if there is one that fits a ledger of `size` entries. The
 * path is borrowed. STATUS_MEMORY; STATUS_USAGE: the path is too long. */
MUST_USE enum status verify_resume_open(const char *path, uint64_t size,
                                        struct verify_resume **resume);
void verify_resume_close(struct verify_resume **resume);

/* So many entries were checked; 0: none. */
uint64_t verify_resume_position(const struct verify_resume *resume);
/* What was kept of them; not for NULL. Valid until the next is kept. */
const struct verify_kept *verify_resume_kept(
    const struct verify_resume *resume);
/* Has the tally begin with the fold that was kept. */
void verify_resume_take(struct verify_resume *resume, struct tally *tally);
/* Whether it is time to keep what there is. */
bool verify_resume_due(const struct verify_resume *resume);
/* Keeps the tally's position; what goes wrong is logged. */
void verify_resume_keep(struct verify_resume *resume, struct tally *tally,
                        const struct verify_kept *kept);
/* The check came to its end: removes the files. */
void verify_resume_done(const struct verify_resume *resume);
/* Removes the files at that path. */
void verify_resume_forget(const char *path);

#endif
