/* export_proof - the file by which the office shows that it reported, and when.
 *
 * Flow     export -> [export_proof] -> spool -> daemon ))) province
 *          province ))) daemon -> spool -> [export_proof] -> file
 * Owns     nothing beyond the call.
 * Threads  one; it waits for EXPORT_PROOF_S at most.
 *
 * What the province answers is checked with the keys of the enrolment before it
 * is written: the entry must be the receipt that the office holds.
 */
#ifndef TALLYLINE_AGENT_EXPORT_PROOF_H
#define TALLYLINE_AGENT_EXPORT_PROOF_H

#include "agent/office/office.h"
#include "common/base/args.h"
#include "common/base/status.h"

#define EXPORT_PROOF_S 30u

/* Every failure has its message: STATUS_USAGE (no event id), STATUS_NOT_FOUND
 * (no such event), STATUS_AGAIN (no receipt yet, no line, or no answer),
 * STATUS_REFUSED (the answer does not hold), STATUS_EXISTS, STATUS_IO. */
MUST_USE enum status export_proof(const struct args *args,
                                  struct office *office, const char *event,
                                  const char *path);
/* Prints the key of the ledger and the office's own, as lines of note.h. */
MUST_USE enum status export_keys(const struct args *args,
                                 struct office *office);

#endif
