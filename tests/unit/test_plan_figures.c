/* The whole way from the text of Hà Nội's plan to its figures, without ledger
 * and line: the sample year, counted under plan.yaml, gives in every cell what
 * a separate count of the same files gives. */
#include "common/base/csv.h"
#include "common/figures/indicator.h"
#include "tests/support/sample_year.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct comparing {
    struct sample_year year;
    struct figure *figures; /* of one indicator, for all units */
    struct figure *wanted;  /* of the target's own number */
    size_t cells;
    size_t differences;
};

static const struct plan_formula *formula_of(const struct plan *plan,
                                             const char *row,
                                             const struct plan_target **target)
{
    uint32_t position;

    *target = NULL;
    position = plan_find_target(plan, row);
    if (position == UINT32_MAX) {
        position = plan_find_indicator(plan, row);
        cr_assert_neq(position, UINT32_MAX, "no target or indicator %s", row);
        return plan->indicators[position].formula;
    }
    *target = &plan->targets[position];
    return plan->indicators[(*target)->indicator].formula;
}

static void compute(struct comparing *comparing,
                    const struct plan_formula *formula, struct figure figures[])
{
    const struct context *context = comparing->year.context;
    struct figure_range range;

    figure_range_default(context_plan_at(context, 0)->plan, &range);
    cr_assert_eq(indicator_compute(comparing->year.fold, context, formula,
                                   &range, figures,
                                   units_count(context_units(context))),
                 STATUS_OK);
}

static void expect(struct comparing *comparing, const char *row,
                   const char *unit, const char *what, int64_t value,
                   const char *expected)
{
    comparing->cells++;
    if (*expected != '\0' && value != strtoll(expected, NULL, 10)) {
        (void)fprintf(stderr, "%s %s %s: %" PRId64 ", expected %s\n", row, unit,
                      what, value, expected);
        comparing->differences++;
    }
}

/* How the target stands when the plan's year is over. */
static void expect_status(struct comparing *comparing,
                          const struct plan_target *target,
                          const struct figure *figure, uint64_t quantity,
                          const struct csv_cell *cells)
{
    int32_t after = context_plan_at(comparing->year.context, 0)->plan->to + 1;
    const char *status =
        target_status_token(target_judge(target, figure, after, quantity));

    comparing->cells++;
    if (cells[5].size > 0 && strcmp(status, cells[5].text) != 0) {
        (void)fprintf(stderr, "%s %s: %s, expected %s\n", cells[0].text,
                      cells[1].text, status, cells[5].text);
        comparing->differences++;
    }
}

/* row, unit, value, denominator, goal, status */
static enum status on_expected(void *owner, const struct csv_row *row)
{
    struct comparing *comparing = owner;
    const struct context *context = comparing->year.context;
    const struct plan *plan = context_plan_at(context, 0)->plan;
    const struct units *units = context_units(context);
    const struct csv_cell *cells = row->cells;
    const struct plan_formula *formula;
    const struct plan_target *target;
    const struct figure *figure;
    uint32_t key = 0;
    uint64_t quantity = 0;
    size_t position;

    if (row->number == 1) {
        return STATUS_OK;
    }
    formula = formula_of(plan, cells[0].text, &target);
    if (formula == NULL) {
        return STATUS_OK; /* said to be not computed */
    }
    cr_assert_eq(unit_key_parse(cells[1].text, cells[1].size, 0, &key),
                 STATUS_OK);
    position = units_position(units, units_find(units, key, plan->to));
    compute(comparing, formula, comparing->figures);
    figure = &comparing->figures[position];
    expect(comparing, cells[0].text, cells[1].text, "value", figure->value,
           cells[2].text);
    if (target != NULL && target->quantity_formula != NULL) {
        compute(comparing, target->quantity_formula, comparing->wanted);
        expect(comparing, cells[0].text, cells[1].text, "own target",
               comparing->wanted[position].value, cells[4].text);
        quantity = (uint64_t)comparing->wanted[position].value;
    } else if (figure->ratio) {
        expect(comparing, cells[0].text, cells[1].text, "denominator",
               figure->denominator, cells[3].text);
    }
    /* That a target is met by each unit is summed up by the table. */
    if (target != NULL && !(target->each_unit && key == plan->unit)) {
        expect_status(comparing, target, figure,
                      target->has_quantity ? target->quantity : quantity,
                      cells);
    }
    return STATUS_OK;
}

static void open_year(struct comparing *comparing)
{
    size_t count;

    memset(comparing, 0, sizeof *comparing);
    sample_year_open(&comparing->year, "ha-noi-2018");
    count = units_count(context_units(comparing->year.context));
    comparing->figures = calloc(count, sizeof comparing->figures[0]);
    comparing->wanted = calloc(count, sizeof comparing->wanted[0]);
    cr_assert(comparing->figures != NULL && comparing->wanted != NULL);
}

static void close_year(struct comparing *comparing)
{
    free(comparing->figures);
    free(comparing->wanted);
    sample_year_close(&comparing->year);
}

Test(plan_figures, every_cell_of_the_sample_year_is_as_counted_apart)
{
    struct comparing comparing;
    char *expected = source_file("plans/ha-noi-2018/samples/expected.csv");

    open_year(&comparing);
    cr_assert_eq(
        csv_read(bytes_of_text(expected), on_expected, &comparing, NULL),
        STATUS_OK);
    /* 31 units with 23 computed rows and more each. */
    cr_assert_gt(comparing.cells, 31 * 23);
    cr_assert_eq(comparing.differences, 0, "%zu cells differ",
                 comparing.differences);
    free(expected);
    close_year(&comparing);
}

/* An event that is refused would make a figure wrong in silence. */
Test(plan_figures, every_sample_event_is_counted_or_corrected)
{
    struct comparing comparing;
    struct fold_totals totals;

    open_year(&comparing);
    fold_totals(comparing.year.fold, &totals);
    cr_assert_eq(totals.events, comparing.year.count);
    cr_assert_eq(totals.outcomes[FOLD_COUNTED] + totals.outcomes[FOLD_VOIDED] +
                     totals.outcomes[FOLD_REPLACED],
                 totals.events);
    cr_assert_gt(totals.outcomes[FOLD_VOIDED], 0);
    cr_assert_gt(totals.outcomes[FOLD_REPLACED], 0);
    close_year(&comparing);
}
