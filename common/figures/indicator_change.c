/* Changes against an earlier range or a stated figure. The earlier figure is
 * the same formula over days that lie as far back, as far as the present range
 * is known: half a year is not held against a whole one. Failure mode: no
 * memory. */
#include "common/figures/indicator_state.h"

#include "common/base/check.h"
#include "common/event/calendar.h"

#include <stdlib.h>

__extension__ typedef __int128 wide;

#define MONTHS_IN_YEAR 12

static int32_t shift_day(struct figuring_shift shift, int32_t day)
{
    struct calendar_date date = calendar_date(day);
    int32_t months = date.year * MONTHS_IN_YEAR + date.month - 1 - shift.months;
    int32_t last;

    date.year = months / MONTHS_IN_YEAR;
    date.month = months % MONTHS_IN_YEAR + 1;
    last = calendar_days_in_month(date.year, date.month);
    if (date.day > last) {
        date.day = last;
    }
    return calendar_day(date.year, date.month, date.day) - shift.days;
}

int32_t figuring_shifted(const struct figuring *figuring, int32_t day)
{
    return shift_day(figuring->shift, day);
}

/* From the range to the one before. A range of whole months, from the first or
 * any other day on, follows on as many months. */
static struct figuring_shift shift_of(const struct figure_range *range,
                                      enum plan_against against)
{
    struct calendar_date from = calendar_date(range->from);
    struct calendar_date after = calendar_date(range->to + 1);
    struct figuring_shift shift = {.months = MONTHS_IN_YEAR};

    if (against == PLAN_AGAINST_PERIOD) {
        shift.months = (after.year - from.year) * MONTHS_IN_YEAR + after.month -
                       from.month;
        if (from.day != after.day) {
            shift.months = 0;
            shift.days = range->to - range->from + 1;
        }
    }
    return shift;
}

void figuring_baseline(const struct figuring *figuring,
                       const struct plan_formula *formula,
                       struct figure figures[])
{
    const struct plan_baseline *baseline =
        &figuring->plan->baselines[formula->baseline];
    /* The unit that carries it on has what was stated of it. */
    const struct unit *unit =
        plan_carried(figuring->plan, figuring->units, baseline->unit,
                     figuring->range.unit_date);

    for (size_t i = 0; i < figuring->count; i++) {
        struct figure *figure = &figures[i];

        figure->known = figure->known && units_at(figuring->units, i) == unit;
        if (figure->known) {
            figure->value = (int64_t)baseline->quantity;
            figure->lower_bound = baseline->lower_bound;
        }
    }
}

/* The operand over the earlier range, or the other operand. */
static MUST_USE enum status compute_before(struct figuring *figuring,
                                           const struct plan_formula *formula,
                                           struct figure before[])
{
    struct figuring_shift shift, kept = figuring->shift;
    struct figure_range range = figuring->range;
    int32_t known = figuring_known_to(figuring);
    enum status status;

    if (formula->against == PLAN_AGAINST_OPERAND) {
        check(formula->operand_count == 2);
        return figuring_compute(figuring, formula->operands[1], before);
    }
    shift = shift_of(&range, formula->against);
    figuring->shift.months += shift.months;
    figuring->shift.days += shift.days;
    figuring->range.from = shift_day(shift, range.from);
    /* The day after, so that the end of a month stays one. */
    figuring->range.to = shift_day(shift, known + 1) - 1;
    figuring->range.known_to = 0;
    status = figuring_compute(figuring, formula->operands[0], before);
    figuring->range = range;
    figuring->shift = kept;
    return status;
}

/* Whether nothing was recorded yet at the end of the earlier range: then the
 * figure of it is not zero but unknown. */
static MUST_USE enum status lies_before_all(const struct figuring *figuring,
                                            const struct plan_formula *formula,
                                            const struct unit *own,
                                            bool *before_all)
{
    struct figuring_shift shift;
    int32_t first;
    enum status status;

    *before_all = false;
    if (formula->against == PLAN_AGAINST_OPERAND || own == NULL) {
        return STATUS_OK;
    }
    shift = shift_of(&figuring->range, formula->against);
    status = indicator_first_day(figuring->fold, own->key,
                                 figuring->range.unit_date, &first);
    *before_all = status == STATUS_OK &&
                  shift_day(shift, figuring_known_to(figuring) + 1) - 1 < first;
    return status;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* now - before of two shares, as one fraction. */
static void subtract_shares(struct figure *figure, const struct figure *before)
{
    int64_t divisor = common_divisor(figure->denominator, before->denominator);
    wide whole, part;

    if (divisor == 0) {
        figure->defined = false;
        return;
    }
    whole = (wide)figure->denominator / divisor * before->denominator;
    part = (wide)figure->value * (before->denominator / divisor) -
           (wide)before->value * (figure->denominator / divisor);
    if (whole > INT64_MAX || part > INT64_MAX || part < INT64_MIN) {
        figure->known = false;
        return;
    }
    figure->value = (int64_t)part;
    figure->denominator = (int64_t)whole;
}

static void change_figure(const struct plan_formula *formula,
                          struct figure *figure, const struct figure *before)
{
    figure->change = true;
    figure->known = figure->known && before->known;
    figure->defined = figure->defined && before->defined;
    figure->unreported = figure->unreported || before->unreported;
    figure->not_divided = figure->not_divided || before->not_divided;
    figure->lower_bound = figure->lower_bound || before->upper_bound;
    figure->upper_bound = figure->upper_bound || before->lower_bound;
    if (formula->change == PLAN_CHANGE_POINTS) {
        subtract_shares(figure, before);
        return;
    }
    figure->value =
        (int64_t)((uint64_t)figure->value - (uint64_t)before->value);
    if (formula->change == PLAN_CHANGE_PERCENT) {
        figure->ratio = true;
        figure->denominator = before->value;
        figure->defined = figure->defined && before->value > 0;
    }
}

MUST_USE enum status figuring_change(struct figuring *figuring,
                                     const struct plan_formula *formula,
                                     struct figure figures[])
{
    struct figure_range range = figuring->range;
    struct figure *before = calloc(figuring->count + 1, sizeof *before);
    const struct unit *own = plan_carried(
        figuring->plan, figuring->units, figuring->plan->unit, range.unit_date);
    bool before_all;
    enum status status = lies_before_all(figuring, formula, own, &before_all);

    if (status == STATUS_OK) {
        status = before == NULL ? STATUS_MEMORY
                                : compute_before(figuring, formula, before);
    }
    if (status == STATUS_OK) {
        figuring->range.to = figuring_known_to(figuring);
        status = figuring_compute(figuring, formula->operands[0], figures);
        figuring->range = range;
    }
    for (size_t i = 0; status == STATUS_OK && i < figuring->count; i++) {
        if (formula->persons && units_at(figuring->units, i) != own) {
            figures[i].known = false;
        }
        before[i].defined = before[i].defined && !before_all;
        before[i].unreported = before[i].unreported || before_all;
        change_figure(formula, &figures[i], &before[i]);
    }
    free(before);
    return status;
}
