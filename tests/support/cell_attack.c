/* Two attackers: one solves the sums that are shown, the other narrows what
 * each hidden number can be. */
#include "tests/support/cell_table.h"

#include <string.h>

#define PRIME       UINT64_C(2147483647)
#define SUM_UNKNOWN INT64_MAX

static bool is_quarter(size_t period)
{
    return cell_year[period].parts[0] < 0;
}

/* ---- linear relations ---- */

/* Sums of hidden cells that are known: a factor for each cell. */
struct relations {
    uint64_t rows[2 * CELL_NONE][CELL_NONE];
    size_t count;
    size_t columns[CELL_PERIODS][CELL_UNITS]; /* of the hidden cells, from 1 */
    size_t cells[CELL_NONE];                  /* back from the column */
    size_t column_count;
};

/* `knows` is a unit that knows its own numbers; CELL_UNITS: nobody. */
static void list_columns(const struct cell_table *table, size_t knows,
                         struct relations *relations)
{
    memset(relations, 0, sizeof *relations);
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table->cells.units; i++) {
            if (table->hidden[p][i] && i != knows) {
                relations->cells[relations->column_count] = cell_of(p, i);
                relations->columns[p][i] = ++relations->column_count;
            }
        }
    }
}

static void relate(struct relations *relations, size_t period, size_t unit,
                   bool minus)
{
    size_t column = relations->columns[period][unit];

    if (column != 0) {
        relations->rows[relations->count][column - 1] = minus ? PRIME - 1 : 1;
    }
}

/* What a unit records for itself is taken to be known: the attacker may be the
 * one who knows it. */
static void list_relations(const struct cell_table *table, size_t knows,
                           struct relations *relations)
{
    list_columns(table, knows, relations);
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t above = 0; above < table->cells.units; above++) {
            size_t parts = 0;

            for (size_t i = 0; i < table->cells.units; i++) {
                if (table->above[i] == above) {
                    relate(relations, p, i, false);
                    parts++;
                }
            }
            if (parts > 0) {
                relate(relations, p, above, true);
                relations->count++;
            }
        }
        for (size_t i = 0; !is_quarter(p) && i < table->cells.units; i++) {
            relate(relations, p, i, true);
            relate(relations, (size_t)cell_year[p].parts[0], i, false);
            relate(relations, (size_t)cell_year[p].parts[1], i, false);
            relations->count++;
        }
    }
}

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t result = 1;

    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1) {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
    }
    return result;
}

/* row = row * factor - other * by */
static void combine(struct relations *relations, uint64_t row[],
                    const uint64_t other[], uint64_t factor, uint64_t by)
{
    for (size_t i = 0; i < relations->column_count; i++) {
        row[i] = (row[i] * factor + (PRIME - by) * other[i]) % PRIME;
    }
}

static void swap_rows(struct relations *relations, size_t a, size_t b)
{
    for (size_t i = 0; i < relations->column_count; i++) {
        uint64_t kept = relations->rows[a][i];

        relations->rows[a][i] = relations->rows[b][i];
        relations->rows[b][i] = kept;
    }
}

/* Brings a row with the column to place `rank`; false when there is none. */
static bool take_pivot(struct relations *relations, size_t column, size_t rank)
{
    size_t at = rank;

    while (at < relations->count && relations->rows[at][column] == 0) {
        at++;
    }
    if (at == relations->count) {
        return false;
    }
    swap_rows(relations, at, rank);
    return true;
}

/* The cell that the row gives away: its only one; CELL_NONE when it has more
 * than one. */
static size_t only_cell(const struct relations *relations, const uint64_t row[])
{
    size_t found = CELL_NONE;

    for (size_t i = 0; i < relations->column_count; i++) {
        if (row[i] != 0) {
            if (found != CELL_NONE) {
                return CELL_NONE;
            }
            found = relations->cells[i];
        }
    }
    return found;
}

/* Solves the relations over a large prime. Gives a cell that follows from what
 * is shown; CELL_NONE when none does. */
static size_t solve_relations(struct relations *relations)
{
    size_t rank = 0;
    size_t found = CELL_NONE;

    for (size_t i = 0; i < relations->column_count; i++) {
        uint64_t inverse;

        if (!take_pivot(relations, i, rank)) {
            continue;
        }
        inverse = power(relations->rows[rank][i], PRIME - 2);
        combine(relations, relations->rows[rank], relations->rows[rank],
                inverse, 0);
        for (size_t k = 0; k < relations->count; k++) {
            if (k != rank && relations->rows[k][i] != 0) {
                combine(relations, relations->rows[k], relations->rows[rank], 1,
                        relations->rows[k][i]);
            }
        }
        rank++;
    }
    for (size_t k = 0; k < rank && found == CELL_NONE; k++) {
        found = only_cell(relations, relations->rows[k]);
    }
    return found;
}

size_t cell_table_solve(const struct cell_table *table, size_t knows)
{
    static struct relations relations;

    list_relations(table, knows, &relations);
    return solve_relations(&relations);
}

/* ---- bounds ---- */

struct bounds {
    int64_t least[CELL_NONE], most[CELL_NONE];
    bool changed;
};

static int64_t clamp_sum(int64_t a, int64_t b)
{
    return a >= SUM_UNKNOWN || b >= SUM_UNKNOWN ? SUM_UNKNOWN : a + b;
}

static void tighten(struct bounds *bounds, size_t cell, int64_t least,
                    int64_t most)
{
    if (least > bounds->least[cell]) {
        bounds->least[cell] = least;
        bounds->changed = true;
    }
    if (most < bounds->most[cell]) {
        bounds->most[cell] = most;
        bounds->changed = true;
    }
}

/* `whole` is the sum of the `parts` and of `rest`. */
static void compare(struct bounds *bounds, size_t whole, const size_t parts[],
                    size_t count, int64_t rest)
{
    int64_t least = rest, most = rest;

    for (size_t i = 0; i < count; i++) {
        least += bounds->least[parts[i]];
        most = clamp_sum(most, bounds->most[parts[i]]);
    }
    tighten(bounds, whole, least, most);
    for (size_t i = 0; i < count; i++) {
        int64_t others_least = least - bounds->least[parts[i]];
        int64_t others_most = rest;

        for (size_t k = 0; k < count; k++) {
            others_most = k == i
                              ? others_most
                              : clamp_sum(others_most, bounds->most[parts[k]]);
        }
        tighten(bounds, parts[i],
                others_most >= SUM_UNKNOWN ? 0
                                           : bounds->least[whole] - others_most,
                bounds->most[whole] >= SUM_UNKNOWN
                    ? SUM_UNKNOWN
                    : bounds->most[whole] - others_least);
    }
}

static void start_bounds(const struct cell_table *table, struct bounds *bounds)
{
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table->cells.units; i++) {
            int64_t value = table->values[p][i];
            size_t cell = cell_of(p, i);
            bool small = value < SUPPRESS_SMALL;

            bounds->least[cell] = value;
            bounds->most[cell] = value;
            if (table->hidden[p][i]) {
                bounds->least[cell] = small ? 0 : SUPPRESS_SMALL;
                bounds->most[cell] = small ? SUPPRESS_SMALL - 1 : SUM_UNKNOWN;
            }
            if (table->unsaid[p][i]) {
                bounds->least[cell] = 0;
                bounds->most[cell] = SUM_UNKNOWN;
            }
        }
    }
}

static void narrow(const struct cell_table *table, struct bounds *bounds)
{
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t above = 0; above < table->cells.units; above++) {
            size_t parts[CELL_UNITS];
            size_t count = 0;
            int64_t rest = table->values[p][above];

            for (size_t i = 0; i < table->cells.units; i++) {
                if (table->above[i] == above) {
                    parts[count++] = cell_of(p, i);
                    rest -= table->values[p][i];
                }
            }
            /* What a hidden unit recorded for itself is as secret as it is. */
            if (count > 0 && (rest == 0 || !table->hidden[p][above])) {
                compare(bounds, cell_of(p, above), parts, count, rest);
            }
        }
        for (size_t i = 0; !is_quarter(p) && i < table->cells.units; i++) {
            size_t parts[2] = {cell_of((size_t)cell_year[p].parts[0], i),
                               cell_of((size_t)cell_year[p].parts[1], i)};

            compare(bounds, cell_of(p, i), parts, 2, 0);
        }
    }
}

/* That there was nobody may be known. */
size_t cell_table_bound(const struct cell_table *table)
{
    static struct bounds bounds;

    start_bounds(table, &bounds);
    do {
        bounds.changed = false;
        narrow(table, &bounds);
    } while (bounds.changed);
    for (size_t p = 0; p < CELL_PERIODS; p++) {
        for (size_t i = 0; i < table->cells.units; i++) {
            size_t cell = cell_of(p, i);

            if (table->hidden[p][i] && table->values[p][i] != 0 &&
                bounds.least[cell] >= bounds.most[cell]) {
                return cell;
            }
        }
    }
    return CELL_NONE;
}
