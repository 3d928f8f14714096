#include "common/figures/indicator_events.h"

#include <stdlib.h>
#include <string.h>

#include "common/event/reference.h"
#include "common/fold/fold_state.h"

#define READINGS_MAX 64u

/* A measure that the formula reads, and over which days. */
struct reading {
    uint32_t measure;
    bool back; /* from the beginning on */
};

struct counting {
    const struct fold *fold;
    const struct units *units;
    const struct plan *plan;
    const struct figure_range *range;
    bool *inside; /* by position: what happened there counts in the unit */
    struct reading readings[READINGS_MAX];
    size_t reading_count;
    bool too_many;
};

/* ---- what is read ---- */

static bool looks_back(enum plan_operation operation)
{
    return operation != PLAN_SUM && operation != PLAN_DISTINCT &&
           operation != PLAN_FIRST && operation != PLAN_UNITS;
}

static void note(struct counting *self, uint32_t measure, bool back)
{
    for (size_t i = 0; i < self->reading_count; i++) {
        if (self->readings[i].measure == measure) {
            self->readings[i].back = self->readings[i].back || back;
            return;
        }
    }
    if (self->reading_count == READINGS_MAX) {
        self->too_many = true;
        return;
    }
    self->readings[self->reading_count++] =
        (struct reading){.measure = measure, .back = back};
}

/* A formula is nested a dozen deep at most (PLAN_DEPTH_MAX). */
static void read_formula(struct counting *self,
                         const struct plan_formula *formula)
{
    if (formula->operation <= PLAN_UNITS) { /* the others read no measure */
        note(self, formula->measure, looks_back(formula->operation));
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        read_formula(self, formula->operands[i]);
    }
}

static bool is_condition(const struct plan_condition *a,
                         const struct plan_condition *b)
{
    return a->field == b->field && a->test == b->test && a->other == b->other &&
           a->value_count == b->value_count &&
           memcmp(a->values, b->values, a->value_count * sizeof a->values[0]) ==
               0;
}

/* Whether every event of `narrow` is one of `wide`. */
static bool holds(const struct plan_measure *wide,
                  const struct plan_measure *narrow)
{
    for (uint32_t i = 0; i < wide->condition_count; i++) {
        bool found = false;

        for (uint32_t k = 0; k < narrow->condition_count && !found; k++) {
            found = is_condition(&wide->conditions[i], &narrow->conditions[k]);
        }
        if (!found) {
            return false;
        }
    }
    return wide->type == narrow->type;
}

/* Whether another reading has all the events of this one; of two that have the
 * same ones the first stays. */
static bool is_covered(const struct counting *self, size_t at)
{
    const struct reading *own = &self->readings[at];
    const struct plan_measure *measure = &self->plan->measures[own->measure];

    for (size_t i = 0; i < self->reading_count; i++) {
        const struct reading *other = &self->readings[i];
        const struct plan_measure *wide = &self->plan->measures[other->measure];

        if (i == at || !holds(wide, measure) || (own->back && !other->back)) {
            continue;
        }
        if (!holds(measure, wide) || (other->back && !own->back) || i < at) {
            return true;
        }
    }
    return false;
}

/* ---- counting ---- */

static bool in_range(const struct counting *self, bool back, int32_t day)
{
    return day <= self->range->to && (back || day >= self->range->from);
}

static uint64_t count_cells(const struct counting *self,
                            const struct fold_measure *measure, bool back)
{
    const struct fold_cells *cells =
        &self->fold->types[measure->plan->type].cells;
    uint64_t count = 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct fold_block *block = &cells->blocks[i];

        if (!self->inside[block->place]) {
            continue;
        }
        for (uint32_t k = 0; k < FOLD_BLOCK_DAYS; k++) {
            if (in_range(self, back, block->first_day + (int32_t)k)) {
                count += fold_cells_of(cells, i, measure->column, k)->events;
            }
        }
    }
    return count;
}

/* Rows of one event stand together: it is one, wherever it has its places. */
static uint64_t count_rows(const struct counting *self,
                           const struct fold_rows *rows, bool back)
{
    uint64_t count = 0;

    for (size_t i = 0; i < rows->key_count; i++) {
        const struct fold_key *key = &rows->keys[i];
        uint64_t last = 0;

        for (uint32_t k = 0; k < key->count; k++) {
            const uint64_t *row = fold_rows_at(rows, key, k);

            /* Agent 0 stands for the registers. */
            if (id60_agent(row[0]) != 0 && row[0] != last &&
                self->inside[fold_row_place(row)] &&
                in_range(self, back, fold_row_day(row))) {
                count++;
                last = row[0];
            }
        }
    }
    return count;
}

static void note_type(struct counting *self, struct indicator_events *events,
                      uint32_t type)
{
    for (size_t i = 0; i < events->type_count; i++) {
        if (events->types[i] == type) {
            /* Two filters of one type, neither of which holds the other. */
            events->at_most = true;
            return;
        }
    }
    if (events->type_count == INDICATOR_EVENTS_TYPES_MAX) {
        self->too_many = true;
        return;
    }
    events->types[events->type_count++] = type;
}

static void count_reading(struct counting *self, const struct reading *reading,
                          struct indicator_events *events)
{
    const struct fold_measure *measure =
        fold_measure_of(self->fold, self->plan, reading->measure);

    if (measure == NULL) {
        return;
    }
    note_type(self, events, measure->plan->type);
    if (measure->plan->keep == PLAN_KEEP_ROWS) {
        events->count += count_rows(self, &measure->rows, reading->back);
        /* An event may speak of several things. */
        events->at_most = events->at_most || measure->plan->key_field_count > 1;
    } else {
        events->count += count_cells(self, measure, reading->back);
        events->at_most =
            events->at_most || fold_units_field(measure->plan->type) != 0;
    }
}

/* What happened in a unit that was divided since counts in what lies above it,
 * and so in the whole alone. */
static enum status mark_inside(struct counting *self, const struct unit *unit,
                               const struct unit *root)
{
    int32_t date = self->range->unit_date;
    size_t count = units_count(self->units);

    self->inside = calloc(count + 1, sizeof *self->inside);
    if (self->inside == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit *at = units_at(self->units, i);
        int32_t day = at->to != UNIT_DATE_OPEN ? at->to - 1
                      : at->from > date        ? at->from
                                               : date;
        const struct unit *now = units_carry(self->units, at->key, day, date);

        self->inside[i] =
            now == NULL ? unit == root
                        : units_below(self->units, now->key, unit->key, date);
    }
    return STATUS_OK;
}

enum status indicator_events(const struct fold *fold,
                             const struct context *context,
                             const struct indicator_row *row,
                             const struct figure_range *range,
                             struct indicator_events *events)
{
    struct counting self = {.fold = fold,
                            .units = context_units(context),
                            .plan = range->plan,
                            .range = range};
    enum status status;

    *events = (struct indicator_events){.count = 0};
    if (row->indicator->formula == NULL || self.units == NULL) {
        return STATUS_NOT_FOUND;
    }
    read_formula(&self, row->indicator->formula);
    status = mark_inside(
        &self, row->unit,
        plan_carried(self.plan, self.units, self.plan->unit, range->unit_date));
    for (size_t i = 0; i < self.reading_count && status == STATUS_OK; i++) {
        if (!is_covered(&self, i)) {
            count_reading(&self, &self.readings[i], events);
        }
    }
    free(self.inside);
    return status == STATUS_OK && self.too_many ? STATUS_NOT_FOUND : status;
}
