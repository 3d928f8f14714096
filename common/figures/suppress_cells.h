/* suppress_cells - which cells of a table are hidden, by nothing but numbers.
 *
 * Flow     suppress.c -> [suppress_cells] -> suppress.c
 * Owns     nothing: all arrays are the caller's.
 * Threads  any; pure.
 *
 * A cell is a unit in a period; it has one number for each variable. Units
 * stand above what lies below them. The rules are those of suppress.h.
 */
#ifndef TALLYLINE_COMMON_SUPPRESS_CELLS_H
#define TALLYLINE_COMMON_SUPPRESS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/figures/suppress.h"

#define SUPPRESS_NO_UNIT UINT32_MAX

struct suppress_period {
    int32_t from, to;
    /* By unit: the position above it; SUPPRESS_NO_UNIT for the uppermost and
     * for those that are not in the table. */
    uint32_t *above;
    bool *present;   /* by unit: it is in the table */
    int64_t *values; /* [variable * units + unit] */
    /* The answer, by unit. Whether a hidden number is below five may be said
     * unless it is `unsaid`. */
    bool *hidden, *unsaid;
};

/* What the words "<5" and "…" below a unit tell of its number. */
struct suppress_bound {
    int64_t least;
    bool open;   /* there is no most */
    bool parted; /* there are units below it */
};

struct suppress_table {
    size_t units;
    size_t variables;
    const bool *labelled; /* by variable: its hidden cells show "<5" or not */
    bool top_shown;       /* what lies uppermost is never hidden */
    struct suppress_period *periods; /* by their last day */
    size_t count;
    struct suppress_bound *bounds; /* scratch, by unit */
};

/* Decides `hidden` and `unsaid` of every period. `state` and `scratch` have
 * room for a flag for each unit. */
void suppress_cells(const struct suppress_table *table, bool state[],
                    bool scratch[]);
bool suppress_is_small(int64_t value);

#endif
