/* verify_signatures - signatures that wait for whichever thread has time.
 *
 * Flow     verify_batch -> [verify_signatures] -> verify_result
 * Owns     copies of the batches that wait.
 * Threads  two: verify_signatures_help() may be called by either at any time;
 *          all else is called by the thread that looks at the entries, or while
 *          that one sleeps. Jobs pass between them under a lock.
 * Limits   VERIFY_SIGNATURES_MAX batches wait; one more is worked off first.
 *
 * A signature takes a quarter of the time that reading a batch takes, and
 * nothing waits for what comes of it. So it is left to the thread that would
 * else wait for the other one. What comes of the oldest is put down when the
 * ring is full, and of all when a stretch of the ledger ends: so findings come
 * in the same order however fast either thread was.
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_SIGNATURES_H
#define TALLYLINE_COLLECTOR_VERIFY_SIGNATURES_H

#include <stdbool.h>

#include "collector/audit/verify_result.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/sign.h"

#define VERIFY_SIGNATURES_MAX 8u

struct verify_signatures; /* opaque */

/* Borrows `results`. STATUS_MEMORY. */
MUST_USE enum status verify_signatures_new(
    struct verify_results *results, struct verify_signatures **signatures);
void verify_signatures_free(struct verify_signatures **signatures);

/* Has the signature of a batch checked. STATUS_MEMORY. */
MUST_USE enum status verify_signatures_put(struct verify_signatures *signatures,
                                           const struct entry *entry,
                                           struct bytes batch,
                                           const struct public_key *key);
/* Checks one of those that wait. False: none does. */
bool verify_signatures_help(struct verify_signatures *signatures);
/* Puts down what came of all. */
void verify_signatures_settle(struct verify_signatures *signatures);

#endif
