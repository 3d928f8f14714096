/* A formula is gone through to its measures: which numbers of which events are
 * added, and which are asked for. */
#include "common/figures/suppress_facts.h"

#include "common/event/catalogue.h"

/* Numbers of proto/event.proto that this file must know. */
#define TYPE_CLIENT_FLOW        13u
#define CLIENT_FLOW_GROUP       (EVENT_BODY_BASE + 1u)
#define CLIENT_FLOW_UNDER_18    (EVENT_BODY_BASE + 12u)
#define GROUP_VICTIM            2u
#define TYPE_CENSUS             17u
#define CENSUS_VICTIMS_RETURNED (EVENT_BODY_BASE + 4u)

static bool is_persons(const struct plan_measure *measure, uint32_t number)
{
    const struct catalogue_type *found = catalogue_type(measure->type);
    const struct catalogue_field *field =
        found == NULL || number < EVENT_BODY_BASE
            ? NULL
            : catalogue_field(found, number - EVENT_BODY_BASE);

    return field != NULL && field->persons && !measure->impersonal;
}

static bool has_value(const struct plan_condition *condition, uint64_t value)
{
    for (uint32_t i = 0; i < condition->value_count; i++) {
        if (condition->values[i] == value) {
            return true;
        }
    }
    return false;
}

/* Whether events about victims pass the measure's filter. */
static bool lets_victims_pass(const struct plan_measure *measure)
{
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];

        if (condition->field != CLIENT_FLOW_GROUP) {
            continue;
        }
        if (condition->test == PLAN_TEST_ANY_OF) {
            return has_value(condition, GROUP_VICTIM);
        }
        if (condition->test == PLAN_TEST_NONE_OF) {
            return !has_value(condition, GROUP_VICTIM);
        }
    }
    return true;
}

static void note_number(const struct plan_measure *measure, uint32_t number,
                        struct suppress_facts *facts)
{
    if (!is_persons(measure, number)) {
        return;
    }
    facts->counts = true;
    facts->victims =
        facts->victims ||
        (measure->type == TYPE_CLIENT_FLOW && lets_victims_pass(measure)) ||
        (measure->type == TYPE_CLIENT_FLOW && number == CLIENT_FLOW_UNDER_18) ||
        (measure->type == TYPE_CENSUS && number == CENSUS_VICTIMS_RETURNED);
}

static void note_measure(const struct plan *plan,
                         const struct plan_formula *formula,
                         struct suppress_facts *facts)
{
    const struct plan_measure *measure = &plan->measures[formula->measure];

    facts->types |= UINT64_C(1) << measure->type;
    if (formula->operation == PLAN_SUM) {
        note_number(measure, measure->field, facts);
    }
    if (formula->operation == PLAN_LATEST) {
        facts->compares = facts->compares || formula->look != PLAN_LOOK_END;
        note_number(measure, measure->capture[formula->capture], facts);
    }
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];

        facts->asks = facts->asks || is_persons(measure, condition->field) ||
                      is_persons(measure, condition->other);
    }
    for (uint32_t i = 0; i < formula->condition_count; i++) {
        uint32_t number = measure->capture[formula->conditions[i].field];

        facts->asks = facts->asks || is_persons(measure, number);
    }
}

static void note_formula(const struct plan *plan,
                         const struct plan_formula *formula,
                         struct suppress_facts *facts)
{
    switch (formula->operation) {
    case PLAN_SUM:
    case PLAN_DISTINCT:
    case PLAN_FIRST:
    case PLAN_REACHED:
    case PLAN_STATED:
    case PLAN_DUE:
    case PLAN_IN_TIME:
    case PLAN_STATUS:
    case PLAN_LATEST:
    case PLAN_UNITS:
    case PLAN_ON_TIME:
        note_measure(plan, formula, facts);
        break;
    case PLAN_CHANGE:
        facts->compares = true;
        break;
    case PLAN_IN_FORCE:
    case PLAN_LIST:
    case PLAN_CONSTANT:
    case PLAN_BASELINE:
    case PLAN_ALL_OF:
    case PLAN_BOTH:
    case PLAN_EITHER:
    case PLAN_WITHOUT:
    case PLAN_PERIODS:
    case PLAN_ADD:
    case PLAN_SUBTRACT:
    case PLAN_RATIO:
        break;
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        note_formula(plan, formula->operands[i], facts);
    }
}

void suppress_facts_of(const struct plan *plan,
                       const struct plan_indicator *indicator,
                       struct suppress_facts *facts)
{
    const struct plan_formula *formula = indicator->formula;
    struct suppress_facts whole = {.counts = false};

    *facts = (struct suppress_facts){.counts = false};
    if (formula == NULL) {
        return;
    }
    note_formula(plan, formula, facts);
    if (formula->operation == PLAN_RATIO) {
        note_formula(plan, formula->operands[1], &whole);
        facts->divides = whole.counts;
    }
    facts->counts = facts->counts || indicator->persons;
}
