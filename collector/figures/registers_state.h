/* registers_state - the inside of the registers, for registers*.c alone.
 *
 * Flow     registers.c (taking in) -> registers_slice.c (giving out)
 * Owns     see registers.h.
 */
#ifndef TALLYLINE_COLLECTOR_REGISTERS_STATE_H
#define TALLYLINE_COLLECTOR_REGISTERS_STATE_H

#include "collector/figures/registers.h"
#include "common/fold/fold_rows.h"

/* A thing, and where its rows are. */
struct registers_thing {
    uint64_t reference;
    uint32_t kind;
    uint32_t key;
};

/* How a thing stands: by the rows from `first` on, of one event. */
struct registers_standing {
    uint32_t first, count; /* count 0: nothing of it counts */
    uint32_t unit;         /* of the first row */
    int32_t day;
};

struct registers {
    struct fold_rows rows; /* the place of a row is a unit's key */
    struct registers_thing
        *order; /* by kind and reference, the first `ordered` */
    size_t ordered;
    struct registers_standing
        *standings; /* in that order, `stood` of them ... */
    size_t stood;
    uint64_t stood_at;       /* ... as of this position of the fold ... */
    uint64_t stood_revision; /* ... and of the rows */
    uint64_t revision;
};

#endif
