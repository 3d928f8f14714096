#include "agent/spool/spool_outbox.h"

#include "agent/spool/spool_backup.h"
#include "common/event/reference.h"
#include "common/fold/fold.h"
#include "tests/support/keys.h"
#include "tests/support/sample_event.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define TYPE_INSPECTION 8u
#define TYPE_CASE_STAGE 10u

#define ROUNDS   12u
#define ALL_MAX  400u
#define RECEIPTS 100u /* index of the first entry of ours */

TestSuite(spool_outbox, .init = spool_fixture_open,
          .fini = spool_fixture_close);

static uint32_t noise;

static uint32_t below(uint32_t limit)
{
    noise = noise * 1664525u + 1013904223u;
    return (noise >> 8) % limit;
}

static uint64_t save_type(uint32_t type, uint64_t target)
{
    struct event event;

    sample_event_valid(type, &event);
    event.target = target;
    return spool_fixture_save(&event);
}

static void receive(uint64_t seq, uint64_t index)
{
    uint8_t receipt[ENTRY_BYTES];

    spool_fixture_receipt(seq, index, receipt);
    cr_assert_eq(spool_receipt(spool, (struct bytes){receipt, ENTRY_BYTES}),
                 STATUS_OK);
}

/* ---- a spool of any standing ---- */

/* Batches of some events each; the first ones were received, the last ones have
 * not been sealed. Some receipts come out of order. */
static void fill(uint64_t *index)
{
    uint64_t first[16];
    uint32_t batches = 1 + below(10), received = below(batches + 1);

    for (uint32_t i = 0; i < batches; i++) {
        uint64_t last;

        cr_assert_eq(spool_last_seq(spool, &last), STATUS_OK);
        first[i] = last + 1;
        for (uint32_t k = 0; k <= below(8); k++) {
            (void)save_type(below(3) == 0 ? TYPE_CASE_STAGE : TYPE_INSPECTION,
                            0);
        }
        (void)spool_fixture_seal_all();
    }
    for (uint32_t i = 0; i < received; i++) {
        receive(first[i], *index + i);
    }
    if (received + 1 < batches && below(2) == 0) {
        receive(first[received + 1], *index + received + 1);
    }
    *index += batches;
    for (uint32_t k = 0; k < below(6); k++) {
        (void)save_type(TYPE_INSPECTION, 0);
    }
}

static void tell_outcomes(void)
{
    static const uint32_t kinds[] = {FOLD_INVALID, FOLD_VOIDED,
                                     FOLD_OUT_OF_SCOPE};
    struct spool_outcome outcomes[ALL_MAX];
    size_t count = 0;
    struct event event;
    enum spool_state state;
    uint64_t id = 0;

    memset(outcomes, 0, sizeof outcomes);
    while (spool_next(spool, id, &id, &event, &state) == STATUS_OK) {
        if (state == SPOOL_RECEIVED && below(5) == 0) {
            outcomes[count++] =
                (struct spool_outcome){.event = id, .outcome = kinds[below(3)]};
        }
    }
    cr_assert_eq(spool_set_outcomes(spool, outcomes, count), STATUS_OK);
}

static void make_standing(uint32_t seed)
{
    uint64_t index = RECEIPTS, seq;
    struct random_id epoch = keys_id(50);

    noise = seed;
    fill(&index);
    if (below(2) == 0) {
        cr_assert_eq(spool_unreceipted(spool, &seq), STATUS_OK);
        cr_assert_eq(spool_open_epoch(spool, &epoch, 2, seq), STATUS_OK);
        fill(&index);
    }
    tell_outcomes();
    cr_assert_eq(spool_set_backup(spool, RECEIPTS + below(20)), STATUS_OK);
}

/* ---- against a walk through all of it ---- */

static size_t walk(const struct spool_wish *wish, struct spool_found found[])
{
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    size_t count = 0;

    while (spool_next(spool, id, &id, &event, &state) == STATUS_OK) {
        if ((wish->states == 0 || (wish->states >> state & 1u) != 0) &&
            (wish->type == 0 || wish->type == event.type)) {
            cr_assert_lt(count, ALL_MAX);
            found[count++] = (struct spool_found){.id = id, .state = state};
        }
    }
    return count;
}

static void assert_pages(const struct spool_wish *wish, size_t limit)
{
    struct spool_found all[ALL_MAX], page[SPOOL_PAGE_MAX];
    size_t left = walk(wish, all);
    uint64_t next = 0;

    do {
        size_t count;

        cr_assert_eq(spool_page(spool, wish, next, limit, page, &count, &next),
                     STATUS_OK);
        cr_assert_leq(count, left);
        for (size_t i = 0; i < count; i++) {
            left--;
            cr_assert_eq(page[i].id, all[left].id, "wish %x", wish->states);
            cr_assert_eq(page[i].state, all[left].state);
        }
    } while (next != 0);
    cr_assert_eq(left, 0, "wish %x of type %u left %zu out", wish->states,
                 wish->type, left);
}

Test(spool_outbox, pages_of_every_wish_hold_what_a_walk_finds)
{
    static const uint32_t types[] = {0, TYPE_INSPECTION, TYPE_CASE_STAGE};

    for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
        make_standing(seed);
        for (uint32_t states = 0; states < 64; states++) {
            for (size_t t = 0; t < 3; t++) {
                struct spool_wish wish = {.states = states, .type = types[t]};

                assert_pages(&wish, 1 + below(SPOOL_PAGE_MAX));
            }
        }
        spool_fixture_close();
        spool_fixture_open();
    }
}

static uint64_t count_of(enum spool_state state)
{
    struct spool_wish wish = {.states = 1u << state};
    struct spool_found all[ALL_MAX];

    return walk(&wish, all);
}

Test(spool_outbox, counts_are_those_of_a_walk)
{
    for (uint32_t seed = 1; seed <= 4 * ROUNDS; seed++) {
        struct spool_standings standings;

        make_standing(seed);
        cr_assert_eq(spool_standings(spool, &standings), STATUS_OK);
        cr_assert_eq(standings.saved,
                     count_of(SPOOL_SAVED) + count_of(SPOOL_SEALED));
        cr_assert_eq(standings.sent, count_of(SPOOL_SEALED));
        cr_assert_eq(standings.received, count_of(SPOOL_RECEIVED),
                     "seed %u: %llu", seed,
                     (unsigned long long)standings.received);
        cr_assert_eq(standings.backed_up, count_of(SPOOL_BACKED_UP));
        cr_assert_eq(standings.to_mend, count_of(SPOOL_TO_MEND));
        cr_assert_eq(standings.moved, count_of(SPOOL_MOVED));
        spool_fixture_close();
        spool_fixture_open();
    }
}

/* ---- a part ---- */

static uint64_t pick_id(uint32_t epoch)
{
    struct spool_found all[ALL_MAX];
    struct spool_wish wish = {.states = 0};
    size_t count = walk(&wish, all);
    uint64_t id;

    do {
        id = all[below((uint32_t)count)].id;
    } while (epoch != 0 && id60_epoch(id) != epoch);
    return id;
}

static void assert_part(uint64_t first, uint64_t last)
{
    struct spool_part part, wanted = {0};
    struct event event;
    enum spool_state state;

    for (uint64_t id = first; id <= last; id++) {
        cr_assert_eq(spool_event(spool, id, &event, &state), STATUS_OK);
        wanted.events++;
        wanted.received += state == SPOOL_RECEIVED ||
                                   state == SPOOL_BACKED_UP ||
                                   state == SPOOL_TO_MEND
                               ? 1
                               : 0;
        wanted.to_mend += state == SPOOL_TO_MEND ? 1 : 0;
        wanted.moved += state == SPOOL_MOVED ? 1 : 0;
    }
    cr_assert_eq(spool_part(spool, first, last, &part), STATUS_OK);
    cr_assert_eq(part.events, wanted.events);
    cr_assert_eq(part.received, wanted.received, "%llu, not %llu",
                 (unsigned long long)part.received,
                 (unsigned long long)wanted.received);
    cr_assert_eq(part.to_mend, wanted.to_mend);
    cr_assert_eq(part.moved, wanted.moved);
}

Test(spool_outbox, a_part_stands_as_a_look_at_each_of_it_says)
{
    for (uint32_t seed = 1; seed <= 4 * ROUNDS; seed++) {
        make_standing(seed);
        for (unsigned i = 0; i < 20; i++) {
            uint64_t one = pick_id(0);
            uint64_t other = pick_id(id60_epoch(one));

            assert_part(one < other ? one : other, one < other ? other : one);
        }
        spool_fixture_close();
        spool_fixture_open();
    }
}

Test(spool_outbox, a_part_is_of_events_that_were_saved)
{
    struct spool_part part;
    uint64_t id = save_type(TYPE_INSPECTION, 0);
    uint64_t next_epoch = id60_make(id60_agent(id), id60_epoch(id) + 1, 1);
    uint64_t elsewhere =
        id60_make(id60_agent(id) + 1, id60_epoch(id), id60_number(id));

    cr_assert_eq(spool_part(spool, id, id, &part), STATUS_OK);
    cr_assert_eq(spool_part(spool, id, id + 1, &part), STATUS_INVALID);
    cr_assert_eq(spool_part(spool, id - 1, id, &part), STATUS_INVALID);
    cr_assert_eq(spool_part(spool, id + 1, id, &part), STATUS_INVALID);
    cr_assert_eq(spool_part(spool, id, next_epoch, &part), STATUS_INVALID);
    cr_assert_eq(spool_part(spool, elsewhere, elsewhere, &part),
                 STATUS_INVALID);
}

Test(spool_outbox, what_a_transaction_gave_is_told_from_first_to_last)
{
    struct event events[3];
    uint64_t first, last, id;

    for (unsigned i = 0; i < 3; i++) {
        sample_event_valid(TYPE_INSPECTION, &events[i]);
    }
    cr_assert_eq(spool_append(spool, events, 3, NULL, &id), STATUS_OK);
    spool_committed(spool, &first, &last);
    cr_assert_eq(first, id);
    cr_assert_eq(last, id + 2);
    cr_assert_eq(spool_begin_aside(spool), STATUS_OK);
    cr_assert_eq(spool_add(spool, &events[0], &id, NULL), STATUS_OK);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    spool_committed(spool, &first, &last);
    cr_assert_eq(first, id);
    cr_assert_eq(last, id);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    spool_committed(spool, &first, &last);
    cr_assert_eq(first, 0);
}

Test(spool_outbox, what_made_room_is_counted_apart)
{
    struct spool_standings standings;
    uint64_t events = 0, removed = 0;

    for (unsigned i = 0; i < 40; i++) {
        for (unsigned k = 0; k < 20; k++) {
            (void)save_type(TYPE_INSPECTION, 0);
        }
        (void)spool_fixture_seal_all();
    }
    spool_fixture_receive_all();
    cr_assert_eq(spool_set_backup(spool, 130), STATUS_OK);
    while (spool_make_room(spool, 1, &events) == STATUS_OK) {
        removed += events;
    }
    cr_assert_eq(removed, 600, "%llu", (unsigned long long)removed);
    cr_assert_eq(spool_standings(spool, &standings), STATUS_OK);
    cr_assert_eq(standings.removed, removed);
    cr_assert_eq(standings.backed_up, 0);
    cr_assert_eq(standings.received, 200);
}

/* A month without the line: what was received before is found at once. */
Test(spool_outbox, what_waits_is_passed_over_without_a_look_at_each)
{
    struct spool_wish wish = {.states = 1u << SPOOL_RECEIVED};
    struct spool_found page[1];
    size_t count;
    uint64_t next;
    uint64_t id = save_type(TYPE_INSPECTION, 0);

    (void)spool_fixture_seal_all();
    receive(1, RECEIPTS);
    spool_fixture_save_many(SPOOL_LOOK_MAX + 1);
    cr_assert_eq(spool_page(spool, &wish, 0, 1, page, &count, &next),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(page[0].id, id);
}

Test(spool_outbox, i11_a_page_ends_after_so_many_looks_and_says_where)
{
    struct spool_wish wish = {.type = TYPE_CASE_STAGE};
    struct spool_found page[1];
    size_t count;
    uint64_t next;
    uint64_t id = save_type(TYPE_CASE_STAGE, 0);

    spool_fixture_save_many(SPOOL_LOOK_MAX);
    cr_assert_eq(spool_page(spool, &wish, 0, 1, page, &count, &next),
                 STATUS_OK);
    cr_assert_eq(count, 0);
    cr_assert_eq(next, id + 1);
    cr_assert_eq(spool_page(spool, &wish, next, 1, page, &count, &next),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(page[0].id, id);
}

/* Who asks for less at a time comes to the same. */
Test(spool_outbox, i11_a_part_of_a_page_looks_at_no_more_than_it_is_told)
{
    struct spool_wish wish = {.type = TYPE_CASE_STAGE, .looks = 3};
    struct spool_found page[1];
    size_t count;
    uint64_t next;
    uint64_t id = save_type(TYPE_CASE_STAGE, 0);

    spool_fixture_save_many(4);
    cr_assert_eq(spool_page(spool, &wish, 0, 1, page, &count, &next),
                 STATUS_OK);
    cr_assert_eq(count, 0);
    cr_assert_eq(next, id + 2);
    cr_assert_eq(spool_page(spool, &wish, next, 1, page, &count, &next),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_assert_eq(page[0].id, id);
}

/* ---- corrections ---- */

static void assert_corrections(uint64_t target, const uint64_t wanted[],
                               size_t count)
{
    uint64_t found[SPOOL_CORRECTIONS_MAX];
    size_t there;

    cr_assert_eq(
        spool_corrections(spool, target, found, SPOOL_CORRECTIONS_MAX, &there),
        STATUS_OK);
    cr_assert_eq(there, count);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(found[i], wanted[i]);
    }
}

Test(spool_outbox, i5_corrections_are_found_by_what_they_correct)
{
    uint64_t first = save_type(TYPE_INSPECTION, 0);
    uint64_t second = save_type(TYPE_INSPECTION, 0);
    uint64_t ids[2];

    ids[0] = save_type(TYPE_INSPECTION, first);
    ids[1] = save_type(TYPE_INSPECTION, first);
    assert_corrections(first, ids, 2);
    assert_corrections(second, NULL, 0);
}

/* What an older program wrote has no such notes: the first opening makes them.
 */
Test(spool_outbox, a_spool_of_the_format_before_gets_its_corrections)
{
    uint64_t first = save_type(TYPE_INSPECTION, 0);
    uint64_t second = save_type(TYPE_INSPECTION, first);

    spool_fixture_age(2);
    assert_corrections(first, &second, 1);
}

Test(spool_outbox, corrections_go_along_into_a_new_epoch)
{
    struct random_id epoch = keys_id(50);
    uint64_t first = save_type(TYPE_INSPECTION, 0);
    uint64_t moved_first, moved;
    uint64_t second;

    (void)spool_fixture_seal_all();
    second = save_type(TYPE_INSPECTION, first);
    cr_assert_eq(spool_open_epoch(spool, &epoch, 2, 1), STATUS_OK);
    cr_assert_eq(spool_moved(spool, 0, first, &moved_first), STATUS_OK);
    cr_assert_eq(spool_moved(spool, 0, second, &moved), STATUS_OK);
    assert_corrections(moved_first, &moved, 1);
}
