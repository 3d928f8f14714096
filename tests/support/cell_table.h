/* cell_table - random tables of persons, and attackers who look for what is
 * hidden in them.
 *
 * Flow     seed -> cell_table.c -> suppress_cells -> cell_attack.c
 * Owns     nothing: tables and workings are the caller's.
 * Threads  one.
 * Limits   CELL_UNITS units, CELL_PERIODS periods.
 *
 * A province of districts with communes, its four quarters, two halves and the
 * year. The attacker has every number that is shown, and for each hidden one
 * the word "<5" or "..." where it is said.
 */
#ifndef TALLYLINE_TESTS_CELL_TABLE_H
#define TALLYLINE_TESTS_CELL_TABLE_H

#include "common/figures/suppress_cells.h"

#define CELL_UNITS   64u
#define CELL_PERIODS 7u
#define CELL_NONE    (CELL_UNITS * CELL_PERIODS)

struct cell_table {
    struct suppress_table cells;
    struct suppress_period periods[CELL_PERIODS];
    uint32_t above[CELL_UNITS];
    bool present[CELL_UNITS];
    int64_t values[CELL_PERIODS][CELL_UNITS];
    bool hidden[CELL_PERIODS][CELL_UNITS], unsaid[CELL_PERIODS][CELL_UNITS];
    bool labelled;
    struct suppress_bound bounds[CELL_UNITS];
    bool state[CELL_UNITS], scratch[CELL_UNITS];
};

/* In the order of their last days; a period is the sum of its parts. */
struct cell_period {
    int32_t from, to;
    int parts[2]; /* -1: a quarter */
};
extern const struct cell_period cell_year[CELL_PERIODS];

/* Makes a table and has it decided. `seed` is changed. */
void cell_table_make(struct cell_table *table, uint64_t *seed);
uint64_t cell_table_pick(uint64_t *seed, uint64_t count);
/* A cell is numbered by period and unit. */
size_t cell_of(size_t period, size_t unit);

/* A hidden cell that follows from sums and differences of what is shown, for
 * one that knows the numbers of unit `knows` (CELL_UNITS: nobody's); CELL_NONE
 * when there is none. */
size_t cell_table_solve(const struct cell_table *table, size_t knows);
/* A hidden cell, of more than nobody, for which only one number fits all that
 * is shown and said; CELL_NONE when there is none. */
size_t cell_table_bound(const struct cell_table *table);

#endif
