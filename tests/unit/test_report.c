#include "common/figures/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_printed(const struct report *report, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    report_print(report, out);
    cr_assert_eq(fclose(out), 0);
    cr_assert_str_eq(text, expected);
    free(text);
}

Test(report, lines_name_file_line_and_column_in_one_language)
{
    struct report report;

    report_init(&report, LANGUAGE_EN);
    report_add(&report, REPORT_WARNING, "plan.yaml", 7, 0, "sai %s", "bad %s",
               "thing");
    report_add(&report, REPORT_ERROR, "plan.yaml", 3, 9, "thiếu", "missing");
    report_add(&report, REPORT_ERROR, NULL, 0, 0, "không có dòng", "no line");
    cr_assert_eq(report.errors, 2);
    cr_assert_eq(report.warnings, 1);
    report_sort(&report);
    expect_printed(&report, "error: no line\n"
                            "plan.yaml:3:9: error: missing\n"
                            "plan.yaml:7: warning: bad thing\n");
    report_fini(&report);

    report_init(&report, LANGUAGE_VI);
    report_add(&report, REPORT_ERROR, "a", 1, 2, "sai %d", "bad %d", 5);
    expect_printed(&report, "a:1:2: lỗi: sai 5\n");
    report_fini(&report);
}

Test(report, i11_lines_above_the_limit_are_counted_not_kept)
{
    struct report report;

    report_init(&report, LANGUAGE_EN);
    for (size_t i = 0; i < REPORT_LINES_MAX; i++) {
        report_add(&report, REPORT_ERROR, "f", i + 1, 1, "x", "x");
    }
    cr_assert_eq(report.count, REPORT_LINES_MAX);
    report_add(&report, REPORT_ERROR, "f", 1, 1, "x", "x");
    report_add(&report, REPORT_WARNING, "f", 1, 1, "x", "x");
    cr_assert_eq(report.count, REPORT_LINES_MAX);
    cr_assert_eq(report.errors, REPORT_LINES_MAX + 1);
    cr_assert_eq(report.warnings, 1);
    report_fini(&report);
    cr_assert_eq(report.count, 0);
}
