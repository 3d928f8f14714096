#include "common/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 65536u
#define ALIGNMENT   (sizeof(max_align_t))

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    max_align_t bytes[];
};

struct arena {
    struct chunk *chunks; /* the newest first */
    size_t left;
    size_t max;
};

enum status arena_new(size_t max, struct arena **arena)
{
    *arena = calloc(1, sizeof **arena);
    if (*arena == NULL) {
        return STATUS_MEMORY;
    }
    (*arena)->left = max;
    (*arena)->max = max;
    return STATUS_OK;
}

void arena_free(struct arena **arena)
{
    if (*arena == NULL) {
        return;
    }
    while ((*arena)->chunks != NULL) {
        struct chunk *chunk = (*arena)->chunks;

        (*arena)->chunks = chunk->next;
        free(chunk);
    }
    free(*arena);
    *arena = NULL;
}

void arena_clear(struct arena *arena)
{
    while (arena->chunks != NULL && arena->chunks->next != NULL) {
        struct chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        free(chunk);
    }
    if (arena->chunks != NULL) {
        memset(arena->chunks->bytes, 0, arena->chunks->used);
        arena->chunks->used = 0;
    }
    arena->left = arena->max;
}

void *arena_give(struct arena *arena, size_t size)
{
    size_t need = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct chunk *chunk = arena->chunks;
    void *given;

    if (need < size || need > arena->left) {
        return NULL;
    }
    if (chunk == NULL || chunk->size - chunk->used < need) {
        size_t room = need > CHUNK_BYTES ? need : CHUNK_BYTES;

        chunk = calloc(1, sizeof *chunk + room);
        if (chunk == NULL) {
            return NULL;
        }
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    given = (uint8_t *)chunk->bytes + chunk->used;
    chunk->used += need;
    arena->left -= need;
    return given;
}

void *arena_give_many(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return arena_give(arena, count * size);
}

char *arena_text(struct arena *arena, const char *text, size_t size)
{
    char *copy = size == SIZE_MAX ? NULL : arena_give(arena, size + 1);

    if (copy != NULL && size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}
