#include "collector/recovery/recovery_internal.h"
#include "common/format/batch.h"
#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>

/* How much is looked at until the root comes out that was signed. */
TestSuite(recovery_search, .init = set_up, .fini = tear_down);

static unsigned verified; /* signatures looked at */

enum status __real_batch_verify(struct bytes batch,
                                const struct public_key *key);
enum status __wrap_batch_verify(struct bytes batch,
                                const struct public_key *key);

enum status __wrap_batch_verify(struct bytes batch,
                                const struct public_key *key)
{
    verified++;
    return __real_batch_verify(batch, key);
}

static void come_back(void)
{
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

static uint32_t choices(bool alone)
{
    struct recovery_proof proof = {.suspect_count = RECOVERY_SUSPECTS_MAX,
                                   .alone = alone};
    uint32_t count = 0;

    while (recovery_next_choice(&proof)) {
        count++;
    }
    return count;
}

/* Each is a walk over all that came back. */
Test(recovery_search, i11_a_give_up_does_not_walk_once_for_each_pair)
{
    cr_assert_eq(choices(false), RECOVERY_SUSPECTS_MAX * RECOVERY_SUSPECTS_MAX);
    cr_assert_eq(choices(true), RECOVERY_SUSPECTS_MAX);
}

/* Office 1 lies about an entry of the other's: the give-up finds out, and
 * nothing is given up. */
Test(recovery_search, i5_a_give_up_still_doubts_each_office_alone)
{
    struct wire_pair stolen = claim(&was[batch_of(1, 0)], batch_of(2, 0));

    show_controls();
    hear(1, was_size, was_size);
    give(1, &stolen);
    give_all(1);
    hear(2, was_size, 0);
    give_all(2);
    cr_assert_eq(recovery_give_up(recovery, NULL), STATUS_OK);
    check_same(was_size);
    cr_assert_not(recovery_active(recovery));
}

/* However many walks it takes: each signature is looked at once, and those at
 * the two indexes that are in doubt again. */
Test(recovery_search, i11_a_walk_does_not_look_at_signatures_again)
{
    struct wire_pair first = claim(&was[batch_of(1, 0)], batch_of(2, 1));
    struct wire_pair second = claim(&was[batch_of(1, 1)], batch_of(2, 2));
    unsigned batches = 0;

    show_controls();
    hear(1, was_size, was_size);
    give(1, &first);
    give(1, &second);
    give_all(1);
    hear(2, was_size, 0);
    give_all(2);
    for (uint64_t k = 0; k < was_size; k++) {
        batches += was[k].entry.kind == ENTRY_BATCH;
    }
    verified = 0;
    come_back();
    cr_assert_geq(verified, batches);
    cr_assert_leq(verified, batches + 2);
}

/* It says another thing of its own entry once its first was looked at. */
Test(recovery_search, i8_another_claim_is_looked_at_anew)
{
    uint64_t own = batch_of(2, 0);
    struct wire_pair other = was[own];

    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(2);
    cr_assert_eq(go_on(), 0, "the other's are not there");
    recovery_note_good(recovery, own, 2, &offices[1].sign_keys.public_key);
    other.entry.received_at++;
    give(2, &other);
    cr_assert(
        recovery_is_good(recovery, own, 2, &offices[1].sign_keys.public_key) ==
        (refused() > 0));
    give_all(1);
    give_all(2);
    come_back();
}
