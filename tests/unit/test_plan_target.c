/* Targets in the plan file: path, versions, scope, due day, offices. */
#include "tests/support/small_plan.h"

#include "common/event/calendar.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_target, .init = small_plan_open, .fini = small_plan_close);

/* The comparison of T-1. */
#define GOAL 44

static struct plan *loaded(const char *text, struct report *report)
{
    struct plan *plan = small_plan_load(GOAL, text, LANGUAGE_EN, report);

    if (plan == NULL) {
        report_print(report, stderr);
    }
    cr_assert_not_null(plan, "%s", text);
    return plan;
}

/* The text is refused with one mistake, `lines` below the goal's line. */
static void refused(const char *text, size_t lines, size_t column,
                    const char *part)
{
    struct report report;
    struct plan *plan = small_plan_load(GOAL, text, LANGUAGE_EN, &report);

    cr_assert_null(plan, "%s", text);
    cr_assert_eq(report.errors, 1, "%s", text);
    cr_assert_not_null(strstr(report.lines[0].text, part), "%s",
                       report.lines[0].text);
    cr_assert_eq(report.lines[0].line, GOAL + lines, "line %zu: %s",
                 report.lines[0].line, report.lines[0].text);
    cr_assert_eq(report.lines[0].column, column, "column %zu: %s",
                 report.lines[0].column, report.lines[0].text);
    report_fini(&report);
}

Test(plan_target, a_path_says_what_is_there_by_which_day)
{
    struct report report;
    struct plan *plan = loaded("    at_least: 5\n"
                               "    path:\n"
                               "      - {by: 2020-03-31, quantity: 1}\n"
                               "      - {by: 2020-06-30, quantity: 3}",
                               &report);
    const struct plan_target *target = &plan->targets[0];

    cr_assert_eq(target->path_count, 2);
    cr_assert_eq(target->path[0].by, calendar_day(2020, 3, 31));
    cr_assert_eq(target->path[1].quantity, 3);
    cr_assert(target->path[1].has_quantity);
    cr_assert_not(target->path[1].has_percent);
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_target, a_path_that_cannot_be_is_refused)
{
    refused("    at_least: 5\n"
            "    path:\n"
            "      - {by: 2020-06-30, quantity: 1}\n"
            "      - {by: 2020-03-31, quantity: 3}",
            3, 9, "in the order of the days");
    refused("    at_least: 5\n"
            "    path:\n"
            "      - {by: 2020-03-31, quantity: 3}\n"
            "      - {by: 2020-06-30, quantity: 1}",
            3, 9, "not fall");
    refused("    at_least: 5\n    path: [{by: 2021-06-30, quantity: 1}]", 1, 17,
            "outside the window");
    refused("    at_least: 5\n    path: [{by: 2020-06-30}]", 1, 12,
            "quantity or percent is missing");
    refused("    at_most: 5\n    path: [{by: 2020-06-30, quantity: 1}]", 1, 11,
            "only a target that grows");
}

Test(plan_target, before_a_day_ends_on_the_day_before)
{
    struct report report;
    struct plan *plan = loaded(
        "    at_least: 5\n    due: {day: 2020-06-15, inclusive: no}", &report);

    cr_assert_eq(plan->targets[0].due, calendar_day(2020, 6, 14));
    cr_assert(plan->targets[0].due_before);
    plan_free(&plan);
    report_fini(&report);
    plan = loaded("    at_least: 5\n    due: 2020-06-15", &report);
    cr_assert_eq(plan->targets[0].due, calendar_day(2020, 6, 15));
    cr_assert_not(plan->targets[0].due_before);
    plan_free(&plan);
    report_fini(&report);
    plan = loaded("    at_least: 5\n    due: {day: 2020-06-15}", &report);
    cr_assert_eq(plan->targets[0].due, calendar_day(2020, 6, 15));
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_target, a_changed_goal_stands_behind_the_one_before)
{
    struct report report;
    struct plan *plan = loaded("    at_least: 5\n"
                               "    versions:\n"
                               "      - {effective: 2020-07-01, at_least: 8}\n"
                               "      - {effective: 2020-10-01, exactly: 9}",
                               &report);
    const struct plan_target *target = plan->targets;

    cr_assert_eq(plan->target_count, 4);
    cr_assert_eq(plan_find_target(plan, "T-1"), 0);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_eq(target[i].id, "T-1");
    }
    cr_assert_eq(target[0].quantity, 5);
    cr_assert_eq(target[0].effective, 0);
    cr_assert_eq(target[0].replaced_on, calendar_day(2020, 7, 1));
    cr_assert_eq(target[1].quantity, 8);
    cr_assert_eq(target[1].effective, calendar_day(2020, 7, 1));
    cr_assert_eq(target[1].replaced_on, calendar_day(2020, 10, 1));
    cr_assert_eq(target[2].comparator, PLAN_EXACTLY);
    cr_assert_eq(target[2].replaced_on, 0);
    cr_assert_str_eq(target[3].id, "T-2");
    plan_free(&plan);
    report_fini(&report);
    refused("    at_least: 5\n"
            "    versions:\n"
            "      - {effective: 2020-10-01, at_least: 8}\n"
            "      - {effective: 2020-07-01, at_least: 9}",
            3, 21, "one after the other");
    refused("    at_least: 5\n"
            "    versions: [{effective: 2021-07-01, at_least: 9}]",
            1, 28, "within the window");
}

Test(plan_target, a_scope_is_a_unit_or_a_list_or_all_but_a_list)
{
    static const char units[] =
        "lists:\n"
        "  - {id: some, label: {vi: a, en: b}, of: unit, items: [gso3:00001]}";
    static const char *const goals[] = {
        "    at_least: 5\n    scope: gso3:001",
        "    at_least: 5\n    scope: {list: some}",
        "    at_least: 5\n    scope: {all_but: some}"};

    for (size_t i = 0; i < 3; i++) {
        struct report report;
        struct plan *plan =
            small_plan_load_two(13, units, GOAL, goals[i], &report);
        const struct plan_target *target;

        cr_assert_not_null(plan, "%s", goals[i]);
        target = &plan->targets[0];
        cr_assert_eq(target->scope, i == 0 ? 1300001 : 0);
        cr_assert_eq(target->scope_listed, i > 0);
        cr_assert_eq(target->scope_all_but, i == 2);
        plan_free(&plan);
        report_fini(&report);
    }
    refused("    at_least: 5\n    scope: {list: models}", 1, 19,
            "is not a list of units");
    refused("    at_least: 5\n    scope: {list: models, all_but: models}", 1,
            12, "exactly one key");
}

Test(plan_target, what_changed_is_more_or_less_by_so_much)
{
    struct report report;
    struct plan *plan = loaded("    increase_of_at_least: 5", &report);

    cr_assert_eq(plan->targets[0].comparator, PLAN_INCREASE);
    cr_assert_eq(plan->targets[0].quantity, 5);
    plan_free(&plan);
    report_fini(&report);
    plan = loaded("    decrease_of_at_least: 5\n    responsible: [police, "
                  "health]",
                  &report);
    cr_assert_eq(plan->targets[0].comparator, PLAN_DECREASE);
    cr_assert_eq(plan->targets[0].responsible_count, 2);
    plan_free(&plan);
    report_fini(&report);
    refused("    at_least: 5\n    responsible: [polise]", 1, 19,
            "did you mean \"police\"?");
}
