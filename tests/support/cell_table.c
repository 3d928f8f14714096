#include "tests/support/cell_table.h"
#include "tests/support/world.h"

#include <string.h>

const struct cell_period cell_year[CELL_PERIODS] = {
    {1, 90, {-1, -1}},    /* 0: first quarter */
    {91, 181, {-1, -1}},  /* 1: second */
    {1, 181, {0, 1}},     /* 2: first half */
    {182, 273, {-1, -1}}, /* 3: third quarter */
    {274, 365, {-1, -1}}, /* 4: fourth */
    {182, 365, {3, 4}},   /* 5: second half */
    {1, 365, {2, 5}},     /* 6: year */
};

size_t cell_of(size_t period, size_t unit)
{
    return period * CELL_UNITS + unit;
}

static bool is_quarter(size_t period)
{
    return cell_year[period].parts[0] < 0;
}

uint64_t cell_table_pick(uint64_t *seed, uint64_t count)
{
    return world_random(seed) % count;
}

/* Mostly nothing, often a few, at times many. */
static int64_t pick_value(uint64_t *seed)
{
    uint64_t kind = cell_table_pick(seed, 10);

    return kind < 4 ? 0
                    : (int64_t)(kind < 8 ? cell_table_pick(seed, 7)
                                         : cell_table_pick(seed, 60));
}

static size_t make_units(struct cell_table *table, uint64_t *seed)
{
    size_t districts = 1 + cell_table_pick(seed, 7);
    size_t count = 1 + districts;

    table->above[0] = SUPPRESS_NO_UNIT;
    for (size_t i = 1; i <= districts; i++) {
        table->above[i] = 0;
    }
    for (size_t i = 1; i <= districts; i++) {
        for (uint64_t n = cell_table_pick(seed, 8); n > 0; n--) {
            table->above[count++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < count; i++) {
        table->present[i] = true;
    }
    return count;
}

void cell_table_make(struct cell_table *table, uint64_t *seed)
{
    size_t count;

    memset(table, 0, sizeof *table);
    count = make_units(table, seed);
    table->labelled = true;
    table->cells = (struct suppress_table){
        .units = count,
        .variables = 1,
        .labelled = &table->labelled,
        .top_shown = cell_table_pick(seed, 4) > 0,
        .periods = table->periods,
        .count = CELL_PERIODS,
        .bounds = table->bounds,
    };
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = count; i > 0; i--) {
            size_t unit = i - 1;

            if (is_quarter(p)) {
                table->values[p][unit] += pick_value(seed);
            } else {
                table->values[p][unit] =
                    table->values[cell_year[p].parts[0]][unit] +
                    table->values[cell_year[p].parts[1]][unit];
            }
            if (is_quarter(p) && unit > 0) {
                table->values[p][table->above[unit]] += table->values[p][unit];
            }
        }
        table->periods[p] = (struct suppress_period){
            .from = cell_year[p].from,
            .to = cell_year[p].to,
            .above = table->above,
            .present = table->present,
            .values = table->values[p],
            .hidden = table->hidden[p],
            .unsaid = table->unsaid[p],
        };
    }
    suppress_cells(&table->cells, table->state, table->scratch);
}
