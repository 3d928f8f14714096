#include "tests/support/world.h"

#include "common/base/clock.h"
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Applies a document and goes on to the next entry. */
static void apply(struct world *world, struct control *control)
{
    unsigned change;
    enum status status = context_apply(world->context, world->index, control,
                                       &world->report, &change);

    if (status != STATUS_OK) {
        report_print(&world->report, stderr);
    }
    cr_assert_eq(status, STATUS_OK);
    world->index++;
}

static void apply_file(struct world *world, enum control_kind kind,
                       uint32_t revision, const char *name, const char *text)
{
    struct control *control = calloc(1, sizeof *control);

    cr_assert_not_null(control);
    control->kind = kind;
    control->files.revision = revision;
    control->files.file_count = 1;
    (void)snprintf(control->files.id, sizeof control->files.id, "%s", name);
    (void)snprintf(control->files.files[0].name,
                   sizeof control->files.files[0].name, "%s", name);
    control->files.files[0].content = bytes_of_text(text);
    apply(world, control);
    free(control);
}

/* Bytes that no other (agent, purpose) has. */
static void fill(uint8_t *bytes, size_t size, uint32_t agent, uint8_t purpose)
{
    memset(bytes, purpose, size);
    bytes_put_u32(bytes, agent);
}

static void enrol(struct world *world, uint32_t agent)
{
    struct control *control = calloc(1, sizeof *control);
    struct control_scope *scope;

    cr_assert_not_null(control);
    control->kind = CONTROL_ENROLMENT;
    control->enrolment.agent_number = agent;
    control->enrolment.scope_count = 1;
    control->enrolment.join_until = INT64_MAX;
    (void)snprintf(control->enrolment.name, sizeof control->enrolment.name,
                   "office %u", agent);
    fill(control->enrolment.join_key.bytes, PUBLIC_KEY_BYTES, agent, 'j');
    scope = &control->enrolment.scopes[0];
    scope->unit = WORLD_DISTRICT(agent % 2 == 1 ? 1 : 2);
    scope->office = WORLD_LABOUR_OFFICE;
    scope->from = calendar_day(2017, 1, 1);
    scope->to = calendar_day(2019, 12, 31);
    if (agent == WORLD_CORRECTOR) {
        scope->unit = WORLD_PROVINCE;
        scope->office = WORLD_DOLISA;
        scope->corrects_for[0] = WORLD_DISTRICT(1);
        scope->corrects_for[1] = WORLD_DISTRICT(2);
        scope->corrects_for_count = 2;
    }
    apply(world, control);
    memset(control, 0, sizeof *control);
    control->kind = CONTROL_JOINED;
    control->joined.agent_number = agent;
    control->joined.epoch_ordinal = 1;
    fill(control->joined.agent_id.bytes, RANDOM_ID_BYTES, agent, 'a');
    fill(control->joined.epoch.bytes, RANDOM_ID_BYTES, agent, 'e');
    fill(control->joined.curve_key.bytes, PUBLIC_KEY_BYTES, agent, 'c');
    fill(control->joined.sign_key.bytes, PUBLIC_KEY_BYTES, agent, 's');
    fill(control->joined.join_key.bytes, PUBLIC_KEY_BYTES, agent, 'j');
    apply(world, control);
    free(control);
}

unsigned world_new_epoch(struct world *world, uint32_t agent, uint64_t end)
{
    struct control *control = calloc(1, sizeof *control);
    unsigned change = 0;

    cr_assert_not_null(control);
    control->kind = CONTROL_EPOCH_OPENED;
    control->epoch.agent_number = agent;
    control->epoch.epoch_ordinal = 2;
    fill(control->epoch.previous.bytes, RANDOM_ID_BYTES, agent, 'e');
    fill(control->epoch.epoch.bytes, RANDOM_ID_BYTES, agent, 'f');
    control->epoch.previous_next_seq = end;
    cr_assert_eq(context_apply(world->context, world->index++, control,
                               &world->report, &change),
                 STATUS_OK);
    free(control);
    return change;
}

void world_open(struct world *world, const char *plan, const char *vocabulary)
{
    struct control *control = calloc(1, sizeof *control);
    char *units_text = source_file("tests/support/world_units.csv");
    char *plan_text = plan == NULL ? NULL : source_file(plan);

    memset(world, 0, sizeof *world);
    report_init(&world->report, LANGUAGE_EN);
    world->events = calloc(WORLD_EVENTS_MAX, sizeof *world->events);
    cr_assert(control != NULL && world->events != NULL);
    cr_assert_eq(context_new(&world->context), STATUS_OK);
    control->kind = CONTROL_GENESIS;
    control->genesis.unit = WORLD_PROVINCE;
    apply(world, control);
    free(control);
    apply_file(world, CONTROL_UNITS, 1, "units.csv", units_text);
    if (vocabulary != NULL) {
        apply_file(world, CONTROL_VOCABULARY, 1, "vocabulary.yaml", vocabulary);
    }
    if (plan_text != NULL) {
        world_plan(world, 1, plan_text);
    }
    free(units_text);
    free(plan_text);
    for (uint32_t agent = 1; agent <= WORLD_AGENTS; agent++) {
        enrol(world, agent);
    }
}

void world_plan(struct world *world, uint32_t revision, const char *text)
{
    apply_file(world, CONTROL_PLAN, revision, "plan.yaml", text);
}

void world_close(struct world *world)
{
    context_free(&world->context);
    report_fini(&world->report);
    free(world->events);
}

void world_event_init(const struct world *world, struct event *event,
                      uint32_t agent, uint32_t type, int32_t day,
                      uint32_t place)
{
    const struct control_scope *scope =
        &context_agent(world->context, agent)->scopes[0];

    event_init(event, type);
    event_header_set(event, EVENT_OCCURRED_ON, (uint64_t)(int64_t)day);
    event_header_set(event, EVENT_RECORDED_AT,
                     (uint64_t)((day + 1) * CLOCK_US_PER_DAY));
    event_header_set(event, EVENT_UNIT, scope->unit);
    event_header_set(event, EVENT_OFFICE, scope->office);
    event_header_set(event, EVENT_PROGRAMME, WORLD_PROSTITUTION);
    if (place != 0) {
        event_header_set(event, EVENT_SUBJECT_UNIT, place);
    }
}

struct event world_visit(const struct world *world, uint32_t agent, uint32_t n)
{
    struct event event;

    world_event_init(world, &event, agent, WORLD_INSPECTION, WORLD_DAY,
                     WORLD_COMMUNE(agent % 2 == 1 ? 1 : 2, 1));
    event_set(&event, 1, id60_make(1, 1, n));
    event_set(&event, 2, 1);
    event_set(&event, 3, 2);
    event_set(&event, 4, 1);
    event_set(&event, 5, 1);
    return event;
}

struct world_event *world_add(struct world *world, uint32_t agent,
                              uint32_t epoch, const struct event *event)
{
    struct world_event *added = &world->events[world->count];

    cr_assert_lt(world->count, WORLD_EVENTS_MAX);
    world->count++;
    added->id = id60_make(agent, epoch, ++world->next[agent][epoch]);
    added->received_at = (event->occurred_on + 1) * CLOCK_US_PER_DAY;
    added->event = *event;
    return added;
}

struct world_event *world_find(struct world *world, uint64_t id)
{
    for (size_t i = 0; i < world->count; i++) {
        if (world->events[i].id == id) {
            return &world->events[i];
        }
    }
    return NULL;
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    struct world_event *found = world_find(owner, id);

    if (found == NULL) {
        return STATUS_NOT_FOUND;
    }
    *event = found->event;
    return STATUS_OK;
}

struct fold_source world_source(struct world *world)
{
    return (struct fold_source){.owner = world, .fetch = fetch};
}

void world_fold_on(struct world *world, struct fold *fold, const size_t order[],
                   size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct world_event *it =
            &world->events[order == NULL ? i : order[i]];

        cr_assert_eq(fold_event(fold, it->id, it->received_at, &it->event),
                     STATUS_OK);
        if (i % WORLD_ENTRY_EVENTS == WORLD_ENTRY_EVENTS - 1 || i + 1 == to) {
            cr_assert_eq(fold_set_position(fold, world->index + i + 1),
                         STATUS_OK);
        }
    }
}

struct fold *world_fold(struct world *world, const size_t order[])
{
    struct fold *fold;

    cr_assert_eq(fold_new(world->context, world_source(world), &fold),
                 STATUS_OK);
    world_fold_on(world, fold, order, 0, world->count);
    return fold;
}

uint64_t world_random(uint64_t *seed)
{
    uint64_t mixed = (*seed += UINT64_C(0x9e3779b97f4a7c15));

    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

uint64_t world_seed(void)
{
    const char *given = getenv("TALLYLINE_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10)
                                  : (uint64_t)time(NULL) % 1000000;

    (void)fprintf(stderr, "TALLYLINE_TEST_SEED=%" PRIu64 "\n", seed);
    return seed;
}

void world_shuffle(const struct world *world, uint64_t *seed, size_t order[])
{
    size_t taken = 0;
    bool *done = calloc(world->count + 1, sizeof *done);

    cr_assert_not_null(done);
    while (taken < world->count) {
        /* The first event that is left of the stream of a random one. */
        size_t any = (size_t)(world_random(seed) % world->count);
        uint64_t stream = world->events[any].id >> 32;
        size_t at = 0;

        while (at < world->count &&
               (done[at] || world->events[at].id >> 32 != stream)) {
            at++;
        }
        if (at < world->count) {
            done[at] = true;
            order[taken++] = at;
        }
    }
    free(done);
}

struct figure world_figure(const struct world *world, const struct fold *fold,
                           const char *indicator, uint32_t unit)
{
    const struct plan *plan = context_plan_at(world->context, 0)->plan;
    const struct units *units = context_units(world->context);
    uint32_t number = plan_find_indicator(plan, indicator);
    struct figure_range range;
    struct figure *figures, figure;
    const struct unit *row;

    cr_assert_neq(number, UINT32_MAX, "no indicator %s", indicator);
    figures = calloc(units_count(units), sizeof *figures);
    cr_assert_not_null(figures);
    figure_range_default(plan, &range);
    cr_assert_eq(indicator_compute(fold, world->context,
                                   plan->indicators[number].formula, &range,
                                   figures, units_count(units)),
                 STATUS_OK);
    row = units_find(units, unit, range.unit_date);
    cr_assert_not_null(row);
    figure = figures[units_position(units, row)];
    free(figures);
    return figure;
}

int64_t world_value(const struct world *world, const struct fold *fold,
                    const char *indicator, uint32_t unit)
{
    return world_figure(world, fold, indicator, unit).value;
}

enum fold_outcome world_outcome(const struct fold *fold, uint64_t id)
{
    struct fold_result result;

    fold_result(fold, id, &result);
    return result.outcome;
}
