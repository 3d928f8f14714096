/* Queries and their answers: made once for all who ask, never waited for. */
#include "collector/api/desk.h"

#include "collector/figures/tally.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office;
static struct figures *figures;
static struct standings *standings;
static struct desk *desk;

static void setup(void)
{
    struct figures_options options = {.keys = &hall.keys,
                                      .clock = clock_real()};

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    options.ledger = hall.ledger;
    cr_assert_eq(figures_open(&options, &figures), STATUS_OK);
    standings = standings_new(clock_real());
    cr_assert_not_null(standings);
    desk = desk_open(figures, standings, clock_real());
    cr_assert_not_null(desk);
}

static void teardown(void)
{
    desk_refuse(desk);
    figures_close(&figures);
    desk_close(&desk);
    standings_free(&standings);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(desk, .init = setup, .fini = teardown);

/* Who waits for answers. */
struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned answers, without;
    struct answer *last; /* held */
};

static struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .changed = PTHREAD_COND_INITIALIZER};

static void take(void *owner, struct answer *answer)
{
    struct waiter *self = owner;

    cr_assert_eq(pthread_mutex_lock(&self->lock), 0);
    answer_release(&self->last);
    self->last = answer == NULL ? NULL : answer_hold(answer);
    self->answers++;
    self->without += answer == NULL;
    cr_assert_eq(pthread_cond_signal(&self->changed), 0);
    cr_assert_eq(pthread_mutex_unlock(&self->lock), 0);
}

static void wait_for(unsigned answers)
{
    cr_assert_eq(pthread_mutex_lock(&waiter.lock), 0);
    while (waiter.answers < answers) {
        cr_assert_eq(pthread_cond_wait(&waiter.changed, &waiter.lock), 0);
    }
    cr_assert_eq(pthread_mutex_unlock(&waiter.lock), 0);
}

static struct query query_of(enum query_kind kind, uint32_t role)
{
    struct http_who who = {.role = role};
    struct query query;

    query_init(&query, kind, &who);
    return query;
}

/* Asks until the figures are those of the whole ledger; held. */
static struct answer *newest(const struct query *query)
{
    for (;;) {
        unsigned before = waiter.answers;
        struct answer *answer;

        figures_wake(figures);
        cr_assert_eq(desk_ask(desk, query, "anna", take, &waiter), DESK_PLACED);
        wait_for(before + 1);
        answer = desk_find(desk, query, "anna");
        if (answer != NULL && answer->label.position == hall_size(&hall)) {
            return answer;
        }
        answer_release(&answer);
    }
}

Test(desk, an_answer_is_given_again_until_something_changes)
{
    struct query query = query_of(QUERY_PLANS, 1);
    struct answer *first = newest(&query),
                  *again = desk_find(desk, &query, "anna");
    struct answer *later;

    cr_assert_eq(again, first);
    cr_assert_eq(first->status, 200);
    answer_release(&again);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    later = newest(&query);
    cr_assert_neq(later, first);
    cr_assert_neq(strcmp(later->etag, first->etag), 0);
    /* Who holds an answer keeps it as it was. */
    cr_assert_gt(first->body.size, 0);
    answer_release(&first);
    answer_release(&later);
    answer_release(&waiter.last);
}

/* What a district is shown nobody else is given, and the other way round. */
Test(desk, i9_readers_do_not_share_answers)
{
    struct http_who who = {.role = 16, .scope = 1300901};
    struct query all = query_of(QUERY_PLANS, 1), own;
    struct answer *answer = newest(&all);

    query_init(&own, QUERY_PLANS, &who);
    cr_assert(!query_equal(&all, &own));
    cr_assert_null(desk_find(desk, &own, "anna"));
    answer_release(&answer);
    answer_release(&waiter.last);
}

static void load_plan(void)
{
    static const char text[] = "plan: trial\n"
                               "title: {vi: Thử, en: Trial}\n"
                               "period: {from: 2026-01-01, to: 2026-12-31}\n"
                               "unit: gso3:90\n"
                               "programme: prostitution\n"
                               "regimes: [{regime: calendar}]\n"
                               "indicators: []\n"
                               "targets: []\n";
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_PLAN;
    control->files.revision = 1;
    control->files.file_count = 1;
    control->files.files[0].content = bytes_of_text(text);
    (void)snprintf(control->files.id, CONTROL_NAME_MAX, "trial");
    (void)snprintf(control->files.files[0].name, CONTROL_NAME_MAX, "p.yaml");
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

/* Who follows changes has the overview made as well, of the same rows, once
 * somebody has asked for it. */
Test(desk, overview_and_changes_are_made_together)
{
    struct query whole = query_of(QUERY_OVERVIEW, 1);
    struct query changes = query_of(QUERY_CHANGES, 1);
    struct answer *first, *answer;

    load_plan();
    answer = newest(&changes);
    cr_assert_eq(answer->status, 200, "%s", answer->why);
    answer_release(&answer);
    cr_assert_null(desk_find(desk, &whole, "anna"), "nobody has asked for it");
    first = newest(&whole);
    cr_assert_eq(first->status, 200);
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    answer = newest(&changes);
    answer_release(&answer);
    answer = desk_find(desk, &whole, "anna");
    cr_assert_not_null(answer);
    cr_assert_eq(answer->label.position, hall_size(&hall));
    cr_assert_eq(answer->status, 200);
    cr_assert_gt(answer->body.size, 0);
    cr_assert_neq(strcmp(answer->etag, first->etag), 0);
    answer_release(&answer);
    answer_release(&first);
    answer_release(&waiter.last);
}

/* Holds the figures' thread. */
static void hold(void *owner, const struct figures_view *view)
{
    struct waiter *self = owner;

    (void)view;
    cr_assert_eq(pthread_mutex_lock(&self->lock), 0);
    self->without = 1;
    cr_assert_eq(pthread_cond_broadcast(&self->changed), 0);
    while (self->answers == 0) {
        cr_assert_eq(pthread_cond_wait(&self->changed, &self->lock), 0);
    }
    cr_assert_eq(pthread_mutex_unlock(&self->lock), 0);
}

static struct waiter holder = {.lock = PTHREAD_MUTEX_INITIALIZER,
                               .changed = PTHREAD_COND_INITIALIZER};

static void hold_figures(void)
{
    struct figures_question question = {.owner = &holder, .answer = hold};

    cr_assert(figures_ask(figures, &question));
    cr_assert_eq(pthread_mutex_lock(&holder.lock), 0);
    while (holder.without == 0) {
        cr_assert_eq(pthread_cond_wait(&holder.changed, &holder.lock), 0);
    }
    cr_assert_eq(pthread_mutex_unlock(&holder.lock), 0);
}

static void let_figures_go(void)
{
    cr_assert_eq(pthread_mutex_lock(&holder.lock), 0);
    holder.answers = 1;
    cr_assert_eq(pthread_cond_broadcast(&holder.changed), 0);
    cr_assert_eq(pthread_mutex_unlock(&holder.lock), 0);
}

/* However many ask the same, it is one order. */
Test(desk, i11_askers_and_orders_beyond_the_limits_are_refused)
{
    struct query query = query_of(QUERY_OFFICES, 1);
    struct answer *made;

    hold_figures();
    for (unsigned i = 0; i < DESK_WAITING_MAX; i++) {
        cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter),
                     DESK_PLACED);
    }
    cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter), DESK_FULL);
    for (uint32_t i = 1; i < DESK_ORDERS_MAX; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "user-%u", i / TURNS_NAME_MAX);
        query.number = i;
        cr_assert_eq(desk_ask(desk, &query, name, take, &waiter), DESK_PLACED);
    }
    query.number = DESK_ORDERS_MAX;
    cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter), DESK_FULL);
    let_figures_go();
    wait_for(DESK_WAITING_MAX + DESK_ORDERS_MAX - 1);
    cr_assert_eq(waiter.without, 0);
    /* There is room again. */
    cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter), DESK_PLACED);
    wait_for(DESK_WAITING_MAX + DESK_ORDERS_MAX);
    made = desk_find(desk, &query, "anna");
    answer_release(&made);
    answer_release(&waiter.last);
}

/* Notes who was answered, in which order. */
static const char *answered[TURNS_NAME_MAX + 2];

static void note(void *owner, struct answer *answer)
{
    answered[waiter.answers] = owner;
    take(&waiter, answer);
}

/* One who asks for all sorts of things does not keep others waiting. */
Test(desk, i11_one_name_has_its_limit_and_others_have_their_turn)
{
    struct query query = query_of(QUERY_OFFICE, 1);
    static char greedy[] = "greedy", other[] = "other";

    hold_figures();
    for (uint32_t i = 0; i < TURNS_NAME_MAX; i++) {
        query.number = i;
        cr_assert_eq(desk_ask(desk, &query, greedy, note, greedy), DESK_PLACED);
    }
    query.number = TURNS_NAME_MAX;
    cr_assert_eq(desk_ask(desk, &query, greedy, note, greedy), DESK_TOO_MANY);
    cr_assert_eq(desk_ask(desk, &query, other, note, other), DESK_PLACED);
    /* What somebody else has ordered may be waited for by anybody. */
    cr_assert_eq(desk_ask(desk, &query, greedy, note, greedy), DESK_PLACED);
    let_figures_go();
    wait_for(TURNS_NAME_MAX + 2);
    cr_assert_str_eq(answered[0], greedy);
    cr_assert_str_eq(answered[1], other);
    /* There is room again. */
    query.number = TURNS_NAME_MAX + 1;
    cr_assert_eq(desk_ask(desk, &query, greedy, take, &waiter), DESK_PLACED);
    wait_for(TURNS_NAME_MAX + 3);
    answer_release(&waiter.last);
}

/* ---- turns alone ---- */

Test(desk, who_had_least_time_comes_next)
{
    struct turns turns = {.now_us = 0};
    size_t slow, quick, late;

    cr_assert(turns_enter(&turns, "slow", &slow));
    cr_assert(turns_enter(&turns, "slow", &slow));
    cr_assert_eq(turns_next(&turns), slow);
    turns_had(&turns, slow, 1000000);
    cr_assert(turns_enter(&turns, "quick", &quick));
    cr_assert(turns_enter(&turns, "quick", &quick));
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(turns_next(&turns), quick);
        turns_had(&turns, quick, 1000);
    }
    cr_assert_eq(turns_next(&turns), slow);
    turns_had(&turns, slow, 1000000);
    /* Whoever comes later has saved nothing up, and comes next. */
    cr_assert(turns_enter(&turns, "slow", &slow));
    cr_assert(turns_enter(&turns, "late", &late));
    cr_assert_eq(turns_next(&turns), late);
    turns_had(&turns, late, 3000000);
    cr_assert(turns_enter(&turns, "late", &late));
    cr_assert_eq(turns_next(&turns), slow);
    turns_had(&turns, slow, 1);
    cr_assert_eq(turns_next(&turns), late);
    turns_had(&turns, late, 0);
}

Test(desk, i11_names_beyond_the_turns_are_forgotten)
{
    struct turns turns = {.now_us = 0};

    for (unsigned i = 0; i < 4 * TURNS_MAX; i++) {
        char name[16];
        size_t turn;

        (void)snprintf(name, sizeof name, "user-%u", i);
        cr_assert(turns_enter(&turns, name, &turn));
        cr_assert_eq(turns_next(&turns), turn);
        turns_had(&turns, turn, 10);
    }
    for (unsigned i = 0; i < TURNS_MAX; i++) {
        char name[16];
        size_t turn;

        (void)snprintf(name, sizeof name, "again-%u", i);
        for (unsigned k = 0; k < TURNS_NAME_MAX; k++) {
            cr_assert(turns_enter(&turns, name, &turn));
        }
        cr_assert_not(turns_enter(&turns, name, &turn));
    }
}

/* Whoever waits when the collector stops is told so, once. */
Test(desk, who_waits_is_answered_when_the_figures_end)
{
    struct query query = query_of(QUERY_PLANS, 1);

    hold_figures();
    cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter), DESK_PLACED);
    desk_refuse(desk);
    cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter), DESK_FULL);
    cr_assert_null(desk_find(desk, &query, "anna"));
    let_figures_go();
    figures_close(&figures);
    cr_assert_eq(waiter.answers, 1);
    answer_release(&waiter.last);
}

/* Every kind of query is answered, if only with why it cannot be. */
Test(desk, every_kind_of_query_has_an_answer)
{
    for (unsigned kind = 0; kind < QUERY_KIND_END; kind++) {
        struct query query = query_of((enum query_kind)kind, 8);
        unsigned before = waiter.answers;

        cr_assert_eq(desk_ask(desk, &query, "anna", take, &waiter),
                     DESK_PLACED);
        wait_for(before + 1);
        cr_assert_not_null(waiter.last, "kind %u", kind);
        cr_assert(waiter.last->status == 200 || waiter.last->why != NULL,
                  "kind %u: %u", kind, waiter.last->status);
    }
    answer_release(&waiter.last);
}

Test(desk, i11_answers_are_kept_within_bounds)
{
    struct answers *answers = answers_new();
    struct query query = query_of(QUERY_PLANS, 1);
    struct answer *found;
    size_t count = 0, bytes = 0;

    cr_assert_not_null(answers);
    for (uint32_t i = 0; i <= ANSWERS_MAX; i++) {
        struct answer *answer;

        query.number = i;
        answer = answer_new(&query);
        cr_assert_not_null(answer);
        cr_assert_eq(buffer_text(&answer->body, "1234"), STATUS_OK);
        answers_put(answers, answer);
        answer_release(&answer);
        /* The first one is used, and so it stays. */
        query.number = 0;
        found = answers_get(answers, &query);
        cr_assert_not_null(found);
        answer_release(&found);
    }
    answers_size(answers, &count, &bytes);
    cr_assert_eq(count, ANSWERS_MAX);
    cr_assert_eq(bytes, 4 * (size_t)ANSWERS_MAX);
    query.number = 1;
    cr_assert_null(answers_get(answers, &query));
    answers_free(&answers);
}
