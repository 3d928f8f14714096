/* Which rows there are, and their figures: each formula is computed once for
 * all units, then the rows of its target or indicator are written. */
#include "common/check.h"
#include "common/indicator.h"
#include "common/indicator_sheet.h"

#include <stdlib.h>
#include <string.h>

struct printer {
    struct sheet sheet;
    const struct fold *fold;
    const struct units *units;
    size_t count; /* rows of the units table */
    struct figure *figures;
    struct figure *quantities; /* of a target that reads its quantity */
    bool *shown;               /* by indicator */
    bool not_divided;
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
static uint64_t quantity_of(const struct printer *printer,
                            const struct plan_target *target, size_t position)
{
    const struct plan_list *list;

    if (target->quantity_formula != NULL) {
        const struct figure *figure = &printer->quantities[position];

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
    list = list_of(printer->sheet.plan,
                   printer->sheet.plan->indicators[target->indicator].formula);
    return list == NULL ? 0 : list->count;
}

/* Whether the target was set for this unit. */
static bool is_for(const struct printer *printer,
                   const struct plan_target *target, const struct unit *unit)
{
    const struct plan *plan = printer->sheet.plan;

    if (target->each_unit) {
        return unit->level == target->each_level &&
               (target->scope == 0 ||
                units_below(printer->units, unit->key, target->scope,
                            printer->sheet.request->range.unit_date));
    }
    return unit->key == (target->scope != 0 ? target->scope : plan->unit);
}

/* The day as of which the range can be judged; false when it leaves out the
 * beginning of the window. */
static bool judging_day(const struct printer *printer,
                        const struct plan_target *target, int32_t *day)
{
    const struct indicator_request *request = printer->sheet.request;

    bool whole = request->range.to >= target->to;

    *day = request->today;
    if (!whole && request->range.to < *day) {
        *day = request->range.to;
    }
    return request->range.from <= target->from;
}

static void judge_row(const struct printer *printer, struct sheet_row *row)
{
    size_t position = units_position(printer->units, row->unit);
    int32_t day;

    row->figure = printer->figures[position];
    if (row->target == NULL) {
        row->judged = true;
        row->status = !row->figure.known     ? TARGET_NOT_COMPUTED
                      : !row->figure.defined ? TARGET_NOTHING
                                             : TARGET_MONITOR;
        return;
    }
    row->status = TARGET_NOT_COMPUTED;
    row->judged = is_for(printer, row->target, row->unit) &&
                  judging_day(printer, row->target, &day);
    if (row->judged) {
        row->quantity = quantity_of(printer, row->target, position);
        row->status =
            target_judge(row->target, &row->figure, day, row->quantity);
    }
}

/* Sums up a target that each unit has, over the units below `row->unit`. */
static void sum_up(const struct printer *printer, struct sheet_row *row)
{
    int32_t date = printer->sheet.request->range.unit_date;
    bool missed = false, behind = false;

    row->summary = true;
    row->judged = false;
    for (size_t i = 0; i < printer->count; i++) {
        struct sheet_row below = *row;

        below.unit = units_at(printer->units, i);
        if (!printer->figures[i].known ||
            !units_below(printer->units, below.unit->key, row->unit->key,
                         date)) {
            continue;
        }
        judge_row(printer, &below);
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

static void write_row(struct printer *printer, struct sheet_row *row)
{
    judge_row(printer, row);
    if (row->target != NULL && row->target->each_unit && !row->judged &&
        row->unit->level < row->target->each_level) {
        sum_up(printer, row);
    }
    printer->not_divided = printer->not_divided || row->figure.not_divided;
    sheet_row(&printer->sheet, row);
}

static MUST_USE enum status compute(const struct printer *printer,
                                    const struct plan_formula *formula,
                                    struct figure figures[])
{
    if (formula == NULL) {
        memset(figures, 0, printer->count * sizeof *figures);
        return STATUS_OK;
    }
    return indicator_compute(printer->fold, printer->sheet.context, formula,
                             &printer->sheet.request->range, figures,
                             printer->count);
}

/* The rows of one target, or of an indicator without one. */
static MUST_USE enum status write_rows(struct printer *printer,
                                       const struct plan_target *target,
                                       uint32_t number)
{
    const struct indicator_request *request = printer->sheet.request;
    const struct plan_indicator *indicator =
        &printer->sheet.plan->indicators[number];
    struct sheet_row row = {
        .target = target,
        .indicator = indicator,
        .unit = printer->sheet.unit,
    };
    enum status status = compute(printer, indicator->formula, printer->figures);

    if (status == STATUS_OK && target != NULL &&
        target->quantity_formula != NULL) {
        status =
            compute(printer, target->quantity_formula, printer->quantities);
    }
    if (status != STATUS_OK) {
        return status;
    }
    printer->shown[number] = true;
    write_row(printer, &row);
    for (size_t i = 0; request->by && i < printer->count; i++) {
        const struct unit *unit = units_at(printer->units, i);
        int32_t date = request->range.unit_date;

        if (unit->level != request->by_level || unit == printer->sheet.unit ||
            unit->from > date || unit->to <= date ||
            !units_below(printer->units, unit->key, printer->sheet.unit->key,
                         date)) {
            continue;
        }
        row = (struct sheet_row){
            .target = target, .indicator = indicator, .unit = unit};
        write_row(printer, &row);
    }
    return STATUS_OK;
}

static bool is_wanted(const struct printer *printer,
                      const struct plan_target *target,
                      const struct plan_indicator *indicator)
{
    const char *wanted = printer->sheet.request->indicator;

    return wanted == NULL || strcmp(wanted, indicator->id) == 0 ||
           (target != NULL && strcmp(wanted, target->id) == 0);
}

static MUST_USE enum status write_all(struct printer *printer)
{
    const struct plan *plan = printer->sheet.plan;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < plan->target_count && status == STATUS_OK; i++) {
        const struct plan_target *target = &plan->targets[i];

        if (is_wanted(printer, target, &plan->indicators[target->indicator])) {
            status = write_rows(printer, target, target->indicator);
        }
    }
    for (uint32_t i = 0; i < plan->indicator_count && status == STATUS_OK;
         i++) {
        bool has_target = false;

        for (uint32_t k = 0; k < plan->target_count; k++) {
            has_target = has_target || plan->targets[k].indicator == i;
        }
        if (!has_target && is_wanted(printer, NULL, &plan->indicators[i])) {
            status = write_rows(printer, NULL, i);
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

static MUST_USE enum status print(struct printer *printer)
{
    enum status status, closed;

    printer->figures = calloc(printer->count + 1, sizeof *printer->figures);
    printer->quantities =
        calloc(printer->count + 1, sizeof *printer->quantities);
    printer->shown = calloc(printer->sheet.plan->indicator_count + 1u,
                            sizeof *printer->shown);
    if (printer->figures == NULL || printer->quantities == NULL ||
        printer->shown == NULL) {
        return STATUS_MEMORY;
    }
    status = sheet_open(&printer->sheet);
    if (status != STATUS_OK) {
        return status;
    }
    status = write_all(printer);
    closed = sheet_close(&printer->sheet, printer->shown, printer->not_divided);
    return status != STATUS_OK ? status : closed;
}

MUST_USE enum status indicator_print(const struct fold *fold,
                                     const struct context *context,
                                     const struct indicator_request *request,
                                     FILE *out)
{
    const struct plan *plan = context_plan(context);
    struct printer printer = {.fold = fold, .units = context_units(context)};
    enum status status;

    if (plan == NULL || printer.units == NULL ||
        !is_known(plan, request->indicator)) {
        return STATUS_NOT_FOUND;
    }
    printer.sheet = (struct sheet){
        .request = request,
        .context = context,
        .plan = plan,
        .position = fold_position(fold),
        .unit = units_find(printer.units,
                           request->unit != 0 ? request->unit : plan->unit,
                           request->range.unit_date),
        .out = out,
    };
    if (printer.sheet.unit == NULL) {
        return STATUS_NOT_FOUND;
    }
    printer.count = units_count(printer.units);
    status = print(&printer);
    free(printer.figures);
    free(printer.quantities);
    free(printer.shown);
    return status;
}
