/* mirror - control entries of the ledger, looked at before they are kept.
 *
 * Flow     uplink, stick -> [mirror] -> spool
 * Owns     nothing.
 * Threads  one, as the spool.
 *
 * Invariants
 *   I8   an entry is kept only with the administrator's signature.
 */
#ifndef TALLYLINE_AGENT_MIRROR_H
#define TALLYLINE_AGENT_MIRROR_H

#include "agent/office/config.h"
#include "agent/spool/spool.h"
#include "common/base/status.h"
#include "common/format/wire_pairs.h"

/* Keeps them, all or none; `done_to` as in spool_keep_controls().
 * STATUS_INVALID, STATUS_REFUSED: one of them does not hold. */
MUST_USE enum status mirror_keep(struct spool *spool,
                                 const struct config *config,
                                 const struct wire_pair pairs[], size_t count,
                                 uint64_t *done_to);

#endif
