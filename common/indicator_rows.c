/* Each formula is computed once for all units; then follow the rows of its
 * target or indicator. */
#include "common/indicator_rows.h"

#include "common/suppress.h"

#include <stdlib.h>
#include <string.h>

struct maker {
    const struct fold *fold;
    const struct context *context;
    const struct indicator_request *request;
    struct indicator_rows *made;
    const struct plan *plan;
    const struct units *units;
    size_t unit_count;
    struct suppress *suppress;
    bool *within; /* the units that the target's scope names, by position */
    struct figure *figures;
    struct figure *quantities; /* of a target that reads its quantity */
    size_t room;
};

static const struct plan_list *list_of(const struct plan *plan,
                                       const struct plan_formula *formula)
{
    if (formula == NULL) {
        return NULL;
    }
    if (formula->list != UINT32_MAX &&
        (formula->operation == PLAN_ALL_OF || formula->operation == PLAN_LIST ||
         formula->operation == PLAN_STATUS ||
         formula->operation == PLAN_DISTINCT)) {
        return &plan->lists[formula->list];
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        const struct plan_list *list = list_of(plan, formula->operands[i]);

        if (list != NULL) {
            return list;
        }
    }
    return NULL;
}

/* What the target asks for in one unit. */
static uint64_t quantity_of(const struct maker *maker,
                            const struct plan_target *target, size_t position)
{
    const struct plan_list *list;

    if (target->quantity_formula != NULL) {
        const struct figure *figure = &maker->quantities[position];

        return figure->known && figure->defined && figure->value > 0
                   ? (uint64_t)figure->value
                   : 0;
    }
    if (target->has_quantity) {
        return target->quantity;
    }
    if (target->comparator != PLAN_ALL_NAMED) {
        return 0;
    }
    list = list_of(maker->plan,
                   maker->plan->indicators[target->indicator].formula);
    return list == NULL ? 0 : list->count;
}

/* Whether the target was set for this unit. */
static bool is_for(const struct maker *maker, const struct plan_target *target,
                   const struct unit *unit)
{
    const struct plan *plan = maker->plan;

    if (target->each_unit) {
        return unit->level == target->each_level &&
               (!target->scope_listed ||
                maker->within[units_position(maker->units, unit)]) &&
               (target->scope == 0 ||
                units_below(maker->units, unit->key, target->scope,
                            maker->request->range.unit_date));
    }
    return unit == plan_carried(plan, maker->units,
                                target->scope != 0 ? target->scope : plan->unit,
                                maker->request->range.unit_date);
}

/* The day as of which the range can be judged; false when it leaves out the
 * beginning of the window, or ends before it. */
static bool judging_day(const struct maker *maker,
                        const struct plan_target *target, int32_t *day)
{
    const struct indicator_request *request = maker->request;

    bool whole = request->range.to >= target->to;

    *day = request->today;
    if (!whole && request->range.to < *day) {
        *day = request->range.to;
    }
    return request->range.from <= target->from &&
           request->range.to >= target->from;
}

/* What it means when there is no figure of a unit that reports. */
static void find_state(const struct maker *maker, struct indicator_row *row)
{
    const struct silence *silence = maker->request->silence;

    if (silence != NULL && row->figure.known &&
        row->indicator->formula != NULL &&
        row->unit != plan_carried(maker->plan, maker->units, maker->plan->unit,
                                  maker->request->range.unit_date)) {
        row->state = silence_state(silence, row->indicator,
                                   units_position(maker->units, row->unit),
                                   indicator_row_happened(row));
    }
}

static void judge_row(const struct maker *maker, struct indicator_row *row)
{
    size_t position = units_position(maker->units, row->unit);
    int32_t day;

    row->figure = maker->figures[position];
    row->status = TARGET_NOT_COMPUTED;
    /* How a hidden number stands to its goal is hidden too. */
    if (row->figure.hidden != FIGURE_SHOWN) {
        return;
    }
    find_state(maker, row);
    if (row->target == NULL) {
        row->judged = true;
        row->status = !row->figure.known     ? TARGET_NOT_COMPUTED
                      : !row->figure.defined ? TARGET_NOTHING
                                             : TARGET_MONITOR;
        return;
    }
    row->judged = is_for(maker, row->target, row->unit) &&
                  judging_day(maker, row->target, &day);
    if (row->judged) {
        row->quantity = quantity_of(maker, row->target, position);
        row->status =
            target_judge(row->target, &row->figure, day, row->quantity);
    }
}

/* Sums up a target that each unit has, over the units below `row->unit`. */
static void sum_up(const struct maker *maker, struct indicator_row *row)
{
    int32_t date = maker->request->range.unit_date;
    bool missed = false, behind = false;

    row->summary = true;
    row->judged = false;
    for (size_t i = 0; i < maker->unit_count; i++) {
        struct indicator_row below = *row;

        below.unit = units_at(maker->units, i);
        if (!maker->figures[i].known ||
            !units_below(maker->units, below.unit->key, row->unit->key, date)) {
            continue;
        }
        judge_row(maker, &below);
        if (!below.judged || below.status < TARGET_MET) {
            continue;
        }
        row->units_judged++;
        row->units_met += below.status == TARGET_MET;
        missed = missed || below.status == TARGET_MISSED;
        behind = behind || below.status == TARGET_BEHIND;
    }
    row->status = row->units_judged == 0                ? TARGET_MONITOR
                  : missed                              ? TARGET_MISSED
                  : behind                              ? TARGET_BEHIND
                  : row->units_met == row->units_judged ? TARGET_MET
                                                        : TARGET_ON_TRACK;
}

/* Room for `more` rows. */
static MUST_USE enum status make_room(struct maker *maker, size_t more)
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

static void add_row(struct maker *maker, struct indicator_row row)
{
    judge_row(maker, &row);
    if (row.target != NULL && row.target->each_unit && !row.judged &&
        row.unit->level < row.target->each_level) {
        sum_up(maker, &row);
    }
    maker->made->not_divided =
        maker->made->not_divided || row.figure.not_divided;
    maker->made->erased = maker->made->erased || row.figure.erased;
    maker->made->hidden =
        maker->made->hidden || row.figure.hidden != FIGURE_SHOWN;
    maker->made->rows[maker->made->count++] = row;
}

/* Marks the units in force that the target's list holds, or does not. */
static void mark_scope(const struct maker *maker,
                       const struct plan_target *target)
{
    const struct plan_list *list = &maker->plan->lists[target->scope_list];
    int32_t date = maker->request->range.unit_date;

    for (size_t i = 0; i < maker->unit_count; i++) {
        uint32_t key = units_at(maker->units, i)->key;
        bool named = false;

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

static MUST_USE enum status compute(const struct maker *maker,
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
    if (formula == NULL) {
        memset(figures, 0, maker->unit_count * sizeof *figures);
        return STATUS_OK;
    }
    return indicator_compute(maker->fold, maker->context, formula, &range,
                             figures, maker->unit_count);
}

/* Whether the request asks for a row of this unit beside its own. */
static bool is_listed(const struct maker *maker, const struct unit *unit)
{
    const struct unit *own = maker->made->unit;
    int32_t date = maker->request->range.unit_date;

    return unit->level == maker->request->by_level && unit != own &&
           unit->from <= date && unit->to > date &&
           units_below(maker->units, unit->key, own->key, date);
}

/* The unit of the first row: in the table of the plan's own unit a target that
 * is another unit's stands with that unit's figure. */
static const struct unit *first_unit(const struct maker *maker,
                                     const struct plan_target *target)
{
    int32_t date = maker->request->range.unit_date;
    const struct unit *own = maker->made->unit;
    const struct unit *scope = NULL;

    if (target != NULL && target->scope != 0 && !target->each_unit &&
        own ==
            plan_carried(maker->plan, maker->units, maker->plan->unit, date)) {
        scope = plan_carried(maker->plan, maker->units, target->scope, date);
    }
    return scope != NULL ? scope : own;
}

/* The rows of one target, or of an indicator without one. */
static MUST_USE enum status add_rows(struct maker *maker,
                                     const struct plan_target *target,
                                     uint32_t number)
{
    struct indicator_row row = {
        .target = target,
        .indicator = &maker->plan->indicators[number],
        .unit = first_unit(maker, target),
    };
    enum status status;

    if (target != NULL && target->scope_listed) {
        mark_scope(maker, target);
    }
    status = compute(maker, target, row.indicator->formula, maker->figures);
    if (status == STATUS_OK) {
        status = suppress_figures(maker->suppress, number, maker->figures,
                                  maker->unit_count);
    }
    if (status == STATUS_OK && target != NULL &&
        target->quantity_formula != NULL) {
        status =
            compute(maker, target, target->quantity_formula, maker->quantities);
    }
    if (status == STATUS_OK) {
        status =
            make_room(maker, 1 + (maker->request->by ? maker->unit_count : 0));
    }
    if (status != STATUS_OK) {
        return status;
    }
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

static bool is_wanted(const struct maker *maker,
                      const struct plan_target *target,
                      const struct plan_indicator *indicator)
{
    const char *wanted = maker->request->indicator;

    return wanted == NULL || strcmp(wanted, indicator->id) == 0 ||
           (target != NULL && strcmp(wanted, target->id) == 0);
}

static MUST_USE enum status add_all(struct maker *maker)
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

static MUST_USE enum status make(struct maker *maker)
{
    struct indicator_rows *made = maker->made;
    enum status status = suppress_new(maker->fold, maker->context,
                                      maker->request, &maker->suppress);

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
    struct maker maker = {.fold = fold,
                          .context = context,
                          .request = request,
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
    status = maker.made->unit == NULL ? STATUS_NOT_FOUND : make(&maker);
    free(maker.figures);
    free(maker.quantities);
    free(maker.within);
    suppress_free(&maker.suppress);
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
