#include "tests/support/lost_ledger.h"

#include "collector/recovery/recovery_internal.h"
#include "common/store/store.h"

#include <criterion/criterion.h>

/* A ledger without room: above its high-water mark nothing is put but what may
 * go into the reserve; a full disk shows at the commit. */
static bool above_mark;
static bool disk_full;
static unsigned commits_before; /* it is full; 0: as disk_full says */

enum status __real_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value);
enum status __wrap_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value);
enum status __real_store_commit(struct store_txn **txn);
enum status __wrap_store_commit(struct store_txn **txn);

enum status __wrap_store_put(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes value)
{
    return above_mark ? STATUS_FULL : __real_store_put(txn, table, key, value);
}

enum status __wrap_store_commit(struct store_txn **txn)
{
    if (commits_before > 0 && --commits_before == 0) {
        disk_full = true;
    }
    if (disk_full) {
        store_abort(txn);
        return STATUS_FULL;
    }
    return __real_store_commit(txn);
}

static uint64_t room; /* bytes; 0: as it is */
static uint64_t taken;

void __real_ledger_room(struct ledger *of, uint64_t *used, uint64_t *total);
void __wrap_ledger_room(struct ledger *of, uint64_t *used, uint64_t *total);

void __wrap_ledger_room(struct ledger *of, uint64_t *used, uint64_t *total)
{
    __real_ledger_room(of, used, total);
    if (room > 0) {
        *total = room * 100 / STORE_FULL_PERCENT + 100;
        *used = taken;
    }
}

TestSuite(recovery_full, .init = set_up, .fini = tear_down);

static uint64_t kept(void)
{
    struct recovery_standing standing;

    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    return standing.kept;
}

static void pass_time(void)
{
    clock_settable_advance(&hall.now, INT64_C(60) * CLOCK_US_PER_S);
}

Test(recovery_full, i6_what_there_is_no_room_for_may_come_again)
{
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give(1, &was[0]);
    above_mark = true;
    cr_assert_eq(recovery_keep(recovery, 1, &was[1], 1), STATUS_FULL);
    cr_assert_eq(kept(), 1, "what came before is there");
    above_mark = false;
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* What the offices have said since the last commit was never said. */
Test(recovery_full, i6_a_commit_without_room_leaves_what_lies_on_the_disk)
{
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give(1, &was[0]);
    cr_assert_eq(recovery_keep(recovery, 1, &was[1], 1), STATUS_OK);
    cr_assert_eq(recovery_answered(recovery, 1), STATUS_OK);
    disk_full = true;
    cr_assert_eq(recovery_save(recovery), STATUS_FULL);
    disk_full = false;
    cr_assert_eq(kept(), 1);
    give_all(1);
    give_all(2);
    answered(2);
    pass_time();
    (void)go_on();
    cr_assert(recovery_active(recovery), "the first one has not answered");
    answered(1);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

/* The rows go in the commit that appends them: the room comes back. */
Test(recovery_full, i6_what_came_back_is_appended_above_the_mark)
{
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    above_mark = true;
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
    above_mark = false;
}

Test(recovery_full, i6_a_full_disk_puts_the_rebuilding_off)
{
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    disk_full = true;
    cr_assert_eq(go_on(), 0);
    cr_assert(recovery_active(recovery));
    disk_full = false;
    pass_time();
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* Proven and not appended: in between the first office claims all that is the
 * other's, whose number is believed last. */
Test(recovery_full, i5_nothing_is_claimed_any_more_under_a_proven_root)
{
    hear(1, was_size - 1, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    commits_before = 2;
    cr_assert_eq(go_on(), 0);
    disk_full = false;
    for (uint64_t i = 0; i < was_size; i++) {
        struct wire_pair stolen = claim(&was[batch_of(1, 0)], i);

        give(1, &stolen);
    }
    pass_time();
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
}

/* All that there is has come back; then an office shows that there was more,
 * and there is no room to write that down. */
Test(recovery_full, i5_that_entries_are_missing_is_known_without_room)
{
    uint64_t had = was_size - 2;
    struct wire_hello hello = {.last_index = was_size};
    struct buffer note;

    hear(1, 0, had);
    hear(2, 0, 0);
    for (uint64_t i = 0; i < had; i++) {
        give(was[i].entry.kind == ENTRY_CONTROL ? 1 : was[i].entry.agent_number,
             &was[i]);
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), had);
    cr_assert_not(recovery_active(recovery));
    sign_checkpoint(was_size, &hall.keys.ledger, &note);
    disk_full = true;
    cr_assert_eq(recovery_hear(recovery, 2, &hello, buffer_bytes(&note)),
                 STATUS_FULL);
    disk_full = false;
    cr_assert(recovery_active(recovery));
    cr_assert_eq(recovery_hear(recovery, 2, &hello, buffer_bytes(&note)),
                 STATUS_OK);
    open_again();
    cr_assert(recovery_active(recovery), "and now it is stored");
    give_all(1);
    give_all(2);
    hear(1, was_size - 1, 0);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    check_same(was_size);
    buffer_fini(&note);
}

/* ---- what is said again ---- */

/* Only what is new puts the end off, and only that is written down. */
Test(recovery_full, i11_the_same_hello_again_is_no_news_and_no_commit)
{
    hear(1, was_size - 1, was_size);
    disk_full = true;
    hear(1, was_size - 1, was_size);
    hear(0, 0, was_size);
    disk_full = false;
}

/* ---- shares ---- */

#define STEP 1000u

/* So many claims of office 2, each without bytes and far behind all others. */
static enum status claim_many(uint32_t step)
{
    static struct wire_pair many[STEP];

    for (uint32_t i = 0; i < STEP; i++) {
        many[i] = was[batch_of(2, 0)];
        many[i].entry.index = 2 * was_size + (uint64_t)step * STEP + i;
        many[i].erased = true;
        many[i].bytes = (struct bytes){0};
    }
    return recovery_keep(recovery, 2, many, STEP);
}

/* One that returns without end leaves as much room as it takes. */
Test(recovery_full, i11_one_office_does_not_take_all_the_room)
{
    enum status status = STATUS_OK;
    uint32_t steps = 0;

    room = UINT64_C(4) << 20;
    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    while (status == STATUS_OK && steps < 64) {
        status = claim_many(steps++);
        taken = kept() * RECOVERY_ROW_COST;
    }
    cr_assert_eq(status, STATUS_BUSY);
    cr_assert_leq(taken, room / 2 + STEP * RECOVERY_ROW_COST);
    cr_assert_geq(taken, room / 3);
    give_all(1);
    cr_assert_gt(kept() * RECOVERY_ROW_COST, taken, "the other finds room");
    pass_time();
    cr_assert_eq(claim_many(steps), STATUS_BUSY, "it has what it had");
    give_all(1);
    answered(1);
    cr_assert(recovery_active(recovery), "it has not answered");
}

/* In a small ledger nobody is told so. */
Test(recovery_full, i11_at_the_least_an_office_may_have_so_much)
{
    room = 1;
    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    for (uint32_t i = 0; i < RECOVERY_SHARE_LEAST / RECOVERY_ROW_COST / STEP;
         i++) {
        cr_assert_eq(claim_many(i), STATUS_OK);
    }
    cr_assert_eq(claim_many(90), STATUS_BUSY);
    cr_assert_eq(kept(), RECOVERY_SHARE_LEAST / RECOVERY_ROW_COST);
}
