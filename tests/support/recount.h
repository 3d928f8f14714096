/* recount - what must come out, counted anew from the list of events.
 *
 * Flow     world -> [recount] -> test
 * Owns     its lists; free with recount_close().
 * Threads  one.
 *
 * The slow way, written from what each figure means and not from how the
 * product counts: it goes through all events again and again, knows the small
 * province of world.h by heart and uses no table, tree or index.
 */
#ifndef TALLYLINE_TESTS_RECOUNT_H
#define TALLYLINE_TESTS_RECOUNT_H

#include "tests/support/world.h"

struct recount {
    const struct world *world;
    enum fold_outcome *outcomes; /* by position in world->events */
    bool *live;                  /* counts in figures */
    struct world_event *all;     /* the live ones, and the plan's register */
    uint64_t *names;             /* of what each of them is about */
    size_t count;
};

void recount_open(struct recount *recount, const struct world *world);
void recount_close(struct recount *recount);
/* The figure of an indicator of world_plan.yaml in one unit, 2018. */
struct figure recount_figure(const struct recount *recount,
                             const char *indicator, uint32_t unit);

/* --- recount_live.c --- */
/* Fills in outcomes and which events are live. */
void recount_settle(struct recount *recount);
/* Whether the place is the unit or lies in it, by their codes. */
bool recount_lies_in(uint32_t place, uint32_t unit);

#endif
