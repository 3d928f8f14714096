/* checkpoint - how large the ledger is and what its root is, as C2SP
 * tlog-checkpoint lays it down: the text of a signed note (note.h).
 *
 * Flow     ledger -> [checkpoint] -> note -> witnesses, proofs, auditors
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   CHECKPOINT_TEXT_MAX a text, extension lines included.
 *
 *   ORIGIN        the ledger's name, from its genesis
 *   SIZE          entries, decimal
 *   ROOT          base64 of the Merkle root over them
 *
 * The ledger's key signs under the name ORIGIN, a witness under the name
 * ORIGIN/agent/NUMBER.
 */
#ifndef TALLYLINE_COMMON_CHECKPOINT_H
#define TALLYLINE_COMMON_CHECKPOINT_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/note.h"
#include "common/format/sign.h"

#define CHECKPOINT_ORIGIN_MAX 224u /* so that a witness's name is one too */
#define CHECKPOINT_TEXT_MAX   2048u
/* A checkpoint with the one signature of the ledger. */
#define CHECKPOINT_NOTE_MAX (CHECKPOINT_TEXT_MAX + NOTE_SIGNATURE_TEXT_MAX)

struct checkpoint {
    char origin[CHECKPOINT_ORIGIN_MAX];
    uint64_t size;
    struct digest root;
};

/* STATUS_INVALID: too long, or no name of a key (note.h). */
MUST_USE enum status checkpoint_init(struct checkpoint *checkpoint,
                                     const char *origin, uint64_t size,
                                     const struct digest *root);
/* Appends the three lines. STATUS_FULL, STATUS_MEMORY. */
MUST_USE enum status checkpoint_write(const struct checkpoint *checkpoint,
                                      struct buffer *out);
/* Reads the text of a note; lines behind the third are passed by.
 * STATUS_INVALID: no such text. */
MUST_USE enum status checkpoint_read(struct bytes text,
                                     struct checkpoint *checkpoint);

/* Appends the whole note with the ledger's signature. */
MUST_USE enum status checkpoint_sign(const struct checkpoint *checkpoint,
                                     const struct sign_keys *ledger_keys,
                                     struct buffer *out);
/* Reads a note that must be of this origin and signed by the ledger's key.
 * STATUS_INVALID: no checkpoint; STATUS_NOT_FOUND: of another origin, or this
 * key has not signed it; STATUS_REFUSED: the signature does not fit. `note`
 * (may be NULL) is the open note, for its other signatures. */
MUST_USE enum status checkpoint_open(struct bytes bytes, const char *origin,
                                     const struct public_key *ledger_key,
                                     struct checkpoint *checkpoint,
                                     struct note *note);

/* The name under which an agent cosigns. */
void checkpoint_witness_name(const char *origin, uint32_t agent,
                             char name[NOTE_NAME_MAX]);

#endif
