/* export - the ledger as files that others can check without this program.
 *
 * Flow     snapshot -> [export] -> export_files -> auditors, mirrors
 * Owns     nothing.
 * Threads  one, which may be any; a snapshot for each.
 * Limits   one tile of each level, one bundle and one batch in memory, whatever
 *          the ledger's size.
 *
 * Tiles, as C2SP tlog-tiles lays them down:
 *
 *   checkpoint             the signed note that all of it is of
 *   tile/L/N               256 hashes of level 8 L of the tree; N is written in
 *                          groups of three digits, all but the last with an x
 *   tile/L/N.p/W           the last one, of W hashes
 *   tile/entries/N[.p/W]   256 entries, each behind its size in 2 bytes
 *   ledger.vkey            the key of the note, for convenience: whoever
 *                          checks has it from elsewhere
 *
 * Raw, for sha256sum and the like:
 *
 *   entries.bin                      the entries, 112 bytes each, from 0 on
 *   raw/KKKK/IIIIIIIIII-HASH.batch   the bytes of a batch, or .control of a
 *                                    control document: its index in ten digits,
 *                                    KKKK that through 10,000
 *   SHA256SUMS                       their hashes, as `sha256sum -c` reads them
 *
 * Both can be begun again and go on where they were, also when the ledger has
 * grown; what is there of another ledger is STATUS_REFUSED.
 */
#ifndef TALLYLINE_COLLECTOR_EXPORT_H
#define TALLYLINE_COLLECTOR_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/audit/export_files.h"
#include "collector/ledger/ledger.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/checkpoint.h"

#define EXPORT_TURN 4096u /* entries under one snapshot */

/* Where entries are read from. The snapshot is opened anew now and then, so
 * that a long export beside a collector does not keep room from being used
 * again: entries below `size` are the same in all. */
struct export_source {
    struct ledger *ledger; /* borrowed */
    struct ledger_snapshot *snapshot;
    uint64_t size;
};

/* STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. Close it in every case. */
MUST_USE enum status export_source_open(struct ledger *ledger,
                                        struct export_source *source);
void export_source_close(struct export_source *source);
/* Before entry `index` is read. What the snapshot gave is valid no longer. */
MUST_USE enum status export_source_turn(struct export_source *source,
                                        uint64_t index);

struct export_watch {
    void (*at)(void *owner, uint64_t done); /* entries; NULL: nobody watches */
    void *owner;
};

/* Writes the tiles, and last the note. STATUS_CORRUPT: the ledger does not have
 * the checkpoint's root, so it was not written; STATUS_REFUSED: another ledger
 * is there, or a later checkpoint of this one. */
MUST_USE enum status export_tiles(struct export_source *source,
                                  const struct checkpoint *checkpoint,
                                  struct bytes note,
                                  const struct export_watch *watch,
                                  struct export_files *files);

struct export_range {
    uint64_t from;  /* first entry whose bytes are written */
    uint64_t to;    /* one behind the last; may be above the size */
    uint32_t agent; /* its batches alone; 0: all, and control documents */
};

struct export_raw_result {
    uint64_t present; /* entries whose bytes are there now */
    uint64_t damaged; /* entries whose bytes do not have their hash */
    uint64_t erased;  /* entries without bytes, by order */
    uint64_t away;    /* entries whose cold file is missing */
    uint64_t lost;    /* numbers that a break has left without anything */
};

/* Writes all of entries.bin, the bytes of the range, and the list of their
 * hashes. Bytes that are not there, or are damaged, are left out and counted;
 * damage is named in the log. */
MUST_USE enum status export_raw(struct export_source *source,
                                const struct export_range *range,
                                const struct export_watch *watch,
                                struct export_files *files,
                                struct export_raw_result *result);

#endif
