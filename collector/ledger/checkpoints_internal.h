/* checkpoints_internal - what the files of the checkpoints share.
 *
 * Flow     checkpoints.c signs, checkpoints_kept.c says which may go,
 *          checkpoints_witness.c hears what offices say
 * Threads  one, as the checkpoints.
 */
#ifndef TALLYLINE_COLLECTOR_CHECKPOINTS_INTERNAL_H
#define TALLYLINE_COLLECTOR_CHECKPOINTS_INTERNAL_H

#include "collector/ledger/checkpoints.h"
#include "common/format/control.h"

struct witness {
    uint32_t agent;
    struct ledger_cosignature cosignature; /* size 0: none */
    uint64_t stored;                       /* size of the one on disk */
    uint32_t reason;
    int64_t objected_at, settled_at;
    int64_t words_since; /* monotonic; of them so many were written */
    unsigned words;
};

struct checkpoints {
    struct checkpoints_options options;
    char origin[CHECKPOINT_ORIGIN_MAX];
    struct province_keys known;
    struct checkpoint last; /* size 0: none */
    struct wire_note note;
    int64_t signed_mono, signed_at;
    struct checkpoint shown; /* the largest that an office has shown; size 0 */
    uint32_t shown_by;
    uint64_t marked;
    enum checkpoints_trouble trouble;
    uint64_t trouble_size;
    uint32_t trouble_agent;
    struct witness *witnesses;
    size_t count, room;
    bool dirty; /* cosignatures are to be stored */
};

/* Sizes that went out of use, found before the group begins. The caller frees
 * the list. `last` is the size of the newest one. */
struct checkpoints_leaving {
    uint64_t *sizes;
    size_t count;
};

MUST_USE enum status checkpoints_leaving(const struct checkpoints *checkpoints,
                                         const struct ledger_snapshot *snapshot,
                                         uint64_t last,
                                         struct checkpoints_leaving *leaving);

void checkpoints_set_trouble(struct checkpoints *checkpoints,
                             enum checkpoints_trouble trouble, uint64_t size,
                             uint32_t agent);
/* Whether it holds until somebody has looked: what was seen once was signed
 * once. */
bool checkpoints_lasts(enum checkpoints_trouble trouble);
/* Whether the ledger still has what was signed: `smaller` or `other` when not.
 * STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status checkpoints_compare(const struct ledger_snapshot *snapshot,
                                         const struct checkpoint *checkpoint,
                                         enum checkpoints_trouble smaller,
                                         enum checkpoints_trouble other,
                                         enum checkpoints_trouble *trouble);
/* Reads a note that this ledger has signed, with a key that was in force then.
 * Answers as checkpoint_open(). */
MUST_USE enum status checkpoints_read(const struct checkpoints *checkpoints,
                                      struct bytes note,
                                      struct checkpoint *checkpoint);
/* The same of any key that the ledger has had, whatever the size; `counts`:
 * checkpoints_read() would take it. */
MUST_USE enum status checkpoints_read_any(const struct checkpoints *checkpoints,
                                          struct bytes note,
                                          struct checkpoint *checkpoint,
                                          bool *counts);
/* With a key that the ledger does not name nothing is signed. */
void checkpoints_look_at_key(struct checkpoints *checkpoints);
/* The last break that explains why a checkpoint of that size does not fit: one
 * that was recorded above it, of a ledger of that size or a larger one.
 * STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status checkpoints_broken(const struct checkpoints *checkpoints,
                                        const struct ledger_snapshot *snapshot,
                                        uint64_t size,
                                        struct control_break *broken,
                                        bool *found);
/* The witness of that number, made when it is new. NULL above the limit or
 * without memory; valid until the next is made. */
struct witness *checkpoints_witness_of(struct checkpoints *checkpoints,
                                       uint32_t agent);

/* The checkpoint of that size, signed: the same bytes each time. */
MUST_USE enum status checkpoints_make(const struct checkpoints *checkpoints,
                                      const struct ledger_snapshot *snapshot,
                                      uint64_t size,
                                      struct checkpoint *checkpoint,
                                      struct wire_note *note);
/* Puts the checkpoint of that size into the open group unless it is kept: a
 * cosignature that was long on its way may be of one that has gone. */
MUST_USE enum status checkpoints_keep_again(
    const struct checkpoints *checkpoints,
    const struct ledger_snapshot *snapshot, uint64_t size);

#endif
