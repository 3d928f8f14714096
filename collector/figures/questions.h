/* questions - what others want to know of the figures, in a bounded line.
 *
 * Flow     any thread -> [questions] -> the figures' thread
 * Owns     the ring.
 * Threads  any; a lock of its own, held for a copy.
 * Limits   QUESTIONS_MAX that wait.
 *
 * A question is answered by a function of whoever asked, which the figures'
 * thread calls once: it may read the fold there, and nowhere else.
 *
 * Invariants
 *   I4   whoever answers reads the fold of exactly the position it names.
 *   I11  a question beyond the limit is refused, never queued.
 */
#ifndef TALLYLINE_COLLECTOR_QUESTIONS_H
#define TALLYLINE_COLLECTOR_QUESTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/status.h"

#define QUESTIONS_MAX 64u

struct ledger;
struct province;
struct tally;

/* Valid during the call. */
struct figures_view {
    struct tally *tally;
    struct province *province;
    struct ledger *ledger;
    /* False: the figures are being computed. Agents and units are known then,
     * and no figure and no outcome. */
    bool complete;
    uint64_t generation; /* as in struct figures_state */
    /* Before figures are read: puts in order what the fold keeps of things,
     * once for all questions of a round. It takes long while much comes in, so
     * who only asks for outcomes or links leaves it. Not unless complete. */
    enum status (*settle)(void *owner);
    void *owner;
};

struct figures_question {
    void *owner;
    /* Called once, on the figures' thread; `view` is NULL when the thread
     * ends. Must not ask again itself. */
    void (*answer)(void *owner, const struct figures_view *view);
};

struct questions; /* opaque */

/* NULL: no memory. */
struct questions *questions_new(void);
/* Answers those that are left with NULL. Accepts NULL. */
void questions_free(struct questions **questions);
/* False: QUESTIONS_MAX wait already. */
bool questions_put(struct questions *questions,
                   const struct figures_question *question);
bool questions_wait(struct questions *questions); /* one is there */
/* Answers the next one, in the order in which they came. False: there is none.
 */
bool questions_answer(struct questions *questions,
                      const struct figures_view *view);

#endif
