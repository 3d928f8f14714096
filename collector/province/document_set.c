#include "collector/province/document_set.h"

#include <stdlib.h>
#include <string.h>

#define STEP 256u

enum status document_set_add(struct document_set *set,
                             const struct digest *digest, uint64_t number)
{
    if (set->count == set->room) {
        size_t room = set->room + set->room / 2 + STEP;
        struct document_place *grown =
            realloc(set->items, room * sizeof *grown);

        if (grown == NULL) {
            return STATUS_MEMORY;
        }
        set->items = grown;
        set->room = room;
    }
    set->items[set->count++] =
        (struct document_place){.digest = *digest, .number = number};
    return STATUS_OK;
}

static int compare(const void *a, const void *b)
{
    const struct document_place *left = a;
    const struct document_place *right = b;

    return memcmp(left->digest.bytes, right->digest.bytes, DIGEST_BYTES);
}

void document_set_sort(struct document_set *set)
{
    if (set->count > 0) {
        qsort(set->items, set->count, sizeof set->items[0], compare);
    }
}

const struct document_place *document_set_find(const struct document_set *set,
                                               const struct digest *digest)
{
    const struct document_place wanted = {.digest = *digest};

    return set->count == 0 ? NULL
                           : bsearch(&wanted, set->items, set->count,
                                     sizeof set->items[0], compare);
}

void document_set_fini(struct document_set *set)
{
    free(set->items);
    *set = (struct document_set){.items = NULL};
}
