#include "tests/support/lost_ledger.h"

#include <criterion/criterion.h>

/* Two offices have the lost ledger; one of them lies, or somebody does whom
 * nobody knows. Office 2 is the liar unless a test says otherwise. */
TestSuite(recovery_liar, .init = set_up, .fini = tear_down);

static struct buffer copy; /* of a batch that the province never had */

static void come_back(void)
{
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size);
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

/* ---- claims to what is another's ---- */

/* Office 1 lies. The first walk ends at the false one at `early`, and never
 * sees that there are two at `later`. */
Test(recovery_liar, i5_rivals_behind_the_first_false_one_are_dropped_too)
{
    uint64_t early = batch_of(2, 0);
    uint64_t later = batch_of(2, 2);
    struct wire_pair garbage = claim_erased(&was[batch_of(1, 0)], early);
    struct wire_pair stolen = claim(&was[batch_of(1, 2)], later);

    show_controls();
    hear(1, was_size, was_size);
    give(1, &garbage);
    give(1, &stolen);
    give_all(1);
    hear(2, was_size, 0);
    give_all(2);
    come_back();
}

/* For each entry of the other office nine that were "erased", each of another
 * time, before the true one comes. */
Test(recovery_liar, i6_an_office_that_claims_first_shuts_no_true_entry_out)
{
    show_controls();
    hear(2, was_size, was_size);
    for (uint64_t k = 0; k < was_size; k++) {
        struct wire_pair garbage = claim_erased(&was[batch_of(2, 0)], k);

        for (unsigned i = 0; i < 9 && was[k].entry.agent_number != 2; i++) {
            garbage.entry.received_at++;
            give(2, &garbage);
        }
    }
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    hear(1, was_size, 0);
    give_all(1);
    come_back();
}

/* The liar is the first to return what is true, and takes it back when the
 * other one was not asked for it again. */
Test(recovery_liar, i5_what_two_offices_said_the_first_cannot_take_back)
{
    show_controls();
    hear(2, was_size, was_size);
    hear(1, was_size, 0);
    give_all(2);
    give_all(1);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.kind == ENTRY_CONTROL) {
            struct wire_pair false_one = claim(&was[batch_of(2, 0)], k);

            give(2, &false_one);
        }
    }
    come_back();
}

/* True where the other one agrees, and false at six other places: no mixture of
 * five tells them apart. */
Test(recovery_liar, i5_who_lies_at_six_places_is_doubted_at_all)
{
    static struct wire_pair own;

    show_controls();
    own = was[batch_of(2, 0)];
    hear(2, was_size, was_size);
    for (uint64_t k = 0; k < was_size; k++) {
        bool is_own = was[k].entry.agent_number == 2;
        struct wire_pair false_one = claim(&own, k);

        give(2, is_own || k % 2 == 0 ? &was[k] : &false_one);
    }
    hear(1, was_size, 0);
    give_all(1);
    come_back();
}

/* Office 1 lies, and has a new claim each turn while the walks go on. */
Test(recovery_liar, i6_a_claim_each_turn_does_not_begin_the_search_again)
{
    struct wire_pair stolen = claim(&was[batch_of(1, 0)], batch_of(2, 0));
    bool more = true;
    bool appended = false;
    uint64_t index = was_size;

    show_controls();
    hear(1, was_size, was_size);
    give(1, &stolen);
    give_all(1);
    hear(2, was_size, 0);
    give_all(2);
    answered(1);
    answered(2);
    for (unsigned i = 0; left_size() < was_size && i < 50; i++) {
        struct wire_pair own = was[batch_of(1, 0)];

        own.entry.index = index++;
        give(1, &own);
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
    }
    cr_assert_eq(left_size(), was_size);
    check_same(was_size);
}

/* Office 1 lies, whose number is believed first; the walk waits at a gap when
 * the claim to an entry comes that it has looked at. */
Test(recovery_liar, i5_a_claim_behind_the_walk_is_not_what_it_has_seen)
{
    uint64_t seen = batch_of(2, 0);
    uint64_t gap = batch_of(2, 1);
    struct wire_pair stolen = claim(&was[batch_of(1, 0)], seen);

    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(1);
    for (uint64_t k = 0; k < was_size; k++) {
        if (was[k].entry.agent_number == 2 && k != gap) {
            give(2, &was[k]);
        }
    }
    cr_assert_eq(go_on(), 0);
    give(1, &stolen);
    give(2, &was[gap]);
    come_back();
}

/* ---- numbers ---- */

/* It returns a row there as well, so that its word is not a bare one. */
Test(recovery_liar, i6_a_far_number_keeps_no_recovery_from_ending)
{
    uint64_t far = UINT64_C(1) << 62;
    struct wire_pair own = was[batch_of(2, 0)];

    own.entry.index = far - 1;
    own.erased = true;
    own.bytes = (struct bytes){0};
    show_controls();
    hear(1, was_size, was_size);
    hear(2, far, 0);
    give_all(1);
    give_all(2);
    give(2, &own);
    come_back();
}

/* ---- strangers ---- */

/* Who once belonged has every document, and shows each at four false places
 * first. */
Test(recovery_liar, i6_a_stranger_with_genuine_orders_hides_nobody)
{
    const struct context *context = NULL;

    for (uint64_t shift = 1; shift <= 4; shift++) {
        for (uint64_t k = 0; k < was_size; k++) {
            if (was[k].entry.kind == ENTRY_CONTROL) {
                struct wire_pair moved = was[k];

                moved.entry.index += shift;
                give(0, &moved);
            }
        }
    }
    cr_assert_eq(recovery_context(recovery, &context), STATUS_OK);
    cr_assert_eq(context_agent_count(context), 2, "both are known");
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    come_back();
}

Test(recovery_liar, i6_a_stranger_takes_no_place)
{
    struct recovery_standing standing;
    struct wire_pair far = was[0];

    far.entry.index = UINT64_C(1) << 62;
    give(0, &far);
    show_controls();
    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    cr_assert_eq(standing.kept, 0);
}

/* ---- time ---- */

/* Its own batch, well signed, as the last entry, received in the year 9999. */
Test(recovery_liar, i5_an_office_does_not_set_the_ledgers_clock)
{
    struct wire_pair last = further(&offices[1], was_size, &copy);

    last.entry.received_at = INT64_C(253370764800000000);
    show_controls();
    hear(1, was_size, 0);
    hear(2, was_size + 1, 0);
    give_all(1);
    give_all(2);
    give(2, &last);
    come_back();
    buffer_fini(&copy);
}

/* The new machine's clock stands a day back: what a root proves says so. */
Test(recovery_liar, nothing_ends_while_the_clock_is_behind_the_ledger)
{
    struct recovery_standing standing;

    hall.now.wall_us -= CLOCK_US_PER_DAY;
    hear(1, was_size, was_size - 1);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    answered(1);
    answered(2);
    cr_assert_eq(go_on(), was_size - 1, "a checkpoint covers it");
    cr_assert(recovery_active(recovery));
    cr_assert_eq(recovery_standing(recovery, &standing), STATUS_OK);
    cr_assert(standing.clock_behind);
    hall.now.wall_us += CLOCK_US_PER_DAY;
    come_back();
}

/* ---- erased ---- */

/* An order that erased the office's last batch, as the entry behind it. */
static struct wire_pair order(struct buffer *document)
{
    uint64_t index = was_size - 1;
    struct control control = {
        .kind = CONTROL_ERASURE_ORDER,
        .created_at = hall.now.wall_us,
        .erasure_order = {.index = index,
                          .digest = was[index].entry.digest,
                          .order_number = 12,
                          .order_year = 2018,
                          .contribution = was[index].bytes}};
    struct wire_pair pair = {.entry = {.kind = ENTRY_CONTROL,
                                       .index = was_size,
                                       .received_at = hall.now.wall_us}};

    random_id_make(&control.nonce);
    buffer_init(document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(&control, &hall.keys.administrator, document),
                 STATUS_OK);
    pair.bytes = buffer_bytes(document);
    pair.entry.size = (uint32_t)document->size;
    digest_bytes(pair.bytes, &pair.entry.digest);
    return pair;
}

static void give_erased(const struct wire_pair *erased,
                        const struct wire_pair *by)
{
    show_controls();
    hear(1, was_size, 0);
    hear(2, was_size + 1, 0);
    give_all(1);
    for (uint64_t k = 0; k + 1 < was_size; k++) {
        if (was[k].entry.agent_number == 2) {
            give(2, &was[k]);
        }
    }
    give(2, erased);
    give(1, by);
    answered(1);
    answered(2);
}

/* The order is genuine, and names index and hash; only what it left says how
 * many events there were. */
Test(recovery_liar, i8_what_was_erased_comes_back_with_its_own_count)
{
    struct wire_pair by = order(&copy);
    struct wire_pair erased = was[was_size - 1];

    cr_assert_eq(erased.entry.agent_number, 2);
    erased.erased = true;
    erased.bytes = (struct bytes){0};
    erased.entry.count = BATCH_EVENTS_MAX;
    give_erased(&erased, &by);
    cr_assert_eq(go_on(), was_size - 1);
    buffer_fini(&copy);
}

Test(recovery_liar, i5_what_was_erased_comes_back_with_its_order)
{
    struct wire_pair by = order(&copy);
    struct wire_pair erased = was[was_size - 1];
    struct ledger_snapshot *snapshot = NULL;
    struct control *found = NULL;
    uint64_t index = 0;

    erased.erased = true;
    erased.bytes = (struct bytes){0};
    give_erased(&erased, &by);
    cr_assert_eq(go_on(), was_size + 1);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(
        ledger_erasure(snapshot, &was[was_size - 1].entry, &found, &index),
        STATUS_OK);
    cr_assert_eq(index, was_size);
    control_free(&found);
    ledger_snapshot_close(&snapshot);
    buffer_fini(&copy);
}

/* Its order was in the ledger behind a number that nobody returns: it is given
 * once more, so that nothing stands erased by nobody. */
Test(recovery_liar, i5_an_order_whose_entry_is_lost_is_given_again)
{
    struct wire_pair by = order(&copy);
    struct wire_pair erased = was[was_size - 1];
    struct ledger_snapshot *snapshot = NULL;
    struct control *found = NULL;
    uint64_t index = 0;

    by.entry.index += 5;
    erased.erased = true;
    erased.bytes = (struct bytes){0};
    give_erased(&erased, &by);
    cr_assert_eq(go_on(), was_size + 1);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(
        ledger_erasure(snapshot, &was[was_size - 1].entry, &found, &index),
        STATUS_OK);
    cr_assert_eq(index, was_size);
    control_free(&found);
    ledger_snapshot_close(&snapshot);
    buffer_fini(&copy);
}

/* ---- the end ---- */

/* More rows than one transaction drops; with the seven documents one of the
 * two offices would just go with the second. */
#define SURPLUS (2u * 4096u - 8u)

/* The process dies while the rows of a recovery that has ended are dropped. */
Test(recovery_liar, i7_who_was_heard_is_not_forgotten_before_the_end)
{
    static struct wire_pair many[SURPLUS];
    bool more = true;
    bool appended = false;

    show_controls();
    hear(1, was_size, was_size);
    hear(2, was_size, 0);
    give_all(1);
    give_all(2);
    for (unsigned i = 0; i < SURPLUS; i++) {
        many[i] = was[batch_of(2, 0)];
        many[i].entry.index = 2 * was_size + i;
        many[i].erased = true;
        many[i].bytes = (struct bytes){0};
    }
    cr_assert_eq(recovery_keep(recovery, 2, many, SURPLUS), STATUS_OK);
    cr_assert_eq(recovery_save(recovery), STATUS_OK);
    answered(1);
    answered(2);
    for (unsigned i = 0; recovery_active(recovery) && i < TURNS_MAX; i++) {
        cr_assert_eq(recovery_step(recovery, &more, &appended), STATUS_OK);
        if (recovery_active(recovery)) {
            open_again();
        }
    }
    cr_assert_not(recovery_active(recovery));
    check_same(was_size);
}

/* Where nothing is left, one office says that there is no other. */
Test(recovery_liar, i5_one_office_alone_does_not_end_a_total_loss_at_once)
{
    hear(1, 0, 0);
    for (uint64_t k = 0; k < 5; k++) {
        give(1, &was[k]); /* up to its own joining */
    }
    answered(1);
    cr_assert_eq(go_on(), 0);
    show_controls();
    hear(2, was_size, was_size);
    give_all(2);
    give_all(1);
    come_back();
}
