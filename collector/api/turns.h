/* turns - whose question is answered next.
 *
 * Flow     desk (who asks) -> [turns] -> desk (whose turn it is)
 * Owns     nothing.
 * Threads  none of its own; the desk calls it under its lock.
 * Limits   TURNS_NAME_MAX questions of one name that wait at a time, of at most
 *          TURNS_MAX names.
 *
 * The figures' thread answers one question after the other, and some take a
 * thousand times as long as others. So it is time that is shared: next comes
 * who has had the least of it. Who comes anew begins where those are who wait,
 * so that nobody saves up time by not asking.
 *
 * Invariants
 *   I11  whatever one asks for, everybody else's turn comes after one answer.
 */
#ifndef TALLYLINE_COLLECTOR_TURNS_H
#define TALLYLINE_COLLECTOR_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/http/http.h"

#define TURNS_MAX      48u
#define TURNS_NAME_MAX 12u
/* What looking costs at least: a question that costs nothing is a turn too. */
#define TURNS_LEAST_US INT64_C(100)

struct turns {
    struct turn {
        char name[HTTP_NAME_SIZE];
        unsigned waiting;
        int64_t had_us;
    } all[TURNS_MAX];
    int64_t now_us; /* what the last one had whose turn it was */
};

/* Everything zero is a fresh one. */

/* One more question of that name waits. False: TURNS_NAME_MAX do. Not to be
 * called while TURNS_MAX wait. */
bool turns_enter(struct turns *turns, const char *name, size_t *turn);
/* One leaves without its turn. */
void turns_leave(struct turns *turns, size_t turn);
/* Whose turn it is. Somebody must wait; who is given an answer waits until
 * turns_had(). */
size_t turns_next(struct turns *turns);
/* It has had its turn, and how long that took. */
void turns_had(struct turns *turns, size_t turn, int64_t took_us);

#endif
