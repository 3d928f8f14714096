/* Plans that are checked together: what they say of each other. */
#include "common/plan/plan_files.h"
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_files, .init = small_plan_open, .fini = small_plan_close);

/* The small plan beside itself under another id, with two lines put: how many
 * mistakes there are, and the first of them. */
static size_t mistakes(size_t line, const char *text, size_t other,
                       const char *other_text, char first_text[256])
{
    struct report report, load_report;
    struct plan_files files[2];
    size_t errors;

    for (size_t i = 0; i < 2; i++) {
        plan_files_init(&files[i]);
        (void)snprintf(files[i].files[PLAN_FILES_PLAN].path,
                       sizeof files[i].files[PLAN_FILES_PLAN].path, "%s",
                       i == 0 ? "a.yaml" : "b.yaml");
        files[i].plan = i == 0
                            ? small_plan_load(0, "", LANGUAGE_EN, &load_report)
                            : small_plan_load_two(line, text, other, other_text,
                                                  &load_report);
        cr_assert_not_null(files[i].plan);
        report_fini(&load_report);
    }
    report_init(&report, LANGUAGE_EN);
    plan_files_compare(&files[0], &files[1], &report);
    errors = report.errors;
    first_text[0] = '\0';
    if (errors > 0) {
        (void)snprintf(first_text, 256, "%s", report.lines[0].text);
    }
    report_fini(&report);
    plan_files_fini(&files[0]);
    plan_files_fini(&files[1]);
    return errors;
}

Test(plan_files, two_plans_set_no_two_goals_for_one_indicator)
{
    char text[256];

    cr_assert_eq(mistakes(1, "plan: b", 44, "    at_least: 5", text), 0);
    cr_assert_eq(mistakes(1, "plan: b", 44, "    monitor: yes", text), 0);
    cr_assert_eq(mistakes(1, "plan: b", 44, "    at_least: 6", text), 1);
    cr_assert_not_null(
        strstr(text, "sets another goal than \"T-1\" (a.yaml:41)"), "%s", text);
    cr_assert_eq(mistakes(1, "plan: b", 44, "    at_most: 5", text), 1);
    cr_assert_eq(mistakes(1, "plan: b\nprogramme: trafficking", 5, "#", text),
                 0);
}

Test(plan_files, two_files_are_not_one_revision_of_one_plan)
{
    char text[256];

    cr_assert_eq(mistakes(44, "    at_least: 6", 0, NULL, text), 1);
    cr_assert_not_null(strstr(text, "two plans of the id"), "%s", text);
    cr_assert_eq(mistakes(44, "    at_least: 6", 7, "revision: 2", text), 0);
}
