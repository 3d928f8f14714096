#include "bench/workload.h"

#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"

#include <stdlib.h>
#include <string.h>

#define UNITS_BYTES_MAX (4u * 1024u * 1024u)
#define SHEET_ROWS      200u /* on average */
#define CORRECTED_OF    150u /* one in so many events is a correction */
#define DAY_OPENS_US    (INT64_C(1) * 3600 * CLOCK_US_PER_S) /* 8 at UTC+7 */
#define DAY_US          (INT64_C(9) * 3600 * CLOCK_US_PER_S)
#define ROW_US          40u /* an imported row takes */

/* Numbers of proto/event.proto. */
#define TYPE_INSPECTION 8u
#define TYPE_SANCTION   9u
#define TYPE_CORRECTION 20u
#define TEAM_LEVEL      3u
#define LEVEL_PROVINCE  1u
#define POLICE          6u
#define LABOUR_OFFICE   3u
#define TYPING_ERROR    1u

/* How many of a thousand events are of each type; corrections are apart. */
static const uint32_t weights[] = {
    [1] = 2,   [2] = 190, [3] = 30,  [4] = 10,  [5] = 10,  [6] = 110, [7] = 50,
    [8] = 270, [9] = 90,  [10] = 70, [11] = 8,  [12] = 40, [13] = 60, [14] = 12,
    [15] = 15, [16] = 8,  [17] = 6,  [18] = 12, [19] = 3,  [21] = 3,  [22] = 1};

uint32_t workload_pick(struct workload_stream *stream, uint32_t below)
{
    stream->random = stream->random * UINT64_C(6364136223846793005) +
                     UINT64_C(1442695040888963407);
    return (uint32_t)((stream->random >> 33) % below);
}

/* ---- life ---- */

static void read_units(struct workload *workload, const char *file)
{
    struct buffer text;
    struct report report;
    struct units *units = NULL;

    buffer_init(&text, UNITS_BYTES_MAX);
    report_init(&report, LANGUAGE_EN);
    check(file_read(file, &text) == STATUS_OK);
    check(units_new(&units) == STATUS_OK);
    check(units_add_csv(units, file, buffer_bytes(&text), &report) ==
          STATUS_OK);
    for (size_t i = 0; i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);
        uint32_t at = workload->district_count;

        if (unit->level == UNIT_DISTRICT && unit->from <= workload->first_day &&
            at < WORKLOAD_DISTRICTS_MAX) {
            workload->districts[at].unit = unit->key;
            workload->district_count++;
        }
    }
    for (uint32_t k = 0; k < workload->district_count; k++) {
        struct workload_district *district = &workload->districts[k];
        uint32_t found = 0;

        for (size_t i = 0; i < units_count(units); i++) {
            const struct unit *unit = units_at(units, i);

            if (unit->level == UNIT_COMMUNE && unit->parent == district->unit &&
                found < WORKLOAD_COMMUNES) {
                district->communes[found++] = unit->key;
            }
        }
        /* The small ones have fewer: some of theirs stand twice. */
        for (uint32_t i = found; i < WORKLOAD_COMMUNES; i++) {
            check(found > 0);
            district->communes[i] = district->communes[i % found];
        }
    }
    units_free(&units);
    report_fini(&report);
    buffer_fini(&text);
}

struct workload *workload_new(const struct workload_options *options,
                              const char *units_file)
{
    struct workload *workload = calloc(1, sizeof *workload);

    check(workload != NULL && options->streams <= WORKLOAD_STREAMS_MAX);
    workload->options = *options;
    workload->first_day = options->days > 100 ? calendar_day(2018, 1, 1)
                                              : calendar_day(2018, 3, 5);
    read_units(workload, units_file);
    check(workload->district_count >= options->streams);
    for (uint32_t i = 0; i < options->streams; i++) {
        struct workload_stream *stream = &workload->streams[i];

        stream->workload = workload;
        stream->expected = expected_new();
        stream->first = i;
        stream->random = options->seed + i * UINT64_C(0x9e3779b97f4a7c15);
        for (uint32_t k = 0; k < workload->district_count; k++) {
            stream->expected->districts[k].unit = workload->districts[k].unit;
        }
    }
    return workload;
}

void workload_free(struct workload **workload)
{
    for (uint32_t i = 0; i < (*workload)->options.streams; i++) {
        expected_free(&(*workload)->streams[i].expected);
    }
    free(*workload);
    *workload = NULL;
}

/* ---- an event ---- */

static uint32_t pick_type(struct workload_stream *stream)
{
    uint32_t left = workload_pick(stream, 1000);
    uint32_t type = 1;

    while (left >= weights[type]) {
        left -= weights[type];
        type++;
    }
    return type;
}

static uint32_t pick_district(struct workload_stream *stream)
{
    const struct workload *workload = stream->workload;
    uint32_t step = workload->options.streams;
    uint32_t own = (workload->district_count - stream->first + step - 1) / step;

    return stream->first + workload_pick(stream, own) * step;
}

/* The moment of saving: office hours go by evenly over the days, and the rows
 * of a sheet follow each other at once. */
static void step_clock(struct workload_stream *stream)
{
    const struct workload_options *options = &stream->workload->options;
    int64_t all = options->days * DAY_US;
    int64_t gap = all / options->events_each;
    int64_t worked = gap * stream->number +
                     workload_pick(stream, (uint32_t)(gap > 1 ? gap : 1));
    int64_t day = stream->workload->first_day + worked / DAY_US;
    int64_t at = day * CLOCK_US_PER_DAY + DAY_OPENS_US + worked % DAY_US;

    if (stream->sheet_left > 0 || at <= stream->recorded_at) {
        at = stream->recorded_at + ROW_US / 2 + workload_pick(stream, ROW_US);
    }
    stream->recorded_at = at;
}

static int32_t pick_day(struct workload_stream *stream)
{
    int32_t day = calendar_day_of_moment(stream->recorded_at) -
                  (int32_t)(workload_pick(stream, 8) / 3);

    return day < stream->workload->first_day ? stream->workload->first_day
                                             : day;
}

static void set_header(struct workload_stream *stream, uint32_t district,
                       struct event *event)
{
    const struct workload_district *own =
        &stream->workload->districts[district];
    bool police =
        event->type == TYPE_SANCTION || event->type == 10 || event->type == 12;

    event_header_set(event, EVENT_OCCURRED_ON, (uint64_t)pick_day(stream));
    event_header_set(event, EVENT_RECORDED_AT, (uint64_t)stream->recorded_at);
    event_header_set(event, EVENT_UNIT, own->unit);
    event_header_set(event, EVENT_OFFICE, police ? POLICE : LABOUR_OFFICE);
    event_header_set(event, EVENT_ROLE, 1 + workload_pick(stream, 2));
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_SUBJECT_UNIT,
                     own->communes[workload_pick(stream, WORKLOAD_COMMUNES)]);
    event_header_set(event, EVENT_VOCABULARY, 1);
    if (event->type == TYPE_INSPECTION && workload_pick(stream, 4) == 0) {
        event_header_set(event, EVENT_DOCUMENT_NUMBER,
                         1 + workload_pick(stream, 300));
        event_header_set(event, EVENT_DOCUMENT_KIND, 7);
        event->document_bodies[0] = 24;
        event->document_body_count = 1;
        event->header_present |= 1u << EVENT_DOCUMENT_BODIES;
    }
}

static void set_entry_key(struct workload_stream *stream, struct event *event)
{
    for (uint32_t i = 0; i < EVENT_ENTRY_KEY_BYTES; i++) {
        event->entry_key[i] = (uint8_t)workload_pick(stream, 256);
    }
    /* No two alike. */
    bytes_put_u32(event->entry_key, stream->number);
    event->has_entry_key = true;
    event->header_present |= 1u << EVENT_ENTRY_KEY;
    stream->expected->keyed++;
}

/* ---- corrections ---- */

/* Only what adds up can be counted back by hand. */
static void remember(struct workload_stream *stream, uint32_t district,
                     const struct event *event)
{
    struct workload_recent *recent;

    if (event->type != TYPE_SANCTION &&
        (event->type != TYPE_INSPECTION ||
         event_get(event, TEAM_LEVEL) == LEVEL_PROVINCE)) {
        return;
    }
    recent = &stream->recent[stream->recent_count % WORKLOAD_RECENT];
    recent->id = id60_make(stream->agent, 1, stream->number);
    recent->district = district;
    recent->event = *event;
    stream->recent_count++;
}

/* Voids one of the last events or replaces it. False: there is none. */
static bool correct(struct workload_stream *stream, struct event *event)
{
    struct workload_recent *recent;
    uint32_t known = stream->recent_count < WORKLOAD_RECENT
                         ? stream->recent_count
                         : WORKLOAD_RECENT;
    bool voids = workload_pick(stream, 2) == 0;

    if (known == 0) {
        return false;
    }
    recent = &stream->recent[workload_pick(stream, known)];
    if (recent->id == 0) {
        return false;
    }
    event_init(event, voids ? TYPE_CORRECTION : recent->event.type);
    set_header(stream, recent->district, event);
    event->office = recent->event.office;
    event->occurred_on = recent->event.occurred_on;
    event_header_set(event, EVENT_TARGET, recent->id);
    event_header_set(event, EVENT_REASON, TYPING_ERROR);
    expected_take_back(stream->expected, recent->district, &recent->event);
    if (voids) {
        event_set(event, 1, 1);
    } else {
        workload_fill(stream, recent->district, event);
        if (event->type == TYPE_INSPECTION) {
            event_set(event, TEAM_LEVEL, event_get(&recent->event, TEAM_LEVEL));
        }
        expected_add(stream->expected, recent->district, event);
    }
    recent->id = 0;
    return true;
}

void workload_next(struct workload_stream *stream, struct event *event)
{
    const struct workload_options *options = &stream->workload->options;
    uint32_t district;

    step_clock(stream);
    stream->number++;
    stream->expected->events++;
    if (stream->sheet_left == 0 && workload_pick(stream, CORRECTED_OF) == 0 &&
        correct(stream, event)) {
        return;
    }
    /* A sheet is so much rarer than a row as it is longer. */
    if (stream->sheet_left == 0 && options->keyed_percent > 0 &&
        workload_pick(stream, SHEET_ROWS * (100 - options->keyed_percent)) <
            options->keyed_percent) {
        stream->sheet_left = 1 + workload_pick(stream, 2 * SHEET_ROWS);
        stream->sheet_district = pick_district(stream);
    }
    district =
        stream->sheet_left > 0 ? stream->sheet_district : pick_district(stream);
    event_init(event, pick_type(stream));
    set_header(stream, district, event);
    if (stream->sheet_left > 0) {
        set_entry_key(stream, event);
        stream->sheet_left--;
    }
    workload_fill(stream, district, event);
    expected_add(stream->expected, district, event);
    remember(stream, district, event);
}
