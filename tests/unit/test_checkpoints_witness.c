#include "tests/support/checkpoint_fixture.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

#define HOUR_US (INT64_C(3600) * CLOCK_US_PER_S)

TestSuite(checkpoints_witness, .init = checkpoint_fixture_open,
          .fini = checkpoint_fixture_close);

/* ---- witnesses ---- */

static struct checkpoints_witness only_witness(void)
{
    struct checkpoints_witness witness = {0};

    cr_assert(checkpoints_witness(checkpoints, 0, &witness));
    cr_assert_not(checkpoints_witness(checkpoints, 1, &witness));
    cr_assert(checkpoints_witness(checkpoints, 0, &witness));
    return witness;
}

Test(checkpoints_witness, a_cosignature_is_kept_over_a_restart)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_standing standing;

    keys_fixed(9, &keys);
    append(5);
    step();
    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_OK);
    cr_assert_eq(checkpoints_due_at(checkpoints, 5),
                 now.monotonic_us + CHECKPOINTS_PAUSE_US);
    step();
    ledger_fixture_reopen(0);
    open_checkpoints();
    cr_assert_eq(only_witness().agent, 271);
    cr_assert_eq(only_witness().size, 5);
    cr_assert_eq(only_witness().time, 1000);
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.witnesses, 1);
    cr_assert_eq(standing.current, 1);
}

Test(checkpoints_witness, a_cosignature_of_something_else_is_refused)
{
    struct sign_keys keys;
    struct sign_keys other;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_witness witness;

    keys_fixed(9, &keys);
    keys_fixed(10, &other);
    append(5);
    step();
    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &other.public_key, &cosign),
        STATUS_REFUSED);
    cosign.time++;
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_REFUSED);
    checkpoint.root.bytes[0] ^= 1;
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_REFUSED);
    cosign.size = 6;
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_NOT_FOUND);
    cr_assert_not(checkpoints_witness(checkpoints, 0, &witness));
}

/* An office that was away cosigns an older one: that is worth something too,
 * and less than a later one does not take its place. */
Test(checkpoints_witness, an_earlier_checkpoint_can_be_cosigned)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;

    keys_fixed(9, &keys);
    append(5);
    step();
    for (uint64_t size = 3; size > 1; size--) {
        checkpoint = at(size);
        cosign = cosign_of(&checkpoint, &keys);
        cr_assert_eq(
            checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
            STATUS_OK);
        cr_assert_eq(only_witness().size, 3);
    }
}

Test(checkpoints_witness, an_objection_is_kept_until_the_office_cosigns)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    struct checkpoints_standing standing;
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_witness read;
    static struct wire_objection objection = {
        .reason = WIRE_OBJECTION_NO_PROOF,
        .held = {.bytes = "held", .size = 4},
        .given = {.bytes = "given", .size = 5},
    };

    keys_fixed(9, &keys);
    append(5);
    step();
    cr_assert_eq(checkpoints_objected(checkpoints, 271, &objection), STATUS_OK);
    ledger_fixture_reopen(0);
    open_checkpoints();
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.objections, 1);
    cr_assert_eq(standing.witnesses, 0);
    cr_assert_eq(only_witness().reason, WIRE_OBJECTION_NO_PROOF);

    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_OK);
    step();
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.objections, 0);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_next_witness(snapshot, 0, &read), STATUS_OK);
    cr_assert_eq(read.agent, 271);
    cr_assert_eq(read.cosignature.size, 5);
    cr_assert_eq(read.objection.reason, WIRE_OBJECTION_NO_PROOF);
    cr_assert_neq(read.objection.settled, 0);
    cr_assert_eq(read.objection.held.size, 4);
    cr_assert_eq(memcmp(read.objection.given.bytes, "given", 5), 0);
    ledger_snapshot_close(&snapshot);
}

/* ---- what is kept ---- */

Test(checkpoints_witness, the_last_and_the_first_of_each_hour_are_kept)
{
    /* At 1000 s of the epoch: three in the first hour, three in the next. */
    for (uint64_t size = 1; size <= 6; size++) {
        if (size == 4) {
            now.wall_us += HOUR_US;
        }
        append(1);
        step();
        cr_assert_eq(last_size(), size);
    }
    cr_assert(is_kept(1));
    cr_assert_not(is_kept(2));
    cr_assert_not(is_kept(3));
    cr_assert(is_kept(4));
    cr_assert_not(is_kept(5));
    cr_assert(is_kept(6));
}

Test(checkpoints_witness,
     what_a_witness_has_cosigned_is_kept_as_long_as_it_counts)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;

    keys_fixed(9, &keys);
    for (uint64_t size = 1; size <= 5; size++) {
        append(1);
        step();
        if (size == 2 || size == 4) {
            checkpoint = at(size);
            cosign = cosign_of(&checkpoint, &keys);
            cr_assert_eq(checkpoints_cosigned(checkpoints, 271,
                                              &keys.public_key, &cosign),
                         STATUS_OK);
        }
        if (size == 3) {
            cr_assert(is_kept(2));
        }
    }
    cr_assert_not(is_kept(2));
    cr_assert_not(is_kept(3));
    cr_assert(is_kept(4));
}

/* A slow line: what it cosigns has gone when it comes. */
Test(checkpoints_witness, what_is_cosigned_late_is_kept_again)
{
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;

    keys_fixed(9, &keys);
    for (uint64_t size = 1; size <= 4; size++) {
        append(1);
        step();
    }
    cr_assert_not(is_kept(2));
    checkpoint = at(2);
    cosign = cosign_of(&checkpoint, &keys);
    cr_assert_eq(
        checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
        STATUS_OK);
    append(1);
    step();
    cr_assert(is_kept(2));
    cr_assert_not(is_kept(3));
}

Test(checkpoints_witness, what_a_backup_mark_names_is_signed_and_kept)
{
    append(1);
    step();
    append(4);
    step();
    cr_assert_not(is_kept(3));
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(3, false);
    cr_assert(is_kept(3));
    append(1);
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(3, false);
    cr_assert_eq(last_size(), 6);
    cr_assert(is_kept(3));
    cr_assert_not(is_kept(5));
}

/* ---- too many words ---- */

/* One reason and then the other, every second: so many are written down in a
 * minute, and in the next one again. */
Test(checkpoints_witness, i11_so_many_objections_of_one_office_and_no_more)
{
    struct wire_objection objection = {.reason = WIRE_OBJECTION_NO_PROOF};

    append(5);
    step();
    for (unsigned minute = 0; minute < 2; minute++) {
        unsigned written = 0;
        int64_t at = minute == 0 ? 0 : only_witness().objected_at;

        for (unsigned i = 0; i < 3 * CHECKPOINTS_WORDS_MAX; i++) {
            clock_settable_advance(&now, CLOCK_US_PER_S);
            objection.reason = objection.reason == WIRE_OBJECTION_NO_PROOF
                                   ? WIRE_OBJECTION_RECEIPT
                                   : WIRE_OBJECTION_NO_PROOF;
            cr_assert_eq(checkpoints_objected(checkpoints, 271, &objection),
                         STATUS_OK);
            written += only_witness().objected_at != at;
            at = only_witness().objected_at;
        }
        cr_assert_eq(written, CHECKPOINTS_WORDS_MAX, "%u in minute %u", written,
                     minute);
        clock_settable_advance(&now, CHECKPOINTS_WORDS_US);
    }
}

/* An objection and a cosignature in turn. */
Test(checkpoints_witness, i11_so_many_ends_of_objections_and_no_more)
{
    const struct wire_objection objection = {.reason = WIRE_OBJECTION_NO_PROOF};
    struct sign_keys keys;
    struct checkpoint checkpoint;
    struct wire_cosign cosign;
    unsigned written = 0;

    keys_fixed(9, &keys);
    append(5);
    step();
    checkpoint = at(5);
    cosign = cosign_of(&checkpoint, &keys);
    for (unsigned i = 0; i < 3 * CHECKPOINTS_WORDS_MAX; i++) {
        int64_t objected = i == 0 ? 0 : only_witness().objected_at;
        int64_t settled = i == 0 ? 0 : only_witness().settled_at;

        clock_settable_advance(&now, CLOCK_US_PER_S);
        cr_assert_eq(checkpoints_objected(checkpoints, 271, &objection),
                     STATUS_OK);
        cr_assert_eq(
            checkpoints_cosigned(checkpoints, 271, &keys.public_key, &cosign),
            STATUS_OK);
        written += only_witness().objected_at != objected;
        written += only_witness().settled_at != settled &&
                   only_witness().settled_at != 0;
    }
    cr_assert_leq(written, CHECKPOINTS_WORDS_MAX);
}
