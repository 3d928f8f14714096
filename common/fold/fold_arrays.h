/* fold_arrays - memory for the rows of many things, most of which have few.
 *
 * Flow     fold_rows -> [fold_arrays]
 * Owns     its chunks, until fold_arrays_fini(); arrays too large for a chunk
 *          belong to whoever took them, until they are released.
 * Threads  one at a time.
 *
 * An array holds a power of two of rows. Small arrays come out of chunks and
 * are kept by size once they are released; large ones come from the heap.
 */
#ifndef TALLYLINE_COMMON_FOLD_ARRAYS_H
#define TALLYLINE_COMMON_FOLD_ARRAYS_H

#include <stddef.h>
#include <stdint.h>

#define FOLD_ARRAYS_SIZES 32u

struct fold_arrays {
    size_t stride; /* words in a row */
    struct fold_chunk *chunks;
    size_t chunk_bytes; /* of the next chunk */
    uint64_t *next;     /* free words of the first chunk */
    size_t left;
    uint64_t *released[FOLD_ARRAYS_SIZES];
};

void fold_arrays_init(struct fold_arrays *arrays, size_t stride);
void fold_arrays_fini(struct fold_arrays *arrays);
/* An array for `room` rows, a power of two; NULL when there is no memory. */
uint64_t *fold_arrays_take(struct fold_arrays *arrays, uint32_t room);
/* Takes an array back; nothing happens when `room` is 0. */
void fold_arrays_release(struct fold_arrays *arrays, uint64_t *array,
                         uint32_t room);

#endif
