#include "agent/spool/spool.h"

#include "common/event/reference.h"
#include "common/format/codec.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

TestSuite(spool, .init = spool_fixture_open, .fini = spool_fixture_close);

static struct bytes name_of(const char *text)
{
    return bytes_of_text(text);
}

/* ---- who the office is ---- */

Test(spool, an_office_that_has_not_joined_saves_nothing)
{
    char other[TEMP_DIR_PATH_MAX + 8];
    struct spool_identity identity;
    struct spool *empty = NULL;
    struct event event = spool_fixture_event(1, 1);
    uint64_t id = 1;

    (void)snprintf(other, sizeof other, "%s.other", spool_path);
    cr_assert_eq(spool_open(other, SPOOL_FIXTURE_MAP_BYTES, false, &empty),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_open(other, SPOOL_FIXTURE_MAP_BYTES, true, &empty),
                 STATUS_OK);
    cr_assert_eq(spool_identity(empty, &identity), STATUS_NOT_FOUND);
    cr_assert_eq(spool_append(empty, &event, 1, NULL, &id), STATUS_NOT_FOUND);
    cr_assert_eq(id, 0);
    spool_close(&empty);
}

Test(spool, nobody_else_takes_over_a_spool_that_holds_events)
{
    struct spool_identity identity;
    struct event event = spool_fixture_event(1, 1);

    cr_assert_eq(spool_identity(spool, &identity), STATUS_OK);
    identity.agent = keys_id(77);
    cr_assert_eq(spool_set_identity(spool, &identity), STATUS_OK);
    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_set_identity(spool, &identity), STATUS_OK);
    identity.agent = keys_id(78);
    cr_assert_eq(spool_set_identity(spool, &identity), STATUS_EXISTS);
}

/* ---- saving ---- */

Test(spool, i1_what_was_saved_is_there_after_opening_again)
{
    struct event events[3] = {spool_fixture_event(1, 1),
                              spool_fixture_event(2, 2),
                              spool_fixture_event(1, 3)};
    struct event read;
    enum spool_state state;
    uint64_t first;
    uint64_t seq;

    cr_assert_eq(spool_append(spool, events, 3, NULL, &first), STATUS_OK);
    cr_assert_eq(first, spool_fixture_id(1));
    spool_fixture_reopen();
    cr_assert_eq(spool_last_seq(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 3);
    cr_assert_eq(spool_event(spool, spool_fixture_id(2), &read, &state),
                 STATUS_OK);
    cr_assert_eq(state, SPOOL_SAVED);
    cr_assert_eq(event_get(&read, 7), 2);
    cr_assert_eq(spool_event(spool, spool_fixture_id(4), &read, &state),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_event(spool, id60_make(9, 1, 1), &read, &state),
                 STATUS_NOT_FOUND);
}

Test(spool, the_same_row_again_adds_nothing)
{
    struct event events[2] = {spool_fixture_event(1, 1),
                              spool_fixture_event(1, 2)};
    bool skipped[2] = {true, true};
    uint64_t first;
    uint64_t id;

    for (size_t i = 0; i < 2; i++) {
        events[i].has_entry_key = true;
        events[i].header_present |= 1u << EVENT_ENTRY_KEY;
        events[i].entry_key[0] = (uint8_t)(1 + i);
    }
    cr_assert_eq(spool_append(spool, events, 1, skipped, &first), STATUS_OK);
    cr_assert_eq(first, spool_fixture_id(1));
    cr_assert_not(skipped[0]);
    cr_assert_eq(spool_append(spool, events, 2, skipped, &first), STATUS_OK);
    cr_assert_eq(first, spool_fixture_id(2));
    cr_assert(skipped[0] && !skipped[1]);
    cr_assert_eq(spool_append(spool, events, 2, skipped, &first), STATUS_OK);
    cr_assert_eq(first, 0);
    cr_assert_eq(spool_find_entry(spool, events[1].unit, events[1].office,
                                  events[1].entry_key, &id),
                 STATUS_OK);
    cr_assert_eq(id, spool_fixture_id(2));
    /* The row of another office is another row. */
    events[1].office++;
    cr_assert_eq(spool_append(spool, &events[1], 1, skipped, &first),
                 STATUS_OK);
    cr_assert_eq(first, spool_fixture_id(3));
}

Test(spool, a_transaction_that_is_forgotten_leaves_nothing)
{
    struct event event = spool_fixture_event(1, 1);
    bool fresh = false;
    uint64_t id;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_fixture_allot("so-15", &fresh),
                 id60_make(SPOOL_FIXTURE_AGENT, 1, 1));
    cr_assert(fresh);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    spool_forget(spool);
    spool_forget(spool);
    cr_assert_eq(spool_fixture_counts().saved, 0);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_fixture_allot("so-16", &fresh),
                 id60_make(SPOOL_FIXTURE_AGENT, 1, 1));
    spool_forget(spool);
}

Test(spool, an_event_that_is_too_large_is_refused_whole)
{
    struct event event = spool_fixture_event(1, 1);
    struct event large = event;
    uint64_t first;

    large.has_entry_key = true;
    large.header_present |= 1u << EVENT_ENTRY_KEY;
    while (event_append(&large, 9, UINT32_MAX)) {
    }
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &first), STATUS_OK);
    cr_assert_eq(spool_append(spool, &large, 1, NULL, &first), STATUS_OK,
                 "a full list fits");
    cr_assert_eq(spool_fixture_counts().saved, 2);
}

/* ---- names of things ---- */

Test(spool, a_local_name_keeps_its_reference)
{
    struct event event;
    uint64_t first;
    uint64_t second;
    uint64_t other;
    uint64_t id;
    bool fresh;
    bool allotted;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    first = spool_fixture_allot("so-15", &fresh);
    cr_assert(fresh);
    cr_assert_eq(spool_fixture_allot("so-15", &fresh), first);
    cr_assert_not(fresh);
    second = spool_fixture_allot("so-16", &fresh);
    cr_assert_eq(spool_new_reference(spool, REFERENCE_ESTABLISHMENT, &other),
                 STATUS_OK);
    cr_assert_eq(id60_number(first), 1);
    cr_assert_eq(id60_number(second), 2);
    cr_assert_eq(id60_number(other), 3);
    cr_assert_eq(spool_new_reference(spool, REFERENCE_CASE, &other), STATUS_OK);
    cr_assert_eq(id60_number(other), 1, "every kind has its own numbers");
    event = spool_fixture_event(2, 0);
    cr_assert_eq(spool_append(spool, &event, 1, NULL, &id), STATUS_OK);
    spool_fixture_reopen();
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_fixture_allot("so-16", &fresh), second);
    cr_assert_eq(spool_new_reference(spool, REFERENCE_ESTABLISHMENT, &other),
                 STATUS_OK);
    cr_assert_eq(id60_number(other), 4);
    spool_forget(spool);
    cr_assert_eq(spool_reference_allotted(spool, REFERENCE_ESTABLISHMENT,
                                          second, &allotted),
                 STATUS_OK);
    cr_assert(allotted);
    cr_assert_eq(spool_reference_allotted(spool, REFERENCE_ESTABLISHMENT,
                                          id60_make(SPOOL_FIXTURE_AGENT, 1, 4),
                                          &allotted),
                 STATUS_OK);
    cr_assert_not(allotted);
    cr_assert_eq(spool_reference_allotted(spool, REFERENCE_ESTABLISHMENT,
                                          id60_make(5, 1, 4), &allotted),
                 STATUS_OK);
    cr_assert(allotted, "of other offices we know nothing");
}

Test(spool, i11_a_local_name_is_bounded)
{
    char name[SPOOL_ALIAS_MAX + 2u];
    uint64_t reference;

    memset(name, 'x', sizeof name);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_alias(spool, REFERENCE_CASE,
                             (struct bytes){(uint8_t *)name, SPOOL_ALIAS_MAX},
                             &reference, NULL),
                 STATUS_OK);
    cr_assert_eq(
        spool_alias(spool, REFERENCE_CASE,
                    (struct bytes){(uint8_t *)name, SPOOL_ALIAS_MAX + 1u},
                    &reference, NULL),
        STATUS_INVALID);
    cr_assert_eq(
        spool_alias(spool, REFERENCE_CASE, name_of(""), &reference, NULL),
        STATUS_INVALID);
    spool_forget(spool);
}

/* A number that was written in by hand is not given to another thing. */
Test(spool, a_number_that_an_event_names_is_not_allotted_again)
{
    struct event event = spool_fixture_event(41, 0);
    uint64_t reference;

    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(
        spool_new_reference(spool, REFERENCE_ESTABLISHMENT, &reference),
        STATUS_OK);
    cr_assert_eq(id60_number(reference), 42);
    spool_forget(spool);
}

/* ---- sealing ---- */

static void copy_batch(uint64_t seq, struct batch_header *header,
                       struct buffer *copy)
{
    struct bytes batch;

    cr_assert_eq(spool_batch(spool, seq, header, &batch), STATUS_OK);
    buffer_clear(copy);
    cr_assert_eq(buffer_append(copy, batch), STATUS_OK);
}

Test(spool, a_live_event_is_sealed_alone_and_a_backlog_in_full_batches)
{
    struct event event = spool_fixture_event(1, 0);
    struct batch_header header;
    struct bytes batch;

    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_fixture_seal_all(), 1);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    cr_assert_eq(header.count, 1);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (uint32_t i = 0; i < 2u * BATCH_EVENTS_MAX + 5u; i++) {
        uint64_t id;

        cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    cr_assert_eq(spool_fixture_seal_all(), 3);
    cr_assert_eq(spool_batch(spool, 2, &header, &batch), STATUS_OK);
    cr_assert_eq(header.count, BATCH_EVENTS_MAX);
    cr_assert_eq(spool_batch(spool, BATCH_EVENTS_MAX + 1u, &header, &batch),
                 STATUS_OK);
    cr_assert_eq(header.first_seq, 2, "the batch that holds it");
    cr_assert_eq(
        spool_batch(spool, 2u * BATCH_EVENTS_MAX + 2u, &header, &batch),
        STATUS_OK);
    cr_assert_eq(header.count, 5);
    cr_assert_eq(
        spool_batch(spool, 2u * BATCH_EVENTS_MAX + 7u, &header, &batch),
        STATUS_NOT_FOUND);
}

/* What the daemon saves for `record` while the line is free. */
Test(spool, i1_an_event_is_sealed_in_the_transaction_that_saves_it)
{
    struct event event = spool_fixture_event(1, 0);
    struct batch_header header;
    struct sign_keys keys;
    struct bytes batch;
    uint64_t id;

    keys_fixed(1, &keys);
    (void)spool_fixture_save(&event);
    spool_seal_along(spool, &keys, &spool_clock);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    spool_forget(spool);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_NOT_FOUND);
    (void)spool_fixture_save(&event);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    cr_assert_eq(header.count, 2, "what waited before goes along");
    spool_seal_along(spool, NULL, NULL);
    (void)spool_fixture_save(&event);
    spool_fixture_reopen();
    cr_assert_eq(spool_fixture_counts().sealed, 2);
    cr_assert_eq(spool_fixture_counts().saved, 1);
    cr_assert_eq(spool_fixture_seal_all(), 1);
}

Test(spool, i11_a_batch_of_large_events_keeps_within_its_bytes)
{
    struct batch_header header;
    struct bytes batch;
    uint64_t seq = 1;

    spool_fixture_save_many(3000);
    cr_assert_gt(spool_fixture_seal_all(), 2);
    while (seq <= 3000) {
        cr_assert_eq(spool_batch(spool, seq, &header, &batch), STATUS_OK);
        cr_assert_leq(batch.size, BATCH_BYTES_MAX);
        cr_assert_eq(header.first_seq, seq);
        seq += header.count;
    }
    cr_assert_eq(seq, 3001);
}

Test(spool, what_was_sealed_never_changes_and_hangs_together)
{
    struct batch_codec *codec = batch_codec_new();
    struct sign_keys keys;
    struct batch_header header;
    struct batch_header again;
    struct digest previous = {{0}};
    struct buffer first;
    struct buffer second;
    struct buffer payload;
    struct event event = spool_fixture_event(1, 0);

    keys_fixed(9, &keys);
    buffer_init(&first, BATCH_BYTES_MAX);
    buffer_init(&second, BATCH_BYTES_MAX);
    buffer_init(&payload, BATCH_PAYLOAD_MAX);
    for (uint32_t seq = 1; seq <= 3; seq++) {
        struct bytes left;
        struct bytes one;
        struct event read;

        event = spool_fixture_event(1, seq);
        (void)spool_fixture_save(&event);
        cr_assert_eq(spool_fixture_seal_all(), 1);
        copy_batch(seq, &header, &first);
        cr_assert(digest_equal(&header.previous, &previous));
        digest_bytes(buffer_bytes(&first), &previous);
        spool_fixture_reopen();
        cr_assert_eq(spool_fixture_seal_all(), 0);
        copy_batch(seq, &again, &second);
        cr_assert(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
        cr_assert_eq(batch_verify(buffer_bytes(&first), &keys.public_key),
                     STATUS_OK);
        cr_assert_eq(
            batch_unpack(codec, buffer_bytes(&first), &header, &payload),
            STATUS_OK);
        left = buffer_bytes(&payload);
        cr_assert_eq(batch_next_event(&left, &one), STATUS_OK);
        codec_unpack_event(one, &read);
        cr_assert_eq(event_get(&read, 7), seq);
    }
    buffer_fini(&first);
    buffer_fini(&second);
    buffer_fini(&payload);
    batch_codec_free(&codec);
}

/* ---- at random ---- */

static unsigned seed_of_run(void)
{
    const char *given = getenv("TALLYLINE_TEST_SEED");
    unsigned seed =
        given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(0);

    cr_log_info("TALLYLINE_TEST_SEED=%u", seed);
    (void)fprintf(stderr, "TALLYLINE_TEST_SEED=%u\n", seed);
    return seed;
}

/* Saves, seals, receives and opens again in any order; what the spool says it
 * has is what was put in, at every step. */
Test(spool, i1_i7_any_order_of_steps_loses_nothing)
{
    uint64_t saved = 0;
    uint64_t sealed = 0;
    struct spool_counts counts;

    srand(seed_of_run());
    for (int step = 0; step < 300; step++) {
        struct event event = spool_fixture_event(1, (uint32_t)saved);

        switch (rand() % 6) {
        case 0:
            (void)spool_fixture_seal_all();
            sealed = saved;
            break;
        case 1:
            if (sealed == saved) {
                spool_fixture_receive_all();
            }
            break;
        case 2:
            spool_fixture_reopen();
            break;
        default:
            cr_assert_eq(spool_fixture_save(&event),
                         spool_fixture_id((uint32_t)++saved));
            break;
        }
        counts = spool_fixture_counts();
        cr_assert_eq(counts.saved + counts.sealed + counts.received, saved);
        cr_assert_eq(counts.saved, saved - sealed);
    }
    for (uint32_t seq = 1; seq <= saved; seq++) {
        struct event read;
        enum spool_state state;

        cr_assert_eq(spool_event(spool, spool_fixture_id(seq), &read, &state),
                     STATUS_OK);
        cr_assert_eq(event_get(&read, 7), seq - 1);
    }
}
