/* fold_cells - sums of one measure by unit and day.
 *
 * Flow     fold -> [fold_cells] -> indicator
 * Owns     its table; free with fold_cells_fini().
 * Threads  one writer; readers only while nobody writes.
 *
 * What is taken back leaves exactly what was there before: sums are counted
 * modulo 2^64, and a cell that no event is in counts as empty.
 */
#ifndef TALLYLINE_COMMON_FOLD_CELLS_H
#define TALLYLINE_COMMON_FOLD_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

struct fold_cell {
    uint32_t place; /* position of the unit + 1; 0: never used */
    int32_t day;
    uint64_t sum;    /* two's complement */
    uint64_t events; /* how many are in it */
};

struct fold_cells {
    struct fold_cell *cells;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void fold_cells_init(struct fold_cells *cells);
void fold_cells_fini(struct fold_cells *cells);
/* Adds one event with `amount` on `day` at the unit of position `place`. */
MUST_USE enum status fold_cells_add(struct fold_cells *cells, uint32_t place,
                                    int32_t day, uint64_t amount);
/* Takes back one that was added. */
void fold_cells_remove(struct fold_cells *cells, uint32_t place, int32_t day,
                       uint64_t amount);

#endif
