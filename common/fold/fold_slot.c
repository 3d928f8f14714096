/* A slot is one thing that several events speak about: a version and its
 * corrections, or a row that was entered more than once. Events come in any
 * order, so a slot only collects; fold_slots_settle() then asks
 * fold_resolve.c which version stands, takes back what stood before and adds
 * what stands now. Failure modes: no memory, and a source that cannot give an
 * event that it has given before; after either the fold is of no use. */
#include "common/fold/fold_state.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <stdlib.h>

/* Number of proto/event.proto. */
#define TYPE_CORRECTION 20u

#define SLOTS_MAX (1u << 30)

void fold_slots_fini(struct fold *fold)
{
    for (size_t i = 0; i < fold->slot_count; i++) {
        free(fold->slots[i].members);
        free(fold->slots[i].corrections);
    }
    free(fold->slots);
    free(fold->pending);
    free(fold->unsettled);
    free(fold->entries);
    free(fold->entry_index);
    id_map_fini(&fold->slot_of);
}

static MUST_USE enum status touch(struct fold *fold, uint32_t position)
{
    if (fold->slots[position].unsettled) {
        return STATUS_OK;
    }
    if (fold->unsettled_count == fold->unsettled_room) {
        size_t room = fold->unsettled_room == 0 ? 64 : fold->unsettled_room * 2;
        uint32_t *list = realloc(fold->unsettled, room * sizeof *list);

        if (list == NULL) {
            return STATUS_MEMORY;
        }
        fold->unsettled = list;
        fold->unsettled_room = room;
    }
    fold->unsettled[fold->unsettled_count++] = position;
    fold->slots[position].unsettled = true;
    return STATUS_OK;
}

/* The slot that waits for an event which has just come. Nearly always nothing
 * is awaited at all, and nothing is looked for. */
static uint32_t awaited_slot(const struct fold *fold, uint64_t id)
{
    return fold->awaited == 0 ? ID_MAP_NONE : id_map_get(&fold->slot_of, id);
}

/* It came. */
static void end_wait(struct fold *fold, struct fold_slot *slot,
                     enum fold_base base)
{
    if (slot->base == FOLD_BASE_AWAITED) {
        fold->awaited--;
    }
    slot->base = base;
}

static MUST_USE enum status new_slot(struct fold *fold,
                                     const struct fold_slot *slot,
                                     uint32_t *position)
{
    if (fold->slot_count == fold->slot_room) {
        size_t room = fold->slot_room == 0 ? 32 : fold->slot_room * 2;
        struct fold_slot *slots =
            room > SLOTS_MAX ? NULL
                             : realloc(fold->slots, room * sizeof *slots);

        if (slots == NULL) {
            return STATUS_MEMORY;
        }
        fold->slots = slots;
        fold->slot_room = room;
    }
    *position = (uint32_t)fold->slot_count++;
    fold->slots[*position] = *slot;
    fold->awaited += slot->base == FOLD_BASE_AWAITED;
    return id_map_put(&fold->slot_of, slot->root, *position);
}

static MUST_USE enum status add_member(struct fold *fold, uint32_t position,
                                       uint64_t id, uint32_t type)
{
    struct fold_slot *slot = &fold->slots[position];

    if (slot->member_count == slot->member_room) {
        uint32_t room = slot->member_room == 0 ? 2 : slot->member_room * 2;
        uint64_t *members = realloc(slot->members, room * sizeof *members);

        if (members == NULL) {
            return STATUS_MEMORY;
        }
        slot->members = members;
        slot->member_room = room;
    }
    slot->members[slot->member_count++] = id;
    if (id < slot->root) {
        slot->root = id;
        slot->type = type;
    }
    return id_map_put(&fold->slot_of, id, position);
}

static MUST_USE enum status add_correction(struct fold *fold, uint32_t position,
                                           struct fold_correction correction)
{
    struct fold_slot *slot = &fold->slots[position];

    if (slot->correction_count == slot->correction_room) {
        uint32_t room =
            slot->correction_room == 0 ? 1 : slot->correction_room * 2;
        struct fold_correction *corrections =
            realloc(slot->corrections, room * sizeof *corrections);

        if (corrections == NULL) {
            return STATUS_MEMORY;
        }
        slot->corrections = corrections;
        slot->correction_room = room;
    }
    slot->corrections[slot->correction_count++] = correction;
    return touch(fold, position);
}

/* What waited for `id` moves to the slot of its row. */
static MUST_USE enum status merge_waiting(struct fold *fold, uint32_t from,
                                          uint32_t to)
{
    for (uint32_t i = 0; i < fold->slots[from].correction_count; i++) {
        enum status status =
            add_correction(fold, to, fold->slots[from].corrections[i]);

        if (status != STATUS_OK) {
            return status;
        }
    }
    fold->slots[from].correction_count = 0;
    return STATUS_OK;
}

/* The slot of a row; the event that held it alone becomes its first member,
 * and its contributions stand. */
static MUST_USE enum status slot_of_entry(struct fold *fold,
                                          const struct event *event,
                                          struct fold_entry *entry,
                                          uint32_t *position)
{
    struct fold_slot slot = {
        .base = FOLD_BASE_COUNTABLE,
        .root = entry->holder,
        .counted = entry->holder,
        .unit = event->unit,
        .office = event->office,
    };
    enum status status;

    if ((entry->holder & FOLD_ENTRY_SLOT) != 0) {
        *position = (uint32_t)entry->holder;
        return STATUS_OK;
    }
    status = new_slot(fold, &slot, position);
    if (status != STATUS_OK) {
        return status;
    }
    entry->holder = FOLD_ENTRY_SLOT | *position;
    return add_member(fold, *position, slot.root, 0);
}

static bool is_correction(const struct event *event)
{
    return event->target != 0 || event->type == TYPE_CORRECTION;
}

/* The event `id` was folded before and has no slot: makes it one. */
static MUST_USE enum status slot_of_folded(struct fold *fold, uint64_t id,
                                           uint32_t *position)
{
    struct fold_slot slot = {.root = id};
    struct fold_result result;
    struct fold_entry *entry;
    struct event event;
    enum status status = fold->source.fetch(fold->source.owner, id, &event);

    if (status == STATUS_NOT_FOUND) {
        return new_slot(fold, &slot, position);
    }
    if (status != STATUS_OK) {
        return status;
    }
    fold_result(fold, id, &result);
    slot.unit = event.unit;
    slot.office = event.office;
    slot.type = event.type;
    if (is_correction(&event)) {
        slot.base = FOLD_BASE_UNFIT;
    } else if (result.outcome != FOLD_COUNTED) {
        slot.base = FOLD_BASE_FAULTY;
    } else if (event.has_entry_key) {
        status = fold_entry_of(fold, &event, &entry);
        return status != STATUS_OK
                   ? status
                   : slot_of_entry(fold, &event, entry, position);
    } else {
        slot.base = FOLD_BASE_COUNTABLE;
        slot.counted = id;
    }
    return new_slot(fold, &slot, position);
}

/* Its target was folded and has no slot: to make one, the target must be looked
 * up. That is left to the settlement, which does it batch by batch. */
static MUST_USE enum status put_off(struct fold *fold,
                                    const struct fold_correction *correction)
{
    if (fold->pending_count == fold->pending_room) {
        size_t room = fold->pending_room == 0 ? 64 : fold->pending_room * 2;
        struct fold_correction *pending =
            realloc(fold->pending, room * sizeof *pending);

        if (pending == NULL) {
            return STATUS_MEMORY;
        }
        fold->pending = pending;
        fold->pending_room = room;
    }
    fold->pending[fold->pending_count++] = *correction;
    return STATUS_OK;
}

MUST_USE enum status fold_slot_correct(struct fold *fold, uint64_t id,
                                       const struct event *event)
{
    uint32_t position = id_map_get(&fold->slot_of, event->target);
    struct fold_correction correction = {
        .id = id,
        .target = event->target,
        .head = event->head,
        .unit = event->unit,
        .office = event->office,
        .type = event->type,
        .voids = event->type == TYPE_CORRECTION,
    };

    if (position == ID_MAP_NONE) {
        struct fold_slot slot = {.root = event->target};
        enum status status;

        if (fold_has(fold, event->target)) {
            return put_off(fold, &correction);
        }
        status = new_slot(fold, &slot, &position);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return add_correction(fold, position, correction);
}

MUST_USE enum status fold_slot_unfit(struct fold *fold, uint64_t id)
{
    uint32_t position = awaited_slot(fold, id);

    if (position == ID_MAP_NONE) {
        return STATUS_OK;
    }
    end_wait(fold, &fold->slots[position], FOLD_BASE_UNFIT);
    return touch(fold, position);
}

/* A row that may have been entered before. */
static MUST_USE enum status enter_row(struct fold *fold, uint64_t id,
                                      const struct event *event,
                                      uint32_t waiting, bool *counts)
{
    struct fold_entry *entry;
    uint32_t position;
    enum status status = fold_entry_of(fold, event, &entry);

    if (status != STATUS_OK) {
        return status;
    }
    if (entry->holder == 0) {
        entry->holder = id;
        if (waiting == ID_MAP_NONE) {
            *counts = true;
            return STATUS_OK;
        }
        entry->holder = FOLD_ENTRY_SLOT | waiting;
        end_wait(fold, &fold->slots[waiting], FOLD_BASE_COUNTABLE);
        fold->slots[waiting].unit = event->unit;
        fold->slots[waiting].office = event->office;
        fold->slots[waiting].type = event->type;
        position = waiting;
    } else {
        status = slot_of_entry(fold, event, entry, &position);
        if (status == STATUS_OK && waiting != ID_MAP_NONE) {
            status = merge_waiting(fold, waiting, position);
        }
    }
    if (status == STATUS_OK) {
        status = add_member(fold, position, id, event->type);
    }
    return status == STATUS_OK ? touch(fold, position) : status;
}

MUST_USE enum status fold_slot_enter(struct fold *fold, uint64_t id,
                                     const struct event *event, bool countable,
                                     bool *counts)
{
    uint32_t waiting = awaited_slot(fold, id);
    struct fold_slot *slot;

    *counts = false;
    if (countable && event->has_entry_key) {
        return enter_row(fold, id, event, waiting, counts);
    }
    if (waiting == ID_MAP_NONE) {
        *counts = countable;
        return STATUS_OK;
    }
    slot = &fold->slots[waiting];
    end_wait(fold, slot, countable ? FOLD_BASE_COUNTABLE : FOLD_BASE_FAULTY);
    slot->unit = event->unit;
    slot->office = event->office;
    slot->type = event->type;
    return touch(fold, waiting);
}

/* Adds or takes back what the measures keep of a version. */
static MUST_USE enum status count_version(struct fold *fold, uint64_t id,
                                          bool add)
{
    struct event event;
    enum status status;

    if (id == 0) {
        return STATUS_OK;
    }
    status = fold->source.fetch(fold->source.owner, id, &event);
    if (status != STATUS_OK) {
        /* It was there when it was folded. */
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    return add ? fold_count_add(fold, id, &event, FOLD_NO_PLACE)
               : fold_count_remove(fold, id, &event);
}

/* Once in a settlement: what it adds stays until the next, so that the rows of
 * a thing are put in order once at most. */
static MUST_USE enum status settle(struct fold *fold, uint32_t position)
{
    struct fold_slot *slot = &fold->slots[position];
    uint64_t live;
    enum status status;

    if (!slot->unsettled) {
        return STATUS_OK;
    }
    slot->unsettled = false;
    status = fold_slot_resolve(fold, slot, &live);
    if (status == STATUS_OK && live != slot->counted) {
        status = count_version(fold, slot->counted, false);
        if (status == STATUS_OK) {
            status = count_version(fold, live, true);
        }
        slot->counted = live;
    }
    return status;
}

static int compare_targets(const void *left, const void *right)
{
    const struct fold_correction *a = left, *b = right;

    if (a->target != b->target) {
        return a->target < b->target ? -1 : 1;
    }
    return (a->id > b->id) - (a->id < b->id);
}

/* Takes the corrections of one target that had no slot. A slot that is its
 * target's alone is settled at once, while the target's batch is at hand; one
 * of a row that was entered with a key may get more. */
static MUST_USE enum status take_pending(struct fold *fold, size_t from,
                                         size_t to)
{
    uint64_t target = fold->pending[from].target;
    uint32_t position = id_map_get(&fold->slot_of, target);
    bool fresh = position == ID_MAP_NONE;
    enum status status = STATUS_OK;

    if (fresh) {
        status = slot_of_folded(fold, target, &position);
    }
    for (size_t i = from; i < to && status == STATUS_OK; i++) {
        status = add_correction(fold, position, fold->pending[i]);
    }
    if (status == STATUS_OK && fresh &&
        fold->slots[position].member_count == 0) {
        status = settle(fold, position);
    }
    return status;
}

/* By target, so that those in one batch come one after the other. */
static MUST_USE enum status settle_pending(struct fold *fold)
{
    enum status status = STATUS_OK;
    size_t from = 0;

    if (fold->pending_count > 1) {
        qsort(fold->pending, fold->pending_count, sizeof *fold->pending,
              compare_targets);
    }
    while (from < fold->pending_count && status == STATUS_OK) {
        size_t to = from + 1;

        while (to < fold->pending_count &&
               fold->pending[to].target == fold->pending[from].target) {
            to++;
        }
        status = take_pending(fold, from, to);
        from = to;
    }
    fold->pending_count = 0;
    return status;
}

MUST_USE enum status fold_slots_settle(struct fold *fold)
{
    enum status status = settle_pending(fold);

    while (fold->unsettled_count > 0 && status == STATUS_OK) {
        status = settle(fold, fold->unsettled[--fold->unsettled_count]);
    }
    return status;
}
