/* ledger_notes - the checkpoints that the ledger keeps, and what its witnesses
 * have said.
 *
 * Flow     checkpoints -> [ledger_notes] -> audit, status, witnesses
 * Owns     nothing; only here are tables `checkpoints` and `witnesses` written.
 * Threads  as the ledger and its snapshots.
 * Limits   CHECKPOINT_NOTE_MAX a note.
 *
 *   table        key                     value
 *   checkpoints  size 8                  the signed note
 *   witnesses    agent number 4, 1       version 1, size 8, time 8 (seconds),
 *                                        key 32, cosignature 64
 *                agent number 4, 2       version 1, reason 4, at 8 (us),
 *                                        settled at 8 (0: not), size of the
 *                                        first note 2, that note (held), the
 *                                        other one (given)
 *
 * Of an agent the last cosignature and the last objection are kept. Neither is
 * an entry: they say something about the ledger, and are no part of it.
 */
#ifndef TALLYLINE_COLLECTOR_LEDGER_NOTES_H
#define TALLYLINE_COLLECTOR_LEDGER_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/format/checkpoint.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

struct ledger_cosignature {
    uint64_t size;
    int64_t time; /* seconds since 1970 */
    struct public_key key;
    struct signature signature;
};

struct ledger_objection {
    uint32_t reason; /* enum wire_objection_reason, or a newer one */
    int64_t at;      /* microseconds UTC */
    int64_t settled; /* the agent has cosigned since; 0: it has not */
    struct wire_note held;
    struct wire_note given;
};

/* ---- writing, between ledger_begin() and ledger_commit() ---- */

/* They go into the reserve too. STATUS_FULL, STATUS_IO, STATUS_CORRUPT: the
 * group is lost. */
MUST_USE enum status ledger_keep_checkpoint(struct ledger *ledger,
                                            uint64_t size, struct bytes note);
/* Nothing happens when there is none. */
MUST_USE enum status ledger_drop_checkpoint(struct ledger *ledger,
                                            uint64_t size);
MUST_USE enum status ledger_keep_cosignature(
    struct ledger *ledger, uint32_t agent,
    const struct ledger_cosignature *cosignature);
MUST_USE enum status ledger_keep_objection(
    struct ledger *ledger, uint32_t agent,
    const struct ledger_objection *objection);

/* ---- reading; notes are valid until the snapshot is closed ---- */

/* The kept checkpoint of the least size at or above `from`, and of the greatest
 * below `size` (UINT64_MAX: of all). STATUS_NOT_FOUND, STATUS_CORRUPT. Neither
 * looks into the note, nor at how many entries the snapshot has. */
MUST_USE enum status ledger_next_checkpoint(
    const struct ledger_snapshot *snapshot, uint64_t from, uint64_t *size,
    struct bytes *note);
MUST_USE enum status ledger_checkpoint_below(
    const struct ledger_snapshot *snapshot, uint64_t below, uint64_t *size,
    struct bytes *note);

/* What the first agent at or above `from` has said. Either may be missing:
 * `cosignature.size` is 0, `objection.reason` is 0. STATUS_NOT_FOUND behind the
 * last one. */
struct ledger_witness {
    uint32_t agent;
    struct ledger_cosignature cosignature;
    struct ledger_objection objection;
};
MUST_USE enum status ledger_next_witness(const struct ledger_snapshot *snapshot,
                                         uint32_t from,
                                         struct ledger_witness *witness);

#endif
