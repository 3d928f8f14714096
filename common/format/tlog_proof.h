/* tlog_proof - one file that shows that an entry is in the ledger, checked with
 * nothing but keys: C2SP tlog-proof.
 *
 * Flow     ledger, office -> [tlog_proof] -> file -> [tlog_proof] -> people
 * Owns     what was read owns the extra data; fini() frees it.
 * Threads  any; pure.
 * Limits   TLOG_PROOF_BYTES_MAX a file.
 *
 *   c2sp.org/tlog-proof@v1
 *   extra BASE64      the entry, and behind it its batch or control document
 *   index NUMBER
 *   BASE64            hashes, from the leaf's sibling up; none or more
 *                     one empty line
 *   NOTE              the checkpoint with its signatures (note.h)
 *
 * The entry is the leaf, so nothing else is needed to compute the root. The
 * bytes behind it may be missing: then the entry's hash says which they are.
 */
#ifndef TALLYLINE_COMMON_TLOG_PROOF_H
#define TALLYLINE_COMMON_TLOG_PROOF_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/batch.h"
#include "common/format/checkpoint.h"
#include "common/format/entry.h"
#include "common/format/merkle.h"

#define TLOG_PROOF_EXTRA_MAX (ENTRY_BYTES + BATCH_BYTES_MAX)
#define TLOG_PROOF_BYTES_MAX                                    \
    (NOTE_BYTES_MAX + BYTES_BASE64_SIZE(TLOG_PROOF_EXTRA_MAX) + \
     MERKLE_PROOF_MAX * BYTES_BASE64_SIZE(DIGEST_BYTES) + 128u)

struct tlog_proof {
    struct buffer extra; /* owned */
    uint64_t index;
    struct merkle_proof path;
    struct bytes note; /* borrowed from what was read */
};

void tlog_proof_init(struct tlog_proof *proof);
void tlog_proof_fini(struct tlog_proof *proof);

/* Fills in what the office or the ledger holds; `content` may be empty, and is
 * left out when it is larger than a batch may be. STATUS_MEMORY. */
MUST_USE enum status tlog_proof_make(struct tlog_proof *proof,
                                     const struct entry *entry,
                                     struct bytes content,
                                     const struct merkle_proof *path,
                                     struct bytes note);
/* Appends the file's text. STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status tlog_proof_write(const struct tlog_proof *proof,
                                      struct buffer *out);
/* Reads a file's text into a proof that was initialised; the note is not
 * looked into. STATUS_INVALID: no such file; STATUS_VERSION: another version
 * of the format; STATUS_MEMORY. */
MUST_USE enum status tlog_proof_read(struct bytes text,
                                     struct tlog_proof *proof);

enum tlog_fault {
    TLOG_GOOD = 0,
    TLOG_NO_ENTRY,      /* the extra data do not begin with an entry */
    TLOG_OTHER_CONTENT, /* the bytes behind the entry have another hash */
    TLOG_NO_NOTE,       /* no checkpoint */
    TLOG_NOT_SIGNED,    /* not of this origin, or not by this key */
    TLOG_BAD_SIGNATURE,
    TLOG_NOT_UNDER /* entry and hashes do not lead to the root */
};

/* What a proof shows when it is good. */
struct tlog_shown {
    struct entry entry;
    struct bytes content; /* borrowed from the proof; may be empty */
    struct checkpoint checkpoint;
    struct note note; /* for the signatures of witnesses */
};
/* Whether the proof holds, given the ledger's name and key. Everything in
 * `shown` up to the fault is filled in. */
MUST_USE enum tlog_fault tlog_proof_check(const struct tlog_proof *proof,
                                          const char *origin,
                                          const struct public_key *ledger_key,
                                          struct tlog_shown *shown);

#endif
