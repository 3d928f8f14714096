/* One pass over the enrolments lists the programmes that they name, one over
 * the plan's indicators says which of them each counts. Failure mode: no
 * memory. */
#include "common/figures/programmes.h"

#include "common/event/event.h"
#include "common/figures/indicator_uses.h"

#include <stdlib.h>

#define FIRST_NAMED (PROGRAMMES_PLAN + 1)

struct programmes {
    const struct plan *plan;
    uint32_t *named; /* by the enrolments, each once */
    size_t named_count;
    bool *counts; /* by indicator, and by share within it */
};

static bool is_named(const struct programmes *programmes, uint32_t programme)
{
    for (size_t i = 0; i < programmes->named_count; i++) {
        if (programmes->named[i] == programme) {
            return true;
        }
    }
    return false;
}

static size_t count_scopes(const struct context *context)
{
    size_t count = 0;

    for (size_t i = 0; i < context_agent_count(context); i++) {
        const struct context_agent *agent = context_agent_at(context, i);

        for (uint32_t k = 0; k < agent->scope_count; k++) {
            count += agent->scopes[k].programme_count;
        }
    }
    return count;
}

static void list_named(struct programmes *programmes,
                       const struct context *context)
{
    for (size_t i = 0; i < context_agent_count(context); i++) {
        const struct context_agent *agent = context_agent_at(context, i);

        for (uint32_t k = 0; k < agent->scope_count; k++) {
            const struct control_scope *scope = &agent->scopes[k];

            for (uint32_t n = 0; n < scope->programme_count; n++) {
                if (!is_named(programmes, scope->programmes[n])) {
                    programmes->named[programmes->named_count++] =
                        scope->programmes[n];
                }
            }
        }
    }
}

/* ---- what an indicator counts ---- */

struct counting {
    const struct programmes *programmes;
    bool *counts; /* by share */
    bool events;  /* it counts some */
};

static bool holds(const struct plan_condition *condition, uint32_t programme)
{
    for (uint32_t i = 0; i < condition->value_count; i++) {
        if (condition->values[i] == programme) {
            return true;
        }
    }
    return false;
}

/* Every measure says of which programmes it is. */
static void take_measure(void *owner, uint32_t position)
{
    struct counting *self = owner;
    const struct programmes *programmes = self->programmes;
    const struct plan_measure *measure = &programmes->plan->measures[position];
    const struct plan_condition *condition = NULL;
    uint32_t known = 0;

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        if (measure->conditions[i].field == EVENT_PROGRAMME &&
            measure->conditions[i].test == PLAN_TEST_ANY_OF) {
            condition = &measure->conditions[i];
        }
    }
    self->events = true;
    for (size_t i = 0; i < programmes->named_count && condition != NULL; i++) {
        if (holds(condition, programmes->named[i])) {
            self->counts[FIRST_NAMED + i] = true;
            known++;
        }
    }
    if (condition == NULL || known < condition->value_count) {
        self->counts[PROGRAMMES_REST] = true;
    }
}

static void find_counted(struct programmes *programmes)
{
    size_t shares = programmes_shares(programmes);

    for (uint32_t i = 0; i < programmes->plan->indicator_count; i++) {
        struct counting counting = {.programmes = programmes,
                                    .counts = programmes->counts + i * shares};

        plan_formula_measures(programmes->plan->indicators[i].formula,
                              &counting, take_measure);
        if (!counting.events) {
            counting.counts[programmes_plan_share(programmes)] = true;
        }
    }
}

/* ---- life ---- */

MUST_USE enum status programmes_new(const struct plan *plan,
                                    const struct context *context,
                                    struct programmes **programmes)
{
    struct programmes *made = calloc(1, sizeof *made);

    *programmes = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->plan = plan;
    made->named = calloc(count_scopes(context) + 1, sizeof *made->named);
    if (made->named != NULL) {
        list_named(made, context);
        made->counts = calloc((size_t)plan->indicator_count + 1,
                              programmes_shares(made) * sizeof *made->counts);
    }
    if (made->counts == NULL) {
        programmes_free(&made);
        return STATUS_MEMORY;
    }
    find_counted(made);
    *programmes = made;
    return STATUS_OK;
}

void programmes_free(struct programmes **programmes)
{
    if (*programmes == NULL) {
        return;
    }
    free((*programmes)->named);
    free((*programmes)->counts);
    free(*programmes);
    *programmes = NULL;
}

/* ---- questions ---- */

size_t programmes_shares(const struct programmes *programmes)
{
    return programmes->named_count == 0 ? PROGRAMMES_REST + 1
                                        : FIRST_NAMED + programmes->named_count;
}

size_t programmes_plan_share(const struct programmes *programmes)
{
    return programmes->named_count == 0 ? PROGRAMMES_REST : PROGRAMMES_PLAN;
}

bool programmes_counts(const struct programmes *programmes,
                       const struct plan_indicator *indicator, size_t share)
{
    uintptr_t first = (uintptr_t)programmes->plan->indicators;
    uintptr_t at = (uintptr_t)indicator;
    size_t position = (at - first) / sizeof *indicator;

    if (at < first || position >= programmes->plan->indicator_count) {
        return share == programmes_plan_share(programmes);
    }
    return programmes->counts[position * programmes_shares(programmes) + share];
}

bool programmes_writes(const struct programmes *programmes,
                       const struct control_scope *scope, size_t share)
{
    for (uint32_t i = 0; i < scope->programme_count; i++) {
        if (share == PROGRAMMES_PLAN
                ? plan_has_programme(programmes->plan, scope->programmes[i])
                : share >= FIRST_NAMED &&
                      scope->programmes[i] ==
                          programmes->named[share - FIRST_NAMED]) {
            return true;
        }
    }
    return scope->programme_count == 0;
}

bool programmes_covers(const struct programmes *programmes,
                       const struct context_agent *agent, uint32_t unit,
                       const struct plan_indicator *indicator)
{
    for (size_t i = 0; i < programmes_shares(programmes); i++) {
        bool writes = !programmes_counts(programmes, indicator, i);

        for (uint32_t k = 0; k < agent->scope_count && !writes; k++) {
            writes = (unit == 0 || agent->scopes[k].unit == unit) &&
                     programmes_writes(programmes, &agent->scopes[k], i);
        }
        if (!writes) {
            return false;
        }
    }
    return true;
}
