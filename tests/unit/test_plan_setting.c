/* Settings of a plan: what its text leaves open, said in the file. */
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_setting, .init = small_plan_open, .fini = small_plan_close);

/* The seventh line of the small plan is free for a section of its own. */
#define LINE 7

#define OPTION(id) "      - {id: " id ", label: {vi: a, en: b}}\n"
#define SETTING(options, chosen)        \
    "settings:\n"                       \
    "  - id: month_test\n"              \
    "    label: {vi: Xét, en: Test}\n" \
    "    options:\n" options "    chosen: " chosen

static void refused(const char *text, size_t line, size_t column,
                    const char *part)
{
    struct report report;
    struct plan *plan = small_plan_load(LINE, text, LANGUAGE_EN, &report);

    cr_assert_null(plan, "%s", text);
    cr_assert_eq(report.errors, 1, "%s", text);
    cr_assert_not_null(strstr(report.lines[0].text, part), "%s",
                       report.lines[0].text);
    cr_assert_eq(report.lines[0].line, line);
    cr_assert_eq(report.lines[0].column, column);
    report_fini(&report);
}

Test(plan_setting, the_chosen_reading_is_known_by_its_id)
{
    struct report report;
    struct plan *plan =
        small_plan_load(LINE,
                        SETTING(OPTION("per_outlet") OPTION("jointly"),
                                "jointly\n") "    note: {vi: Vì sao, en: Why}",
                        LANGUAGE_EN, &report);
    const struct plan_setting *setting;

    cr_assert_not_null(plan);
    cr_assert_eq(report.count, 0);
    cr_assert_eq(plan->setting_count, 1);
    cr_assert_eq(plan_find_setting(plan, "month_test"), 0);
    cr_assert_eq(plan_find_setting(plan, "other"), UINT32_MAX);
    setting = &plan->settings[0];
    cr_assert_eq(setting->option_count, 2);
    cr_assert_eq(setting->chosen, 1);
    cr_assert_str_eq(setting->options[0].id, "per_outlet");
    cr_assert_str_eq(setting->options[setting->chosen].id, "jointly");
    cr_assert_str_eq(setting->label.en, "Test");
    cr_assert_str_eq(setting->note.en, "Why");
    cr_assert_eq(setting->line, 8);
    plan_free(&plan);
    report_fini(&report);
}

Test(plan_setting, what_cannot_be_chosen_is_told_where_it_stands)
{
    refused(SETTING(OPTION("per_outlet") OPTION("jointly"), "jontly"), 13, 13,
            "no option \"jontly\"; did you mean \"jointly\"?");
    refused(SETTING(OPTION("jointly") OPTION("jointly"), "jointly"), 12, 14,
            "option \"jointly\" stands above already");
    refused(SETTING(OPTION("jointly"), "jointly"), 11, 7,
            "2 to 8 options are wanted");
    refused("settings:\n"
            "  - id: month_test\n"
            "    label: {vi: Xét, en: Test}\n"
            "    options:\n" OPTION("a") OPTION("b"),
            8, 5, "key \"chosen\" is missing");
    refused(
        SETTING(OPTION("a") OPTION("b"), "a") "\n"
                                              "  - id: month_test\n"
                                              "    label: {vi: Xét, en: Test}\n"
                                              "    options:\n" OPTION("a")
                                                  OPTION("b") "    chosen: a",
        14, 9, "setting \"month_test\" stands above already");
}

/* So many settings, each with so many options. */
static enum status with(size_t settings, size_t options)
{
    struct report report;
    struct plan *plan;
    enum status status;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    (void)fprintf(out, "settings:");
    for (size_t i = 0; i < settings; i++) {
        (void)fprintf(out,
                      "\n  - {id: s%zu, label: {vi: a, en: b}, chosen: o0, "
                      "options: [",
                      i);
        for (size_t k = 0; k < options; k++) {
            (void)fprintf(out, "%s{id: o%zu, label: {vi: a, en: b}}",
                          k == 0 ? "" : ", ", k);
        }
        (void)fprintf(out, "]}");
    }
    cr_assert_eq(fclose(out), 0);
    plan = small_plan_load(LINE, text, LANGUAGE_EN, &report);
    status = plan == NULL ? STATUS_INVALID : STATUS_OK;
    plan_free(&plan);
    report_fini(&report);
    free(text);
    return status;
}

Test(plan_setting, i11_settings_and_options_are_limited)
{
    cr_assert_eq(with(PLAN_SETTINGS_MAX, 2), STATUS_OK);
    cr_assert_eq(with(PLAN_SETTINGS_MAX + 1, 2), STATUS_INVALID);
    cr_assert_eq(with(1, PLAN_OPTIONS_MAX), STATUS_OK);
    cr_assert_eq(with(1, PLAN_OPTIONS_MAX + 1), STATUS_INVALID);
}
