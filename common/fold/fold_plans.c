/* The measures of all plans in force. What two plans ask alike is kept once,
 * so that a ledger of many years folds each event little more often than one of
 * a single year; but each plan has the rows of its own annex, and nothing that
 * another plan says changes its figures. */
#include "common/fold/fold_state.h"

#include "common/base/check.h"

#include <stdlib.h>

static MUST_USE enum status init_measure(struct fold *fold,
                                         struct fold_measure *measure,
                                         const struct plan *owner,
                                         const struct plan_measure *plan)
{
    uint32_t type = plan->type;

    measure->plan = plan;
    if (plan->keep == PLAN_KEEP_ROWS) {
        fold_rows_init(&measure->rows, plan->key_field_count,
                       plan->capture_count);
        for (uint32_t i = 0; i < plan->key_field_count; i++) {
            measure->key[i] = fold_field_of(type, plan->key_fields[i]);
        }
        for (uint32_t i = 0; i < plan->capture_count; i++) {
            measure->capture[i] = fold_field_of(type, plan->capture[i]);
        }
    } else if (plan->field != 0) {
        measure->amount = fold_field_of(type, plan->field);
    }
    return fold_filter_init(&measure->filter, owner, plan, fold->units);
}

static void number_conditions(struct fold *fold, struct fold_type *type,
                              struct fold_filter *filter)
{
    for (uint32_t i = 0; i < type->measure_count; i++) {
        fold_filter_share(filter,
                          &fold->measures[type->wishes[i].measure].filter);
    }
    fold_questions_add(&type->questions, filter);
}

/* What the events of this type add to the measure is the same for both plans,
 * and neither has register rows that only its own measures take. */
static bool can_share(const struct fold *fold,
                      const struct fold_measure *measure,
                      const struct fold_plan *plan,
                      const struct plan_measure *wanted)
{
    uint64_t bit = UINT64_C(1) << wanted->type;

    if ((plan->row_types & bit) != 0 ||
        !plan_measures_equal(measure->plan, wanted)) {
        return false;
    }
    for (uint32_t i = 0; i < fold->plan_count; i++) {
        if ((measure->plans >> i & 1) != 0 &&
            (fold->plans[i].row_types & bit) != 0) {
            return false;
        }
    }
    /* The lists of two plans are two lists. */
    for (uint32_t i = 0; i < wanted->condition_count; i++) {
        if (wanted->conditions[i].test == PLAN_TEST_IN_LIST ||
            wanted->conditions[i].test == PLAN_TEST_NOT_IN_LIST) {
            return false;
        }
    }
    return true;
}

static MUST_USE enum status add_measure(struct fold *fold,
                                        const struct plan *owner,
                                        const struct plan_measure *wanted)
{
    struct fold_type *type = &fold->types[wanted->type];
    struct fold_measure *measure = &fold->measures[fold->measure_count];
    enum status status;
    struct fold_wish *list;

    fold->measure_count++;
    status = init_measure(fold, measure, owner, wanted);
    if (status != STATUS_OK) {
        return status;
    }
    number_conditions(fold, type, &measure->filter);
    list = realloc(type->wishes, (type->measure_count + 1u) * sizeof *list);
    if (list == NULL) {
        return STATUS_MEMORY;
    }
    list[type->measure_count++] = (struct fold_wish){
        .needs = measure->filter.needs, .measure = fold->measure_count - 1};
    type->wishes = list;
    if (wanted->keep == PLAN_KEEP_SUM) {
        measure->column = type->cells.columns++;
    }
    return STATUS_OK;
}

static void note_plan(struct fold_type *type, uint32_t measure, uint32_t place)
{
    for (uint32_t i = 0; i < type->measure_count; i++) {
        if (type->wishes[i].measure == measure) {
            type->wishes[i].plans |= UINT32_C(1) << place;
        }
    }
}

static MUST_USE enum status add_plan(struct fold *fold, const struct plan *plan)
{
    uint32_t place = fold->plan_count++;
    struct fold_plan *added = &fold->plans[place];

    added->plan = plan;
    added->measures = calloc(plan->measure_count + 1u, sizeof(uint32_t));
    if (added->measures == NULL) {
        return STATUS_MEMORY;
    }
    for (uint32_t i = 0; i < plan->row_count; i++) {
        added->row_types |= UINT64_C(1) << plan->rows[i].event.type;
    }
    for (uint32_t i = 0; i < plan->measure_count; i++) {
        const struct plan_measure *wanted = &plan->measures[i];
        uint32_t at = 0;

        check(wanted->type < FOLD_TYPES_MAX);
        while (at < fold->measure_count &&
               !can_share(fold, &fold->measures[at], added, wanted)) {
            at++;
        }
        if (at == fold->measure_count) {
            enum status status = add_measure(fold, plan, wanted);

            if (status != STATUS_OK) {
                return status;
            }
        }
        check(place < CONTEXT_PLANS_MAX);
        fold->measures[at].plans |= UINT32_C(1) << place;
        note_plan(&fold->types[wanted->type], at, place);
        added->measures[i] = at;
    }
    return STATUS_OK;
}

MUST_USE enum status fold_count_init(struct fold *fold)
{
    size_t plans = context_plan_count(fold->context);
    size_t count = 0;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < FOLD_TYPES_MAX; i++) {
        fold->types[i].units_field = fold_units_field(i);
    }
    for (size_t i = 0; i < plans; i++) {
        count += context_plan_at(fold->context, i)->plan->measure_count;
    }
    fold->measures = calloc(count + 1u, sizeof *fold->measures);
    if (fold->measures == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < plans && status == STATUS_OK; i++) {
        status = add_plan(fold, context_plan_at(fold->context, i)->plan);
    }
    return status;
}

const struct fold_measure *fold_measure_of(const struct fold *fold,
                                           const struct plan *plan,
                                           uint32_t measure)
{
    for (uint32_t i = 0; i < fold->plan_count; i++) {
        if (fold->plans[i].plan == plan) {
            const struct fold_measure *found;

            check(measure < plan->measure_count);
            found = &fold->measures[fold->plans[i].measures[measure]];
            check(found->rows.unsettled_count == 0); /* fold_set_position() */
            return found;
        }
    }
    return NULL;
}
