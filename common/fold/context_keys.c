#include "common/fold/context_keys.h"

#include "common/base/check.h"
#include "common/base/id_map.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_FIRST 64u

void context_keys_init(struct context_keys *keys)
{
    *keys = (struct context_keys){0};
}

void context_keys_fini(struct context_keys *keys)
{
    free(keys->cells);
    context_keys_init(keys);
}

static struct context_keys_cell *find(struct context_keys_cell *cells,
                                      size_t capacity,
                                      const struct public_key *key)
{
    size_t at = (size_t)id_map_mix(bytes_get_u64(key->bytes)) & (capacity - 1);

    while (cells[at].owner != 0 && !public_key_equal(&cells[at].key, key)) {
        at = (at + 1) & (capacity - 1);
    }
    return &cells[at];
}

uint32_t context_keys_get(const struct context_keys *keys,
                          const struct public_key *key)
{
    const struct context_keys_cell *cell;

    if (keys->count == 0) {
        return UINT32_MAX;
    }
    cell = find(keys->cells, keys->capacity, key);
    return cell->owner == 0 ? UINT32_MAX : cell->owner - 1;
}

MUST_USE enum status context_keys_reserve(struct context_keys *keys)
{
    size_t capacity = keys->capacity == 0 ? KEYS_FIRST : keys->capacity * 2;
    struct context_keys_cell *cells;

    if (keys->count * 2 < keys->capacity) {
        return STATUS_OK;
    }
    cells = calloc(capacity, sizeof *cells);
    if (cells == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < keys->capacity; i++) {
        if (keys->cells[i].owner != 0) {
            *find(cells, capacity, &keys->cells[i].key) = keys->cells[i];
        }
    }
    free(keys->cells);
    keys->cells = cells;
    keys->capacity = capacity;
    return STATUS_OK;
}

void context_keys_add(struct context_keys *keys, const struct public_key *key,
                      uint32_t owner)
{
    struct context_keys_cell *cell = find(keys->cells, keys->capacity, key);

    check(cell->owner == 0);
    *cell = (struct context_keys_cell){.key = *key, .owner = owner + 1};
    keys->count++;
}
