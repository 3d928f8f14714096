/* suppress_state - one decision on what is hidden, for suppress*.c alone.
 *
 * Flow     suppress.c -> suppress_plans.c (what is decided together)
 *                     -> suppress_periods.c (which periods are given)
 *                     -> suppress_table.c (numbers) -> suppress_cells.c
 * Owns     see suppress_new() and suppress_free().
 * Threads  one.
 */
#ifndef TALLYLINE_COMMON_SUPPRESS_STATE_H
#define TALLYLINE_COMMON_SUPPRESS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/figures/suppress.h"
#include "common/figures/suppress_facts.h"

/* Indicators that are hidden together, and where. */
struct suppress_family {
    uint64_t types;
    /* By unit, on the last day of the range; `said`: so may be that it is below
     * five. */
    bool *hidden, *said;
};

/* A plan that is decided on together with the one that was asked for. */
struct suppress_plan {
    const struct plan *plan;
    struct suppress_facts *facts; /* by indicator */
};

struct suppress {
    const struct fold *fold;
    const struct context *context;
    const struct plan *plan;
    const struct units *units;
    struct figure_range range;
    struct figure_reader reader;
    size_t count; /* rows of the units table */
    const struct unit *root;
    uint32_t root_position;
    struct suppress_plan plans[CONTEXT_PLANS_MAX]; /* that one is among them */
    uint32_t plan_count;
    const struct suppress_facts *facts; /* of that one, by indicator */
    size_t indicator_count;             /* of all */
    struct period
        periods[SUPPRESS_PERIODS_MAX]; /* that are given, by last day */
    size_t period_count;
    bool whole;    /* the range is made of such periods */
    bool reported; /* it begins and ends as a report does, or the plan */
    struct suppress_family *families;
    size_t family_count;
};

/* --- suppress.c --- */
/* The plan's unit on the day, or what carries it on; NULL: there is none. */
const struct unit *suppress_root(const struct suppress *suppress, int32_t day);
/* True when `key` is that unit or lies below it on the day. */
bool suppress_below(const struct suppress *suppress, uint32_t key, int32_t day);

/* --- suppress_plans.c --- */
/* Fills in plans and facts. Of a plan that is not in force it is alone.
 * STATUS_MEMORY. */
MUST_USE enum status suppress_list_plans(struct suppress *suppress);
void suppress_free_plans(struct suppress *suppress);

/* --- suppress_periods.c --- */
/* The given periods of the year that the end of the range falls into, and what
 * the range is made of. */
void suppress_list_periods(struct suppress *suppress, int32_t today);

/* --- suppress_table.c --- */
/* Whether an indicator reads an event type of the family, and persons. */
bool suppress_is_of(const struct suppress_family *family,
                    const struct suppress_facts *facts);
/* Decides what is hidden on the last day of the range. Statuses as
 * indicator_compute(). */
MUST_USE enum status suppress_decide(const struct suppress *suppress,
                                     struct suppress_family *family);

#endif
