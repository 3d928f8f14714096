#include "agent/office/own.h"

#include <stddef.h>

uint32_t own_unit(const struct context_agent *agent, const struct plan *plan,
                  bool *several)
{
    uint32_t unit = 0;

    *several = false;
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        uint32_t one = agent->scopes[i].unit;

        if (one == plan->unit) {
            *several = false;
            return one;
        }
        *several = *several || (unit != 0 && one != unit);
        unit = one;
    }
    return unit;
}

bool own_records_for(const struct context_agent *agent, uint32_t unit)
{
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        if (agent->scopes[i].unit == unit) {
            return true;
        }
    }
    return false;
}
