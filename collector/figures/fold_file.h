/* fold_file - what the fold had come to, in a file beside the ledger.
 *
 * Flow     tally (fold, registers) -> [fold_file] -> figures.state -> tally
 * Owns     nothing between calls.
 * Threads  one at a time for each file, and save_file.h's own; readers in other
 *          processes meanwhile.
 * Limits   the file is written and read a frame at a time (frames.h); about as
 *          large as the fold in memory.
 *
 * The file only saves time: without it, or with one that does not fit, all is
 * folded from entry 0 and the figures are the same. It fits when its label is
 * what this program would write about this ledger, and its content has the
 * hash that it ends with. The layout is in docs/STORAGE.md.
 *
 * Failure modes: a disk that is full or fails leaves the former file as it
 * was; so does a crash, which may leave a file "figures.state.new" behind that
 * the next writing replaces.
 *
 * Invariants
 *   I4  the state of another ledger, of other control entries, of another
 *       program or of damaged bytes is never taken.
 */
#ifndef TALLYLINE_COLLECTOR_FOLD_FILE_H
#define TALLYLINE_COLLECTOR_FOLD_FILE_H

#include <stdint.h>

#include "collector/figures/registers.h"
#include "collector/figures/save_file.h"
#include "collector/ledger/ledger.h"
#include "common/base/status.h"
#include "common/fold/fold.h"
#include "common/format/sign.h"

#define FOLD_FILE_VERSION 2u
/* After so many bytes written or read the caller is told that it goes on. */
#define FOLD_FILE_STEP_BYTES (UINT64_C(16) << 20)

/* Which state it is: of the first `position` entries, under the control
 * entries among the first `controls`, which are not fewer. */
struct fold_file_place {
    uint64_t position;
    uint64_t controls;
};

struct fold_file {
    const char *path;
    const struct ledger_snapshot *snapshot; /* holds what the place names */
    void *owner;
    void (*goes_on)(void *owner); /* may be NULL */
};

/* What is written and read together. */
struct fold_file_state {
    struct fold_file_place place;
    struct fold *fold;
    struct registers *registers;
    struct digest digest; /* of the whole file */
};

/* Writes the file anew, of the state as it is now, and sets `digest`; it is
 * made durable and takes the former one's place while the fold goes on. `save`
 * is the caller's to close; NULL unless STATUS_OK. STATUS_FULL, STATUS_IO,
 * STATUS_MEMORY; what the snapshot answers. */
MUST_USE enum status fold_file_start(const struct fold_file *file,
                                     struct fold_file_state *state,
                                     struct save_file **save);
/* What the file says it is of, held against the ledger and nothing else read.
 * Statuses as of fold_file_read(), with `place` set where its label could be
 * read. */
MUST_USE enum status fold_file_place(const struct fold_file *file,
                                     uint64_t figures,
                                     struct fold_file_place *place);
/* Holds the file byte for byte against what would be written of this state.
 * `offset` gets the first byte that differs, UINT64_MAX when none does.
 * Statuses as of both. */
MUST_USE enum status fold_file_compare(const struct fold_file *file,
                                       struct fold_file_state *state,
                                       uint64_t *offset);
/* Gives fold and registers, the former made with `context` and `source`.
 * `figures` is one more than the index of the last control entry that changed
 * what figures mean: a state under fewer is of no use. STATUS_NOT_FOUND: there
 * is no file; STATUS_VERSION: another program's; STATUS_INVALID: not of this
 * ledger as it is; STATUS_CORRUPT: damaged; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status fold_file_read(const struct fold_file *file,
                                    const struct context *context,
                                    struct fold_source source, uint64_t figures,
                                    struct fold_file_state *state);

#endif
