#include "collector/api/turns.h"

#include <stdio.h>
#include <string.h>

#include "common/base/check.h"

/* The place of the name; one where nobody waits when it has none, of those the
 * one that had least: what was asked long ago is forgotten first. */
static struct turn *find(struct turns *turns, const char *name)
{
    struct turn *room = NULL;

    for (size_t i = 0; i < TURNS_MAX; i++) {
        struct turn *turn = &turns->all[i];

        if (strcmp(turn->name, name) == 0) {
            return turn;
        }
        if (turn->waiting == 0 &&
            (room == NULL || turn->had_us < room->had_us)) {
            room = turn;
        }
    }
    check(room != NULL);
    *room = (struct turn){.waiting = 0};
    (void)snprintf(room->name, sizeof room->name, "%s", name);
    return room;
}

bool turns_enter(struct turns *turns, const char *name, size_t *turn)
{
    struct turn *found = find(turns, name);

    if (found->waiting == TURNS_NAME_MAX) {
        return false;
    }
    if (found->waiting++ == 0 && found->had_us < turns->now_us) {
        found->had_us = turns->now_us;
    }
    *turn = (size_t)(found - turns->all);
    return true;
}

size_t turns_next(struct turns *turns)
{
    struct turn *next = NULL;

    for (size_t i = 0; i < TURNS_MAX; i++) {
        struct turn *turn = &turns->all[i];

        if (turn->waiting > 0 &&
            (next == NULL || turn->had_us < next->had_us)) {
            next = turn;
        }
    }
    check(next != NULL);
    turns->now_us = next->had_us;
    return (size_t)(next - turns->all);
}

void turns_leave(struct turns *turns, size_t turn)
{
    check(turns->all[turn].waiting > 0);
    turns->all[turn].waiting--;
}

void turns_had(struct turns *turns, size_t turn, int64_t took_us)
{
    turns_leave(turns, turn);
    turns->all[turn].had_us +=
        took_us > TURNS_LEAST_US ? took_us : TURNS_LEAST_US;
}
