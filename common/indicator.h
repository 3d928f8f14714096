/* indicator - figures: a formula over the fold's state, with its coordinates.
 *
 * Flow     fold + plan + units -> [indicator] -> tables for people
 * Threads  one; the fold must not change meanwhile.
 *
 * Every figure is computed for a range of days, at the fold's ledger
 * position, under a plan, with the units of a day (the four coordinates of
 * DESIGN 4). One pass computes a formula for all units at once.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_H
#define TALLYLINE_COMMON_INDICATOR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/catalogue.h"
#include "common/context.h"
#include "common/fold.h"
#include "common/status.h"

struct figure {
    bool known;       /* false: not computed, see the indicator's reason */
    bool defined;     /* false: a ratio over zero, "không phát sinh" */
    bool ratio;       /* value over denominator */
    bool lower_bound; /* at least this many */
    bool not_divided; /* holds events of a unit that was divided since */
    int64_t value;    /* numerator or quantity */
    int64_t denominator;
};

enum target_status {
    TARGET_NOT_COMPUTED,
    TARGET_MONITOR, /* no target */
    TARGET_NOTHING, /* không phát sinh: nothing to judge */
    TARGET_MET,
    TARGET_ON_TRACK,
    TARGET_BEHIND,
    TARGET_MISSED
};

struct figure_range {
    int32_t from, to;  /* days, inclusive */
    int32_t unit_date; /* units of this day */
};

/* The plan year, and units at its end. */
void figure_range_default(const struct plan *plan, struct figure_range *range);

/* Computes `formula` for every unit in force on range.unit_date:
 * figures[units_position()] of `count` = units_count(). */
MUST_USE enum status indicator_compute(const struct fold *fold,
                                       const struct context *context,
                                       const struct plan_formula *formula,
                                       const struct figure_range *range,
                                       struct figure figures[], size_t count);

/* Judges a figure. `today` decides between on track, behind and missed: the
 * expected path is linear over the target's window. `quantity` gets the
 * quantity that the target asks for here (0 when only a percentage). */
enum target_status target_judge(const struct plan_target *target,
                                const struct figure *figure, int32_t today,
                                uint64_t quantity);

enum indicator_format {
    FORMAT_TEXT,
    FORMAT_CSV,
    FORMAT_JSONL
};

struct indicator_request {
    struct figure_range range;
    int32_t today;
    uint32_t unit;            /* 0: the plan's unit */
    bool by;                  /* a row for each unit of by_level below unit */
    enum unit_level by_level; /* district or commune */
    const char *indicator;    /* only this one; NULL: all */
    enum indicator_format format;
    enum language language;
    const struct digest *root_entry; /* hash of the last entry, may be NULL */
};
/* Prints the table: one row for each target in the plan's order, then the
 * indicators without a target: label, unit of count, target, value,
 * percentage, status; and the four coordinates. The same input gives the same
 * bytes. */
MUST_USE enum status indicator_print(const struct fold *fold,
                                     const struct context *context,
                                     const struct indicator_request *request,
                                     FILE *out);

#endif
