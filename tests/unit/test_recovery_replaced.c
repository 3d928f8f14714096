#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>

/* Office 2's machine went astray and was replaced; the old one calls first, and
 * the orders that put another one in its place come back later. */
TestSuite(recovery_replaced, .init = set_up, .fini = tear_down);

static struct wire_pair change[2]; /* the enrolment again, and the new keys */
static struct buffer documents[2];

static void replace(void)
{
    replace_machine(2, change, documents);
}

static void free_documents(void)
{
    buffer_fini(&documents[0]);
    buffer_fini(&documents[1]);
}

static void give_change(void)
{
    give(1, &change[0]);
    give(1, &change[1]);
}

static struct recovery_standing standing(void)
{
    struct recovery_standing now;

    cr_assert_eq(recovery_standing(recovery, &now), STATUS_OK);
    return now;
}

/* Its word is not that of the office: the end waits for the machine that is. */
Test(recovery_replaced, i8_a_replaced_machine_does_not_answer_for_its_office)
{
    replace();
    show_controls();
    hear(2, was_size, was_size);
    give_all(2);
    answered(2);
    hear(1, was_size + 2, 0);
    give_all(1);
    give_change();
    answered(1);
    (void)go_on();
    cr_assert(recovery_active(recovery));
    cr_assert_eq(standing().unheard, 1);
    cr_assert_eq(standing().first_unheard[0], 2);
    open_again();
    cr_assert_eq(standing().unheard, 1, "nor after a restart");
    hear(2, was_size, 0);
    give_all(2);
    answered(2);
    cr_assert_eq(go_on(), was_size + 2);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
    free_documents();
}

/* It made up batches where its office had others, and said of the neighbour's
 * that they are so. */
Test(recovery_replaced, i8_what_a_replaced_machine_said_is_forgotten)
{
    uint64_t own = batch_of(2, 0);
    struct wire_pair made_up = claim(&was[batch_of(2, 1)], own);
    struct wire_pair stolen = claim(&was[batch_of(2, 0)], batch_of(1, 0));
    uint64_t kept;

    replace();
    show_controls();
    hear(1, was_size + 2, was_size);
    give_all(1);
    kept = standing().kept;
    hear(2, was_size, 0);
    give(2, &made_up);
    give(2, &stolen);
    cr_assert_gt(standing().kept, kept);
    give_change();
    answered(1);
    answered(2);
    (void)go_on();
    cr_assert_eq(standing().kept, kept + 2, "but the orders");
    cr_assert_not(standing().misfit);
    hear(2, was_size, 0);
    give_all(2);
    answered(2);
    cr_assert_eq(go_on(), was_size + 2);
    cr_assert_eq(refused(), 0, "nobody had to be doubted");
    check_same(was_size);
    free_documents();
}

/* What another office says as well stands by its word alone. */
Test(recovery_replaced, i7_what_another_office_says_too_stays)
{
    replace();
    show_controls();
    hear(2, was_size, was_size);
    hear(1, was_size + 2, 0);
    give_all(2);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.kind == ENTRY_CONTROL) {
            give(1, &was[k]);
        }
    }
    give_change();
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 1) {
            give(1, &was[k]);
        }
    }
    answered(1);
    (void)go_on();
    hear(2, was_size, 0);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    answered(2);
    cr_assert_eq(go_on(), was_size + 2);
    check_same(was_size);
    free_documents();
}
