/* Orders and answers lie in one ring: `ordered` counts what came in, `made`
 * what was answered, `taken` what left. A place between `made` and `ordered`
 * belongs to the figures' thread, all others to the caller's. */
#include "collector/figures/figures_private.h"

#include "common/base/check.h"

#include <string.h>
#include <unistd.h>

void figures_signal(const struct figures *figures)
{
    uint64_t one = 1;

    /* A counter that is full is readable all the same. */
    (void)!write(figures->descriptor, &one, sizeof one);
}

bool figures_has_order(struct figures *figures)
{
    bool has;

    figures_lock(figures);
    has = figures->made < figures->ordered;
    figures_unlock(figures);
    return has;
}

static enum status answer_order(struct figures *figures,
                                struct figures_answer *answer)
{
    struct documents_source source = {.province = figures->province,
                                      .tally = figures->tally,
                                      .keys = figures->options.keys};
    enum status status = STATUS_OK;

    memset(&answer->made, 0, sizeof answer->made);
    answer->later = !tally_complete(figures->tally);
    if (!answer->later) {
        status = documents_make(&source, &answer->order, &answer->made);
    }
    if (status == STATUS_OK) {
        figures_lock(figures);
        figures->made++;
        figures->progress++;
        figures_unlock(figures);
        figures_signal(figures);
    }
    return status;
}

enum status figures_answer_orders(struct figures *figures)
{
    int64_t began = clock_monotonic_us(figures->options.clock);
    enum status status = STATUS_OK;

    if (figures->documents > 0 && figures->more) {
        return STATUS_OK;
    }
    for (unsigned i = 0; i < FIGURES_ORDERS_MAX && status == STATUS_OK &&
                         figures_has_order(figures);
         i++) {
        status = answer_order(
            figures, &figures->ring[figures->made % FIGURES_ORDERS_MAX]);
    }
    figures->documents = figures_spent(figures, FIGURES_DOCUMENTS, began);
    return status;
}

/* ---- the caller's side ---- */

void figures_release_orders(struct figures *figures)
{
    while (figures->taken < figures->made) {
        struct figures_answer *answer =
            &figures->ring[figures->taken++ % FIGURES_ORDERS_MAX];

        documents_made_fini(&answer->made);
    }
}

bool figures_order(struct figures *figures, const struct documents_order *order,
                   uint64_t *ticket)
{
    bool room;

    figures_lock(figures);
    room = figures->ordered - figures->taken < FIGURES_ORDERS_MAX;
    if (room) {
        struct figures_answer *answer =
            &figures->ring[figures->ordered++ % FIGURES_ORDERS_MAX];

        answer->order = *order;
        answer->ticket = figures->ordered;
        *ticket = answer->ticket;
        check(pthread_cond_signal(&figures->changed) == 0);
    }
    figures_unlock(figures);
    return room;
}

bool figures_take(struct figures *figures, struct figures_answer *answer)
{
    bool found;

    figures_lock(figures);
    found = figures->taken < figures->made;
    if (found) {
        *answer = figures->ring[figures->taken++ % FIGURES_ORDERS_MAX];
    }
    figures_unlock(figures);
    return found;
}
