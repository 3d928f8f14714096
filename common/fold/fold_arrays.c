#include "common/fold/fold_arrays.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What a released array begins with: the address of the next one. */
#define ARRAY_LINK_BYTES (sizeof(void *))

#define CHUNK_FIRST_BYTES 4096u
#define CHUNK_BYTES_MAX   (256u * 1024u)
#define WORDS_MAX         4096u /* larger arrays come from the heap */

struct fold_chunk {
    struct fold_chunk *next;
    uint64_t words[];
};

void fold_arrays_init(struct fold_arrays *arrays, size_t stride)
{
    *arrays = (struct fold_arrays){.stride = stride,
                                   .chunk_bytes = CHUNK_FIRST_BYTES};
}

void fold_arrays_fini(struct fold_arrays *arrays)
{
    while (arrays->chunks != NULL) {
        struct fold_chunk *chunk = arrays->chunks;

        arrays->chunks = chunk->next;
        free(chunk);
    }
    *arrays = (struct fold_arrays){0};
}

static bool is_large(const struct fold_arrays *arrays, uint32_t room)
{
    return room * arrays->stride > WORDS_MAX;
}

/* The power of two that `room` is. */
static unsigned size_of(uint32_t room)
{
    unsigned size = 0;

    while ((UINT32_C(1) << size) < room) {
        size++;
    }
    return size;
}

static bool add_chunk(struct fold_arrays *arrays)
{
    struct fold_chunk *chunk = malloc(sizeof *chunk + arrays->chunk_bytes);

    if (chunk == NULL) {
        return false;
    }
    chunk->next = arrays->chunks;
    arrays->chunks = chunk;
    arrays->next = chunk->words;
    arrays->left = arrays->chunk_bytes / sizeof *chunk->words;
    if (arrays->chunk_bytes < CHUNK_BYTES_MAX) {
        arrays->chunk_bytes *= 2;
    }
    return true;
}

uint64_t *fold_arrays_take(struct fold_arrays *arrays, uint32_t room)
{
    size_t words = room * arrays->stride;
    unsigned size = size_of(room);
    uint64_t *array = arrays->released[size];

    if (is_large(arrays, room)) {
        return malloc(words * sizeof *array);
    }
    if (array != NULL) {
        /* A released array begins with the address of the next one. */
        memcpy(&arrays->released[size], array, ARRAY_LINK_BYTES);
        return array;
    }
    while (arrays->left < words) {
        if (!add_chunk(arrays)) {
            return NULL;
        }
    }
    array = arrays->next;
    arrays->next += words;
    arrays->left -= words;
    return array;
}

void fold_arrays_release(struct fold_arrays *arrays, uint64_t *array,
                         uint32_t room)
{
    unsigned size = size_of(room);

    if (room == 0) {
        return;
    }
    if (is_large(arrays, room)) {
        free(array);
        return;
    }
    memcpy(array, &arrays->released[size], ARRAY_LINK_BYTES);
    arrays->released[size] = array;
}
