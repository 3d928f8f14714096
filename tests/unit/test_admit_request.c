#include "collector/line/admit.h"

#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(admit_request, .init = setup, .fini = teardown);

static void assert_refused(const struct wire_down *down,
                           enum wire_refusal_code code)
{
    cr_assert_eq(down->kind, WIRE_DOWN_REFUSAL);
    cr_assert_eq(down->refusal.code, (uint32_t)code, "%s instead of %s",
                 wire_refusal_token(down->refusal.code),
                 wire_refusal_token((uint32_t)code));
}

Test(admit_request, join_becomes_an_entry_and_a_lost_answer_comes_again)
{
    struct wire_up up = office_join(&office);
    struct wire_down first, again;
    uint64_t size;

    hall_enrol(&hall, &office);
    first = hall_request(&hall, &office.join_keys.public_key, &up);
    cr_assert_eq(first.kind, WIRE_DOWN_JOINED);
    cr_assert_eq(first.joined.agent_number, 1);
    cr_assert_eq(first.joined.epoch_ordinal, 1);
    size = hall_size(&hall);
    again = hall_request(&hall, &office.join_keys.public_key, &up);
    cr_assert_eq(again.kind, WIRE_DOWN_JOINED);
    cr_assert_eq(memcmp(first.joined.entry, again.joined.entry, ENTRY_BYTES),
                 0);
    cr_assert_eq(hall_size(&hall), size);
}

Test(admit_request, i8_a_join_key_is_good_once)
{
    struct office thief;
    struct wire_up up;
    struct wire_down down;

    hall_join(&hall, &office);
    office_open(&thief, 1);
    thief.join_keys = office.join_keys;
    up = office_join(&thief);
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_JOIN_USED);
    office_close(&thief);
}

Test(admit_request, a_join_key_is_good_until_its_time)
{
    struct wire_up up = office_join(&office);
    struct wire_down down;

    hall_enrol(&hall, &office);
    clock_settable_advance(&hall.now, CLOCK_US_PER_DAY + 1);
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_JOIN_EXPIRED);
}

Test(admit_request, i8_a_join_without_proof_of_its_key_is_refused)
{
    struct wire_up up = office_join(&office);
    struct wire_down down;

    hall_enrol(&hall, &office);
    up.join.curve_key.bytes[0] ^= 1;
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_BAD_SIGNATURE);
}

Test(admit_request, a_join_over_an_unknown_key_is_refused)
{
    struct wire_up up;
    struct wire_down down;

    curve_keys_make(&office.join_keys);
    up = office_join(&office);
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_NOT_JOINED);
}

Test(admit_request, i8_an_id_in_use_cannot_be_taken_by_another_agent)
{
    struct office second;
    struct wire_up up;
    struct wire_down down;

    hall_join(&hall, &office);
    office_open(&second, 2);
    second.next.agent = office.next.agent;
    hall_enrol(&hall, &second);
    up = office_join(&second);
    down = hall_request(&hall, &second.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_WRONG_AGENT);
    office_close(&second);
}

/* Enrols the agent for new keys, as `rotate` does. */
static void enrol_rotation(const struct curve_keys *join_keys)
{
    const struct context_agent *agent =
        context_agent(province_context(hall.province), 1);
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = 1;
    control->enrolment.scope_count = agent->scope_count;
    memcpy(control->enrolment.scopes, agent->scopes,
           agent->scope_count * sizeof agent->scopes[0]);
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "%s", "office 1");
    control->enrolment.join_key = join_keys->public_key;
    control->enrolment.join_until = hall.now.wall_us + CLOCK_US_PER_DAY;
    control->enrolment.rotates = true;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

Test(admit_request, i8_rotate_needs_both_keys_and_changes_who_may_send)
{
    struct office after = office;
    struct curve_keys join_keys;
    struct wire_up up = {.kind = WIRE_UP_ROTATE};
    struct wire_down down;
    struct admit_answer answer;
    uint64_t index;

    hall_join(&hall, &office);
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert(answer.appended);
    index = answer.entry.index;
    curve_keys_make(&join_keys);
    enrol_rotation(&join_keys);
    after = office;
    buffer_init(&after.batch, 2 * BATCH_BYTES_MAX);
    curve_keys_make(&after.curve_keys);
    sign_keys_make(&after.sign_keys);
    up.rotate = (struct wire_rotate){.agent = office.next.agent,
                                     .curve_key = after.curve_keys.public_key,
                                     .sign_key = after.sign_keys.public_key};
    wire_rotate_prove(&up.rotate, &join_keys.public_key, &after.sign_keys,
                      &after.sign_keys);
    down = hall_request(&hall, &join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_BAD_SIGNATURE);
    wire_rotate_prove(&up.rotate, &join_keys.public_key, &after.sign_keys,
                      &office.sign_keys);
    down = hall_request(&hall, &join_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_ROTATED);
    /* The lost answer again, over the new key. */
    down = hall_request(&hall, &after.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_ROTATED);
    /* A receipt that was lost before: the batch is there, whatever key it was
     * signed with. Nothing new is taken under the old one. */
    answer = hall_send(&hall, &after, buffer_bytes(&office.batch));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_eq(answer.entry.index, index);
    answer = hall_send(&hall, &after, office_batch(&office));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_BAD_SIGNATURE);
    answer = hall_send(&hall, &office, buffer_bytes(&office.batch));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NOT_JOINED);
    answer = hall_send(&hall, &after, office_batch(&after));
    cr_assert(answer.appended);
    office_close(&after);
}

Test(admit_request, hello_is_told_where_the_stream_stands)
{
    struct wire_up up;
    struct wire_down down;
    struct admit_answer answer;

    hall_join(&hall, &office);
    up = office_hello(&office);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_WELCOME);
    cr_assert_eq(down.welcome.next_seq, 1);
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert(answer.appended);
    up = office_hello(&office);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.welcome.next_seq, 2);
    cr_assert(
        digest_equal(&down.welcome.previous_digest, &office.next.previous));
    cr_assert_eq(down.welcome.ledger_size, hall_size(&hall));
    cr_assert_eq(down.welcome.credit_bytes, WIRE_CREDIT_BYTES);
}

Test(admit_request, a_hello_that_has_less_than_was_received_raises_an_alarm)
{
    struct wire_up up;
    struct wire_down down;
    struct admit_answer answer;

    hall_join(&hall, &office);
    up = office_hello(&office);
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert(answer.appended);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_WELCOME);
    cr_assert_eq(agents_find(hall.agents, 1)->alarms[AGENTS_ROLLED_BACK], 1);
}

Test(admit_request, a_hello_of_another_agent_epoch_or_protocol_is_refused)
{
    struct wire_up up;
    struct wire_down down;

    hall_join(&hall, &office);
    up = office_hello(&office);
    up.hello.protocol = WIRE_PROTOCOL + 1;
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_VERSION);
    up = office_hello(&office);
    up.hello.agent.bytes[0] ^= 1;
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_WRONG_AGENT);
    up = office_hello(&office);
    up.hello.epoch.bytes[0] ^= 1;
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_UNKNOWN_EPOCH);
    up = office_hello(&office);
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_NOT_JOINED);
}

Test(admit_request, an_epoch_is_opened_by_the_agents_own_key_alone)
{
    struct random_id epoch;
    struct wire_up up;
    struct wire_down down;

    hall_join(&hall, &office);
    random_id_make(&epoch);
    up = office_open_epoch(&office, &epoch);
    up.open_epoch.proof.bytes[0] ^= 1;
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_BAD_SIGNATURE);
    up = office_open_epoch(&office, &epoch);
    down = hall_request(&hall, &office.join_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_NOT_JOINED);
}

/* The epoch of the join was opened by no request: naming it again is a request
 * that nothing follows from, not one whose answer was lost. */
Test(admit_request, i8_an_epoch_that_is_known_is_not_opened_again)
{
    struct random_id first = office.next.epoch;
    struct random_id second;
    struct wire_up up;
    struct wire_down down;

    hall_join(&hall, &office);
    up = office_open_epoch(&office, &first);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_EPOCH_CLOSED);
    random_id_make(&second);
    up = office_open_epoch(&office, &second);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_EPOCH_OPENED);
    /* Back to the first one, from the second or from itself. */
    up = office_open_epoch(&office, &first);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_EPOCH_CLOSED);
    office.next.epoch = second;
    up = office_open_epoch(&office, &first);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_EPOCH_CLOSED);
    /* The second one again, but said to follow itself: not what was asked. */
    up = office_open_epoch(&office, &second);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    assert_refused(&down, WIRE_REFUSAL_EPOCH_CLOSED);
}
