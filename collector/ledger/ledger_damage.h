/* ledger_damage - what the ledger knows to be damaged, and its healing.
 *
 * Flow     scrub -> [ledger_damage] -> status;  what an office returned ->
 *          [ledger_damage] -> entries, bytes, tree
 * Owns     table `damage`, which is written here alone.
 * Threads  as the ledger and its snapshots.
 * Limits   LEDGER_CANDIDATES_MAX records that wait for others of their block;
 *          LEDGER_OWNER_ROWS rows a call that looks for who sent an entry.
 *
 *   key          value
 *   index 8      version 1, what 1 (enum scrub_what), found_at 8
 *   "scrub"      version 1, began_at 8, ended_at 8, entries 8, bytes 8, found
 *                8: the last scrub that came to its end
 *
 * Invariants
 *   I5  healing puts back what was there, and nothing else: bytes that have the
 *       hash in their entry, a record whose leaf fits the kept node over it or
 *       the root of a checkpoint.
 */
#ifndef TALLYLINE_COLLECTOR_LEDGER_DAMAGE_H
#define TALLYLINE_COLLECTOR_LEDGER_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/ledger/scrub.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"

#define LEDGER_CANDIDATES_MAX 256u
#define LEDGER_OWNER_ROWS     4096u
#define LEDGER_OWNER_KEY_MAX  16u /* agent 4, epoch 4, sequence 8 */

struct ledger_damage {
    uint64_t index;
    enum scrub_what what; /* SCRUB_BYTES or SCRUB_ENTRY */
    int64_t found_at;     /* microseconds UTC */
};

struct ledger_scrubbed {
    int64_t began_at;
    int64_t ended_at;
    uint64_t entries;
    uint64_t bytes;
    uint64_t found;
};

/* ---- between ledger_begin() and ledger_commit(); into the reserve too ---- */

MUST_USE enum status ledger_keep_damage(struct ledger *ledger,
                                        const struct ledger_damage *damage);
/* Nothing happens when there is none. */
MUST_USE enum status ledger_drop_damage(struct ledger *ledger, uint64_t index);
MUST_USE enum status ledger_keep_scrubbed(
    struct ledger *ledger, const struct ledger_scrubbed *scrubbed);
/* Makes a kept node anew of the entries. */
MUST_USE enum status ledger_mend_node(struct ledger *ledger, unsigned level,
                                      uint64_t index);

/* ---- reading ---- */

/* The first at or above `from`. STATUS_NOT_FOUND behind the last. */
MUST_USE enum status ledger_next_damage(const struct ledger_snapshot *snapshot,
                                        uint64_t from,
                                        struct ledger_damage *damage);
/* STATUS_NOT_FOUND: there was none. */
MUST_USE enum status ledger_scrubbed(const struct ledger_snapshot *snapshot,
                                     struct ledger_scrubbed *scrubbed);
/* Whether the entry's record or bytes are damaged now. STATUS_NOT_FOUND: there
 * is no such entry. */
MUST_USE enum status ledger_look_at(const struct ledger_snapshot *snapshot,
                                    uint64_t index, bool *damaged);
/* Whose batch entry `index` is when its record cannot be believed; `agent` is 0
 * for a control entry. The table that knows is sorted by agent and may hold
 * millions of rows: a call looks at LEDGER_OWNER_ROWS of them and answers
 * STATUS_AGAIN, the next one with the same search goes on from there. A search
 * begins as zeros, and anew with another index. STATUS_NOT_FOUND. */
struct ledger_owner_search {
    uint64_t index;
    size_t size; /* of the last key that was looked at; 0: at the beginning */
    uint8_t key[LEDGER_OWNER_KEY_MAX];
};
MUST_USE enum status ledger_owner(const struct ledger_snapshot *snapshot,
                                  uint64_t index,
                                  struct ledger_owner_search *search,
                                  uint32_t *agent);

/* ---- healing ---- */

/* Makes the table of the cold file anew that control entry `index` tells of. No
 * group is open. STATUS_CORRUPT: it does not come out as it was;
 * STATUS_NOT_FOUND: no batch lies in it; STATUS_AWAY, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status ledger_mend_cold(struct ledger *ledger, uint64_t index);

/* Records that were returned, until all that are damaged in a block of the tree
 * are there: only together they can be held against its node. */
struct ledger_candidates {
    struct entry entries[LEDGER_CANDIDATES_MAX];
    size_t count;
};

enum ledger_healing {
    LEDGER_HEALED = 1,
    LEDGER_HEAL_WAITS, /* for the other records of its block */
    LEDGER_HEAL_WRONG, /* this is not what was there */
    LEDGER_HEAL_SOUND  /* nothing is damaged there, nothing was changed */
};

/* Holds what was returned for entry `entry->index` against what the ledger
 * knows, and puts it back when it fits; the damage is forgotten then. No group
 * is open. `bytes` has the hash and the size that `entry` says. STATUS_FULL,
 * STATUS_IO, STATUS_CORRUPT, STATUS_MEMORY. */
MUST_USE enum status ledger_heal(struct ledger *ledger,
                                 struct ledger_candidates *candidates,
                                 const struct entry *entry, struct bytes bytes,
                                 enum ledger_healing *healing);

#endif
