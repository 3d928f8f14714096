#include "collector/recovery/later_break.h"

#include "collector/ledger/ledger_notes.h"
#include "common/format/checkpoint.h"
#include "tests/support/hall.h"
#include "tests/support/keys.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define LOST_FROM 4u /* the first number that was given up */
#define HELD      7u /* size of the checkpoint that the office holds */

static struct hall hall;
static struct office office;
static uint64_t old_size;
static uint32_t agent;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    while (hall_size(&hall) < HELD) {
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    }
}

static void teardown(void)
{
    office_close(&office);
    hall_close(&hall);
}

TestSuite(later_break, .init = setup, .fini = teardown);

/* Entries were given up, and a break says so: one that names what is missing,
 * or (`from` 0) one behind which nothing more was known. */
static void record_break(uint64_t from, uint64_t signed_size)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = CONTROL_BREAK;
    control->broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    control->broken.old_size = signed_size;
    if (from != 0) {
        control->broken.missing[0] = (struct control_run){from, from + 1};
        control->broken.missing_count = 1;
    }
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
}

/* Office 1 objects with a checkpoint over HELD entries of another past. */
static void object(const struct sign_keys *keys, int64_t settled)
{
    struct ledger_objection objection = {
        .reason = WIRE_OBJECTION_NO_PROOF, .at = 1, .settled = settled};
    struct digest root = {{0x77}};
    struct checkpoint checkpoint;
    struct buffer note;

    cr_assert_eq(checkpoint_init(
                     &checkpoint,
                     context_genesis(province_context(hall.province))->origin,
                     HELD, &root),
                 STATUS_OK);
    buffer_init(&note, WIRE_NOTE_MAX);
    cr_assert_eq(checkpoint_sign(&checkpoint, keys, &note), STATUS_OK);
    memcpy(objection.held.bytes, note.data, note.size);
    objection.held.size = note.size;
    buffer_fini(&note);
    cr_assert_eq(ledger_begin(hall.ledger), STATUS_OK);
    cr_assert_eq(ledger_keep_objection(hall.ledger, 1, &objection), STATUS_OK);
    cr_assert_eq(ledger_commit(hall.ledger), STATUS_OK);
}

static enum status record(void)
{
    return later_break_record(hall.ledger, &hall.keys, &hall.clock, &old_size,
                              &agent);
}

Test(later_break, what_was_given_up_may_come_to_light_later)
{
    uint64_t size;

    record_break(LOST_FROM, LOST_FROM + 1);
    object(&hall.keys.ledger, 0);
    size = hall_size(&hall);
    cr_assert_eq(record(), STATUS_OK);
    cr_assert_eq(agent, 1);
    cr_assert_eq(old_size, HELD);
    cr_assert_eq(hall_size(&hall), size + 1);
    cr_assert_eq(record(), STATUS_NOT_FOUND, "once is enough");
    cr_assert_eq(hall_size(&hall), size + 1);
}

Test(later_break, a_break_behind_which_nothing_was_known_will_do)
{
    record_break(0, LOST_FROM);
    object(&hall.keys.ledger, 0);
    cr_assert_eq(record(), STATUS_OK);
    cr_assert_eq(old_size, HELD);
}

/* Nothing was ever given up: then it is another past, and stays one. */
Test(later_break, i5_no_other_past_is_explained_where_nothing_was_given_up)
{
    object(&hall.keys.ledger, 0);
    cr_assert_eq(record(), STATUS_NOT_FOUND);
}

/* What lies below the first number that was lost was never lost. */
Test(later_break, i5_nor_below_what_was_given_up)
{
    record_break(HELD, HELD + 1);
    object(&hall.keys.ledger, 0);
    cr_assert_eq(record(), STATUS_NOT_FOUND);
}

Test(later_break, i5_only_what_the_ledgers_own_key_has_signed)
{
    struct sign_keys other;

    keys_fixed(99, &other);
    record_break(LOST_FROM, LOST_FROM + 1);
    object(&other, 0);
    cr_assert_eq(record(), STATUS_NOT_FOUND);
}

/* Disk and keys were lost, and an office that was away has seen more of what
 * the old key had signed than anybody else. */
Test(later_break, a_former_key_may_have_signed_more_than_was_known)
{
    struct sign_keys former = hall.keys.ledger;
    struct control *control = calloc(1, sizeof *control);
    uint64_t size = hall_size(&hall);

    cr_assert_not_null(control);
    hall_close(&hall);
    office_close(&office);
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    cr_assert_lt(hall_size(&hall), size);
    former = hall.keys.ledger;
    keys_fixed(61, &hall.keys.ledger);
    keys_fixed(62, &hall.keys.administrator);
    control->kind = CONTROL_BREAK;
    control->broken.reason = CONTROL_BREAK_KEYS_LOST;
    control->broken.old_size = hall_size(&hall);
    control->broken.administrator = hall.keys.administrator.public_key;
    control->broken.ledger_key = hall.keys.ledger.public_key;
    cr_assert_eq(hall_order(&hall, control), STATUS_OK);
    free(control);
    record_break(0, hall_size(&hall) - 1);
    while (hall_size(&hall) <= HELD) {
        cr_assert(hall_send(&hall, &office, office_batch(&office)).appended);
    }
    object(&former, 0);
    cr_assert_eq(record(), STATUS_OK);
    cr_assert_eq(agent, 1);
    cr_assert_eq(old_size, HELD);
    cr_assert_eq(record(), STATUS_NOT_FOUND, "once is enough");
}

Test(later_break, an_objection_that_is_over_needs_none)
{
    record_break(LOST_FROM, LOST_FROM + 1);
    object(&hall.keys.ledger, 2);
    cr_assert_eq(record(), STATUS_NOT_FOUND);
}
