#include "common/fold_cells.h"

#include "common/check.h"

#include <stdlib.h>

#define BLOCKS_FIRST 16u

void fold_cells_init(struct fold_cells *cells)
{
    *cells = (struct fold_cells){0};
}

void fold_cells_fini(struct fold_cells *cells)
{
    free(cells->blocks);
    id_map_fini(&cells->block_of);
    fold_cells_init(cells);
}

/* Which day of its block a day is; days before 1970 too. */
static uint32_t day_in_block(int32_t day)
{
    return (uint32_t)day % FOLD_BLOCK_DAYS;
}

/* Never 0, since places start at 1 here. */
static uint64_t key_of(uint32_t place, int32_t day)
{
    return ((uint64_t)place + 1) << 32 | (uint32_t)day / FOLD_BLOCK_DAYS;
}

static MUST_USE enum status new_block(struct fold_cells *cells, uint32_t place,
                                      int32_t day, uint32_t *position)
{
    if (cells->count == cells->room) {
        size_t room = cells->room == 0 ? BLOCKS_FIRST : cells->room * 2;
        struct fold_block *blocks =
            room > FOLD_BLOCKS_MAX
                ? NULL
                : realloc(cells->blocks, room * sizeof *blocks);

        if (blocks == NULL) {
            return STATUS_MEMORY;
        }
        cells->blocks = blocks;
        cells->room = room;
    }
    *position = (uint32_t)cells->count++;
    cells->blocks[*position] = (struct fold_block){
        .place = place,
        .first_day = day - (int32_t)day_in_block(day),
    };
    return id_map_put(&cells->block_of, key_of(place, day), *position);
}

MUST_USE enum status fold_cells_add(struct fold_cells *cells, uint32_t place,
                                    int32_t day, uint64_t amount)
{
    uint32_t position = id_map_get(&cells->block_of, key_of(place, day));
    struct fold_block *block;

    if (position == ID_MAP_NONE) {
        enum status status = new_block(cells, place, day, &position);

        if (status != STATUS_OK) {
            return status;
        }
    }
    block = &cells->blocks[position];
    block->sums[day_in_block(day)] += amount;
    block->events[day_in_block(day)]++;
    return STATUS_OK;
}

void fold_cells_remove(struct fold_cells *cells, uint32_t place, int32_t day,
                       uint64_t amount)
{
    uint32_t position = id_map_get(&cells->block_of, key_of(place, day));
    struct fold_block *block;

    check(position != ID_MAP_NONE);
    block = &cells->blocks[position];
    check(block->events[day_in_block(day)] > 0);
    block->sums[day_in_block(day)] -= amount;
    block->events[day_in_block(day)]--;
}
