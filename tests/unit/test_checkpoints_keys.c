#include "common/format/control.h"
#include "tests/support/checkpoint_fixture.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <string.h>

#define ORIGIN CHECKPOINT_FIXTURE_ORIGIN

/* What a ledger signs, and takes, that goes on under other keys. */
TestSuite(checkpoints_keys, .init = checkpoint_fixture_open,
          .fini = checkpoint_fixture_close);

static struct sign_keys new_ledger_keys;

/* The province's ledger goes on under other keys from its sixth entry on. */
static void replace_keys(const struct control_run *missing, uint32_t count)
{
    static struct control control = {.kind = CONTROL_BREAK};
    struct sign_keys administrator;
    struct ledger_answer answer;
    struct buffer document;

    keys_fixed(9, &administrator);
    keys_fixed(10, &new_ledger_keys);
    control.broken =
        (struct control_break){.reason = CONTROL_BREAK_KEYS_LOST,
                               .old_size = 5,
                               .new_root = at(5).root,
                               .missing_count = count,
                               .administrator = administrator.public_key,
                               .ledger_key = new_ledger_keys.public_key};
    for (uint32_t i = 0; i < count; i++) {
        control.broken.missing[i] = missing[i];
    }
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, &administrator, &document), STATUS_OK);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(
        ledger_append_control(ledger, buffer_bytes(&document), &answer),
        STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    buffer_fini(&document);
    known_keys.pairs[known_keys.count++] =
        (struct province_key_pair){.index = answer.entry.index,
                                   .administrator = administrator.public_key,
                                   .ledger_key = new_ledger_keys.public_key};
}

/* The keys are lost, the ledger is not: what offices hold has the old key's
 * signature and counts; signed is with the new one alone. */
Test(checkpoints_keys, i5_new_keys_go_on_from_what_the_old_ones_signed)
{
    struct checkpoint read;
    struct checkpoints_held held = {0};
    const struct checkpoint *last;
    const struct wire_note *kept;
    struct wire_note note;

    append(5);
    read = at(4);
    note = note_of(&read, &ledger_keys);
    replace_keys(NULL, 0);
    own_keys = &new_ledger_keys;
    open_checkpoints();
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert(held.fits);
    cr_assert_eq(held.from, 4);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert(checkpoints_last(checkpoints, &last, &kept));
    cr_assert_eq(last->size, 6);
    cr_assert_eq(checkpoint_open((struct bytes){kept->bytes, kept->size},
                                 ORIGIN, &new_ledger_keys.public_key, &read,
                                 NULL),
                 STATUS_OK);
}

/* Who has new keys, and no entry to give up, cannot explain another past. */
Test(checkpoints_keys, i5_new_keys_are_no_excuse_for_another_past)
{
    static const struct control_run missing = {4, 5};
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_held held = {0};
    struct wire_note note;

    append(5);
    replace_keys(&missing, 1);
    own_keys = &new_ledger_keys;
    open_checkpoints();
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 4, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(trouble(), CHECKPOINTS_DISPUTED);
    /* A former key signs nothing any more behind the break. */
    append(1);
    other = at(7);
    note = note_of(&other, &ledger_keys);
    held.size = 1;
    cr_assert_eq(checkpoints_shown(checkpoints, 8, &note, &held), STATUS_OK);
    cr_assert_eq(held.size, 0);
}

/* Nor where nothing at all is given up. */
Test(checkpoints_keys, i5_new_keys_alone_are_no_excuse_for_another_past)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_held held = {0};
    struct wire_note note;

    append(5);
    replace_keys(NULL, 0);
    own_keys = &new_ledger_keys;
    open_checkpoints();
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 4, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_eq(trouble(), CHECKPOINTS_DISPUTED);
}

static void record_break(uint64_t size, const struct digest *root)
{
    static struct control control = {.kind = CONTROL_BREAK};
    struct sign_keys administrator;
    struct ledger_answer answer;
    struct buffer document;

    keys_fixed(9, &administrator);
    control.broken =
        (struct control_break){.reason = CONTROL_BREAK_ENTRIES_LOST,
                               .old_size = size,
                               .old_root = *root,
                               .new_root = at(size).root};
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, &administrator, &document), STATUS_OK);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(
        ledger_append_control(ledger, buffer_bytes(&document), &answer),
        STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    buffer_fini(&document);
}

/* An office was away when disk and keys were lost, and has seen more under the
 * former key than the others knew: once that is on record, it is shown a proof
 * that begins there. */
Test(checkpoints_keys,
     what_a_former_key_signed_and_was_given_up_is_gone_on_from)
{
    struct digest root = {{1}};
    struct checkpoint other;
    struct checkpoints_held held = {0};
    struct wire_note note;

    append(5);
    replace_keys(NULL, 0);
    append(4);
    own_keys = &new_ledger_keys;
    open_checkpoints();
    cr_assert_eq(checkpoint_init(&other, ORIGIN, 8, &root), STATUS_OK);
    note = note_of(&other, &ledger_keys);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert(held.fits, "a stolen old key ends nothing");
    cr_assert_eq(held.size, 0);
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    record_break(8, &root);
    cr_assert_eq(checkpoints_shown(checkpoints, 9, &note, &held), STATUS_OK);
    cr_assert_not(held.fits);
    cr_assert_eq(held.size, 8);
    cr_assert_eq(held.from, 8);
    step();
    cr_assert_eq(trouble(), CHECKPOINTS_GOOD);
    cr_assert_eq(last_size(), 11);
}

/* Somebody put other keys into the folder: the ledger does not name them. */
Test(checkpoints_keys,
     with_a_key_that_the_ledger_does_not_name_nothing_is_signed)
{
    append(3);
    keys_fixed(10, &new_ledger_keys);
    own_keys = &new_ledger_keys;
    open_checkpoints();
    step();
    cr_assert_eq(last_size(), 0);
    cr_assert_eq(trouble(), CHECKPOINTS_NOT_OURS);
}
