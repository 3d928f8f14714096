/* An attacker has all that is shown of random tables, adds and subtracts, and
 * looks for a hidden number. TALLYLINE_TEST_SEED repeats a run. */
#include "tests/support/cell_table.h"
#include "tests/support/rounds.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef void attack(struct cell_table *table, uint64_t *seed,
                    const char *where);

static void each_table(const char *name, attack *look)
{
    uint64_t first;
    uint32_t count = rounds(name, 250, 20000, &first);
    struct cell_table *table = calloc(1, sizeof *table);

    cr_assert_not_null(table);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t seed = first + i;
        char where[64];

        (void)snprintf(where, sizeof where, "table %" PRIu64, first + i);
        cell_table_make(table, &seed);
        look(table, &seed, where);
    }
    free(table);
}

static void look_for_small(struct cell_table *table, uint64_t *seed,
                           const char *where)
{
    (void)seed;
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table->cells.units; i++) {
            bool top = i == 0 && table->cells.top_shown;

            cr_assert(top ? !table->hidden[p][i]
                          : table->hidden[p][i] ||
                                !suppress_is_small(table->values[p][i]),
                      "%s: unit %zu in period %zu", where, i, p);
        }
    }
}

Test(suppress_cells, no_number_from_one_to_four_is_shown)
{
    each_table("small numbers", look_for_small);
}

static bool is_above(const struct cell_table *table, size_t above, size_t unit)
{
    while (unit < CELL_UNITS && unit != above) {
        unit = table->above[unit];
    }
    return unit == above;
}

/* The province is shown and has too few units for any to be kept apart. */
static bool is_hopeless(const struct cell_table *table)
{
    size_t members = 0;

    for (size_t i = 0; i < table->cells.units; i++) {
        members += table->above[i] == 0;
    }
    return table->cells.top_shown && members < SUPPRESS_GROUP_MIN;
}

static void check_unsolved(const struct cell_table *table, size_t knows,
                           const char *where)
{
    size_t cell = cell_table_solve(table, knows);
    size_t unit = cell % CELL_UNITS;

    /* The number of a unit with one unit below it is that one's. */
    cr_assert(cell == CELL_NONE || is_above(table, unit, knows) ||
                  is_above(table, knows, unit),
              "%s: unit %zu in period %zu follows", where, unit,
              cell / CELL_UNITS);
}

static void look_for_solution(struct cell_table *table, uint64_t *seed,
                              const char *where)
{
    (void)seed;
    if (!is_hopeless(table)) {
        check_unsolved(table, CELL_UNITS, where);
    }
}

Test(suppress_cells, no_hidden_number_follows_from_sums_and_differences)
{
    each_table("linear attacks", look_for_solution);
}

/* One unit's own numbers do not tell it another's. */
static void look_as_insider(struct cell_table *table, uint64_t *seed,
                            const char *where)
{
    if (!is_hopeless(table)) {
        check_unsolved(table, 1 + cell_table_pick(seed, table->cells.units - 1),
                       where);
    }
}

Test(suppress_cells, who_knows_its_own_number_learns_no_other)
{
    each_table("insiders", look_as_insider);
}

static void look_for_bounds(struct cell_table *table, uint64_t *seed,
                            const char *where)
{
    size_t cell = is_hopeless(table) ? CELL_NONE : cell_table_bound(table);

    (void)seed;
    cr_assert_eq(cell, CELL_NONE,
                 "%s: unit %zu in period %zu can only be one number", where,
                 cell % CELL_UNITS, cell / CELL_UNITS);
}

Test(suppress_cells, no_hidden_number_is_the_only_one_that_fits)
{
    each_table("bounds", look_for_bounds);
}

/* What is shown of a period does not depend on what came later. */
static void look_for_memory(struct cell_table *table, uint64_t *seed,
                            const char *where)
{
    bool before[CELL_PERIODS][CELL_UNITS];
    size_t kept = 1 + cell_table_pick(seed, CELL_PERIODS - 1);

    memcpy(before, table->hidden, sizeof before);
    while (kept > 0 && cell_year[kept].to == cell_year[kept - 1].to) {
        kept--;
    }
    table->cells.count = kept;
    suppress_cells(&table->cells, table->state, table->scratch);
    for (size_t p = 0; p < kept; p++) {
        cr_assert_arr_eq(table->hidden[p], before[p], sizeof before[p], "%s",
                         where);
    }
}

Test(suppress_cells, what_was_shown_stays_shown)
{
    each_table("periods that were not over", look_for_memory);
}

Test(suppress_cells, nothing_small_hides_nothing)
{
    static struct cell_table table;
    uint64_t seed = 1;

    cell_table_make(&table, &seed);
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table.cells.units; i++) {
            table.values[p][i] *= SUPPRESS_SMALL;
        }
    }
    suppress_cells(&table.cells, table.state, table.scratch);
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table.cells.units; i++) {
            cr_assert_not(table.hidden[p][i]);
        }
    }
}
