#include "agent/spool/spool.h"

#include "common/event/reference.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>

TestSuite(spool_recover, .init = spool_fixture_open,
          .fini = spool_fixture_close);

/* ---- recovery ---- */

Test(spool_recover, recovery_moves_what_was_not_received_and_renames_it)
{
    struct random_id epoch = keys_id(50);
    struct event events[4];
    struct event read;
    enum spool_state state;
    uint64_t old_thing;
    uint64_t new_thing;
    uint64_t count;
    uint64_t id;
    bool fresh;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    old_thing = spool_fixture_allot("so-1", &fresh);
    new_thing = spool_fixture_allot("so-2", &fresh);
    events[0] = spool_fixture_event(id60_number(old_thing), 0);
    events[1] = spool_fixture_event(id60_number(old_thing), 1);
    events[2] = spool_fixture_event(id60_number(new_thing), 2);
    events[3] = spool_fixture_event(id60_number(new_thing), 3);
    events[2].target = spool_fixture_id(1);
    events[3].target = spool_fixture_id(2);
    events[3].head = spool_fixture_id(3);
    for (size_t i = 2; i < 4; i++) {
        events[i].header_present |=
            (1u << EVENT_TARGET) | (1u << EVENT_HEAD) | (1u << EVENT_ENTRY_KEY);
        events[i].has_entry_key = true;
        events[i].entry_key[0] = (uint8_t)i;
    }
    cr_assert_eq(spool_append(spool, events, 4, NULL, &id), STATUS_OK);
    (void)spool_fixture_seal_all();
    cr_assert_eq(spool_unreceived(spool, 2, &count), STATUS_OK);
    cr_assert_eq(count, 3);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 1, 2), STATUS_INVALID);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, 2), STATUS_OK);
    spool_fixture_reopen();

    cr_assert_eq(spool_fixture_state(spool_fixture_id(1)), SPOOL_RECEIVED);
    cr_assert_eq(spool_fixture_state(spool_fixture_id(2)), SPOOL_MOVED);
    cr_assert_eq(spool_moved(spool, 0, spool_fixture_id(2), &id), STATUS_OK);
    cr_assert_eq(id, id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
    cr_assert_eq(spool_moved(spool, 0, spool_fixture_id(1), &id),
                 STATUS_NOT_FOUND);

    id = id60_make(SPOOL_FIXTURE_AGENT, 2, 2);
    cr_assert_eq(spool_event(spool, id, &read, &state), STATUS_OK);
    cr_assert_eq(state, SPOOL_SAVED);
    cr_assert_eq(read.target, spool_fixture_id(1),
                 "it was received under its old id");
    cr_assert_eq(event_get(&read, 1), id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
    cr_assert_eq(
        spool_find_entry(spool, read.unit, read.office, read.entry_key, &count),
        STATUS_OK);
    cr_assert_eq(count, id);
    cr_assert_eq(
        spool_event(spool, id60_make(SPOOL_FIXTURE_AGENT, 2, 3), &read, &state),
        STATUS_OK);
    cr_assert_eq(read.target, id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
    cr_assert_eq(read.head, id60_make(SPOOL_FIXTURE_AGENT, 2, 2));
    cr_assert_eq(
        spool_event(spool, id60_make(SPOOL_FIXTURE_AGENT, 2, 1), &read, &state),
        STATUS_OK);
    cr_assert_eq(event_get(&read, 1), old_thing,
                 "named first in an event that was received");

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_fixture_allot("so-1", &fresh), old_thing);
    cr_assert_eq(spool_fixture_allot("so-2", &fresh),
                 id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
    cr_assert_not(fresh);
    cr_assert_eq(id60_number(spool_fixture_allot("so-3", &fresh)), 2);
    spool_forget(spool);
    cr_assert_eq(spool_moved(spool, REFERENCE_ESTABLISHMENT, new_thing, &id),
                 STATUS_OK);
    cr_assert_eq(id, id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
}

Test(spool_recover, recovery_counts_each_event_once_and_lets_the_line_run)
{
    struct random_id epoch = keys_id(50);
    struct spool_link link = {
        .frozen = SPOOL_POSITION_TAKEN, .refusal = 2, .connected_at = 5};
    struct event event = spool_fixture_event(1, 0);
    struct spool_counts counts;
    struct batch_header header;
    struct bytes batch;

    for (uint32_t i = 0; i < 5; i++) {
        (void)spool_fixture_save(&event);
    }
    cr_assert_eq(spool_set_link(spool, &link), STATUS_OK);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 3, 4), STATUS_OK);
    cr_assert_eq(spool_link(spool, &link), STATUS_OK);
    cr_assert_eq(link.frozen, SPOOL_RUNNING);
    cr_assert_eq(link.connected_at, 5);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.received, 3);
    cr_assert_eq(counts.moved, 2);
    cr_assert_eq(counts.saved, 2);
    cr_assert_eq(spool_fixture_seal_all(), 1);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    cr_assert_eq(header.epoch_ordinal, 3);
    cr_assert(random_id_equal(&header.epoch, &epoch));
    cr_assert_eq(header.count, 2);
    cr_assert_eq(header.previous.bytes[0], 0);
    /* Nothing is left to move a second time. */
    spool_fixture_receive_all();
    epoch = keys_id(51);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 4, 3), STATUS_OK);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.received, 5);
    cr_assert_eq(counts.moved, 2);
    cr_assert_eq(counts.saved, 0);
}
