#include "collector/ledger/ledger.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(ledger, .init = ledger_fixture_open, .fini = ledger_fixture_close);

static struct ledger_snapshot *open_snapshot(void)
{
    struct ledger_snapshot *snapshot = NULL;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    return snapshot;
}

static uint64_t size_now(void)
{
    struct ledger_snapshot *snapshot = open_snapshot();
    uint64_t size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

static void begin(void)
{
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
}

static void commit(void)
{
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

static void append_control(const char *document, struct ledger_answer *answer)
{
    cr_assert_eq(ledger_append_control(ledger, bytes_of_text(document), answer),
                 STATUS_OK);
}

/* Entries of several agents and the province, read back by index. */
Test(ledger, i2_what_is_committed_is_there_when_opened_again)
{
    struct stream a = stream_of(1, 1);
    struct stream b = stream_of(2, 1);
    struct sample samples[3];
    struct ledger_answer answer;
    struct entry entry;
    struct bytes bytes;
    sample_make(&a, 10, &samples[0]);
    sample_make(&b, 1, &samples[1]);
    sample_make(&a, 5, &samples[2]);
    begin();
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(sample_append(&samples[i], &answer), LEDGER_APPENDED);
        cr_assert_eq(answer.entry.index, i);
    }
    append_control("a plan", &answer);
    cr_assert_eq(answer.verdict, LEDGER_APPENDED);
    commit();
    ledger_fixture_reopen(0);
    struct ledger_snapshot *snapshot = open_snapshot();
    cr_assert_eq(ledger_snapshot_size(snapshot), 4);
    for (uint64_t i = 0; i < 3; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(entry.kind, ENTRY_BATCH);
        cr_assert_eq(entry.index, i);
        cr_assert_eq(entry.first_seq, samples[i].header.first_seq);
        cr_assert_eq(entry.count, samples[i].header.count);
        cr_assert(random_id_equal(&entry.agent, &samples[i].header.agent));
        cr_assert(random_id_equal(&entry.epoch, &samples[i].header.epoch));
        cr_assert(digest_equal(&entry.digest, &samples[i].digest));
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        cr_assert(bytes_equal(bytes, sample_bytes(&samples[i])));
    }
    cr_assert_eq(ledger_entry(snapshot, 3, &entry), STATUS_OK);
    cr_assert_eq(entry.kind, ENTRY_CONTROL);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
    cr_assert(bytes_equal(bytes, bytes_of_text("a plan")));
    cr_assert_eq(ledger_entry(snapshot, 4, &entry), STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
}

Test(ledger, i2_a_group_rolled_back_leaves_nothing)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    struct ledger_answer answer;
    sample_make(&a, 10, &sample);
    begin();
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_APPENDED);
    ledger_rollback(ledger);
    cr_assert_eq(size_now(), 0);
    begin();
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_APPENDED);
    cr_assert_eq(answer.entry.index, 0);
    commit();
}

/* Sent again, in the same group and after it, a batch is answered with the
 * entry it has: the agent gets its receipt again. */
Test(ledger, i3_a_batch_sent_again_gets_its_old_entry)
{
    struct stream a = stream_of(1, 1);
    struct sample samples[3];
    struct ledger_answer answer;
    begin();
    for (int i = 0; i < 3; i++) {
        sample_make(&a, 7, &samples[i]);
        now.wall_us += 1;
        cr_assert_eq(sample_append(&samples[i], &answer), LEDGER_APPENDED);
    }
    cr_assert_eq(sample_append(&samples[1], &answer), LEDGER_DUPLICATE);
    commit();
    now.wall_us += 1000;
    begin();
    for (uint64_t i = 0; i < 3; i++) {
        cr_assert_eq(sample_append(&samples[i], &answer), LEDGER_DUPLICATE);
        cr_assert_eq(answer.entry.index, i);
        cr_assert_eq(answer.entry.received_at,
                     1000 * CLOCK_US_PER_S + 1 + (int64_t)i);
        cr_assert(digest_equal(&answer.entry.digest, &samples[i].digest));
        cr_assert_eq(answer.stream.next_seq, 22);
        cr_assert_eq(answer.stream.last_index, 2);
    }
    commit();
    cr_assert_eq(size_now(), 3);
}

/* A clone or a disk put back: the same place, other bytes. Whatever its first
 * sequence and count, and whatever batch it names before it. */
Test(ledger, i3_same_position_other_bytes_is_taken_and_refused)
{
    struct stream a = stream_of(1, 1);
    struct stream clone;
    struct sample sample;
    struct ledger_answer answer;
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    begin();
    for (uint64_t seq = 1; seq <= 20; seq++) {
        clone = a;
        clone.fill = 0xcc;
        clone.header.first_seq = seq;
        sample_make(&clone, 1 + (uint32_t)seq, &sample);
        cr_assert_eq(sample_append(&sample, &answer), LEDGER_TAKEN);
        cr_assert_eq(answer.stream.next_seq, 21);
    }
    commit();
    cr_assert_eq(size_now(), 2);
}

Test(ledger, i3_a_gap_is_told_with_what_comes_next)
{
    struct stream a = stream_of(1, 1);
    struct sample first;
    struct sample second;
    struct sample third;
    struct ledger_answer answer;
    sample_make(&a, 10, &first);
    sample_make(&a, 10, &second);
    sample_make(&a, 10, &third);
    begin();
    cr_assert_eq(sample_append(&second, &answer), LEDGER_GAP);
    cr_assert_eq(answer.stream.next_seq, 1);
    cr_assert_eq(sample_append(&first, &answer), LEDGER_APPENDED);
    cr_assert_eq(sample_append(&third, &answer), LEDGER_GAP);
    cr_assert_eq(answer.stream.next_seq, 11);
    cr_assert(digest_equal(&answer.stream.last, &first.digest));
    cr_assert_eq(sample_append(&second, &answer), LEDGER_APPENDED);
    cr_assert_eq(sample_append(&third, &answer), LEDGER_APPENDED);
    commit();
    cr_assert_eq(size_now(), 3);
}

/* In order, but the batch before it is another than the one that is here. */
Test(ledger, i3_a_batch_that_names_another_before_it_is_refused)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    struct ledger_answer answer;
    a.header.previous.bytes[0] = 1;
    begin();
    sample_make(&a, 10, &sample);
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_UNCHAINED);
    a = stream_of(1, 1);
    sample_make(&a, 10, &sample);
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_APPENDED);
    a.header.previous.bytes[31] ^= 1;
    sample_make(&a, 10, &sample);
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_UNCHAINED);
    commit();
    cr_assert_eq(size_now(), 1);
}

/* Event ids are made of agent number and epoch ordinal: no second stream may
 * use those of a first, and a stream keeps its own. */
Test(ledger, i3_two_streams_never_share_their_numbers)
{
    struct stream a = stream_of(1, 1);
    struct stream b = stream_of(2, 1);
    struct sample sample;
    struct ledger_answer answer;
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    b.header.agent_number = 1;
    sample_make(&b, 10, &sample);
    begin();
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_TAKEN);
    a.header.agent_number = 3;
    sample_make(&a, 10, &sample);
    cr_assert_eq(sample_append(&sample, &answer), LEDGER_TAKEN);
    commit();
}

/* A new epoch of an agent begins at 1 again; the old one can still be asked. */
Test(ledger, i3_epochs_of_an_agent_are_streams_of_their_own)
{
    struct stream a = stream_of(1, 1);
    struct stream b = stream_of(1, 2);
    struct sample sample;
    struct ledger_answer answer;
    struct ledger_stream stream;
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    struct sample old = sample;
    sample_make(&b, 3, &sample);
    sample_commit(&sample);
    begin();
    cr_assert_eq(sample_append(&old, &answer), LEDGER_DUPLICATE);
    commit();
    struct ledger_snapshot *snapshot = open_snapshot();
    cr_assert_eq(
        ledger_stream(snapshot, &b.header.agent, &b.header.epoch, &stream),
        STATUS_OK);
    cr_assert_eq(stream.next_seq, 4);
    cr_assert_eq(stream.last_index, 1);
    cr_assert_eq(
        ledger_stream(snapshot, &b.header.epoch, &b.header.epoch, &stream),
        STATUS_OK);
    cr_assert_eq(stream.next_seq, 1);
    ledger_snapshot_close(&snapshot);
}

Test(ledger, the_entry_of_any_event_is_found)
{
    struct stream streams[3] = {stream_of(1, 1), stream_of(1, 2),
                                stream_of(2, 1)};
    struct sample sample;
    struct entry entry;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 3; i++) {
            sample_make(&streams[i], 1 + (uint32_t)round, &sample);
            sample_commit(&sample);
        }
    }
    struct ledger_snapshot *snapshot = open_snapshot();
    for (uint32_t i = 0; i < 3; i++) {
        for (uint64_t seq = 1; seq <= 10; seq++) {
            cr_assert_eq(
                ledger_find_event(snapshot, i / 2 + 1, i % 2 + 1, seq, &entry),
                STATUS_OK);
            cr_assert_eq(entry.index % 3, i);
            cr_assert_leq(entry.first_seq, seq);
            cr_assert_lt(seq, entry.first_seq + entry.count);
        }
        cr_assert_eq(
            ledger_find_event(snapshot, i / 2 + 1, i % 2 + 1, 0, &entry),
            STATUS_NOT_FOUND);
        cr_assert_eq(
            ledger_find_event(snapshot, i / 2 + 1, i % 2 + 1, 11, &entry),
            STATUS_NOT_FOUND);
    }
    cr_assert_eq(ledger_find_event(snapshot, 0, 1, 1, &entry),
                 STATUS_NOT_FOUND);
    cr_assert_eq(ledger_find_event(snapshot, 3, 1, 1, &entry),
                 STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
}

Test(ledger, control_entries_are_found_among_the_batches)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    struct ledger_answer answer;
    struct entry entry;
    begin();
    append_control("genesis", &answer);
    for (int i = 0; i < 5; i++) {
        sample_make(&a, 1, &sample);
        sample_append(&sample, &answer);
    }
    append_control("plan", &answer);
    append_control("units", &answer);
    commit();
    struct ledger_snapshot *snapshot = open_snapshot();
    cr_assert_eq(ledger_next_control(snapshot, 0, &entry), STATUS_OK);
    cr_assert_eq(entry.index, 0);
    cr_assert_eq(ledger_next_control(snapshot, 1, &entry), STATUS_OK);
    cr_assert_eq(entry.index, 6);
    cr_assert_eq(ledger_next_control(snapshot, 7, &entry), STATUS_OK);
    cr_assert_eq(entry.index, 7);
    cr_assert_eq(ledger_next_control(snapshot, 8, &entry), STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
}

Test(ledger, a_control_document_is_taken_once)
{
    struct ledger_answer answer;
    begin();
    append_control("plan", &answer);
    append_control("units", &answer);
    append_control("plan", &answer);
    cr_assert_eq(answer.verdict, LEDGER_DUPLICATE);
    cr_assert_eq(answer.entry.index, 0);
    commit();
    begin();
    append_control("units", &answer);
    cr_assert_eq(answer.verdict, LEDGER_DUPLICATE);
    cr_assert_eq(answer.entry.index, 1);
    commit();
    cr_assert_eq(size_now(), 2);
}

/* The clock goes forward, stands, steps back a day, and goes on. */
Test(ledger, received_at_never_decreases_and_a_step_is_flagged)
{
    static const int64_t steps[] = {5, 0, -86400, 1, 86400};
    static const uint16_t flags[] = {0, 0, 1, 1, 0};
    static const int64_t seconds[] = {1005, 1005, 1005, 1005, 1006};
    struct ledger_answer answer;
    char document[2] = "a";
    for (int i = 0; i < 5; i++) {
        now.wall_us += steps[i] * CLOCK_US_PER_S;
        document[0]++;
        begin();
        append_control(document, &answer);
        commit();
        ledger_fixture_reopen(0);
        cr_assert_eq(answer.entry.flags, flags[i], "%d", i);
        cr_assert_eq(answer.entry.received_at, seconds[i] * CLOCK_US_PER_S,
                     "%d", i);
    }
}

/* I4: what a snapshot shows stays as it is while the ledger grows. */
Test(ledger, i4_a_snapshot_stays_at_its_position)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    struct entry entry;
    struct ledger_stream stream;
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    struct ledger_snapshot *snapshot = open_snapshot();
    sample_make(&a, 10, &sample);
    sample_commit(&sample);
    cr_assert_eq(ledger_snapshot_size(snapshot), 1);
    cr_assert_eq(ledger_entry(snapshot, 1, &entry), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_find_event(snapshot, 1, 1, 11, &entry),
                 STATUS_NOT_FOUND);
    cr_assert_eq(
        ledger_stream(snapshot, &a.header.agent, &a.header.epoch, &stream),
        STATUS_OK);
    cr_assert_eq(stream.next_seq, 11);
    ledger_snapshot_close(&snapshot);
    cr_assert_eq(size_now(), 2);
}

Test(ledger, i11_a_group_has_a_greatest_number_of_entries)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    struct ledger_answer answer;
    begin();
    for (uint32_t i = 0; i < LEDGER_GROUP_MAX; i++) {
        sample_make(&a, 1, &sample);
        cr_assert_eq(sample_append(&sample, &answer), LEDGER_APPENDED);
    }
    struct sample last = sample;
    sample_make(&a, 1, &sample);
    cr_assert_eq(ledger_append_batch(ledger, &sample.header,
                                     sample_bytes(&sample), &sample.digest,
                                     &answer),
                 STATUS_AGAIN);
    cr_assert_eq(ledger_append_control(ledger, bytes_of_text("plan"), &answer),
                 STATUS_AGAIN);
    cr_assert_eq(sample_append(&last, &answer), LEDGER_DUPLICATE);
    commit();
    cr_assert_eq(size_now(), LEDGER_GROUP_MAX);
    sample_commit(&sample);
}

/* An empty group makes no entry and waits for no disk. */
Test(ledger, an_empty_group_is_nothing)
{
    begin();
    commit();
    cr_assert_eq(size_now(), 0);
}

/* What a report is made again from: the ledger as it was. */
Test(ledger, i4_a_prefix_shows_nothing_of_what_came_after_it)
{
    struct stream a = stream_of(1, 1);
    struct ledger_options options = {.path = path, .read_only = true};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger *reader = NULL;
    struct ledger_answer answer;
    struct sample sample;
    struct entry entry;

    for (int i = 0; i < 2; i++) {
        sample_make(&a, 10, &sample);
        sample_commit(&sample);
        begin();
        append_control(i == 0 ? "a plan" : "another plan", &answer);
        commit();
    }
    cr_assert_eq(ledger_open(&options, &reader), STATUS_OK);
    ledger_show_prefix(reader, 2);
    cr_assert_eq(ledger_snapshot_open(reader, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_size(snapshot), 2);
    cr_assert_eq(ledger_entry(snapshot, 1, &entry), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, 2, &entry), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_next_control(snapshot, 1, &entry), STATUS_OK);
    cr_assert_eq(ledger_next_control(snapshot, 2, &entry), STATUS_NOT_FOUND);
    cr_assert_eq(ledger_find_event(snapshot, 1, 1, 10, &entry), STATUS_OK);
    cr_assert_eq(ledger_find_event(snapshot, 1, 1, 11, &entry),
                 STATUS_NOT_FOUND);
    ledger_snapshot_close(&snapshot);
    ledger_show_prefix(reader, 5);
    cr_assert_eq(ledger_snapshot_open(reader, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_size(snapshot), 4);
    ledger_snapshot_close(&snapshot);
    ledger_close(&reader);
}
