/* A row that is put makes the first step; the ones before it make theirs as
 * they fall back. Failure mode: no memory; then the caller gives up the fold.
 */
#include "common/fold/fold_queue.h"

static struct fold_waiting *at(struct fold_queue *queue, uint64_t number)
{
    return &queue->ring[number % FOLD_QUEUE_MAX];
}

static MUST_USE enum status let_in(struct fold_queue *queue)
{
    struct fold_waiting *waiting = at(queue, queue->first++);

    return fold_rows_add(waiting->rows, waiting->name, &waiting->row);
}

struct fold_waiting *fold_queue_next(struct fold_queue *queue)
{
    return at(queue, queue->end);
}

MUST_USE enum status fold_queue_put(struct fold_queue *queue)
{
    struct fold_waiting *put = at(queue, queue->end);

    put->hash = fold_rows_hash(put->rows, put->name);
    for (unsigned step = 0; step < FOLD_ROWS_STEPS; step++) {
        uint64_t back = (uint64_t)step * FOLD_QUEUE_STEP;

        if (queue->end - queue->first >= back) {
            const struct fold_waiting *it = at(queue, queue->end - back);
            fold_rows_expect(it->rows, it->hash, (enum fold_rows_step)step);
        }
    }
    queue->end++;
    return queue->end - queue->first == FOLD_QUEUE_MAX ? let_in(queue)
                                                       : STATUS_OK;
}

MUST_USE enum status fold_queue_flush(struct fold_queue *queue)
{
    enum status status = STATUS_OK;

    while (queue->first < queue->end && status == STATUS_OK) {
        status = let_in(queue);
    }
    return status;
}
