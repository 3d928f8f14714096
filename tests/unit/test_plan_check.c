/* The plan language: every mistake is told, with its line and column. One line
 * of a small plan that is right is put wrong at a time. */
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_check, .init = small_plan_open, .fini = small_plan_close);

#define mistake    small_plan_mistake
#define mistake_at small_plan_mistake_at

Test(plan_check, mistakes_in_the_head)
{
    mistake(1, "plan: nhỏ", 7, "an id is made of");
    mistake(1, "paln: small", 1, "no key \"paln\"; did you mean \"plan\"?");
    mistake(1, "number: 1/KH", 1, "key \"plan\" is missing");
    mistake(2, "title: {vi: Nhỏ}", 8, "key \"en\" is missing");
    mistake(3, "period: {from: 2020-01-01}", 9, "key \"to\" is missing");
    mistake(3, "period: {from: 2020-01-01, to: 2019-12-31}", 9,
            "a plan runs from");
    mistake(3, "period: {from: 2020-02-30, to: 2020-12-31}", 16,
            "is not a day");
    mistake(4, "unit: gso3:09", 7, "no unit \"gso3:09\"");
    mistake(4, "unit: Hà Nội", 7, "not the code of a unit");
    mistake(5, "programme: prostitusion", 12, "did you mean \"prostitution\"?");
    mistake(6, "regimes: [{regime: calender}]", 20,
            "did you mean \"calendar\"?");
    mistake(6, "regimes: [{regime: calendar, kinds: [week]}]", 38,
            "no value \"week\"");
    mistake(6, "regimes: [{regime: calendar, last_days: {year: [12-14]}}]", 41,
            "only the regime plan_deadline");
    mistake(6, "regimes: [{regime: plan_deadline}]", 11,
            "key \"last_days\" is missing");
    mistake(6,
            "regimes: [{regime: plan_deadline, last_days: {quarter: "
            "[14/03]}}]",
            57, "month-day");
    mistake(6,
            "regimes: [{regime: plan_deadline, last_days: {quarter: [06-14, "
            "03-14]}}]",
            64, "order of the year");
    mistake(6,
            "regimes: [{regime: plan_deadline, kinds: [month], last_days: "
            "{quarter: [06-14]}}]",
            43, "no period \"month\"");
    mistake(7, "issued_on: 02/01/2020", 12, "is not a day");
    mistake(7, "source_faults: [{line: 3, vi: sai}]", 17,
            "key \"en\" is missing");
    mistake(7, "legal_base: một", 13, "a list is wanted");
}

Test(plan_check, mistakes_in_the_register)
{
    mistake(9, "  - type: model_state", 11, "did you mean \"model_status\"?");
    mistake(10, "    common: {as_of: 2020-01-01, kind: peer_grup}", 39,
            "did you mean \"peer_group\"?");
    mistake_at(10, "    common: {as_of: 2021-01-01, kind: peer_group}", 12, 9,
               "after the end of the plan");
    mistake(10, "    common: {as_of: 2020-01-01, knd: peer_group}", 33,
            "has no field \"knd\"; did you mean \"kind\"?");
    mistake(10, "    common: {office: police}", 14, "does not set");
    mistake(12,
            "      - {model_ref: MOD-0000-000001-6, subject_unit: "
            "gso3:00001, state: new}",
            21, "check character");
    mistake(12,
            "      - {model_ref: HOT-0000-000001-D, subject_unit: "
            "gso3:00001, state: new}",
            21, "not a reference like MOD");
    mistake(12,
            "      - {model_ref: MOD-0000-000001-5, subject_unit: "
            "gso3:00002, state: new}",
            54, "not in force in the time of the plan");
    mistake(12,
            "      - {model_ref: MOD-0000-000001-5, subject_unit: "
            "gso3:00001}",
            9, "field \"state\" is missing");
    mistake(12, "      - {model_ref: MOD-0000-000001-5, state: new}", 9,
            "place \"subject_unit\" is missing");
    mistake(12, "      - {subject_unit: gso3:00001, state: new}", 9,
            "field \"model_ref\" is missing");
}

Test(plan_check, mistakes_in_lists)
{
    mistake(14, "  - id: Models", 9, "an id is made of");
    mistake(16, "    of: modle", 9, "did you mean \"model\"?");
    mistake_at(16, "    of: unit", 17, 13, "not the code of a unit");
    mistake_at(16, "    of: hotspot", 17, 13, "not a reference like HOT");
    mistake(17, "    items: [MOD-0000-000001-5, MOD-0000-000001-5]", 32,
            "in the list already");
    mistake(17, "    items: MOD-0000-000001-5", 12, "a list is wanted");
    mistake(17, "    items: [{itm: MOD-0000-000001-5}]", 14, "no key \"itm\"");
}

Test(plan_check, mistakes_in_indicators)
{
    mistake_at(19, "  - id: covered", 25, 9, "stands above already");
    mistake(21, "    unit_of_cuont: {vi: lượt, en: visits}", 5,
            "did you mean \"unit_of_count\"?");
    mistake(25, "  - id: visits", 9, "stands above already");
    mistake_at(28, "    not_computed: {vi: a, en: b}\n    value:", 25, 5,
               "has either value");
    mistake(20, "    label: {vi: Lượt, en: Visits, fr: x}", 35,
            "no key \"fr\"");
    mistake(32, "    reports_as: visitz\n    label: {vi: a, en: b}", 17,
            "no value \"visitz\"");
    mistake(22, "    values:", 5, "did you mean \"value\"?");
    mistake(21, "    persons: perhaps", 14, "no value \"perhaps\"");
}

Test(plan_check, mistakes_in_formulas)
{
    mistake(23, "      coun: inspection", 7, "did you mean \"count\"?");
    mistake_at(22, "    value: planned\n    other:", 22, 12,
               "a formula is written");
    mistake(23, "      count: inspecton", 14, "did you mean \"inspection\"?");
    mistake(23, "      count: correction", 14, "it is not counted");
    mistake(23, "      sum: est_ref\n      of: inspection", 12,
            "is no number to add");
    mistake_at(23, "      sum: violations\n      off: inspection", 24, 7,
               "did you mean \"of\"?");
    mistake(23, "      sum: violations", 7, "key \"of\" is missing");
    mistake(23, "      latest: violations\n      of: inspection", 7,
            "key \"by\" is missing");
    mistake(23, "      distinct: mode\n      of: inspection", 17,
            "a key is one reference");
    mistake(23, "      distinct: violations\n      of: inspection", 17,
            "cannot tell things apart");
    mistake(23, "      distinct: [est_ref, subject_unit]\n      of: inspection",
            17, "a key is one reference");
    mistake(23, "      units: ward\n      of: inspection", 14,
            "no value \"ward\"");
    mistake(23, "      in_force: commune\n      count: inspection", 7,
            "one operation in a formula");
    mistake(29, "      coverage: comune", 17, "did you mean \"commune\"?");
    mistake(35, "      status: modle_ref", 15,
            "has no field \"modle_ref\"; did you mean \"model_ref\"?");
    mistake(38, "      is: {stat: new}", 12, "did you mean \"state\"?");
    mistake(38, "      is: {kind: peer_group}", 11, "both where and is");
    mistake(39, "      in_list: model", 16, "did you mean \"models\"?");
}

Test(plan_check, mistakes_in_formulas_of_formulas)
{
    mistake(23, "      add: [{constant: 1}]", 12, "2 to 12 operands");
    mistake(23, "      subtract: {constant: 1}", 17, "a list is wanted");
    mistake(23, "      ratio: {part: {constant: 1}}", 14,
            "key \"whole\" is missing");
    mistake(23, "      ratio: {part: {constant: 1}, whole: {constant: 0}}", 43,
            "always 0");
    mistake(23,
            "      ratio: {part: {coverage: commune, of: inspection}, "
            "whole: {constant: 2}}",
            21, "a ratio of a ratio");
    mistake(23, "      all_of: models", 7, "key \"each\" is missing");
    mistake(23, "      all_of: modles\n      each: {constant: 1}", 15,
            "did you mean \"models\"?");
    mistake(23, "      indicator: covered", 18, "no indicator above");
    mistake(23, "      constant: many", 17, "not a whole number");
    mistake(23,
            "      add: [{constant: 1}, {add: [{constant: 1}, {add: "
            "[{constant: 1}, {add: [{constant: 1}, {add: [{constant: 1}, "
            "{add: [{constant: 1}, {add: [{constant: 1}, {add: "
            "[{constant: 1}, {add: [{constant: 1}, {add: [{constant: 1}, "
            "{add: [{constant: 1}, {add: [{constant: 1}, {constant: 1}]}]}]}]}"
            "]}]}]}]}]}]}]}]",
            255, "nested deeper than 12");
}

Test(plan_check, mistakes_in_filters)
{
    mistake(24, "      where: {mod: planned}", 15,
            "event \"inspection\" has no field \"mod\"");
    mistake(24, "      where: {mode: plannd}", 21, "did you mean \"planned\"?");
    mistake(24, "      where: {mode: []}", 21, "the list is empty");
    mistake(24, "      where: {mode: {at_least: 1}}", 22, "does not suit");
    mistake(24, "      where: {mode: {all_of: [planned]}}", 22,
            "does not suit");
    mistake(24, "      where: {mode: {level: commune}}", 22, "does not suit");
    mistake(24, "      where: {mode: {in_list: models}}", 22, "does not suit");
    mistake(24, "      where: {est_ref: {in_list: models}}", 34,
            "of another kind");
    mistake(24, "      where: {mode: {any_of: planned, none_of: follow_up}}",
            21, "exactly one test");
    mistake(24, "      where: {mode: {is: planned}}", 22, "no key \"is\"");
    mistake(24, "      where: {violations: {at_least: some}}", 38,
            "not a whole number");
    mistake(24, "      where: {inspected_on: {at_least: tomorrow}}", 40,
            "is not a day");
    mistake(24,
            "      where: {occurred_on: 2020-01-01, inspected_on: "
            "2020-01-01}",
            40, "two conditions");
    mistake(24, "      where: {recorded_at: 5}", 15, "cannot be filtered");
    mistake(24, "      where: {subject_unit: gso3:00002}", 29, "not in force");
    mistake(24, "      where: {est_ref: {present: no}}", 25, "does not suit");
    mistake(24, "      where: planned", 14, "conditions are written");
}

Test(plan_check, mistakes_in_targets)
{
    mistake(41, "  - id: T 1", 9, "an id is made of");
    mistake(45, "  - id: T-1", 9, "stands above already");
    mistake(43, "    indicator: visit", 16, "did you mean \"visits\"?");
    mistake(44, "    at_leest: 5", 5, "did you mean \"at_least\"?");
    mistake_at(44, "    due: 2020-06-30", 41, 5, "exactly one comparison");
    mistake_at(44, "    at_least: 5\n    at_most: 6", 41, 5,
               "exactly one comparison");
    mistake(44, "    at_least: 70%", 15, "is no ratio");
    mistake(44, "    at_least: {percent: 70%}", 25, "is no ratio");
    mistake(44, "    at_least: {}", 15, "quantity or percent is missing");
    mistake(44, "    at_least: five", 15, "not a whole number");
    mistake(44, "    between: [9, 3]", 14, "a range is written");
    mistake(44, "    all_named: yes", 16, "does not count by a list");
    mistake(44, "    none: no", 11, "only yes");

    mistake(48, "    window: {from: 2020-02-01, to: 2021-01-31}", 13,
            "outside the time of the plan");
    mistake(48, "    window: {from: 2020-12-01, to: 2020-11-30}", 13,
            "(from) is after the last (to)");
    mistake(48, "    due: 2019-12-31", 10, "before the beginning");
    mistake(48, "    scope: gso3:00002", 12, "not in force");
    mistake(48, "    each: village", 11, "no value \"village\"");
    mistake(48, "    list: modls", 11, "did you mean \"models\"?");
    mistake(49, "    at_least: {quantity: 2, percent: 70%}", 15,
            "above the number of units (1)");
    mistake(49, "    at_least: {percent: 70.555%}", 25, "not a percentage");
    mistake(49, "    at_least: {percent: lots}", 25, "not a percentage");
}

Test(plan_check, all_mistakes_are_told_at_once_in_the_order_of_the_file)
{
    struct report report;
    struct plan *plan = small_plan_load(
        12, "      - {model_ref: X, subject_unit: Y, state: Z, colour: W}",
        LANGUAGE_EN, &report);

    cr_assert_null(plan);
    /* Four in the row, and the list's label and item are not touched. */
    cr_assert_eq(report.errors, 4);
    for (size_t i = 1; i < report.count; i++) {
        cr_assert_leq(report.lines[i - 1].column, report.lines[i].column);
    }
    report_fini(&report);
}

Test(plan_check, what_is_doubtful_is_a_warning)
{
    struct report report;
    struct plan *plan =
        small_plan_load(44, "    at_least: 0", LANGUAGE_EN, &report);

    cr_assert_not_null(plan);
    cr_assert_eq(report.warnings, 1);
    cr_assert_eq(report.lines[0].line, 44);
    cr_assert_eq(report.lines[0].column, 15);
    plan_free(&plan);
    report_fini(&report);
    plan = small_plan_load(16, "    of: model\n    stated: 3", LANGUAGE_EN,
                           &report);
    cr_assert_not_null(plan);
    cr_assert_eq(report.warnings, 1);
    cr_assert_eq(report.lines[0].line, 17);
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_check, i11_a_filter_has_at_most_so_many_values)
{
    struct report report;
    struct plan *plan;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    (void)fprintf(out, "      where: {subject_unit: [gso3:00001");
    for (size_t i = 1; i < PLAN_VALUES_MAX; i++) {
        (void)fprintf(out, ", gso3:00001");
    }
    cr_assert_eq(fflush(out), 0);
    cr_assert_eq(fseek(out, 0, SEEK_CUR), 0);
    (void)fprintf(out, "]}");
    cr_assert_eq(fflush(out), 0);
    plan = small_plan_load(SMALL_PLAN_WHERE, text, LANGUAGE_EN, &report);
    cr_assert_not_null(plan);
    plan_free(&plan);
    report_fini(&report);
    (void)fseek(out, -2, SEEK_CUR);
    (void)fprintf(out, ", gso3:00001]}");
    cr_assert_eq(fclose(out), 0);
    mistake(SMALL_PLAN_WHERE, text, 30 + 12 * PLAN_VALUES_MAX,
            "more than 32 values");
    free(text);
}
