/* Things that several events speak about, and rows entered with a key. Which
 * slot an event has is not saved: a slot answers for its members or, without
 * any, for its root. A slot whose corrections moved to the slot of its row is
 * empty and its root is a member there, hence members come last. */
#include "common/fold/fold_save_parts.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BYTES       40u
#define MEMBER_BYTES     8u
#define CORRECTION_BYTES 50u
#define ROW_KEY_BYTES    32u
#define SLOTS_FIRST      32u

/* ---- slots ---- */

static void save_correction(const struct fold_correction *it, uint8_t *record)
{
    bytes_put_u64(record, it->id);
    bytes_put_u64(record + 8, it->target);
    bytes_put_u64(record + 16, it->head);
    bytes_put_u64(record + 24, it->parent);
    bytes_put_u32(record + 32, it->unit);
    bytes_put_u32(record + 36, it->office);
    bytes_put_u32(record + 40, it->type);
    bytes_put_u32(record + 44, (uint32_t)it->outcome);
    record[48] = it->voids;
    record[49] = it->stands;
}

static bool load_correction(struct fold_correction *it, const uint8_t *record)
{
    uint32_t outcome = bytes_get_u32(record + 44);

    *it = (struct fold_correction){
        .id = bytes_get_u64(record),
        .target = bytes_get_u64(record + 8),
        .head = bytes_get_u64(record + 16),
        .parent = bytes_get_u64(record + 24),
        .unit = bytes_get_u32(record + 32),
        .office = bytes_get_u32(record + 36),
        .type = bytes_get_u32(record + 40),
        .outcome = (enum fold_outcome)outcome,
        .voids = record[48] == 1,
        .stands = record[49] == 1,
    };
    return outcome < FOLD_OUTCOME_END && record[48] <= 1 && record[49] <= 1 &&
           it->id != 0 && it->target != 0;
}

void fold_save_slots(const struct fold *fold, struct frame_writer *writer)
{
    frame_u64(writer, fold->slot_count);
    for (size_t i = 0; i < fold->slot_count; i++) {
        const struct fold_slot *slot = &fold->slots[i];
        uint8_t *record = frame_room(writer, SLOT_BYTES);

        check(!slot->unsettled);
        bytes_put_u64(record, slot->root);
        bytes_put_u64(record + 8, slot->counted);
        bytes_put_u32(record + 16, (uint32_t)slot->base);
        bytes_put_u32(record + 20, slot->unit);
        bytes_put_u32(record + 24, slot->office);
        bytes_put_u32(record + 28, slot->type);
        bytes_put_u32(record + 32, slot->member_count);
        bytes_put_u32(record + 36, slot->correction_count);
        for (uint32_t k = 0; k < slot->member_count; k++) {
            frame_u64(writer, slot->members[k]);
        }
        for (uint32_t k = 0; k < slot->correction_count; k++) {
            save_correction(&slot->corrections[k],
                            frame_room(writer, CORRECTION_BYTES));
        }
    }
}

static bool load_members(struct fold_slot *slot, uint32_t count,
                         struct frame_reader *reader)
{
    if (count == 0) {
        return true;
    }
    slot->members = calloc(count, sizeof *slot->members);
    if (slot->members == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return false;
    }
    slot->member_room = count;
    while (slot->member_count < count) {
        uint64_t id = frame_get_u64(reader);

        if (!fold_load_check(reader, id != 0)) {
            return false;
        }
        slot->members[slot->member_count++] = id;
    }
    return true;
}

static bool load_corrections(struct fold_slot *slot, uint32_t count,
                             struct frame_reader *reader)
{
    if (count == 0) {
        return true;
    }
    slot->corrections = calloc(count, sizeof *slot->corrections);
    if (slot->corrections == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return false;
    }
    slot->correction_room = count;
    while (slot->correction_count < count) {
        const uint8_t *record = frame_take(reader, CORRECTION_BYTES);

        if (record == NULL ||
            !fold_load_check(
                reader,
                load_correction(&slot->corrections[slot->correction_count],
                                record))) {
            return false;
        }
        slot->correction_count++;
    }
    return true;
}

static bool load_slot(struct fold_slot *slot, struct frame_reader *reader)
{
    const uint8_t *record = frame_take(reader, SLOT_BYTES);
    uint32_t base, members, corrections;

    if (record == NULL) {
        return false;
    }
    base = bytes_get_u32(record + 16);
    members = bytes_get_u32(record + 32);
    corrections = bytes_get_u32(record + 36);
    *slot = (struct fold_slot){
        .base = (enum fold_base)base,
        .root = bytes_get_u64(record),
        .counted = bytes_get_u64(record + 8),
        .unit = bytes_get_u32(record + 20),
        .office = bytes_get_u32(record + 24),
        .type = bytes_get_u32(record + 28),
    };
    return fold_load_check(
               reader,
               base <= FOLD_BASE_UNFIT && slot->root != 0 &&
                   frame_can_hold(reader, members, MEMBER_BYTES) &&
                   frame_can_hold(reader, corrections, CORRECTION_BYTES)) &&
           load_members(slot, members, reader) &&
           load_corrections(slot, corrections, reader);
}

/* Which slot an event has. */
static bool index_slots(struct fold *fold)
{
    for (size_t i = 0; i < fold->slot_count; i++) {
        if (fold->slots[i].member_count == 0 &&
            id_map_put(&fold->slot_of, fold->slots[i].root, (uint32_t)i) !=
                STATUS_OK) {
            return false;
        }
    }
    for (size_t i = 0; i < fold->slot_count; i++) {
        for (uint32_t k = 0; k < fold->slots[i].member_count; k++) {
            if (id_map_put(&fold->slot_of, fold->slots[i].members[k],
                           (uint32_t)i) != STATUS_OK) {
                return false;
            }
        }
    }
    return true;
}

void fold_load_slots(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, SLOT_BYTES);

    fold->slot_room = fold_load_room(count, SLOTS_FIRST);
    fold->slots = calloc(fold->slot_room, sizeof *fold->slots);
    if (fold->slots == NULL) {
        frame_refuse(reader, STATUS_MEMORY);
        return;
    }
    while (fold->slot_count < count) {
        /* Counted first: what it got is freed with the others. */
        struct fold_slot *slot = &fold->slots[fold->slot_count++];

        if (!load_slot(slot, reader)) {
            return;
        }
        fold->awaited += slot->base == FOLD_BASE_AWAITED;
    }
    if (!index_slots(fold)) {
        frame_refuse(reader, STATUS_MEMORY);
    }
}

/* ---- rows entered with a key ---- */

void fold_save_entries(const struct fold *fold, struct frame_writer *writer)
{
    frame_u64(writer, fold->entry_count);
    for (size_t i = 0; i < fold->entry_count; i++) {
        const struct fold_entry *entry = &fold->entries[i];
        uint8_t *record = frame_room(writer, ROW_KEY_BYTES);

        bytes_put_u32(record, entry->unit);
        bytes_put_u32(record + 4, entry->office);
        memcpy(record + 8, entry->key, sizeof entry->key);
        bytes_put_u64(record + 24, entry->holder);
    }
}

static bool holder_is_good(const struct fold *fold, uint64_t holder)
{
    return (holder & FOLD_ENTRY_SLOT) == 0
               ? holder != 0
               : (holder & ~FOLD_ENTRY_SLOT) < fold->slot_count;
}

void fold_load_entries(struct fold *fold, struct frame_reader *reader)
{
    size_t count = frame_get_count(reader, ROW_KEY_BYTES);

    if (!fold_load_went(reader, fold_entry_reserve(fold, count))) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = frame_take(reader, ROW_KEY_BYTES);
        struct fold_entry entry;

        if (record == NULL) {
            return;
        }
        entry.unit = bytes_get_u32(record);
        entry.office = bytes_get_u32(record + 4);
        memcpy(entry.key, record + 8, sizeof entry.key);
        entry.holder = bytes_get_u64(record + 24);
        if (!fold_load_check(reader, holder_is_good(fold, entry.holder) &&
                                         fold_entry_restore(fold, &entry))) {
            return;
        }
    }
}
