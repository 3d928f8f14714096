/* An order is a query that is being answered; who asks the same meanwhile waits
 * for the same answer. The desk's lock is held for looking and noting alone,
 * never while something is made, given or sent. */
#include "collector/api/desk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/view.h"
#include "common/base/check.h"
#include "common/base/log.h"

struct waiting {
    desk_taker *take;
    void *owner;
};

struct order {
    bool used;
    bool making; /* its turn has come */
    uint64_t number;
    size_t turn;
    struct query query;
    struct waiting waiting[DESK_WAITING_MAX];
    size_t count;
};

struct desk {
    struct figures *figures;
    struct standings *standings;
    const struct clock *clock;
    struct answers *answers;
    int64_t opened_at;    /* wall */
    pthread_mutex_t lock; /* over all below */
    bool refuses;
    struct turns turns;
    uint64_t placed;
    struct order orders[DESK_ORDERS_MAX];
};

static void lock(struct desk *desk)
{
    check(pthread_mutex_lock(&desk->lock) == 0);
}

static void unlock(struct desk *desk)
{
    check(pthread_mutex_unlock(&desk->lock) == 0);
}

struct desk *desk_open(struct figures *figures, struct standings *standings,
                       const struct clock *clock)
{
    struct desk *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->figures = figures;
    self->standings = standings;
    self->clock = clock;
    self->opened_at = clock_wall_us(clock);
    self->answers = answers_new();
    if (self->answers == NULL) {
        free(self);
        return NULL;
    }
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    return self;
}

void desk_refuse(struct desk *desk)
{
    lock(desk);
    desk->refuses = true;
    unlock(desk);
}

void desk_close(struct desk **desk)
{
    if (*desk == NULL) {
        return;
    }
    for (size_t i = 0; i < DESK_ORDERS_MAX; i++) {
        check(!(*desk)->orders[i].used);
    }
    answers_free(&(*desk)->answers);
    (void)pthread_mutex_destroy(&(*desk)->lock);
    free(*desk);
    *desk = NULL;
}

/* ---- the figures' thread ---- */

/* What is made of the same rows, if somebody wanted that too: it costs next to
 * nothing here. NULL: there is none. */
static struct answer *new_beside(struct desk *desk, const struct query *query)
{
    struct query other;
    struct answer *wanted, *beside = NULL;

    memcpy(&other, query, sizeof other);
    other.kind = view_beside(query->kind);
    if (other.kind == QUERY_KIND_END) {
        return NULL;
    }
    wanted = answers_get(desk->answers, &other);
    if (wanted != NULL) {
        beside = answer_new(&other);
    }
    answer_release(&wanted);
    return beside;
}

static bool is_same(const struct answer_label *a, const struct answer_label *b)
{
    return a->position == b->position && a->generation == b->generation &&
           a->standing == b->standing && a->today == b->today;
}

/* The one that was made beside another meanwhile, held; NULL: there is none. */
static struct answer *find_made(struct desk *desk, const struct query *query,
                                const struct view_source *source)
{
    struct answer_label now = view_label(source, query->kind);
    struct answer *answer = view_beside(query->kind) == QUERY_KIND_END
                                ? NULL
                                : answers_get(desk->answers, query);

    if (answer != NULL && !is_same(&answer->label, &now)) {
        answer_release(&answer);
    }
    return answer;
}

/* That something is not there is an answer too, and not asked again. */
static void keep(struct desk *desk, struct answer *answer, int64_t began)
{
    if (answer != NULL) {
        answer->made_at = clock_monotonic_us(desk->clock);
        answer->took_us = answer->made_at - began;
        if (answer->status < 500) {
            answers_put(desk->answers, answer);
        }
    }
}

/* Made here; NULL when it cannot be made now. */
static struct answer *make(struct desk *desk, const struct order *order,
                           const struct figures_view *view)
{
    int64_t began = clock_monotonic_us(desk->clock);
    struct standing *standing = standings_get(desk->standings);
    struct view_source source = {.view = view,
                                 .standing = standing,
                                 .wall_us = clock_wall_us(desk->clock),
                                 .opened_at = desk->opened_at,
                                 .today = clock_today(desk->clock)};
    struct answer *answer = find_made(desk, &order->query, &source);
    struct answer *beside = NULL;

    if (answer == NULL) {
        answer = answer_new(&order->query);
        beside = answer == NULL ? NULL : new_beside(desk, &order->query);
        if (answer != NULL) {
            view_make(&source, answer, beside);
        }
        keep(desk, answer, began);
        keep(desk, beside, began);
        answer_release(&beside);
    }
    standing_release(&standing);
    return answer;
}

/* The oldest of whose turn it is. */
static struct order *take_next(struct desk *desk)
{
    size_t turn = turns_next(&desk->turns);
    struct order *next = NULL;

    for (size_t i = 0; i < DESK_ORDERS_MAX; i++) {
        struct order *order = &desk->orders[i];

        if (order->used && !order->making && order->turn == turn &&
            (next == NULL || order->number < next->number)) {
            next = order;
        }
    }
    check(next != NULL);
    next->making = true;
    return next;
}

/* There are as many questions as orders, and each answers one of them, that
 * whose turn it is; the figures may have ended. */
static void answer_next(void *owner, const struct figures_view *view)
{
    struct desk *desk = owner;
    struct order *order;
    struct answer *answer;
    struct waiting waiting[DESK_WAITING_MAX];
    int64_t began = clock_monotonic_us(desk->clock);
    size_t count;

    lock(desk);
    order = take_next(desk);
    unlock(desk);
    answer = view == NULL ? NULL : make(desk, order, view);
    lock(desk);
    turns_had(&desk->turns, order->turn,
              clock_monotonic_us(desk->clock) - began);
    count = order->count;
    memcpy(waiting, order->waiting, count * sizeof *waiting);
    order->count = 0;
    order->used = false;
    order->making = false;
    unlock(desk);
    for (size_t i = 0; i < count; i++) {
        waiting[i].take(waiting[i].owner, answer);
    }
    answer_release(&answer);
}

/* ---- who asks ---- */

/* The order of the query; a free one when there is none, NULL when there is no
 * free one. */
static struct order *find_order(struct desk *desk, const struct query *query)
{
    struct order *room = NULL;

    for (size_t i = 0; i < DESK_ORDERS_MAX; i++) {
        struct order *order = &desk->orders[i];

        if (order->used && query_equal(&order->query, query)) {
            return order;
        }
        if (!order->used && room == NULL) {
            room = order;
        }
    }
    return room;
}

static void wait_with(struct order *order, desk_taker *take, void *owner)
{
    if (take != NULL) {
        order->waiting[order->count++] =
            (struct waiting){.take = take, .owner = owner};
    }
}

/* A new order, in a place that is free. */
static enum desk_place open_order(struct desk *desk, struct order *order,
                                  const struct query *query, const char *name)
{
    struct figures_question question = {.owner = desk, .answer = answer_next};

    if (!turns_enter(&desk->turns, name, &order->turn)) {
        return DESK_TOO_MANY;
    }
    if (!figures_ask(desk->figures, &question)) {
        turns_leave(&desk->turns, order->turn);
        return DESK_FULL;
    }
    memcpy(&order->query, query, sizeof *query);
    order->number = desk->placed++;
    order->used = true;
    return DESK_PLACED;
}

static enum desk_place place(struct desk *desk, const struct query *query,
                             const char *name, desk_taker *take, void *owner)
{
    struct order *order = find_order(desk, query);
    enum desk_place placed = DESK_PLACED;

    if (order == NULL || order->count == DESK_WAITING_MAX) {
        return DESK_FULL;
    }
    if (!order->used) {
        placed = open_order(desk, order, query, name);
    }
    if (placed == DESK_PLACED) {
        wait_with(order, take, owner);
    }
    return placed;
}

enum desk_place desk_ask(struct desk *desk, const struct query *query,
                         const char *name, desk_taker *take, void *owner)
{
    enum desk_place placed;

    lock(desk);
    placed = desk->refuses ? DESK_FULL : place(desk, query, name, take, owner);
    unlock(desk);
    return placed;
}

void desk_look(struct desk *desk, struct figures_state *state, int32_t *today)
{
    lock(desk);
    if (!desk->refuses) {
        figures_look(desk->figures, state);
        *today = clock_today(desk->clock);
    }
    unlock(desk);
}

/* What an answer made now would be of. */
static bool look(struct desk *desk, const struct query *query,
                 struct answer_label *label, struct figures_state *state)
{
    struct standing *standing;
    bool open;

    lock(desk);
    open = !desk->refuses;
    if (open) {
        figures_look(desk->figures, state);
    }
    unlock(desk);
    if (!open) {
        return false;
    }
    standing = standings_get(desk->standings);
    *label = (struct answer_label){
        .position = state->position,
        .generation = state->generation,
        .today = clock_today(desk->clock),
        .standing = standing != NULL && view_needs_standing(query->kind)
                        ? standing->version
                        : 0};
    standing_release(&standing);
    return true;
}

/* How old an answer is made anew. */
static int64_t pause_of(const struct answer *answer, bool behind)
{
    int64_t share = (behind ? DESK_SHARE : DESK_CALM_SHARE) * answer->took_us;

    return share > DESK_FRESH_US ? share : DESK_FRESH_US;
}

struct answer *desk_find(struct desk *desk, const struct query *query,
                         const char *name)
{
    struct answer *answer = answers_get(desk->answers, query);
    struct figures_state state = {.complete = false};
    struct answer_label now;
    int64_t age, pause;

    if (answer == NULL || !look(desk, query, &now, &state)) {
        answer_release(&answer);
        return NULL;
    }
    if (is_same(&answer->label, &now) ||
        (!state.complete && !view_needs_standing(query->kind))) {
        return answer;
    }
    age = clock_monotonic_us(desk->clock) - answer->made_at;
    pause = pause_of(answer, state.behind);
    if (answer->label.generation != now.generation ||
        answer->label.today != now.today ||
        age > pause + (state.behind ? DESK_STALE_US : DESK_CALM_US)) {
        answer_release(&answer);
        return NULL;
    }
    if (age >= pause) {
        (void)desk_ask(desk, query, name, NULL, NULL);
    }
    return answer;
}
