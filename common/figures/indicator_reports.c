/* Reports that were due, and those that came by their day. Failure mode: no
 * memory. */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"

#include <stdlib.h>

/* Reports of one kind that were due in the range. */
struct due {
    struct period *periods; /* in their order */
    int32_t *last;          /* day of each on which its report is in time */
    size_t count, room;
    bool *came; /* count for each unit: by its deadline */
};

static int32_t last_day(const struct figuring *figuring,
                        const struct plan_formula *formula,
                        const struct period_regime *regime,
                        const struct period *period)
{
    int32_t last = period->to;

    if (formula->constant != UINT64_MAX) {
        return last + (int32_t)formula->constant;
    }
    (void)period_deadline(regime, period, &figuring->plan->holidays, &last);
    return last;
}

static MUST_USE enum status add_due(struct due *due,
                                    const struct period *period, int32_t last)
{
    if (due->count == due->room) {
        size_t room = due->room == 0 ? PERIOD_CUTS_MAX : due->room * 2;
        struct period *periods = realloc(due->periods, room * sizeof *periods);
        int32_t *days;

        if (periods == NULL) {
            return STATUS_MEMORY;
        }
        due->periods = periods;
        days = realloc(due->last, room * sizeof *days);
        if (days == NULL) {
            return STATUS_MEMORY;
        }
        due->last = days;
        due->room = room;
    }
    due->periods[due->count] = *period;
    due->last[due->count++] = last;
    return STATUS_OK;
}

/* The periods of the plan whose deadline lies in the range and has passed. */
static MUST_USE enum status find_due(const struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     struct due *due)
{
    const struct plan *plan = figuring->plan;
    int32_t end = figuring_known_to(figuring);
    int32_t day = figuring_shifted(figuring, plan->from);
    struct period_regime regime;
    struct period period;
    enum status status = STATUS_OK;

    check(plan_regime(plan, formula->regime, &regime));
    for (; day <= end && status == STATUS_OK &&
           period_of_day(&regime, formula->every, day, &period);
         day = period.to + 1) {
        int32_t last = last_day(figuring, formula, &regime, &period);

        if (figuring->range.from <= last && last <= end) {
            status = add_due(due, &period, last);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    due->came =
        calloc((figuring->count + 1) * (due->count + 1), sizeof *due->came);
    return due->came == NULL ? STATUS_MEMORY : STATUS_OK;
}

/* Position of the period with that key; SIZE_MAX. */
static size_t find_period(const struct due *due, uint64_t key)
{
    for (size_t i = 0; i < due->count; i++) {
        if (due->periods[i].key == key) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* The day of a report: what the office states, or when its first version was
 * received. What came while the province's clock was wrong came in time. */
static int32_t day_of(const struct figuring *figuring,
                      const struct plan_formula *formula, const uint64_t *row)
{
    const struct fold *fold = figuring->fold;
    uint32_t at =
        formula->received ? id_map_get(&fold->report_of, row[0]) : ID_MAP_NONE;

    return at == ID_MAP_NONE ? fold_row_day(row)
                             : fold_report_day(fold, &fold->reports[at]);
}

/* What has been handed in, by unit and period; the first time counts. */
static void mark_reports(struct figuring *figuring,
                         const struct plan_formula *formula, struct due *due)
{
    const struct fold_rows *rows = &figuring_measure(figuring, formula)->rows;

    for (size_t i = 0; i < rows->key_count; i++) {
        const struct fold_key *key = &rows->keys[i];
        size_t period = find_period(due, fold_rows_name(rows, i)[1]);
        const uint64_t *row;
        uint32_t position;

        if (key->count == 0 || period == SIZE_MAX) {
            continue;
        }
        row = fold_rows_at(rows, key, 0);
        position = figuring_carried(figuring, fold_row_place(row));
        if (position != FIGURING_NONE &&
            day_of(figuring, formula, row) <= due->last[period]) {
            due->came[position * due->count + period] = true;
        }
    }
}

MUST_USE enum status figuring_on_time(struct figuring *figuring,
                                      const struct plan_formula *formula,
                                      struct figure figures[])
{
    struct due due = {0};
    bool *listed = NULL;
    struct figure *all = calloc(figuring->count + 1, sizeof *all);
    enum status status =
        all == NULL ? STATUS_MEMORY : find_due(figuring, formula, &due);

    if (status == STATUS_OK) {
        status = figuring_find_carried_on(figuring);
    }
    if (status == STATUS_OK) {
        status = figuring_listed(figuring, formula, &listed);
    }
    if (status == STATUS_OK) {
        mark_reports(figuring, formula, &due);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        if (!listed[i] || !figuring_in_force(figuring, i) ||
            units_at(figuring->units, i)->level != formula->level) {
            continue;
        }
        for (size_t k = 0; k < due.count; k++) {
            if (!figuring_was_there(figuring, i, &due.periods[k])) {
                continue;
            }
            figuring_next_thing(figuring);
            figuring_add(figuring, all, i, 1, false);
            figuring_next_thing(figuring);
            figuring_add(figuring, figures, i, due.came[i * due.count + k],
                         false);
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        figures[i].ratio = true;
        figures[i].denominator = all[i].value;
        figures[i].defined = all[i].value != 0;
    }
    free(all);
    free(listed);
    free(due.periods);
    free(due.last);
    free(due.came);
    return status;
}
