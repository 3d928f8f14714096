/* Rows by (unit, office, entry_key): the entries one after the other, and an
 * index over them by open addressing, so that growing moves little. Failure
 * mode: no memory to grow, which leaves the table as it was. */
#include "common/fold/fold_state.h"

#include "common/base/bytes.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_FIRST 128u
#define ENTRIES_MAX   (1u << 31)

/* The index has twice as many cells as there is room for entries. */
static size_t cells_for(size_t room)
{
    return room * 2;
}

static bool is_same(const struct fold_entry *a, const struct fold_entry *b)
{
    return a->unit == b->unit && a->office == b->office &&
           memcmp(a->key, b->key, sizeof a->key) == 0;
}

static uint64_t hash_of(const struct fold_entry *entry)
{
    uint64_t hash = id_map_mix(bytes_get_u64(entry->key)) ^
                    bytes_get_u64(entry->key + sizeof hash) ^
                    ((uint64_t)entry->unit << 32 | entry->office);

    return id_map_mix(hash);
}

/* A cell is the upper half of the hash and the position of the entry + 1. Only
 * where the halves agree is the entry itself looked at. The half also says
 * where the cell stands, by its upper bits: so a larger index is filled from
 * the smaller one in its order, without a look at any entry. */
static uint64_t cell_of(uint64_t hash, size_t position)
{
    return (hash >> 32) << 32 | (position + 1);
}

static struct fold_entry *entry_in(const struct fold *fold, uint64_t cell)
{
    return &fold->entries[(uint32_t)cell - 1];
}

/* Where a search for the hash begins. */
static size_t start_of(uint64_t hash, size_t cells)
{
    return (size_t)(hash >> 32 >> (32 - __builtin_ctzll(cells)));
}

/* The cell that names the entry, or the empty one for it. */
static size_t find(const struct fold *fold, uint64_t hash,
                   const struct fold_entry *wanted)
{
    size_t cells = cells_for(fold->entry_room), mask = cells - 1;
    size_t at = start_of(hash, cells);

    while (fold->entry_index[at] != 0 &&
           (fold->entry_index[at] >> 32 != hash >> 32 ||
            !is_same(entry_in(fold, fold->entry_index[at]), wanted))) {
        at = (at + 1) & mask;
    }
    return at;
}

/* Puts a cell into an index that does not have it. */
static void insert(uint64_t *index, size_t cells, uint64_t cell)
{
    size_t at = start_of(cell, cells);

    while (index[at] != 0) {
        at = (at + 1) & (cells - 1);
    }
    index[at] = cell;
}

static MUST_USE enum status grow(struct fold *fold)
{
    size_t room = fold->entry_room == 0 ? ENTRIES_FIRST : fold->entry_room * 2;
    struct fold_entry *entries;
    uint64_t *index;

    if (room > ENTRIES_MAX) {
        return STATUS_MEMORY;
    }
    entries = realloc(fold->entries, room * sizeof *entries);
    if (entries == NULL) {
        return STATUS_MEMORY;
    }
    fold->entries = entries;
    index = calloc(cells_for(room), sizeof *index);
    if (index == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < cells_for(fold->entry_room); i++) {
        if (fold->entry_index[i] != 0) {
            insert(index, cells_for(room), fold->entry_index[i]);
        }
    }
    free(fold->entry_index);
    fold->entry_index = index;
    fold->entry_room = room;
    return STATUS_OK;
}

MUST_USE enum status fold_entry_reserve(struct fold *fold, size_t count)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && fold->entry_room < count) {
        status = grow(fold);
    }
    return status;
}

bool fold_entry_restore(struct fold *fold, const struct fold_entry *entry)
{
    uint64_t hash = hash_of(entry);
    size_t at = find(fold, hash, entry);

    if (fold->entry_index[at] != 0) {
        return false;
    }
    fold->entries[fold->entry_count] = *entry;
    fold->entry_index[at] = cell_of(hash, fold->entry_count);
    fold->entry_count++;
    fold->erased_rows = fold->erased_rows || entry->holder == FOLD_ENTRY_ERASED;
    return true;
}

static struct fold_entry named_by(const struct event *event)
{
    struct fold_entry entry = {.unit = event->unit, .office = event->office};

    memcpy(entry.key, event->entry_key, sizeof entry.key);
    return entry;
}

void fold_entry_prefetch(const struct fold *fold, const struct event *event)
{
    if (event->has_entry_key && fold->entry_room > 0) {
        struct fold_entry wanted = named_by(event);
        size_t cells = cells_for(fold->entry_room);

        __builtin_prefetch(
            &fold->entry_index[start_of(hash_of(&wanted), cells)]);
    }
}

const struct fold_entry *fold_entry_find(const struct fold *fold,
                                         const struct event *event)
{
    struct fold_entry wanted = named_by(event);
    size_t at;

    if (fold->entry_room == 0) {
        return NULL;
    }
    at = find(fold, hash_of(&wanted), &wanted);
    return fold->entry_index[at] == 0 ? NULL
                                      : entry_in(fold, fold->entry_index[at]);
}

MUST_USE enum status fold_entry_of(struct fold *fold, const struct event *event,
                                   struct fold_entry **entry)
{
    struct fold_entry wanted = named_by(event);
    uint64_t hash;
    size_t at;

    if (fold->entry_count == fold->entry_room) {
        enum status status = grow(fold);

        if (status != STATUS_OK) {
            return status;
        }
    }
    hash = hash_of(&wanted);
    at = find(fold, hash, &wanted);
    if (fold->entry_index[at] == 0) {
        fold->entries[fold->entry_count] = wanted;
        fold->entry_index[at] = cell_of(hash, fold->entry_count);
        fold->entry_count++;
    }
    *entry = entry_in(fold, fold->entry_index[at]);
    return STATUS_OK;
}
