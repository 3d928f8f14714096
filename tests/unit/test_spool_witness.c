#include "agent/spool/spool_witness.h"

#include "agent/office/standing.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(spool_witness, .init = spool_fixture_open,
          .fini = spool_fixture_close);

static struct wire_note note_of(uint8_t value, size_t size)
{
    struct wire_note note = {.size = size};

    memset(note.bytes, value, size);
    return note;
}

static struct spool_witness read_all(void)
{
    struct spool_witness witness;

    spool_fixture_reopen();
    cr_assert_eq(spool_witness(spool, &witness), STATUS_OK);
    return witness;
}

static void expect_note(const struct wire_note *note, uint8_t value,
                        size_t size)
{
    struct wire_note expected = note_of(value, size);

    cr_assert_eq(note->size, size);
    cr_assert_eq(memcmp(note->bytes, expected.bytes, size), 0);
}

Test(spool_witness, nothing_is_known_at_first)
{
    struct spool_witness witness = read_all();
    struct spool_proof proof;
    uint64_t index = 1;

    cr_assert_eq(witness.held.size, 0);
    cr_assert_eq(witness.reason, 0);
    cr_assert_eq(witness.behind, 0);
    cr_assert_eq(witness.proven_at, 0);
    cr_assert_eq(spool_wanted_proof(spool, &index), STATUS_NOT_FOUND);
    cr_assert_eq(spool_proof(spool, 0, &proof), STATUS_NOT_FOUND);
}

Test(spool_witness, i11_the_largest_checkpoint_is_kept_over_a_restart)
{
    struct wire_note note = note_of(1, WIRE_NOTE_MAX);
    struct spool_witness witness;

    cr_assert_eq(spool_witness_take(spool, &note, 77), STATUS_OK);
    cr_assert_eq(spool_witness_proven(spool, 5, 78), STATUS_OK);
    witness = read_all();
    expect_note(&witness.held, 1, WIRE_NOTE_MAX);
    cr_assert_eq(witness.held_at, 77);
    cr_assert_eq(witness.proven, 5);
    cr_assert_eq(witness.proven_at, 78);
}

/* The first evidence stays; what is asked each minute is not news. */
Test(spool_witness, an_objection_keeps_its_first_evidence)
{
    struct wire_note held = note_of(1, WIRE_NOTE_MAX);
    struct wire_note given = note_of(2, WIRE_NOTE_MAX);
    struct wire_note later = note_of(3, 10);
    struct spool_witness witness;

    cr_assert_eq(
        spool_witness_object(spool, WIRE_OBJECTION_NO_PROOF, 10, &held, &given),
        STATUS_OK);
    cr_assert_eq(spool_witness_object(spool, WIRE_OBJECTION_NO_PROOF, 20,
                                      &later, &later),
                 STATUS_OK);
    witness = read_all();
    cr_assert_eq(witness.reason, WIRE_OBJECTION_NO_PROOF);
    cr_assert_eq(witness.since, 10);
    cr_assert_eq(witness.last, 20);
    cr_assert_eq(witness.settled, 0);
    expect_note(&witness.alarm_held, 1, WIRE_NOTE_MAX);
    expect_note(&witness.alarm_given, 2, WIRE_NOTE_MAX);
    /* Another reason is news. */
    cr_assert_eq(
        spool_witness_object(spool, WIRE_OBJECTION_SMALLER, 30, &held, &later),
        STATUS_OK);
    witness = read_all();
    cr_assert_eq(witness.since, 30);
    expect_note(&witness.alarm_given, 3, 10);
}

Test(spool_witness, a_checkpoint_that_is_taken_settles_what_was_wrong)
{
    struct wire_note note = note_of(1, 10);
    struct spool_witness witness;

    cr_assert_eq(spool_witness_behind(spool, 3, 5), STATUS_OK);
    cr_assert_eq(
        spool_witness_object(spool, WIRE_OBJECTION_SMALLER, 10, &note, &note),
        STATUS_OK);
    witness = read_all();
    cr_assert_eq(witness.behind, 3);
    cr_assert_eq(witness.behind_at, 5);
    cr_assert_eq(spool_witness_take(spool, &note, 50), STATUS_OK);
    witness = read_all();
    cr_assert_eq(witness.behind, 0);
    cr_assert_eq(witness.reason, WIRE_OBJECTION_SMALLER); /* it stays known */
    cr_assert_eq(witness.settled, 50);
    /* The same again is another case. */
    cr_assert_eq(
        spool_witness_object(spool, WIRE_OBJECTION_SMALLER, 60, &note, &note),
        STATUS_OK);
    witness = read_all();
    cr_assert_eq(witness.since, 60);
    cr_assert_eq(witness.settled, 0);
    cr_assert_eq(spool_witness_behind(spool, 0, 0), STATUS_OK);
}

Test(spool_witness, i11_the_largest_proof_is_asked_for_and_answered_once)
{
    uint8_t *note = malloc(WIRE_PROOF_NOTE_MAX);
    struct spool_proof proof = {.index = 9,
                                .note = {note, WIRE_PROOF_NOTE_MAX},
                                .path = {.count = MERKLE_PROOF_MAX}};
    struct spool_proof read;
    uint64_t index = 0;

    memset(note, 'n', WIRE_PROOF_NOTE_MAX);
    memset(proof.entry, 4, ENTRY_BYTES);
    memset(proof.path.hashes, 5, sizeof proof.path.hashes);
    cr_assert_eq(spool_want_proof(spool, 9), STATUS_OK);
    cr_assert_eq(spool_wanted_proof(spool, &index), STATUS_OK);
    cr_assert_eq(index, 9);
    cr_assert_eq(spool_put_proof(spool, &proof), STATUS_OK);
    cr_assert_eq(spool_wanted_proof(spool, &index), STATUS_NOT_FOUND);
    cr_assert_eq(spool_proof(spool, 8, &read), STATUS_NOT_FOUND);
    cr_assert_eq(spool_proof(spool, 9, &read), STATUS_OK);
    cr_assert_eq(read.path.count, MERKLE_PROOF_MAX);
    cr_assert_eq(
        memcmp(read.path.hashes, proof.path.hashes, sizeof read.path.hashes),
        0);
    cr_assert_eq(memcmp(read.entry, proof.entry, ENTRY_BYTES), 0);
    cr_assert(bytes_equal(read.note, proof.note));
    /* Asking anew forgets the answer. */
    cr_assert_eq(spool_want_proof(spool, 9), STATUS_OK);
    cr_assert_eq(spool_proof(spool, 9, &read), STATUS_NOT_FOUND);
    free(note);
}

/* ---- proofs of own receipts ---- */

/* The first that is not answered is kept, over a restart too, whatever else is
 * asked for meanwhile. */
Test(spool_witness, a_proof_that_does_not_come_is_remembered)
{
    struct spool_witness witness;

    cr_assert_eq(spool_witness_ask(spool, 7, 1000), STATUS_OK);
    cr_assert_eq(spool_witness_ask(spool, 9, 2000), STATUS_OK);
    cr_assert_eq(spool_witness_ask(spool, 7, 3000), STATUS_OK);
    cr_assert_eq(spool_witness_answered(spool, 9), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(spool_witness(spool, &witness), STATUS_OK);
    cr_assert_eq(witness.asked, 7);
    cr_assert_eq(witness.asked_since, 1000);
    cr_assert_eq(witness.asked_times, 2);
    cr_assert_eq(spool_witness_answered(spool, 7), STATUS_OK);
    cr_assert_eq(spool_witness(spool, &witness), STATUS_OK);
    cr_assert_eq(witness.asked_times, 0);
    cr_assert_eq(spool_witness_ask(spool, 9, 4000), STATUS_OK);
    cr_assert_eq(spool_witness(spool, &witness), STATUS_OK);
    cr_assert_eq(witness.asked, 9);
}

Test(spool_witness, a_proof_that_does_not_come_in_a_day_is_told)
{
    struct spool_witness witness = {
        .asked = 7, .asked_since = 1000, .asked_times = 3};
    int64_t day = 1000 + CLOCK_US_PER_DAY;

    cr_assert(standing_unanswered(&witness, day));
    cr_assert_not(standing_unanswered(&witness, day - 1));
    witness.asked_times = 2; /* the line may have been down all day */
    cr_assert_not(standing_unanswered(&witness, day));
    witness = (struct spool_witness){.asked_times = 0};
    cr_assert_not(standing_unanswered(&witness, day));
}
