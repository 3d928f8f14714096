/* verify - checks all of a ledger, and says of each part what came of it.
 *
 * Flow     audit verify -> [verify] -> verify_result
 * Owns     nothing between calls.
 * Threads  the caller's, and one of ahead.h.
 * Limits   memory grows with the state of the fold, with streams and with
 *          control entries, not with the length of the ledger.
 *
 * Reads, and writes nothing into the directory: a copy, a directory that is
 * mounted read-only, or one beside a running collector, of which the ledger is
 * checked as it stands at the beginning. Entries are read once, in their order:
 * one thread reads, hashes, checks signatures and unpacks, the other one folds.
 *
 * Failure modes: what is wrong with the ledger is a finding. A page that is
 * damaged ends the check, for nothing that lies in the file can be trusted to
 * be read; an entry that cannot be read ends the fold, and the others are
 * checked without it.
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_H
#define TALLYLINE_COLLECTOR_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/audit/verify_result.h"
#include "collector/province/directory.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

#define VERIFY_STEP 1024u /* entries between two looks at `stop` */

struct verify_options {
    const struct directory *directory;
    struct bytes checkpoint; /* a note from outside; empty: none */
    const char *resume;      /* file outside the directory; NULL: none */
    bool entries_only;       /* state and reports are not looked at */
    uint64_t step;           /* entries between two looks at `stop`; 0: the
                                usual */
    enum language language;  /* of the notes of what is found */
    void *owner;
    /* How many entries have been checked; may be NULL. */
    void (*progress)(void *owner, uint64_t done, uint64_t entries);
    /* True: leave off here; may be NULL. */
    bool (*stop)(void *owner);
};

/* STATUS_OK: it was looked at, and `results` says what came of it.
 * STATUS_AGAIN: stopped; what was checked is kept in `resume`. STATUS_BUSY: it
 * was written meanwhile by somebody who could not be told of the reading.
 * STATUS_NOT_FOUND, STATUS_INVALID: there is no ledger; STATUS_VERSION: a newer
 * program's; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status verify_ledger(const struct verify_options *options,
                                   struct verify_results *results);

#endif
