#include "common/fold_cells.h"

#include "common/check.h"
#include "common/id_map.h"

#include <stdlib.h>

#define FOLD_CELLS_FIRST 64u

void fold_cells_init(struct fold_cells *cells)
{
    *cells = (struct fold_cells){0};
}

void fold_cells_fini(struct fold_cells *cells)
{
    free(cells->cells);
    fold_cells_init(cells);
}

static struct fold_cell *find(struct fold_cell *cells, size_t capacity,
                              uint32_t place, int32_t day)
{
    uint64_t key = (uint64_t)place << 32 | (uint32_t)day;
    size_t at = (size_t)id_map_mix(key) & (capacity - 1);

    while (cells[at].place != 0 &&
           (cells[at].place != place || cells[at].day != day)) {
        at = (at + 1) & (capacity - 1);
    }
    return &cells[at];
}

static MUST_USE enum status grow(struct fold_cells *cells)
{
    size_t capacity =
        cells->capacity == 0 ? FOLD_CELLS_FIRST : cells->capacity * 2;
    struct fold_cell *table = calloc(capacity, sizeof *table);

    if (table == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < cells->capacity; i++) {
        const struct fold_cell *cell = &cells->cells[i];

        if (cell->place != 0) {
            *find(table, capacity, cell->place, cell->day) = *cell;
        }
    }
    free(cells->cells);
    cells->cells = table;
    cells->capacity = capacity;
    return STATUS_OK;
}

MUST_USE enum status fold_cells_add(struct fold_cells *cells, uint32_t place,
                                    int32_t day, uint64_t amount)
{
    struct fold_cell *cell;

    if (cells->count * 4 >= cells->capacity * 3) {
        enum status status = grow(cells);

        if (status != STATUS_OK) {
            return status;
        }
    }
    cell = find(cells->cells, cells->capacity, place + 1, day);
    if (cell->place == 0) {
        *cell = (struct fold_cell){.place = place + 1, .day = day};
        cells->count++;
    }
    cell->sum += amount;
    cell->events++;
    return STATUS_OK;
}

void fold_cells_remove(struct fold_cells *cells, uint32_t place, int32_t day,
                       uint64_t amount)
{
    struct fold_cell *cell;

    check(cells->capacity > 0);
    cell = find(cells->cells, cells->capacity, place + 1, day);
    check(cell->place != 0 && cell->events > 0);
    cell->sum -= amount;
    cell->events--;
}
