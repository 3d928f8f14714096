/* context_keys - which agent a key or an id belongs to.
 *
 * Flow     context -> [context_keys] -> context
 * Owns     its table; free with context_keys_fini().
 * Threads  one writer; readers only while nobody writes.
 *
 * A key once seen stays, so that nobody comes back with it; whether it is in
 * force is for the caller to compare.
 */
#ifndef TALLYLINE_COMMON_CONTEXT_KEYS_H
#define TALLYLINE_COMMON_CONTEXT_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/format/sign.h"

struct context_keys_cell {
    struct public_key key;
    uint32_t owner; /* + 1; 0: empty */
};

struct context_keys {
    struct context_keys_cell *cells;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void context_keys_init(struct context_keys *keys);
void context_keys_fini(struct context_keys *keys);
/* UINT32_MAX when the key was never seen. */
uint32_t context_keys_get(const struct context_keys *keys,
                          const struct public_key *key);
/* Makes room for one more, so that the next add cannot fail. */
MUST_USE enum status context_keys_reserve(struct context_keys *keys);
/* Adds a key that is not there, after context_keys_reserve(). */
void context_keys_add(struct context_keys *keys, const struct public_key *key,
                      uint32_t owner);

#endif
