/* Numbers of events, and which units are covered: those where something
 * happened, and those that there are. Failure mode: no memory. */
#include "common/figures/indicator_state.h"

#include <stdlib.h>
#include <string.h>

static const struct fold_cells *cells_of(const struct figuring *figuring,
                                         const struct fold_measure *measure)
{
    return &figuring->fold->types[measure->plan->type].cells;
}

/* Events that are kept by their thing. */
struct adding {
    const struct fold_measure *measure;
    struct figure *figures;
};

static void visit_events(struct figuring *figuring, void *owner,
                         const uint64_t name[],
                         const struct fold_key *const keys[], size_t count)
{
    const struct adding *adding = owner;
    const struct fold_rows *rows = &adding->measure->rows;
    bool events = adding->measure->plan->field == 0;

    (void)name;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < keys[i]->count; k++) {
            const uint64_t *row = fold_rows_at(rows, keys[i], k);
            uint64_t amount = events ? 1 : row[2];

            if (amount != FOLD_ABSENT &&
                figuring_in_range(figuring, fold_row_day(row))) {
                figuring_next_thing(figuring);
                figuring_add(figuring, adding->figures, fold_row_place(row),
                             (int64_t)amount, false);
            }
        }
    }
}

static void sum_cells(struct figuring *figuring,
                      const struct plan_formula *formula,
                      struct figure figures[])
{
    const struct fold_measure *measure = figuring_measure(figuring, formula);
    const struct fold_cells *cells = cells_of(figuring, measure);
    /* A measure without a field counts events. */
    bool events = measure->amount.number == 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct fold_block *block = &cells->blocks[i];
        uint64_t sum = 0;

        for (uint32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            const struct fold_cell *cell =
                fold_cells_of(cells, i, measure->column, k);

            if (figuring_in_range(figuring, block->first_day + (int32_t)k)) {
                sum += events ? cell->events : cell->sum;
            }
        }
        figuring_next_thing(figuring);
        figuring_add(figuring, figures, block->place, (int64_t)sum, false);
    }
}

MUST_USE enum status figuring_sum(struct figuring *figuring,
                                  const struct plan_formula *formula,
                                  struct figure figures[])
{
    struct adding adding = {.measure = figuring_measure(figuring, formula),
                            .figures = figures};

    if (adding.measure->plan->keep == PLAN_KEEP_ROWS) {
        return figuring_things(figuring, formula, visit_events, &adding);
    }
    sum_cells(figuring, formula, figures);
    return STATUS_OK;
}

/* Events of each unit on the unit date: in the range, then in each period. */
struct tally {
    const struct plan_formula *formula;
    struct figuring_periods periods;
    size_t columns;
    uint64_t *counts; /* columns for each unit */
    uint64_t *last;   /* the last event that counted in the unit */
};

static MUST_USE enum status tally_open(struct figuring *figuring,
                                       const struct plan_formula *formula,
                                       struct tally *tally)
{
    enum status status;

    *tally = (struct tally){.formula = formula};
    status = figuring_periods_of(figuring, formula, &tally->periods);
    if (status == STATUS_OK) {
        status = figuring_find_carried_on(figuring);
    }
    tally->columns = tally->periods.count + 1;
    tally->counts =
        calloc((figuring->count + 1) * tally->columns, sizeof *tally->counts);
    tally->last = calloc(figuring->count + 1, sizeof *tally->last);
    if (tally->counts == NULL || tally->last == NULL) {
        return STATUS_MEMORY;
    }
    return status;
}

static void tally_close(struct tally *tally)
{
    free(tally->periods.list);
    free(tally->counts);
    free(tally->last);
}

/* Counts what happened at `source`, if that is a unit of the level. An event
 * with several places in one unit is one there; 0: it has one place. */
static void tally_add(struct figuring *figuring, struct tally *tally,
                      uint32_t source, int32_t day, uint64_t event,
                      uint64_t amount)
{
    enum unit_level level = tally->formula->level;
    uint32_t position = tally->formula->below
                            ? figuring_up(figuring, source, level)
                            : figuring_carried(figuring, source);
    uint64_t *counts;
    size_t at;

    if (position == FIGURING_NONE ||
        units_at(figuring->units, position)->level != level ||
        (event != 0 && tally->last[position] == event)) {
        return;
    }
    counts = tally->counts + position * tally->columns;
    tally->last[position] = event;
    counts[0] += amount;
    at = figuring_period_at(&tally->periods, day);
    if (at != SIZE_MAX) {
        counts[1 + at] += amount;
    }
}

static void tally_cells(struct figuring *figuring, struct tally *tally,
                        const struct fold_measure *measure)
{
    const struct fold_cells *cells =
        &figuring->fold->types[measure->plan->type].cells;

    for (size_t i = 0; i < cells->count; i++) {
        const struct fold_block *block = &cells->blocks[i];

        for (uint32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            const struct fold_cell *cell =
                fold_cells_of(cells, i, measure->column, k);
            int32_t day = block->first_day + (int32_t)k;

            if (cell->events > 0 && figuring_in_range(figuring, day)) {
                tally_add(figuring, tally, block->place, day, 0, cell->events);
            }
        }
    }
}

static void tally_rows(struct figuring *figuring, struct tally *tally,
                       const struct fold_rows *rows)
{
    for (size_t i = 0; i < rows->key_count; i++) {
        for (size_t k = 0; k < rows->keys[i].count; k++) {
            const uint64_t *row = fold_rows_at(rows, &rows->keys[i], k);
            int32_t day = fold_row_day(row);

            if (figuring_in_range(figuring, day)) {
                tally_add(figuring, tally, fold_row_place(row), day, row[0], 1);
            }
        }
    }
}

static bool is_enough(const struct figuring *figuring,
                      const struct tally *tally, uint32_t position)
{
    const uint64_t *counts = tally->counts + position * tally->columns;
    uint64_t wanted = tally->formula->at_least;

    for (size_t i = 0; i < tally->periods.count; i++) {
        if (counts[1 + i] < wanted &&
            figuring_was_there(figuring, position, &tally->periods.list[i])) {
            return false;
        }
    }
    return counts[0] > 0 && counts[0] >= wanted;
}

MUST_USE enum status figuring_units(struct figuring *figuring,
                                    const struct plan_formula *formula,
                                    struct figuring_out *out)
{
    const struct fold_measure *measure = figuring_measure(figuring, formula);
    struct tally tally;
    bool *listed = NULL;
    enum status status = tally_open(figuring, formula, &tally);

    if (status == STATUS_OK && measure->plan->keep == PLAN_KEEP_SUM) {
        tally_cells(figuring, &tally, measure);
    } else if (status == STATUS_OK) {
        tally_rows(figuring, &tally, &measure->rows);
    }
    if (status == STATUS_OK) {
        status = figuring_listed(figuring, formula, &listed);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        if (listed[i] && is_enough(figuring, &tally, i)) {
            const uint64_t name[PLAN_KEY_FIELDS_MAX] = {i};

            figuring_out_thing(figuring, out, name);
            figuring_out_place(figuring, out, i, 1, false);
        }
    }
    free(listed);
    tally_close(&tally);
    return status;
}

/* A district that ended lives on in its communes. */
static void name_heirs(const struct figuring *figuring, const struct unit *unit,
                       bool named[])
{
    if (unit->to <= figuring->range.unit_date) {
        units_mark_heirs(figuring->units, unit, figuring->range.unit_date,
                         named);
    }
}

MUST_USE enum status figuring_listed(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     bool **listed)
{
    const struct plan_list *list = formula->list == UINT32_MAX
                                       ? NULL
                                       : &figuring->plan->lists[formula->list];
    bool *named = calloc(figuring->count + 1, sizeof *named);

    *listed = calloc(figuring->count + 1, sizeof **listed);
    if (*listed == NULL || named == NULL) {
        free(named);
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        uint32_t source = figuring_position(figuring, (uint32_t)list->items[i]);
        uint32_t now = source == FIGURING_NONE
                           ? FIGURING_NONE
                           : figuring_carried(figuring, source);

        if (now != FIGURING_NONE) {
            named[now] = true;
        } else if (source != FIGURING_NONE) {
            name_heirs(figuring, units_at(figuring->units, source), named);
        }
    }
    for (uint32_t i = 0; i < figuring->count; i++) {
        uint32_t at = list == NULL ? FIGURING_NONE : i;

        /* A list of districts holds what lies in them. */
        while (at != FIGURING_NONE && !named[at]) {
            at = figuring_above(figuring, at);
        }
        (*listed)[i] =
            (at != FIGURING_NONE) != formula->excluded || list == NULL;
    }
    free(named);
    return STATUS_OK;
}

MUST_USE enum status figuring_in_force_of(struct figuring *figuring,
                                          const struct plan_formula *formula,
                                          struct figure figures[])
{
    bool *listed = NULL;
    enum status status = figuring_listed(figuring, formula, &listed);

    for (uint32_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        if (listed[i] && figuring_in_force(figuring, i) &&
            units_at(figuring->units, i)->level == formula->level) {
            figuring_next_thing(figuring);
            figuring_add(figuring, figures, i, 1, false);
        }
    }
    free(listed);
    return status;
}
