#include "agent/spool/spool_slots.h"

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_outbox.h"
#include "agent/spool/spool_witness.h"
#include "common/fold/fold.h"
#include "common/format/wire.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#define FIRST   0u /* slots */
#define SECOND  1u
#define THIRD   2u
#define BATCHES 3u

TestSuite(spool_slots, .init = spool_fixture_open, .fini = spool_fixture_close);

static void save_batches(void)
{
    for (uint32_t i = 1; i <= BATCHES; i++) {
        struct event event = spool_fixture_event(1, i);

        (void)spool_fixture_save(&event);
        cr_assert_eq(spool_fixture_seal_all(), 1);
    }
}

static void take_second(unsigned slot)
{
    struct random_id ledger = keys_id((uint8_t)(40 + slot));

    cr_assert_eq(spool_claim(spool, slot, &ledger), STATUS_OK);
    spool_set_slots(spool, FIRST, 1u << slot);
}

/* A receipt of the collector of `slot`. */
static void receive(unsigned slot, uint64_t seq, uint64_t index)
{
    uint8_t receipt[ENTRY_BYTES];
    unsigned was = spool_turn(spool, slot);

    spool_fixture_receipt(seq, index, receipt);
    cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                 STATUS_OK);
    (void)spool_turn(spool, was);
}

static enum spool_state state_at(unsigned slot, uint64_t seq)
{
    unsigned was = spool_turn(spool, slot);
    enum spool_state state = spool_fixture_state(spool_fixture_id(seq));

    (void)spool_turn(spool, was);
    return state;
}

static uint64_t unreceipted_at(unsigned slot)
{
    unsigned was = spool_turn(spool, slot);
    uint64_t seq = 0;

    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    (void)spool_turn(spool, was);
    return seq;
}

static uint64_t index_at(unsigned slot)
{
    unsigned was = spool_turn(spool, slot);
    struct entry entry = {.index = 0};

    cr_assert_eq(spool_last_receipt(spool, &entry), STATUS_OK);
    (void)spool_turn(spool, was);
    return entry.index;
}

static struct spool_lack lack_of(unsigned slot)
{
    struct spool_lack lack;

    cr_assert_eq(spool_lack(spool, slot, 1, &lack), STATUS_OK);
    return lack;
}

Test(spool_slots, i3_each_collector_has_its_own_receipts)
{
    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    receive(SECOND, 1, 77);
    receive(SECOND, 2, 78);
    for (unsigned pass = 0; pass < 2; pass++) {
        cr_assert_eq(unreceipted_at(FIRST), 2);
        cr_assert_eq(unreceipted_at(SECOND), 3);
        cr_assert_eq(unreceipted_at(THIRD), 1);
        cr_assert_eq(index_at(FIRST), 10);
        cr_assert_eq(index_at(SECOND), 78);
        cr_assert_eq(state_at(FIRST, 2), SPOOL_SEALED);
        cr_assert_eq(state_at(SECOND, 2), SPOOL_RECEIVED);
        cr_assert_eq(spool_fixture_counts().received, 1);
        spool_fixture_reopen();
    }
}

/* What is saved and sealed while another one is spoken of is the office's. */
Test(spool_slots, saving_and_sealing_happen_once_for_all)
{
    struct event event = spool_fixture_event(1, 9);
    struct batch_header header;
    struct bytes batch;
    uint64_t last;

    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    spool_set_slots(spool, SECOND, 1u << FIRST);
    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_fixture_seal_all(), 1);
    receive(SECOND, 1, 70);
    spool_set_slots(spool, FIRST, 1u << SECOND);
    cr_assert_eq(spool_last_seq(spool, &last), STATUS_OK);
    cr_assert_eq(last, BATCHES + 1);
    cr_assert_eq(spool_batch(spool, last, &header, &batch), STATUS_OK);
    cr_assert_eq(unreceipted_at(FIRST), 2);
    cr_assert_eq(unreceipted_at(SECOND), 2);
}

Test(spool_slots, whatever_a_collector_says_stays_its_own)
{
    static const uint8_t text[] = "plan";
    struct bytes document = {text, sizeof text};
    struct spool_outcome outcome = {.event = spool_fixture_id(1),
                                    .outcome = FOLD_COUNTED + 1};
    struct spool_link link = {.frozen = SPOOL_REVOKED, .heard_at = 5};
    struct wire_note note = {.bytes = "note", .size = 4};
    struct spool_backup backup;
    struct spool_witness witness;
    struct digest digest;

    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    receive(SECOND, 1, 70);
    (void)spool_turn(spool, SECOND);
    cr_assert_eq(spool_set_document(spool, "plan", document), STATUS_OK);
    cr_assert_eq(spool_set_outcomes(spool, &outcome, 1), STATUS_OK);
    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    cr_assert_eq(spool_set_backup(spool, 71), STATUS_OK);
    cr_assert_eq(spool_witness_take(spool, &note, 6), STATUS_OK);
    (void)spool_turn(spool, FIRST);
    cr_assert_eq(spool_document_digest(spool, "plan", &digest),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_outcome(spool, outcome.event, &outcome),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    cr_assert_eq(link.frozen, SPOOL_RUNNING);
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.up_to, 0);
    cr_assert_eq(spool_witness(spool, &witness), STATUS_OK);
    cr_assert_eq(witness.held.size, 0);
    cr_assert_eq(spool_fixture_counts().to_mend, 0);
    cr_assert_eq(state_at(FIRST, 1), SPOOL_RECEIVED);
    cr_assert_eq(state_at(SECOND, 1), SPOOL_TO_MEND);
    spool_set_slots(spool, SECOND, 1u << FIRST);
    cr_assert_eq(spool_fixture_counts().to_mend, 1);
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.up_to, 71);
}

Test(spool_slots, i7_nothing_leaves_that_another_collector_lacks)
{
    struct spool_backup backup;
    struct spool_lack lack;
    uint64_t events;

    save_batches();
    take_second(SECOND);
    for (uint64_t seq = 1; seq <= BATCHES; seq++) {
        receive(FIRST, seq, 10 + seq);
    }
    cr_assert_eq(spool_set_backup(spool, 100), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_NOT_FOUND);
    lack = lack_of(SECOND);
    cr_assert_eq(lack.received, 0);
    cr_assert_eq(lack.events, BATCHES);
    cr_assert(lack.holds_room);
    cr_assert_eq(spool_lack(spool, SECOND, 0, &lack), STATUS_OK);
    cr_assert_not(lack.holds_room, "there is room");
    receive(SECOND, 1, 70);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(events, 1);
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.kept_from, spool_fixture_id(2));
    cr_assert_eq(lack_of(SECOND).received, 1);
    /* It is none of ours any more: the room is the primary's to give. */
    spool_set_slots(spool, FIRST, 0);
    cr_assert_eq(spool_release(spool, SECOND), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(events, 1);
}

/* Whose backup mark it is decides: the other has the batches, but says nothing
 * of copies. */
Test(spool_slots, i7_the_mark_of_another_than_the_primary_frees_nothing)
{
    uint64_t events;

    save_batches();
    take_second(SECOND);
    for (uint64_t seq = 1; seq <= BATCHES; seq++) {
        receive(FIRST, seq, 10 + seq);
        receive(SECOND, seq, 70 + seq);
    }
    (void)spool_turn(spool, SECOND);
    cr_assert_eq(spool_set_backup(spool, 100), STATUS_OK);
    (void)spool_turn(spool, FIRST);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_NOT_FOUND);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_RECEIVED);
    spool_set_slots(spool, SECOND, 1u << FIRST);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_BACKED_UP);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
}

/* The mark moves there and back, and nothing was lost of what each had. */
Test(spool_slots, i7_the_mark_moves_without_a_copy)
{
    struct spool_standings standings;
    uint64_t events;

    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    receive(FIRST, 2, 11);
    receive(SECOND, 1, 70);
    cr_assert_eq(spool_set_backup(spool, 100), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    spool_set_slots(spool, SECOND, 1u << FIRST);
    cr_assert_eq(spool_standings(spool, &standings), STATUS_OK);
    cr_assert_eq(standings.saved, 2);
    cr_assert_eq(standings.received, 0);
    cr_assert_eq(standings.removed, 1);
    cr_assert_eq(unreceipted_at(SECOND), 2);
    spool_set_slots(spool, FIRST, 1u << SECOND);
    cr_assert_eq(spool_standings(spool, &standings), STATUS_OK);
    cr_assert_eq(standings.saved, 1);
    cr_assert_eq(standings.backed_up, 1);
    cr_assert_eq(standings.removed, 1);
}

Test(spool_slots, i3_a_slot_is_emptied_for_another_ledger_only)
{
    struct random_id ledger = keys_id(40 + SECOND);
    struct random_id other = keys_id(99);
    struct entry entry;

    save_batches();
    take_second(SECOND);
    receive(SECOND, 1, 70);
    spool_set_slots(spool, FIRST, 0);
    cr_assert_eq(spool_claim(spool, SECOND, &ledger), STATUS_OK);
    cr_assert_eq(unreceipted_at(SECOND), 2);
    cr_assert_eq(spool_claim(spool, SECOND, &other), STATUS_OK);
    cr_assert_eq(unreceipted_at(SECOND), 1);
    (void)spool_turn(spool, SECOND);
    cr_assert_eq(spool_last_receipt(spool, &entry), STATUS_NOT_FOUND);
}

/* The first one is dead and removed: its slot serves a new one. */
Test(spool_slots, i3_slot_0_is_emptied_without_what_is_the_offices)
{
    struct random_id other = keys_id(99);
    struct spool_identity identity;
    uint64_t last;

    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    receive(SECOND, 2, 70);
    spool_set_slots(spool, SECOND, 0);
    cr_assert_eq(spool_claim(spool, FIRST, &other), STATUS_OK);
    cr_assert_eq(unreceipted_at(FIRST), 1);
    cr_assert_eq(spool_identity(spool, &identity), STATUS_OK);
    cr_assert_eq(identity.agent_number, SPOOL_FIXTURE_AGENT);
    cr_assert_eq(spool_last_seq(spool, &last), STATUS_OK);
    cr_assert_eq(last, BATCHES);
    cr_assert_eq(state_at(SECOND, 2), SPOOL_RECEIVED);
}

/* The primary opened a new epoch and said what it has of the old one; that says
 * nothing of the other. */
Test(spool_slots, i7_a_new_epoch_says_nothing_of_what_another_received)
{
    struct random_id epoch = keys_id(50);
    struct spool_counts counts;

    save_batches();
    take_second(SECOND);
    receive(FIRST, 1, 10);
    receive(SECOND, 1, 70);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, 3), STATUS_OK);
    cr_assert_eq(state_at(FIRST, 2), SPOOL_RECEIVED);
    cr_assert_eq(state_at(SECOND, 1), SPOOL_RECEIVED);
    cr_assert_eq(state_at(SECOND, 2), SPOOL_SEALED);
    cr_assert_eq(state_at(SECOND, 3), SPOOL_MOVED);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.received, 2);
    cr_assert_eq(counts.moved, 1);
    cr_assert_eq(counts.saved, 1);
    (void)spool_turn(spool, SECOND);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.received, 1);
    cr_assert_eq(counts.sealed, 1);
    cr_assert_eq(counts.moved, 1);
    cr_assert_eq(counts.saved, 1);
}

/* What had left before the collector came can be neither sent nor received from
 * here: it begins behind that. */
Test(spool_slots, i3_a_new_collector_begins_behind_what_has_left)
{
    struct random_id ledger = keys_id(41);
    struct digest past;
    uint64_t events;

    save_batches();
    receive(FIRST, 1, 10);
    receive(FIRST, 2, 11);
    cr_assert_eq(spool_set_backup(spool, 11), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(spool_claim(spool, SECOND, &ledger), STATUS_OK);
    spool_set_slots(spool, FIRST, 1u << SECOND);
    cr_assert_eq(unreceipted_at(SECOND), 2);
    cr_assert_eq(lack_of(SECOND).events, BATCHES - 1);
    (void)spool_turn(spool, SECOND);
    cr_assert_eq(spool_past(spool, 1, &past), STATUS_REFUSED);
}

/* The province brought the rest of the old epoch there by a file: the collector
 * is asked for receipts, and tells them. */
Test(spool_slots, i7_receipts_of_a_closed_epoch_come_later)
{
    struct random_id epoch = keys_id(50);
    struct wire_pair pairs[2];
    uint8_t receipt[ENTRY_BYTES];
    uint64_t from = 7;

    memset(pairs, 0, sizeof pairs);
    save_batches();
    take_second(SECOND);
    for (uint64_t seq = 1; seq < BATCHES; seq++) {
        receive(FIRST, seq, 10 + seq);
        spool_fixture_receipt(seq, 70 + seq, receipt);
        cr_assert_eq(entry_read((struct bytes){receipt, ENTRY_BYTES},
                                &pairs[seq - 1].entry),
                     STATUS_OK);
    }
    pairs[1].entry.first_seq++; /* a batch that is not here */
    cr_assert_eq(spool_past_from(spool, &from), STATUS_NOT_FOUND);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, BATCHES), STATUS_OK);
    cr_assert_eq(spool_past_from(spool, &from), STATUS_NOT_FOUND,
                 "the primary has said what it has");
    (void)spool_turn(spool, SECOND);
    cr_assert_eq(spool_past_from(spool, &from), STATUS_OK);
    cr_assert_eq(from, 0);
    cr_assert_eq(spool_keep_past(spool, pairs, 2, 80), STATUS_OK);
    cr_assert_eq(state_at(SECOND, 1), SPOOL_RECEIVED);
    cr_assert_eq(state_at(SECOND, 2), SPOOL_SEALED);
    cr_assert_eq(spool_past_from(spool, &from), STATUS_OK);
    cr_assert_eq(from, 80);
    pairs[1].entry.first_seq--;
    cr_assert_eq(spool_keep_past(spool, pairs, 2, 90), STATUS_OK);
    cr_assert_eq(state_at(SECOND, 2), SPOOL_RECEIVED);
    cr_assert_eq(spool_past_from(spool, &from), STATUS_NOT_FOUND);
    (void)spool_turn(spool, FIRST);
    cr_assert_eq(state_at(FIRST, 2), SPOOL_RECEIVED);
}

/* What the program before this one wrote opens as that of slot 0. */
Test(spool_slots, a_spool_of_the_format_before_is_that_of_one_collector)
{
    save_batches();
    receive(FIRST, 1, 10);
    cr_assert_eq(spool_set_backup(spool, 11), STATUS_OK);
    spool_fixture_age(3);
    cr_assert_eq(state_at(FIRST, 1), SPOOL_BACKED_UP);
    cr_assert_eq(unreceipted_at(FIRST), 2);
    cr_assert_eq(unreceipted_at(SECOND), 1);
    take_second(SECOND);
    receive(SECOND, 1, 70);
    spool_fixture_reopen();
    cr_assert_eq(index_at(FIRST), 10);
    cr_assert_eq(index_at(SECOND), 70);
}

Test(spool_slots, i11_a_slot_beyond_the_last_is_our_bug, .signal = SIGABRT)
{
    (void)spool_turn(spool, SPOOL_SLOTS);
}

Test(spool_slots, i11_the_last_slot_is_one_like_the_others)
{
    save_batches();
    take_second(SPOOL_SLOTS - 1);
    receive(SPOOL_SLOTS - 1, 1, 70);
    cr_assert_eq(unreceipted_at(SPOOL_SLOTS - 1), 2);
    cr_assert_eq(unreceipted_at(FIRST), 1);
}
