/* entry - one leaf of the ledger: what came when, from whom, by its hash.
 *
 * Flow     admit -> [entry] -> ledger, receipts, tree
 * Threads  any; pure.
 *
 * Layout (big-endian), version 1, ENTRY_BYTES in all; these bytes are the
 * Merkle leaf. The batch or control document lies beside it under its hash.
 *
 *   offset size
 *        0    4  "TLE1"
 *        4    1  version, 1
 *        5    1  kind: 1 batch, 2 control, 3 missing (all behind received_at
 *                is zero)
 *        6    2  flags: bit 0 the wall clock had stepped back
 *        8    8  index, from 0
 *       16    8  received_at, microseconds UTC, never decreasing
 *       24   16  agent id (batch) or zero
 *       40   16  epoch (batch) or zero
 *       56    4  agent number, 60 4 epoch ordinal (batch) or zero
 *       64    8  first sequence (batch) or zero
 *       72    4  count of events (batch) or zero
 *       76    4  size of the bytes
 *       80   32  SHA-256 of the batch or control document
 */
#ifndef TALLYLINE_COMMON_ENTRY_H
#define TALLYLINE_COMMON_ENTRY_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define ENTRY_BYTES              112u
#define ENTRY_FLAG_CLOCK_STEPPED 1u

enum entry_kind {
    ENTRY_BATCH = 1,
    ENTRY_CONTROL = 2,
    ENTRY_MISSING = 3 /* its bytes and all else were lost (a break) */
};

struct entry {
    enum entry_kind kind;
    uint16_t flags;
    uint64_t index;
    int64_t received_at;
    struct random_id agent;
    struct random_id epoch;
    uint32_t agent_number;
    uint32_t epoch_ordinal;
    uint64_t first_seq;
    uint32_t count;
    uint32_t size;
    struct digest digest;
};

void entry_write(const struct entry *entry, uint8_t bytes[ENTRY_BYTES]);
/* STATUS_INVALID: not an entry; STATUS_VERSION: from a newer program. */
MUST_USE enum status entry_read(struct bytes bytes, struct entry *entry);

#endif
