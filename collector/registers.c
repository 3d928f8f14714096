/* Mentions are kept as they come and sorted when a slice is made; of the
 * mentions of one thing the last one that counts says how it stands. */
#include "collector/registers.h"

#include "common/check.h"
#include "common/reference.h"
#include "common/wire.h"

#include <stdlib.h>
#include <string.h>

#define MENTIONS_STEP 1024u /* more when the table grows */

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

struct mention {
    uint64_t id; /* of the event; 0: a row of the plan */
    int32_t day;
    struct wire_register_item item;
};

struct registers {
    struct mention *mentions;
    size_t count, room;
    bool sorted;
    uint64_t revision;
};

enum status registers_new(struct registers **registers)
{
    *registers = calloc(1, sizeof **registers);
    return *registers == NULL ? STATUS_MEMORY : STATUS_OK;
}

void registers_free(struct registers **registers)
{
    if (*registers != NULL) {
        free((*registers)->mentions);
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

static void set_units(struct wire_register_item *item,
                      const struct shape *shape, const struct event *event)
{
    size_t count = 0;
    const uint32_t *units = NULL;

    if (shape->units != 0) {
        units = event_items(event, shape->units, &count);
    }
    if (count == 0) {
        item->units[0] = event_place(event);
        item->unit_count = 1;
        return;
    }
    if (count > WIRE_REGISTER_UNITS_MAX) {
        count = WIRE_REGISTER_UNITS_MAX;
    }
    memcpy(item->units, units, count * sizeof units[0]);
    item->unit_count = count;
}

static uint32_t field_of(const struct event *event, uint32_t field)
{
    return field == 0 ? 0 : (uint32_t)event_get(event, field);
}

static enum status add(struct registers *registers, uint64_t id,
                       const struct shape *shape, const struct event *event)
{
    struct mention *mention;

    if (registers->count == registers->room) {
        size_t room = registers->room * 2 + MENTIONS_STEP;
        struct mention *grown =
            realloc(registers->mentions, room * sizeof *grown);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        registers->mentions = grown;
        registers->room = room;
    }
    mention = &registers->mentions[registers->count++];
    *mention = (struct mention){
        .id = id,
        .day = event->occurred_on,
        .item = {.kind = shape->kind,
                 .reference = event_get(event, shape->reference),
                 .category = field_of(event, shape->category),
                 .state = field_of(event, shape->state)}};
    set_units(&mention->item, shape, event);
    registers->sorted = false;
    registers->revision++;
    return STATUS_OK;
}

enum status registers_event(struct registers *registers, uint64_t id,
                            const struct event *event)
{
    const struct shape *shape = shape_of(event->type);

    if (event->target != 0) {
        registers->revision++; /* what it corrects may be a mention */
    }
    if (shape == NULL || event->fault != EVENT_FAULT_NONE ||
        !event_has(event, shape->reference)) {
        return STATUS_OK;
    }
    return add(registers, id, shape, event);
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

#define ORDER(a, b) ((a) < (b) ? -1 : (a) > (b))

static int same_thing(const struct mention *a, const struct mention *b)
{
    return a->item.kind != b->item.kind
               ? ORDER(a->item.kind, b->item.kind)
               : ORDER(a->item.reference, b->item.reference);
}

/* By thing, then by day; what came under a later id stands later. */
static int compare(const void *left, const void *right)
{
    const struct mention *a = left;
    const struct mention *b = right;
    int order = same_thing(a, b);

    if (order == 0) {
        order = ORDER(a->day, b->day);
    }
    return order != 0 ? order : ORDER(a->id, b->id);
}

static bool counts(const struct fold *fold, const struct mention *mention)
{
    struct fold_result result;

    if (mention->id == 0) {
        return true;
    }
    fold_result(fold, mention->id, &result);
    return result.outcome == FOLD_COUNTED;
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

static bool in_area(const struct context *context,
                    const struct context_agent *agent,
                    const struct mention *mention)
{
    const struct units *units = context_units(context);

    if (units == NULL) {
        return false;
    }
    for (uint32_t s = 0; s < agent->scope_count; s++) {
        for (size_t u = 0; u < mention->item.unit_count; u++) {
            if (unit_in_area(units, &agent->scopes[s], mention->item.units[u],
                             mention->day)) {
                return true;
            }
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
    const struct mention *mentions = registers->mentions;
    size_t items = 0;
    size_t begin = 0;

    *left_out = 0;
    if (!registers->sorted && registers->count > 1) {
        qsort(registers->mentions, registers->count, sizeof *mentions, compare);
    }
    registers->sorted = true;
    while (begin < registers->count) {
        const struct mention *last = NULL;
        size_t end = begin;
        enum status status = STATUS_FULL;

        while (end < registers->count &&
               same_thing(&mentions[begin], &mentions[end]) == 0) {
            if (counts(fold, &mentions[end])) {
                last = &mentions[end];
            }
            end++;
        }
        begin = end;
        if (last == NULL || !in_area(context, agent, last)) {
            continue;
        }
        if (items < WIRE_REGISTER_ITEMS_MAX) {
            status = wire_pack_register_item(&last->item, out);
        }
        if (status == STATUS_MEMORY) {
            return status;
        }
        items += status == STATUS_OK;
        *left_out += status != STATUS_OK;
    }
    return STATUS_OK;
}
