#include "tests/support/lost_ledger.h"

#include "collector/ledger/ledger_internal.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(recovery_give_up, .init = set_up, .fini = tear_down);

/* ---- a process that dies ---- */

#define DIED 9

static long commits_left = -1; /* before it dies; -1: it does not */
static bool dies_before;       /* the commit, or just behind it */

enum status __real_store_commit(struct store_txn **txn);
enum status __wrap_store_commit(struct store_txn **txn);

enum status __wrap_store_commit(struct store_txn **txn)
{
    enum status status;

    if (commits_left == 0 && dies_before) {
        _exit(DIED);
    }
    status = __real_store_commit(txn);
    if (commits_left == 0) {
        _exit(DIED);
    }
    commits_left -= commits_left > 0;
    return status;
}

/* ---- what the ledger says of it ---- */

static struct control_break broken;
static unsigned breaks;

static bool names(const struct control_break *one, uint64_t index)
{
    for (uint32_t i = 0; i < one->missing_count; i++) {
        if (index >= one->missing[i].from && index < one->missing[i].to) {
            return true;
        }
    }
    return false;
}

/* Every number without an entry is named by just one break, and nothing else
 * is. */
static void check_breaks(void)
{
    static uint8_t named[8192];
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.index = 0};
    uint64_t size = left_size();
    enum status status;

    cr_assert_leq(size, sizeof named);
    memset(named, 0, sizeof named);
    breaks = 0;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    status = ledger_next_control(snapshot, 0, &entry);
    while (status == STATUS_OK) {
        struct control *control = NULL;
        struct bytes bytes;

        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        cr_assert_eq(
            control_open(bytes, &hall.keys.administrator.public_key, &control),
            STATUS_OK);
        if (control->kind == CONTROL_BREAK) {
            struct digest root;

            broken = control->broken;
            breaks++;
            for (uint64_t i = 0; i < size; i++) {
                named[i] = (uint8_t)(named[i] + names(&broken, i));
            }
            cr_assert_eq(ledger_root(snapshot, broken.old_size, &root),
                         STATUS_OK);
            cr_assert(digest_equal(&root, &broken.new_root));
        }
        control_free(&control);
        status = ledger_next_control(snapshot, entry.index + 1, &entry);
    }
    for (uint64_t i = 0; i < size; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(named[i], entry.kind == ENTRY_MISSING ? 1 : 0);
    }
    ledger_snapshot_close(&snapshot);
    cr_assert(lost_verifies());
}

static uint64_t told; /* numbers */

static void tell(void *owner, uint64_t from, uint64_t to)
{
    (void)owner;
    told += to - from;
}

static enum status give_up(void)
{
    const struct recovery_teller teller = {.run = tell};

    told = 0;
    return recovery_give_up(recovery, &teller);
}

/* ---- giving up ---- */

Test(recovery_give_up, what_nobody_returns_is_given_up_by_its_number)
{
    hear(1, was_size - 1, was_size);
    give_all(1);
    answered(1);
    cr_assert_eq(go_on(), 0);
    cr_assert_eq(give_up(), STATUS_OK);
    cr_assert_not(recovery_active(recovery));
    check_breaks();
    cr_assert_eq(breaks, 1);
    cr_assert_eq(told, 3);
    cr_assert_eq(broken.missing[0].from, batch_of(2, 0));
    cr_assert_eq(broken.old_size, was_size);
    cr_assert_eq(left_size(), was_size + 1);
    for (uint64_t i = 0; i < was_size; i++) {
        cr_assert_eq(left_entry(i).kind == ENTRY_MISSING,
                     was[i].entry.agent_number == 2);
    }
    cr_assert_eq(left_entry(was_size).kind, ENTRY_CONTROL);
}

Test(recovery_give_up,
     there_is_nothing_to_give_up_before_the_first_entry_is_there)
{
    hear(1, was_size, 0);
    give(1, &was[batch_of(1, 0)]);
    cr_assert_eq(give_up(), STATUS_NOT_FOUND);
    cr_assert(recovery_active(recovery));
}

/* A backup was put back, and no office has more. */
Test(recovery_give_up, what_was_given_up_is_over_after_a_restart_too)
{
    hear(1, was_size, 0);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    cr_assert_eq(recovery_mark(ledger, RECOVERY_RESTORED), STATUS_OK);
    open_again();
    cr_assert_eq(give_up(), STATUS_OK);
    cr_assert_eq(told, 0);
    open_again();
    cr_assert_not(recovery_active(recovery));
    cr_assert_eq(left_size(), was_size + 1);
}

/* Nothing is missing below any checkpoint, but an office was away: that what it
 * may know of is given up stands in the ledger. */
Test(recovery_give_up, i5_what_the_unheard_may_know_of_is_given_up_on_record)
{
    hear(1, was_size - 1, was_size - 1);
    give_all(1);
    hear(2, 0, 0);
    for (uint64_t k = 0; k + 1 < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    answered(1);
    cr_assert_eq(go_on(), was_size - 1);
    cr_assert(recovery_active(recovery));
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(breaks, 1);
    cr_assert_eq(broken.missing_count, 0);
    cr_assert_eq(broken.old_size, was_size - 1);
    cr_assert(digest_equal(&broken.old_root, &broken.new_root));
    cr_assert_eq(left_size(), was_size);
}

/* An office says that it knows of entries far beyond all that was signed, and
 * has one of them; between lies a gap. */
Test(recovery_give_up, i5_a_bare_number_fills_nothing)
{
    struct buffer copy;
    struct wire_pair far;

    show_controls();
    far = further(&offices[0], was_size + 3000, &copy);
    hear(1, was_size + 100000, was_size);
    give_all(1);
    give(1, &far);
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(left_size(), was_size + 1);
    buffer_fini(&copy);
}

/* The liar's claim comes first at each index of the other, whose last entry is
 * missing. */
Test(recovery_give_up, i6_each_claim_is_tried_before_a_number_is_given_up)
{
    uint64_t last = batch_of(2, 2);

    show_controls();
    hear(1, was_size, was_size);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            struct wire_pair garbage = claim_erased(&was[batch_of(1, 0)], k);

            give(1, &garbage);
        }
    }
    give_all(1);
    hear(2, was_size, 0);
    for (uint64_t k = 0; k < last; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(told, 1);
    cr_assert_eq(left_entry(last).kind, ENTRY_MISSING);
}

/* All numbers came back, but one office says another time: no number is
 * missing, and yet it is another tree. */
Test(recovery_give_up, i5_another_root_without_a_gap_is_a_break_too)
{
    uint64_t at = batch_of(1, 1);
    struct wire_pair forged = was[at];

    forged.entry.received_at++;
    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(2);
    give(1, &forged);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 1 && k != at) {
            give(1, &was[k]);
        }
    }
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), 0);
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(breaks, 1);
    cr_assert_eq(broken.missing_count, 0);
    cr_assert_eq(left_size(), was_size + 1);
}

/* Nothing of it goes on by itself, and nothing is taken meanwhile. */
static void check_stands(void)
{
    struct recovery_standing standing;
    uint64_t size = left_size();

    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    if (!standing.giving_up) {
        return;
    }
    hear(2, was_size, was_size);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), size);
    cr_assert(recovery_active(recovery));
}

/* Gives up in a process that dies at the given commit. False: it did not. */
static bool die_at(long commit, bool before)
{
    int state = 0;
    pid_t child;

    close_lost();
    child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        reopen_lost();
        commits_left = commit;
        dies_before = before;
        _exit(give_up() == STATUS_OK ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &state, 0), child);
    cr_assert(WIFEXITED(state));
    cr_assert(WEXITSTATUS(state) == 0 || WEXITSTATUS(state) == DIED);
    reopen_lost();
    return WEXITSTATUS(state) == DIED;
}

/* So many runs that one break cannot name them. */
static void lose_many(uint64_t runs)
{
    static const struct digest root = {{1}};

    show_controls();
    hear_root(1, was_size + 2 * runs, &root);
    give_all(1);
    for (uint64_t i = 0; i < runs; i++) {
        struct buffer copy;
        struct wire_pair pair = further(&offices[0], was_size + 2 * i, &copy);

        cr_assert_eq(recovery_keep(recovery, 1, &pair, 1), STATUS_OK);
        buffer_fini(&copy);
    }
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
    answered(1);
}

Test(recovery_give_up, i5_as_many_breaks_are_signed_as_the_gaps_need)
{
    lose_many(CONTROL_MISSING_MAX + 10);
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(breaks, 2);
}

/* The power goes at each commit, before it and behind it; every office has
 * answered, so that nothing but the give-up itself holds the end. The collector
 * is started in between. */
Test(recovery_give_up, i5_cut_short_at_any_commit_it_ends_with_its_break)
{
    bool died = true;

    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(1);
    answered(1);
    answered(2);
    close_lost();
    copy_lost(false);
    for (long cut = 0; died; cut++) {
        cr_assert_lt(cut, 40);
        copy_lost(true);
        reopen_lost();
        died = die_at(cut / 2, cut % 2 == 0);
        cr_assert(died || cut > 6, "there are commits to die at");
        (void)go_on();
        check_stands();
        if (recovery_active(recovery)) {
            cr_assert_eq(give_up(), STATUS_OK);
        }
        check_breaks();
        cr_assert_eq(breaks, 1);
        close_lost();
    }
    reopen_lost();
}

/* The power goes when the first numbers are filled, and somebody says init
 * --recover, as after every copy that was put back. */
Test(recovery_give_up, i5_marking_the_ledger_again_forgets_no_give_up)
{
    hear(1, was_size, was_size);
    give_all(1);
    answered(1);
    cr_assert(die_at(1, false));
    cr_assert_eq(recovery_mark(ledger, RECOVERY_RESTORED), STATUS_OK);
    open_again();
    check_stands();
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
    cr_assert_eq(breaks, 1);
}

/* The new machine's clock stands behind what the administrator has signed. */
Test(recovery_give_up, i5_a_clock_behind_the_orders_gives_nothing_up)
{
    hear(1, was_size, was_size);
    give_all(1);
    answered(1);
    hall.now.wall_us -= 400 * CLOCK_US_PER_DAY;
    cr_assert_eq(give_up(), STATUS_AGAIN);
    cr_assert_eq(left_size(), 0);
    hall.now.wall_us += 400 * CLOCK_US_PER_DAY;
    cr_assert_eq(give_up(), STATUS_OK);
    check_breaks();
}

/* One cut after the other, of one that needs two breaks. */
Test(recovery_give_up, i5_cut_short_again_and_again_it_ends_with_all_breaks)
{
    unsigned cuts = 0;

    lose_many(CONTROL_MISSING_MAX + 10);
    for (long commit = 0; recovery_active(recovery); commit++) {
        cr_assert_lt(commit, 100);
        cuts += die_at(commit % 3, commit % 2 == 0);
        if (recovery_active(recovery)) {
            check_stands();
        }
    }
    cr_assert_gt(cuts, 3);
    check_breaks();
    cr_assert_eq(breaks, 2);
}

/* ---- from before ---- */

/* The state of a program that kept rows of another shape. */
Test(recovery_give_up, rows_of_a_program_of_before_are_asked_for_again)
{
    static const uint8_t state_key[] = {0};
    static const uint8_t row_key[9] = {0, 0, 0, 0, 0, 0, 0, 1, 0};
    static const uint8_t row[] = {1, 2, 3};
    static const uint8_t state[19] = {1, RECOVERY_TOTAL};

    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(store_put(ledger->txn, TABLE_RECOVERY,
                           (struct bytes){state_key, sizeof state_key},
                           (struct bytes){state, sizeof state}),
                 STATUS_OK);
    cr_assert_eq(store_put(ledger->txn, TABLE_RECOVERY,
                           (struct bytes){row_key, sizeof row_key},
                           (struct bytes){row, sizeof row}),
                 STATUS_OK);
    ledger->touched = true;
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    open_again();
    cr_assert(recovery_active(recovery));
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    cr_assert_eq(go_on(), was_size);
}
