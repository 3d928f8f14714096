#include "agent/spool/spool.h"
#include "agent/spool/spool_drafts.h"

#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>

TestSuite(spool_room, .init = spool_fixture_open, .fini = spool_fixture_close);

/* Saved together, for the disk takes its time at each save. */
#define TOGETHER 32u

/* ---- full ---- */

static struct event numbered(uint32_t mark)
{
    return spool_fixture_event(1, mark);
}

/* Saves events, at last one at a time, until there is no room for one more;
 * gives how many there were. */
static uint32_t fill_with(struct event (*make)(uint32_t mark))
{
    static struct event events[TOGETHER];
    uint32_t saved = 0;
    uint32_t together = TOGETHER;

    while (together > 0) {
        uint64_t id;
        for (uint32_t i = 0; i < together; i++) {
            events[i] = make(saved + i);
        }
        enum status rc = spool_append(spool, events, together, NULL, &id);
        if (rc == STATUS_OK) {
            saved += together;
            continue;
        }
        cr_assert_eq(rc, STATUS_FULL);
        cr_assert_eq(id, 0);
        together /= 2;
    }
    return saved;
}

static uint32_t fill(void)
{
    return fill_with(numbered);
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

static struct event noisy(uint32_t mark)
{
    struct event event = spool_fixture_event(1, mark);
    uint32_t noise = mark * 2654435761u;

    for (uint32_t k = 0; k < EVENT_LIST_MAX; k++) {
        noise = noise * 1664525u + 1013904223u;
        cr_assert(event_append(&event, 9, noise));
    }
    return event;
}

/* Two batches at a time, as when nobody was there to seal for long. */
Test(spool_room, i6_incompressible_events_that_were_saved_can_be_sealed)
{
    spool_fixture_reopen_with(UINT64_C(6) << 20);
    (void)fill_with(noisy);
    cr_assert_gt(spool_fixture_seal_all(), 1);
    spool_fixture_receive_all();
    cr_assert_eq(spool_fixture_counts().saved, 0);
    cr_assert_eq(spool_fixture_counts().sealed, 0);
}

/* ---- drafts ---- */

static enum status put_draft(uint32_t number, size_t size)
{
    static uint8_t text[SPOOL_DRAFT_BYTES_MAX];
    struct spool_draft draft = {.text = {text, size}};

    bytes_put_u32(draft.key, number);
    return spool_put_draft(spool, &draft);
}

/* Who is told which of the two, throws drafts away or calls for help. */
Test(spool_room, i11_too_many_drafts_are_no_full_disk)
{
    uint32_t count = 0;
    enum status rc = STATUS_OK;

    while (count < SPOOL_DRAFTS_MAX) {
        cr_assert_eq(put_draft(count++, 1), STATUS_OK);
    }
    cr_assert_eq(put_draft(count, 1), STATUS_REFUSED);
    cr_assert_eq(put_draft(0, 2), STATUS_OK, "one of them again");
    spool_fixture_reopen_with(UINT64_C(4) << 20);
    for (count = 0; count < SPOOL_DRAFTS_MAX && rc == STATUS_OK; count++) {
        rc = put_draft(count, SPOOL_DRAFT_BYTES_MAX);
    }
    cr_assert_eq(rc, STATUS_FULL);
    cr_assert_gt(count, 1);
}
