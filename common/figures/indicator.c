/* The operations of a formula. Each is one pass over what its measure keeps,
 * for all units at once. Failure mode: no memory. */
#include "common/figures/indicator.h"

#include "common/base/check.h"
#include "common/event/catalogue.h"
#include "common/figures/indicator_state.h"

#include <stdlib.h>

void figure_range_default(const struct plan *plan, struct figure_range *range)
{
    *range = (struct figure_range){.plan = plan,
                                   .from = plan->from,
                                   .to = plan->to,
                                   .unit_date = plan->to};
}

static MUST_USE enum status compute_operand(struct figuring *figuring,
                                            const struct plan_formula *formula,
                                            uint32_t operand,
                                            struct figure **figures)
{
    check(operand < formula->operand_count);
    *figures = calloc(figuring->count + 1, sizeof **figures);
    if (*figures == NULL) {
        return STATUS_MEMORY;
    }
    return figuring_compute(figuring, formula->operands[operand], *figures);
}

/* A bound on what is taken away or divided by is the other bound of the
 * result. */
static void add_bounds(struct figure *figure, const struct figure *other,
                       bool turned)
{
    bool lower = turned ? other->upper_bound : other->lower_bound;
    bool upper = turned ? other->lower_bound : other->upper_bound;

    figure->lower_bound = figure->lower_bound || lower;
    figure->upper_bound = figure->upper_bound || upper;
}

/* PLAN_ADD, PLAN_SUBTRACT and PLAN_RATIO, unit by unit. */
static MUST_USE enum status compute_operands(struct figuring *figuring,
                                             const struct plan_formula *formula,
                                             struct figure figures[])
{
    enum status status = STATUS_OK;

    for (uint32_t n = 0; n < formula->operand_count && status == STATUS_OK;
         n++) {
        struct figure *other = NULL;

        status = compute_operand(figuring, formula, n, &other);
        for (size_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
            struct figure *figure = &figures[i];
            uint64_t value = (uint64_t)other[i].value;

            if (n > 0 && formula->operation == PLAN_RATIO) {
                figure->ratio = true;
                figure->denominator = (int64_t)value;
                /* Nobody has given a number of the part: it is none yet. */
                figure->defined = other[i].defined && value != 0;
            } else if (n > 0 && formula->operation == PLAN_SUBTRACT) {
                figure->value = (int64_t)((uint64_t)figure->value - value);
            } else {
                figure->value = (int64_t)((uint64_t)figure->value + value);
            }
            figure->known = figure->known && other[i].known;
            figure->unreported = figure->unreported || other[i].unreported;
            if (formula->operation == PLAN_ADD) {
                figure->defined =
                    other[i].defined || (n > 0 && figure->defined);
            } else if (n == 0) {
                figure->defined = other[i].defined;
            }
            add_bounds(figure, &other[i],
                       n > 0 && formula->operation != PLAN_ADD);
            figure->not_divided = figure->not_divided || other[i].not_divided;
        }
        free(other);
    }
    return status;
}

/* The kind of reference that a row of the register is about. */
static uint32_t kind_of_row(const struct plan_register_row *row)
{
    const struct catalogue_type *type = catalogue_type(row->event.type);

    for (size_t i = 0; type != NULL && i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        if (field->kind == FIELD_REFERENCE &&
            event_get(&row->event, field->number) == row->reference) {
            return field->reference;
        }
    }
    return 0;
}

/* Counts a row of the register at its places. */
static void count_row(struct figuring *figuring,
                      const struct plan_register_row *row,
                      struct figure figures[])
{
    uint32_t field = figuring->fold->types[row->event.type].units_field;
    size_t count;
    const uint32_t *keys = event_items(&row->event, field, &count);

    for (size_t i = 0; i < count; i++) {
        figuring_add(figuring, figures, figuring_position(figuring, keys[i]), 1,
                     false);
    }
    if (count == 0) {
        figuring_add(figuring, figures,
                     figuring_position(figuring, event_place(&row->event)), 1,
                     false);
    }
}

/* PLAN_LIST: a named thing lies where the plan's register says, or at the
 * plan's own unit where it says nothing. */
static void compute_list(struct figuring *figuring,
                         const struct plan_list *list, struct figure figures[])
{
    const struct plan *plan = figuring->plan;

    for (uint32_t i = 0; i < list->count; i++) {
        bool found = false;

        figuring_next_thing(figuring);
        if (list->reference_kind == 0) {
            figuring_add(figuring, figures,
                         figuring_position(figuring, (uint32_t)list->items[i]),
                         1, false);
            continue;
        }
        for (uint32_t k = 0; k < plan->row_count; k++) {
            if (plan->rows[k].reference == list->items[i] &&
                kind_of_row(&plan->rows[k]) == list->reference_kind) {
                count_row(figuring, &plan->rows[k], figures);
                found = true;
            }
        }
        if (!found) {
            figuring_add(figuring, figures,
                         figuring_position(figuring, plan->unit), 1, false);
        }
    }
}

/* PLAN_ALL_OF over things: which of them are in the operand's set. */
static MUST_USE enum status compute_members(struct figuring *figuring,
                                            const struct plan_formula *formula,
                                            struct figure figures[])
{
    const struct plan_list *list = &figuring->plan->lists[formula->list];
    struct figuring_set set = {0};
    enum status status = figuring_set_of(figuring, formula->operands[0], &set);

    for (uint32_t i = 0; i < list->count && status == STATUS_OK; i++) {
        const uint64_t name[PLAN_KEY_FIELDS_MAX] = {
            figuring_name(figuring, list->reference_kind, list->items[i])};
        const struct figuring_member *member = figuring_set_find(&set, name);

        if (member != NULL) {
            figuring_next_thing(figuring);
            figuring_set_place(figuring, &set, member, figures);
        }
    }
    figuring_set_fini(&set);
    return status;
}

/* The operand as it stood on the last day of a unit that ended. */
static MUST_USE enum status compute_early(const struct figuring *figuring,
                                          const struct plan_formula *formula,
                                          int32_t last, struct figure figures[])
{
    struct figure_range range = figuring->range;
    struct figuring early;
    enum status status;

    range.unit_date = last;
    range.to = last < range.to ? last : range.to;
    status = figuring_init(&early, figuring->fold, figuring->context, &range,
                           figuring->count);
    early.shift = figuring->shift;
    if (status == STATUS_OK) {
        status = figuring_compute(&early, formula, figures);
    }
    figuring_fini(&early);
    return status;
}

/* Whether the operand is at least 1 in a unit that nobody carries on. */
static MUST_USE enum status ended_with_any(const struct figuring *figuring,
                                           const struct plan_formula *formula,
                                           uint32_t source, bool *any)
{
    const struct unit *unit = units_at(figuring->units, source);
    struct figure *figures;
    enum status status;

    *any = false;
    if (unit->to > figuring->range.unit_date ||
        unit->to <= figuring->range.from) {
        return STATUS_OK;
    }
    figures = calloc(figuring->count + 1, sizeof *figures);
    if (figures == NULL) {
        return STATUS_MEMORY;
    }
    status = compute_early(figuring, formula, unit->to - 1, figures);
    *any = status == STATUS_OK && figures[source].value >= 1;
    free(figures);
    return status;
}

/* PLAN_ALL_OF over units: the operand's figure of each of them. */
static MUST_USE enum status compute_all_of(struct figuring *figuring,
                                           const struct plan_formula *formula,
                                           struct figure figures[])
{
    const struct plan_list *list = &figuring->plan->lists[formula->list];
    struct figure *operand = NULL;
    enum status status;

    if (list->reference_kind != 0) {
        return compute_members(figuring, formula, figures);
    }
    status = compute_operand(figuring, formula, 0, &operand);
    for (uint32_t i = 0; status == STATUS_OK && i < list->count; i++) {
        uint32_t source = figuring_position(figuring, (uint32_t)list->items[i]);
        uint32_t position = source == FIGURING_NONE
                                ? FIGURING_NONE
                                : figuring_carried(figuring, source);

        bool any = position != FIGURING_NONE && operand[position].value >= 1;

        if (position == FIGURING_NONE && source != FIGURING_NONE) {
            status =
                ended_with_any(figuring, formula->operands[0], source, &any);
        }
        if (any) {
            figuring_next_thing(figuring);
            figuring_add(figuring, figures, source, 1, false);
        }
    }
    free(operand);
    return status;
}

/* PLAN_LATEST: where nobody has given a number, none is known; that is not a
 * zero. */
static MUST_USE enum status compute_latest(struct figuring *figuring,
                                           const struct plan_formula *formula,
                                           struct figure figures[])
{
    struct figuring_out out = {.figures = figures};
    bool *touched = calloc(figuring->count + 1, sizeof *touched);
    enum status status = STATUS_MEMORY;

    if (touched != NULL) {
        figuring->touched = touched;
        status = figuring_things_of(figuring, formula, &out);
        figuring->touched = NULL;
    }
    for (size_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        figures[i].defined = touched[i];
        figures[i].unreported = !touched[i];
    }
    free(touched);
    return status;
}

static MUST_USE enum status compute_set(struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        struct figure figures[])
{
    struct figuring_set set = {0};
    enum status status = figuring_set_of(figuring, formula, &set);

    if (status == STATUS_OK) {
        figuring_set_count(figuring, &set, figures);
    }
    figuring_set_fini(&set);
    return status;
}

static MUST_USE enum status compute_operation(
    struct figuring *figuring, const struct plan_formula *formula,
    struct figure figures[]);

MUST_USE enum status figuring_compute(struct figuring *figuring,
                                      const struct plan_formula *formula,
                                      struct figure figures[])
{
    bool early = false;
    enum status status = figuring_too_early(figuring, formula, &early);

    if (status == STATUS_OK) {
        status = compute_operation(figuring, formula, figures);
    }
    /* Nobody can be said to have kept up anything yet. */
    for (size_t i = 0; early && i < figuring->count; i++) {
        figures[i].defined = false;
        figures[i].unreported = true;
        figures[i].value = 0;
        figures[i].denominator = 0;
    }
    return status;
}

static MUST_USE enum status compute_operation(
    struct figuring *figuring, const struct plan_formula *formula,
    struct figure figures[])
{
    struct figuring_out out = {.figures = figures};

    for (size_t i = 0; i < figuring->count; i++) {
        figures[i] = (struct figure){.known = figuring_in_force(figuring, i),
                                     .defined = true};
    }
    switch (formula->operation) {
    case PLAN_SUM:
        return figuring_sum(figuring, formula, figures);
    case PLAN_DISTINCT:
    case PLAN_FIRST:
    case PLAN_REACHED:
    case PLAN_STATUS:
    case PLAN_STATED:
    case PLAN_DUE:
    case PLAN_IN_TIME:
        return figuring_things_of(figuring, formula, &out);
    case PLAN_LATEST:
        return compute_latest(figuring, formula, figures);
    case PLAN_UNITS:
        return figuring_units(figuring, formula, &out);
    case PLAN_BOTH:
    case PLAN_EITHER:
    case PLAN_WITHOUT:
        return compute_set(figuring, formula, figures);
    case PLAN_IN_FORCE:
        return figuring_in_force_of(figuring, formula, figures);
    case PLAN_LIST:
        compute_list(figuring, &figuring->plan->lists[formula->list], figures);
        return STATUS_OK;
    case PLAN_ALL_OF:
        return compute_all_of(figuring, formula, figures);
    case PLAN_CONSTANT:
        for (size_t i = 0; i < figuring->count; i++) {
            figures[i].value = (int64_t)formula->constant;
        }
        return STATUS_OK;
    case PLAN_BASELINE:
        figuring_baseline(figuring, formula, figures);
        return STATUS_OK;
    case PLAN_CHANGE:
        return figuring_change(figuring, formula, figures);
    case PLAN_ON_TIME:
        return figuring_on_time(figuring, formula, figures);
    case PLAN_PERIODS:
        return figuring_count_periods(figuring, formula, figures);
    case PLAN_ADD:
    case PLAN_SUBTRACT:
    case PLAN_RATIO:
        return compute_operands(figuring, formula, figures);
    }
    check(false && "a formula has one of the operations above");
    return STATUS_INVALID;
}

MUST_USE enum status indicator_compute(const struct fold *fold,
                                       const struct context *context,
                                       const struct plan_formula *formula,
                                       const struct figure_range *range,
                                       struct figure figures[], size_t count)
{
    struct figuring figuring;
    enum status status = figuring_init(&figuring, fold, context, range, count);

    if (status == STATUS_OK) {
        status = figuring_compute(&figuring, formula, figures);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        figures[i].erased = figuring.erased;
    }
    figuring_fini(&figuring);
    return status;
}
