/* prove - what shows that an entry is in the ledger, to whoever has the
 * ledger's key and nothing else.
 *
 * Flow     ledger -> [prove] -> file (audit prove), office (ProofWanted)
 * Owns     the text of the note; free with prove_fini().
 * Threads  as the snapshot.
 * Limits   WIRE_PROOF_NOTE_MAX a note: witnesses beyond it are left out.
 *
 * The checkpoint is, of those kept and large enough, the one that most
 * witnesses have cosigned last, and of equal ones the newest.
 */
#ifndef TALLYLINE_COLLECTOR_PROVE_H
#define TALLYLINE_COLLECTOR_PROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/merkle.h"

struct prove {
    struct entry entry;
    uint64_t size; /* of the checkpoint */
    struct merkle_proof path;
    struct buffer note;
    size_t witnesses; /* that have cosigned it */
};

void prove_init(struct prove *prove);
void prove_fini(struct prove *prove);

/* Proves entry `index`. STATUS_NOT_FOUND: there is no such entry; STATUS_AGAIN:
 * no checkpoint is large enough yet; STATUS_INVALID: a checkpoint that is no
 * note; STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status prove_make(const struct ledger_snapshot *snapshot,
                                uint64_t index, bool cosigned,
                                struct prove *prove);

#endif
