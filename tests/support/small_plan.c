#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char *const right[] = {
    /* 1 */ "plan: small-2020",
    "title: {vi: Nhỏ, en: Small}",
    "period: {from: 2020-01-01, to: 2020-12-31}",
    "unit: gso3:01",
    /* 5 */ "programme: prostitution",
    "regimes: [{regime: calendar, kinds: [quarter]}]",
    "issued_on: 2020-01-02",
    "register:",
    "  - type: model_status",
    /* 10 */ "    common: {as_of: 2020-01-01, kind: peer_group}",
    "    rows:",
    ("      - {model_ref: MOD-0000-000001-5, subject_unit: gso3:00001, "
     "state: new}"),
    "lists:",
    "  - id: models",
    /* 15 */ "    label: {vi: Mô hình, en: Models}",
    "    of: model",
    "    items: [MOD-0000-000001-5]",
    "indicators:",
    "  - id: visits",
    /* 20 */ "    label: {vi: Lượt, en: Visits}",
    "    unit_of_count: {vi: lượt, en: visits}",
    "    value:",
    "      count: inspection",
    "      where: {mode: planned}",
    /* 25 */ "  - id: covered",
    "    label: {vi: Xã, en: Communes}",
    "    unit_of_count: {vi: xã, en: communes}",
    "    value:",
    "      coverage: commune",
    /* 30 */ "      of: communication_activity",
    "  - id: living",
    "    label: {vi: Mô hình, en: Models}",
    "    unit_of_count: {vi: mô hình, en: models}",
    "    value:",
    /* 35 */ "      status: model_ref",
    "      of: model_status",
    "      where: {kind: peer_group}",
    "      is: {state: [new, maintained]}",
    "      in_list: models",
    /* 40 */ "targets:",
    "  - id: T-1",
    "    label: {vi: Một, en: One}",
    "    indicator: visits",
    "    at_least: 5",
    /* 45 */ "  - id: T-2",
    "    label: {vi: Hai, en: Two}",
    "    indicator: covered",
    "    window: {from: 2020-02-01, to: 2020-11-30}",
    "    at_least: {quantity: 1, percent: 70.5%}"};

#define LINES (sizeof right / sizeof right[0])

static const char units_text[] =
    "code_system,code,parent_code,level,type,name,valid_from,valid_to,"
    "successors\n"
    "gso3,01,,province,Tỉnh,A,,,\n"
    "gso3,001,01,district,Huyện,B,,,\n"
    "gso3,00001,001,commune,Xã,C,,,\n"
    "gso3,00002,001,commune,Xã,D,,2019-01-01,\n";

static struct units *units;

void small_plan_open(void)
{
    struct report report;

    report_init(&report, LANGUAGE_EN);
    cr_assert_eq(units_new(&units), STATUS_OK);
    cr_assert_eq(
        units_add_csv(units, "units.csv", bytes_of_text(units_text), &report),
        STATUS_OK);
    report_fini(&report);
}

void small_plan_close(void)
{
    units_free(&units);
}

static struct plan *load(size_t line, const char *text, size_t other,
                         const char *other_text, enum language language,
                         struct report *report)
{
    char *file = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&file, &size);
    struct plan *plan = NULL;
    enum status rc;

    cr_assert_not_null(out);
    for (size_t i = 0; i < LINES; i++) {
        bool left_out = i + 1 == SMALL_PLAN_WHERE && line == SMALL_PLAN_FORMULA;

        (void)fprintf(out, "%s\n",
                      i + 1 == line    ? text
                      : i + 1 == other ? other_text
                      : left_out       ? "#"
                                       : right[i]);
    }
    cr_assert_eq(fclose(out), 0);
    report_init(report, language);
    rc = plan_load("p.yaml",
                   (struct bytes){.data = (const uint8_t *)file, .size = size},
                   units, NULL, report, &plan);
    cr_assert_eq(rc, report->errors > 0 ? STATUS_INVALID : STATUS_OK);
    cr_assert_eq(plan == NULL, rc != STATUS_OK);
    free(file);
    return plan;
}

struct plan *small_plan_load(size_t line, const char *text,
                             enum language language, struct report *report)
{
    return load(line, text, 0, NULL, language, report);
}

struct plan *small_plan_load_two(size_t line, const char *text, size_t other,
                                 const char *other_text, struct report *report)
{
    return load(line, text, other, other_text, LANGUAGE_EN, report);
}

void small_plan_mistake_at(size_t line, const char *text, size_t told_line,
                           size_t column, const char *part)
{
    struct report report;
    struct plan *plan = small_plan_load(line, text, LANGUAGE_EN, &report);
    const struct report_line *told;

    cr_assert_geq(report.errors, 1, "no mistake seen in: %s", text);
    told = &report.lines[0];
    for (size_t i = 0; i < report.count; i++) {
        if (strstr(report.lines[i].text, part) != NULL) {
            told = &report.lines[i];
        }
    }
    cr_assert_not_null(strstr(told->text, part), "%s: %s", text, told->text);
    cr_assert_eq(told->level, REPORT_ERROR);
    cr_assert_str_eq(told->file, "p.yaml");
    cr_assert_eq(told->line, told_line, "line %zu of %s: %s", told->line, text,
                 told->text);
    cr_assert_eq(told->column, column, "column %zu of %s: %s", told->column,
                 text, told->text);
    plan_free(&plan);
    report_fini(&report);

    /* The same in Vietnamese: another sentence at the same place. */
    plan = small_plan_load(line, text, LANGUAGE_VI, &report);
    cr_assert_geq(report.errors, 1);
    plan_free(&plan);
    report_fini(&report);
}

void small_plan_mistake(size_t line, const char *text, size_t column,
                        const char *part)
{
    small_plan_mistake_at(line, text, line, column, part);
}
