#include "agent/spool.h"

#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>

TestSuite(spool_room, .init = spool_fixture_open, .fini = spool_fixture_close);

/* ---- full ---- */

static uint32_t fill(void)
{
    struct event event = spool_fixture_event(1, 0);
    uint32_t saved = 0;
    uint64_t id;
    enum status rc;

    while ((rc = spool_append(spool, &event, 1, NULL, &id)) == STATUS_OK) {
        saved++;
        event_set(&event, 7, saved);
    }
    cr_assert_eq(rc, STATUS_FULL);
    cr_assert_eq(id, 0);
    return saved;
}

Test(spool_room, i6_a_full_spool_refuses_and_still_sends_all_it_has)
{
    uint8_t document[200000] = {1};
    struct event event;
    struct event read;
    enum spool_state state;
    uint64_t id = 0;
    uint64_t count = 0;
    uint32_t saved;

    spool_fixture_reopen_with(UINT64_C(4) << 20);
    saved = fill();
    cr_assert_gt(saved, 1000);
    event = spool_fixture_event(2, 0);
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_FULL);
    cr_assert_gt(spool_fixture_seal_all(), 0);
    spool_fixture_receive_all();
    cr_assert_eq(spool_set_document(spool, "plan",
                                    (struct bytes){document, sizeof document}),
                 STATUS_OK);
    cr_assert_eq(spool_fixture_counts().received, saved);
    while (spool_next(spool, id, &id, &read, &state) == STATUS_OK) {
        cr_assert_eq(event_get(&read, 7), count);
        cr_assert_eq(state, SPOOL_RECEIVED);
        count++;
    }
    cr_assert_eq(count, saved, "i7: nothing that was saved is removed");
}

Test(spool_room, i6_with_more_room_a_full_spool_takes_events_again)
{
    struct event event;

    spool_fixture_reopen_with(UINT64_C(4) << 20);
    (void)fill();
    spool_fixture_reopen_with(UINT64_C(8) << 20);
    event = spool_fixture_event(2, 0);
    (void)spool_fixture_save(&event);
}

/* Two batches at a time, as when nobody was there to seal for long. */
Test(spool_room, i6_incompressible_events_that_were_saved_can_be_sealed)
{
    uint64_t id = 0;
    enum status rc = STATUS_OK;
    uint32_t mark = 0;

    spool_fixture_reopen_with(UINT64_C(6) << 20);
    while (rc == STATUS_OK) {
        struct event event = spool_fixture_event(1, mark);

        for (uint32_t k = 0; k < EVENT_LIST_MAX; k++) {
            mark = mark * 1664525u + 1013904223u;
            cr_assert(event_append(&event, 9, mark));
        }
        rc = spool_append(spool, &event, 1, NULL, &id);
    }
    cr_assert_eq(rc, STATUS_FULL);
    cr_assert_gt(spool_fixture_seal_all(), 1);
    spool_fixture_receive_all();
    cr_assert_eq(spool_fixture_counts().saved, 0);
    cr_assert_eq(spool_fixture_counts().sealed, 0);
}
