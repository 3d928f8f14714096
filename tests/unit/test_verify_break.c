/* Numbers that were given up under audit verify: each is named by a break. */
#include "tests/support/forged.h"

#include "collector/ledger/ledger_tree.h"
#include "common/format/checkpoint.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#define LOST 4u

TestSuite(verify_break, .init = forged_open, .fini = forged_close,
          .timeout = 110);

/* Numbers without bytes behind the last entry; answers the first. */
static uint64_t lose(void)
{
    uint64_t first = tamper_size(&tamper);
    struct entry last, lost = {.kind = ENTRY_MISSING};

    tamper_get(&tamper, first - 1, &last);
    lost.received_at = last.received_at;
    for (uint64_t i = 0; i < LOST; i++) {
        lost.index = first + i;
        tamper_put(&tamper, &lost);
    }
    tamper_mend(&tamper);
    return first;
}

static void root_of(uint64_t size, struct digest *root)
{
    struct ledger_tree tree = {.txn = tamper.txn};
    struct merkle_source source = ledger_tree_source(&tree);

    cr_assert_eq(merkle_root(&source, size, root), STATUS_OK);
}

/* Appends the break, with the root that the tree has now. */
static void append_break(const struct control_break *broken)
{
    struct control *control = calloc(1, sizeof *control);
    struct entry entry = {.kind = ENTRY_CONTROL};
    struct buffer document;

    cr_assert_not_null(control);
    control->kind = CONTROL_BREAK;
    control->created_at = clock_wall_us(&audited.hall.clock);
    random_id_make(&control->nonce);
    control->broken = *broken;
    control->broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    root_of(broken->old_size, &control->broken.new_root);
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(
        control_sign(control, &audited.hall.keys.administrator, &document),
        STATUS_OK);
    tamper_append(&tamper, &entry, buffer_bytes(&document));
    tamper_mend(&tamper);
    buffer_fini(&document);
    free(control);
}

/* A break that names `count` of them, from `from` on. */
static void break_off(uint64_t from, uint64_t count)
{
    static struct control_break broken;

    broken = (struct control_break){.missing_count = 1,
                                    .old_size = tamper_size(&tamper)};
    broken.missing[0] = (struct control_run){from, from + count};
    append_break(&broken);
}

static void check_copy(bool outside)
{
    tamper_close(&tamper);
    (void)unlink(audited.copy.state);
    verify(outside);
}

Test(verify_break, numbers_that_a_break_names_pass)
{
    uint64_t first;

    begin();
    first = lose();
    break_off(first, LOST);
    check_copy(false);
    if (!verify_passes(&results)) {
        audited_print(&results);
    }
    cr_assert(verify_passes(&results));
    /* and are never passed over in silence */
    cr_assert_eq(verify_verdict(&results.parts[VERIFY_BREAKS]), VERIFY_NOTED);
    cr_assert_eq(results.parts[VERIFY_BREAKS].findings[0].place.index,
                 first + LOST);
}

/* Two breaks that name the same two say nothing of the other two. */
Test(verify_break, i5_a_number_is_told_once)
{
    uint64_t first;

    begin();
    first = lose();
    break_off(first, LOST / 2);
    break_off(first, LOST / 2);
    check_copy(false);
    cr_assert(audited_says(&results, VERIFY_BREAKS, VERIFY_FAULT_ENTRY_UNTOLD));
}

/* The administrator wrote an entry anew, and says in a break that names no
 * number what the root was before. The auditor has a checkpoint from then. */
Test(verify_break, i5_a_past_that_a_break_explains_away_is_told)
{
    const struct verify_part_result *breaks = &results.parts[VERIFY_BREAKS];
    const struct verify_part_result *outside = &results.parts[VERIFY_OUTSIDE];
    static struct control_break broken;
    struct checkpoint checkpoint;
    struct note note;
    struct entry entry;
    uint64_t place;

    begin();
    cr_assert_eq(note_open(buffer_bytes(&audited.outside), &note), STATUS_OK);
    cr_assert_eq(checkpoint_read(note.text, &checkpoint), STATUS_OK);
    entry = batch_of(1, 60);
    cr_assert_lt(entry.index, checkpoint.size);
    entry.received_at += 500000;
    tamper_put(&tamper, &entry);
    tamper_mend(&tamper);
    broken = (struct control_break){.old_size = checkpoint.size,
                                    .old_root = checkpoint.root};
    place = tamper_size(&tamper);
    append_break(&broken);
    check_copy(true);
    cr_assert_eq(breaks->noted, 1);
    cr_assert_eq(breaks->findings[0].place.index, place);
    cr_assert_eq(verify_verdict(outside), VERIFY_NOTED);
    cr_assert_eq(outside->findings[0].fault, VERIFY_FAULT_NOTE_BROKEN);
    cr_assert_eq(outside->findings[0].place.index, checkpoint.size);
}
