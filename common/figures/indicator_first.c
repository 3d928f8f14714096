/* Since when the ledger knows of a unit: the day of the first event that
 * counts there. The registers of the plans say nothing of it, they speak of
 * years before anybody recorded anything. */
#include "common/event/reference.h"
#include "common/figures/indicator_state.h"

#include <stdlib.h>

struct search {
    const struct fold *fold;
    const struct units *units;
    uint32_t unit;
    int32_t date;
    uint8_t *places; /* by position: 0 not asked yet, 1 elsewhere, 2 there */
    int32_t first;   /* INT32_MAX: none */
};

/* Whether what happened at a place counts in the unit on the date. A place
 * that was divided since counts: it is not known to lie elsewhere. */
static bool is_there(struct search *search, uint32_t place, int32_t day)
{
    const struct unit *then = units_at(search->units, place);
    const struct unit *now;

    if (then == NULL) {
        return false;
    }
    if (search->places[place] == 0) {
        now = units_carry(search->units, then->key, day, search->date);
        search->places[place] =
            now == NULL || units_below(search->units, now->key, search->unit,
                                       search->date)
                ? 2
                : 1;
    }
    return search->places[place] == 2;
}

static void look_at(struct search *search, uint32_t place, int32_t day)
{
    if (day < search->first && is_there(search, place, day)) {
        search->first = day;
    }
}

static void search_rows(struct search *search, const struct fold_rows *rows)
{
    for (size_t i = 0; i < rows->key_count; i++) {
        const struct fold_key *key = &rows->keys[i];

        for (uint32_t k = 0; k < key->count; k++) {
            const uint64_t *row = fold_rows_at(rows, key, k);

            /* Agent 0 stands for the registers. */
            if (id60_agent(row[0]) != 0) {
                look_at(search, fold_row_place(row), fold_row_day(row));
            }
        }
    }
}

static void search_cells(struct search *search, const struct fold_cells *cells)
{
    for (size_t i = 0; i < cells->count; i++) {
        const struct fold_block *block = &cells->blocks[i];

        for (uint32_t column = 0; column < cells->columns; column++) {
            for (uint32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
                if (fold_cells_of(cells, i, column, k)->events > 0) {
                    look_at(search, block->place,
                            block->first_day + (int32_t)k);
                }
            }
        }
    }
}

/* Types that a register has rows of: their sums cannot be told apart. */
static uint64_t register_types(const struct fold *fold)
{
    uint64_t types = 0;

    for (uint32_t i = 0; i < fold->plan_count; i++) {
        types |= fold->plans[i].row_types;
    }
    return types;
}

MUST_USE enum status indicator_first_day(const struct fold *fold, uint32_t unit,
                                         int32_t date, int32_t *first)
{
    struct search search = {.fold = fold,
                            .units = fold->units,
                            .unit = unit,
                            .date = date,
                            .first = INT32_MAX};
    uint64_t registers = register_types(fold);

    *first = INT32_MAX;
    if (fold->units == NULL) {
        return STATUS_OK;
    }
    search.places = calloc(units_count(fold->units) + 1, 1);
    if (search.places == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        if (fold->measures[i].plan->keep == PLAN_KEEP_ROWS) {
            search_rows(&search, &fold->measures[i].rows);
        }
    }
    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        if ((registers >> i & 1) == 0) {
            search_cells(&search, &fold->types[i].cells);
        }
    }
    free(search.places);
    *first = search.first;
    return STATUS_OK;
}
