#include "agent/spool/spool.h"
#include "common/format/wire_pairs.h"

#include "common/format/control.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(spool_controls, .init = spool_fixture_open,
          .fini = spool_fixture_close);

static uint8_t text[3][10] = {"genesis", "plan", "enrolment"};

static struct wire_pair control_at(uint64_t index, unsigned which)
{
    struct wire_pair pair = {
        .entry = {.kind = ENTRY_CONTROL,
                  .index = index,
                  .size = sizeof text[0]},
        .bytes = {.data = text[which], .size = sizeof text[0]}};

    digest_bytes(pair.bytes, &pair.entry.digest);
    return pair;
}

static void keep(uint64_t index, unsigned which)
{
    struct wire_pair pair = control_at(index, which);
    uint64_t done_to = index + 1;

    cr_assert_eq(spool_keep_controls(spool, &pair, 1, &done_to), STATUS_OK);
    cr_assert_eq(done_to, index + 1);
}

static uint64_t next_control(void)
{
    uint64_t next = 0;

    cr_assert_eq(spool_next_control(spool, &next), STATUS_OK);
    return next;
}

/* The pair at or behind `index`: gives its index, and whether it has bytes. */
static uint64_t pair_at(uint64_t index, bool *whole)
{
    struct entry entry;
    struct bytes bytes;
    struct digest digest;

    cr_assert_eq(spool_pair(spool, index, &entry, &bytes), STATUS_OK);
    digest_bytes(bytes, &digest);
    *whole = digest_equal(&digest, &entry.digest);
    return entry.index;
}

static void receive(uint64_t seq, uint64_t index)
{
    uint8_t receipt[ENTRY_BYTES];

    spool_fixture_receipt(seq, index, receipt);
    cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                 STATUS_OK);
}

/* A batch of two events. */
static void seal_two(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        struct event event = spool_fixture_event(1, i);

        (void)spool_fixture_save(&event);
    }
    cr_assert_eq(spool_fixture_seal_all(), 1);
}

/* Six events in three batches, which became the entries 3, 4 and 9. */
static void send_three(void)
{
    for (unsigned i = 0; i < 3; i++) {
        seal_two();
    }
    receive(1, 3);
    receive(3, 4);
    receive(5, 9);
}

Test(spool_controls, the_mirror_lasts_and_says_where_it_ends)
{
    struct entry entry;
    struct bytes document;

    cr_assert_eq(next_control(), 0);
    keep(0, 0);
    keep(7, 1);
    cr_assert_eq(next_control(), 8);
    spool_fixture_reopen();
    cr_assert_eq(next_control(), 8);
    cr_assert_eq(spool_control(spool, 1, &entry, &document), STATUS_OK);
    cr_assert_eq(entry.index, 7);
    cr_assert(bytes_equal(document, (struct bytes){text[1], sizeof text[1]}));
    cr_assert_eq(spool_control(spool, 8, &entry, &document), STATUS_NOT_FOUND);
}

/* The same is given again when its answer was lost. */
Test(spool_controls, what_is_mirrored_is_not_replaced)
{
    struct entry entry;
    struct bytes document;

    keep(0, 0);
    keep(0, 2);
    cr_assert_eq(spool_control(spool, 0, &entry, &document), STATUS_OK);
    cr_assert(bytes_equal(document, (struct bytes){text[0], sizeof text[0]}));
}

Test(spool_controls, all_of_a_message_is_kept_or_nothing)
{
    struct wire_pair pairs[2] = {control_at(0, 0), control_at(1, 1)};
    uint64_t done_to = 2;

    pairs[1].entry.kind = ENTRY_BATCH;
    cr_assert_eq(spool_keep_controls(spool, pairs, 2, &done_to),
                 STATUS_INVALID);
    cr_assert_eq(next_control(), 0);
}

/* ---- what is damaged ---- */

static void damage(unsigned which)
{
    cr_assert_gt(spool_fixture_damage(
                     (struct bytes){text[which], strlen((char *)text[which])}),
                 0);
}

Test(spool_controls, i7_a_damaged_entry_of_the_mirror_is_passed_by)
{
    struct entry entry;
    struct bytes document;
    bool whole = false;

    keep(0, 0);
    keep(5, 1);
    keep(7, 2);
    damage(1);
    cr_assert_eq(pair_at(1, &whole), 7);
    cr_assert(whole);
    cr_assert_eq(spool_control(spool, 1, &entry, &document), STATUS_OK);
    cr_assert_eq(entry.index, 7);
}

/* The province gives it once more. */
Test(spool_controls, a_damaged_end_of_the_mirror_is_asked_for_again)
{
    struct entry entry;
    struct bytes document;

    keep(0, 0);
    keep(7, 1);
    damage(1);
    cr_assert_eq(next_control(), 1);
    cr_assert_eq(spool_control(spool, 1, &entry, &document), STATUS_NOT_FOUND);
    keep(7, 1);
    cr_assert_eq(next_control(), 8);
    cr_assert_eq(spool_control(spool, 1, &entry, &document), STATUS_OK);
}

Test(spool_controls, i7_a_damaged_receipt_is_passed_by)
{
    uint8_t receipt[ENTRY_BYTES];
    bool whole = false;

    send_three();
    spool_fixture_receipt(3, 4, receipt);
    cr_assert_gt(spool_fixture_damage((struct bytes){receipt, sizeof receipt}),
                 0);
    cr_assert_eq(pair_at(0, &whole), 3);
    cr_assert_eq(pair_at(4, &whole), 9);
    cr_assert(whole);
}

/* ---- breaks ---- */

static struct sign_keys administrator;
static struct buffer broken_document;

/* The break that says that entries from `from` on are lost, as entry
 * `index`. */
static struct wire_pair break_at(uint64_t index, uint64_t from)
{
    static struct control control;
    struct wire_pair pair = {.entry = {.kind = ENTRY_CONTROL, .index = index}};

    keys_fixed(9, &administrator);
    control = (struct control){.kind = CONTROL_BREAK};
    control.broken.reason = CONTROL_BREAK_ENTRIES_LOST;
    control.broken.old_size = index;
    control.broken.missing[0] = (struct control_run){from, from + 1};
    control.broken.missing_count = 1;
    buffer_init(&broken_document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, &administrator, &broken_document),
                 STATUS_OK);
    pair.bytes = buffer_bytes(&broken_document);
    pair.entry.size = (uint32_t)broken_document.size;
    digest_bytes(pair.bytes, &pair.entry.digest);
    return pair;
}

static bool is_mirrored(uint64_t index)
{
    struct entry entry;
    struct bytes bytes;
    enum status status = spool_control(spool, index, &entry, &bytes);

    cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
    return status == STATUS_OK && entry.index == index;
}

/* The office was away, and mirrors what the province gave up: entry 6 was
 * another one, and 9 never was. */
Test(spool_controls, i7_a_break_takes_away_what_is_of_a_history_that_is_over)
{
    struct wire_pair broken = break_at(8, 5);
    struct digest last;
    uint64_t done_to = 10;

    keep(0, 0);
    keep(6, 1);
    keep(9, 2);
    cr_assert_eq(spool_last_break(spool, &last), STATUS_OK);
    cr_assert_not(digest_equal(&last, &broken.entry.digest));
    cr_assert_eq(spool_keep_controls(spool, &broken, 1, &done_to), STATUS_OK);
    cr_assert_eq(done_to, 1, "all behind entry 0 is to be given anew");
    cr_assert_eq(next_control(), 1);
    cr_assert(is_mirrored(0));
    spool_fixture_reopen();
    cr_assert_eq(spool_last_break(spool, &last), STATUS_OK);
    cr_assert(digest_equal(&last, &broken.entry.digest));
    keep(6, 2);
    /* In its place it is an entry as any other. */
    done_to = 9;
    cr_assert_eq(spool_keep_controls(spool, &broken, 1, &done_to), STATUS_OK);
    cr_assert_eq(done_to, 9);
    cr_assert(is_mirrored(6) && is_mirrored(8));
    cr_assert_eq(next_control(), 9);
    buffer_fini(&broken_document);
}

/* The office's mirror ends before anything was lost. */
Test(spool_controls, a_break_that_is_ahead_leaves_no_gap)
{
    struct wire_pair broken = break_at(8, 5);
    uint64_t done_to = 1;

    keep(0, 0);
    cr_assert_eq(spool_keep_controls(spool, &broken, 1, &done_to), STATUS_OK);
    cr_assert_eq(done_to, 1);
    cr_assert_eq(next_control(), 1);
    cr_assert_not(is_mirrored(8));
    buffer_fini(&broken_document);
}

static uint64_t keep_break(const struct wire_pair *pair, uint64_t done_to)
{
    cr_assert_eq(spool_keep_controls(spool, pair, 1, &done_to), STATUS_OK);
    return done_to;
}

/* A new office: both breaks are given ahead, then all entries in their order.
 * The second one's missing number lies below the place of the first. */
Test(spool_controls, i7_two_breaks_are_followed_once_each)
{
    struct wire_pair first = break_at(8, 5);
    struct buffer held = broken_document;
    struct wire_pair second = break_at(10, 7);
    struct digest last;

    cr_assert_eq(keep_break(&first, 0), 0);
    cr_assert_eq(keep_break(&second, 0), 0);
    spool_fixture_reopen();
    keep(0, 0);
    keep(6, 1);
    cr_assert_eq(keep_break(&first, 9), 9);
    keep(9, 2);
    cr_assert_eq(keep_break(&second, 11), 11);
    cr_assert(is_mirrored(0) && is_mirrored(6) && is_mirrored(8) &&
              is_mirrored(9) && is_mirrored(10));
    cr_assert_eq(spool_last_break(spool, &last), STATUS_OK);
    cr_assert(digest_equal(&last, &second.entry.digest));
    buffer_fini(&held);
    buffer_fini(&broken_document);
}

/* ---- giving back ---- */

/* Batches of the office and the mirror together, by the ledger's index. */
Test(spool_controls, i7_what_is_wanted_back_comes_in_the_order_of_the_ledger)
{
    const uint64_t wanted[] = {0, 3, 4, 7, 9};
    uint64_t from = 0;
    struct entry entry;
    struct bytes bytes;
    bool whole = false;

    send_three();
    keep(0, 0);
    keep(7, 1);
    for (size_t i = 0; i < 5; i++) {
        from = pair_at(from, &whole);
        cr_assert_eq(from, wanted[i]);
        cr_assert(whole, "entry %zu", (size_t)from);
        from++;
    }
    cr_assert_eq(spool_pair(spool, from, &entry, &bytes), STATUS_NOT_FOUND);
}

/* A receipt that was lost on the way leaves a gap, and nothing else. */
Test(spool_controls, i7_a_batch_without_a_receipt_is_passed_by)
{
    bool whole = false;

    for (unsigned i = 0; i < 3; i++) {
        seal_two();
    }
    receive(1, 3);
    receive(5, 9);
    cr_assert_eq(pair_at(0, &whole), 3);
    cr_assert_eq(pair_at(4, &whole), 9);
    cr_assert(whole);
}

Test(spool_controls, i7_the_batches_of_earlier_epochs_are_there_too)
{
    struct random_id epoch;
    bool whole = false;

    send_three();
    memset(&epoch, 0x44, sizeof epoch);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, 7), STATUS_OK);
    seal_two();
    receive(1, 12);
    cr_assert_eq(pair_at(4, &whole), 4);
    cr_assert_eq(pair_at(10, &whole), 12);
    cr_assert(whole);
}
