/* Open addressing with linear steps; at most half of the cells are used, so
 * that a search ends soon. Failure mode: no memory to grow, which leaves the
 * map as it was. */
#include "common/base/id_map.h"

#include "common/base/check.h"

#include <stdlib.h>

#define ID_MAP_FIRST 64u

void id_map_init(struct id_map *map)
{
    *map = (struct id_map){0};
}

void id_map_fini(struct id_map *map)
{
    free(map->cells);
    id_map_init(map);
}

/* The cell of the key, or the empty one where it would stand. */
static struct id_map_cell *find(struct id_map_cell *cells, size_t capacity,
                                uint64_t key)
{
    size_t at = (size_t)id_map_mix(key) & (capacity - 1);

    while (cells[at].key != 0 && cells[at].key != key) {
        at = (at + 1) & (capacity - 1);
    }
    return &cells[at];
}

uint32_t id_map_get(const struct id_map *map, uint64_t key)
{
    const struct id_map_cell *cell;

    if (map->count == 0) {
        return ID_MAP_NONE;
    }
    cell = find(map->cells, map->capacity, key);
    return cell->key == 0 ? ID_MAP_NONE : cell->value;
}

static MUST_USE enum status grow(struct id_map *map)
{
    size_t capacity = map->capacity == 0 ? ID_MAP_FIRST : map->capacity * 2;
    struct id_map_cell *cells;

    if (map->count >= ID_MAP_MAX) {
        return STATUS_MEMORY;
    }
    cells = calloc(capacity, sizeof *cells);
    if (cells == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->cells[i].key != 0) {
            *find(cells, capacity, map->cells[i].key) = map->cells[i];
        }
    }
    free(map->cells);
    map->cells = cells;
    map->capacity = capacity;
    return STATUS_OK;
}

MUST_USE enum status id_map_put(struct id_map *map, uint64_t key,
                                uint32_t value)
{
    struct id_map_cell *cell;

    check(key != 0 && value != ID_MAP_NONE);
    if (map->capacity > 0) {
        cell = find(map->cells, map->capacity, key);
        if (cell->key == key) {
            cell->value = value;
            return STATUS_OK;
        }
    }
    if (map->count * 2 >= map->capacity) {
        enum status status = grow(map);

        if (status != STATUS_OK) {
            return status;
        }
    }
    cell = find(map->cells, map->capacity, key);
    *cell = (struct id_map_cell){.key = key, .value = value};
    map->count++;
    return STATUS_OK;
}
