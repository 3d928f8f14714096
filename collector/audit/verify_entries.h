/* verify_entries - each entry of a ledger held against all that came before.
 *
 * Flow     ahead -> [verify_entries] -> verify_result
 * Owns     the context of the entries seen so far, where each stream stands,
 *          and the tree over them; borrows the snapshot.
 * Threads  one at a time: the thread that reads ahead, or whoever waits for it.
 * Limits   memory grows with streams and control entries, not with entries.
 *
 * Entries come in their order, each once. Everything is judged by the control
 * entries before it alone, as admission did: so a batch that was taken in time
 * passes for ever, and one that was put in later does not.
 *
 * Failure modes: STATUS_MEMORY sticks and is answered by
 * verify_entries_status(); what is wrong with the ledger is a finding.
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_ENTRIES_H
#define TALLYLINE_COLLECTOR_VERIFY_ENTRIES_H

#include <stdint.h>

#include "collector/audit/verify_result.h"
#include "collector/figures/ahead.h"
#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/format/checkpoint.h"

struct verify_entries; /* opaque */

struct verify_entries_options {
    const struct ledger_snapshot *snapshot; /* of this alone */
    struct verify_results *results;
    struct bytes outside;   /* note of a checkpoint; empty: none */
    uint64_t signed_before; /* below it signatures were checked already */
    const char *cold;       /* folder of the cold files; borrowed */
    bool has_tree;          /* the ledger's format keeps a tree */
};

/* STATUS_MEMORY, STATUS_IO, STATUS_CORRUPT: the tables cannot be read. */
MUST_USE enum status verify_entries_new(
    const struct verify_entries_options *options,
    struct verify_entries **entries);
void verify_entries_free(struct verify_entries **entries);

/* Looks at the next entry; an ahead_look. What a stream already holds, or what
 * lies behind a gap in it, is not to be folded: the fold takes it for a bug of
 * ours. */
bool verify_entries_read(void *owner, const struct ahead_read *read);
/* Does some of what is put off (verify_signatures.h), on any thread; an
 * ahead_look. False: there is nothing to do. */
bool verify_entries_help(void *owner);
/* Between two stretches: puts down what came of what was put off. */
void verify_entries_settle(struct verify_entries *entries);
/* Reads the next entry by itself and looks at it. */
void verify_entries_next(struct verify_entries *entries);
/* How many were looked at. */
uint64_t verify_entries_count(const struct verify_entries *entries);
/* Looks at what can only be seen behind the last entry. */
void verify_entries_end(struct verify_entries *entries);
/* The root over what was looked at. False: an entry could not be read. */
bool verify_entries_root(const struct verify_entries *entries,
                         struct digest *root);
MUST_USE enum status verify_entries_status(
    const struct verify_entries *entries);

#endif
