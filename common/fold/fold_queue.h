/* fold_queue - rows on their way into the things of their measures.
 *
 * Flow     fold_count -> [fold_queue] -> fold_rows
 * Owns     nothing: a ring inside of the fold.
 * Threads  as the fold.
 * Limits   FOLD_QUEUE_MAX rows.
 *
 * Things lie anywhere in memory. What leads to each is asked for in steps
 * (fold_rows_expect) while the rows before it are taken in, so that nothing is
 * waited for. Rows leave in the order in which they came.
 */
#ifndef TALLYLINE_COMMON_FOLD_QUEUE_H
#define TALLYLINE_COMMON_FOLD_QUEUE_H

#include <stdint.h>

#include "common/base/status.h"
#include "common/fold/fold_rows.h"

#define FOLD_QUEUE_STEP 8u  /* rows between two steps of one */
#define FOLD_QUEUE_MAX  32u /* a power of two above all steps */

struct fold_waiting {
    struct fold_rows *rows;
    uint64_t hash;
    uint64_t name[PLAN_KEY_FIELDS_MAX];
    struct fold_row row;
};

struct fold_queue {
    struct fold_waiting ring[FOLD_QUEUE_MAX];
    uint64_t first, end; /* of those that wait, by number */
};

/* The place for a row that is to be filled in and put next. */
struct fold_waiting *fold_queue_next(struct fold_queue *queue);
/* Puts it; rows before it may go in. STATUS_MEMORY. */
MUST_USE enum status fold_queue_put(struct fold_queue *queue);
/* Lets all of them in. STATUS_MEMORY. */
MUST_USE enum status fold_queue_flush(struct fold_queue *queue);

#endif
