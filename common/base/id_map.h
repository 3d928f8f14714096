/* id_map - numbers to small numbers: which slot, agent or record an id has.
 *
 * Flow     fold, context, figures -> [id_map]
 * Owns     its table; free with id_map_fini().
 * Threads  one writer; readers only while nobody writes.
 * Limits   ID_MAP_MAX keys; a key is never 0 and never taken out again.
 */
#ifndef TALLYLINE_COMMON_ID_MAP_H
#define TALLYLINE_COMMON_ID_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"

#define ID_MAP_NONE UINT32_MAX
#define ID_MAP_MAX  (1u << 30)

struct id_map_cell {
    uint64_t key; /* 0: empty */
    uint32_t value;
};

struct id_map {
    struct id_map_cell *cells;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

/* An empty map; allocates nothing. */
void id_map_init(struct id_map *map);
void id_map_fini(struct id_map *map);
/* ID_MAP_NONE when the key is not there. */
uint32_t id_map_get(const struct id_map *map, uint64_t key);
/* Sets the value of a key, new or not. `value` is not ID_MAP_NONE.
 * STATUS_MEMORY changes nothing. */
MUST_USE enum status id_map_put(struct id_map *map, uint64_t key,
                                uint32_t value);
/* Spreads the bits of a number over the whole word; the same everywhere. */
static inline uint64_t id_map_mix(uint64_t key)
{
    key ^= key >> 32;
    key *= UINT64_C(0xd6e8feb86659fd93);
    key ^= key >> 32;
    key *= UINT64_C(0xd6e8feb86659fd93);
    key ^= key >> 32;
    return key;
}

#endif
