/* The figures' thread beside one that takes batches in. */
#include "collector/figures/figures.h"

#include "collector/figures/tally.h"
#include "collector/ledger/cold_move.h"
#include "collector/ledger/ledger_move.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_MS 10000
#define BATCHES 100u

static struct hall hall;
static struct office office;
static struct figures *figures;

static void setup(void)
{
    struct figures_options options = {.keys = &hall.keys};

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    options.ledger = hall.ledger;
    options.clock = clock_real();
    cr_assert_eq(figures_open(&options, &figures), STATUS_OK);
}

static void teardown(void)
{
    figures_close(&figures);
    cr_assert_null(figures);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(figures, .init = setup, .fini = teardown);

/* Waits for news; fails when none come in time. */
static struct figures_state news(void)
{
    struct pollfd wait = {.fd = figures_descriptor(figures), .events = POLLIN};
    struct figures_state state;

    cr_assert_eq(poll(&wait, 1, WAIT_MS), 1, "no news in time");
    figures_state(figures, &state);
    cr_assert_eq(state.status, STATUS_OK);
    return state;
}

/* Waits until the figures are those of the whole ledger. */
static struct figures_state caught_up(void)
{
    struct figures_state state;

    figures_wake(figures);
    do {
        state = news();
    } while (!state.complete || state.position != hall_size(&hall));
    return state;
}

static void send_batches(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    }
}

static struct documents_order outcomes_order(void)
{
    return (struct documents_order){.agent = office.number,
                                    .kind = DOCUMENTS_OUTCOMES};
}

static struct figures_answer answered(void)
{
    struct figures_answer answer;

    while (!figures_take(figures, &answer)) {
        (void)news();
    }
    return answer;
}

Test(figures, i4_they_follow_what_comes_in_meanwhile)
{
    send_batches(BATCHES);
    figures_wake(figures);
    send_batches(BATCHES);
    (void)caught_up();
}

Test(figures, a_document_is_of_the_position_that_it_names)
{
    struct documents_order order = outcomes_order();
    struct figures_answer answer;
    uint64_t ticket = 0;

    send_batches(1);
    (void)caught_up();
    cr_assert(figures_order(figures, &order, &ticket));
    cr_assert_neq(ticket, 0);
    answer = answered();
    cr_assert_eq(answer.ticket, ticket);
    cr_assert(!answer.later);
    cr_assert(answer.made.changed);
    cr_assert_eq(answer.made.document.index, hall_size(&hall));
    /* What the office has is not made again. */
    order.has = true;
    order.digest = answer.made.document.digest;
    documents_made_fini(&answer.made);
    cr_assert(figures_order(figures, &order, &ticket));
    answer = answered();
    cr_assert(!answer.made.changed && !answer.later);
}

Test(figures, i11_orders_beyond_the_limit_are_refused)
{
    struct documents_order order = outcomes_order();
    struct figures_answer answer;
    uint64_t first = 0, ticket = 0;

    (void)caught_up();
    for (unsigned i = 0; i < FIGURES_ORDERS_MAX; i++) {
        cr_assert(figures_order(figures, &order, &ticket));
        first = i == 0 ? ticket : first;
    }
    cr_assert(!figures_order(figures, &order, &ticket));
    answer = answered();
    cr_assert_eq(answer.ticket, first);
    documents_made_fini(&answer.made);
    cr_assert(figures_order(figures, &order, &ticket));
}

/* What a question was answered, and whether it was. */
struct heard {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned answers, without;
    uint64_t position;
    bool complete;
};

static void hear(void *owner, const struct figures_view *view)
{
    struct heard *heard = owner;

    cr_assert_eq(pthread_mutex_lock(&heard->lock), 0);
    heard->answers++;
    heard->without += view == NULL;
    if (view != NULL) {
        cr_assert(!view->complete || view->settle(view->owner) == STATUS_OK);
        heard->complete = view->complete;
        heard->position = tally_position(view->tally);
        cr_assert(!view->complete ||
                  fold_position(tally_fold(view->tally)) == heard->position);
    }
    cr_assert_eq(pthread_cond_signal(&heard->changed), 0);
    cr_assert_eq(pthread_mutex_unlock(&heard->lock), 0);
}

/* Holds the figures' thread until `answers` is above 0. */
static void hold(void *owner, const struct figures_view *view)
{
    struct heard *heard = owner;

    (void)view;
    cr_assert_eq(pthread_mutex_lock(&heard->lock), 0);
    heard->without++;
    cr_assert_eq(pthread_cond_signal(&heard->changed), 0);
    while (heard->answers == 0) {
        cr_assert_eq(pthread_cond_wait(&heard->changed, &heard->lock), 0);
    }
    cr_assert_eq(pthread_mutex_unlock(&heard->lock), 0);
}

static struct heard nothing_heard(void)
{
    return (struct heard){.lock = PTHREAD_MUTEX_INITIALIZER,
                          .changed = PTHREAD_COND_INITIALIZER};
}

static void wait_for(struct heard *heard, unsigned *what, unsigned count)
{
    cr_assert_eq(pthread_mutex_lock(&heard->lock), 0);
    while (*what < count) {
        cr_assert_eq(pthread_cond_wait(&heard->changed, &heard->lock), 0);
    }
    cr_assert_eq(pthread_mutex_unlock(&heard->lock), 0);
}

Test(figures, i4_a_question_is_answered_at_a_whole_position)
{
    struct heard heard = nothing_heard();
    struct figures_question question = {.owner = &heard, .answer = hear};
    struct figures_state state;

    send_batches(BATCHES);
    figures_wake(figures);
    for (unsigned i = 1; i <= 20; i++) {
        cr_assert(figures_ask(figures, &question));
        wait_for(&heard, &heard.answers, i);
    }
    (void)caught_up();
    cr_assert(figures_ask(figures, &question));
    wait_for(&heard, &heard.answers, 21);
    cr_assert(heard.complete);
    cr_assert_eq(heard.position, hall_size(&hall));
    cr_assert_eq(heard.without, 0);
    figures_look(figures, &state);
    cr_assert_eq(state.position, heard.position);
}

Test(figures, i11_questions_beyond_the_limit_are_refused)
{
    struct heard held = nothing_heard(), heard = nothing_heard();
    struct figures_question holds = {.owner = &held, .answer = hold};
    struct figures_question question = {.owner = &heard, .answer = hear};

    (void)caught_up();
    cr_assert(figures_ask(figures, &holds));
    wait_for(&held, &held.without, 1);
    for (unsigned i = 0; i < QUESTIONS_MAX; i++) {
        cr_assert(figures_ask(figures, &question));
    }
    cr_assert(!figures_ask(figures, &question));
    cr_assert_eq(heard.answers, 0);
    hear(&held, NULL);
    wait_for(&heard, &heard.answers, QUESTIONS_MAX);
    cr_assert(figures_ask(figures, &question));
    wait_for(&heard, &heard.answers, QUESTIONS_MAX + 1);
}

/* Whoever asked holds something that must be let go. */
Test(figures, what_nobody_answers_any_more_is_answered_with_nothing)
{
    struct heard held = nothing_heard(), heard = nothing_heard();
    struct figures_question holds = {.owner = &held, .answer = hold};
    struct figures_question question = {.owner = &heard, .answer = hear};
    struct questions *alone = questions_new();

    (void)caught_up();
    cr_assert(figures_ask(figures, &holds));
    wait_for(&held, &held.without, 1);
    cr_assert(figures_ask(figures, &question));
    hear(&held, NULL);
    figures_close(&figures);
    cr_assert_eq(heard.answers, 1);

    heard = nothing_heard();
    cr_assert_not_null(alone);
    cr_assert(questions_put(alone, &question));
    cr_assert(questions_wait(alone));
    questions_free(&alone);
    cr_assert_eq(heard.without, 1);
}

static void revoke(void)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = office.number;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

Test(figures, i4_a_control_entry_makes_them_mean_something_new)
{
    uint64_t before;

    send_batches(BATCHES);
    before = caught_up().generation;
    revoke();
    cr_assert_gt(caught_up().generation, before);
}

/* Without progress in between it is alive because it sleeps, which it does a
 * moment after its last news. */
Test(figures, a_thread_that_has_nothing_to_do_is_alive, .timeout = 10)
{
    struct figures_state state = caught_up();

    cr_assert(state.complete);
    while (!figures_alive(figures) || !figures_alive(figures)) {
        (void)sched_yield();
    }
}

Test(figures, closing_does_not_wait_for_the_whole_ledger)
{
    struct documents_order order = outcomes_order();
    uint64_t ticket = 0;

    send_batches(BATCHES);
    figures_wake(figures);
    cr_assert(figures_order(figures, &order, &ticket));
    figures_close(&figures);
    cr_assert_null(figures);
}

/* A cold file is missing: the figures are not complete, the thread lives, and
 * when the file is back they are those of the whole ledger. */
Test(figures, i4_a_missing_cold_file_is_waited_for)
{
    struct cold_move_options move = {.ledger = hall.ledger,
                                     .province = hall.province,
                                     .administrator = &hall.keys.administrator,
                                     .clock = &hall.clock,
                                     .moves = true,
                                     .least = 1};
    struct figures_options options = {
        .ledger = hall.ledger, .keys = &hall.keys, .clock = clock_real()};
    struct cold_move *mover = NULL;
    struct figures_state state;
    char path[COLD_PATH_MAX], aside[COLD_PATH_MAX + 8];
    bool moved = false;

    send_batches(5);
    cr_assert_eq(cold_move_open(&move, &mover), STATUS_OK);
    cr_assert_eq(cold_move_step(mover, clock_wall_us(&hall.clock) + 1, &moved),
                 STATUS_OK);
    cr_assert(moved);
    cold_move_close(&mover);
    figures_close(&figures);
    cr_assert_eq(cold_path(ledger_cold_folder(hall.ledger), 1, path),
                 STATUS_OK);
    (void)snprintf(aside, sizeof aside, "%s.away", path);
    cr_assert_eq(rename(path, aside), 0);
    cr_assert_eq(figures_open(&options, &figures), STATUS_OK);
    /* What comes in meanwhile is taken. */
    for (unsigned i = 0; i < 50; i++) {
        send_batches(1);
        figures_wake(figures);
        figures_state(figures, &state);
        cr_assert_eq(state.status, STATUS_OK);
        cr_assert_not(state.complete);
    }
    cr_assert_eq(rename(aside, path), 0);
    (void)caught_up();
}
