/* Whatever stands in a plan: it is read, or refused with a report; what is read
 * can be freed. The first byte says the language of the report. */
#include "common/base/check.h"
#include "common/plan/plan.h"

#include <stddef.h>
#include <stdint.h>

static const char units_text[] =
    "code_system,code,parent_code,level,type,name,valid_from,valid_to,"
    "successors\n"
    "gso3,01,,province,Tỉnh,A,,,\n"
    "gso3,001,01,district,Huyện,B,,,\n"
    "gso3,00001,001,commune,Xã,C,,,\n"
    "gso3,00002,001,commune,Xã,D,,2019-01-01,\n";

/* The same for every input. */
static const struct units *small_units(struct report *report)
{
    static struct units *units;

    if (units == NULL) {
        check(units_new(&units) == STATUS_OK);
        check(units_add_csv(units, "units.csv", bytes_of_text(units_text),
                            report) == STATUS_OK);
    }
    return units;
}

/* A refusal has its reason, and only a refusal has one. */
static void hold(enum status rc, const struct report *report)
{
    check(rc == STATUS_MEMORY || (rc == STATUS_OK) == (report->errors == 0));
}

static void try_plan(struct bytes text, struct report *report)
{
    struct plan *plan = NULL;
    enum status rc =
        plan_load("plan.yaml", text, small_units(report), NULL, report, &plan);

    hold(rc, report);
    check((plan != NULL) == (rc == STATUS_OK));
    plan_free(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report report;
    struct bytes text;

    if (size == 0) {
        return 0;
    }
    text = (struct bytes){.data = data + 1, .size = size - 1};
    report_init(&report, data[0] % 2 == 0 ? LANGUAGE_VI : LANGUAGE_EN);
    try_plan(text, &report);
    report_fini(&report);
    return 0;
}
