/* Plans that count the same persons are decided on together: if each hid what
 * its own indicators ask for, what one shows would tell what the other hides.
 * Failure mode: no memory. */
#include "common/figures/suppress_state.h"

#include "common/fold/fold_state.h"

#include <stdlib.h>
#include <string.h>

/* Whether the first regimes cut the same periods, and are due of the same. */
static bool same_periods(const struct plan *a, const struct plan *b)
{
    const struct period_regime *one = &a->regimes[0], *other = &b->regimes[0];

    return a->regime_count > 0 && b->regime_count > 0 &&
           one->number == other->number && one->kinds == other->kinds &&
           memcmp(one->cuts, other->cuts, sizeof one->cuts) == 0;
}

static bool share_a_programme(const struct plan *a, const struct plan *b)
{
    for (uint32_t i = 0; i < a->programme_count; i++) {
        if (plan_has_programme(b, a->programmes[i])) {
            return true;
        }
    }
    return a->programme_count == 0 || b->programme_count == 0;
}

static bool is_taken(const struct suppress *suppress, const struct plan *plan)
{
    for (uint32_t i = 0; i < suppress->plan_count; i++) {
        if (suppress->plans[i].plan == plan) {
            return true;
        }
    }
    return false;
}

/* Whether one that was taken counts persons with it, over the same periods of
 * the same unit. */
static bool belongs(const struct suppress *suppress, const struct plan *plan)
{
    for (uint32_t i = 0; i < suppress->plan_count; i++) {
        const struct plan *other = suppress->plans[i].plan;

        if (other->unit == plan->unit && same_periods(other, plan) &&
            share_a_programme(other, plan)) {
            return true;
        }
    }
    return false;
}

static MUST_USE enum status take(struct suppress *suppress,
                                 const struct plan *plan)
{
    struct suppress_facts *facts =
        calloc(plan->indicator_count + 1u, sizeof *facts);

    if (facts == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        suppress_facts_of(plan, &plan->indicators[i], &facts[i]);
    }
    suppress->plans[suppress->plan_count++] =
        (struct suppress_plan){.plan = plan, .facts = facts};
    suppress->indicator_count += plan->indicator_count;
    return STATUS_OK;
}

MUST_USE enum status suppress_list_plans(struct suppress *suppress)
{
    const struct fold *fold = suppress->fold;
    enum status status = take(suppress, suppress->plan);
    bool in_force = false, more = true;

    if (status == STATUS_OK) {
        suppress->facts = suppress->plans[0].facts;
    }
    for (uint32_t i = 0; i < fold->plan_count; i++) {
        in_force = in_force || fold->plans[i].plan == suppress->plan;
    }
    while (in_force && more && status == STATUS_OK) {
        more = false;
        for (uint32_t i = 0; i < fold->plan_count && status == STATUS_OK; i++) {
            const struct plan *plan = fold->plans[i].plan;

            if (!is_taken(suppress, plan) && belongs(suppress, plan)) {
                status = take(suppress, plan);
                more = true;
            }
        }
    }
    return status;
}

void suppress_free_plans(struct suppress *suppress)
{
    for (uint32_t i = 0; i < suppress->plan_count; i++) {
        free(suppress->plans[i].facts);
    }
}
