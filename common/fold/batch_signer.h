/* batch_signer - by which of its agent's keys a batch is signed.
 *
 * Flow     batch, context -> [batch_signer] -> admit, audit, recovery
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   CONTEXT_KEYS_MAX keys are tried.
 *
 * Invariants
 *   I8   the key in force at the batch's place, and a former one only for what
 *        belongs to an epoch that had ended by then.
 */
#ifndef TALLYLINE_COMMON_BATCH_SIGNER_H
#define TALLYLINE_COMMON_BATCH_SIGNER_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/fold/context.h"
#include "common/format/sign.h"

struct batch_place {
    uint32_t agent_number;
    uint32_t epoch_ordinal;
    uint64_t first_seq;
    uint64_t index; /* in the ledger; UINT64_MAX: it comes next */
};

/* NULL: none of them. Valid until the context changes. */
const struct public_key *batch_signer(const struct context *context,
                                      const struct batch_place *place,
                                      struct bytes batch);

#endif
