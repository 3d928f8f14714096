/* indicator_maker - the making of rows, for indicator_rows.c and
 * indicator_judge.c alone.
 *
 * Flow     indicator_rows.c (figures, rows) -> indicator_judge.c (statuses)
 * Owns     see indicator_rows_new().
 * Threads  one; the fold must not change meanwhile.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_MAKER_H
#define TALLYLINE_COMMON_INDICATOR_MAKER_H

#include "common/figures/indicator_ended.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/suppress.h"

/* Of whom, and over which days, rows are made. */
struct row_scene {
    struct indicator_request request;
    const struct unit *own; /* that was asked for, on the unit date */
    struct suppress *suppress;
    struct received *received; /* NULL: of less than the ledger */
};

struct row_maker {
    const struct fold *fold;
    const struct context *context;
    const struct indicator_request *request; /* of the scene */
    struct indicator_rows *made;
    const struct plan *plan;
    const struct units *units;
    size_t unit_count;
    struct row_scene whole; /* as it was asked for */
    struct row_scene early; /* up to the day on which something ended */
    struct row_scene *scene;
    struct indicator_ended ended;
    bool *within; /* the units that the target's scope names, by position */
    struct figure *figures;
    struct figure *quantities; /* of a target that reads its quantity */
    size_t room;
};

/* Figure, state and status of the row, of the figures at hand. */
void row_maker_judge(const struct row_maker *maker, struct indicator_row *row);
/* Sums up a target that each unit has, over the units below `row->unit`. */
void row_maker_sum_up(const struct row_maker *maker, struct indicator_row *row);

#endif
