/* The sanitizer's memory, for targets that must go round thousands of times a
 * second.
 *
 * It gives large blocks back to the system when they are freed, and the system
 * has to clear every page of the next one: for a parser with a buffer for its
 * longest line that is most of the time. Here large blocks are kept and given
 * again to whoever asks for the same size. They stay the sanitizer's own: what
 * is before, behind, or freed may not be touched, a block freed twice or never
 * is reported. Linked with --wrap for the three calls. */
#include <sanitizer/allocator_interface.h>
#include <sanitizer/asan_interface.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LARGE_BYTES  65536u /* and above */
#define BLOCKS_MAX   32u
#define FILLED_BYTES 4096u /* by the sanitizer too */
#define FILL         0xbe

struct block {
    void *at;
    size_t size;
};

static struct block blocks[BLOCKS_MAX]; /* the one freed first first */
static size_t block_count;

/* A small quarantine keeps the memory in the cache; what one execution frees
 * has room in it. Where a block was allocated is told in full when the finding
 * is replayed with the preset asan. */
const char *__asan_default_options(void);

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *at);

const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4:thread_local_quarantine_size_kb=64:"
           "malloc_context_size=4:allocator_release_to_os_interval_ms=-1";
}

static void *take(size_t size)
{
    for (size_t i = 0; i < block_count; i++) {
        void *at = blocks[i].at;

        if (blocks[i].size == size) {
            block_count--;
            memmove(&blocks[i], &blocks[i + 1],
                    (block_count - i) * sizeof blocks[0]);
            __asan_unpoison_memory_region(at, size);
            return at;
        }
    }
    return NULL;
}

static void keep(void *at, size_t size)
{
    if (block_count == BLOCKS_MAX) {
        __asan_unpoison_memory_region(blocks[0].at, blocks[0].size);
        __real_free(blocks[0].at);
        block_count--;
        memmove(&blocks[0], &blocks[1], block_count * sizeof blocks[0]);
    }
    __asan_poison_memory_region(at, size);
    blocks[block_count++] = (struct block){at, size};
}

void *__wrap_malloc(size_t size)
{
    void *at = size < LARGE_BYTES ? NULL : take(size);

    if (at == NULL) {
        return __real_malloc(size);
    }
    memset(at, FILL, FILLED_BYTES);
    return at;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *at = NULL;

    if (count > 0 && size <= SIZE_MAX / count && count * size >= LARGE_BYTES) {
        at = take(count * size);
    }
    if (at == NULL) {
        return __real_calloc(count, size);
    }
    return memset(at, 0, count * size);
}

void __wrap_free(void *at)
{
    size_t size = 0;

    if (at != NULL && __sanitizer_get_ownership(at) != 0) {
        size = __sanitizer_get_allocated_size(at);
    }
    if (size < LARGE_BYTES) {
        __real_free(at);
        return;
    }
    for (size_t i = 0; i < block_count; i++) {
        if (blocks[i].at == at) {
            abort(); /* freed twice */
        }
    }
    keep(at, size);
}
