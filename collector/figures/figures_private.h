/* figures_private - the inside of figures, for figures*.c alone.
 *
 * Flow     figures.c (the thread) <-> figures_orders.c (documents)
 * Owns     see figures.h.
 * Threads  as figures.h says; each field names whose it is.
 */
#ifndef TALLYLINE_COLLECTOR_FIGURES_PRIVATE_H
#define TALLYLINE_COLLECTOR_FIGURES_PRIVATE_H

#include "collector/figures/figures.h"

#include "collector/figures/tally.h"
#include "collector/province/province.h"

#include <pthread.h>

struct figures {
    struct figures_options options;
    int descriptor;
    pthread_t thread;
    struct questions *questions;
    bool running; /* the caller's own */

    /* the thread's own */
    struct province *province;
    struct tally *tally;
    bool more;            /* the last step left something behind */
    int64_t documents;    /* time that documents have had, less their share */
    int64_t asked;        /* the same of questions */
    int64_t saving;       /* and of saving, under load */
    bool settled;         /* in this round of questions ... */
    enum status settling; /* ... and what came of it */
    bool away;            /* a cold file is missing: again after a while */

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    bool stop, awake;
    bool idle;
    uint64_t progress, progress_seen;
    struct figures_state state;
    struct figures_answer ring[FIGURES_ORDERS_MAX];
    uint64_t ordered, made, taken;
};

void figures_lock(struct figures *figures);
void figures_unlock(struct figures *figures);
/* What it did since `began` was that work; gives how long it took. */
int64_t figures_spent(struct figures *figures, enum figures_work work,
                      int64_t began);

/* --- figures_orders.c --- */
/* The caller has something to take, or to see. */
void figures_signal(const struct figures *figures);
bool figures_has_order(struct figures *figures);
/* What is ordered, unless documents have had their share. All at once: what
 * they have in common is then made once (registers.h). */
MUST_USE enum status figures_answer_orders(struct figures *figures);
/* Drops what was never taken. */
void figures_release_orders(struct figures *figures);

#endif
