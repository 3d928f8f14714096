/* The plan language: what the real plan of Hà Nội compiles to. */
#include "common/event/calendar.h"
#include "common/event/reference.h"
#include "common/plan/plan.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define BODY(n) (EVENT_BODY_BASE + (n))

static struct units *units;
static struct plan *plan;

static void open_plan(void)
{
    char *text = source_file("plans/ha-noi-2018/units.csv");
    struct report report;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(
        units_add_csv(units, "units.csv", bytes_of_text(text), &report),
        STATUS_OK);
    free(text);
    text = source_file("plans/ha-noi-2018/plan.yaml");
    if (plan_load("plan.yaml", bytes_of_text(text), units, NULL, &report,
                  &plan) != STATUS_OK) {
        report_print(&report, stderr);
        cr_assert_fail("the plan is refused");
    }
    /* Three faults of the source, and 21 hotspots of which 7 are named. */
    cr_assert_eq(report.warnings, 4);
    free(text);
    report_fini(&report);
}

static void close_plan(void)
{
    plan_free(&plan);
    units_free(&units);
}

TestSuite(plan, .init = open_plan, .fini = close_plan);

static const struct plan_target *target_of(const char *id)
{
    uint32_t position = plan_find_target(plan, id);

    cr_assert_neq(position, UINT32_MAX, "%s", id);
    return &plan->targets[position];
}

static const struct plan_indicator *indicator_of(const char *target)
{
    return &plan->indicators[target_of(target)->indicator];
}

static const struct plan_formula *formula_of(const char *target)
{
    return indicator_of(target)->formula;
}

static const struct plan_measure *measure_of(const struct plan_formula *formula)
{
    cr_assert_lt(formula->measure, plan->measure_count);
    return &plan->measures[formula->measure];
}

/* The measure has that filter, apart from the plan's programme. */
static void expect_filter(const struct plan_measure *measure, uint32_t field,
                          enum plan_test test, uint32_t count, uint64_t first,
                          uint64_t second)
{
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];

        if (condition->field != field) {
            continue;
        }
        cr_assert_eq(condition->test, test);
        cr_assert_eq(condition->value_count, count);
        cr_assert_eq(condition->values[0], first);
        cr_assert(count < 2 || condition->values[1] == second);
        return;
    }
    cr_assert_fail("no condition on field %u", field);
}

static void expect_amount(const char *id, enum plan_comparator comparator,
                          uint64_t quantity)
{
    const struct plan_target *target = target_of(id);

    cr_assert_eq(target->comparator, comparator, "%s", id);
    cr_assert(target->has_quantity, "%s", id);
    cr_assert_eq(target->quantity, quantity, "%s", id);
}

Test(plan, its_head_is_that_of_the_text)
{
    cr_assert_str_eq(plan->id, "ha-noi-2018");
    cr_assert_eq(plan->revision, 1);
    cr_assert_str_eq(plan->number, "24/KH-UBND");
    cr_assert_eq(plan->issued_on, calendar_day(2018, 1, 23));
    cr_assert_eq(plan->from, calendar_day(2018, 1, 1));
    cr_assert_eq(plan->to, calendar_day(2018, 12, 31));
    cr_assert_eq(plan->unit, 1200001);
    cr_assert_eq(plan->programme, 1);
    cr_assert_eq(plan->legal_base_count, 8);
    cr_assert_eq(plan->regime_count, 1);
    cr_assert_eq(plan->regimes[0].number, PERIOD_CALENDAR);
    cr_assert_eq(plan->regimes[0].kinds,
                 1u << PERIOD_MONTH | 1u << PERIOD_QUARTER | 1u << PERIOD_YEAR);
    cr_assert_eq(plan->regimes[0].entry_kinds, 1u << PERIOD_QUARTER);
    cr_assert_eq(plan->target_count, 21);
}

Test(plan, every_measure_is_of_the_plans_programme)
{
    for (uint32_t i = 0; i < plan->measure_count; i++) {
        expect_filter(&plan->measures[i], EVENT_PROGRAMME, PLAN_TEST_ANY_OF, 1,
                      plan->programme, 0);
    }
}

Test(plan, hn18_01_and_02_count_cases_that_first_reach_a_stage)
{
    static const struct {
        const char *id;
        uint64_t quantity;
        uint64_t stage;
    } wanted[] = {{"HN18-01", 150, 2}, {"HN18-02", 120, 5}};

    for (size_t i = 0; i < 2; i++) {
        const struct plan_formula *formula = formula_of(wanted[i].id);
        const struct plan_measure *measure = measure_of(formula);

        cr_assert_eq(formula->operation, PLAN_FIRST);
        cr_assert_eq(measure->type, 10);
        cr_assert_eq(measure->keep, PLAN_KEEP_ROWS);
        cr_assert_eq(measure->key_field_count, 1);
        cr_assert_eq(measure->key_fields[0], BODY(1));
        expect_filter(measure, BODY(2), PLAN_TEST_ANY_OF, 1, wanted[i].stage,
                      0);
        expect_amount(wanted[i].id, PLAN_AT_LEAST, wanted[i].quantity);
    }
    cr_assert_eq(target_of("HN18-01")->source_line, 8);
    cr_assert_eq(indicator_of("HN18-01")->number, 30);
}

Test(plan, hn18_03_wants_both_named_hotspots_cleared)
{
    const struct plan_formula *formula = formula_of("HN18-03");
    const struct plan_formula *each = formula->operands[0];
    const struct plan_list *list = &plan->lists[formula->list];

    cr_assert_eq(formula->operation, PLAN_ALL_OF);
    cr_assert_eq(list->reference_kind, REFERENCE_HOTSPOT);
    cr_assert_eq(list->count, 2);
    cr_assert_eq(list->items[0], id60_make(0, 0, 1));
    cr_assert_eq(list->items[1], id60_make(0, 0, 2));
    cr_assert_not_null(strstr(list->labels[0].vi, "Tam Trinh"));
    cr_assert_eq(each->operation, PLAN_STATUS);
    cr_assert_eq(measure_of(each)->capture_count, 1);
    cr_assert_eq(measure_of(each)->capture[0], BODY(4));
    cr_assert_eq(each->condition_count, 1);
    cr_assert_eq(each->conditions[0].field, 0);
    cr_assert_eq(each->conditions[0].value_count, 3);
    cr_assert_eq(each->conditions[0].values[0], 4);
    cr_assert_eq(each->conditions[0].values[2], 6);
    expect_amount("HN18-03", PLAN_ALL_NAMED, 2);
}

Test(plan, hn18_04_allows_none_to_come_back_and_shows_21_and_7)
{
    const struct plan_formula *never = formula_of("HN18-04");
    const struct plan_formula *kept = formula_of("HN18-04-kept");
    const struct plan_target *target = target_of("HN18-04-kept");

    cr_assert_eq(never->operation, PLAN_DISTINCT);
    cr_assert_eq(never->list, UINT32_MAX);
    expect_filter(measure_of(never), BODY(4), PLAN_TEST_ANY_OF, 1, 7, 0);
    expect_filter(measure_of(never), BODY(2), PLAN_TEST_ANY_OF, 1, 1, 0);
    expect_amount("HN18-04", PLAN_NONE, 0);

    cr_assert_eq(kept->operation, PLAN_STATUS);
    cr_assert_eq(plan->lists[kept->list].count, 7);
    cr_assert_eq(plan->lists[kept->list].stated, 21);
    expect_amount("HN18-04-kept", PLAN_AT_LEAST, 21);
    cr_assert_eq(target->stated, 21);
    cr_assert_eq(target->listed, 7);
}

Test(plan, hn18_05_counts_establishments_of_the_citys_team)
{
    const struct plan_formula *formula = formula_of("HN18-05");
    const struct plan_measure *measure = measure_of(formula);

    cr_assert_eq(formula->operation, PLAN_DISTINCT);
    cr_assert_eq(measure->type, 8);
    cr_assert_eq(measure->key_fields[0], BODY(1));
    expect_filter(measure, BODY(2), PLAN_TEST_ANY_OF, 1, 1, 0);
    expect_filter(measure, BODY(3), PLAN_TEST_ANY_OF, 1, 1, 0);
    expect_amount("HN18-05", PLAN_AT_LEAST, 60);
}

Test(plan, hn18_06_shows_55_and_its_parts_from_one_measure)
{
    const struct plan_formula *total = formula_of("HN18-06");
    const struct plan_formula *kept = formula_of("HN18-06-maintained");
    const struct plan_formula *new = formula_of("HN18-06-new");

    cr_assert_eq(total->operation, PLAN_STATUS);
    cr_assert_eq(total->conditions[0].value_count, 2);
    cr_assert_eq(kept->conditions[0].values[0], 3);
    cr_assert_eq(new->conditions[0].values[0], 2);
    cr_assert_eq(total->measure, kept->measure);
    cr_assert_eq(total->measure, new->measure);
    cr_assert_eq(measure_of(total)->key_fields[0], EVENT_SUBJECT_UNIT);
    expect_amount("HN18-06", PLAN_AT_LEAST, 55);
    expect_amount("HN18-06-maintained", PLAN_AT_LEAST, 53);
    expect_amount("HN18-06-new", PLAN_AT_LEAST, 2);
    cr_assert_eq(indicator_of("HN18-06-new")->number, 48);
}

Test(plan, hn18_07_takes_one_pilot_and_says_that_none_is_stated)
{
    expect_amount("HN18-07", PLAN_AT_LEAST, 1);
    cr_assert_eq(measure_of(formula_of("HN18-07"))->key_fields[0], BODY(1));
    cr_assert_not_null(
        strstr(indicator_of("HN18-07")->note.en, "states no number"));
}

Test(plan, hn18_08_wants_470_and_80_per_cent)
{
    const struct plan_formula *formula = formula_of("HN18-08");
    const struct plan_target *target = target_of("HN18-08");

    cr_assert_eq(formula->operation, PLAN_RATIO);
    cr_assert_eq(formula->operands[0]->operation, PLAN_STATUS);
    cr_assert_eq(formula->operands[1]->operation, PLAN_IN_FORCE);
    cr_assert_eq(formula->operands[1]->level, UNIT_COMMUNE);
    expect_filter(measure_of(formula->operands[0]), BODY(1), PLAN_TEST_ANY_OF,
                  1, 2018, 0);
    expect_amount("HN18-08", PLAN_AT_LEAST, 470);
    cr_assert(target->has_percent);
    cr_assert_eq(target->percent_e2, 8000);
}

Test(plan, hn18_09_sums_persons_and_marks_them)
{
    const struct plan_formula *formula = formula_of("HN18-09");

    cr_assert_eq(formula->operation, PLAN_SUM);
    cr_assert_eq(measure_of(formula)->keep, PLAN_KEEP_SUM);
    cr_assert_eq(measure_of(formula)->field, BODY(9));
    expect_filter(measure_of(formula), BODY(1), PLAN_TEST_ANY_OF, 1, 1, 0);
    expect_filter(measure_of(formula), BODY(10), PLAN_TEST_ANY_OF, 1, 6, 0);
    cr_assert(indicator_of("HN18-09")->persons);
    cr_assert_not(indicator_of("HN18-05")->persons);
    expect_amount("HN18-09", PLAN_AT_LEAST, 6);
}

Test(plan, tasks_are_monitored)
{
    static const char *const tasks[] = {
        "HN18-T1",     "HN18-T1-decisions", "HN18-T2", "HN18-T3",
        "HN18-T4-178", "HN18-T4-volunteer", "HN18-T6"};

    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        cr_assert_eq(target_of(tasks[i])->comparator, PLAN_MONITOR);
    }
    cr_assert_eq(measure_of(formula_of("HN18-T1"))->field, BODY(2));
    cr_assert(indicator_of("HN18-T1")->persons);
    cr_assert_eq(measure_of(formula_of("HN18-T2"))->field, 0);
    expect_filter(measure_of(formula_of("HN18-T2")), BODY(4), PLAN_TEST_ANY_OF,
                  1, 3, 0);
    cr_assert_eq(formula_of("HN18-T4-178")->operation, PLAN_STATUS);
    expect_filter(measure_of(formula_of("HN18-T4-178")), BODY(2),
                  PLAN_TEST_ANY_OF, 1, UNIT_COMMUNE, 0);
    cr_assert_eq(indicator_of("HN18-T4-volunteer")->number, 52);
}

Test(plan, hn18_t5_reads_each_districts_own_target)
{
    const struct plan_target *target = target_of("HN18-T5");
    const struct plan_formula *own = target->quantity_formula;

    cr_assert(target->each_unit);
    cr_assert_eq(target->each_level, UNIT_DISTRICT);
    cr_assert_not(target->has_quantity);
    cr_assert_eq(own->operation, PLAN_LATEST);
    cr_assert_eq(measure_of(own)->type, 1);
    cr_assert_eq(measure_of(own)->key_fields[0], EVENT_SUBJECT_UNIT);
    cr_assert_eq(measure_of(own)->capture[own->capture], BODY(3));
    expect_filter(measure_of(own), EVENT_SUBJECT_UNIT, PLAN_TEST_LEVEL, 1,
                  UNIT_DISTRICT, 0);
    expect_filter(measure_of(formula_of("HN18-T5")), BODY(3), PLAN_TEST_ANY_OF,
                  2, UNIT_DISTRICT, UNIT_COMMUNE);
}

Test(plan, hn18_t6_is_not_computed_and_says_why)
{
    cr_assert_null(formula_of("HN18-T6"));
    cr_assert_not_null(indicator_of("HN18-T6")->not_computed.vi);
    cr_assert_not_null(
        strstr(indicator_of("HN18-T6")->not_computed.en, "budget"));
}

/* Every row of the annexes, and nothing that an office has not reported. */
Test(plan, the_annexes_are_register_rows)
{
    uint32_t models = 0, hotspots = 0, uncounted = 0;

    for (uint32_t i = 0; i < plan->row_count; i++) {
        const struct plan_register_row *row = &plan->rows[i];

        cr_assert_not_null(row->label.vi);
        cr_assert_eq(id60_agent(row->reference), 0);
        cr_assert_eq(row->event.unit, plan->unit);
        cr_assert_eq(row->event.programme, plan->programme);
        if (row->event.type == 14) {
            models++;
            cr_assert_eq(id60_number(row->reference), models);
            cr_assert_eq(event_get(&row->event, 2), 4);
            uncounted += event_get(&row->event, 3) == 1;
        } else {
            hotspots++;
            cr_assert_eq(id60_number(row->reference), hotspots);
        }
    }
    cr_assert_eq(models, 55);
    cr_assert_eq(uncounted, 55);
    cr_assert_eq(hotspots, 9);
}

Test(plan, a_hotspot_in_two_districts_is_one_row)
{
    const struct plan_register_row *row = &plan->rows[6];
    const uint32_t *places;
    size_t count = 0;

    cr_assert_eq(row->reference, id60_make(0, 0, 7));
    places = event_items(&row->event, 3, &count);
    cr_assert_eq(count, 2);
    cr_assert_eq(places[0], 1500112);
    cr_assert_eq(places[1], 1500016);
    cr_assert_eq(row->event.subject_unit, 1500112);
    cr_assert_eq(event_get(&row->event, 6), 2010);
    cr_assert_eq(event_get(&row->event, 7), 1300003);
    cr_assert_eq(row->event.occurred_on, calendar_day(2010, 12, 31));
}

Test(plan, every_indicator_and_target_speaks_both_languages)
{
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        const struct plan_indicator *indicator = &plan->indicators[i];

        cr_assert_not_null(indicator->label.vi);
        cr_assert_not_null(indicator->label.en);
        cr_assert_not_null(indicator->unit_of_count.en);
        cr_assert_neq(indicator->number, indicator->formula == NULL ? 1 : 0,
                      "%s", indicator->id);
    }
    for (uint32_t i = 0; i < plan->target_count; i++) {
        cr_assert_not_null(plan->targets[i].label.vi);
        cr_assert_gt(plan->targets[i].source_line, 0);
        cr_assert_eq(plan->targets[i].due, plan->to);
    }
}
