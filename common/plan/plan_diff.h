/* plan_diff - what one plan says otherwise than another.
 *
 * Flow     two plans -> [plan_diff] -> one call for each difference
 * Owns     nothing; the texts given are valid during the call.
 * Threads  one.
 * Limits   PLAN_DIFF_TEXT_MAX bytes of a text, the rest is left out.
 *
 * The files are compared as they were written, item by item under its id, so
 * that nothing that a plan can say is left out. The order of keys does not
 * matter, nor does the order of items, nor how a text is quoted or folded.
 */
#ifndef TALLYLINE_COMMON_PLAN_DIFF_H
#define TALLYLINE_COMMON_PLAN_DIFF_H

#include "common/base/status.h"
#include "common/plan/plan.h"

#define PLAN_DIFF_TEXT_MAX 4096u

struct plan_difference {
    const char *section; /* head, settings, lists, indicators, targets ... */
    const char *id;      /* of the item; "" in the head */
    const char *key;     /* "" when the item is there in one plan only */
    const char *before;  /* NULL: added */
    const char *after;   /* NULL: removed */
};

typedef void plan_diff_visit(void *owner,
                             const struct plan_difference *difference);

/* Head first, then the sections in the order of the document. STATUS_MEMORY. */
MUST_USE enum status plan_diff(const struct plan *before,
                               const struct plan *after, plan_diff_visit *visit,
                               void *owner);

#endif
