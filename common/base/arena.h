/* arena - memory that is given piece by piece and freed at once.
 *
 * Flow     loaders (yaml, plan, units), link messages -> [arena]
 * Owns     all it gives; everything ends with arena_free().
 * Threads  one at a time.
 * Limits   the bytes stated when it is made (I11).
 */
#ifndef TALLYLINE_COMMON_ARENA_H
#define TALLYLINE_COMMON_ARENA_H

#include <stddef.h>

#include "common/base/status.h"

struct arena; /* opaque */

/* Will give at most `max` bytes in all. */
MUST_USE enum status arena_new(size_t max, struct arena **arena);
void arena_free(struct arena **arena);
/* Takes everything back, as if newly made; keeps a little memory for the next
 * round. */
void arena_clear(struct arena *arena);
/* `size` zeroed bytes, aligned for any type. NULL when there is no memory or
 * the limit is reached. */
void *arena_give(struct arena *arena, size_t size);
/* Room for `count` things of `size` bytes; NULL as above. */
void *arena_give_many(struct arena *arena, size_t count, size_t size);
/* A copy closed by a zero; NULL as above. */
char *arena_text(struct arena *arena, const char *text, size_t size);

#endif
