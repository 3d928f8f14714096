/* What the measures say: each function is one pass over what one measure
 * keeps, for all units at once. */
#include "common/catalogue.h"
#include "common/check.h"
#include "common/indicator_state.h"

#include <stdlib.h>
#include <string.h>

static const struct fold_measure *measure_of(const struct figuring *figuring,
                                             const struct plan_formula *formula)
{
    check(formula->measure < figuring->fold->measure_count);
    return &figuring->fold->measures[formula->measure];
}

static const struct fold_cells *cells_of(const struct figuring *figuring,
                                         const struct fold_measure *measure)
{
    return &figuring->fold->types[measure->plan->type].cells;
}

static bool in_range(const struct figuring *figuring, int32_t day)
{
    return figuring->range.from <= day && day <= figuring->range.to;
}

void figuring_sum(struct figuring *figuring, const struct plan_formula *formula,
                  struct figure figures[])
{
    const struct fold_measure *measure = measure_of(figuring, formula);
    const struct fold_cells *cells = cells_of(figuring, measure);
    /* A measure without a field counts events. */
    bool events = measure->amount.number == 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct fold_block *block = &cells->blocks[i];
        const struct fold_cell *cell = fold_cells_of(cells, i, measure->column);
        uint64_t sum = 0;

        for (int32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            if (in_range(figuring, block->first_day + k)) {
                sum += events ? cell[k].events : cell[k].sum;
            }
        }
        figuring_next_thing(figuring);
        figuring_add(figuring, figures, block->place, (int64_t)sum, false);
    }
}

/* What a visit of the things of one measure needs. */
struct pass {
    const struct fold_measure *measure;
    const struct plan_formula *formula;
    struct figure *figures;
    uint32_t bound; /* captured field that says "at least"; FIGURING_NONE */
};

/* Counts the thing at the places of one event: the rows around `at` that are
 * of the same event. */
static void count_event(struct figuring *figuring, const struct pass *pass,
                        const struct fold_key *key, size_t at, int64_t amount)
{
    const struct fold_rows *rows = &pass->measure->rows;
    const uint64_t *row = fold_rows_at(rows, key, at);
    uint64_t event = row[0];
    bool bound = pass->bound != FIGURING_NONE && row[2 + pass->bound] == 1;

    while (at > 0 && fold_rows_at(rows, key, at - 1)[0] == event) {
        at--;
    }
    figuring_next_thing(figuring);
    for (; at < key->count && fold_rows_at(rows, key, at)[0] == event; at++) {
        figuring_add(figuring, pass->figures,
                     fold_row_place(fold_rows_at(rows, key, at)), amount,
                     bound);
    }
}

static void visit_distinct(struct figuring *figuring, void *owner,
                           const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    const struct fold_rows *rows = &pass->measure->rows;

    figuring_next_thing(figuring);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < keys[i]->count; k++) {
            const uint64_t *row = fold_rows_at(rows, keys[i], k);

            if (in_range(figuring, fold_row_day(row))) {
                figuring_add(figuring, pass->figures, fold_row_place(row), 1,
                             false);
            }
        }
    }
}

/* By day, then event. */
static bool is_before(const uint64_t *a, const uint64_t *b)
{
    return a[1] >> 32 != b[1] >> 32 ? a[1] >> 32 < b[1] >> 32 : a[0] < b[0];
}

static void visit_first(struct figuring *figuring, void *owner,
                        const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    const struct fold_rows *rows = &pass->measure->rows;
    const struct fold_key *first = keys[0];

    for (size_t i = 1; i < count; i++) {
        if (is_before(fold_rows_at(rows, keys[i], 0),
                      fold_rows_at(rows, first, 0))) {
            first = keys[i];
        }
    }
    if (in_range(figuring, fold_row_day(fold_rows_at(rows, first, 0)))) {
        count_event(figuring, pass, first, 0, 1);
    }
}

/* How many rows are not after the end of the range. */
static size_t rows_by_end(const struct figuring *figuring,
                          const struct fold_rows *rows,
                          const struct fold_key *key)
{
    size_t low = 0, high = key->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (fold_row_day(fold_rows_at(rows, key, middle)) <=
            figuring->range.to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool state_passes(const struct plan_formula *formula,
                         const uint64_t *row)
{
    for (uint32_t i = 0; i < formula->condition_count; i++) {
        const struct plan_condition *condition = &formula->conditions[i];
        uint64_t value = row[2 + condition->field];

        if (!fold_condition_passes(condition, value != FOLD_ABSENT, value)) {
            return false;
        }
    }
    return true;
}

/* PLAN_STATUS and PLAN_LATEST: the last row by the end of the range. */
static void visit_last(struct figuring *figuring, void *owner,
                       const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    const struct fold_rows *rows = &pass->measure->rows;
    const struct fold_key *last = NULL;
    const uint64_t *row = NULL;
    uint64_t amount = 1;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        size_t n = rows_by_end(figuring, rows, keys[i]);
        const uint64_t *it = n == 0 ? NULL : fold_rows_at(rows, keys[i], n - 1);

        if (it != NULL && (row == NULL || is_before(row, it))) {
            row = it;
            last = keys[i];
            at = n - 1;
        }
    }
    if (row == NULL || !state_passes(pass->formula, row)) {
        return;
    }
    if (pass->formula->operation == PLAN_LATEST) {
        amount = row[2 + pass->formula->capture];
        if (amount == FOLD_ABSENT) {
            return;
        }
    }
    count_event(figuring, pass, last, at, (int64_t)amount);
}

/* The captured field that says that a number is a lower bound. */
static uint32_t bound_of(const struct fold_measure *measure)
{
    const struct catalogue_type *type = catalogue_type(measure->plan->type);

    for (uint32_t i = 0; i < measure->plan->capture_count; i++) {
        uint32_t number = measure->plan->capture[i];
        const struct catalogue_field *field =
            type == NULL || number < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, number - EVENT_BODY_BASE);

        if (field != NULL && field->kind == FIELD_FLAG &&
            strcmp(field->name, "is_lower_bound") == 0) {
            return i;
        }
    }
    return FIGURING_NONE;
}

MUST_USE enum status figuring_things_of(struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        struct figure figures[])
{
    struct pass pass = {
        .measure = measure_of(figuring, formula),
        .formula = formula,
        .figures = figures,
    };
    figuring_visit *visit = formula->operation == PLAN_DISTINCT ? visit_distinct
                            : formula->operation == PLAN_FIRST  ? visit_first
                                                                : visit_last;

    pass.bound = bound_of(pass.measure);
    return figuring_things(figuring, pass.measure, formula->list, visit, &pass);
}

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
                                    struct figure figures[])
{
    const struct fold_measure *measure = measure_of(figuring, formula);
    const struct fold_cells *cells = cells_of(figuring, measure);
    const struct fold_rows *rows = &measure->rows;
    bool *marks = calloc(figuring->count + 1, sizeof *marks);

    if (marks == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; measure->plan->keep == PLAN_KEEP_SUM && i < cells->count;
         i++) {
        const struct fold_block *block = &cells->blocks[i];
        const struct fold_cell *cell = fold_cells_of(cells, i, measure->column);

        for (int32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            if (cell[k].events > 0 &&
                in_range(figuring, block->first_day + k)) {
                mark_unit(figuring, formula->level, block->place, marks);
            }
        }
    }
    for (size_t i = 0; i < rows->key_count; i++) {
        for (size_t k = 0; k < rows->keys[i].count; k++) {
            const uint64_t *row = fold_rows_at(rows, &rows->keys[i], k);

            if (in_range(figuring, fold_row_day(row))) {
                mark_unit(figuring, formula->level, fold_row_place(row), marks);
            }
        }
    }
    for (uint32_t i = 0; i < figuring->count; i++) {
        if (marks[i]) {
            figuring_next_thing(figuring);
            figuring_add(figuring, figures, i, 1, false);
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
