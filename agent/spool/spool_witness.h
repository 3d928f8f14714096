/* spool_witness - what the office keeps of the province's checkpoints.
 *
 * Flow     uplink -> [spool_witness] -> status;  export --proof <-> uplink
 * Owns     nothing; only here is table `witness` written.
 * Threads  as the spool.
 * Limits   WIRE_NOTE_MAX a note, WIRE_PROOF_NOTE_MAX that of a proof.
 *
 * The keys of the table are words; each record begins with a version byte
 * (docs/STORAGE.md).
 */
#ifndef TALLYLINE_AGENT_SPOOL_WITNESS_H
#define TALLYLINE_AGENT_SPOOL_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/spool/spool.h"
#include "common/base/status.h"
#include "common/format/merkle.h"
#include "common/format/wire.h"

struct spool_witness {
    struct wire_note held; /* the last one that was taken; size 0: none */
    int64_t held_at;       /* microseconds UTC */
    uint64_t behind;       /* entries that the province said it has, when that
                              was less; 0: it was not */
    int64_t behind_at;
    uint64_t proven; /* index of the receipt that was last shown to lie under */
    int64_t proven_at; /* 0: none was */
    /* The receipt whose proof was asked for and has not come, since when, and
     * how often by now; 0 times: none. */
    uint64_t asked;
    int64_t asked_since;
    uint32_t asked_times;
    /* The last objection. */
    uint32_t reason; /* enum wire_objection_reason; 0: there was none */
    int64_t since, last;
    int64_t settled; /* when a checkpoint was taken again; 0: not since */
    struct wire_note alarm_held;
    struct wire_note alarm_given;
};

/* Everything; all zero when nothing came yet. */
MUST_USE enum status spool_witness(struct spool *spool,
                                   struct spool_witness *witness);
/* A checkpoint was taken: nobody is behind any more, and an objection is
 * settled. On stable storage when it answers STATUS_OK. */
MUST_USE enum status spool_witness_take(struct spool *spool,
                                        const struct wire_note *note,
                                        int64_t at);
/* `entries` 0: not behind any more. */
MUST_USE enum status spool_witness_behind(struct spool *spool, uint64_t entries,
                                          int64_t at);
MUST_USE enum status spool_witness_proven(struct spool *spool, uint64_t index,
                                          int64_t at);
/* A proof is asked for: the first that is not answered is kept. */
MUST_USE enum status spool_witness_ask(struct spool *spool, uint64_t index,
                                       int64_t at);
/* It was answered, or there is no such receipt any more. */
MUST_USE enum status spool_witness_answered(struct spool *spool,
                                            uint64_t index);
/* The evidence of the first time is kept while the reason is the same. */
MUST_USE enum status spool_witness_object(struct spool *spool, uint32_t reason,
                                          int64_t at,
                                          const struct wire_note *held,
                                          const struct wire_note *given);

/* ---- a proof that a command asks the daemon for ---- */

struct spool_proof {
    uint64_t index;
    uint8_t entry[ENTRY_BYTES];
    struct bytes note; /* valid until the next call on the spool */
    struct merkle_proof path;
};
/* One at a time: asking anew forgets what was asked and answered before. */
MUST_USE enum status spool_want_proof(struct spool *spool, uint64_t index);
/* STATUS_NOT_FOUND: nothing is asked for. */
MUST_USE enum status spool_wanted_proof(struct spool *spool, uint64_t *index);
/* The answer; the question is done with. */
MUST_USE enum status spool_put_proof(struct spool *spool,
                                     const struct spool_proof *proof);
/* STATUS_NOT_FOUND: there is no answer yet. */
MUST_USE enum status spool_proof(struct spool *spool, uint64_t index,
                                 struct spool_proof *proof);

#endif
