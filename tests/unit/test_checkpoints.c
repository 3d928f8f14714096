#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/format/control.h"
#include "tests/support/checkpoint_fixture.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

#define ORIGIN CHECKPOINT_FIXTURE_ORIGIN

TestSuite(checkpoints, .init = checkpoint_fixture_open,
          .fini = checkpoint_fixture_close);

/* ---- signing ---- */

Test(checkpoints, the_root_of_the_ledger_is_signed)
{
    const struct checkpoint *last;
    const struct wire_note *note;
    struct checkpoint read;
    struct checkpoint expected;

    step();
    cr_assert_eq(last_size(), 0); /* of nothing there is nothing to say */
    append(5);
    step();
    expected = at(5);
    cr_assert(checkpoints_last(checkpoints, &last, &note));
    cr_assert_eq(checkpoint_open((struct bytes){note->bytes, note->size},
                                 ORIGIN, &ledger_keys.public_key, &read, NULL),
                 STATUS_OK);
    cr_assert_eq(read.size, 5);
    cr_assert(digest_equal(&read.root, &expected.root));
}

/* At once when it is time, and never more often than that. */
Test(checkpoints, i11_one_is_signed_in_a_pause)
{
    append(1);
    cr_assert_eq(checkpoints_due_at(checkpoints, 1),
                 now.monotonic_us + CHECKPOINTS_PAUSE_US);
    step_marked(0, false);
    cr_assert_eq(last_size(), 0); /* offices are heard first */
    step();
    cr_assert_eq(last_size(), 1);
    append(1);
    cr_assert_eq(checkpoints_due_at(checkpoints, 2),
                 now.monotonic_us + CHECKPOINTS_PAUSE_US);
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US - 1);
    step_marked(0, false);
    cr_assert_eq(last_size(), 1);
    clock_settable_advance(&now, 1);
    step_marked(0, false);
    cr_assert_eq(last_size(), 2);
    cr_assert_eq(checkpoints_due_at(checkpoints, 2), INT64_MAX);
}

Test(checkpoints, the_last_one_is_known_after_a_restart)
{
    append(3);
    step();
    ledger_fixture_reopen(0);
    open_checkpoints();
    cr_assert_eq(last_size(), 3);
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(checkpoints_due_at(checkpoints, 3), INT64_MAX);
}

Test(checkpoints, nothing_is_signed_while_the_ledger_is_rebuilt)
{
    append(3);
    clock_settable_advance(&now, CHECKPOINTS_PAUSE_US);
    step_marked(0, true);
    cr_assert_eq(last_size(), 0);
    step();
    cr_assert_eq(last_size(), 3);
}

/* ---- never two histories ---- */

/* What is in the table was signed; the ledger under it is another one. */
static void put_foreign(uint64_t size, const struct sign_keys *keys)
{
    struct digest root = {{1, 2, 3}};
    struct checkpoint checkpoint;
    struct wire_note note;

    cr_assert_eq(checkpoint_init(&checkpoint, ORIGIN, size, &root), STATUS_OK);
    note = note_of(&checkpoint, keys);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_checkpoint(ledger, size,
                                        (struct bytes){note.bytes, note.size}),
                 STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

Test(checkpoints, i5_a_ledger_that_was_rewritten_signs_nothing_more)
{
    append(3);
    put_foreign(3, &ledger_keys);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_REWRITTEN);
    append(1);
    step();
    cr_assert_eq(last_size(), 3); /* the one that was there */
    cr_assert_not(is_kept(4));
}

/* Somebody changes an entry in the file while the program runs. */
static void rewrite_entry(uint64_t index)
{
    uint8_t key[8];
    struct bytes value;
    uint8_t bytes[ENTRY_BYTES];

    bytes_put_u64(key, index);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(store_get(ledger->txn, TABLE_ENTRIES,
                           (struct bytes){key, sizeof key}, &value),
                 STATUS_OK);
    memcpy(bytes, value.data, sizeof bytes);
    bytes[ENTRY_BYTES - 1] ^= 1;
    cr_assert_eq(store_put(ledger->txn, TABLE_ENTRIES,
                           (struct bytes){key, sizeof key},
                           (struct bytes){bytes, sizeof bytes}),
                 STATUS_OK);
    ledger->touched = true;
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

/* The look is at each signature, not only at the start. */
Test(checkpoints, i5_each_signature_looks_at_the_one_before)
{
    append(3);
    step();
    rewrite_entry(1);
    append(1);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_REWRITTEN);
    cr_assert_eq(last_size(), 3);
    cr_assert_not(is_kept(4));
}

Test(checkpoints, i5_a_ledger_that_was_cut_signs_nothing_more)
{
    append(3);
    put_foreign(5, &ledger_keys);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_CUT);
    append(1);
    step();
    cr_assert_not(is_kept(4));
}

Test(checkpoints, a_last_one_of_another_key_is_not_gone_on_from)
{
    struct sign_keys other;

    keys_fixed(8, &other);
    append(3);
    put_foreign(2, &other);
    open_checkpoints();
    cr_assert_eq(trouble(), CHECKPOINTS_NOT_OURS);
    step();
    cr_assert_not(is_kept(3));
}

/* ---- what offices show ---- */

/* The ledger as it was restored from a copy of its first three entries, and an
 * office that holds the checkpoint of all five. */
static void restore_behind(void)
{
    struct checkpoint larger;
    struct wire_note note;
    struct checkpoints_held held = {0};

    append(5);
    larger = at(5);
    note = note_of(&larger, &ledger_keys);
    renew_ledger();
    append(3);
    open_checkpoints();
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held.size, 5);
    cr_assert(held.fits);
    cr_assert_eq(trouble(), CHECKPOINTS_BEHIND);
    step();
    cr_assert_eq(last_size(), 0);
}

Test(checkpoints, i5_nothing_is_signed_below_what_an_office_holds)
{
    int64_t then = now.wall_us;

    restore_behind();
    now.wall_us = then; /* the entries come back with their times */
    append(2);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(last_size(), 5);
}

Test(checkpoints, i5_a_restored_ledger_that_went_on_otherwise_signs_nothing)
{
    restore_behind();
    append(3); /* later, so other entries */
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_DISPUTED);
    cr_assert_eq(last_size(), 0);
}

Test(checkpoints, i5_an_office_that_holds_another_history_ends_the_signing)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_standing standing;
    struct wire_note note;
    struct checkpoints_held held = {0};

    append(5);
    step();
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 4, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held.size, 4);
    cr_assert_not(held.fits);
    checkpoints_standing(checkpoints, &standing);
    cr_assert_eq(standing.trouble, CHECKPOINTS_DISPUTED);
    cr_assert_eq(standing.trouble_size, 4);
    cr_assert_eq(standing.trouble_agent, 9);
    append(1);
    step();
    cr_assert_eq(last_size(), 5);
}

/* The administrator has put on record that entries are lost for good: what was
 * seen before has another root, and offices go on behind that. */
Test(checkpoints, a_break_on_record_is_no_other_history)
{
    static struct control control = {.kind = CONTROL_BREAK};
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_held held = {0};
    struct ledger_answer answer;
    struct buffer document;
    struct wire_note note;

    append(5);
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 4, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    control.broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    control.broken.old_size = 5;
    control.broken.missing[0] = (struct control_run){2, 3};
    control.broken.missing_count = 1;
    control.broken.new_root = at(5).root;
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, &administrator_keys, &document),
                 STATUS_OK);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(
        ledger_append_control(ledger, buffer_bytes(&document), &answer),
        STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    buffer_fini(&document);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_not(held.fits);
    cr_assert_eq(held.size, 4);
    cr_assert_eq(held.from, 5);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(last_size(), 6);
    /* It says nothing of what was signed behind it. */
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 6, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(trouble(), CHECKPOINTS_DISPUTED);
}

/* Anybody can write down what they like; only the ledger's key counts. */
Test(checkpoints, a_checkpoint_of_another_key_says_nothing)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct sign_keys keys;
    struct wire_note note;
    struct checkpoints_held held = {.size = 1};

    keys_fixed(8, &keys);
    append(5);
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 40, &root), STATUS_OK);
    note = note_of(&other, &keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held.size, 0);
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    note.size = 0;
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(held.size, 0);
}
