#include "common/figures/indicator_uses.h"

#include "common/fold/fold_state.h"

void plan_formula_measures(const struct plan_formula *formula, void *owner,
                           void (*visit)(void *owner, uint32_t measure))
{
    if (formula == NULL) {
        return;
    }
    if (formula->operation <= PLAN_UNITS) { /* the others read no measure */
        visit(owner, formula->measure);
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        plan_formula_measures(formula->operands[i], owner, visit);
    }
}

struct using
{
    const struct fold *fold;
    const struct plan *plan;
    const struct event *event;
    bool uses;
};

static void ask(void *owner, uint32_t position)
{
    struct using *self = owner;
    const struct fold_measure *measure =
        fold_measure_of(self->fold, self->plan, position);

    if (measure != NULL && measure->plan->type == self->event->type &&
        fold_filter_passes(&measure->filter, self->event)) {
        self->uses = true;
    }
}

bool indicator_uses(const struct fold *fold, const struct plan *plan,
                    uint32_t indicator, const struct event *event)
{
    struct using self = {.fold = fold, .plan = plan, .event = event};

    if (event->fault == EVENT_FAULT_NONE) {
        plan_formula_measures(plan->indicators[indicator].formula, &self, ask);
    }
    return self.uses;
}
