#include "agent/office/kept.h"

#include "common/event/reference.h"
#include "tests/support/keys.h"
#include "tests/support/office_fixture.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <string.h>

#define TYPE_INSPECTION 8u
#define NOW             (INT64_C(1530403200) * CLOCK_US_PER_S) /* 2018-07-01 */

static struct office office;
static struct clock_settable now;
static struct clock now_clock;
static struct kept kept;

static void open_office(void)
{
    struct office_fixture fixture = office_fixture_ba_dinh();
    char path[TEMP_DIR_PATH_MAX];

    office_fixture_open(&fixture, true);
    memset(&office, 0, sizeof office);
    memset(&kept, 0, sizeof kept);
    office.context = office_fixture_context(&fixture);
    office.agent = context_agent(office.context, fixture.agent);
    temp_dir_path(&office_dir_path, "spool.mdb", path);
    cr_assert_eq(spool_open(path, 0, false, &office.spool), STATUS_OK);
    cr_assert_eq(spool_identity(office.spool, &office.identity), STATUS_OK);
    now.wall_us = NOW;
    clock_init_settable(&now_clock, &now);
}

static void close_office(void)
{
    kept_forget(&kept);
    spool_close(&office.spool);
    context_free(&office.context);
    office_fixture_close();
}

TestSuite(kept, .init = open_office, .fini = close_office);

static uint64_t save(int32_t occurred_on)
{
    struct event event;
    uint64_t id;

    sample_event_valid(TYPE_INSPECTION, &event);
    event.unit = OFFICE_FIXTURE_BA_DINH;
    event.office = OFFICE_FIXTURE_LABOUR;
    event.subject_unit = 0;
    event.occurred_on = occurred_on;
    event.recorded_at = now.wall_us;
    cr_assert_eq(spool_append(office.spool, &event, 1, NULL, &id), STATUS_OK);
    return id;
}

/* Everything that waits is received on that moment. */
static void receive(int64_t moment)
{
    uint8_t receipt[ENTRY_BYTES];
    struct batch_header header;
    struct bytes batch;
    struct sign_keys keys;
    struct entry entry = {.kind = ENTRY_BATCH, .index = 9};
    uint64_t seq;

    keys_fixed(9, &keys);
    cr_assert_eq(spool_seal(office.spool, &keys, &now_clock), STATUS_OK);
    cr_assert_eq(spool_unreceipted(office.spool, &seq), STATUS_OK);
    cr_assert_eq(spool_batch(office.spool, seq, &header, &batch), STATUS_OK);
    entry.received_at = moment;
    entry.agent = header.agent;
    entry.epoch = header.epoch;
    entry.agent_number = header.agent_number;
    entry.epoch_ordinal = header.epoch_ordinal;
    entry.first_seq = header.first_seq;
    entry.count = header.count;
    entry.size = (uint32_t)batch.size;
    digest_bytes(batch, &entry.digest);
    entry_write(&entry, receipt);
    cr_assert_eq(
        spool_receipt(office.spool, (struct bytes){receipt, sizeof receipt}),
        STATUS_OK);
}

static void turn(void)
{
    bool ready = false;

    while (!ready) {
        cr_assert_eq(kept_turn(&kept, &office, &now_clock, 0, &ready),
                     STATUS_OK);
    }
}

/* The same as a view that is made of everything at once. */
static void assert_as_folded_anew(void)
{
    struct fold_totals mine, anew;
    struct view view;

    turn();
    cr_assert_eq(view_open(&office, office.context, &view), STATUS_OK);
    fold_totals(kept.view.fold, &mine);
    fold_totals(view.fold, &anew);
    cr_assert_eq(memcmp(&mine, &anew, sizeof mine), 0);
    cr_assert_eq(kept.view.events, view.events);
    cr_assert_eq(kept.view.waiting, view.waiting);
    view_close(&view);
}

Test(kept, i4_what_is_saved_and_received_comes_to_what_is_there)
{
    const struct fold *fold;

    assert_as_folded_anew();
    (void)save(clock_day_of(NOW) - 5);
    (void)save(clock_day_of(NOW) - 4);
    assert_as_folded_anew();
    fold = kept.view.fold;
    receive(NOW);
    assert_as_folded_anew();
    cr_assert_eq(kept.view.waiting, 0);
    (void)save(clock_day_of(NOW) - 3);
    assert_as_folded_anew();
    cr_assert_eq(kept.view.fold, fold, "nothing was folded anew");
}

/* Only its receipt shows that the machine's clock ran ahead. */
Test(kept, i4_an_event_that_its_receipt_makes_wrong_is_folded_anew)
{
    struct fold_totals totals;

    (void)save(clock_day_of(NOW));
    assert_as_folded_anew();
    fold_totals(kept.view.fold, &totals);
    cr_assert_eq(totals.outcomes[FOLD_WRONG_CLOCK], 0);
    receive(NOW - 3 * CLOCK_US_PER_DAY);
    assert_as_folded_anew();
    fold_totals(kept.view.fold, &totals);
    cr_assert_eq(totals.outcomes[FOLD_WRONG_CLOCK], 1);
}

Test(kept, i11_a_turn_ends_with_its_time)
{
    bool ready;

    for (uint32_t i = 0; i < KEPT_STEP + 1; i++) {
        (void)save(clock_day_of(NOW) - 1);
    }
    cr_assert_eq(kept_turn(&kept, &office, &now_clock, 0, &ready), STATUS_OK);
    cr_assert_not(ready);
    cr_assert_eq(kept_turn(&kept, &office, &now_clock, 0, &ready), STATUS_OK);
    cr_assert(ready);
}

Test(kept, memory_is_given_back_when_nobody_asks)
{
    (void)save(clock_day_of(NOW) - 1);
    turn();
    now.monotonic_us += KEPT_IDLE_US - 1;
    kept_rest(&kept, &now_clock);
    cr_assert(kept.made);
    now.monotonic_us += 1;
    kept_rest(&kept, &now_clock);
    cr_assert_not(kept.made);
    assert_as_folded_anew();
}
