/* fold_cells - sums by unit and day, for all summing measures of one type.
 *
 * Flow     fold -> [fold_cells] -> indicator
 * Owns     its blocks; free with fold_cells_fini().
 * Threads  one writer; readers only while nobody writes.
 * Limits   FOLD_BLOCKS_MAX blocks.
 *
 * The days of one unit stand together in blocks, and the measures of a day side
 * by side: what an office sends at once happened there within a few days, one
 * look finds the place of all its numbers, and an event touches one of them.
 * What is taken back leaves exactly what was there before: sums are counted
 * modulo 2^64, and a day that no event is in counts as empty.
 */
#ifndef TALLYLINE_COMMON_FOLD_CELLS_H
#define TALLYLINE_COMMON_FOLD_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/id_map.h"
#include "common/base/status.h"

#define FOLD_BLOCK_DAYS 8
#define FOLD_BLOCKS_MAX (1u << 30)

struct fold_cell {
    uint64_t sum;    /* two's complement */
    uint64_t events; /* how many are in it */
};

struct fold_block {
    uint32_t place; /* position of the unit */
    int32_t first_day;
};

struct fold_cells {
    uint32_t columns;
    struct fold_block *blocks;
    struct fold_cell *cells; /* by block, day and column */
    size_t count, room;
    struct id_map block_of; /* by place and first day */
};

void fold_cells_init(struct fold_cells *cells, uint32_t columns);
void fold_cells_fini(struct fold_cells *cells);
/* The cell of `day` in column 0; those of the other columns stand behind it.
 * Valid until the next call. */
MUST_USE enum status fold_cells_at(struct fold_cells *cells, uint32_t place,
                                   int32_t day, struct fold_cell **cell);
/* Which day of its block a day is; days before 1970 too. */
static inline uint32_t fold_cells_day(int32_t day)
{
    return (uint32_t)day % FOLD_BLOCK_DAYS;
}

/* Never 0, since places start at 1 here. */
static inline uint64_t fold_cells_key(uint32_t place, int32_t day)
{
    return ((uint64_t)place + 1) << 32 | (uint32_t)day / FOLD_BLOCK_DAYS;
}

/* The cell of a column of a block, `day` days after the block's first. */
static inline const struct fold_cell *fold_cells_of(
    const struct fold_cells *cells, size_t block, uint32_t column, uint32_t day)
{
    return cells->cells + (block * FOLD_BLOCK_DAYS + day) * cells->columns +
           column;
}

/* Asks for the memory of the day's cells. Inlined by force: a call that only
 * asks for memory has no effect that a compiler sees, and gcc leaves it out. */
__attribute__((always_inline)) static inline void fold_cells_expect(
    const struct fold_cells *cells, uint32_t place, int32_t day)
{
    uint32_t block = id_map_get(&cells->block_of, fold_cells_key(place, day));
    const char *first;

    if (block == ID_MAP_NONE) {
        return;
    }
    first = (const char *)fold_cells_of(cells, block, 0, fold_cells_day(day));
    for (size_t at = 0; at < cells->columns * sizeof *cells->cells; at += 64) {
        __builtin_prefetch(first + at, 1);
    }
}

#endif
