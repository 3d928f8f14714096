/* fold_cells - sums of one measure by unit and day.
 *
 * Flow     fold -> [fold_cells] -> indicator
 * Owns     its blocks; free with fold_cells_fini().
 * Threads  one writer; readers only while nobody writes.
 * Limits   FOLD_BLOCKS_MAX blocks.
 *
 * The days of one unit stand together in blocks, since what an office sends
 * at once happened there within a few days. What is taken back leaves exactly
 * what was there before: sums are counted modulo 2^64, and a day that no event
 * is in counts as empty.
 */
#ifndef TALLYLINE_COMMON_FOLD_CELLS_H
#define TALLYLINE_COMMON_FOLD_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "common/id_map.h"
#include "common/status.h"

#define FOLD_BLOCK_DAYS 8
#define FOLD_BLOCKS_MAX (1u << 30)

struct fold_block {
    uint64_t sums[FOLD_BLOCK_DAYS];   /* two's complement */
    uint32_t events[FOLD_BLOCK_DAYS]; /* how many are in it */
    uint32_t place;                   /* position of the unit */
    int32_t first_day;
};

struct fold_cells {
    struct fold_block *blocks;
    size_t count, room;
    struct id_map block_of; /* by place and first day */
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
