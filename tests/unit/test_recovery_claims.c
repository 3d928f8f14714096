#include "common/format/wire_pairs.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(recovery_claims, .init = set_up, .fini = tear_down);

/* ---- who says so ---- */

Test(recovery_claims, i6_a_bare_number_keeps_nothing_waiting)
{
    hear(1, was_size + 1000, 0);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(2);
    cr_assert_eq(recovery_target(recovery), 0, "nothing that was signed");
    cr_assert_eq(go_on(), 0, "an office has not answered");
    answered(1);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
}

/* Whatever it says of its batch, it has said one thing. */
Test(recovery_claims, i11_an_office_has_one_claim_to_an_entry)
{
    struct wire_pair own = was[batch_of(1, 0)];
    struct recovery_standing standing;

    show_controls();
    hear(1, was_size, 0);
    for (unsigned i = 0; i < 9; i++) {
        own.entry.received_at++;
        give(1, &own);
    }
    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    cr_assert_eq(standing.kept, 1);
    cr_assert_eq(standing.refused, 0);
}

/* A ledger that is whole hears of a checkpoint. */
Test(recovery_claims, only_this_ledgers_own_key_says_that_entries_are_missing)
{
    const struct recovery_options options = {
        .ledger = hall.ledger, .keys = &hall.keys, .clock = &hall.clock};
    struct recovery *whole = NULL;
    struct wire_hello hello = {.last_index = was_size};
    struct sign_keys other;
    struct buffer note;

    cr_assert_eq(recovery_open(&options, &whole), STATUS_OK);
    sign_keys_make(&other);
    sign_checkpoint(was_size, &hall.keys.ledger, &note);
    cr_assert_eq(recovery_hear(whole, 1, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_not(recovery_active(whole), "it is all there");
    memcpy(note.data + note.size - 8, "AAAA", 4);
    hello.last_index = 0;
    cr_assert_eq(recovery_hear(whole, 0, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    cr_assert_not(recovery_active(whole));
    hello.last_index = was_size + 1;
    cr_assert_eq(recovery_hear(whole, 0, &hello, (struct bytes){0}), STATUS_OK);
    cr_assert_not(recovery_active(whole), "a stranger may say anything");
    cr_assert_eq(recovery_hear(whole, 1, &hello, (struct bytes){0}), STATUS_OK);
    cr_assert_not(recovery_active(whole), "one office's word stops nobody");
    buffer_fini(&note);
    recovery_close(&whole);
}

/* The first control entries are there, and say of nobody that he belongs. */
Test(recovery_claims, i7_nobody_known_is_not_everybody_heard)
{
    hear(1, 0, 0);
    give(1, &was[0]);
    clock_settable_advance(&hall.now, INT64_C(60) * CLOCK_US_PER_S);
    (void)go_on();
    cr_assert(recovery_active(recovery));
}

/* Genuine checkpoints beyond a gap, more than are kept: what lies before the
 * gap is proven all the same. */
Test(recovery_claims, i5_great_checkpoints_do_not_push_out_the_small_one)
{
    static const struct digest root = {{1}};
    uint64_t small = was_size - 2;

    show_controls();
    hear(1, was_size, small);
    for (uint64_t i = 0; i < RECOVERY_NOTES_MAX + 4; i++) {
        hear_root(2, was_size + 100 + i, &root);
    }
    give_all(1);
    give_all(2);
    cr_assert_eq(go_on(), small);
}
