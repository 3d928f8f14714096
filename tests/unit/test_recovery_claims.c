#include "common/format/wire_pairs.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(recovery_claims, .init = set_up, .fini = tear_down);

/* ---- who says so ---- */

Test(recovery_claims, an_office_that_claims_too_much_is_not_waited_for)
{
    hear(1, was_size + 1000, 0);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(2);
    cr_assert_eq(recovery_target(recovery), was_size + 1000);
    answered(1);
    cr_assert_eq(recovery_target(recovery), was_size);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
}

Test(recovery_claims, i11_only_so_many_claims_to_one_entry_are_kept)
{
    struct wire_pair claim = was[batch_of(1, 0)];
    struct recovery_standing standing;

    hear(1, was_size, 0);
    for (unsigned i = 0; i < RECOVERY_RIVALS_MAX + 3; i++) {
        claim.entry.received_at++;
        give(1, &claim);
    }
    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    cr_assert_eq(standing.kept, 1, "one index, whoever claims it");
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
    hear(0, 0, 0);
    give(0, &was[0]);
    (void)go_on();
    cr_assert(recovery_active(recovery));
}

/* ---- giving up ---- */

Test(recovery_claims, what_nobody_returns_is_given_up_by_its_number)
{
    static struct control_break broken;
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    uint64_t gone = batch_of(2, 0);

    hear(1, was_size - 1, was_size);
    give_all(1);
    answered(1);
    cr_assert_eq(go_on(), 0);
    cr_assert_eq(recovery_give_up(recovery, &broken), STATUS_OK);
    cr_assert_not(recovery_active(recovery));
    cr_assert_eq(broken.missing[0].from, gone);
    cr_assert_eq(broken.old_size, was_size);
    cr_assert_eq(broken.missing_count, 3);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_size(snapshot), was_size + 1);
    for (uint64_t i = 0; i < was_size; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(entry.kind == ENTRY_MISSING,
                     was[i].entry.agent_number == 2);
    }
    cr_assert_eq(ledger_entry(snapshot, was_size, &entry), STATUS_OK);
    cr_assert_eq(entry.kind, ENTRY_CONTROL);
    ledger_snapshot_close(&snapshot);
}

Test(recovery_claims,
     there_is_nothing_to_give_up_before_the_first_entry_is_there)
{
    static struct control_break broken;

    hear(1, was_size, 0);
    give(1, &was[batch_of(1, 0)]);
    cr_assert_eq(recovery_give_up(recovery, &broken), STATUS_NOT_FOUND);
    cr_assert(recovery_active(recovery));
}
