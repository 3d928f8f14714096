/* Rows by (unit, office, entry_key): the entries one after the other, and an
 * index over them by open addressing, so that growing moves little. Failure
 * mode: no memory to grow, which leaves the table as it was. */
#include "common/fold_state.h"

#include "common/bytes.h"

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

/* The cell that names the entry, or the empty one for it. */
static size_t find(const struct fold *fold, const uint32_t *index, size_t cells,
                   const struct fold_entry *wanted)
{
    uint64_t hash = id_map_mix(bytes_get_u64(wanted->key)) ^
                    bytes_get_u64(wanted->key + sizeof hash) ^
                    ((uint64_t)wanted->unit << 32 | wanted->office);
    size_t at = (size_t)id_map_mix(hash) & (cells - 1);

    while (index[at] != 0 && !is_same(&fold->entries[index[at] - 1], wanted)) {
        at = (at + 1) & (cells - 1);
    }
    return at;
}

static MUST_USE enum status grow(struct fold *fold)
{
    size_t room = fold->entry_room == 0 ? ENTRIES_FIRST : fold->entry_room * 2;
    struct fold_entry *entries;
    uint32_t *index;

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
    for (size_t i = 0; i < fold->entry_count; i++) {
        index[find(fold, index, cells_for(room), &entries[i])] =
            (uint32_t)i + 1;
    }
    free(fold->entry_index);
    fold->entry_index = index;
    fold->entry_room = room;
    return STATUS_OK;
}

MUST_USE enum status fold_entry_of(struct fold *fold, const struct event *event,
                                   struct fold_entry **entry)
{
    struct fold_entry wanted = {.unit = event->unit, .office = event->office};
    size_t at;

    if (fold->entry_count == fold->entry_room) {
        enum status status = grow(fold);

        if (status != STATUS_OK) {
            return status;
        }
    }
    memcpy(wanted.key, event->entry_key, sizeof wanted.key);
    at = find(fold, fold->entry_index, cells_for(fold->entry_room), &wanted);
    if (fold->entry_index[at] == 0) {
        fold->entries[fold->entry_count] = wanted;
        fold->entry_index[at] = (uint32_t)++fold->entry_count;
    }
    *entry = &fold->entries[fold->entry_index[at] - 1];
    return STATUS_OK;
}
