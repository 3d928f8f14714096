/* What a slot knows of one thing, for whoever shows it. */
#include "common/fold/fold_state.h"

#include <stdlib.h>

static int compare_versions(const void *left, const void *right)
{
    const struct fold_version *a = left, *b = right;

    return (a->event > b->event) - (a->event < b->event);
}

static bool is_first(const struct fold_slot *slot, uint64_t id)
{
    for (uint32_t i = 0; i < slot->member_count; i++) {
        if (slot->members[i] == id) {
            return true;
        }
    }
    return id == 0 || id == slot->root;
}

size_t fold_versions(const struct fold *fold, uint64_t root, uint64_t *first,
                     struct fold_version versions[], size_t max)
{
    uint32_t position = id_map_get(&fold->slot_of, root);
    const struct fold_slot *slot;

    *first = root;
    if (position == ID_MAP_NONE) {
        return 0;
    }
    slot = &fold->slots[position];
    *first = slot->root;
    for (uint32_t i = 0; i < slot->correction_count && i < max; i++) {
        const struct fold_correction *correction = &slot->corrections[i];
        uint64_t parent =
            correction->head != 0 ? correction->head : correction->target;

        versions[i] = (struct fold_version){
            .event = correction->id,
            .parent = is_first(slot, parent) ? slot->root : parent};
    }
    if (max > 0 && slot->correction_count > 0) {
        qsort(versions,
              slot->correction_count < max ? slot->correction_count : max,
              sizeof *versions, compare_versions);
    }
    return slot->correction_count;
}
