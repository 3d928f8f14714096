/* The plan language: what can be written, and what it means. */
#include "tests/support/small_plan.h"
#include "tests/support/source_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_language, .init = small_plan_open, .fini = small_plan_close);

Test(plan_language, what_is_right_is_taken)
{
    struct report report;
    struct plan *plan = small_plan_load(0, "", LANGUAGE_EN, &report);

    cr_assert_not_null(plan);
    cr_assert_eq(report.count, 0);
    cr_assert_eq(plan->measure_count, 3);
    cr_assert_eq(plan->targets[1].percent_e2, 7050);
    cr_assert_eq(plan->targets[1].from, 18293);
    cr_assert_str_eq(plan->rows[0].label.vi, "Xã C");
    cr_assert_str_eq(plan->lists[0].labels[0].vi, "Xã C");
    plan_free(&plan);
    report_fini(&report);
}

/* The value of line 23 and the comparison of line 44 in every other form. */
static void taken(size_t line, const char *text)
{
    struct report report;
    struct plan *plan = small_plan_load(line, text, LANGUAGE_EN, &report);

    if (plan == NULL) {
        report_print(&report, stderr);
    }
    cr_assert_not_null(plan, "%s", text);
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_language, every_operation_test_and_comparison_can_be_written)
{
    taken(23, "      sum: violation_counts\n      of: inspection");
    taken(23, "      distinct: est_ref\n      of: inspection");
    taken(23, "      first: est_ref\n      of: inspection");
    taken(23, "      never: [subject_unit, team_kind]\n      of: inspection");
    taken(23, "      units: district\n      of: inspection");
    taken(23, "      reached: est_ref\n      at: start\n      of: inspection");
    taken(23, "      reached: est_ref\n      at: 2020-03-01\n      of: "
              "inspection");
    taken(23, "      both: [{distinct: est_ref, of: inspection}, {status: "
              "est_ref, of: establishment_status, is: {state: active}}]");
    taken(23, "      without: [{units: commune, of: inspection}, {distinct: "
              "subject_unit, of: plan_issued}]");
    taken(23, "      units: commune\n      of: inspection\n      below: yes\n"
              "      every: quarter\n      at_least: 2");
    taken(23, "      units: district\n      of: inspection\n      every: "
              "month\n      regime: nd09_2019");
    taken(23, "      distinct: est_ref\n      of: inspection\n      at_least: "
              "2");
    taken(23, "      periods: half_year\n      of_each: {sum: violations, of: "
              "inspection}\n      at_least: 3\n      per: {mode: [planned, "
              "unannounced]}");
    taken(23, "      valid: est_ref\n      of: commitment_signed\n      where: "
              "{kind: owner_to_commune}\n      is: {revoked: no}\n      until: "
              "valid_until\n      at: plan_start");
    taken(23, "      in_time: tip_ref\n      of: tip_status\n      where: "
              "{state: resolved}\n      by: due_on");
    taken(23, "      latest: worker_count\n      of: establishment_status\n"
              "      by: est_ref\n      among: {distinct: est_ref, of: "
              "inspection}");
    taken(23, "      status: subject_unit\n      of: situation_census\n      "
              "where: {sellers_on_file: {present: yes}}\n      is: "
              "{sellers_on_file: {at_least: 1}}");
    taken(24, "      where: {sanctions: {at_most: {field: violations}}}");
    taken(24, "      where: {violation_kinds: {all_of: [licence, other]}}");
    taken(24, "      where: {violation_kinds: licence}");
    taken(24, "      where: {mode: {none_of: follow_up}}");
    taken(24, "      where: {inspected_on: {at_least: 2020-03-01}}");
    taken(24, "      where: {fine_vnd: {at_most: 1.000.000}}");
    taken(24, "      where: {follow_up_of: {present: yes}}");
    taken(24, "      where: {subject_unit: {level: commune}}");
    taken(24, "      where: {office: police, unit: gso3:001}");
    taken(44, "    more_than: 5");
    taken(44, "    exactly: 5");
    taken(44, "    at_most: 5");
    taken(44, "    between: [3, 9]");
    taken(44, "    none: yes");
    taken(44, "    monitor: yes");
    taken(44, "    at_least: {quantity: {latest: own_inspection_target, by: "
              "subject_unit, of: plan_issued}}\n    each: district");
}

Test(plan_language, a_flag_that_is_not_given_is_a_no)
{
    struct report report;
    struct plan *plan = small_plan_load(30,
                                        "      of: communication_activity\n"
                                        "      where: {integrated_legal: no}",
                                        LANGUAGE_EN, &report);
    const struct plan_condition *condition;

    cr_assert_not_null(plan);
    condition = &plan->measures[1].conditions[1];
    cr_assert_eq(condition->field, EVENT_BODY_BASE + 8);
    cr_assert_eq(condition->test, PLAN_TEST_NONE_OF);
    cr_assert_eq(condition->values[0], 1);
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_language, a_plan_may_close_its_periods_on_days_of_its_own)
{
    struct report report;
    struct plan *plan = small_plan_load(
        6,
        "regimes: [{regime: plan_deadline, last_days: {quarter: [03-14, "
        "06-14, 09-14, 12-14], year: [12-14]}}, {regime: nd09_2019}]",
        LANGUAGE_EN, &report);

    cr_assert_not_null(plan);
    cr_assert_eq(plan->regime_count, 2);
    cr_assert_eq(plan->regimes[0].kinds,
                 1u << PERIOD_QUARTER | 1u << PERIOD_YEAR);
    cr_assert_eq(plan->regimes[0].cuts[PERIOD_QUARTER][2].month, 9);
    cr_assert_eq(period_count(&plan->regimes[1], PERIOD_MONTH), 12);
    plan_free(&plan);
    report_fini(&report);
}

static enum status status_with(size_t line, const char *text)
{
    struct report report;
    struct plan *plan = small_plan_load(line, text, LANGUAGE_EN, &report);
    enum status rc = plan == NULL ? STATUS_INVALID : STATUS_OK;

    plan_free(&plan);
    report_fini(&report);
    return rc;
}

/* One place of PLAN_CONDITIONS_MAX is for the programme. */
Test(plan_language, i11_conditions_and_operands_are_limited)
{
#define ELEVEN                                                             \
    "      where: {mode: planned, est_ref: {present: yes}, team_kind: "    \
    "interagency_178, team_level: commune, result: reminded, violations: " \
    "1, sanctions: 1, fine_vnd: 1, office: police, unit: gso3:01, "        \
    "subject_unit: gso3:001"
    cr_assert_eq(status_with(SMALL_PLAN_WHERE, ELEVEN "}"), STATUS_OK);
    cr_assert_eq(status_with(SMALL_PLAN_WHERE, ELEVEN ", role: clerk}"),
                 STATUS_INVALID);
#define SIX                                                                   \
    "{constant: 1}, {constant: 1}, {constant: 1}, {constant: 1}, {constant: " \
    "1}, {constant: 1}"
    cr_assert_eq(
        status_with(SMALL_PLAN_FORMULA, "      add: [" SIX ", " SIX "]"),
        STATUS_OK);
    cr_assert_eq(status_with(SMALL_PLAN_FORMULA,
                             "      add: [" SIX ", " SIX ", {constant: 1}]"),
                 STATUS_INVALID);
}

/* What an officer copies from the document is taken as it stands. */
Test(plan_language, the_worked_example_of_the_document_is_right)
{
    char *document = source_file("docs/PLANS.md");
    char *unit_rows = source_file("plans/ha-noi-2018/units.csv");
    char *text = strstr(document, "<!-- example -->");
    struct units *units = NULL;
    struct plan *plan = NULL;
    struct report report;
    char *end;

    cr_assert_not_null(text);
    text = strstr(text, "```yaml\n");
    cr_assert_not_null(text);
    text += strlen("```yaml\n");
    end = strstr(text, "```");
    cr_assert_not_null(end);
    *end = '\0';
    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(
        units_add_csv(units, "units.csv", bytes_of_text(unit_rows), &report),
        STATUS_OK);
    if (plan_load("example", bytes_of_text(text), units, NULL, &report,
                  &plan) != STATUS_OK) {
        report_print(&report, stderr);
    }
    cr_assert_not_null(plan);
    cr_assert_eq(report.count, 0);
    cr_assert_eq(plan->target_count, 4);
    cr_assert(plan->indicators[0].persons);
    cr_assert(plan->targets[2].each_unit);
    plan_free(&plan);
    units_free(&units);
    report_fini(&report);
    free(unit_rows);
    free(document);
}

Test(plan_language, a_plan_may_be_for_several_programmes)
{
    struct report report;
    struct plan *plan = small_plan_load(
        5, "programme: [trafficking, prostitution]", LANGUAGE_EN, &report);
    const struct plan_condition *condition;

    cr_assert_not_null(plan);
    cr_assert_eq(plan->programme_count, 2);
    cr_assert_eq(plan->programme, 2);
    cr_assert_eq(plan->rows[0].event.programme, 2);
    condition = &plan->measures[0].conditions[0];
    cr_assert_eq(condition->field, EVENT_PROGRAMME);
    cr_assert_eq(condition->value_count, 2);
    cr_assert_eq(condition->values[0], 2);
    cr_assert_eq(condition->values[1], 1);
    plan_free(&plan);
    report_fini(&report);
    small_plan_mistake(5, "programme: []", 12, "1 to 4 programmes");
}

Test(plan_language, a_plan_may_name_the_offices_that_report)
{
    struct report report;
    struct plan *plan = small_plan_load_two(
        7, "offices: [police, health]", 44,
        "    at_least: 5\n    responsible: [police, court]", &report);

    cr_assert_not_null(plan);
    cr_assert(plan_asks_office(plan, 6));
    cr_assert_not(plan_asks_office(plan, 9));
    cr_assert_eq(report.warnings, 1);
    cr_assert_not_null(strstr(report.lines[0].text, "among the plan's"), "%s",
                       report.lines[0].text);
    plan_free(&plan);
    report_fini(&report);
    plan = small_plan_load(0, "", LANGUAGE_EN, &report);
    cr_assert(plan_asks_office(plan, 9));
    plan_free(&plan);
    report_fini(&report);
    small_plan_mistake(7, "offices: [polise]", 11, "did you mean");
}
