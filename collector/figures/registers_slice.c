/* How things stand, and what of that an office gets. Of the rows about a thing
 * the last one that counts says how it stands. */
#include "collector/figures/registers_state.h"

#include "common/event/reference.h"
#include "common/format/wire.h"
#include "common/format/wire_walk.h"

#include <stdlib.h>

#define COVERS_MAX  4096u
#define COVERS_STEP 31u

static int compare_things(const void *left, const void *right)
{
    const struct registers_thing *a = left, *b = right;

    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->reference > b->reference) - (a->reference < b->reference);
}

/* Things are few beside what is said about them, and stay. */
static enum status order_things(struct registers *registers)
{
    size_t count = registers->rows.key_count;
    struct registers_thing *order;

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

        order[i] = (struct registers_thing){.kind = (uint32_t)name[0],
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

    if (id60_agent(id) == 0) {
        return true; /* a row of a plan */
    }
    fold_result(fold, id, &result);
    return result.outcome == FOLD_COUNTED;
}

static struct registers_standing standing_of(
    const struct registers *registers, const struct fold *fold,
    const struct registers_thing *thing)
{
    const struct fold_rows *rows = &registers->rows;
    const struct fold_key *key = &rows->keys[thing->key];
    struct registers_standing standing = {.count = 0};
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
    struct registers_standing *grown;

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
    const struct registers_thing *thing = &registers->order[i];
    const struct registers_standing *standing = &registers->standings[i];
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
    const struct registers_standing *standing = &registers->standings[i];

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
