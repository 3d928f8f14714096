/* What two plans say otherwise: each difference once, with both values. */
#include "common/plan/plan_diff.h"
#include "tests/support/small_plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plan_diff, .init = small_plan_open, .fini = small_plan_close);

static void tell(void *owner, const struct plan_difference *difference)
{
    (void)fprintf(owner, "%s|%s|%s|%s|%s\n", difference->section,
                  difference->id, difference->key,
                  difference->before == NULL ? "-" : difference->before,
                  difference->after == NULL ? "-" : difference->after);
}

/* The differences from the small plan to the same with that line put. */
static void expect(size_t line, const char *text, const char *wanted)
{
    struct report report, other_report;
    struct plan *before = small_plan_load(0, "", LANGUAGE_EN, &report);
    struct plan *after =
        small_plan_load(line, text, LANGUAGE_EN, &other_report);
    char *told = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&told, &size);

    cr_assert(before != NULL && after != NULL && out != NULL, "%s", text);
    cr_assert_eq(plan_diff(before, after, tell, out), STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    cr_assert_str_eq(told, wanted, "%s: %s", text, told);
    free(told);
    plan_free(&before);
    plan_free(&after);
    report_fini(&report);
    report_fini(&other_report);
}

Test(plan_diff, a_plan_differs_in_nothing_from_itself)
{
    expect(0, "", "");
    /* Neither order nor quotes are a difference. */
    expect(49, "    at_least: {percent: '70.5%', quantity: 1}", "");
}

Test(plan_diff, a_changed_value_stands_with_both)
{
    expect(44, "    at_least: 6", "targets|T-1|at_least|5|6\n");
    expect(49, "    at_least: {quantity: 1, percent: 71%}",
           "targets|T-2|at_least|{percent: 70.5%, quantity: 1}|{percent: 71%, "
           "quantity: 1}\n");
    expect(24, "      where: {mode: unannounced}",
           "indicators|visits|value|{count: inspection, where: {mode: "
           "planned}}|{count: inspection, where: {mode: unannounced}}\n");
    expect(7, "issued_on: 2020-01-03",
           "head||issued_on|2020-01-02|2020-01-03\n");
    expect(12,
           "      - {model_ref: MOD-0000-000001-5, subject_unit: gso3:00001, "
           "state: maintained}",
           "register|MOD-0000-000001-5|state|new|maintained\n");
    expect(10, "    common: {as_of: 2020-01-02, kind: peer_group}",
           "register|MOD-0000-000001-5|common|{as_of: 2020-01-01, kind: "
           "peer_group}|{as_of: 2020-01-02, kind: peer_group}\n");
}

Test(plan_diff, what_one_plan_lacks_was_added_or_removed)
{
    expect(44, "    monitor: yes",
           "targets|T-1|at_least|5|-\ntargets|T-1|monitor|-|yes\n");
    expect(45, "  - id: T-3",
           "targets|T-2||{at_least: {percent: 70.5%, quantity: 1}, id: T-2, "
           "indicator: covered, label: {en: Two, vi: Hai}, window: {from: "
           "2020-02-01, to: 2020-11-30}}|-\n"
           "targets|T-3||-|{at_least: {percent: 70.5%, quantity: 1}, id: T-3, "
           "indicator: covered, label: {en: Two, vi: Hai}, window: {from: "
           "2020-02-01, to: 2020-11-30}}\n");
}
