#include "collector/line/serve.h"

#include "tests/support/hall.h"

#include <criterion/criterion.h>

#define SENT_MAX 16u

/* What left, in the place of the sockets. */
static struct {
    struct intake_route to;
    enum wire_down_kind kind;
    size_t receipts;
} sent[SENT_MAX];
static size_t sent_count;
static enum status answer;

enum status __wrap_intake_send(struct intake *intake,
                               const struct intake_route *to,
                               const struct wire_down *down);

enum status __wrap_intake_send(struct intake *intake,
                               const struct intake_route *to,
                               const struct wire_down *down)
{
    (void)intake;
    if (answer == STATUS_OK) {
        cr_assert_lt(sent_count, SENT_MAX);
        sent[sent_count].to = *to;
        sent[sent_count].kind = down->kind;
        sent[sent_count++].receipts =
            down->kind == WIRE_DOWN_RECEIPTS ? down->receipts.count : 0;
    }
    return answer;
}

static const struct intake_route routes[2] = {{{0, 1, 1, 1, 1}},
                                              {{0, 2, 2, 2, 2}}};
static struct hall hall;
static struct serve serve;
static struct listen_socket listen_socket;
static struct agent_line *lines[2];

static void setup(void)
{
    hall_open(&hall, 0);
    serve = (struct serve){.clock = &hall.clock,
                           .listen = &listen_socket,
                           .province = hall.province,
                           .agents = hall.agents,
                           .tested_at = hall.now.monotonic_us,
                           .looked_at = hall.now.monotonic_us};
    for (uint32_t i = 0; i < 2; i++) {
        lines[i] = agents_line(hall.agents, i + 1);
        agents_hear(hall.agents, lines[i], &routes[i]);
    }
    answer = STATUS_OK;
    sent_count = 0;
}

static void teardown(void)
{
    hall_close(&hall);
}

TestSuite(serve_receipts, .init = setup, .fini = teardown);

/* A receipt, or with a code a refusal, for office 0 or 1. */
static struct admit_answer to_office(uint32_t office, uint32_t code)
{
    return (struct admit_answer){.to = routes[office],
                                 .agent = office + 1,
                                 .refusal = {.code = code},
                                 .entry = {.kind = ENTRY_BATCH,
                                           .agent_number = office + 1,
                                           .epoch_ordinal = 1,
                                           .first_seq = 1,
                                           .count = 1,
                                           .size = 100}};
}

Test(serve_receipts, those_of_one_link_leave_together_however_they_came)
{
    struct admit_answer answers[6];

    for (uint32_t i = 0; i < 6; i++) {
        answers[i] = to_office(i % 2, WIRE_REFUSAL_NONE);
    }
    serve_receipts(&serve, answers, 6);
    cr_assert_eq(sent_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        cr_assert(intake_route_equal(&sent[i].to, &routes[i]));
        cr_assert_eq(sent[i].receipts, 3);
    }
}

Test(serve_receipts, a_refusal_comes_behind_the_receipts_before_it)
{
    struct admit_answer answers[] = {
        to_office(0, WIRE_REFUSAL_NONE), to_office(1, WIRE_REFUSAL_NONE),
        to_office(0, WIRE_REFUSAL_GAP), to_office(0, WIRE_REFUSAL_NONE)};

    serve_receipts(&serve, answers, 4);
    cr_assert_eq(sent_count, 4);
    cr_assert_eq(sent[0].kind, WIRE_DOWN_RECEIPTS);
    cr_assert_eq(sent[1].kind, WIRE_DOWN_REFUSAL);
    cr_assert_eq(sent[2].kind, WIRE_DOWN_RECEIPTS);
    cr_assert(intake_route_equal(&sent[2].to, &routes[0]));
    cr_assert(intake_route_equal(&sent[3].to, &routes[1]));
}

/* The office would wait a minute before it sent the batches again. */
Test(serve_receipts, what_a_full_queue_has_no_room_for_is_sent_later)
{
    struct admit_answer answers[] = {to_office(0, WIRE_REFUSAL_NONE),
                                     to_office(0, WIRE_REFUSAL_NONE)};

    answer = STATUS_AGAIN;
    serve_receipts(&serve, answers, 2);
    cr_assert_eq(lines[0]->owed_count, 2);
    cr_assert_eq(serve_wait_ms(&serve), SERVE_OWED_MS);
    serve_owed(&serve);
    cr_assert_eq(lines[0]->owed_count, 2);
    answer = STATUS_OK;
    /* A new one does not overtake them. */
    serve_receipts(&serve, answers, 1);
    cr_assert_eq(sent_count, 0);
    serve_owed(&serve);
    cr_assert_eq(sent_count, 1);
    cr_assert_eq(sent[0].receipts, 3);
    cr_assert_eq(lines[0]->owed_count, 0);
}

Test(serve_receipts, no_more_is_owed_than_the_limit)
{
    struct admit_answer one = to_office(0, WIRE_REFUSAL_NONE);

    answer = STATUS_AGAIN;
    for (size_t i = 0; i < AGENTS_OWED_MAX + 1; i++) {
        serve_receipts(&serve, &one, 1);
    }
    cr_assert_eq(lines[0]->owed_count, AGENTS_OWED_MAX);
}

Test(serve_receipts, nothing_is_owed_over_a_link_that_is_gone)
{
    struct admit_answer one = to_office(0, WIRE_REFUSAL_NONE);

    answer = STATUS_AGAIN;
    serve_receipts(&serve, &one, 1);
    answer = STATUS_NOT_FOUND;
    serve_owed(&serve);
    cr_assert_eq(lines[0]->owed_count, 0);
}
