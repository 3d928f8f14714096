/* document - the province's documents, looked at before they are kept.
 *
 * Flow     uplink, stick -> [document] -> spool
 * Owns     nothing.
 * Threads  one, as the spool.
 *
 * Invariants
 *   I8   a control document is kept only with the administrator's signature.
 */
#ifndef TALLYLINE_AGENT_DOCUMENT_H
#define TALLYLINE_AGENT_DOCUMENT_H

#include "agent/office/config.h"
#include "agent/spool/spool.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/wire.h"

#define DOCUMENT_NAMES (WIRE_PLANS_MAX + 8u)

struct document_keeper { /* borrowed */
    struct spool *spool;
    const struct config *config;
};

/* The names of all that may come down, `position` below DOCUMENT_NAMES. */
const char *document_name(size_t position);
/* Keeps a whole document, whose signature by the ledger's key was checked, in
 * place of the one before. STATUS_INVALID, STATUS_REFUSED, STATUS_VERSION: it
 * is not to be kept; other statuses are the spool's. */
MUST_USE enum status document_keep(const struct document_keeper *keeper,
                                   const char *name, struct bytes body);

#endif
