/* What is said about a thing are dated rows, one for each unit it names. */
#include "collector/figures/registers_state.h"

#include "common/base/check.h"
#include "common/event/reference.h"
#include "common/fold/fold_save.h"

#include <stdlib.h>

#define NAME_FIELDS 2u /* kind and reference */
#define CAPTURED    1u /* category in the upper half, state in the lower */
/* How many events apart the steps to a thing's rows are taken. */
#define AHEAD_STEP 10u
#define AHEAD      (FOLD_ROWS_STEPS * AHEAD_STEP)
#define AHEAD_RING 32u

/* Body fields of the types that say how a thing stands; 0: has none. */
struct shape {
    enum reference_kind kind; /* 0: the type is about no thing */
    uint32_t reference;
    uint32_t category;
    uint32_t state;
    uint32_t units;
};

static const struct shape shapes[] = {
    [6] = {REFERENCE_ESTABLISHMENT, 1, 2, 4, 0}, /* establishment_status */
    [8] = {REFERENCE_INSPECTION, 6, 0, 5, 0},    /* inspection */
    [10] = {REFERENCE_CASE, 1, 3, 2, 0},         /* case_stage */
    [11] = {REFERENCE_HOTSPOT, 1, 2, 4, 3},      /* hotspot_status */
    [12] = {REFERENCE_TIP, 1, 2, 3, 0},          /* tip_status */
    [14] = {REFERENCE_MODEL, 1, 2, 3, 0},        /* model_status */
};

_Static_assert(AHEAD_RING > AHEAD - AHEAD_STEP, "a mention is kept so long");

enum status registers_new(struct registers **registers)
{
    *registers = calloc(1, sizeof **registers);
    if (*registers == NULL) {
        return STATUS_MEMORY;
    }
    fold_rows_init(&(*registers)->rows, NAME_FIELDS, CAPTURED);
    return STATUS_OK;
}

void registers_free(struct registers **registers)
{
    if (*registers != NULL) {
        fold_rows_fini(&(*registers)->rows);
        free((*registers)->order);
        free((*registers)->standings);
        free(*registers);
        *registers = NULL;
    }
}

static const struct shape *shape_of(uint32_t type)
{
    return type < sizeof shapes / sizeof shapes[0] && shapes[type].kind != 0
               ? &shapes[type]
               : NULL;
}

/* NULL: the event is not about a thing. */
static const struct shape *mentioned_by(const struct event *event,
                                        uint64_t name[NAME_FIELDS])
{
    const struct shape *shape = shape_of(event->type);

    if (shape == NULL || event->fault != EVENT_FAULT_NONE ||
        !event_has(event, shape->reference)) {
        return NULL;
    }
    name[0] = shape->kind;
    name[1] = event_get(event, shape->reference);
    return shape;
}

static uint32_t field_of(const struct event *event, uint32_t field)
{
    return field == 0 ? 0 : (uint32_t)event_get(event, field);
}

static enum status add(struct registers *registers, uint64_t id,
                       const struct shape *shape,
                       const uint64_t name[NAME_FIELDS],
                       const struct event *event)
{
    struct fold_row row = {.event = id, .day = event->occurred_on};
    uint32_t place = event_place(event);
    const uint32_t *units = NULL;
    size_t count = 0;
    enum status status = STATUS_OK;

    row.captured[0] = (uint64_t)field_of(event, shape->category) << 32 |
                      field_of(event, shape->state);
    if (shape->units != 0) {
        units = event_items(event, shape->units, &count);
    }
    if (count == 0) {
        units = &place;
        count = 1;
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        row.place = units[i];
        if (row.place != FOLD_REMOVED) { /* no unit: it never counts */
            status = fold_rows_add(&registers->rows, name, &row);
        }
    }
    registers->revision++;
    return status;
}

enum status registers_event(struct registers *registers, uint64_t id,
                            const struct event *event)
{
    uint64_t name[NAME_FIELDS];
    const struct shape *shape = mentioned_by(event, name);

    if (event->target != 0) {
        registers->revision++; /* what it corrects may be a mention */
    }
    return shape == NULL ? STATUS_OK : add(registers, id, shape, name, event);
}

/* What an event mentions, while it is waited for. */
struct mention {
    bool any;
    uint64_t hash;
};

static void find_mention(const struct registers *registers,
                         const struct event *event, struct mention *mention)
{
    uint64_t name[NAME_FIELDS];

    mention->any = mentioned_by(event, name) != NULL;
    if (mention->any) {
        mention->hash = fold_rows_hash(&registers->rows, name);
    }
}

/* Things lie anywhere in memory, so what leads to each is asked for in steps
 * while those before it are taken in. Positions before the first event are
 * beyond the last one. */
enum status registers_events(struct registers *registers, uint64_t first,
                             const struct event events[], uint32_t count)
{
    struct mention ahead[AHEAD_RING] = {0};
    enum status status = STATUS_OK;

    /* What an erased batch named is nothing that an office could name. */
    if (count > 0 && events[0].erased != 0) {
        return STATUS_OK;
    }
    check(registers->rows.fields == NAME_FIELDS);
    for (uint32_t i = 0; i < count + AHEAD && status == STATUS_OK; i++) {
        uint32_t last = i - AHEAD;

        if (i < count) {
            find_mention(registers, &events[i], &ahead[i % AHEAD_RING]);
        }
        for (unsigned step = 0; step < FOLD_ROWS_STEPS; step++) {
            uint32_t at = i - step * AHEAD_STEP;

            if (at < count && ahead[at % AHEAD_RING].any) {
                fold_rows_expect(&registers->rows, ahead[at % AHEAD_RING].hash,
                                 (enum fold_rows_step)step);
            }
        }
        if (last < count) {
            status = registers_event(registers, first + last, &events[last]);
        }
    }
    return status;
}

/* As the fold numbers them: events of agent 0. */
enum status registers_plans(struct registers *registers,
                            const struct context *context)
{
    enum status status = STATUS_OK;
    uint32_t number = 0;

    for (size_t place = 0; place < context_plan_count(context); place++) {
        const struct plan *plan = context_plan_at(context, place)->plan;

        for (uint32_t i = 0; i < plan->row_count && status == STATUS_OK; i++) {
            status = registers_event(registers, id60_make(0, 0, ++number),
                                     &plan->rows[i].event);
        }
    }
    return status;
}

uint64_t registers_revision(const struct registers *registers)
{
    return registers->revision;
}

enum status registers_save(struct registers *registers,
                           struct frame_writer *writer)
{
    enum status status = fold_rows_settle(&registers->rows);

    if (status == STATUS_OK) {
        fold_save_rows(&registers->rows, writer);
    }
    return status;
}

enum status registers_load(struct registers *registers,
                           struct frame_reader *reader)
{
    fold_load_rows(&registers->rows, UINT32_MAX, reader);
    registers->revision++;
    return frame_reader_status(reader);
}
