#include "common/plan.h"

#include "common/arena.h"
#include "common/yaml.h"

#include <string.h>

void plan_free(struct plan **plan)
{
    struct arena *arena;
    struct yaml *source;

    if (*plan == NULL) {
        return;
    }
    /* The plan itself lies in its arena, its texts in the tree. */
    arena = (*plan)->arena;
    source = (*plan)->source;
    *plan = NULL;
    yaml_unload(&source);
    arena_free(&arena);
}

uint32_t plan_find_indicator(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        if (plan->indicators[i].id != NULL &&
            strcmp(plan->indicators[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t plan_find_target(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].id != NULL &&
            strcmp(plan->targets[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t plan_find_setting(const struct plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        if (plan->settings[i].id != NULL &&
            strcmp(plan->settings[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}
