/* scrub - reads the whole ledger again and holds it against its hashes.
 *
 * Flow     ledger -> [scrub] -> what does not fit -> people, healing
 * Owns     nothing between two steps; no snapshot lives longer than one.
 * Threads  one for each struct scrub, beside whoever writes.
 * Limits   what a step reads is bounded by its caller, but for the last entry
 *          of it.
 *
 * Looked at are the record of every entry, its bytes by their SHA-256 (also
 * those that lie in cold files), the tables of cold files, and every kept node
 * of the tree, which must follow from what lies below it. What was erased by
 * order, and what is missing since a rebuilding, is no damage.
 */
#ifndef TALLYLINE_COLLECTOR_SCRUB_H
#define TALLYLINE_COLLECTOR_SCRUB_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/format/merkle.h"

enum scrub_what {
    SCRUB_BYTES = 1, /* of entry `index` */
    SCRUB_ENTRY,     /* the record `index` */
    SCRUB_NODE,      /* node `index` of kept level `level` */
    SCRUB_COLD       /* table of the cold file that entry `index` tells of */
};

struct scrub_finding {
    enum scrub_what what;
    unsigned level;
    uint64_t index;
};

struct scrub {
    struct ledger *ledger;
    void (*tell)(void *owner, const struct scrub_finding *finding);
    void *owner;
    uint64_t size;  /* of the ledger when it began */
    uint64_t next;  /* entry */
    uint64_t bytes; /* read so far */
    uint64_t found;
    uint64_t away; /* entries whose cold file is missing */
    struct merkle_frontier block;
    bool unknown; /* a leaf of the block */
};

/* `tell` is called within scrub_step(). STATUS_CORRUPT, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status scrub_begin(struct scrub *scrub, struct ledger *ledger,
                                 void (*tell)(void *owner,
                                              const struct scrub_finding *),
                                 void *owner);
/* Reads on until about `bytes` more were read. Damage is told and does not end
 * it. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status scrub_step(struct scrub *scrub, uint64_t bytes,
                                bool *done);

#endif
