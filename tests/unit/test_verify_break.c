/* Numbers that were given up under audit verify: each is named by a break. */
#include "tests/support/forged.h"

#include "collector/ledger/ledger_tree.h"

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

/* A break that names `count` of them, from `from` on. */
static void break_off(uint64_t from, uint64_t count)
{
    struct control *control = calloc(1, sizeof *control);
    struct ledger_tree tree = {.txn = tamper.txn};
    struct merkle_source source = ledger_tree_source(&tree);
    struct entry entry = {.kind = ENTRY_CONTROL};
    struct buffer document;

    cr_assert_not_null(control);
    control->kind = CONTROL_BREAK;
    control->created_at = clock_wall_us(&audited.hall.clock);
    random_id_make(&control->nonce);
    control->broken.old_size = tamper_size(&tamper);
    control->broken.missing_count = 1;
    control->broken.missing[0].from = from;
    control->broken.missing[0].to = from + count;
    control->broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    cr_assert_eq(merkle_root(&source, control->broken.old_size,
                             &control->broken.new_root),
                 STATUS_OK);
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(
        control_sign(control, &audited.hall.keys.administrator, &document),
        STATUS_OK);
    tamper_append(&tamper, &entry, buffer_bytes(&document));
    tamper_mend(&tamper);
    buffer_fini(&document);
    free(control);
}

static void check_copy(void)
{
    tamper_close(&tamper);
    (void)unlink(audited.copy.state);
    verify(false);
}

Test(verify_break, numbers_that_a_break_names_pass)
{
    uint64_t first;

    begin();
    first = lose();
    break_off(first, LOST);
    check_copy();
    if (!verify_passes(&results)) {
        audited_print(&results);
    }
    cr_assert(verify_passes(&results));
}

/* Two breaks that name the same two say nothing of the other two. */
Test(verify_break, i5_a_number_is_told_once)
{
    uint64_t first;

    begin();
    first = lose();
    break_off(first, LOST / 2);
    break_off(first, LOST / 2);
    check_copy();
    cr_assert(audited_says(&results, VERIFY_BREAKS, VERIFY_FAULT_ENTRY_UNTOLD));
}
