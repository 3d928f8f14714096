/* The periods are gone through as they end. What is hidden then stays hidden:
 * the set of hidden units only grows, so that the loops end.
 *
 * Why no cell can be worked out: let a unit be hidden from day d on, and take
 * from its group another one that is hidden from that day. One person more here
 * and one less there, on day d, changes no number that is shown: every period
 * that holds day d ends on it or later, and is hidden for both and for what
 * lies below them. The bounds that "<5" tells are kept apart by is_loose(). */
#include "common/figures/suppress_cells.h"

#include <string.h>

/* How far a sum must be above the least that it can be: so much that what
 * longer periods say of the same units does not make up for it. */
#define SLACK (2 * SUPPRESS_SMALL)

struct group {
    uint32_t above;
    size_t members, hidden;
};

bool suppress_is_small(int64_t value)
{
    return value != 0 && value < SUPPRESS_SMALL && value > -SUPPRESS_SMALL;
}

static int64_t value_of(const struct suppress_table *table,
                        const struct suppress_period *period, size_t variable,
                        size_t unit)
{
    return period->values[variable * table->units + unit];
}

static bool add_small(const struct suppress_table *table,
                      const struct suppress_period *period, bool state[])
{
    bool added = false;

    for (size_t i = 0; i < table->units; i++) {
        bool top = period->above[i] == SUPPRESS_NO_UNIT;

        if (!period->present[i] || state[i] || (top && table->top_shown)) {
            continue;
        }
        for (size_t v = 0; v < table->variables && !state[i]; v++) {
            state[i] = suppress_is_small(value_of(table, period, v, i));
        }
        added = added || state[i];
    }
    return added;
}

/* What lies below a hidden unit is hidden; units stand before those below. */
static bool add_below(const struct suppress_table *table,
                      const struct suppress_period *period, bool state[])
{
    bool added = false;

    for (size_t i = 0; i < table->units; i++) {
        if (period->present[i] && !state[i] &&
            period->above[i] != SUPPRESS_NO_UNIT && state[period->above[i]]) {
            state[i] = true;
            added = true;
        }
    }
    return added;
}

static bool is_member(const struct suppress_period *period,
                      const struct group *group, size_t unit)
{
    return period->present[unit] && period->above[unit] == group->above;
}

static void count_members(const struct suppress_table *table,
                          const struct suppress_period *period,
                          struct group *group, const bool state[])
{
    group->members = 0;
    group->hidden = 0;
    for (size_t i = 0; i < table->units; i++) {
        if (is_member(period, group, i)) {
            group->members++;
            group->hidden += state[i];
        }
    }
}

static void find_bounds(const struct suppress_table *table,
                        const struct suppress_period *period, size_t variable)
{
    struct suppress_bound *bounds = table->bounds;

    memset(bounds, 0, table->units * sizeof *bounds);
    for (size_t i = table->units; i > 0; i--) {
        struct suppress_bound *bound = &bounds[i - 1];
        uint32_t above = period->above[i - 1];

        if (!period->present[i - 1]) {
            continue;
        }
        if (value_of(table, period, variable, i - 1) >= SUPPRESS_SMALL) {
            bound->open = bound->open || !bound->parted;
            bound->least =
                bound->least < SUPPRESS_SMALL ? SUPPRESS_SMALL : bound->least;
        }
        if (above != SUPPRESS_NO_UNIT) {
            bounds[above].parted = true;
            bounds[above].open = bounds[above].open || bound->open;
            bounds[above].least += bound->least;
        }
    }
}

/* Whether the sum of the hidden ones leaves each of them more than one value:
 * the sum is known, and of each that it is below five or not. One of them is
 * not, so that no sum is the most it can be. */
static bool is_loose(const struct suppress_table *table,
                     const struct suppress_period *period,
                     const struct group *group, const bool state[],
                     size_t variable)
{
    int64_t sum = 0, least = 0;
    bool open = false;

    find_bounds(table, period, variable);
    for (size_t i = 0; i < table->units; i++) {
        int64_t value;

        if (!is_member(period, group, i) || !state[i]) {
            continue;
        }
        value = value_of(table, period, variable, i);
        sum += value;
        if (!table->labelled[variable]) {
            open = true;
        } else if (value >= SUPPRESS_SMALL) {
            least += table->bounds[i].least;
            open = open || table->bounds[i].open;
        }
    }
    return sum == 0 || (open && least + SLACK <= sum);
}

static bool is_safe(const struct suppress_table *table,
                    const struct suppress_period *period,
                    const struct group *group, const bool state[])
{
    if (group->hidden < SUPPRESS_GROUP_MIN) {
        return false;
    }
    for (size_t v = 0; v < table->variables; v++) {
        if (!is_loose(table, period, group, state, v)) {
            return false;
        }
    }
    return true;
}

/* The member that costs least: small sums first, but nothing-to-hide last. */
static size_t pick(const struct suppress_table *table,
                   const struct suppress_period *period,
                   const struct group *group, const bool state[])
{
    size_t best = table->units;
    int64_t best_size = 0;

    for (size_t i = 0; i < table->units; i++) {
        int64_t size = 0;

        if (!is_member(period, group, i) || state[i]) {
            continue;
        }
        for (size_t v = 0; v < table->variables; v++) {
            int64_t value = value_of(table, period, v, i);

            size += value < 0 ? -value : value;
        }
        if (best == table->units ||
            (size > 0 && (best_size == 0 || size < best_size))) {
            best = i;
            best_size = size;
        }
    }
    return best;
}

/* Hides members until the hidden ones protect each other; if they cannot, the
 * unit above too. Whether something was added. */
static bool mend_group(const struct suppress_table *table,
                       const struct suppress_period *period, uint32_t above,
                       bool state[])
{
    struct group group = {.above = above};
    bool top = period->above[above] == SUPPRESS_NO_UNIT;
    bool added = false;

    count_members(table, period, &group, state);
    if (state[above] || group.hidden == 0) {
        return false;
    }
    while (!is_safe(table, period, &group, state)) {
        size_t unit = pick(table, period, &group, state);

        if (unit == table->units) {
            if (!top || !table->top_shown) {
                state[above] = true;
                added = true;
            }
            break;
        }
        state[unit] = true;
        group.hidden++;
        added = true;
    }
    return added;
}

static bool mend_groups(const struct suppress_table *table,
                        const struct suppress_period *period, bool state[],
                        bool scratch[])
{
    bool added = false;

    memset(scratch, 0, table->units * sizeof *scratch);
    for (size_t i = 0; i < table->units; i++) {
        if (period->present[i] && state[i] &&
            period->above[i] != SUPPRESS_NO_UNIT) {
            scratch[period->above[i]] = true;
        }
    }
    for (size_t i = table->units; i > 0; i--) {
        if (scratch[i - 1]) {
            added =
                mend_group(table, period, (uint32_t)(i - 1), state) || added;
        }
    }
    return added;
}

/* Whether the period changed what is hidden. */
static bool take_period(const struct suppress_table *table,
                        const struct suppress_period *period, bool state[],
                        bool scratch[])
{
    bool added = add_small(table, period, state);

    added = add_below(table, period, state) || added;
    return mend_groups(table, period, state, scratch) || added;
}

/* Where all that there is is hidden and its sum is shown all the same, saying
 * what is below five could tell the rest. */
static void mark_unsaid(const struct suppress_table *table,
                        struct suppress_period *period, const bool state[])
{
    memcpy(period->hidden, state, table->units * sizeof *state);
    memset(period->unsaid, 0, table->units * sizeof *period->unsaid);
    for (size_t i = 0; i < table->units; i++) {
        struct group group = {.above = period->above[i]};

        if (!period->present[i] || !state[i] ||
            group.above == SUPPRESS_NO_UNIT) {
            continue;
        }
        if (state[group.above]) {
            period->unsaid[i] = period->unsaid[group.above];
            continue;
        }
        count_members(table, period, &group, state);
        period->unsaid[i] = !is_safe(table, period, &group, state);
    }
}

void suppress_cells(const struct suppress_table *table, bool state[],
                    bool scratch[])
{
    size_t end;

    memset(state, 0, table->units * sizeof *state);
    for (size_t first = 0; first < table->count; first = end) {
        bool added = true;

        for (end = first; end < table->count &&
                          table->periods[end].to == table->periods[first].to;
             end++) {
        }
        while (added) {
            added = false;
            for (size_t i = first; i < end; i++) {
                added =
                    take_period(table, &table->periods[i], state, scratch) ||
                    added;
            }
        }
        for (size_t i = first; i < end; i++) {
            mark_unsaid(table, &table->periods[i], state);
        }
    }
}
