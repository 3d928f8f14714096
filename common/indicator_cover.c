/* Which units are covered: those where something happened, and those that there
 * are. Failure mode: no memory. */
#include "common/check.h"
#include "common/indicator_state.h"

#include <stdlib.h>
#include <string.h>

/* Marks the unit that carries on `source`, if it is of the level. */
static void mark_unit(struct figuring *figuring, enum unit_level level,
                      uint32_t source, bool marks[])
{
    uint32_t position = figuring_carried(figuring, source);

    if (position != FIGURING_NONE &&
        units_at(figuring->units, position)->level == level) {
        marks[position] = true;
    }
}

MUST_USE enum status figuring_units(struct figuring *figuring,
                                    const struct plan_formula *formula,
                                    struct figuring_out *out)
{
    const struct fold_measure *measure =
        &figuring->fold->measures[formula->measure];
    const struct fold_cells *cells =
        &figuring->fold->types[measure->plan->type].cells;
    const struct fold_rows *rows = &measure->rows;
    bool *marks = calloc(figuring->count + 1, sizeof *marks);

    check(formula->measure < figuring->fold->measure_count);
    if (marks == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; measure->plan->keep == PLAN_KEEP_SUM && i < cells->count;
         i++) {
        const struct fold_block *block = &cells->blocks[i];
        const struct fold_cell *cell = fold_cells_of(cells, i, measure->column);

        for (int32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            if (cell[k].events > 0 &&
                figuring_in_range(figuring, block->first_day + k)) {
                mark_unit(figuring, formula->level, block->place, marks);
            }
        }
    }
    for (size_t i = 0; i < rows->key_count; i++) {
        for (size_t k = 0; k < rows->keys[i].count; k++) {
            const uint64_t *row = fold_rows_at(rows, &rows->keys[i], k);

            if (figuring_in_range(figuring, fold_row_day(row))) {
                mark_unit(figuring, formula->level, fold_row_place(row), marks);
            }
        }
    }
    for (uint32_t i = 0; i < figuring->count; i++) {
        if (marks[i]) {
            figuring_out_thing(figuring, out,
                               (uint64_t[PLAN_KEY_FIELDS_MAX]){i});
            figuring_out_place(figuring, out, i, 1, false);
        }
    }
    free(marks);
    return STATUS_OK;
}

void figuring_in_force_of(struct figuring *figuring, enum unit_level level,
                          struct figure figures[])
{
    for (uint32_t i = 0; i < figuring->count; i++) {
        if (figuring_in_force(figuring, i) &&
            units_at(figuring->units, i)->level == level) {
            figuring_next_thing(figuring);
            figuring_add(figuring, figures, i, 1, false);
        }
    }
}
