#include "tests/support/random_year.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define EVENTS RANDOM_YEAR_EVENTS

/* Numbers of proto/event.proto. */
enum {
    PLAN_ISSUED = 1,
    COMMUNICATION = 2,
    INSPECTION = 8,
    CASE = 10,
    HOTSPOT = 11,
    CENSUS = 17,
    CORRECTION = 20,
    NIL_REPORT = 21,
    SAME_AS = 22
};

static uint32_t pick(struct year *year, uint32_t count)
{
    return (uint32_t)(world_random(&year->seed) % count);
}

static bool chance(struct year *year, uint32_t percent)
{
    return pick(year, 100) < percent;
}

static uint32_t pick_type(struct year *year)
{
    static const uint32_t types[] = {
        INSPECTION, INSPECTION, INSPECTION, COMMUNICATION, COMMUNICATION,
        CASE,       CASE,       HOTSPOT,    HOTSPOT,       CENSUS,
        SAME_AS,    NIL_REPORT, PLAN_ISSUED};

    return types[pick(year, sizeof types / sizeof *types)];
}

static void draft_all(struct year *year)
{
    uint32_t next[WORLD_AGENTS + 1][WORLD_EPOCHS + 1] = {{0}};

    for (size_t i = 0; i < EVENTS; i++) {
        struct random_year_draft *it = &year->drafts[i];

        it->agent = 1 + pick(year, WORLD_AGENTS);
        it->epoch = 1 + pick(year, WORLD_EPOCHS);
        it->id = id60_make(it->agent, it->epoch, ++next[it->agent][it->epoch]);
        it->type = pick_type(year);
        it->target = i;
    }
    for (size_t i = 0; i < EVENTS; i++) {
        struct random_year_draft *it = &year->drafts[i];

        if (!chance(year, 35)) {
            continue;
        }
        /* Few targets, so that corrections meet. */
        it->target = pick(year, chance(year, 60) ? 12 : EVENTS);
        if (it->target == i) {
            continue;
        }
        it->type = chance(year, 35)   ? CORRECTION
                   : chance(year, 90) ? year->drafts[it->target].type
                                      : it->type;
    }
}

static uint32_t pick_place(struct year *year, uint32_t agent, int32_t day)
{
    uint32_t district = agent == WORLD_CORRECTOR ? 1 + pick(year, 2)
                        : agent % 2 == 1         ? 1
                                                 : 2;
    bool late = day >= calendar_day(2018, 7, 1);
    uint32_t commune = 1 + pick(year, 4);

    if (commune >= 3) {
        commune = !late ? 3 : district == 2 ? 6 : commune + 1;
    }
    return WORLD_COMMUNE(district, commune);
}

static void fill_inspection(struct year *year, struct event *event)
{
    uint32_t violations = pick(year, 4);

    event_set(event, 1, id60_make(1 + pick(year, 2), 1, 1 + pick(year, 6)));
    event_set(event, 2, 1 + pick(year, 2));
    event_set(event, 3, 1 + pick(year, 3));
    event_set(event, 4, 1 + pick(year, 3));
    event_set(event, 5, violations > 0 ? 3 : 1);
    event_set(event, 7, violations);
    if (violations > 0) {
        event_set(event, 10, pick(year, violations));
        event_set(event, 12, pick(year, 2));
    }
}

static void fill_hotspot(struct year *year, struct event *event, uint32_t agent)
{
    int32_t day = event->occurred_on;
    uint32_t first = pick_place(year, agent, day);
    uint32_t second = pick_place(year, 1 + pick(year, 2), day);

    event_set(event, 1, id60_make(pick(year, 2), 0, 1 + pick(year, 4)));
    if (id60_agent(event_get(event, 1)) != 0) {
        event_set(event, 1, id60_make(1, 1, 1 + pick(year, 3)));
    }
    event_set(event, 2, 1);
    (void)event_append(event, 3, first);
    if (second != first) {
        (void)event_append(event, 3, second);
    }
    event_set(event, 4, 1 + pick(year, 8));
}

static void fill_same_as(struct year *year, struct event *event)
{
    static const uint32_t kinds[] = {1, 2, 4};
    uint32_t kind = kinds[pick(year, 3)];
    uint32_t first = 1 + pick(year, 3), second = 1 + pick(year, 3);
    uint32_t agent = kind == 2 ? pick(year, 2) : 1;

    event_set(event, 1, kind);
    event_set(event, 2, id60_make(1, 1, first));
    event_set(event, 3,
              agent == 0
                  ? id60_make(0, 0, second)
                  : id60_make(agent, 1, second == first ? second + 3 : second));
}

static void fill(struct year *year, struct event *event, uint32_t agent)
{
    switch (event->type) {
    case PLAN_ISSUED:
        event_set(event, 1, 2018);
        (void)event_append(event, 2, 1);
        event_set(event, 3, pick(year, 30));
        break;
    case COMMUNICATION:
        event_set(event, 1, 1);
        event_set(event, 2, chance(year, 8) ? 10001 : 3 + pick(year, 2));
        event_set(event, 3, 1 + pick(year, 5));
        break;
    case INSPECTION:
        fill_inspection(year, event);
        break;
    case CASE:
        event_set(event, 1, id60_make(1, 1, 1 + pick(year, 6)));
        event_set(event, 2, 1 + pick(year, 5));
        break;
    case HOTSPOT:
        fill_hotspot(year, event, agent);
        break;
    case CENSUS:
        (void)event_append(event, 1, 1);
        if (chance(year, 80)) {
            event_set(event, 2, pick(year, 9));
        }
        if (chance(year, 20)) {
            event_set(event, 7, 1);
        }
        break;
    case CORRECTION:
        event_set(event, 1, 1);
        break;
    case NIL_REPORT:
        event_set(event, 1, 1);
        event_set(event, 2, 2);
        event_set(event, 3, 201801);
        (void)event_append(event, 4, 1);
        break;
    case SAME_AS:
        fill_same_as(year, event);
        break;
    default:
        break;
    }
}

/* The version that a correction names: mostly one that exists. */
static uint64_t pick_head(struct year *year, const struct random_year_draft *it)
{
    uint32_t way = pick(year, 10);

    if (way < 4) {
        return 0;
    }
    for (uint32_t tries = 0; way < 8 && tries < EVENTS; tries++) {
        const struct random_year_draft *other =
            &year->drafts[pick(year, EVENTS)];

        if (other->target == it->target &&
            (other != it || other->id == year->drafts[it->target].id)) {
            return other->id;
        }
    }
    return way == 8 ? year->drafts[pick(year, EVENTS)].id
                    : year->drafts[it->target].id;
}

static void make_event(struct year *year, size_t i)
{
    struct random_year_draft *it = &year->drafts[i];
    int32_t day = calendar_day(2017, 11, 1) + (int32_t)pick(year, 480);
    struct world_event *added;
    struct event event;

    world_event_init(&year->world, &event, it->agent, it->type, day,
                     pick_place(year, it->agent, day));
    fill(year, &event, it->agent);
    if (it->target != i) {
        event_header_set(&event, EVENT_TARGET, year->drafts[it->target].id);
        event_header_set(&event, EVENT_REASON, 1);
        uint64_t head = pick_head(year, it);

        if (head != 0) {
            event_header_set(&event, EVENT_HEAD, head);
        }
    }
    if (chance(year, 30)) {
        event.has_entry_key = true;
        event.entry_key[0] = (uint8_t)pick(year, 6);
        event.header_present |= 1u << EVENT_ENTRY_KEY;
    }
    if (chance(year, 3)) {
        event.fault = EVENT_FAULT_DUPLICATE;
    }
    if (chance(year, 3) && it->agent < WORLD_CORRECTOR) {
        event.unit = WORLD_DISTRICT(it->agent % 2 == 1 ? 2 : 1);
    }
    added = world_add(&year->world, it->agent, it->epoch, &event);
    cr_assert_eq(added->id, it->id);
    if (chance(year, 3)) {
        added->received_at = (day - 2) * CLOCK_US_PER_DAY;
    }
}

struct year *random_year_new(uint64_t seed)
{
    struct year *year = calloc(1, sizeof *year);

    cr_assert_not_null(year);
    year->first_seed = year->seed = seed;
    world_open(&year->world, WORLD_PLAN, NULL);
    draft_all(year);
    for (size_t i = 0; i < EVENTS; i++) {
        make_event(year, i);
    }
    return year;
}

void random_year_free(struct year **year)
{
    world_close(&(*year)->world);
    free(*year);
    *year = NULL;
}
