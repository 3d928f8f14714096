#include "collector/line/admit.h"

#include "tests/support/hall.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office; /* whose machine is lost */
static struct office fresh;  /* the one in its place */

static void setup(void)
{
    struct admit_answer answer;

    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert(answer.appended);
    office_open(&fresh, 1);
    curve_keys_make(&fresh.join_keys);
    curve_keys_make(&fresh.curve_keys);
    sign_keys_make(&fresh.sign_keys);
    fresh.next.agent = office.next.agent;
    fresh.next.epoch = keys_id(99);
    fresh.next.epoch_ordinal = 2;
}

static void teardown(void)
{
    office_close(&fresh);
    office_close(&office);
    hall_close(&hall);
}

TestSuite(admit_again, .init = setup, .fini = teardown);

static void refused(struct wire_down down, enum wire_refusal_code code)
{
    cr_assert_eq(down.kind, WIRE_DOWN_REFUSAL);
    cr_assert_eq(down.refusal.code, (uint32_t)code, "%s instead of %s",
                 wire_refusal_token(down.refusal.code),
                 wire_refusal_token((uint32_t)code));
}

/* Gives the agent a file for new keys; `again`: for a machine that has none of
 * the old ones. */
static enum status enrol(bool again, bool rotates)
{
    const struct context_agent *agent =
        context_agent(province_context(hall.province), 1);
    struct control *control = calloc(1, sizeof *control);
    enum status status;

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = 1;
    control->enrolment.scope_count = agent->scope_count;
    memcpy(control->enrolment.scopes, agent->scopes,
           agent->scope_count * sizeof agent->scopes[0]);
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "%s", "office 1");
    control->enrolment.join_key = fresh.join_keys.public_key;
    control->enrolment.join_until = hall.now.wall_us + CLOCK_US_PER_DAY;
    control->enrolment.rotates = rotates;
    control->enrolment.again = again;
    status = hall_order(&hall, control);
    free(control);
    return status;
}

static struct wire_down join(void)
{
    struct wire_up up = office_join(&fresh);

    return hall_request(&hall, &fresh.join_keys.public_key, &up);
}

Test(admit_again, i8_a_new_machine_takes_the_lost_ones_place)
{
    struct wire_down down, second;
    struct admit_answer answer;
    uint64_t size;

    cr_assert_eq(enrol(true, true), STATUS_OK);
    size = hall_size(&hall);
    down = join();
    cr_assert_eq(down.kind, WIRE_DOWN_JOINED);
    cr_assert_eq(down.joined.agent_number, 1);
    cr_assert_eq(down.joined.epoch_ordinal, 2);
    cr_assert_eq(hall_size(&hall), size + 2, "a key change and an epoch");
    /* The lost answer again; nothing more is entered. */
    second = join();
    cr_assert_eq(second.kind, WIRE_DOWN_JOINED);
    cr_assert_eq(second.joined.epoch_ordinal, 2);
    cr_assert_eq(memcmp(down.joined.entry, second.joined.entry, ENTRY_BYTES),
                 0);
    cr_assert_eq(hall_size(&hall), size + 2);
    answer = hall_send(&hall, &fresh, office_batch(&fresh));
    cr_assert(answer.appended);
    /* The old machine is nobody, and what it signs is worth nothing. */
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NOT_JOINED);
    answer = hall_send(&hall, &fresh, buffer_bytes(&office.batch));
    cr_assert_neq(answer.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_not(answer.appended);
}

/* With a file for `rotate` only who has the old keys gets new ones. */
Test(admit_again, i8_a_file_for_new_keys_lets_no_new_machine_in)
{
    cr_assert_eq(enrol(false, true), STATUS_OK);
    refused(join(), WIRE_REFUSAL_JOIN_USED);
}

Test(admit_again, i8_a_file_for_a_new_machine_is_no_good_for_rotate)
{
    struct wire_up up = {.kind = WIRE_UP_ROTATE};

    cr_assert_eq(enrol(true, true), STATUS_OK);
    up.rotate = (struct wire_rotate){.agent = office.next.agent,
                                     .curve_key = fresh.curve_keys.public_key,
                                     .sign_key = fresh.sign_keys.public_key};
    wire_rotate_prove(&up.rotate, &fresh.join_keys.public_key, &fresh.sign_keys,
                      &office.sign_keys);
    refused(hall_request(&hall, &fresh.join_keys.public_key, &up),
            WIRE_REFUSAL_JOIN_USED);
}

Test(admit_again, i8_it_is_good_once_in_time_and_for_this_agent)
{
    cr_assert_eq(enrol(true, true), STATUS_OK);
    fresh.next.agent.bytes[0] ^= 1;
    refused(join(), WIRE_REFUSAL_WRONG_AGENT);
    fresh.next.agent.bytes[0] ^= 1;
    clock_settable_advance(&hall.now, CLOCK_US_PER_DAY + 1);
    refused(join(), WIRE_REFUSAL_JOIN_EXPIRED);
}

Test(admit_again, an_enrolment_for_it_needs_a_key_and_a_lost_machine)
{
    cr_assert_eq(enrol(true, false), STATUS_INVALID);
}

/* ---- what another ledger of the province brings ---- */

static void order(struct control *control)
{
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

/* The new keys, as another ledger has them. */
static void change_keys(void)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    cr_assert_eq(enrol(true, true), STATUS_OK);
    control->kind = CONTROL_KEY_CHANGE;
    control->key_change =
        (struct control_key_change){.agent_number = 1,
                                    .curve_key = fresh.curve_keys.public_key,
                                    .sign_key = fresh.sign_keys.public_key,
                                    .join_key = fresh.join_keys.public_key};
    order(control);
}

/* There the old epoch ended behind what is here. */
static void end_epoch(uint64_t end)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_EPOCH_OPENED;
    control->epoch = (struct control_epoch){.agent_number = 1,
                                            .epoch = keys_id(99),
                                            .epoch_ordinal = 2,
                                            .previous = office.next.epoch,
                                            .previous_next_seq = end};
    order(control);
}

static uint32_t refusal_by_hand(struct bytes batch)
{
    struct intake_message message = {.up = {.kind = WIRE_UP_BATCHES},
                                     .key = fresh.curve_keys.public_key,
                                     .batch_count = 1};
    const struct admit_answer *answers;
    size_t count;

    message.batches[0] = batch;
    cr_assert_eq(admit_by_hand(hall.admit, &message, &answers, &count),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    return answers[0].refusal.code;
}

Test(admit_again, i8_a_former_key_is_good_by_hand_up_to_the_end_of_its_epoch)
{
    struct bytes batch = office_batch(&office);

    change_keys();
    cr_assert_eq(refusal_by_hand(batch), WIRE_REFUSAL_BAD_SIGNATURE,
                 "the epoch goes on, under the new keys");
    end_epoch(3);
    cr_assert_eq(hall_send(&hall, &fresh, batch).refusal.code,
                 WIRE_REFUSAL_BAD_SIGNATURE, "over the link");
    cr_assert_eq(refusal_by_hand(batch), WIRE_REFUSAL_NONE);
    cr_assert_eq(hall_send(&hall, &fresh, batch).refusal.code,
                 WIRE_REFUSAL_NONE, "it is here");
    cr_assert_eq(refusal_by_hand(office_batch(&office)),
                 WIRE_REFUSAL_BAD_SIGNATURE, "behind the end");
}
