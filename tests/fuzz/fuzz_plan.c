/* Whatever stands in a plan, a units file or a vocabulary: it is read, or
 * refused with a report; what is read can be freed. The first byte says which
 * of the three the rest is, and the language of the report. */
#include "common/check.h"
#include "common/plan.h"
#include "common/vocabulary_file.h"

#include <stddef.h>
#include <stdint.h>

#define KINDS 3u

static const char units_text[] =
    "code_system,code,parent_code,level,type,name,valid_from,valid_to,"
    "successors\n"
    "gso3,01,,province,Tỉnh,A,,,\n"
    "gso3,001,01,district,Huyện,B,,,\n"
    "gso3,00001,001,commune,Xã,C,,,\n"
    "gso3,00002,001,commune,Xã,D,,2019-01-01,\n";

static struct units *read_units(struct bytes text, struct report *report,
                                enum status *rc)
{
    struct units *units = NULL;

    check(units_new(&units) == STATUS_OK);
    *rc = units_add_csv(units, "units.csv", text, report);
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
    enum status rc = STATUS_OK;
    struct units *units = read_units(bytes_of_text(units_text), report, &rc);

    check(rc == STATUS_OK);
    rc = plan_load("plan.yaml", text, units, NULL, report, &plan);
    hold(rc, report);
    check((plan != NULL) == (rc == STATUS_OK));
    plan_free(&plan);
    units_free(&units);
}

static void try_units(struct bytes text, struct report *report)
{
    enum status rc = STATUS_OK;
    struct units *units = read_units(text, report, &rc);

    hold(rc, report);
    for (size_t i = 0; rc == STATUS_OK && i < units_count(units); i++) {
        const struct unit *unit = units_at(units, i);

        check(units_find(units, unit->key, unit->from) == unit);
        check(units_position(units, unit) == i);
    }
    units_free(&units);
}

static void try_vocabulary(struct bytes text, struct report *report)
{
    struct vocabulary *vocabulary = NULL;
    enum status rc =
        vocabulary_load("vocabulary.yaml", text, report, &vocabulary);

    hold(rc, report);
    check((vocabulary != NULL) == (rc == STATUS_OK));
    vocabulary_free(&vocabulary);
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
    report_init(&report, data[0] / KINDS % 2 == 0 ? LANGUAGE_VI : LANGUAGE_EN);
    switch (data[0] % KINDS) {
    case 0:
        try_plan(text, &report);
        break;
    case 1:
        try_units(text, &report);
        break;
    default:
        try_vocabulary(text, &report);
        break;
    }
    report_fini(&report);
    return 0;
}
