/* What has to hold in each period, and in how many periods it does. */
#include "common/plan/plan_loader.h"

#include <string.h>

/* The kind of period and the regime that cuts it. */
static bool read_kind(const struct plan_reading *reading,
                      const struct yaml_node *node)
{
    static const char *const kinds[] = {"month", "quarter", "half_year", "year",
                                        NULL};
    static const char *const regimes[] = {"calendar", "nd09_2019",
                                          "plan_deadline", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *named = yaml_get(reading->node, "regime");
    struct period_regime regime;
    uint32_t position = 0;

    if (!yaml_choice(loader->yaml, node, kinds, &position)) {
        return false;
    }
    formula->every = (enum period_kind)(position + PERIOD_MONTH);
    position = 0;
    if (named != NULL &&
        !yaml_choice(loader->yaml, named, regimes, &position)) {
        return false;
    }
    formula->regime = position + PERIOD_CALENDAR;
    if (!plan_regime(loader->plan, formula->regime, &regime) ||
        period_count(&regime, formula->every) == 0) {
        yaml_error(loader->yaml, named == NULL ? node : named,
                   "chế độ này của kế hoạch không có kỳ \"%s\"",
                   "this regime of the plan has no periods \"%s\"",
                   kinds[formula->every - PERIOD_MONTH]);
        return false;
    }
    return true;
}

bool plan_read_every(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *every = yaml_get(reading->node, "every");
    const struct yaml_node *at_least = yaml_get(reading->node, "at_least");
    const struct yaml_node *regime = yaml_get(reading->node, "regime");

    if (at_least != NULL && !yaml_integer(loader->yaml, at_least, 1, INT64_MAX,
                                          &formula->at_least)) {
        return false;
    }
    if (every != NULL) {
        formula->at_least = at_least == NULL ? 1 : formula->at_least;
        return read_kind(reading, every);
    }
    if (regime != NULL) {
        yaml_error(loader->yaml, regime, "regime chỉ đi cùng every",
                   "regime goes with every");
        return false;
    }
    return true;
}

/* One operand for each value of the field: the formula with that value in all
 * its filters. */
static bool read_per(const struct plan_reading *reading,
                     const struct yaml_node *each, const struct yaml_node *per)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    struct yaml_node key;
    bool good = true;

    if (per->kind != YAML_MAPPING || per->count != 1 ||
        per->first->value->kind != YAML_LIST || per->first->value->count == 0) {
        yaml_error(loader->yaml, per, "viết dạng {trường: [giá trị, giá trị]}",
                   "this is written {field: [value, value]}");
        return false;
    }
    if (loader->per != NULL) {
        yaml_error(loader->yaml, per, "per không lồng trong per",
                   "per does not stand within per");
        return false;
    }
    if (per->first->value->count > PLAN_OPERANDS_MAX) {
        yaml_error(loader->yaml, per, "quá %u giá trị", "more than %u values",
                   PLAN_OPERANDS_MAX);
        return false;
    }
    key = *per->first;
    loader->per = &key;
    for (const struct yaml_node *item = per->first->value->first;
         item != NULL && good; item = item->next) {
        const struct plan_formula *operand;

        key.value = item;
        operand = plan_read_formula(loader, each, reading->depth + 1);
        good = operand != NULL;
        if (good) {
            formula->operands[formula->operand_count++] = operand;
        }
    }
    loader->per = NULL;
    return good;
}

bool plan_read_periods(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *each =
        yaml_require(loader->yaml, reading->node, "of_each");
    const struct yaml_node *per = yaml_get(reading->node, "per");
    const struct yaml_node *at_least = yaml_get(reading->node, "at_least");

    formula->operation = PLAN_PERIODS;
    formula->at_least = 1;
    if (!read_kind(reading, reading->subject) || each == NULL ||
        (at_least != NULL && !yaml_integer(loader->yaml, at_least, 1, INT64_MAX,
                                           &formula->at_least))) {
        return false;
    }
    if (per != NULL) {
        if (!read_per(reading, each, per)) {
            return false;
        }
    } else {
        formula->operands[0] =
            plan_read_formula(loader, each, reading->depth + 1);
        if (formula->operands[0] == NULL) {
            return false;
        }
        formula->operand_count = 1;
    }
    if (plan_formula_is_ratio(formula->operands[0])) {
        yaml_error(loader->yaml, each,
                   "ở đây cần một số lượng, không phải tỷ lệ",
                   "a quantity is wanted here, not a percentage");
        return false;
    }
    return true;
}

static void add_value(struct plan_measure *measure, uint32_t field,
                      uint32_t value)
{
    measure->conditions[measure->condition_count++] =
        (struct plan_condition){.field = field,
                                .test = PLAN_TEST_ANY_OF,
                                .values = {value},
                                .value_count = 1};
}

/* Numbers of the body fields of report_submitted. */
#define REPORT_TYPE        19u
#define REPORT_REGIME      (EVENT_BODY_BASE + 1u)
#define REPORT_PERIOD_KIND (EVENT_BODY_BASE + 2u)
#define REPORT_PERIOD_KEY  (EVENT_BODY_BASE + 3u)
#define DAYS_AFTER_MAX     366u

/* `by`: the day that the office states, or the day of receipt. */
static bool read_by(const struct plan_reading *reading)
{
    static const char *const days[] = {"stated", "received", NULL};
    struct yaml *yaml = reading->loader->yaml;
    const struct yaml_node *node = yaml_get(reading->node, "by");
    uint32_t day = 0;

    if (node != NULL && !yaml_choice(yaml, node, days, &day)) {
        return false;
    }
    reading->formula->received = day == 1;
    return true;
}

bool plan_read_on_time(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS, .type = REPORT_TYPE};
    const struct yaml_node *kind =
        yaml_require(loader->yaml, reading->node, "kind");
    const struct yaml_node *after = yaml_get(reading->node, "days_after");

    formula->operation = PLAN_ON_TIME;
    formula->constant = UINT64_MAX;
    if (!plan_read_level(loader, reading->subject, &formula->level) ||
        kind == NULL || !read_kind(reading, kind) ||
        !plan_read_in_list(reading, 0) || !read_by(reading) ||
        (after != NULL && !yaml_integer(loader->yaml, after, 0, DAYS_AFTER_MAX,
                                        &formula->constant))) {
        return false;
    }
    plan_read_where(loader, catalogue_type(REPORT_TYPE),
                    yaml_get(reading->node, "where"), measure.conditions,
                    PLAN_WHERE_MAX - 2, &measure.condition_count);
    for (uint32_t i = 0; i < measure.condition_count; i++) {
        if (measure.conditions[i].field == REPORT_REGIME ||
            measure.conditions[i].field == REPORT_PERIOD_KIND) {
            yaml_error(loader->yaml, yaml_get(reading->node, "where"),
                       "chế độ và loại kỳ ghi ở regime và kind",
                       "regime and kind say which reports are meant");
            return false;
        }
    }
    plan_add_programme(loader, &measure);
    add_value(&measure, REPORT_REGIME, formula->regime);
    add_value(&measure, REPORT_PERIOD_KIND, formula->every);
    measure.key_fields[measure.key_field_count++] = EVENT_SUBJECT_UNIT;
    measure.key_fields[measure.key_field_count++] = REPORT_PERIOD_KEY;
    return plan_use_measure(reading, &measure);
}
