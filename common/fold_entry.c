/* Rows by (unit, office, entry_key), by open addressing. Failure mode: no
 * memory to grow, which leaves the table as it was. */
#include "common/fold_state.h"

#include "common/bytes.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES_FIRST 256u

static size_t find(const struct fold_entry *entries, size_t capacity,
                   const struct fold_entry *wanted)
{
    uint64_t hash = id_map_mix(bytes_get_u64(wanted->key)) ^
                    bytes_get_u64(wanted->key + sizeof hash) ^
                    ((uint64_t)wanted->unit << 32 | wanted->office);
    size_t at = (size_t)id_map_mix(hash) & (capacity - 1);

    while (entries[at].holder != 0 &&
           (entries[at].unit != wanted->unit ||
            entries[at].office != wanted->office ||
            memcmp(entries[at].key, wanted->key, sizeof wanted->key) != 0)) {
        at = (at + 1) & (capacity - 1);
    }
    return at;
}

static MUST_USE enum status grow(struct fold *fold)
{
    size_t capacity =
        fold->entry_capacity == 0 ? ENTRIES_FIRST : fold->entry_capacity * 2;
    struct fold_entry *entries = calloc(capacity, sizeof *entries);

    if (entries == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < fold->entry_capacity; i++) {
        if (fold->entries[i].holder != 0) {
            entries[find(entries, capacity, &fold->entries[i])] =
                fold->entries[i];
        }
    }
    free(fold->entries);
    fold->entries = entries;
    fold->entry_capacity = capacity;
    return STATUS_OK;
}

MUST_USE enum status fold_entry_of(struct fold *fold, const struct event *event,
                                   struct fold_entry **entry)
{
    struct fold_entry wanted = {.unit = event->unit, .office = event->office};
    enum status status;
    size_t at;

    if (fold->entry_count * 4 >= fold->entry_capacity * 3) {
        status = grow(fold);
        if (status != STATUS_OK) {
            return status;
        }
    }
    memcpy(wanted.key, event->entry_key, sizeof wanted.key);
    at = find(fold->entries, fold->entry_capacity, &wanted);
    if (fold->entries[at].holder == 0) {
        fold->entries[at] = wanted;
        fold->entry_count++;
    }
    *entry = &fold->entries[at];
    return STATUS_OK;
}
