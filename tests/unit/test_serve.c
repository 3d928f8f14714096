#include "collector/line/serve.h"

#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>

#define NEWS_MS 30000

static struct hall hall;
static struct office office;
static struct serve serve;
static struct agent_line *line;

/* An office that was welcomed and has a document due now. */
static void setup(void)
{
    static const struct intake_route route = {{1, 2, 3, 4, 5}};

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    serve = (struct serve){.clock = &hall.clock,
                           .province = hall.province,
                           .agents = hall.agents,
                           .tested_at = hall.now.monotonic_us,
                           .looked_at = hall.now.monotonic_us};
    line = agents_line(hall.agents, 1);
    agents_hear(hall.agents, line, &route);
    line->welcomed = true;
    line->beat_mono = hall.now.monotonic_us;
    documents_touch(&line->documents, DOCUMENTS_ALL, hall.now.monotonic_us);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(serve, .init = setup, .fini = teardown);

Test(serve, it_does_not_wait_while_a_live_office_has_something_due)
{
    cr_assert_eq(serve_wait_ms(&serve), 0);
    line->documents.due = 0;
    cr_assert_eq(serve_wait_ms(&serve), WIRE_HEARTBEAT_US / CLOCK_US_PER_MS);
    documents_touch(&line->documents, DOCUMENTS_LIVE,
                    hall.now.monotonic_us + 20 * CLOCK_US_PER_MS);
    cr_assert_eq(serve_wait_ms(&serve), 20);
    serve.busy = true;
    cr_assert_eq(serve_wait_ms(&serve), 0);
}

Test(serve, what_is_due_to_an_office_that_is_gone_keeps_nobody_awake)
{
    clock_settable_advance(&hall.now, WIRE_DEAD_US);
    cr_assert_eq(serve_wait_ms(&serve),
                 (SERVE_READERS_US - WIRE_DEAD_US) / CLOCK_US_PER_MS);
    clock_settable_advance(&hall.now, SERVE_READERS_US - WIRE_DEAD_US);
    cr_assert_eq(serve_wait_ms(&serve), 0);
}

Test(serve, what_is_due_to_a_revoked_office_keeps_nobody_awake)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = 1;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    cr_assert_eq(serve_wait_ms(&serve), SERVE_READERS_US / CLOCK_US_PER_MS);
    free(control);
}

Test(serve, a_document_that_waits_for_room_in_the_queue_is_not_spun_for)
{
    line->documents.sending = true;
    cr_assert_eq(serve_wait_ms(&serve), SERVE_QUEUE_MS);
    line->documents.sending = false;
}

Test(serve, a_document_that_is_being_made_is_not_asked_for_again)
{
    line->documents.ticket = 1;
    cr_assert_eq(serve_wait_ms(&serve), WIRE_HEARTBEAT_US / CLOCK_US_PER_MS);
}

/* A clock by which every look takes longer than a turn has for documents. */
static int64_t slow_clock(void *context)
{
    struct clock_settable *state = context;

    clock_settable_advance(state, SERVE_DOWN_US_MAX);
    return state->monotonic_us;
}

/* There is no vocabulary: looking is all there is to do. */
static void make_due(struct agent_line *to)
{
    static const struct intake_route route = {{1, 2, 3, 4, 5}};

    agents_hear(hall.agents, to, &route);
    to->welcomed = true;
    to->beat_mono = hall.now.monotonic_us;
    to->documents.due = 0;
    documents_touch(&to->documents, 1u << DOCUMENTS_VOCABULARY, 0);
}

Test(serve, documents_for_many_offices_are_made_over_several_turns)
{
    struct office second;
    struct agent_line *other;
    struct clock slow = hall.clock;

    office_open(&second, 2);
    hall_join(&hall, &second);
    other = agents_line(hall.agents, 2);
    make_due(line);
    make_due(other);
    slow.monotonic_us = slow_clock;
    serve.clock = &slow;
    serve.keys = &hall.keys;
    cr_assert_eq(serve_down(&serve), STATUS_OK);
    cr_assert_eq(line->documents.due, 0);
    cr_assert_neq(other->documents.due, 0);
    /* The first one has something again; the other one's turn comes first. */
    make_due(line);
    cr_assert_eq(serve_down(&serve), STATUS_OK);
    cr_assert_eq(other->documents.due, 0);
    cr_assert_neq(line->documents.due, 0);
    cr_assert_eq(serve_down(&serve), STATUS_OK);
    cr_assert_eq(serve_down(&serve), STATUS_OK);
    cr_assert_eq(line->documents.due, 0);
    office_close(&second);
}

/* ---- news of the figures ---- */

static void open_figures(void)
{
    struct figures_options options = {
        .ledger = hall.ledger, .keys = &hall.keys, .clock = clock_real()};

    cr_assert_eq(figures_open(&options, &serve.figures), STATUS_OK);
}

/* Waits until the figures are those of the whole ledger, and takes the news. */
static void take_news(void)
{
    struct pollfd wait = {.events = POLLIN};

    figures_wake(serve.figures);
    wait.fd = figures_descriptor(serve.figures);
    do {
        cr_assert_eq(poll(&wait, 1, NEWS_MS), 1, "no news in time");
        cr_assert_eq(serve_figures(&serve), STATUS_OK);
    } while (!serve.figured.complete ||
             serve.figured.position != hall_size(&hall));
}

Test(serve, an_office_learns_at_once_of_its_own_and_soon_of_others)
{
    struct office second;
    struct agent_line *other;

    office_open(&second, 2);
    hall_join(&hall, &second);
    other = agents_line(hall.agents, 2);
    open_figures();
    take_news();
    line->documents.due = 0;
    other->documents.due = 0;
    cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    take_news();
    cr_assert_eq(line->documents.due, 1u << DOCUMENTS_OUTCOMES);
    cr_assert_eq(documents_due_at(&line->documents), hall.now.monotonic_us);
    cr_assert_eq(other->documents.due, 1u << DOCUMENTS_OUTCOMES);
    cr_assert_eq(documents_due_at(&other->documents),
                 hall.now.monotonic_us + DOCUMENTS_PAUSE_US);
    figures_close(&serve.figures);
    office_close(&second);
}

/* It asked over a link that is gone; over the next one it says what it has. */
Test(serve, a_document_that_was_made_for_an_earlier_link_is_let_go)
{
    struct wire_hello hello = {.have_count = 0};
    struct documents_order order = {.agent = 1, .kind = DOCUMENTS_OUTCOMES};

    open_figures();
    take_news();
    cr_assert(figures_order(serve.figures, &order, &line->documents.ticket));
    documents_hello(&line->documents, &hello);
    cr_assert(figures_order(serve.figures, &order, &line->documents.ticket));
    while (line->documents.ticket != 0) {
        cr_assert_not(line->documents.sending);
        take_news();
    }
    cr_assert(line->documents.sending);
    figures_close(&serve.figures);
    documents_line_fini(&line->documents);
}

/* ---- mirrors ---- */

static void say_taken(uint64_t done_to)
{
    const struct wire_taken taken = {.purpose = WIRE_PURPOSE_CONTROLS,
                                     .done_to = done_to};

    serve_taken(line, &taken);
}

/* A break in its place that the office did not know takes entries out of its
 * mirror: they are given anew. Whoever says so again and again is left alone
 * until its next hello. */
Test(serve, i7_a_mirror_that_goes_back_is_given_the_rest_once)
{
    line->mirror = (struct agent_mirror){.next = 900, .on_its_way = true};
    say_taken(300);
    cr_assert_eq(line->mirror.next, 300);
    cr_assert_not(line->mirror.on_its_way);
    line->mirror.on_its_way = true;
    say_taken(300);
    cr_assert(line->mirror.on_its_way);
    say_taken(950);
    cr_assert_eq(line->mirror.next, 950);
    cr_assert_not(line->mirror.on_its_way);
}
