/* What a figure means for its unit: whether the target is set for it, how it
 * stands, and what it says that there is none. */
#include "common/figures/indicator_maker.h"

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
static uint64_t quantity_of(const struct row_maker *maker,
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
static bool is_for(const struct row_maker *maker,
                   const struct plan_target *target, const struct unit *unit)
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
static bool judging_day(const struct row_maker *maker,
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

/* What it means that a unit below the plan's own has this figure, or none. */
static void find_state(const struct row_maker *maker, struct indicator_row *row)
{
    const struct indicator_request *request = maker->request;
    const struct figure_range *range = &request->range;
    int32_t known = range->known_to != 0 ? range->known_to : request->today;

    const struct silence *silence = row->ended == 0 ? request->silence : NULL;
    size_t unit = units_position(maker->units, row->unit);
    bool happened;

    row->told.since = row->told.until = RECEIVED_NO_DAY;
    if (maker->scene->received != NULL && row->figure.known &&
        row->indicator->formula != NULL &&
        row->unit != plan_carried(maker->plan, maker->units, maker->plan->unit,
                                  request->range.unit_date)) {
        happened = indicator_row_happened(row);
        row->state = received_state(maker->scene->received, silence,
                                    row->indicator, unit, happened, &row->told);
        row->by_plan = received_state_by_plan(maker->scene->received, silence,
                                              row->indicator, unit, happened);
        row->cut_off = row->state == RECEIVED_SO_FAR && known > range->to &&
                       row->told.until <= range->to;
    }
}

void row_maker_judge(const struct row_maker *maker, struct indicator_row *row)
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

void row_maker_sum_up(const struct row_maker *maker, struct indicator_row *row)
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
        row_maker_judge(maker, &below);
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
