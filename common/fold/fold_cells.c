#include "common/fold/fold_cells.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS_FIRST 16u

void fold_cells_init(struct fold_cells *cells, uint32_t columns)
{
    *cells = (struct fold_cells){.columns = columns};
}

void fold_cells_fini(struct fold_cells *cells)
{
    free(cells->blocks);
    free(cells->cells);
    id_map_fini(&cells->block_of);
    fold_cells_init(cells, 0);
}

static size_t cells_in(const struct fold_cells *cells, size_t blocks)
{
    return blocks * cells->columns * FOLD_BLOCK_DAYS;
}

static MUST_USE enum status grow(struct fold_cells *cells)
{
    size_t room = cells->room == 0 ? BLOCKS_FIRST : cells->room * 2;
    struct fold_block *blocks;
    struct fold_cell *table;

    if (room > FOLD_BLOCKS_MAX) {
        return STATUS_MEMORY;
    }
    blocks = realloc(cells->blocks, room * sizeof *blocks);
    if (blocks == NULL) {
        return STATUS_MEMORY;
    }
    cells->blocks = blocks;
    table = realloc(cells->cells, cells_in(cells, room) * sizeof *table);
    if (table == NULL) {
        return STATUS_MEMORY;
    }
    cells->cells = table;
    cells->room = room;
    return STATUS_OK;
}

static MUST_USE enum status new_block(struct fold_cells *cells, uint32_t place,
                                      int32_t day, uint32_t *position)
{
    enum status status = STATUS_OK;

    if (cells->count == cells->room) {
        status = grow(cells);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *position = (uint32_t)cells->count;
    status =
        id_map_put(&cells->block_of, fold_cells_key(place, day), *position);
    if (status != STATUS_OK) {
        return status;
    }
    cells->blocks[*position] = (struct fold_block){
        .place = place,
        .first_day = day - (int32_t)fold_cells_day(day),
    };
    memset(cells->cells + cells_in(cells, *position), 0,
           cells_in(cells, 1) * sizeof *cells->cells);
    cells->count++;
    return STATUS_OK;
}

MUST_USE enum status fold_cells_at(struct fold_cells *cells, uint32_t place,
                                   int32_t day, struct fold_cell **cell)
{
    uint32_t position =
        id_map_get(&cells->block_of, fold_cells_key(place, day));

    if (position == ID_MAP_NONE) {
        enum status status = new_block(cells, place, day, &position);

        if (status != STATUS_OK) {
            return status;
        }
    }
    *cell = cells->cells + cells_in(cells, position) +
            fold_cells_day(day) * cells->columns;
    return STATUS_OK;
}
