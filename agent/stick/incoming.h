/* incoming - receipts and documents of the province, from a stick.
 *
 * Flow     tallyline-N.down -> [incoming] -> spool, note
 * Owns     nothing beyond the call.
 * Threads  one, as the spool. The daemon may run beside it.
 *
 * A receipt that is not here counts whenever it comes. All else is taken only
 * from a file that is newer than the last one and than what the line last
 * brought, so that an old stick sets nothing back.
 *
 * Invariants
 *   I8   all of it is the ledger's, by its signature, and for this office.
 */
#ifndef TALLYLINE_AGENT_INCOMING_H
#define TALLYLINE_AGENT_INCOMING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "common/base/status.h"

struct incoming_counts {
    uint64_t receipts, documents, controls;
    uint64_t left;    /* documents and entries that do not hold: left alone */
    uint32_t refusal; /* the first that a batch got; 0: none */
    /* The province lacks what is from this seq on, received before or not: it
     * goes along with the next file. 0: nothing. */
    uint64_t wanted;
    bool old; /* documents were passed over */
};

/* Takes all of the file. STATUS_NOT_FOUND: there is none. STATUS_INVALID: it is
 * no whole file of this kind, or holds what cannot be; STATUS_REFUSED: it is
 * for another office, or not of this province; other statuses are the
 * spool's. What was taken before a mistake stays. */
MUST_USE enum status incoming_read(const struct office *office,
                                   const struct keyring *keyring,
                                   const char *path,
                                   struct incoming_counts *counts);

#endif
