#include "collector/figures/registers.h"

#include "collector/figures/tally.h"
#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"
#include "common/format/wire.h"
#include "common/format/wire_walk.h"
#include "tests/support/frame_file.h"
#include "tests/support/hall.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <string.h>

#define ESTABLISHMENT_STATUS 6u
#define ITEMS_MAX            64u
#define BATCH                50u

static struct hall hall;
static struct office office;
static struct office other;
static struct buffer body;
static struct wire_register_item items[ITEMS_MAX];
static size_t count;

static void setup(void)
{
    hall_open(&hall, 0);
    office_open(&office, 1);
    office_open(&other, 2);
    hall_join(&hall, &office);
    hall_join(&hall, &other);
    buffer_init(&body, WIRE_DOCUMENT_BYTES_MAX);
}

static void teardown(void)
{
    buffer_fini(&body);
    office_close(&office);
    office_close(&other);
    hall_close(&hall);
}

TestSuite(registers, .init = setup, .fini = teardown);

/* The slice that the agent would get now. */
static void slice(uint32_t agent)
{
    const struct context *context = province_context(hall.province);
    struct wire_register_item beyond;
    struct wire_walk walk;
    size_t left_out;

    (void)hall_fold(&hall);
    context = province_context(hall.province);
    buffer_clear(&body);
    cr_assert_eq(registers_slice(
                     tally_registers(hall.tally), tally_fold(hall.tally),
                     context, context_agent(context, agent), &body, &left_out),
                 STATUS_OK);
    cr_assert_eq(left_out, 0);
    wire_walk_init(&walk, buffer_bytes(&body));
    count = 0;
    while (count < ITEMS_MAX &&
           wire_walk_register(&walk, &items[count]) == STATUS_OK) {
        count++;
    }
    cr_assert_eq(wire_walk_register(&walk, &beyond), STATUS_NOT_FOUND);
}

static const struct wire_register_item *find(enum reference_kind kind,
                                             uint64_t reference)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == (uint32_t)kind &&
            items[i].reference == reference) {
            return &items[i];
        }
    }
    return NULL;
}

static void establishment(struct office *at, uint32_t number, uint32_t state,
                          int32_t day, uint32_t place)
{
    struct event event;
    struct admit_answer answer;

    event_init(&event, ESTABLISHMENT_STATUS);
    event_header_set(&event, EVENT_OCCURRED_ON, (uint64_t)(int64_t)day);
    event_header_set(&event, EVENT_RECORDED_AT,
                     (uint64_t)((day + 1) * CLOCK_US_PER_DAY));
    event_header_set(&event, EVENT_UNIT, at->unit);
    event_header_set(&event, EVENT_OFFICE, WORLD_LABOUR_OFFICE);
    event_header_set(&event, EVENT_PROGRAMME, WORLD_PROSTITUTION);
    event_header_set(&event, EVENT_SUBJECT_UNIT, place);
    event_set(&event, 1, id60_make(at->number, 1, number));
    event_set(&event, 2, 1);
    event_set(&event, 3, 1);
    event_set(&event, 4, state);
    answer = hall_send(&hall, at, office_seal(at, &event, 1));
    cr_assert(answer.appended);
}

Test(registers, the_plans_hotspots_are_in_the_slices_of_their_districts)
{
    slice(1);
    cr_assert_not_null(find(REFERENCE_HOTSPOT, 1));
    cr_assert_null(find(REFERENCE_HOTSPOT, 2));
    slice(2);
    cr_assert_not_null(find(REFERENCE_HOTSPOT, 1));
    cr_assert_not_null(find(REFERENCE_HOTSPOT, 2));
    cr_assert_eq(find(REFERENCE_HOTSPOT, 1)->unit_count, 2);
}

Test(registers, a_thing_is_in_the_slice_of_its_place_as_it_was_last)
{
    uint64_t reference = id60_make(1, 1, 15);

    establishment(&office, 15, 2, calendar_day(2018, 3, 1),
                  WORLD_COMMUNE(1, 1));
    slice(1);
    cr_assert_not_null(find(REFERENCE_ESTABLISHMENT, reference));
    cr_assert_eq(find(REFERENCE_ESTABLISHMENT, reference)->state, 2);
    cr_assert_eq(find(REFERENCE_ESTABLISHMENT, reference)->category, 1);
    cr_assert_eq(find(REFERENCE_ESTABLISHMENT, reference)->units[0],
                 WORLD_COMMUNE(1, 1));
    /* A later day wins, whatever came in last. */
    establishment(&office, 15, 4, calendar_day(2018, 5, 1),
                  WORLD_COMMUNE(1, 1));
    establishment(&office, 15, 3, calendar_day(2018, 4, 1),
                  WORLD_COMMUNE(1, 1));
    slice(1);
    cr_assert_eq(find(REFERENCE_ESTABLISHMENT, reference)->state, 4);
    slice(2);
    cr_assert_null(find(REFERENCE_ESTABLISHMENT, reference));
}

Test(registers, what_does_not_count_is_not_shown)
{
    /* Outside the office's area. */
    establishment(&office, 16, 2, calendar_day(2018, 3, 1),
                  WORLD_COMMUNE(2, 1));
    slice(2);
    cr_assert_null(find(REFERENCE_ESTABLISHMENT, id60_make(1, 1, 16)));
}

/* An office's slice is made anew when the revision grows; a void is no event
 * about a thing, but takes one back. */
Test(registers, a_void_makes_a_new_revision_and_takes_back_the_state)
{
    uint64_t reference = id60_make(1, 1, 17);
    struct admit_answer answer;
    struct event event;
    uint64_t before;

    establishment(&office, 17, 2, calendar_day(2018, 3, 1),
                  WORLD_COMMUNE(1, 1));
    slice(1);
    cr_assert_not_null(find(REFERENCE_ESTABLISHMENT, reference));
    before = registers_revision(tally_registers(hall.tally));
    office_void(&office, id60_make(1, 1, 1), &event);
    answer = hall_send(&hall, &office, office_seal(&office, &event, 1));
    cr_assert(answer.appended);
    slice(1);
    cr_assert_null(find(REFERENCE_ESTABLISHMENT, reference));
    cr_assert_gt(registers_revision(tally_registers(hall.tally)), before);
}

static void save(struct registers *registers, struct frame_file *file)
{
    struct frame_writer *writer = frame_writer_new(frame_file_sink(file));

    cr_assert_not_null(writer);
    buffer_clear(&file->bytes);
    cr_assert_eq(registers_save(registers, writer), STATUS_OK);
    cr_assert_eq(frame_writer_end(writer, &file->digest), STATUS_OK);
    frame_writer_free(&writer);
}

/* A unit that can be none does not count, and must not upset what is kept. */
Test(registers, i4_what_was_saved_comes_back_and_goes_on)
{
    struct registers *loaded;
    struct frame_file file, again;
    struct frame_reader *reader;
    struct event event;

    frame_file_init(&file);
    frame_file_init(&again);
    establishment(&office, 15, 2, calendar_day(2018, 3, 1),
                  WORLD_COMMUNE(1, 1));
    establishment(&office, 15, 3, calendar_day(2018, 2, 1), UINT32_MAX);
    slice(1);
    save(tally_registers(hall.tally), &file);
    cr_assert_eq(registers_new(&loaded), STATUS_OK);
    reader = frame_reader_new(frame_file_source(&file));
    cr_assert_not_null(reader);
    cr_assert_eq(registers_load(loaded, reader), STATUS_OK);
    cr_assert_eq(frame_reader_end(reader, &again.digest), STATUS_OK);
    cr_assert_gt(registers_revision(loaded), 0);

    establishment(&office, 15, 4, calendar_day(2018, 1, 1),
                  WORLD_COMMUNE(1, 2));
    slice(1);
    cr_assert_eq(tally_event(hall.tally, id60_make(1, 1, 3), &event),
                 STATUS_OK);
    cr_assert_eq(registers_event(loaded, id60_make(1, 1, 3), &event),
                 STATUS_OK);
    save(tally_registers(hall.tally), &file);
    save(loaded, &again);
    cr_assert(digest_equal(&again.digest, &file.digest));
    frame_reader_free(&reader);
    registers_free(&loaded);
    frame_file_fini(&again);
    frame_file_fini(&file);
}

Test(registers, the_fields_are_the_catalogues)
{
    static const struct {
        uint32_t type;
        const char *name;
        uint32_t reference, category, state;
        const char *names[3];
    } rows[] = {
        {6, "establishment_status", 1, 2, 4, {"est_ref", "category", "state"}},
        {8, "inspection", 6, 0, 5, {"inspection_ref", NULL, "result"}},
        {10, "case_stage", 1, 3, 2, {"case_ref", "case_type", "stage"}},
        {11, "hotspot_status", 1, 2, 4, {"hotspot_ref", "place_kind", "state"}},
        {12, "tip_status", 1, 2, 3, {"tip_ref", "channel", "state"}},
        {14, "model_status", 1, 2, 3, {"model_ref", "kind", "state"}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct catalogue_type *type = catalogue_type(rows[i].type);
        const uint32_t numbers[] = {rows[i].reference, rows[i].category,
                                    rows[i].state};

        cr_assert_str_eq(type->name, rows[i].name);
        for (size_t k = 0; k < 3; k++) {
            if (rows[i].names[k] != NULL) {
                cr_assert_str_eq(catalogue_field(type, numbers[k])->name,
                                 rows[i].names[k]);
            }
        }
    }
}

/* About a thing, about none, a correction: in turn. */
static void some_event(uint32_t i, struct event *event)
{
    static const uint32_t types[] = {ESTABLISHMENT_STATUS, 2, 11,
                                     ESTABLISHMENT_STATUS, 20};

    event_init(event, types[i % 5]);
    event_header_set(event, EVENT_OCCURRED_ON,
                     (uint64_t)calendar_day(2018, 1, 1 + (int32_t)(i % 7)));
    event_header_set(event, EVENT_UNIT, WORLD_DISTRICT(1));
    if (types[i % 5] == 20) {
        event_header_set(event, EVENT_TARGET, id60_make(1, 1, i));
    }
    event_set(event, 1, id60_make(1, 1, 1 + i % 9));
}

Test(registers, i4_a_batch_is_what_its_events_are_one_after_the_other)
{
    struct event events[BATCH];
    struct frame_file one, two;

    frame_file_init(&one);
    frame_file_init(&two);
    for (uint32_t i = 0; i < BATCH; i++) {
        some_event(i, &events[i]);
    }
    for (uint32_t n = 0; n <= BATCH; n++) {
        struct registers *singly, *together;

        cr_assert_eq(registers_new(&singly), STATUS_OK);
        cr_assert_eq(registers_new(&together), STATUS_OK);
        for (uint32_t i = 0; i < n; i++) {
            cr_assert_eq(
                registers_event(singly, id60_make(1, 1, i + 1), &events[i]),
                STATUS_OK);
        }
        cr_assert_eq(registers_events(together, id60_make(1, 1, 1), events, n),
                     STATUS_OK);
        cr_assert_eq(registers_revision(together), registers_revision(singly));
        save(singly, &one);
        save(together, &two);
        cr_assert(digest_equal(&one.digest, &two.digest));
        registers_free(&singly);
        registers_free(&together);
    }
    frame_file_fini(&two);
    frame_file_fini(&one);
}
