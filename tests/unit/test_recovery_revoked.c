#include "tests/support/lost_ledger.h"

#include "collector/recovery/recovery_internal.h"

#include <criterion/criterion.h>

/* Two offices have the lost ledger; one of them was revoked, or its machine was
 * stolen, and goes on signing. */
TestSuite(recovery_revoked, .init = set_up, .fini = tear_down);

static struct buffer copy; /* of a batch that the province never had */

static void come_back(void)
{
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

/* An order of the administrator, as an entry. */
static struct wire_pair signed_order(struct control *control, uint64_t index,
                                     struct buffer *document)
{
    struct wire_pair pair = {.entry = {.kind = ENTRY_CONTROL,
                                       .index = index,
                                       .received_at = hall.now.wall_us}};

    control->created_at = hall.now.wall_us;
    random_id_make(&control->nonce);
    buffer_init(document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(control, &hall.keys.administrator, document),
                 STATUS_OK);
    pair.bytes = buffer_bytes(document);
    pair.entry.size = (uint32_t)document->size;
    digest_bytes(pair.bytes, &pair.entry.digest);
    return pair;
}

static struct wire_pair revocation(uint32_t agent, struct buffer *document)
{
    struct control control = {.kind = CONTROL_REVOCATION,
                              .revocation = {.agent_number = agent}};

    return signed_order(&control, was_size, document);
}

/* For another office that might speak against the only one that is left. */
static void wait_alone(void)
{
    hall.now.monotonic_us += RECOVERY_ALONE_US;
}

/* The machine was stolen, and its key still signs. */
Test(recovery_revoked, i8_who_was_revoked_adds_nothing_behind_the_checkpoints)
{
    struct buffer document;
    struct wire_pair revoked = revocation(2, &document);
    struct wire_pair late = further(&offices[1], was_size + 1, &copy);

    late.entry.received_at = hall.now.wall_us;
    show_controls();
    hear(1, was_size + 1, was_size);
    give_all(1);
    give(1, &revoked);
    hear(2, was_size + 2, 0);
    give_all(2);
    give(2, &late);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    wait_alone();
    cr_assert_eq(go_on(), was_size + 1);
    buffer_fini(&copy);
    buffer_fini(&document);
}

/* An epoch that no entry has opened. */
Test(recovery_revoked, i8_a_batch_of_an_unknown_epoch_does_not_come_back)
{
    struct wire_pair late = further(&offices[1], was_size, &copy);

    late.entry.received_at = hall.now.wall_us;
    late.entry.epoch_ordinal++;
    show_controls();
    hear(1, was_size, was_size);
    give_all(1);
    hear(2, was_size + 1, 0);
    give_all(2);
    give(2, &late);
    come_back();
    buffer_fini(&copy);
}

/* Its number is the lowest, and it claims that another order stood where it was
 * revoked. */
Test(recovery_revoked, i8_who_was_revoked_does_not_hide_it_behind_another_order)
{
    struct buffer first;
    struct buffer second;
    struct wire_pair revoked = revocation(1, &first);
    struct control mark = {.kind = CONTROL_REVOCATION,
                           .revocation = {.agent_number = 1, .review_from = 1}};
    struct wire_pair other = signed_order(&mark, was_size + 1, &second);
    struct wire_pair moved = other;
    struct entry there;

    moved.entry.index = was_size;
    show_controls();
    hear(1, was_size + 1, 0);
    give_all(1);
    give(1, &moved);
    hear(2, was_size + 2, was_size);
    give_all(2);
    give(2, &revoked);
    give(2, &other);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    wait_alone();
    cr_assert_eq(go_on(), was_size + 2);
    there = left_entry(was_size);
    cr_assert(digest_equal(&there.digest, &revoked.entry.digest));
    buffer_fini(&first);
    buffer_fini(&second);
}
