/* witness - whether this office takes the province's next checkpoint.
 *
 * Flow     uplink -> [witness] -> spool, cosignature or objection
 * Owns     nothing.
 * Threads  any; pure.
 *
 * The office keeps one checkpoint. The next one must be signed by the ledger's
 * key, be of the same ledger, no smaller, and come with the proof that what the
 * office has seen is its beginning. So a province that changes, drops or
 * reorders anything it once showed cannot go on without being noticed here.
 *
 * Invariants
 *   I5  nothing is taken that is not shown to go on from what is kept.
 */
#ifndef TALLYLINE_AGENT_WITNESS_H
#define TALLYLINE_AGENT_WITNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/format/checkpoint.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

struct witness_judgement {
    uint32_t reason;         /* enum wire_objection_reason; 0: it is taken */
    struct checkpoint given; /* not of WIRE_OBJECTION_BAD_SIGNATURE */
    struct checkpoint held;  /* size 0: none */
};

/* `held` has size 0 before the first one: that is taken as it comes, if it is
 * signed. */
void witness_judge(const struct wire_note *held,
                   const struct wire_checkpoint *given, const char *origin,
                   const struct public_key *ledger_key,
                   struct witness_judgement *judgement);

/* The checkpoint of a note that was checked when it was taken; size 0: there
 * is none. */
void witness_read(const struct wire_note *note, struct checkpoint *checkpoint);

/* One word in snake_case. Valid for ever. */
const char *witness_reason_token(uint32_t reason);
/* The same in a few words of the language. Valid for ever. */
const char *witness_reason_name(uint32_t reason, enum language language);
/* What it means and whom to tell, in a few sentences. Valid for ever. */
const char *witness_reason_text(uint32_t reason, enum language language);

#endif
