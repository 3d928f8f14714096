/* What is said about a thing are dated rows, one for each unit it names; of
 * those the last one that counts says how the thing stands. */
#include "collector/registers.h"

#include "common/fold_rows.h"
#include "common/fold_save.h"
#include "common/reference.h"
#include "common/wire.h"

#include <stdlib.h>
#include <string.h>

#define NAME_FIELDS 2u /* kind and reference */
#define CAPTURED    1u /* category in the upper half, state in the lower */
/* How many events apart the steps to a thing's rows are taken. */
#define AHEAD_STEP  4u
#define AHEAD       (FOLD_ROWS_STEPS * AHEAD_STEP)
#define AHEAD_RING  16u
#define COVERS_MAX  4096u
#define COVERS_STEP 31u

/* Body fields of the types that say how a thing stands; 0: has none. */
struct shape {
    uint32_t type;
    enum reference_kind kind;
    uint32_t reference;
    uint32_t category;
    uint32_t state;
    uint32_t units;
};

static const struct shape shapes[] = {
    {6, REFERENCE_ESTABLISHMENT, 1, 2, 4, 0}, /* establishment_status */
    {8, REFERENCE_INSPECTION, 6, 0, 5, 0},    /* inspection */
    {10, REFERENCE_CASE, 1, 3, 2, 0},         /* case_stage */
    {11, REFERENCE_HOTSPOT, 1, 2, 4, 3},      /* hotspot_status */
    {12, REFERENCE_TIP, 1, 2, 3, 0},          /* tip_status */
    {14, REFERENCE_MODEL, 1, 2, 3, 0},        /* model_status */
};

_Static_assert(AHEAD_RING > AHEAD - AHEAD_STEP, "a mention is kept so long");

/* A thing, and where its rows are. */
struct thing {
    uint64_t reference;
    uint32_t kind;
    uint32_t key;
};

/* How a thing stands: by the rows from `first` on, of one event. */
struct standing {
    uint32_t first, count; /* count 0: nothing of it counts */
    uint32_t unit;         /* of the first row */
    int32_t day;
};

struct registers {
    struct fold_rows rows; /* the place of a row is a unit's key */
    struct thing *order;   /* by kind and reference, the first `ordered` */
    size_t ordered;
    struct standing *standings; /* in that order, `stood` of them ... */
    size_t stood;
    uint64_t stood_at;       /* ... as of this position of the fold ... */
    uint64_t stood_revision; /* ... and of the rows */
    uint64_t revision;
};

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
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (shapes[i].type == type) {
            return &shapes[i];
        }
    }
    return NULL;
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
    struct mention ahead[AHEAD_RING];
    enum status status = STATUS_OK;

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

enum status registers_plan(struct registers *registers, const struct plan *plan)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0;
         plan != NULL && i < plan->row_count && status == STATUS_OK; i++) {
        status = registers_event(registers, 0, &plan->rows[i].event);
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

/* ---- slices ---- */

static int compare_things(const void *left, const void *right)
{
    const struct thing *a = left, *b = right;

    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->reference > b->reference) - (a->reference < b->reference);
}

/* Things are few beside what is said about them, and stay. */
static enum status order_things(struct registers *registers)
{
    size_t count = registers->rows.key_count;
    struct thing *order;

    if (registers->ordered == count) {
        return STATUS_OK;
    }
    order = realloc(registers->order, count * sizeof *order);
    if (order == NULL) {
        return STATUS_MEMORY;
    }
    registers->order = order;
    for (size_t i = registers->ordered; i < count; i++) {
        const uint64_t *name = fold_rows_name(&registers->rows, i);

        order[i] = (struct thing){.kind = (uint32_t)name[0],
                                  .reference = name[1],
                                  .key = (uint32_t)i};
    }
    qsort(order, count, sizeof *order, compare_things);
    registers->ordered = count;
    return STATUS_OK;
}

static bool counts(const struct fold *fold, uint64_t id)
{
    struct fold_result result;

    if (id == 0) {
        return true; /* a row of the plan */
    }
    fold_result(fold, id, &result);
    return result.outcome == FOLD_COUNTED;
}

static struct standing standing_of(const struct registers *registers,
                                   const struct fold *fold,
                                   const struct thing *thing)
{
    const struct fold_rows *rows = &registers->rows;
    const struct fold_key *key = &rows->keys[thing->key];
    struct standing standing = {.count = 0};
    uint32_t end = key->count;
    const uint64_t *last, *row;

    while (end > 0 && !counts(fold, fold_rows_at(rows, key, end - 1)[0])) {
        end--;
    }
    if (end == 0) {
        return standing;
    }
    last = fold_rows_at(rows, key, end - 1);
    standing.day = fold_row_day(last);
    standing.first = end - 1;
    while (standing.first > 0) {
        row = fold_rows_at(rows, key, standing.first - 1);
        if (row[0] != last[0] || fold_row_day(row) != standing.day) {
            break;
        }
        standing.first--;
    }
    standing.count = end - standing.first;
    if (standing.count > WIRE_REGISTER_UNITS_MAX) {
        standing.count = WIRE_REGISTER_UNITS_MAX;
    }
    standing.unit = fold_row_place(fold_rows_at(rows, key, standing.first));
    return standing;
}

/* What all slices of one position share. */
static enum status renew_standings(struct registers *registers,
                                   const struct fold *fold)
{
    enum status status = fold_rows_settle(&registers->rows);
    struct standing *grown;

    if (status == STATUS_OK) {
        status = order_things(registers);
    }
    if (status != STATUS_OK ||
        (registers->stood == registers->ordered &&
         registers->stood_at == fold_position(fold) &&
         registers->stood_revision == registers->revision)) {
        return status;
    }
    grown =
        realloc(registers->standings, (registers->ordered + 1) * sizeof *grown);
    if (grown == NULL) {
        return STATUS_MEMORY;
    }
    registers->standings = grown;
    for (size_t i = 0; i < registers->ordered; i++) {
        grown[i] = standing_of(registers, fold, &registers->order[i]);
    }
    registers->stood = registers->ordered;
    registers->stood_at = fold_position(fold);
    registers->stood_revision = registers->revision;
    return STATUS_OK;
}

static uint32_t standing_unit(const struct registers *registers, size_t i,
                              uint32_t place)
{
    const struct fold_key *key = &registers->rows.keys[registers->order[i].key];

    return place == 0 ? registers->standings[i].unit
                      : fold_row_place(fold_rows_at(
                            &registers->rows, key,
                            registers->standings[i].first + place));
}

static void item_of(const struct registers *registers, size_t i,
                    struct wire_register_item *item)
{
    const struct thing *thing = &registers->order[i];
    const struct standing *standing = &registers->standings[i];
    const uint64_t *row = fold_rows_at(
        &registers->rows, &registers->rows.keys[thing->key], standing->first);

    *item = (struct wire_register_item){.kind = thing->kind,
                                        .reference = thing->reference,
                                        .category = (uint32_t)(row[2] >> 32),
                                        .state = (uint32_t)row[2],
                                        .unit_count = standing->count};
    for (uint32_t k = 0; k < standing->count; k++) {
        item->units[k] = standing_unit(registers, i, k);
    }
}

static bool unit_in_area(const struct units *units,
                         const struct control_scope *scope, uint32_t unit,
                         int32_t day)
{
    if (scope->area_count == 0) {
        return units_below(units, unit, scope->unit, day);
    }
    for (uint32_t i = 0; i < scope->area_count; i++) {
        if (units_below(units, unit, scope->area[i], day)) {
            return true;
        }
    }
    return false;
}

static bool agent_covers(const struct units *units,
                         const struct context_agent *agent, uint32_t unit,
                         int32_t day)
{
    for (uint32_t s = 0; s < agent->scope_count; s++) {
        if (unit_in_area(units, &agent->scopes[s], unit, day)) {
            return true;
        }
    }
    return false;
}

/* Where it was looked last, for one agent: things are many, units and days
 * are few. */
struct cover {
    uint32_t unit;
    int32_t day;
    bool known, covers;
};

static bool in_area(const struct registers *registers,
                    const struct units *units,
                    const struct context_agent *agent, struct cover covers[],
                    size_t i)
{
    const struct standing *standing = &registers->standings[i];

    for (uint32_t k = 0; k < standing->count; k++) {
        uint32_t unit = standing_unit(registers, i, k);
        struct cover *cover =
            &covers[(unit * COVERS_STEP + (uint32_t)standing->day) %
                    COVERS_MAX];

        if (!cover->known || cover->unit != unit ||
            cover->day != standing->day) {
            *cover = (struct cover){
                .unit = unit,
                .day = standing->day,
                .known = true,
                .covers = agent_covers(units, agent, unit, standing->day)};
        }
        if (cover->covers) {
            return true;
        }
    }
    return false;
}

enum status registers_slice(struct registers *registers,
                            const struct fold *fold,
                            const struct context *context,
                            const struct context_agent *agent,
                            struct buffer *out, size_t *left_out)
{
    const struct units *units = context_units(context);
    struct cover *covers = NULL;
    size_t items = 0;
    enum status status = renew_standings(registers, fold);

    *left_out = 0;
    if (status != STATUS_OK || units == NULL) {
        return status;
    }
    covers = calloc(COVERS_MAX, sizeof *covers);
    if (covers == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < registers->ordered && status != STATUS_MEMORY; i++) {
        struct wire_register_item item;

        if (!in_area(registers, units, agent, covers, i)) {
            continue;
        }
        item_of(registers, i, &item);
        status = items < WIRE_REGISTER_ITEMS_MAX
                     ? wire_pack_register_item(&item, out)
                     : STATUS_FULL;
        items += status == STATUS_OK;
        *left_out += status != STATUS_OK;
    }
    free(covers);
    return status == STATUS_MEMORY ? status : STATUS_OK;
}
