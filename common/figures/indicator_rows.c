/* Each formula is computed once for all units; then follow the rows of its
 * target or indicator. */
#include "common/figures/indicator_rows.h"

#include "common/figures/indicator_maker.h"

#include <stdlib.h>
#include <string.h>

/* Room for `more` rows. */
static MUST_USE enum status make_room(struct row_maker *maker, size_t more)
{
    struct indicator_rows *made = maker->made;
    size_t room = 2 * maker->room + more;
    struct indicator_row *rows;

    if (made->count + more <= maker->room) {
        return STATUS_OK;
    }
    rows = realloc(made->rows, room * sizeof *rows);
    if (rows == NULL) {
        return STATUS_MEMORY;
    }
    made->rows = rows;
    maker->room = room;
    return STATUS_OK;
}

static void add_row(struct row_maker *maker, struct indicator_row row)
{
    row_maker_judge(maker, &row);
    if (row.target != NULL && row.target->each_unit && !row.judged &&
        row.unit->level < row.target->each_level) {
        row_maker_sum_up(maker, &row);
    }
    maker->made->not_divided =
        maker->made->not_divided || row.figure.not_divided;
    maker->made->erased = maker->made->erased || row.figure.erased;
    maker->made->hidden =
        maker->made->hidden || row.figure.hidden != FIGURE_SHOWN;
    maker->made->rows[maker->made->count++] = row;
}

/* What carries on a listed unit that ended: its parts, where nobody does. */
static void mark_ended(const struct row_maker *maker, uint32_t key,
                       int32_t date)
{
    const struct plan *plan = maker->plan;

    if (plan_carried(plan, maker->units, key, date) != NULL) {
        return;
    }
    for (size_t i = 0; i < maker->unit_count; i++) {
        const struct unit *unit = units_at(maker->units, i);

        if (unit->key == key && unit->to <= date && unit->to > plan->from) {
            units_mark_heirs(maker->units, unit, date, maker->within);
        }
    }
}

/* Marks the units in force that the target's list holds, or does not. */
static void mark_scope(const struct row_maker *maker,
                       const struct plan_target *target)
{
    const struct plan_list *list = &maker->plan->lists[target->scope_list];
    int32_t date = maker->request->range.unit_date;

    memset(maker->within, 0, maker->unit_count * sizeof *maker->within);
    for (uint32_t k = 0; k < list->count; k++) {
        mark_ended(maker, (uint32_t)list->items[k], date);
    }
    for (size_t i = 0; i < maker->unit_count; i++) {
        uint32_t key = units_at(maker->units, i)->key;
        bool named = maker->within[i];

        for (uint32_t k = 0; k < list->count && !named; k++) {
            const struct unit *unit = plan_carried(
                maker->plan, maker->units, (uint32_t)list->items[k], date);

            named = unit != NULL &&
                    (key == unit->key ||
                     units_below(maker->units, key, unit->key, date));
        }
        maker->within[i] = named != target->scope_all_but;
    }
}

static MUST_USE enum status compute(const struct row_maker *maker,
                                    const struct plan_target *target,
                                    const struct plan_formula *formula,
                                    struct figure figures[])
{
    struct figure_range range = maker->request->range;

    if (target != NULL && target->scope_listed) {
        range.within = maker->within;
    }

    if (range.known_to == 0) {
        range.known_to = maker->request->today;
    }
    /* Of what had ended before the range nothing happened in it. */
    if (formula == NULL || range.from > range.to) {
        memset(figures, 0, maker->unit_count * sizeof *figures);
        for (size_t i = 0; formula != NULL && i < maker->unit_count; i++) {
            figures[i].known = true;
        }
        return STATUS_OK;
    }
    return indicator_compute(maker->fold, maker->context, formula, &range,
                             figures, maker->unit_count);
}

/* Whether the request asks for a row of this unit beside its own. */
static bool is_listed(const struct row_maker *maker, const struct unit *unit)
{
    const struct unit *own = maker->scene->own;
    int32_t date = maker->request->range.unit_date;

    /* Units of a day that is over stand in nobody's table but their own. */
    if (maker->scene == &maker->early &&
        maker->ended.levels[maker->request->by_level] == 0) {
        return false;
    }
    return unit->level == maker->request->by_level && unit != own &&
           unit->from <= date && unit->to > date &&
           units_below(maker->units, unit->key, own->key, date);
}

/* The unit of the first row: in the table of the plan's own unit a target that
 * is another unit's stands with that unit's figure. */
static const struct unit *first_unit(const struct row_maker *maker,
                                     const struct plan_target *target)
{
    int32_t date = maker->request->range.unit_date;
    const struct unit *own = maker->scene->own;
    const struct unit *scope = NULL;

    if (target != NULL && target->scope != 0 && !target->each_unit &&
        own ==
            plan_carried(maker->plan, maker->units, maker->plan->unit, date)) {
        scope = plan_carried(maker->plan, maker->units, target->scope, date);
    }
    return scope != NULL ? scope : own;
}

/* What may be shown of the scene's figures, and what they mean. */
static MUST_USE enum status open_scene(const struct row_maker *maker,
                                       struct row_scene *scene)
{
    enum status status = suppress_new(maker->fold, maker->context,
                                      &scene->request, &scene->suppress);

    return status == STATUS_OK && scene->request.view == NULL
               ? received_new(maker->fold, maker->context,
                              &scene->request.range, &scene->received)
               : status;
}

static void enter(struct row_maker *maker, struct row_scene *scene)
{
    maker->scene = scene;
    maker->request = &scene->request;
}

/* Up to the day on which what the target is about ended, by its units; where
 * the unit that was asked for was not there yet, the whole scene stays. */
static MUST_USE enum status enter_early(struct row_maker *maker, int32_t end)
{
    const struct row_scene *whole = &maker->whole;
    const struct plan *plan = maker->plan;
    struct row_scene *early = &maker->early;
    struct figure_range *range = &early->request.range;
    const struct unit *root = plan_carried(plan, maker->units, plan->unit,
                                           whole->request.range.unit_date);
    const struct unit *own =
        whole->own == root ? plan_carried(plan, maker->units, plan->unit, end)
                           : units_find(maker->units, whole->own->key, end);
    enum status status = STATUS_OK;

    if (own == NULL) {
        return STATUS_OK;
    }
    if (early->suppress == NULL || range->unit_date != end) {
        early->request = whole->request;
        range->unit_date = end;
        range->to = end < range->to ? end : range->to;
        suppress_free(&early->suppress);
        received_free(&early->received);
        status = open_scene(maker, early);
    }
    early->own = own;
    enter(maker, early);
    return status;
}

/* The figures of one target, or of an indicator without one. */
static MUST_USE enum status compute_all(struct row_maker *maker,
                                        const struct plan_target *target,
                                        uint32_t number)
{
    const struct plan_formula *formula =
        maker->plan->indicators[number].formula;
    enum status status;

    if (target != NULL && target->scope_listed) {
        mark_scope(maker, target);
    }
    status = compute(maker, target, formula, maker->figures);
    if (status == STATUS_OK) {
        status = suppress_figures(maker->scene->suppress, number,
                                  maker->figures, maker->unit_count);
    }
    if (status == STATUS_OK && target != NULL &&
        target->quantity_formula != NULL) {
        status =
            compute(maker, target, target->quantity_formula, maker->quantities);
    }
    return status;
}

/* And the rows over them. */
static MUST_USE enum status add_rows(struct row_maker *maker,
                                     const struct plan_target *target,
                                     uint32_t number)
{
    struct indicator_row row = {
        .target = target,
        .indicator = &maker->plan->indicators[number],
        .ended = indicator_ended_on(&maker->ended, target,
                                    &maker->plan->indicators[number]),
    };
    enum status status = STATUS_OK;

    enter(maker, &maker->whole);
    if (row.ended != 0) {
        status = enter_early(maker, row.ended);
    }
    if (maker->scene == &maker->whole) {
        row.ended = 0;
    }
    if (status == STATUS_OK) {
        status = compute_all(maker, target, number);
    }
    if (status == STATUS_OK) {
        status =
            make_room(maker, 1 + (maker->request->by ? maker->unit_count : 0));
    }
    if (status != STATUS_OK) {
        return status;
    }
    row.unit = first_unit(maker, target);
    maker->made->shown[number] = true;
    add_row(maker, row);
    for (size_t i = 0; maker->request->by && i < maker->unit_count; i++) {
        row.unit = units_at(maker->units, i);
        if (is_listed(maker, row.unit)) {
            add_row(maker, row);
        }
    }
    return STATUS_OK;
}

static bool is_wanted(const struct row_maker *maker,
                      const struct plan_target *target,
                      const struct plan_indicator *indicator)
{
    const char *wanted = maker->request->indicator;

    return wanted == NULL || strcmp(wanted, indicator->id) == 0 ||
           (target != NULL && strcmp(wanted, target->id) == 0);
}

static MUST_USE enum status add_all(struct row_maker *maker)
{
    const struct plan *plan = maker->plan;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < plan->target_count && status == STATUS_OK; i++) {
        const struct plan_target *target = &plan->targets[i];

        if (is_wanted(maker, target, &plan->indicators[target->indicator])) {
            status = add_rows(maker, target, target->indicator);
        }
    }
    for (uint32_t i = 0; i < plan->indicator_count && status == STATUS_OK;
         i++) {
        bool has_target = false;

        for (uint32_t k = 0; k < plan->target_count; k++) {
            has_target = has_target || plan->targets[k].indicator == i;
        }
        if (!has_target && is_wanted(maker, NULL, &plan->indicators[i])) {
            status = add_rows(maker, NULL, i);
        }
    }
    return status;
}

/* Whether the request names something that there is. */
static bool is_known(const struct plan *plan, const char *id)
{
    return id == NULL || plan_find_indicator(plan, id) != UINT32_MAX ||
           plan_find_target(plan, id) != UINT32_MAX;
}

static MUST_USE enum status make(struct row_maker *maker)
{
    struct indicator_rows *made = maker->made;
    enum status status = open_scene(maker, &maker->whole);

    if (status != STATUS_OK) {
        return status;
    }
    maker->figures = calloc(maker->unit_count + 1, sizeof *maker->figures);
    maker->quantities =
        calloc(maker->unit_count + 1, sizeof *maker->quantities);
    maker->within = calloc(maker->unit_count + 1, sizeof *maker->within);
    made->shown =
        calloc(maker->plan->indicator_count + 1u, sizeof *made->shown);
    return maker->figures == NULL || maker->quantities == NULL ||
                   maker->within == NULL || made->shown == NULL
               ? STATUS_MEMORY
               : add_all(maker);
}

MUST_USE enum status indicator_rows_new(const struct fold *fold,
                                        const struct context *context,
                                        const struct indicator_request *request,
                                        struct indicator_rows **rows)
{
    const struct plan *plan = request->range.plan;
    const struct units *units = context_units(context);
    struct row_maker maker = {.fold = fold,
                              .context = context,
                              .whole = {.request = *request},
                              .plan = plan,
                              .units = units};
    enum status status;

    *rows = NULL;
    if (plan == NULL || units == NULL || !is_known(plan, request->indicator)) {
        return STATUS_NOT_FOUND;
    }
    maker.made = calloc(1, sizeof *maker.made);
    if (maker.made == NULL) {
        return STATUS_MEMORY;
    }
    maker.unit_count = units_count(units);
    maker.made->unit = plan_carried(
        plan, units, request->unit != 0 ? request->unit : plan->unit,
        request->range.unit_date);
    maker.whole.own = maker.made->unit;
    enter(&maker, &maker.whole);
    indicator_ended_init(&maker.ended, plan, units, request->range.unit_date);
    status = maker.made->unit == NULL ? STATUS_NOT_FOUND : make(&maker);
    free(maker.figures);
    free(maker.quantities);
    free(maker.within);
    suppress_free(&maker.whole.suppress);
    suppress_free(&maker.early.suppress);
    received_free(&maker.whole.received);
    received_free(&maker.early.received);
    if (status == STATUS_OK) {
        *rows = maker.made;
    } else {
        indicator_rows_free(&maker.made);
    }
    return status;
}

void indicator_rows_free(struct indicator_rows **rows)
{
    if (*rows == NULL) {
        return;
    }
    free((*rows)->rows);
    free((*rows)->shown);
    free(*rows);
    *rows = NULL;
}
