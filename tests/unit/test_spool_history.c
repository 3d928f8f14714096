#include "agent/spool/spool_history.h"

#include "agent/spool/spool_backup.h"

#include "common/event/reference.h"
#include "common/format/wire_pairs.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define BATCHES 5u
#define EACH    4u
#define INDEX   200u

static uint8_t kept[BATCHES][4096];
static struct wire_pair pairs[BATCHES];
static struct random_id next_epoch;

static struct event row(uint32_t mark)
{
    struct event event = spool_fixture_event(1, mark);

    event.has_entry_key = true;
    event.header_present |= 1u << EVENT_ENTRY_KEY;
    bytes_put_u32(event.entry_key, mark);
    return event;
}

/* What the lost machine had sent, as the province has it. */
static void send_batches(void)
{
    for (uint32_t i = 0; i < BATCHES; i++) {
        uint8_t receipt[ENTRY_BYTES];
        struct batch_header header;
        struct bytes batch;

        for (uint32_t k = 1; k <= EACH; k++) {
            struct event event = row(i * EACH + k);

            (void)spool_fixture_save(&event);
        }
        cr_assert_eq(spool_fixture_seal_all(), 1);
        spool_fixture_receipt(i * EACH + 1, INDEX + 3 * i, receipt);
        cr_assert_eq(
            entry_read((struct bytes){receipt, ENTRY_BYTES}, &pairs[i].entry),
            STATUS_OK);
        cr_assert_eq(spool_batch(spool, i * EACH + 1, &header, &batch),
                     STATUS_OK);
        cr_assert_leq(batch.size, sizeof kept[i]);
        memcpy(kept[i], batch.data, batch.size);
        pairs[i].bytes = (struct bytes){kept[i], batch.size};
        pairs[i].erased = false;
    }
}

/* A new machine of the same agent, in epoch 2. */
static void open_new_machine(uint64_t map_bytes)
{
    struct spool_identity identity;

    cr_assert_eq(spool_identity(spool, &identity), STATUS_OK);
    spool_close(&spool);
    cr_assert_gt(snprintf(spool_path + strlen(spool_path),
                          sizeof spool_path - strlen(spool_path), ".new"),
                 0);
    cr_assert_eq(spool_open(spool_path, map_bytes, true, &spool), STATUS_OK);
    next_epoch = keys_id(77);
    identity.epoch = next_epoch;
    identity.epoch_ordinal = 2;
    cr_assert_eq(spool_set_identity(spool, &identity), STATUS_OK);
}

static void setup(void)
{
    spool_fixture_open();
    send_batches();
    open_new_machine(0);
}

TestSuite(spool_history, .init = setup, .fini = spool_fixture_close,
          .timeout = 60);

static struct spool_history history(void)
{
    struct spool_history found;

    cr_assert_eq(spool_history(spool, &found), STATUS_OK);
    return found;
}

static enum status keep(size_t first, size_t count)
{
    return spool_keep_history(spool, pairs + first, count,
                              pairs[first + count - 1].entry.index + 1);
}

static uint64_t count_events(void)
{
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    uint64_t count = 0;

    while (spool_next(spool, id, &id, &event, &state) == STATUS_OK) {
        count++;
        cr_assert_eq(id, spool_fixture_id(count));
        cr_assert_eq(event_get(&event, 7), count);
        cr_assert_eq(state, SPOOL_RECEIVED);
    }
    return count;
}

/* In two messages, with a crash between them; the first one comes twice. */
Test(spool_history, i7_what_was_received_comes_back_as_it_was)
{
    struct event event = row(3);
    struct spool_counts counts;
    struct entry entry;
    bool skipped = false;
    uint64_t id;

    cr_assert(history().wanted && !history().done);
    cr_assert_eq(keep(0, 2), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(history().next, INDEX + 3 + 1);
    cr_assert_eq(keep(0, 2), STATUS_OK);
    cr_assert_eq(keep(2, 3), STATUS_OK);
    cr_assert_eq(count_events(), BATCHES * EACH);
    cr_assert_eq(history().events, BATCHES * EACH);
    cr_assert_not(history().done);
    cr_assert_eq(spool_keep_history(spool, NULL, 0, 1000), STATUS_OK);
    cr_assert(history().done);
    cr_assert_eq(spool_event_receipt(spool, spool_fixture_id(5), &entry),
                 STATUS_OK);
    cr_assert_eq(entry.index, INDEX + 3);
    counts = spool_fixture_counts();
    cr_assert_eq(counts.received, BATCHES * EACH);
    cr_assert_eq(counts.saved + counts.sealed + counts.moved, 0);
    /* A row that comes again is known by its key. */
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_add(spool, &event, &id, &skipped), STATUS_OK);
    cr_assert(skipped);
    cr_assert_eq(id, spool_fixture_id(3));
    spool_forget(spool);
    /* What is recorded now is of the new epoch. */
    event = row(1000);
    cr_assert_eq(spool_fixture_save(&event),
                 id60_make(SPOOL_FIXTURE_AGENT, 2, 1));
}

Test(spool_history, i3_a_batch_that_does_not_follow_is_refused)
{
    struct wire_pair other = pairs[1];

    cr_assert_eq(keep(1, 1), STATUS_INVALID, "its first is missing");
    cr_assert_eq(keep(0, 1), STATUS_OK);
    /* In order by its numbers, but it names another batch before it. */
    kept[1][72] ^= 1; /* of the hash of the batch before */
    digest_bytes(other.bytes, &other.entry.digest);
    cr_assert_eq(spool_keep_history(spool, &other, 1, 999), STATUS_INVALID);
    kept[1][72] ^= 1;
    cr_assert_eq(history().next, INDEX + 1, "nothing was noted");
    cr_assert_eq(count_events(), EACH);
    cr_assert_eq(keep(1, 1), STATUS_OK);
}

Test(spool_history, i8_only_what_is_ours_and_past_is_kept)
{
    struct wire_pair other = pairs[0];

    other.entry.agent_number++;
    cr_assert_eq(spool_keep_history(spool, &other, 1, 999), STATUS_INVALID);
    other = pairs[0];
    other.entry.agent.bytes[0] ^= 1;
    cr_assert_eq(spool_keep_history(spool, &other, 1, 999), STATUS_INVALID);
    other = pairs[0];
    other.entry.epoch_ordinal = 2;
    cr_assert_eq(spool_keep_history(spool, &other, 1, 999), STATUS_INVALID);
    other = pairs[0];
    other.entry.kind = ENTRY_CONTROL;
    cr_assert_eq(spool_keep_history(spool, &other, 1, 999), STATUS_INVALID);
    cr_assert_eq(count_events(), 0);
    cr_assert_eq(history().next, 0);
}

/* What was erased by order has no bytes; what comes behind it follows all the
 * same. */
Test(spool_history, i5_what_was_erased_leaves_its_receipt)
{
    struct entry entry;
    struct event event;
    enum spool_state state;

    pairs[1].erased = true;
    pairs[1].bytes = (struct bytes){NULL, 0};
    cr_assert_eq(keep(0, 3), STATUS_OK);
    cr_assert_eq(spool_event(spool, spool_fixture_id(EACH + 1), &event, &state),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_event_receipt(spool, spool_fixture_id(EACH + 1), &entry),
                 STATUS_OK);
    cr_assert_eq(
        spool_event(spool, spool_fixture_id(2 * EACH + 1), &event, &state),
        STATUS_OK);
    cr_assert_eq(history().events, 2 * EACH);
}

/* The first batch of the epoch is no more than its receipt: what is behind it
 * may leave all the same when the room is needed. */
Test(spool_history, i7_what_is_behind_an_erased_batch_may_leave)
{
    uint64_t events = 0;
    bool removed = false;

    pairs[0].erased = true;
    pairs[0].bytes = (struct bytes){NULL, 0};
    cr_assert_eq(keep(0, 3), STATUS_OK);
    cr_assert_eq(spool_set_backup(spool, UINT64_MAX), STATUS_OK);
    cr_assert_eq(spool_make_room(spool, 1, &events), STATUS_OK);
    cr_assert_eq(events, EACH);
    cr_assert_eq(spool_was_removed(spool, spool_fixture_id(2 * EACH), &removed),
                 STATUS_OK);
    cr_assert(removed);
}

/* The past must not take the room that new events need. */
Test(spool_history, i6_without_room_the_past_waits)
{
    static const char *const names[] = {"a", "b", "c"};
    static uint8_t large[SPOOL_DOCUMENT_BYTES_MAX];

    open_new_machine(UINT64_C(4) << 20);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_assert_eq(spool_set_document(spool, names[i],
                                        (struct bytes){large, sizeof large}),
                     STATUS_OK);
    }
    cr_assert_eq(keep(0, 1), STATUS_FULL);
    cr_assert(history().wanted && !history().done);
    cr_assert_eq(history().next, 0);
    cr_assert_eq(
        spool_event_receipt(spool, spool_fixture_id(1), &pairs[0].entry),
        STATUS_NOT_FOUND);
}

Test(spool_history, an_office_that_lost_nothing_takes_none)
{
    spool_fixture_close();
    spool_fixture_open();
    cr_assert_not(history().wanted);
    cr_assert_eq(keep(0, 1), STATUS_INVALID);
}
