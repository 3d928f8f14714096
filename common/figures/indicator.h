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

#include "common/base/listing.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"

/* Why a number is not shown to this reader; see suppress.h. */
enum figure_cover {
    FIGURE_SHOWN = 0,
    FIGURE_HIDDEN_SMALL,     /* less than five persons */
    FIGURE_HIDDEN_COMPLEMENT /* would give such a number away */
};

/* Whom a table is for. */
enum figure_reader_kind {
    FIGURE_READER_ANYONE = 0,
    FIGURE_READER_UNIT, /* sees its own unit's numbers, but no victims */
    FIGURE_READER_AUDIT /* sees everything */
};

struct figure_reader {
    enum figure_reader_kind kind;
    uint32_t unit; /* of FIGURE_READER_UNIT */
};

struct figure {
    enum figure_cover hidden; /* if so, there is no number in it */
    bool known;      /* false: not computed, see the indicator's reason */
    bool defined;    /* false: a ratio over zero, "không phát sinh" */
    bool unreported; /* undefined for want of numbers: "chưa có số liệu" */
    bool ratio;      /* value over denominator */
    bool lower_bound; /* at least this many */
    bool upper_bound; /* at most; with lower_bound: about */
    bool change;      /* `value` is more or less than before */
    bool not_divided; /* holds events of a unit that was divided since */
    bool erased;      /* an erasure order took something that it asks for */
    int64_t value;    /* numerator or quantity */
    int64_t denominator;
};

enum target_status {
    TARGET_NOT_COMPUTED,
    TARGET_MONITOR,  /* no target */
    TARGET_NOTHING,  /* không phát sinh: nothing to judge */
    TARGET_REPLACED, /* by a later version of the target */
    TARGET_LATER,    /* a version that is not yet in effect */
    TARGET_MET,
    TARGET_ON_TRACK,
    TARGET_BEHIND,
    TARGET_MISSED
};

struct figure_range {
    const struct plan *plan; /* whose formulas are computed; of the context */
    int32_t from, to;        /* days, inclusive */
    int32_t unit_date;       /* units of this day */
    /* What is known: periods that end later are not over. 0: the whole
     * range. */
    int32_t known_to;
    /* By position of the unit: whether what happened there counts; NULL: it
     * does everywhere. */
    const bool *within;
};

/* The plan, its year, and units at its end. */
void figure_range_default(const struct plan *plan, struct figure_range *range);

/* Computes `formula` for every unit in force on range.unit_date:
 * figures[units_position()] of `count` = units_count(). */
MUST_USE enum status indicator_compute(const struct fold *fold,
                                       const struct context *context,
                                       const struct plan_formula *formula,
                                       const struct figure_range *range,
                                       struct figure figures[], size_t count);

/* The day of the first event that counts in a unit of `date`, for whatever
 * plan; what a plan's own register says is no event. INT32_MAX: there is none.
 * What lies before it is not zero but unknown. STATUS_MEMORY. */
MUST_USE enum status indicator_first_day(const struct fold *fold, uint32_t unit,
                                         int32_t date, int32_t *first);

/* Judges a figure. `today` decides between on track, behind and missed: the
 * expected path is the target's own, or linear over its window. A version that
 * does not hold on `today` is not judged. What changed can change back: such a
 * target is met or missed when its time is over. `quantity` is what the
 * target asks for here (0 when only a percentage; without either there is
 * nothing to judge: TARGET_MONITOR). More than exactly so many is met too. A
 * limit (at most, none, between) is kept only when the time is over, and
 * missed as soon as it is passed. */
enum target_status target_judge(const struct plan_target *target,
                                const struct figure *figure, int32_t today,
                                uint64_t quantity);

/* Where the path of a goal that grows is on a day: what target_judge() holds a
 * figure against. */
struct target_path {
    bool has_quantity, has_percent;
    uint64_t quantity;   /* at least so many */
    uint32_t percent_e2; /* at least so much */
    uint32_t share_e2;   /* of the goal, in hundredths of a per cent */
};

/* Whether the goal is one that grows: reached step by step, not kept like a
 * limit. */
bool target_grows(const struct plan_target *target);
/* False when the target has no path: it does not grow, or asks for nothing. */
bool target_path_on(const struct plan_target *target, int32_t day,
                    uint64_t quantity, struct target_path *path);

/* snake_case, for files; and for people. */
const char *target_status_token(enum target_status status);
const char *target_status_text(enum target_status status,
                               enum language language);
/* Why a figure that is known is not defined. */
const char *figure_nothing_text(const struct figure *figure,
                                enum language language);

/* Figures of less than the ledger: an office's own. */
struct indicator_view {
    const char *says;    /* a sentence for people: of what they are */
    const char *streams; /* for programs: "271.1 271.2" */
};

struct silence; /* silence.h */

struct indicator_request {
    struct figure_range range;
    int32_t today;
    uint32_t unit;            /* 0: the plan's unit */
    bool by;                  /* a row for each unit of by_level below unit */
    enum unit_level by_level; /* district or commune */
    const char *indicator;    /* id of a target or indicator; NULL: all */
    struct figure_reader reader;
    const struct silence *silence; /* the range is this period; may be NULL */
    enum listing_format format;
    enum language language;
    const struct digest *root_entry;   /* hash of the last entry, may be NULL */
    const struct indicator_view *view; /* NULL: of the ledger */
};
/* Prints the table: one row for each target in the plan's order, then the
 * indicators without a target: label, unit of count, target, value,
 * percentage, status; and the four coordinates. The same input gives the same
 * bytes.
 *
 * A target is judged for the unit it was set for: the row of another unit has
 * neither goal nor status, but for the word that it is not computed. A target
 * set for each unit (each_unit) is judged in the rows of those units; the row
 * of the unit above says how many of those with a goal have met it. A figure
 * over part of a target's window is judged as of the last day of the range;
 * one that leaves out the beginning of the window is not judged.
 * STATUS_NOT_FOUND: no plan, no such unit on the unit date, no such id. */
MUST_USE enum status indicator_print(const struct fold *fold,
                                     const struct context *context,
                                     const struct indicator_request *request,
                                     FILE *out);

#endif
