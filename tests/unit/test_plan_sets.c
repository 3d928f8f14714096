/* The plan language: mistakes in sets, periods and days, each at its place. */
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(plan_sets, .init = small_plan_open, .fini = small_plan_close);

#define mistake    small_plan_mistake
#define mistake_at small_plan_mistake_at

#define VISITED "{distinct: est_ref, of: inspection}"

Test(plan_sets, mistakes_in_sets)
{
    mistake(23, "      both: [" VISITED "]", 13, "2 to 4 operands");
    mistake(23, "      without: [" VISITED ", " VISITED ", " VISITED "]", 16,
            "2 to 2 operands");
    mistake(23, "      both: [" VISITED ", {count: inspection}]", 13,
            "operand 2 does not count things");
    mistake(23, "      either: [" VISITED ", {units: commune, of: inspection}]",
            15, "operand 2 counts another kind");
    mistake(23,
            "      both: [" VISITED ", {distinct: hotspot_ref, of: "
            "hotspot_status}]",
            13, "operand 2 counts another kind");
    mistake_at(23,
               "      reached: est_ref\n      at: noon\n      of: inspection",
               24, 11, "no value \"noon\"");
    mistake_at(23, "      all_of: models\n      each: {count: model_status}",
               24, 13, "has to count things of its kind");
}

Test(plan_sets, mistakes_about_periods)
{
    mistake(23, "      periods: week\n      of_each: {count: inspection}", 16,
            "no value \"week\"");
    mistake(23, "      periods: month", 7, "key \"of_each\" is missing");
    mistake_at(23,
               "      periods: month\n      of_each: {coverage: commune, of: "
               "inspection}",
               24, 16, "a quantity is wanted");
    mistake_at(23,
               "      periods: month\n      regime: plan_deadline\n      "
               "of_each: {count: inspection}",
               24, 15, "has no periods \"month\"");
    mistake_at(23,
               "      periods: month\n      of_each: {count: inspection}\n"
               "      per: {mode: planned}",
               25, 12, "{field: [value, value]}");
    mistake_at(23,
               "      periods: month\n      of_each: {count: inspection}\n"
               "      per: {made: [planned]}",
               25, 13, "has no field \"made\"");
    mistake_at(
        23,
        "      periods: month\n      of_each: {count: inspection, where: "
        "{mode: planned}}\n      per: {mode: [planned, unannounced]}",
        25, 13, "has two conditions");
    mistake_at(23,
               "      periods: month\n      per: {mode: [planned]}\n      "
               "of_each: {periods: month, of_each: {count: inspection}, per: "
               "{mode: [planned]}}",
               25, 68, "does not stand within per");
    mistake_at(23,
               "      distinct: est_ref\n      of: inspection\n      "
               "regime: calendar",
               25, 15, "goes with every");
    mistake_at(23,
               "      units: commune\n      of: inspection\n      "
               "at_least: 0",
               25, 17, "from 1 to");
}

Test(plan_sets, mistakes_about_days_and_other_fields)
{
    mistake(23, "      valid: est_ref\n      of: commitment_signed", 7,
            "key \"until\" is missing");
    mistake_at(23,
               "      valid: est_ref\n      of: commitment_signed\n      "
               "until: kind",
               25, 14, "not a day until which");
    mistake(23, "      due: tip_ref\n      of: tip_status", 7,
            "key \"by\" is missing");
    mistake_at(23,
               "      in_time: tip_ref\n      of: tip_status\n      by: "
               "occurred_on",
               25, 11, "not a day until which");
    mistake_at(23,
               "      latest: worker_count\n      of: establishment_status\n"
               "      by: est_ref\n      among: {units: commune, of: "
               "inspection}",
               26, 14, "same kind as by");
    mistake_at(23,
               "      latest: worker_count\n      of: establishment_status\n"
               "      by: est_ref\n      among: {count: inspection}",
               26, 14, "same kind as by");
    mistake(24, "      where: {sanctions: {at_most: {field: fine_vnd}}}", 44,
            "cannot be compared with");
    mistake(24, "      where: {sanctions: {at_most: {field: sanctions}}}", 44,
            "cannot be compared with");
    mistake(24, "      where: {sanctions: {at_most: {fields: violations}}}", 37,
            "did you mean \"field\"?");
    mistake(24, "      where: {est_ref: {not_in_list: models}}", 38,
            "of another kind");
    mistake_at(38, "      is: {members: {at_most: {field: state}}}", 38, 39,
               "cannot be compared with");
}

/* A formula may lean on others again and again, but not without end. */
Test(plan_sets, i11_formulas_of_formulas_do_not_grow_without_end)
{
    mistake_at(
        23,
        "      add: [{constant: 1}, {constant: 1}, {constant: 1}, {constant: "
        "1}, {constant: 1}, {constant: 1}, {constant: 1}, {constant: 1}, "
        "{constant: 1}]\n"
        "  - {id: a, label: {vi: a, en: a}, unit_of_count: {vi: a, en: a},\n"
        "     value: {add: [{indicator: visits}, {indicator: visits}, "
        "{indicator: visits}, {indicator: visits}, {indicator: visits}, "
        "{indicator: visits}, {indicator: visits}, {indicator: visits}, "
        "{indicator: visits}, {indicator: visits}]}}\n"
        "  - {id: b, label: {vi: a, en: a}, unit_of_count: {vi: a, en: a},\n"
        "     value: {add: [{indicator: a}, {indicator: a}, {indicator: a}, "
        "{indicator: a}, {indicator: a}, {indicator: a}, {indicator: a}, "
        "{indicator: a}, {indicator: a}, {indicator: a}, {indicator: a}]}}",
        27, 13, "more than 1024 operations");
}

Test(plan_sets, mistakes_about_lists_and_reports)
{
    mistake_at(23,
               "      units: commune\n      of: inspection\n      in_list: "
               "models",
               25, 16, "of another kind");
    mistake_at(23,
               "      distinct: est_ref\n      of: inspection\n      "
               "not_in_list: models",
               25, 20, "of another kind");
    mistake_at(23,
               "      status: model_ref\n      of: model_status\n      is: "
               "{state: new}\n      in_list: models\n      not_in_list: models",
               27, 20, "one list for a count");
    mistake(23, "      on_time: district", 7, "key \"kind\" is missing");
    mistake_at(23,
               "      on_time: district\n      kind: quarter\n      regime: "
               "plan_deadline",
               25, 15, "has no periods \"quarter\"");
    mistake_at(23,
               "      on_time: district\n      kind: quarter\n      where: "
               "{period_kind: year}",
               25, 14, "say which reports are meant");
    mistake_at(23,
               "      on_time: district\n      kind: quarter\n      "
               "days_after: 400",
               25, 19, "from 0 to");
}

/* The plan with a setting, and an indicator before all others. */
static struct plan *load_with_choice(const char *between, struct report *report)
{
    char text[1024];

    (void)snprintf(text, sizeof text,
                   "settings: [{id: reading, label: {vi: a, en: a}, chosen: "
                   "one, options: [{id: one, label: {vi: a, en: a}}, {id: "
                   "two, label: {vi: b, en: b}}]}]\n"
                   "indicators:\n"
                   "  - id: chosen\n"
                   "    label: {vi: a, en: a}\n"
                   "    unit_of_count: {vi: a, en: a}\n"
                   "    value: {choose: reading, between: {%s}}\n",
                   between);
    return small_plan_load(18, text, LANGUAGE_EN, report);
}

Test(plan_sets, every_option_is_read_and_only_one_is_kept)
{
    struct report report;
    struct plan *plan = load_with_choice(
        "two: {sum: persons, of: admin_sanction}, one: {count: tip_status}",
        &report);

    cr_assert_not_null(plan);
    cr_assert_eq(plan->measure_count, 4);
    cr_assert_eq(plan->indicators[0].formula->operation, PLAN_SUM);
    cr_assert_eq(plan->measures[plan->indicators[0].formula->measure].type, 12);
    cr_assert_eq(plan->indicators[0].settings, 1);
    /* Persons are counted by the other option alone. */
    cr_assert_not(plan->indicators[0].persons);
    cr_assert_eq(plan->indicators[1].settings, 0);
    plan_free(&plan);
    report_fini(&report);
}

static void refused(const char *between, const char *part)
{
    struct report report;
    struct plan *plan = load_with_choice(between, &report);

    cr_assert_null(plan);
    cr_assert_not_null(strstr(report.lines[0].text, part), "%s",
                       report.lines[0].text);
    report_fini(&report);
}

Test(plan_sets, mistakes_in_choices)
{
    refused("one: {count: inspection}", "for each option of");
    refused("one: {count: inspection}, too: {count: inspection}",
            "did you mean \"two\"?");
    refused("one: {count: inspection}, two: {count: inspecton}",
            "did you mean \"inspection\"?");
    mistake(23, "      choose: reading\n      between: {}", 15, "no setting");
}

#define BASELINES(more)                                                 \
    "baselines: [{id: before, label: {vi: a, en: a}, quantity: 5, on: " \
    "2019-10-31, source: {vi: a, en: a}" more "}]\nregister:"

Test(plan_sets, mistakes_in_baselines)
{
    struct report report;
    struct plan *plan =
        small_plan_load(8, BASELINES(", lower_bound: yes, unit: gso3:001"),
                        LANGUAGE_EN, &report);

    cr_assert_not_null(plan);
    cr_assert(plan->baseline_count == 1 && plan->baselines[0].lower_bound);
    plan_free(&plan);
    report_fini(&report);
    mistake(8, BASELINES(", bound: yes"), 102, "no key \"bound\"");
    mistake(8, BASELINES(", unit: gso3:009"), 108, "no unit");
    mistake(8, "baselines: [{id: before}]\nregister:", 13,
            "key \"quantity\" is missing");
    mistake(23, "      baseline: befor", 17, "no baseline \"befor\"");
}

Test(plan_sets, mistakes_in_changes)
{
    mistake(23, "      change: {count: inspection}\n      as: count", 7,
            "key \"against\" is missing");
    mistake(23,
            "      change: {count: inspection}\n      against: "
            "previous_year",
            7, "key \"as\" is missing");
    mistake_at(23,
               "      change: {count: inspection}\n      against: last_year\n"
               "      as: count",
               24, 16, "no value \"last_year\"");
    mistake_at(23,
               "      change: {count: inspection}\n      against: {baseline: "
               "none}\n      as: count",
               24, 27, "no baseline \"none\"");
    mistake_at(23,
               "      change: {count: inspection}\n      against: "
               "previous_year\n      as: points",
               25, 11, "a quantity by count or percent");
    mistake_at(23,
               "      change: {coverage: commune, of: inspection}\n      "
               "against: previous_year\n      as: percent",
               25, 11, "a share changes by points");
    mistake(23,
            "      change: {count: plan_issued, where: {year: 2020}}\n      "
            "against: previous_year\n      as: count",
            15, "filters by a year");
}
