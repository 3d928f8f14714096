#include "collector/line/admit.h"

#include "common/format/batch.h"
#include "tests/support/hall.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct hall hall;
static struct office office;
static struct office other;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    office_open(&other, 2);
    hall_join(&hall, &office);
    hall_join(&hall, &other);
}

static void teardown(void)
{
    office_close(&office);
    office_close(&other);
    hall_close(&hall);
}

TestSuite(admit_batch, .init = setup, .fini = teardown);

static void assert_refused(const struct admit_answer *answer,
                           enum wire_refusal_code code)
{
    cr_assert_eq(answer->refusal.code, (uint32_t)code, "%s instead of %s",
                 wire_refusal_token(answer->refusal.code),
                 wire_refusal_token((uint32_t)code));
    cr_assert_not(answer->appended);
}

static void assert_taken(const struct admit_answer *answer)
{
    cr_assert_eq(answer->refusal.code, WIRE_REFUSAL_NONE, "refused: %s",
                 wire_refusal_token(answer->refusal.code));
    cr_assert(answer->appended);
}

static uint64_t alarms(uint32_t number, enum agents_alarm alarm)
{
    const struct agent_line *line = agents_find(hall.agents, number);

    return line == NULL ? 0 : line->alarms[alarm];
}

/* The office's stream as it was, to seal the same place again. */
static struct bytes seal_again(struct office *at,
                               const struct office *as_it_was,
                               uint32_t establishment)
{
    struct event event;

    at->next = as_it_was->next;
    office_visit(at, establishment, &event);
    return office_seal(at, &event, 1);
}

Test(admit_batch, i2_a_batch_that_is_taken_gets_its_entry_as_receipt)
{
    uint64_t size = hall_size(&hall);
    struct bytes batch = office_batch(&office);
    struct admit_answer answer = hall_send(&hall, &office, batch);
    struct digest digest;

    assert_taken(&answer);
    digest_bytes(batch, &digest);
    cr_assert(digest_equal(&answer.entry.digest, &digest));
    cr_assert_eq(answer.entry.index, size);
    cr_assert_eq(answer.entry.first_seq, 1);
    cr_assert_eq(hall_size(&hall), size + 1);
}

Test(admit_batch,
     i3_the_same_batch_again_gets_the_same_receipt_and_adds_nothing)
{
    struct bytes batch = office_batch(&office);
    struct admit_answer first = hall_send(&hall, &office, batch);
    uint64_t size = hall_size(&hall);
    struct admit_answer again = hall_send(&hall, &office, batch);

    cr_assert_eq(again.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_not(again.appended);
    cr_assert_eq(again.entry.index, first.entry.index);
    cr_assert_eq(hall_size(&hall), size);
}

Test(admit_batch, i3_other_bytes_at_a_taken_place_freeze_the_stream)
{
    struct office before = office;
    struct admit_answer answer =
        hall_send(&hall, &office, office_batch(&office));
    struct office after = office;

    assert_taken(&answer);
    answer = hall_send(&hall, &office, seal_again(&office, &before, 77));
    assert_refused(&answer, WIRE_REFUSAL_POSITION_TAKEN);
    cr_assert_eq(alarms(1, AGENTS_POSITION_TAKEN), 1);
    /* The true copy's next batch waits too: nobody can tell who is who. */
    office.next = after.next;
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_POSITION_TAKEN);
    /* The other office is not touched by it. */
    answer = hall_send(&hall, &other, office_batch(&other));
    assert_taken(&answer);
}

Test(admit_batch, i3_a_new_epoch_thaws_and_closes_the_one_before)
{
    struct office before = office;
    struct admit_answer answer =
        hall_send(&hall, &office, office_batch(&office));
    struct random_id epoch;
    struct wire_up up;
    struct wire_down down;

    assert_taken(&answer);
    answer = hall_send(&hall, &office, seal_again(&office, &before, 77));
    assert_refused(&answer, WIRE_REFUSAL_POSITION_TAKEN);
    random_id_make(&epoch);
    up = office_open_epoch(&office, &epoch);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_EPOCH_OPENED);
    cr_assert_eq(down.epoch_opened.epoch_ordinal, 2);
    cr_assert_eq(down.epoch_opened.previous_next_seq, 2);
    /* A lost answer: the same request, the same entry. */
    {
        struct wire_down again =
            hall_request(&hall, &office.curve_keys.public_key, &up);

        cr_assert_eq(memcmp(again.epoch_opened.entry, down.epoch_opened.entry,
                            ENTRY_BYTES),
                     0);
    }
    /* What the copy seals behind the end of the old epoch is refused. */
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_EPOCH_CLOSED);
    office.next.epoch = epoch;
    office.next.epoch_ordinal = 2;
    office.next.first_seq = 1;
    memset(&office.next.previous, 0, sizeof office.next.previous);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_taken(&answer);
}

/* The copy that is left behind goes on with the closed epoch: the office that
 * opened a new one is not held up by it, and does not look frozen. */
Test(admit_batch, i3_a_copy_on_a_closed_epoch_does_not_freeze_the_new_one)
{
    struct office before = office;
    struct office copy;
    struct admit_answer answer =
        hall_send(&hall, &office, office_batch(&office));
    struct random_id epoch;
    struct wire_up up;
    struct wire_down down;

    assert_taken(&answer);
    copy = office;
    random_id_make(&epoch);
    up = office_open_epoch(&office, &epoch);
    down = hall_request(&hall, &office.curve_keys.public_key, &up);
    cr_assert_eq(down.kind, WIRE_DOWN_EPOCH_OPENED);
    answer = hall_send(&hall, &office, seal_again(&office, &before, 77));
    assert_refused(&answer, WIRE_REFUSAL_POSITION_TAKEN);
    cr_assert_eq(alarms(1, AGENTS_POSITION_TAKEN), 1);
    cr_assert_eq(agents_find(hall.agents, 1)->frozen, 0);
    /* And what was received of the closed one has its receipt for ever. */
    office.next = before.next;
    answer = hall_send(&hall, &office, office_batch(&office));
    cr_assert_eq(answer.refusal.code, WIRE_REFUSAL_NONE);
    cr_assert_not(answer.appended);
    office.next = copy.next;
    office.next.epoch = epoch;
    office.next.epoch_ordinal = 2;
    office.next.first_seq = 1;
    memset(&office.next.previous, 0, sizeof office.next.previous);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_taken(&answer);
}

Test(admit_batch, i3_a_gap_is_told_with_the_number_that_is_wanted)
{
    struct admit_answer answer;

    (void)office_batch(&office);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_GAP);
    cr_assert_eq(answer.refusal.seq, 1);
}

Test(admit_batch, a_batch_behind_another_past_is_refused_with_an_alarm)
{
    struct admit_answer answer =
        hall_send(&hall, &office, office_batch(&office));

    assert_taken(&answer);
    office.next.previous.bytes[0] ^= 1;
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_CHAIN_BROKEN);
    cr_assert_eq(alarms(1, AGENTS_CHAIN_BROKEN), 1);
}

Test(admit_batch, i8_a_wrong_signature_is_refused_with_an_alarm)
{
    struct sign_keys right = office.sign_keys;
    struct admit_answer answer;

    office.sign_keys = other.sign_keys;
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_BAD_SIGNATURE);
    cr_assert_eq(alarms(1, AGENTS_BAD_SIGNATURE), 1);
    office.sign_keys = right;
}

Test(admit_batch, i8_one_bit_of_a_batch_changed_is_refused)
{
    struct bytes batch = office_batch(&office);
    uint8_t *copy = malloc(batch.size);
    struct admit_answer answer;

    cr_assert_not_null(copy);
    memcpy(copy, batch.data, batch.size);
    copy[batch.size - SIGNATURE_BYTES - 1] ^= 1;
    answer = hall_send(&hall, &office, (struct bytes){copy, batch.size});
    assert_refused(&answer, WIRE_REFUSAL_BAD_SIGNATURE);
    free(copy);
}

Test(admit_batch, i8_a_batch_over_another_agents_link_is_refused)
{
    struct admit_answer answer =
        hall_send(&hall, &other, office_batch(&office));

    assert_refused(&answer, WIRE_REFUSAL_WRONG_AGENT);
    cr_assert_eq(alarms(2, AGENTS_WRONG_AGENT), 1);
}

Test(admit_batch, i8_a_batch_over_a_join_key_or_an_unknown_one_is_refused)
{
    struct office stranger = office;
    struct admit_answer answer;

    stranger.curve_keys = office.join_keys;
    answer = hall_send(&hall, &stranger, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_NOT_JOINED);
    curve_keys_make(&stranger.curve_keys);
    answer = hall_send(&hall, &stranger, buffer_bytes(&office.batch));
    assert_refused(&answer, WIRE_REFUSAL_NOT_JOINED);
}

Test(admit_batch, i8_a_revoked_agent_is_refused_on_its_open_link)
{
    struct control *control = calloc(1, sizeof *control);
    struct admit_answer answer;

    cr_assert_not_null(control);
    control->kind = CONTROL_REVOCATION;
    control->revocation.agent_number = 1;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_REVOKED);
    free(control);
}

Test(admit_batch, an_epoch_that_nobody_opened_is_refused)
{
    struct admit_answer answer;

    random_id_make(&office.next.epoch);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_refused(&answer, WIRE_REFUSAL_UNKNOWN_EPOCH);
}

Test(admit_batch, i11_what_is_no_batch_or_beyond_a_limit_is_refused)
{
    static uint8_t large[BATCH_BYTES_MAX + 1u];
    struct bytes batch = office_batch(&office);
    struct admit_answer answer;

    memcpy(large, batch.data, batch.size);
    answer = hall_send(&hall, &office, (struct bytes){large, sizeof large});
    assert_refused(&answer, WIRE_REFUSAL_LIMIT);
    answer = hall_send(&hall, &office, (struct bytes){large, 3});
    assert_refused(&answer, WIRE_REFUSAL_LIMIT);
    large[4]++; /* a version that is not known here */
    answer = hall_send(&hall, &office, (struct bytes){large, batch.size});
    assert_refused(&answer, WIRE_REFUSAL_VERSION);
    large[4]--;
    bytes_put_u32(large + 56, BATCH_EVENTS_MAX + 1u);
    answer = hall_send(&hall, &office, (struct bytes){large, batch.size});
    assert_refused(&answer, WIRE_REFUSAL_LIMIT);
}

Test(admit_batch, i11_the_last_number_of_an_epoch_is_judged_and_none_beyond)
{
    uint8_t copy[1024];
    struct bytes batch;
    struct admit_answer answer;

    /* The stream has not come so far: the last number is a gap, not a limit. */
    office.next.first_seq = UINT32_MAX;
    batch = office_batch(&office);
    answer = hall_send(&hall, &office, batch);
    assert_refused(&answer, WIRE_REFUSAL_GAP);
    cr_assert_leq(batch.size, sizeof copy);
    memcpy(copy, batch.data, batch.size);
    bytes_put_u64(copy + 48, UINT64_C(1) << 32);
    answer = hall_send(&hall, &office, (struct bytes){copy, batch.size});
    assert_refused(&answer, WIRE_REFUSAL_LIMIT);
}

Test(admit_batch,
     i6_a_payload_that_cannot_be_read_becomes_an_entry_all_the_same)
{
    struct fold_totals totals;
    struct admit_answer answer;

    answer = hall_send(
        &hall, &office,
        office_seal_payload(&office, bytes_of_text("\x05no event"), 3));
    assert_taken(&answer);
    answer = hall_send(&hall, &office, office_batch(&office));
    assert_taken(&answer);
    (void)hall_fold(&hall);
    fold_totals(tally_fold(hall.tally), &totals);
    cr_assert_eq(totals.events, 4);
    cr_assert_eq(totals.outcomes[FOLD_MALFORMED], 3);
    cr_assert_eq(totals.outcomes[FOLD_COUNTED], 1);
}

Test(admit_batch, i6_no_room_is_answered_full_and_taken_when_there_is_room)
{
    struct admit_answer answer = {.appended = true};
    struct office waiting;
    struct event *events = calloc(BATCH_EVENTS_MAX, sizeof *events);
    unsigned taken = 0;

    cr_assert_not_null(events);
    for (uint32_t i = 0; i < BATCH_EVENTS_MAX; i++) {
        office_visit(&office, i * 2654435761u, &events[i]);
    }
    hall_reopen(&hall, 1u << 20);
    while (answer.appended) {
        waiting = office;
        cr_assert_lt(taken, 1000);
        answer = hall_send(&hall, &office,
                           office_seal(&office, events, BATCH_EVENTS_MAX));
        taken += answer.appended;
    }
    cr_assert_gt(taken, 0);
    assert_refused(&answer, WIRE_REFUSAL_FULL);
    cr_assert_eq(answer.refusal.retry_ms, ADMIT_RETRY_FULL_MS);
    hall_reopen(&hall, 0);
    cr_assert_eq(hall_size(&hall), 3 + 4 + taken);
    answer = hall_send(&hall, &office, buffer_bytes(&office.batch));
    assert_taken(&answer);
    cr_assert_eq(answer.entry.first_seq, waiting.next.first_seq);
    free(events);
}

Test(admit_batch, i11_a_full_drain_is_committed_in_groups_and_answered_in_order)
{
    struct intake_message *messages =
        calloc(INTAKE_DRAIN_MAX, sizeof *messages);
    uint8_t **copies = calloc(ADMIT_ANSWERS_MAX, sizeof *copies);
    const struct admit_answer *answers = NULL;
    struct admit_counts counts;
    size_t count = 0;

    cr_assert(messages != NULL && copies != NULL);
    for (size_t i = 0; i < ADMIT_ANSWERS_MAX; i++) {
        struct intake_message *message = &messages[i / WIRE_BATCHES_MAX];
        struct bytes batch = office_batch(&office);

        copies[i] = malloc(batch.size);
        cr_assert_not_null(copies[i]);
        memcpy(copies[i], batch.data, batch.size);
        message->key = office.curve_keys.public_key;
        message->up.kind = WIRE_UP_BATCHES;
        message->batches[message->batch_count++] =
            (struct bytes){copies[i], batch.size};
    }
    cr_assert_eq(
        admit_batches(hall.admit, messages, INTAKE_DRAIN_MAX, &answers, &count),
        STATUS_OK);
    cr_assert_eq(count, ADMIT_ANSWERS_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_taken(&answers[i]);
        cr_assert_eq(answers[i].entry.first_seq, i + 1);
        free(copies[i]);
    }
    admit_counts(hall.admit, &counts);
    cr_assert_eq(counts.commits, 2);
    cr_assert_eq(counts.batches, ADMIT_ANSWERS_MAX);
    free(copies);
    free(messages);
}
