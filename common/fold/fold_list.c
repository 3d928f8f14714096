#include "common/fold/fold_list.h"

#include <stdbool.h>
#include <stdlib.h>

static bool is_named(const struct plan_list *list, uint32_t key)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i] == key) {
            return true;
        }
    }
    return false;
}

/* Marks what carries on the listed units, and what lay in them, once they have
 * ended, and what carries that on. What ended before the plan had the code of
 * another. */
static void mark_heirs(const struct plan *plan, const struct plan_list *list,
                       const struct units *units, bool marked[], bool done[])
{
    bool more = true;

    for (size_t i = 0; i < units_count(units); i++) {
        marked[i] = units_at(units, i)->to > plan->from &&
                    is_named(list, units_at(units, i)->key);
    }
    while (more) {
        more = false;
        for (size_t i = 0; i < units_count(units); i++) {
            const struct unit *unit = units_at(units, i);

            if (marked[i] && !done[i]) {
                done[i] = true;
                more = true;
                if (unit->to != UNIT_DATE_OPEN) {
                    units_mark_heirs(units, unit, unit->to, marked);
                }
            }
        }
    }
}

MUST_USE enum status fold_list_keys(const struct plan *plan,
                                    const struct plan_list *list,
                                    const struct units *units, uint64_t **keys,
                                    size_t *count)
{
    size_t rows =
        list->reference_kind == 0 && units != NULL ? units_count(units) : 0;
    bool *marked = calloc(2 * rows + 1, sizeof *marked);

    *count = 0;
    *keys = calloc(list->count + rows + 1u, sizeof **keys);
    if (marked == NULL || *keys == NULL) {
        free(marked);
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        (*keys)[(*count)++] = list->items[i];
    }
    if (rows > 0) {
        mark_heirs(plan, list, units, marked, marked + rows);
    }
    for (size_t i = 0; i < rows; i++) {
        if (marked[i] && !is_named(list, units_at(units, i)->key)) {
            (*keys)[(*count)++] = units_at(units, i)->key;
        }
    }
    free(marked);
    return STATUS_OK;
}
