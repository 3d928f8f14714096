#include "agent/line/uplink.h"

#include "common/format/control.h"
#include "common/format/wire_walk.h"
#include "tests/support/fake_province.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define WAIT_MS    10000
#define NOTHING_MS 50

TestSuite(uplink_time, .init = fake_open, .fini = fake_close);

static struct uplink_standing standing(void)
{
    struct uplink_standing now;

    uplink_standing(fake.uplink, &now);
    return now;
}

static struct spool_link link_now(void)
{
    struct spool_link link;

    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    return link;
}

static void save_one(void)
{
    struct event event = spool_fixture_event(1, 1);

    (void)spool_fixture_save(&event);
}

static uint64_t first_seq_of(const struct intake_message *message)
{
    struct batch_header header;

    cr_assert_not_null(message);
    cr_assert_eq(batch_peek(message->batches[0], &header), STATUS_OK);
    return header.first_seq;
}

/* ---- connecting ---- */

static int64_t wait_after_failure(void)
{
    cr_assert(fake_until_state(UPLINK_DOWN));
    return uplink_due_us(fake.uplink) - clock_monotonic_us(&fake.clock);
}

Test(uplink_time, attempts_come_later_and_later_up_to_a_minute)
{
    int64_t full = UPLINK_BACKOFF_US;

    /* Nobody listens on the discard port. */
    (void)snprintf(fake.config.addresses[0], ENROL_ADDRESS_MAX,
                   "tcp://127.0.0.1:9");
    for (unsigned i = 0; i < 9; i++) {
        int64_t wait;

        fake.random = i % 2 == 0 ? 0 : UINT32_MAX;
        fake_turn();
        cr_assert_eq(standing().state, UPLINK_CONNECTING);
        wait = wait_after_failure();
        cr_assert_geq(wait, full / 2, "attempt %u", i);
        cr_assert_lt(wait, full, "attempt %u", i);
        cr_assert_eq(wait > full * 3 / 4, i % 2 == 1, "jitter, attempt %u", i);
        clock_settable_advance(&fake.time, wait);
        full =
            full * 2 > UPLINK_BACKOFF_US_MAX ? UPLINK_BACKOFF_US_MAX : full * 2;
    }
    cr_assert_eq(full, UPLINK_BACKOFF_US_MAX);
}

Test(uplink_time, the_next_attempt_goes_to_the_next_address)
{
    memcpy(fake.config.addresses[1], fake.config.addresses[0],
           ENROL_ADDRESS_MAX);
    (void)snprintf(fake.config.addresses[0], ENROL_ADDRESS_MAX,
                   "tcp://127.0.0.1:9");
    fake.config.address_count = 2;
    fake_turn();
    clock_settable_advance(&fake.time, wait_after_failure());
    cr_assert_not_null(fake_until(WIRE_UP_HELLO, WAIT_MS));
}

Test(uplink_time, an_attempt_without_an_end_is_given_up)
{
    cr_assert_not_null(fake_until(WIRE_UP_HELLO, WAIT_MS));
    fake_pass(UPLINK_CONNECT_US - 1);
    cr_assert_eq(standing().state, UPLINK_HELLO_SENT);
    fake_pass(1);
    cr_assert_eq(standing().state, UPLINK_DOWN);
}

Test(uplink_time, i8_an_unknown_key_is_kept_for_status)
{
    int64_t wait;

    fake_let_in(false);
    fake_turn();
    wait = wait_after_failure();
    cr_assert_geq(wait, UPLINK_BACKOFF_US_MAX / 2);
    cr_assert_eq(link_now().refusal, WIRE_REFUSAL_UNKNOWN_KEY);
    cr_assert_eq(link_now().frozen, SPOOL_RUNNING);
    fake_let_in(true);
    clock_settable_advance(&fake.time, wait);
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    cr_assert_eq(link_now().refusal, WIRE_REFUSAL_NONE);
}

Test(uplink_time, i8_another_servers_key_is_not_talked_to)
{
    fake.config.server_key.bytes[3] ^= 1;
    cr_assert_null(fake_until(WIRE_UP_HELLO, 500));
}

/* ---- running ---- */

Test(uplink_time, heartbeats_come_every_fifteen_seconds_and_not_before)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    for (unsigned i = 0; i < 2; i++) {
        const struct intake_message *message;

        cr_assert_eq(uplink_due_us(fake.uplink) -
                         clock_monotonic_us(&fake.clock),
                     WIRE_HEARTBEAT_US, "no other reason to wake up");
        clock_settable_advance(&fake.time, WIRE_HEARTBEAT_US - 1);
        cr_assert_null(fake_until(WIRE_UP_HEARTBEAT, NOTHING_MS));
        clock_settable_advance(&fake.time, 1);
        message = fake_until(WIRE_UP_HEARTBEAT, WAIT_MS);
        cr_assert_not_null(message);
        cr_assert_eq(message->up.heartbeat.next_seq, 1);
        cr_assert_eq(message->up.heartbeat.now, fake.time.wall_us);
    }
}

/* And `status` says since when, until the line is back. */
Test(uplink_time, a_silent_collector_is_given_up_after_45_seconds)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    fake_pass(WIRE_DEAD_US - 1);
    cr_assert_eq(standing().state, UPLINK_RUNNING);
    cr_assert_eq(link_now().lost_at, 0);
    fake_pass(1);
    cr_assert_eq(standing().state, UPLINK_DOWN);
    cr_assert_eq(link_now().lost_at, fake.time.wall_us);
    clock_settable_advance(&fake.time, UPLINK_BACKOFF_US_MAX);
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    cr_assert_eq(link_now().lost_at, 0);
}

Test(uplink_time, i3_batches_without_a_receipt_are_sent_again)
{
    struct wire_down down = {.kind = WIRE_DOWN_HEARTBEAT};

    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    save_one();
    cr_assert_eq(first_seq_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)), 1);
    for (unsigned i = 0; i < 2; i++) {
        fake_pass(UPLINK_RESEND_US / 2 - 1);
        cr_assert_eq(standing().resends, 0);
        fake_answer(&down);
        cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    }
    clock_settable_advance(&fake.time, 2);
    cr_assert_eq(first_seq_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)), 1);
    cr_assert_eq(standing().resends, 1);
}

/* ---- a full disk ---- */

/* No file may be written to any more, or again. */
static void fill_disk(bool full)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = full ? 0 : limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The receipt of the first batch finds no room. The line stays for `us`, so
 * that what is here can leave, and is then made anew. */
static void lose_receipt(int64_t us)
{
    struct digest digest;
    const struct intake_message *message = fake_until(WIRE_UP_BATCHES, WAIT_MS);

    cr_assert_eq(first_seq_of(message), 1);
    digest_bytes(message->batches[0], &digest);
    fill_disk(true);
    fake_receipt(message->batches[0]);
    while (uplink_due_us(fake.uplink) != clock_monotonic_us(&fake.clock) + us) {
        cr_assert_null(fake_until(WIRE_UP_BATCHES, 1));
    }
    fill_disk(false);
    cr_assert_eq(standing().receipts, 0);
    fake_pass(us - 1);
    cr_assert_eq(standing().state, UPLINK_RUNNING);
    fake_pass(1);
    cr_assert_eq(standing().state, UPLINK_DOWN);
    fake_pass(UPLINK_BACKOFF_US);
    fake_run(2, &digest, WIRE_CREDIT_BYTES);
}

Test(uplink_time, i3_a_receipt_that_had_no_room_is_asked_for_again)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    save_one();
    lose_receipt(UPLINK_AGAIN_US);
    lose_receipt(UPLINK_AGAIN_US * 2);
    fake_receipt(fake_until(WIRE_UP_BATCHES, WAIT_MS)->batches[0]);
    while (standing().receipts == 0) {
        cr_assert_null(fake_until(WIRE_UP_BATCHES, 1));
    }
}

/* ---- refusals ---- */

static void send_three(void)
{
    for (uint64_t seq = 1; seq <= 3; seq++) {
        save_one();
        cr_assert_eq(first_seq_of(fake_until(WIRE_UP_BATCHES, WAIT_MS)), seq);
    }
}

/* One message with what was sent before, from `seq` on. */
static void again(uint64_t seq, size_t batches)
{
    const struct intake_message *message = fake_until(WIRE_UP_BATCHES, WAIT_MS);
    struct batch_header header;

    cr_assert_not_null(message);
    cr_assert_eq(message->batch_count, batches);
    for (size_t i = 0; i < batches; i++) {
        cr_assert_eq(batch_peek(message->batches[i], &header), STATUS_OK);
        cr_assert_eq(header.first_seq, seq + i);
    }
}

Test(uplink_time, i3_a_gap_is_filled_once_however_often_it_is_said)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    send_three();
    fake_refuse(WIRE_REFUSAL_GAP, 2, 0);
    fake_refuse(WIRE_REFUSAL_GAP, 2, 0);
    again(2, 2);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    cr_assert_eq(standing().resends, 1);
}

Test(uplink_time, a_gap_beyond_what_is_here_is_a_taken_position)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    send_three();
    fake_refuse(WIRE_REFUSAL_GAP, 5, 0);
    cr_assert(fake_until_state(UPLINK_FROZEN));
    cr_assert_eq(link_now().frozen, SPOOL_POSITION_TAKEN);
}

Test(uplink_time, i6_a_full_collector_is_waited_for_and_nothing_is_dropped)
{
    struct wire_down down = {.kind = WIRE_DOWN_HEARTBEAT};

    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    send_three();
    fake_refuse(WIRE_REFUSAL_FULL, 1, 20000);
    fake_refuse(WIRE_REFUSAL_FULL, 2, 20000);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    cr_assert_eq(link_now().refusal, WIRE_REFUSAL_FULL);
    clock_settable_advance(&fake.time, 20 * CLOCK_US_PER_S - 1);
    fake_answer(&down);
    cr_assert_null(fake_until(WIRE_UP_BATCHES, NOTHING_MS));
    clock_settable_advance(&fake.time, 1);
    again(1, 3);
}

static void refusal_freezes(uint32_t code, enum spool_frozen frozen)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    fake_refuse(code, 0, 0);
    cr_assert(fake_until_state(UPLINK_FROZEN));
    cr_assert_eq(link_now().frozen, frozen);
    cr_assert_eq(link_now().refusal, code);
}

Test(uplink_time, a_revoked_office_stands_still_and_asks_after_a_restart)
{
    refusal_freezes(WIRE_REFUSAL_REVOKED, SPOOL_REVOKED);
    fake_restart();
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    cr_assert_eq(link_now().frozen, SPOOL_RUNNING);
}

Test(uplink_time, i3_a_taken_position_freezes_the_line)
{
    refusal_freezes(WIRE_REFUSAL_POSITION_TAKEN, SPOOL_POSITION_TAKEN);
}

Test(uplink_time, a_closed_epoch_freezes_the_line)
{
    refusal_freezes(WIRE_REFUSAL_EPOCH_CLOSED, SPOOL_POSITION_TAKEN);
}

Test(uplink_time, a_broken_chain_freezes_the_line)
{
    refusal_freezes(WIRE_REFUSAL_CHAIN_BROKEN, SPOOL_CHAIN_BROKEN);
}

Test(uplink_time, any_other_refusal_is_kept_and_asked_again_in_a_minute)
{
    static const uint32_t codes[] = {
        WIRE_REFUSAL_BAD_SIGNATURE, WIRE_REFUSAL_LIMIT,
        WIRE_REFUSAL_VERSION,       WIRE_REFUSAL_NOT_JOINED,
        WIRE_REFUSAL_WRONG_AGENT,   WIRE_REFUSAL_UNKNOWN_EPOCH,
        WIRE_REFUSAL_END + 7};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        int64_t wait;

        fake_run(1, NULL, WIRE_CREDIT_BYTES);
        fake_refuse(codes[i], 0, 0);
        wait = wait_after_failure();
        cr_assert_geq(wait, UPLINK_BACKOFF_US_MAX / 2);
        cr_assert_eq(link_now().refusal, codes[i]);
        cr_assert_eq(link_now().frozen, SPOOL_RUNNING);
        clock_settable_advance(&fake.time, wait);
    }
}

/* ---- documents ---- */

static void wait_for_heartbeat(void)
{
    fake_pass(WIRE_HEARTBEAT_US);
    cr_assert_not_null(fake_until(WIRE_UP_HEARTBEAT, WAIT_MS));
}

static void make_genesis(const struct sign_keys *keys, struct buffer *out)
{
    struct control control = {.kind = CONTROL_GENESIS, .created_at = 1};

    (void)snprintf(control.genesis.origin, CONTROL_NAME_MAX, "test.example");
    control.genesis.ledger_id.bytes[0] = 1;
    control.genesis.unit = 1200001;
    control.genesis.administrator = keys->public_key;
    control.genesis.ledger_key = fake.ledger_keys.public_key;
    buffer_init(out, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, keys, out), STATUS_OK);
}

Test(uplink_time, i8_a_document_needs_both_signatures_of_the_province)
{
    struct buffer genesis;
    struct buffer forged;
    struct bytes kept;

    make_genesis(&fake.administrator, &genesis);
    make_genesis(&fake.sign_keys, &forged);
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    fake_document("genesis", buffer_bytes(&forged), &fake.ledger_keys);
    fake_document("genesis", buffer_bytes(&genesis), &fake.sign_keys);
    fake_document("plan", buffer_bytes(&genesis), &fake.ledger_keys);
    fake_document("newer", bytes_of_text("?"), &fake.ledger_keys);
    wait_for_heartbeat();
    cr_assert_eq(standing().documents, 0);
    fake_document("genesis", buffer_bytes(&genesis), &fake.ledger_keys);
    while (standing().documents == 0) {
        cr_assert_null(fake_until(WIRE_UP_BATCHES, 1));
    }
    cr_assert_eq(spool_document(spool, "genesis", &kept), STATUS_OK);
    cr_assert(bytes_equal(kept, buffer_bytes(&genesis)));
    buffer_fini(&genesis);
    buffer_fini(&forged);
}

static void take_registers(uint64_t index, uint64_t reference)
{
    struct wire_register_item item = {.kind = 1, .reference = reference};
    struct buffer body;
    struct bytes kept;
    uint64_t before = standing().documents;

    buffer_init(&body, 1024);
    cr_assert_eq(wire_pack_register_item(&item, &body), STATUS_OK);
    fake.document_index = index;
    fake_document("registers", buffer_bytes(&body), &fake.ledger_keys);
    while (standing().documents == before) {
        (void)fake_until(WIRE_UP_HELLO, 1);
    }
    cr_assert_eq(spool_document(spool, "registers", &kept), STATUS_OK);
    cr_assert(bytes_equal(kept, buffer_bytes(&body)));
    buffer_fini(&body);
}

/* Scenario: the province was restored from a backup; its ledger is shorter
 * than it was. */
Test(uplink_time, i7_a_document_of_a_shorter_ledger_replaces_a_later_one)
{
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    take_registers(80, 1);
    take_registers(50, 2);
}

Test(uplink_time, outcomes_reach_the_events_they_speak_of)
{
    struct event event = spool_fixture_event(1, 1);
    uint64_t id = spool_fixture_save(&event);
    struct wire_outcome item = {.event = id, .outcome = 4, .rule = 3};
    struct wire_outcomes outcomes = {.items = &item, .count = 1};
    struct spool_outcome kept;
    struct buffer body;

    buffer_init(&body, 1024);
    cr_assert_eq(wire_pack_outcomes(&outcomes, &body), STATUS_OK);
    fake_run(1, NULL, WIRE_CREDIT_BYTES);
    fake_document("outcomes", buffer_bytes(&body), &fake.ledger_keys);
    while (standing().documents == 0) {
        (void)fake_until(WIRE_UP_HELLO, 1);
    }
    cr_assert_eq(spool_outcome(spool, id, &kept), STATUS_OK);
    cr_assert_eq(kept.outcome, 4);
    cr_assert_eq(kept.rule, 3);
    buffer_fini(&body);
}
