#include "common/format/contribution.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/format/codec.h"
#include "common/format/control.h"
#include "tests/support/keys.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define INSPECTION 8u
#define CENSUS     17u
#define SAME_AS    22u
#define COUNT_MAX  BATCH_EVENTS_MAX

/* Agent 1 seals batches of events of 2018; what is left of them is folded in
 * their place. */
static struct world world;
static struct sign_keys office, administrator;
static struct batch_codec *codec;
static struct fold_judge *judge;
static struct buffer payload, batch, left, unpacked;
static struct batch_header header;
static struct entry entry;
static bool elsewhere[COUNT_MAX];
static struct contribution_about about;
static struct bytes places[COUNT_MAX];

static void open_all(void)
{
    sign_init();
    world_open(&world, WORLD_PLAN, NULL);
    keys_fixed(1, &office);
    keys_fixed(2, &administrator);
    codec = batch_codec_new();
    cr_assert_not_null(codec);
    cr_assert_eq(fold_judge_new(world.context, &judge), STATUS_OK);
    buffer_init(&payload, BATCH_PAYLOAD_MAX);
    buffer_init(&batch, BATCH_BYTES_MAX);
    buffer_init(&left, BATCH_BYTES_MAX);
    buffer_init(&unpacked, BATCH_PAYLOAD_MAX);
    header = (struct batch_header){.agent = keys_id(0xa1),
                                   .epoch = keys_id(0xe1),
                                   .agent_number = 1,
                                   .epoch_ordinal = 1,
                                   .first_seq = 1};
    memset(elsewhere, 0, sizeof elsewhere);
}

static void close_all(void)
{
    fold_judge_free(&judge);
    batch_codec_free(&codec);
    buffer_fini(&payload);
    buffer_fini(&batch);
    buffer_fini(&left);
    buffer_fini(&unpacked);
    world_close(&world);
}

TestSuite(contribution, .init = open_all, .fini = close_all);

static void add_bytes(struct bytes bytes)
{
    size_t size = bytes.size;

    do {
        uint8_t low = (uint8_t)(size & 0x7f);

        size >>= 7;
        cr_assert_eq(buffer_u8(&payload, size > 0 ? low | 0x80 : low),
                     STATUS_OK);
    } while (size > 0);
    cr_assert_eq(buffer_append(&payload, bytes), STATUS_OK);
    header.count++;
}

static void add(const struct event *event)
{
    struct buffer packed;

    buffer_init(&packed, EVENT_BYTES_MAX);
    cr_assert_eq(codec_pack_event(event, &packed), STATUS_OK);
    add_bytes(buffer_bytes(&packed));
    buffer_fini(&packed);
}

static struct event visit(uint64_t establishment)
{
    int32_t day = calendar_day(2018, 3, 5);
    struct event event;

    world_event_init(&world, &event, 1, INSPECTION, day, WORLD_DISTRICT(1));
    event_set(&event, 1, establishment);
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    event_set(&event, 7, 0);
    return event;
}

/* Seals what was added, erases it, and unpacks what is left. */
static void erase(uint64_t index)
{
    struct contribution_of of = {.entry = &entry,
                                 .judge = judge,
                                 .elsewhere = elsewhere,
                                 .administrator = &administrator};
    struct batch_header rest;

    cr_assert_eq(
        batch_seal(codec, &header, buffer_bytes(&payload), &office, &batch),
        STATUS_OK);
    entry = (struct entry){.kind = ENTRY_BATCH,
                           .index = index,
                           .received_at =
                               calendar_day(2018, 3, 7) * CLOCK_US_PER_DAY,
                           .agent = header.agent,
                           .epoch = header.epoch,
                           .agent_number = 1,
                           .epoch_ordinal = 1,
                           .first_seq = 1,
                           .count = header.count,
                           .size = (uint32_t)batch.size};
    digest_bytes(buffer_bytes(&batch), &entry.digest);
    of.batch = buffer_bytes(&batch);
    cr_assert_eq(contribution_make(codec, &of, &left, &about), STATUS_OK);
    cr_assert(contribution_fits(buffer_bytes(&left), &entry));
    cr_assert_eq(batch_verify(buffer_bytes(&left), &administrator.public_key),
                 STATUS_OK);
    cr_assert_eq(batch_peek(buffer_bytes(&left), &rest), STATUS_OK);
    cr_assert_eq(batch_unpack_events(codec, buffer_bytes(&left), &rest,
                                     &unpacked, places),
                 STATUS_OK);
}

static struct event rest_of(uint32_t i)
{
    struct event event;

    codec_unpack_event(places[i], &event);
    contribution_mark(&event, places[i]);
    return event;
}

/* Folds the events of the batch, or what is left of them. */
static struct fold *fold_all(bool erased)
{
    struct fold *fold;
    struct batch_header read;

    world.count = 0;
    cr_assert_eq(batch_peek(buffer_bytes(&batch), &read), STATUS_OK);
    if (!erased) {
        cr_assert_eq(batch_unpack_events(codec, buffer_bytes(&batch), &read,
                                         &unpacked, places),
                     STATUS_OK);
    }
    for (uint32_t i = 0; i < header.count; i++) {
        struct event event;

        codec_unpack_event(places[i], &event);
        if (erased) {
            contribution_mark(&event, places[i]);
        }
        world.next[1][1] = i + 1;
        world_add(&world, 1, 1, &event)->received_at = entry.received_at;
    }
    fold = world_fold(&world, NULL);
    return fold;
}

Test(contribution, i4_what_is_left_is_counted_as_it_was)
{
    static const char *const same[] = {"visits",   "violations", "inspected",
                                       "handled",  "on_file",    "tried",
                                       "sessions", "communes"};
    struct event event;

    for (uint32_t i = 0; i < 6; i++) {
        event = visit(id60_make(1, 1, 1 + i / 2));
        event_set(&event, 7, i);
        event_set(&event, 5, i > 0 ? 3 : 1);
        add(&event);
    }
    world_event_init(&world, &event, 1, CENSUS, calendar_day(2018, 3, 6),
                     WORLD_COMMUNE(1, 1));
    event_append(&event, 1, 1);
    event_set(&event, 2, 7);
    add(&event);
    erase(5);
    cr_assert_eq(about.kept, 7);
    struct fold *after = fold_all(true);
    int64_t values[8];
    for (size_t i = 0; i < 8; i++) {
        values[i] = world_value(&world, after, same[i], WORLD_PROVINCE);
    }
    fold_free(&after);
    struct fold *before = fold_all(false);
    for (size_t i = 0; i < 8; i++) {
        cr_assert_eq(values[i],
                     world_value(&world, before, same[i], WORLD_PROVINCE), "%s",
                     same[i]);
    }
    cr_assert_eq(values[0], 6);
    cr_assert_eq(values[2], 3);
    cr_assert_eq(values[4], 7);
    fold_free(&before);
}

/* A figure that counts things says that it is not exact; one that counts
 * events says nothing. */
Test(contribution, figures_that_ask_for_what_was_taken_say_so)
{
    struct event event = visit(id60_make(1, 1, 1));

    add(&event);
    erase(5);
    struct fold *fold = fold_all(true);
    cr_assert(world_figure(&world, fold, "inspected", WORLD_PROVINCE).erased);
    cr_assert_not(world_figure(&world, fold, "visits", WORLD_PROVINCE).erased);
    cr_assert_not(
        world_figure(&world, fold, "violations", WORLD_PROVINCE).erased);
    cr_assert_not(world_figure(&world, fold, "clean", WORLD_PROVINCE).erased);
    fold_free(&fold);
}

/* What said that two things are one touches all that counts such things. */
Test(contribution, a_lost_same_as_marks_the_kind_everywhere)
{
    struct event event;

    world_event_init(&world, &event, 1, SAME_AS, calendar_day(2018, 3, 5),
                     WORLD_DISTRICT(1));
    event_set(&event, 1, REFERENCE_HOTSPOT);
    event_set(&event, 2, id60_make(1, 1, 3));
    event_set(&event, 3, id60_make(1, 1, 4));
    add(&event);
    erase(5);
    cr_assert_eq(about.kept, 1);
    struct fold *fold = fold_all(true);
    cr_assert(world_figure(&world, fold, "clean", WORLD_PROVINCE).erased);
    cr_assert_not(
        world_figure(&world, fold, "inspected", WORLD_PROVINCE).erased);
    fold_free(&fold);
}

/* A row that is in another batch too may be counted twice: all that counts
 * its type says so. */
Test(contribution, a_row_that_is_elsewhere_marks_sums_too)
{
    struct event event = visit(id60_make(1, 1, 1));

    event.has_entry_key = true;
    memset(event.entry_key, 0x77, sizeof event.entry_key);
    add(&event);
    elsewhere[0] = true;
    erase(5);
    cr_assert_eq(rest_of(0).erased, EVENT_ERASED | EVENT_ERASED_ROW);
    struct fold *fold = fold_all(true);
    cr_assert(world_figure(&world, fold, "visits", WORLD_PROVINCE).erased);
    fold_free(&fold);
}

Test(contribution, i9_nothing_is_left_that_names_anything)
{
    struct event event = visit(id60_make(1, 1, 0xabcdef));

    event_header_set(&event, EVENT_ROLE, 2);
    event_header_set(&event, EVENT_DOCUMENT_NUMBER, 4711);
    event_header_set(&event, EVENT_DOCUMENT_YEAR, 2018);
    event_header_set(&event, EVENT_DOCUMENT_KIND, 1);
    event.document_bodies[0] = 1;
    event.document_body_count = 1;
    event.has_entry_key = true;
    memset(event.entry_key, 0x77, sizeof event.entry_key);
    event_set(&event, 6, id60_make(1, 1, 0x12345));
    add(&event);
    erase(5);
    cr_assert_eq(about.kept, 1);
    struct event rest = rest_of(0);
    cr_assert_eq(rest.role, 0);
    cr_assert_eq(rest.document_number, 0);
    cr_assert_eq(rest.document_year, 0);
    cr_assert_eq(rest.document_kind, 0);
    cr_assert_eq(rest.document_body_count, 0);
    cr_assert_eq(rest.recorded_at, entry.received_at);
    cr_assert_neq(memcmp(rest.entry_key, event.entry_key, 16), 0);
    cr_assert_eq(id60_agent(event_get(&rest, 1)), 0);
    cr_assert_geq(id60_epoch(event_get(&rest, 1)), 1);
    cr_assert_eq(id60_agent(event_get(&rest, 6)), 0);
    cr_assert_eq(rest.type, event.type);
    cr_assert_eq(rest.occurred_on, event.occurred_on);
    cr_assert_eq(rest.unit, event.unit);
    cr_assert_eq(event_get(&rest, 5), event_get(&event, 5));
}

Test(contribution, things_of_one_batch_stay_apart_and_of_two_never_meet)
{
    uint64_t first, again;
    struct event event = visit(id60_make(1, 1, 1));

    add(&event);
    event = visit(id60_make(1, 1, 2));
    add(&event);
    event = visit(id60_make(1, 1, 1));
    add(&event);
    erase(5);
    struct event a = rest_of(0), b = rest_of(1), c = rest_of(2);
    first = event_get(&a, 1);
    cr_assert_neq(first, event_get(&b, 1));
    cr_assert_eq(first, event_get(&c, 1));
    erase(6);
    a = rest_of(0);
    b = rest_of(1);
    again = event_get(&a, 1);
    cr_assert_neq(again, first);
    cr_assert_neq(event_get(&b, 1), first);
    erase(CONTRIBUTION_INDEX_MAX - 1);
    a = rest_of(0);
    cr_assert(id60_valid(event_get(&a, 1)));
}

Test(contribution, one_row_entered_twice_in_a_batch_counts_once)
{
    struct event event = visit(id60_make(1, 1, 1));

    event.has_entry_key = true;
    memset(event.entry_key, 0x77, sizeof event.entry_key);
    add(&event);
    add(&event);
    erase(5);
    struct fold *fold = fold_all(true);
    cr_assert_eq(world_value(&world, fold, "visits", WORLD_PROVINCE), 1);
    fold_free(&fold);
}

Test(contribution, i4_what_did_not_count_leaves_an_empty_place)
{
    static const uint8_t noise[] = {0xff, 0xff, 0xff};
    static const uint8_t newer[] = {0x08, 0xe8, 0x07}; /* type 1000 */
    struct event event = visit(id60_make(1, 1, 1));

    add_bytes((struct bytes){noise, sizeof noise});
    event.occurred_on = calendar_day(2018, 3, 9); /* after it was received */
    event.recorded_at = calendar_day(2018, 3, 9) * CLOCK_US_PER_DAY;
    add(&event);
    event = visit(id60_make(1, 1, 1));
    add(&event);
    add_bytes((struct bytes){newer, sizeof newer});
    erase(5);
    cr_assert_eq(about.empty, 2);
    cr_assert_eq(about.unknown, 1); /* I10: the question says so */
    cr_assert_eq(about.kept, 1);
    cr_assert_eq(rest_of(0).fault, EVENT_FAULT_MALFORMED);
    cr_assert_eq(rest_of(1).fault, EVENT_FAULT_MALFORMED);
}

/* A batch that nobody could unpack held nothing that counted. */
Test(contribution, i6_an_unreadable_batch_leaves_empty_places)
{
    static const uint8_t noise[] = {5, 1, 2};
    struct contribution_of of = {.entry = &entry,
                                 .judge = judge,
                                 .elsewhere = elsewhere,
                                 .administrator = &administrator};
    cr_assert_eq(buffer_append(&payload, (struct bytes){noise, 3}), STATUS_OK);
    header.count = 2;
    cr_assert_eq(
        batch_seal(codec, &header, buffer_bytes(&payload), &office, &batch),
        STATUS_OK);
    entry = (struct entry){.kind = ENTRY_BATCH,
                           .agent = header.agent,
                           .epoch = header.epoch,
                           .agent_number = 1,
                           .epoch_ordinal = 1,
                           .first_seq = 1,
                           .count = 2};
    of.batch = buffer_bytes(&batch);
    cr_assert_eq(contribution_make(codec, &of, &left, &about), STATUS_OK);
    cr_assert_eq(about.empty, 2);
    entry.count = 3;
    cr_assert_eq(contribution_make(codec, &of, &left, &about), STATUS_INVALID);
    entry.count = 2;
    entry.index = CONTRIBUTION_INDEX_MAX;
    cr_assert_eq(contribution_make(codec, &of, &left, &about), STATUS_FULL);
}

/* The largest batch there can be: as many events, each as unlike the others as
 * an office can make them. What is left always fits an order. */
Test(contribution, i11_the_fullest_batch_fits_an_order)
{
    uint64_t seed = world_seed();
    struct control *order = NULL;
    struct buffer document;

    for (uint32_t i = 0; i < COUNT_MAX; i++) {
        struct event event =
            visit(id60_make(1, 1, (uint32_t)world_random(&seed) | 1u));

        event_set(&event, 6,
                  id60_make(1, 1, (uint32_t)world_random(&seed) | 1u));
        event_set(&event, 13,
                  id60_make(1, 1, (uint32_t)world_random(&seed) | 1u));
        event_set(&event, 11, world_random(&seed) % 1000000000);
        event.has_entry_key = true;
        for (size_t k = 0; k < 2; k++) {
            uint64_t random = world_random(&seed);

            memcpy(event.entry_key + 8 * k, &random, 8);
        }
        add(&event);
    }
    erase(CONTRIBUTION_INDEX_MAX - 1);
    cr_assert_eq(about.kept, COUNT_MAX);
    cr_assert_eq(about.lost, 0);
    cr_assert_leq(left.size, BATCH_BYTES_MAX);
    order = calloc(1, sizeof *order);
    cr_assert_not_null(order);
    order->kind = CONTROL_ERASURE_ORDER;
    order->erasure_order.contribution = buffer_bytes(&left);
    buffer_init(&document, CONTROL_BYTES_MAX);
    cr_assert_eq(control_sign(order, &administrator, &document), STATUS_OK);
    buffer_fini(&document);
    free(order);
}

/* An event that counted and found no room: no figure is exact any more. */
Test(contribution, i4_what_had_no_room_marks_every_figure)
{
    static const uint8_t lost[] = {7};
    struct event event = visit(id60_make(1, 1, 1));

    add(&event);
    erase(5);
    places[0] = (struct bytes){lost, sizeof lost};
    cr_assert_eq(rest_of(0).erased, EVENT_ERASED | EVENT_ERASED_LOST);
    struct fold *fold = fold_all(true);
    cr_assert(world_figure(&world, fold, "visits", WORLD_PROVINCE).erased);
    cr_assert(world_figure(&world, fold, "clean", WORLD_PROVINCE).erased);
    cr_assert_eq(world_value(&world, fold, "visits", WORLD_PROVINCE), 0);
    fold_free(&fold);
}
