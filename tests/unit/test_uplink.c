#include "agent/line/uplink.h"

#include "tests/support/fake_province.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define WAIT_MS    10000
#define NOTHING_MS 50 /* long for one machine, when nothing is to come */

TestSuite(uplink, .init = fake_open, .fini = fake_close);

static struct uplink_standing standing(void)
{
    struct uplink_standing now;

    uplink_standing(fake.uplink, &now);
    return now;
}

static uint64_t save_one(void)
{
    struct event event = spool_fixture_event(1, 1);

    return spool_fixture_save(&event);
}

static struct batch_header header_of(const struct intake_message *message)
{
    struct batch_header header;

    cr_assert_not_null(message);
    cr_assert_eq(message->batch_count, 1);
    cr_assert_eq(batch_peek(message->batches[0], &header), STATUS_OK);
    cr_assert_eq(batch_verify(message->batches[0], &fake.sign_keys.public_key),
                 STATUS_OK);
    return header;
}

static struct digest digest_at(uint64_t seq)
{
    struct batch_header header;
    struct digest digest;
    struct bytes batch;

    cr_assert_eq(spool_batch(spool, seq, &header, &batch), STATUS_OK);
    digest_bytes(batch, &digest);
    return digest;
}

/* ---- states ---- */

Test(uplink, moves_only_as_the_table_says)
{
    static const char *const allowed[UPLINK_STATE_COUNT] = {
        [UPLINK_DOWN] = ".x...",       [UPLINK_CONNECTING] = "x.x..",
        [UPLINK_HELLO_SENT] = "x..xx", [UPLINK_RUNNING] = "x...x",
        [UPLINK_FROZEN] = "x....",
    };

    for (int from = 0; from < UPLINK_STATE_COUNT; from++) {
        for (int to = 0; to < UPLINK_STATE_COUNT; to++) {
            cr_assert_eq(
                uplink_may_move((enum uplink_state)from, (enum uplink_state)to),
                allowed[from][to] == 'x', "%d to %d", from, to);
        }
    }
}

Test(uplink, the_hello_says_who_and_where_and_what_is_here)
{
    const struct intake_message *message;
    struct spool_identity identity;
    struct digest digest;

    (void)save_one();
    cr_assert_eq(spool_set_document(spool, "plan", bytes_of_text("a plan")),
                 STATUS_OK);
    digest_bytes(bytes_of_text("a plan"), &digest);
    cr_assert_eq(spool_identity(spool, &identity), STATUS_OK);
    message = fake_until(WIRE_UP_HELLO, WAIT_MS);
    cr_assert_not_null(message);
    cr_assert_eq(message->up.hello.protocol, 1);
    cr_assert(random_id_equal(&message->up.hello.agent, &identity.agent));
    cr_assert(random_id_equal(&message->up.hello.epoch, &identity.epoch));
    cr_assert_eq(message->up.hello.next_seq, 2);
    cr_assert_eq(message->up.hello.have_count, 1);
    cr_assert_str_eq(message->up.hello.have[0].name, "plan");
    cr_assert(digest_equal(&message->up.hello.have[0].digest, &digest));
}

/* ---- batches ---- */

Test(uplink, a_live_event_leaves_at_once_and_is_received)
{
    const struct intake_message *message;
    uint64_t id;

    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    id = save_one();
    message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
    cr_assert_eq(header_of(message).count, 1);
    cr_assert_eq(spool_fixture_state(id), SPOOL_SEALED);
    cr_assert_eq(standing().flight, 1);
    fake_receipt(message->batches[0]);
    while (standing().flight > 0) {
        cr_assert_null(fake_until(WIRE_UP_BATCHES, 1));
    }
    cr_assert_eq(spool_fixture_state(id), SPOOL_RECEIVED);
}

static void save_many(uint32_t count)
{
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct event event = spool_fixture_event(1, i);
        uint64_t id;

        cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
}

Test(uplink, a_backlog_leaves_in_full_batches_and_one_message)
{
    const struct intake_message *message;
    struct batch_header header;

    save_many(2 * BATCH_EVENTS_MAX + 5);
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
    cr_assert_not_null(message);
    cr_assert_eq(message->batch_count, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_eq(batch_peek(message->batches[i], &header), STATUS_OK);
        cr_assert_eq(header.first_seq, 1 + i * BATCH_EVENTS_MAX);
        cr_assert_eq(header.count, BATCH_EVENTS_MAX);
    }
    cr_assert_eq(header_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)).count, 5);
    cr_assert_eq(standing().flight, 3);
}

/* The next messages have so many batches, of one event each, from `seq` on. */
static void expect_messages(uint64_t seq, const size_t batches[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct intake_message *message =
            fake_until(WIRE_UP_BATCHES, WAIT_MS);

        cr_assert_not_null(message);
        cr_assert_eq(message->batch_count, batches[i], "message %zu: %zu", i,
                     message->batch_count);
        for (size_t k = 0; k < batches[i]; k++) {
            struct batch_header header;

            cr_assert_eq(batch_peek(message->batches[k], &header), STATUS_OK);
            cr_assert_eq(header.first_seq, seq++);
        }
    }
}

Test(uplink, i11_a_message_has_no_more_batches_than_its_limit)
{
    static const size_t batches[] = {WIRE_BATCHES_MAX, WIRE_BATCHES_MAX, 1};

    for (size_t i = 0; i < 2 * WIRE_BATCHES_MAX + 1; i++) {
        (void)save_one();
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    expect_messages(1, batches, 3);
    cr_assert_eq(standing().flight, 2 * WIRE_BATCHES_MAX + 1);
}

Test(uplink, i11_no_more_batches_are_on_their_way_than_the_limit)
{
    static const size_t batches[] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 1};

    cr_assert_eq(UPLINK_FLIGHT_MAX, 64);
    for (size_t i = 0; i < UPLINK_FLIGHT_MAX + 3; i++) {
        (void)save_one();
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    expect_messages(1, batches, 10);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    cr_assert_eq(standing().flight, UPLINK_FLIGHT_MAX);
}

Test(uplink, i11_several_in_a_message_stay_within_what_was_granted)
{
    static const size_t batches[] = {2};
    struct batch_header header;
    struct bytes batch;

    for (size_t i = 0; i < 5; i++) {
        (void)save_one();
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    fake_run(1, NULL, 2 * batch.size);
    expect_messages(1, batches, 1);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
}

/* What is less than a full batch waits once a few are on their way. */
Test(uplink, while_some_are_on_their_way_the_others_gather)
{
    const struct intake_message *message;

    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    for (unsigned i = 0; i < UPLINK_LIVE_MAX; i++) {
        (void)save_one();
        message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
        cr_assert_eq(header_of(message).count, 1);
    }
    for (unsigned i = 0; i < 10; i++) {
        (void)save_one();
        fake_turn();
    }
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    message = NULL;
    for (uint64_t seq = 1; seq <= UPLINK_LIVE_MAX; seq++) {
        struct batch_header header;
        struct bytes batch;

        cr_assert_eq(spool_batch(spool, seq, &header, &batch), STATUS_OK);
        fake_receipt(batch);
    }
    message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
    cr_assert_eq(header_of(message).count, 10);
}

Test(uplink, i11_no_more_bytes_are_on_their_way_than_were_granted)
{
    const struct intake_message *message;
    struct wire_down down = {.kind = WIRE_DOWN_HEARTBEAT};

    fake_run(1, NULL, 1);
    (void)save_one();
    message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
    cr_assert_not_null(message, "one batch goes however large it is");
    (void)save_one();
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    down.heartbeat.has_credit = true;
    down.heartbeat.credit_bytes = WIRE_CREDIT_BYTES;
    fake_answer(&down);
    cr_assert_eq(header_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)).first_seq, 2);
}

Test(uplink, without_credit_nothing_leaves)
{
    fake_run(1, NULL, 0);
    (void)save_one();
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
}

/* ---- resume ---- */

Test(uplink, i3_goes_on_where_the_collector_is)
{
    struct digest digest;
    uint8_t receipt[ENTRY_BYTES];

    for (unsigned i = 0; i < 3; i++) {
        (void)save_one();
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
    for (uint64_t seq = 1; seq <= 2; seq++) {
        spool_fixture_receipt(seq, seq, receipt);
        cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                     STATUS_OK);
    }
    digest = digest_at(2);
    fake_run(3, &digest, WIRE_CREDIT_BYTES);
    cr_assert_eq(header_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)).first_seq, 3);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
}

Test(uplink, i7_a_restored_collector_is_sent_again_what_it_lacks)
{
    static const size_t batches[] = {2};
    struct digest digest;

    for (unsigned i = 0; i < 3; i++) {
        (void)save_one();
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
    spool_fixture_receive_all();
    digest = digest_at(1);
    fake_run(2, &digest, WIRE_CREDIT_BYTES);
    expect_messages(2, batches, 1);
}

Test(uplink, batches_whose_receipts_were_lost_are_sent_again_for_them)
{
    struct digest digest;

    (void)save_one();
    cr_assert_eq(spool_fixture_seal_all(), 1);
    digest = digest_at(1);
    fake_run(2, &digest, WIRE_CREDIT_BYTES);
    cr_assert_eq(header_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)).first_seq, 1);
}

static void freezes_on(uint64_t next_seq, const struct digest *previous)
{
    const struct intake_message *message;
    struct spool_link link;

    cr_assert_not_null(fake_until(WIRE_UP_HELLO, WAIT_MS));
    fake_welcome(next_seq, previous, WIRE_CREDIT_BYTES);
    cr_assert(fake_until_state(UPLINK_FROZEN));
    message = fake_until(WIRE_UP_HEARTBEAT, WAIT_MS);
    cr_assert_not_null(message, "the collector is told, to raise an alarm");
    cr_assert_eq(message->up.heartbeat.frozen, WIRE_REFUSAL_POSITION_TAKEN);
    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    cr_assert_eq(link.frozen, SPOOL_POSITION_TAKEN);
    cr_assert_eq(link.refusal, WIRE_REFUSAL_POSITION_TAKEN);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    cr_assert_eq(uplink_due_us(fake.uplink), INT64_MAX);
    fake_restart();
    fake_pass(CLOCK_US_PER_DAY);
    cr_assert_eq(standing().state, UPLINK_FROZEN, "a restart changes nothing");
}

Test(uplink, i3_a_collector_that_has_more_than_was_saved_freezes_the_line)
{
    struct digest digest = {.bytes = {1}};

    (void)save_one();
    freezes_on(9, &digest);
}

Test(uplink, i3_a_collector_that_has_another_batch_freezes_the_line)
{
    struct digest digest = {.bytes = {1}};

    (void)save_one();
    cr_assert_eq(spool_fixture_seal_all(), 1);
    freezes_on(2, &digest);
}

Test(uplink, i3_a_collector_that_has_what_was_never_sealed_freezes_the_line)
{
    struct digest digest = {.bytes = {1}};

    (void)save_one();
    freezes_on(2, &digest);
}
