#include "common/format/wire_pairs.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(recovery, .init = set_up, .fini = tear_down);

/* ---- coming back ---- */

Test(recovery, i7_a_lost_ledger_comes_back_as_it_was)
{
    hear(1, was_size - 1, was_size);
    give_all(1);
    hear(2, was_size, 0);
    cr_assert_eq(go_on(), 0, "nothing before the root is there");
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

Test(recovery, i7_what_no_checkpoint_covers_waits_for_every_office)
{
    hear(1, was_size - 1, 0);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    cr_assert_eq(go_on(), 0);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* The process dies after each step, and in the middle of what came back. */
Test(recovery, i7_an_interrupted_rebuilding_goes_on)
{
    bool more = true;
    bool appended = false;

    show_controls();
    hear(1, was_size - 1, was_size - 2);
    hear(2, was_size, was_size);
    for (uint64_t i = was_size; i-- > 0;) {
        give(was[i].entry.kind == ENTRY_CONTROL ? 1 : was[i].entry.agent_number,
             &was[i]);
        open_again();
    }
    answered(1);
    answered(2);
    for (unsigned i = 0; recovery_active(recovery) && i < TURNS_MAX; i++) {
        open_again();
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

Test(recovery, i3_nothing_new_is_taken_while_entries_are_missing)
{
    struct ledger_answer answer;

    cr_assert(recovery_active(recovery));
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_append_control(ledger, was[0].bytes, &answer),
                 STATUS_REBUILDING);
    ledger_rollback(ledger);
}

/* ---- what must not get in ---- */

/* The office's own batch, well signed: only the time of the receipt differs. */
Test(recovery, i5_a_forged_receive_time_never_gets_in)
{
    uint64_t at = batch_of(1, 1);
    struct wire_pair forged = was[at];

    forged.entry.received_at++;
    show_controls();
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give(1, &forged);
    for (uint64_t i = 0; i < was_size; i++) {
        if (i != at) {
            give(was[i].entry.kind == ENTRY_CONTROL ? 2
                                                    : was[i].entry.agent_number,
                 &was[i]);
        }
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), 0);
    cr_assert(recovery_active(recovery));
    give(1, &was[at]); /* it says the truth after all */
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* Office 2 says that what office 1 sent is its own; both are well signed. */
Test(recovery, i5_of_two_that_claim_one_entry_the_root_decides)
{
    uint64_t at = batch_of(1, 0);
    struct wire_pair stolen = was[batch_of(2, 0)];

    stolen.entry.index = at;
    stolen.entry.received_at = was[at].entry.received_at;
    show_controls();
    hear(2, was_size, was_size);
    give(2, &stolen);
    give_all(2);
    hear(1, was_size - 1, 0);
    give_all(1);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* No checkpoint says anything: the signature of the batch has to do. */
Test(recovery, i8_a_batch_of_another_key_is_never_taken)
{
    uint64_t at = batch_of(1, 0);
    struct wire_pair forged = was[at];
    struct office thief = offices[0];
    struct sign_keys keys = offices[1].sign_keys;
    struct event event;

    thief.sign_keys = keys;
    thief.next.first_seq = 1;
    memset(&thief.next.previous, 0, sizeof thief.next.previous);
    buffer_init(&thief.batch, BATCH_BYTES_MAX);
    office_visit(&thief, 99, &event);
    forged.bytes = office_seal(&thief, &event, 1);
    forged.entry.size = (uint32_t)forged.bytes.size;
    digest_bytes(forged.bytes, &forged.entry.digest);
    show_controls();
    hear(1, was_size - 1, 0);
    hear(2, was_size, 0);
    give(1, &forged);
    for (uint64_t i = 0; i < was_size; i++) {
        if (i != at) {
            give(was[i].entry.kind == ENTRY_CONTROL ? 2
                                                    : was[i].entry.agent_number,
                 &was[i]);
        }
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), at, "what follows the gap is sent again");
    buffer_fini(&thief.batch);
}

Test(recovery, i8_a_control_entry_of_another_administrator_is_refused)
{
    struct wire_pair forged = was[0];
    struct sign_keys keys;
    struct control *control = NULL;
    struct buffer document;

    sign_keys_make(&keys);
    cr_assert_eq(control_open(was[0].bytes, NULL, &control), STATUS_OK);
    control->genesis.administrator = keys.public_key;
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(control, &keys, &document), STATUS_OK);
    forged.bytes = buffer_bytes(&document);
    forged.entry.size = (uint32_t)document.size;
    digest_bytes(forged.bytes, &forged.entry.digest);
    give(1, &forged);
    cr_assert_eq(refused(), 1);
    control_free(&control);
    buffer_fini(&document);
}

/* A stranger, and an office that returns what is another's. */
Test(recovery, i8_batches_are_taken_from_their_own_office_alone)
{
    show_controls();
    give(0, &was[batch_of(1, 0)]);
    give(2, &was[batch_of(1, 0)]);
    cr_assert_eq(refused(), 2);
    give(0, &was[0]);
    cr_assert_eq(refused(), 2, "control entries are anybody's");
}
