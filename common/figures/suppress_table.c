/* The numbers of the indicators that are hidden together, over the periods of
 * one year. Failure mode: no memory. */
#include "common/figures/suppress_cells.h"
#include "common/figures/suppress_state.h"

#include <stdlib.h>

/* What a variable is the number of. */
struct source {
    const struct plan *plan;
    uint32_t indicator;
};

struct table {
    struct suppress_table cells;
    struct suppress_period periods[SUPPRESS_PERIODS_MAX];
    uint32_t *above; /* the arrays of all periods */
    bool *flags;     /* present, hidden, unsaid */
    int64_t *values;
    struct suppress_bound *bounds;
    bool *labelled;
    struct source *sources; /* by variable */
    bool *wholes;           /* by variable: the denominator */
    bool *state;            /* and scratch */
    struct figure *figures;
};

static void table_free(struct table *table)
{
    free(table->above);
    free(table->flags);
    free(table->values);
    free(table->bounds);
    free(table->labelled);
    free(table->sources);
    free(table->wholes);
    free(table->state);
    free(table->figures);
}

bool suppress_is_of(const struct suppress_family *family,
                    const struct suppress_facts *facts)
{
    return (facts->counts || facts->asks) &&
           (facts->types & family->types) != 0;
}

static void list_variables(const struct suppress_plan *of,
                           const struct suppress_family *family,
                           struct table *table)
{
    for (uint32_t i = 0; i < of->plan->indicator_count; i++) {
        const struct suppress_facts *facts = &of->facts[i];

        if (!suppress_is_of(family, facts) || !facts->counts ||
            facts->victims || facts->compares) {
            continue;
        }
        for (int whole = 0; whole <= (facts->divides ? 1 : 0); whole++) {
            table->labelled[table->cells.variables] = whole == 0;
            table->sources[table->cells.variables] =
                (struct source){.plan = of->plan, .indicator = i};
            table->wholes[table->cells.variables++] = whole == 1;
        }
    }
}

static void place_units(const struct suppress *suppress, int32_t day,
                        struct suppress_period *period)
{
    for (size_t i = 0; i < suppress->count; i++) {
        const struct unit *unit = units_at(suppress->units, i);
        const struct unit *above = NULL;

        period->above[i] = SUPPRESS_NO_UNIT;
        period->present[i] = unit->from <= day && day < unit->to &&
                             suppress_below(suppress, unit->key, day);
        if (period->present[i] && unit != suppress_root(suppress, day)) {
            above = units_find(suppress->units, unit->parent, day);
        }
        if (above != NULL) {
            period->above[i] = (uint32_t)units_position(suppress->units, above);
        }
    }
}

static MUST_USE enum status table_make(const struct suppress *suppress,
                                       const struct suppress_family *family,
                                       struct table *table)
{
    size_t units = suppress->count;
    size_t periods = suppress->period_count;
    size_t most = suppress->indicator_count * 2;

    table->labelled = calloc(most + 1, sizeof *table->labelled);
    table->sources = calloc(most + 1, sizeof *table->sources);
    table->wholes = calloc(most + 1, sizeof *table->wholes);
    if (table->labelled == NULL || table->sources == NULL ||
        table->wholes == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < suppress->plan_count; i++) {
        list_variables(&suppress->plans[i], family, table);
    }
    table->above = calloc(periods * units + 1, sizeof *table->above);
    table->flags = calloc(3 * periods * units + 1, sizeof *table->flags);
    table->values = calloc(periods * units * table->cells.variables + 1,
                           sizeof *table->values);
    table->bounds = calloc(units + 1, sizeof *table->bounds);
    table->state = calloc(2 * units + 1, sizeof *table->state);
    table->figures = calloc(units + 1, sizeof *table->figures);
    if (table->above == NULL || table->flags == NULL || table->values == NULL ||
        table->bounds == NULL || table->state == NULL ||
        table->figures == NULL) {
        return STATUS_MEMORY;
    }
    table->cells.units = units;
    table->cells.labelled = table->labelled;
    table->cells.bounds = table->bounds;
    table->cells.top_shown = suppress->root->level == UNIT_PROVINCE ||
                             (suppress->reader.kind == FIGURE_READER_UNIT &&
                              suppress->reader.unit == suppress->root->key);
    table->cells.periods = table->periods;
    table->cells.count = periods;
    for (size_t i = 0; i < periods; i++) {
        table->periods[i] = (struct suppress_period){
            .from = suppress->periods[i].from,
            .to = suppress->periods[i].to,
            .above = table->above + i * units,
            .present = table->flags + 3 * i * units,
            .hidden = table->flags + (3 * i + 1) * units,
            .unsaid = table->flags + (3 * i + 2) * units,
            .values = table->values + i * units * table->cells.variables,
        };
        place_units(suppress, table->periods[i].to, &table->periods[i]);
    }
    return STATUS_OK;
}

/* The numbers of one indicator in one period, in all variables it has. */
static MUST_USE enum status fill(const struct suppress *suppress,
                                 struct table *table,
                                 const struct source *source,
                                 struct suppress_period *period)
{
    const struct plan *plan = source->plan;
    struct figure_range range = suppress->range;
    enum status status;

    range.plan = plan;
    range.from = period->from;
    range.to = period->to;
    range.unit_date = period->to;
    status = indicator_compute(suppress->fold, suppress->context,
                               plan->indicators[source->indicator].formula,
                               &range, table->figures, suppress->count);
    for (size_t v = 0; v < table->cells.variables; v++) {
        int64_t *values = period->values + v * suppress->count;

        for (size_t i = 0; table->sources[v].plan == plan &&
                           table->sources[v].indicator == source->indicator &&
                           status == STATUS_OK && i < suppress->count;
             i++) {
            values[i] = table->wholes[v] ? table->figures[i].denominator
                                         : table->figures[i].value;
        }
    }
    return status;
}

/* Of all periods that end with the range the same is hidden. What begins
 * before them says no more than that. */
static void take_answer(const struct suppress *suppress,
                        const struct suppress_period *period,
                        struct suppress_family *family)
{
    for (size_t i = 0; period->to == suppress->range.to && i < suppress->count;
         i++) {
        family->hidden[i] = period->hidden[i];
        family->said[i] =
            family->said[i] || (period->from == suppress->range.from &&
                                period->hidden[i] && !period->unsaid[i]);
    }
}

MUST_USE enum status suppress_decide(const struct suppress *suppress,
                                     struct suppress_family *family)
{
    struct table table = {.above = NULL};
    enum status status = table_make(suppress, family, &table);

    for (size_t i = 0; i < suppress->period_count; i++) {
        for (size_t v = 0; v < table.cells.variables; v++) {
            if (status == STATUS_OK && !table.wholes[v]) {
                status = fill(suppress, &table, &table.sources[v],
                              &table.periods[i]);
            }
        }
    }
    if (status == STATUS_OK) {
        suppress_cells(&table.cells, table.state,
                       table.state + suppress->count);
    }
    for (size_t i = 0; status == STATUS_OK && i < suppress->period_count; i++) {
        take_answer(suppress, &table.periods[i], family);
    }
    table_free(&table);
    return status;
}
