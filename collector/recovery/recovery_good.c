/* Signatures that were found good. A search may walk a thousand times over what
 * came back, and a signature takes longer than all else that a walk does with a
 * batch. A cell says of an index whose batch was looked at and under which key;
 * another claim of the same office to it makes the cell empty. Failure modes:
 * without memory, or beyond RECOVERY_GOOD_MAX, it is looked at again. */
#include "collector/recovery/recovery_internal.h"

#include <stdlib.h>

#define GOOD_FIRST ((size_t)1 << 12)

/* The key's beginning: an office's keys are in the ledger before its batches,
 * so that nobody gains by two that begin alike. */
static uint64_t cell_of(uint32_t agent, const struct public_key *key)
{
    return (uint64_t)agent << 32 | bytes_get_u32(key->bytes);
}

static uint64_t *find(const struct recovery *recovery, uint64_t index)
{
    const struct recovery_good *good = &recovery->good;

    return index >= good->from && index - good->from < good->count
               ? &good->cells[index - good->from]
               : NULL;
}

bool recovery_is_good(const struct recovery *recovery, uint64_t index,
                      uint32_t agent, const struct public_key *key)
{
    const uint64_t *cell = find(recovery, index);

    return cell != NULL && *cell == cell_of(agent, key);
}

static void grow(struct recovery_good *good, uint64_t wanted)
{
    size_t count = good->count == 0 ? GOOD_FIRST : good->count;
    uint64_t *cells;

    while (count < wanted) {
        count *= 2;
    }
    cells = realloc(good->cells, count * sizeof *cells);
    if (cells == NULL) {
        return;
    }
    for (size_t i = good->count; i < count; i++) {
        cells[i] = 0;
    }
    good->cells = cells;
    good->count = count;
}

void recovery_note_good(struct recovery *recovery, uint64_t index,
                        uint32_t agent, const struct public_key *key)
{
    struct recovery_good *good = &recovery->good;
    uint64_t *cell;

    if (good->count == 0) {
        good->from = index;
    }
    if (index >= good->from && index - good->from < RECOVERY_GOOD_MAX &&
        index - good->from >= good->count) {
        grow(good, index - good->from + 1);
    }
    cell = find(recovery, index);
    if (cell != NULL) {
        *cell = cell_of(agent, key);
    }
}

void recovery_forget_good(struct recovery *recovery, uint64_t index)
{
    uint64_t *cell = find(recovery, index);

    if (cell != NULL) {
        *cell = 0;
    }
}

void recovery_good_reset(struct recovery_good *good)
{
    free(good->cells);
    *good = (struct recovery_good){.count = 0};
}
