#include "agent/spool/spool_backup.h"

#include "common/event/reference.h"
#include "common/fold/fold.h"
#include "tests/support/rounds.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES     12u
#define EACH        5u /* events of a batch */
#define FIRST_INDEX 100u
#define MODEL_MAX   4096u
#define TO_MEND_MAX 3u

TestSuite(spool_backup, .init = spool_fixture_open,
          .fini = spool_fixture_close);

static struct event row(uint32_t mark)
{
    struct event event = spool_fixture_event(1, mark);

    event.has_entry_key = true;
    event.header_present |= 1u << EVENT_ENTRY_KEY;
    bytes_put_u32(event.entry_key, mark);
    return event;
}

/* Batches of EACH events, received as entries FIRST_INDEX, and so on. */
static void receive_batches(void)
{
    uint8_t receipt[ENTRY_BYTES];
    uint32_t seq = 0;

    for (uint32_t i = 0; i < BATCHES; i++) {
        for (uint32_t k = 0; k < EACH; k++) {
            struct event event = row(++seq);

            (void)spool_fixture_save(&event);
        }
        cr_assert_eq(spool_fixture_seal_all(), 1);
        spool_fixture_receipt(seq, FIRST_INDEX + i, receipt);
        cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                     STATUS_OK);
    }
}

/* Removes all that may go for a budget of one byte; gives how many events. */
static uint64_t remove_all(void)
{
    uint64_t events;
    uint64_t sum = 0;
    enum status status;

    while ((status = spool_make_room(spool, 1, &events)) == STATUS_OK) {
        sum += events;
    }
    cr_assert_eq(status, STATUS_NOT_FOUND);
    return sum;
}

static bool is_here(uint64_t seq)
{
    struct event event;
    enum spool_state state;
    enum status status =
        spool_event(spool, spool_fixture_id(seq), &event, &state);

    cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
    return status == STATUS_OK;
}

Test(spool_backup, what_the_province_backed_up_is_told_from_the_rest)
{
    struct spool_backup backup;

    receive_batches();
    cr_assert_eq(spool_set_backup(spool, FIRST_INDEX + 2), STATUS_OK);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(2 * EACH)),
                 SPOOL_BACKED_UP);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(2 * EACH + 1)),
                 SPOOL_RECEIVED);
    spool_fixture_reopen();
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.up_to, FIRST_INDEX + 2);
    cr_assert_eq(backup.backed_up, 2 * EACH);
    cr_assert_eq(backup.removed, 0);
    cr_assert_eq(backup.kept_from, 0);
    cr_assert_eq(spool_set_backup(spool, 0), STATUS_OK);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_RECEIVED);
}

Test(spool_backup, i7_nothing_goes_without_a_mark)
{
    receive_batches();
    cr_assert_eq(remove_all(), 0);
    cr_assert(is_here(1));
}

Test(spool_backup, i7_nothing_goes_within_the_budget)
{
    uint64_t events;

    receive_batches();
    cr_assert_eq(spool_set_backup(spool, UINT64_MAX), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 0, &events), STATUS_NOT_FOUND);
    cr_assert_eq(
        spool_make_room(spool, spool_fixture_counts().bytes_used, &events),
        STATUS_NOT_FOUND);
    cr_assert(is_here(1));
}

/* The mark stands within the batches: what is behind it stays. */
Test(spool_backup, i7_nothing_behind_the_mark_goes)
{
    struct spool_counts before;
    struct spool_backup backup;
    struct digest past;
    struct event event = row(1);
    uint64_t id;
    bool removed;

    receive_batches();
    before = spool_fixture_counts();
    cr_assert_eq(spool_set_backup(spool, FIRST_INDEX + 4), STATUS_OK);
    cr_assert_eq(remove_all(), 4 * EACH);
    cr_assert_not(is_here(1));
    cr_assert_not(is_here(4 * EACH));
    cr_assert(is_here(4 * EACH + 1));
    spool_fixture_reopen();
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.removed, 4 * EACH);
    cr_assert_eq(backup.backed_up, 0);
    cr_assert_eq(backup.kept_from, spool_fixture_id(4 * EACH + 1));
    cr_assert_eq(spool_was_removed(spool, spool_fixture_id(4 * EACH), &removed),
                 STATUS_OK);
    cr_assert(removed);
    cr_assert_eq(
        spool_was_removed(spool, spool_fixture_id(4 * EACH + 1), &removed),
        STATUS_OK);
    cr_assert_not(removed);
    /* It was received all the same, and a row that comes again is known. */
    cr_assert_eq(spool_fixture_counts().received, before.received);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_add(spool, &event, &id, &removed), STATUS_OK);
    cr_assert(removed, "it was left out");
    cr_assert_eq(id, spool_fixture_id(1));
    spool_forget(spool);
    /* What lies before is known at its end alone. */
    cr_assert_eq(spool_past(spool, 4 * EACH, &past), STATUS_REFUSED);
    cr_assert_eq(spool_past(spool, 4 * EACH + 1, &past), STATUS_OK);
    cr_assert_eq(spool_past(spool, 5 * EACH + 1, &past), STATUS_OK);
    cr_assert_eq(spool_past(spool, 5 * EACH, &past), STATUS_NOT_FOUND);
}

/* The digest that is left is that of the batch that left. */
Test(spool_backup, i3_the_past_is_compared_where_it_was_removed)
{
    struct digest here;
    struct digest left;

    receive_batches();
    cr_assert_eq(spool_past(spool, 4 * EACH + 1, &here), STATUS_OK);
    cr_assert_eq(spool_set_backup(spool, FIRST_INDEX + 4), STATUS_OK);
    cr_assert_eq(remove_all(), 4 * EACH);
    cr_assert_eq(spool_past(spool, 4 * EACH + 1, &left), STATUS_OK);
    cr_assert(digest_equal(&here, &left));
}

Test(spool_backup, i7_the_newest_batch_and_what_is_to_mend_stay)
{
    struct spool_outcome outcome = {.event = spool_fixture_id(3),
                                    .outcome = FOLD_OUT_OF_SCOPE};
    struct entry entry;

    receive_batches();
    cr_assert_eq(spool_set_outcomes(spool, &outcome, 1), STATUS_OK);
    cr_assert_eq(spool_set_backup(spool, UINT64_MAX), STATUS_OK);
    cr_assert_eq(remove_all(), (BATCHES - 1) * EACH - 1);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(3)), SPOOL_TO_MEND);
    cr_assert(is_here((BATCHES - 1) * EACH + 1));
    cr_assert_eq(spool_last_receipt(spool, &entry), STATUS_OK);
    cr_assert_eq(entry.index, FIRST_INDEX + BATCHES - 1);
}

/* ---- in any order ---- */

/* What the office has done, and what may have gone by now. */
struct model {
    uint64_t saved, sealed;
    uint64_t index[MODEL_MAX]; /* of the entry by seq; 0: no receipt */
    bool may_go[MODEL_MAX];
    bool to_mend[MODEL_MAX];
    uint64_t next_index, up_to;
};

static struct model model;

static void model_receive(void)
{
    uint64_t seq;

    cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
    for (; seq <= model.sealed && rand() % 4 != 0; seq++) {
        uint8_t receipt[ENTRY_BYTES];
        struct bytes bytes = {receipt, ENTRY_BYTES};
        struct entry entry;

        spool_fixture_receipt(seq, model.next_index, receipt);
        cr_assert_eq(entry_read(bytes, &entry), STATUS_OK);
        cr_assert_eq(spool_receipt(spool, bytes), STATUS_OK);
        for (uint32_t i = 0; i < entry.count; i++) {
            model.index[entry.first_seq + i] = model.next_index;
        }
        model.next_index += 1 + (uint64_t)rand() % 3;
        seq = entry.first_seq + entry.count - 1;
    }
}

static void model_mend(void)
{
    struct spool_outcome outcomes[TO_MEND_MAX];
    size_t count = 0;

    memset(model.to_mend, 0, sizeof model.to_mend);
    for (uint64_t seq = 1; seq <= model.saved && count < TO_MEND_MAX; seq++) {
        if (model.index[seq] != 0 && is_here(seq) && rand() % 50 == 0) {
            model.to_mend[seq] = true;
            outcomes[count++] = (struct spool_outcome){
                .event = spool_fixture_id(seq), .outcome = FOLD_OUT_OF_SCOPE};
        }
    }
    cr_assert_eq(spool_set_outcomes(spool, outcomes, count), STATUS_OK);
}

static void model_make_room(void)
{
    uint64_t used = spool_fixture_counts().bytes_used;
    uint64_t keep = used / 2 + (uint64_t)rand() % used;
    uint64_t events;
    enum status status = spool_make_room(spool, keep, &events);

    cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
    if (used <= keep) {
        cr_assert_eq(status, STATUS_NOT_FOUND, "within the budget");
    }
    for (uint64_t seq = 1; status == STATUS_OK && seq <= model.saved; seq++) {
        bool may = model.index[seq] != 0 && model.index[seq] < model.up_to &&
                   !model.to_mend[seq];

        model.may_go[seq] = model.may_go[seq] || may;
    }
}

static void check_model(void)
{
    struct spool_counts counts = spool_fixture_counts();
    struct spool_backup backup;
    uint64_t gone = 0;

    for (uint64_t seq = 1; seq <= model.saved; seq++) {
        if (!is_here(seq)) {
            gone++;
            cr_assert(model.may_go[seq], "event %llu was not to go",
                      (unsigned long long)seq);
        }
    }
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(backup.removed, gone);
    cr_assert_eq(counts.saved + counts.sealed + counts.received +
                     counts.to_mend,
                 model.saved);
}

static void step(void)
{
    switch (rand() % 9) {
    case 0:
        (void)spool_fixture_seal_all();
        model.sealed = model.saved;
        break;
    case 1:
    case 2:
        model_receive();
        break;
    case 3:
        model.up_to = (uint64_t)rand() % (model.next_index + 1);
        cr_assert_eq(spool_set_backup(spool, model.up_to), STATUS_OK);
        break;
    case 4:
        model_mend();
        break;
    case 5:
    case 6:
        model_make_room();
        break;
    case 7:
        spool_fixture_reopen();
        break;
    default:
        for (int i = rand() % 20; i >= 0 && model.saved + 1 < MODEL_MAX; i--) {
            struct event event = row((uint32_t)++model.saved);

            cr_assert_eq(spool_fixture_save(&event),
                         spool_fixture_id(model.saved));
        }
        break;
    }
}

Test(spool_backup, i7_in_any_order_only_what_may_go_goes, .timeout = 110)
{
    uint64_t seed = 0;
    uint32_t count = rounds("orders of removing", 250, 20000, &seed);
    struct spool_backup backup;

    srand((unsigned)seed);
    memset(&model, 0, sizeof model);
    model.next_index = 1;
    for (uint32_t i = 0; i < count; i++) {
        step();
        check_model();
    }
    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_gt(backup.removed, 0, "something went");
}
