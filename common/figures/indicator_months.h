/* indicator_months - how the figures of single months stand to the running
 * total.
 *
 * Flow     formula -> [indicator_months] -> whoever shows a line over time
 * Owns     nothing.
 * Threads  any; pure.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_MONTHS_H
#define TALLYLINE_COMMON_INDICATOR_MONTHS_H

#include "common/plan/plan.h"

enum indicator_months {
    INDICATOR_MONTHS_ADD, /* what happened in them adds up to the total */
    /* Each stands for itself: a thing may be in several of them, a ratio is
     * one of its month alone. */
    INDICATOR_MONTHS_OWN,
    /* A stock: what there is on the last day. Nothing flows in a month. */
    INDICATOR_MONTHS_STOCK
};

enum indicator_months indicator_months(const struct plan_formula *formula);
/* "add", "own", "stock". */
const char *indicator_months_token(enum indicator_months months);

#endif
