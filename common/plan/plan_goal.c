/* The goal of a target: its comparison, and how much. */
#include "common/plan/plan_loader.h"

#include "common/base/text.h"

#include <string.h>

#define PERCENT_E2_MAX 1000000u /* 10,000 % */

static const char *const comparators[] = {"monitor",
                                          "at_least",
                                          "more_than",
                                          "exactly",
                                          "at_most",
                                          "between",
                                          "all_named",
                                          "none",
                                          "increase_of_at_least",
                                          "decrease_of_at_least",
                                          NULL};

/* "80%", "80 %", "66.5%", "66,5%": hundredths of a per cent. */
static bool parse_percent(const char *text, size_t size, uint32_t *percent_e2)
{
    uint64_t number = 0;
    size_t decimals = 0;
    bool point = false;
    size_t digits = 0;

    if (size > 0 && text[size - 1] == '%') {
        size--;
    }
    while (size > 0 && text[size - 1] == ' ') {
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        if ((text[i] == '.' || text[i] == ',') && !point && digits > 0) {
            point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || digits == 7) {
            return false;
        }
        number = number * 10 + (uint64_t)(text[i] - '0');
        digits++;
        decimals += point;
    }
    if (digits == 0 || decimals > 2 || (point && decimals == 0)) {
        return false;
    }
    for (; decimals < 2; decimals++) {
        number *= 10;
    }
    *percent_e2 = (uint32_t)number;
    return number <= PERCENT_E2_MAX;
}

bool plan_read_percent(struct plan_loader *loader, const struct yaml_node *node,
                       uint32_t *percent_e2)
{
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    if (!parse_percent(text, node->size, percent_e2)) {
        yaml_error(loader->yaml, node,
                   "\"%.20s\" không phải phần trăm (ví dụ 80%%)",
                   "\"%.20s\" is not a percentage (such as 80%%)", text);
        return false;
    }
    return true;
}

static bool read_percent(const struct plan_target_reading *reading,
                         const struct yaml_node *node)
{
    struct yaml *yaml = reading->loader->yaml;

    if (!plan_read_percent(reading->loader, node,
                           &reading->target->percent_e2)) {
        return false;
    }
    reading->target->has_percent = true;
    if (reading->indicator != NULL && reading->indicator->formula != NULL &&
        !plan_formula_is_ratio(reading->indicator->formula)) {
        yaml_error(yaml, node,
                   "chỉ số \"%s\" không phải tỷ lệ, không đặt chỉ tiêu phần "
                   "trăm được",
                   "indicator \"%s\" is no ratio, a target in per cent does "
                   "not suit it",
                   reading->indicator->id);
        return false;
    }
    return true;
}

/* A quantity: a number, or a formula that reads it from events. */
static bool read_quantity(const struct plan_target_reading *reading,
                          const struct yaml_node *node)
{
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;

    if (node->kind == YAML_MAPPING) {
        target->quantity_formula = plan_read_formula(loader, node, 1);
        return target->quantity_formula != NULL;
    }
    target->has_quantity =
        yaml_integer(loader->yaml, node, 0, INT64_MAX, &target->quantity);
    return target->has_quantity;
}

/* 60, 80%, or {quantity: 470, percent: 80%}. */
static bool read_amount(const struct plan_target_reading *reading)
{
    static const char *const known[] = {"quantity", "percent", NULL};
    struct yaml *yaml = reading->loader->yaml;
    const struct yaml_node *quantity;
    const struct yaml_node *percent;

    if (reading->value->kind == YAML_TEXT) {
        return memchr(reading->value->text, '%', reading->value->size) == NULL
                   ? read_quantity(reading, reading->value)
                   : read_percent(reading, reading->value);
    }
    if (!yaml_keys(yaml, reading->value, known)) {
        return false;
    }
    quantity = yaml_get(reading->value, "quantity");
    percent = yaml_get(reading->value, "percent");
    if (quantity == NULL && percent == NULL) {
        yaml_error(yaml, reading->value, "thiếu quantity hoặc percent",
                   "quantity or percent is missing");
        return false;
    }
    return (quantity == NULL || read_quantity(reading, quantity)) &&
           (percent == NULL || read_percent(reading, percent));
}

/* [from, to] */
static bool read_between(const struct plan_target_reading *reading)
{
    struct yaml *yaml = reading->loader->yaml;
    struct plan_target *target = reading->target;
    const struct yaml_node *first;

    if (!yaml_list(yaml, reading->value)) {
        return false;
    }
    first = reading->value->first;
    if (reading->value->count != 2 ||
        !yaml_integer(yaml, first, 0, INT64_MAX, &target->quantity) ||
        !yaml_integer(yaml, first->next, 0, INT64_MAX, &target->quantity_to) ||
        target->quantity > target->quantity_to) {
        yaml_error(yaml, reading->value, "khoảng viết dạng [số nhỏ, số lớn]",
                   "a range is written [least, most]");
        return false;
    }
    target->has_quantity = true;
    return true;
}

/* all_named, none, monitor: yes, and no amount. */
static bool read_yes(const struct plan_target_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;
    const struct plan_formula *formula =
        reading->indicator == NULL ? NULL : reading->indicator->formula;
    bool yes = false;

    if (!yaml_flag(loader->yaml, reading->value, &yes)) {
        return false;
    }
    if (!yes) {
        yaml_error(loader->yaml, reading->value, "ở đây chỉ viết yes",
                   "only yes is written here");
        return false;
    }
    if (target->comparator == PLAN_ALL_NAMED) {
        if (formula != NULL && formula->operation != PLAN_ALL_OF) {
            yaml_error(loader->yaml, reading->value,
                       "chỉ số \"%s\" không đếm theo danh sách (all_of)",
                       "indicator \"%s\" does not count by a list (all_of)",
                       reading->indicator->id);
            return false;
        }
        target->quantity =
            formula == NULL ? 0 : loader->lists[formula->list].count;
    }
    target->has_quantity = target->comparator != PLAN_MONITOR;
    return true;
}

void plan_read_goal(struct plan_target_reading *reading)
{
    struct yaml *yaml = reading->loader->yaml;
    struct plan_target *target = reading->target;
    size_t found = 0;

    for (uint32_t i = 0; comparators[i] != NULL; i++) {
        const struct yaml_node *value = yaml_get(reading->node, comparators[i]);

        if (value != NULL) {
            target->comparator = (enum plan_comparator)i;
            reading->value = value;
            found++;
        }
    }
    if (found != 1) {
        yaml_error(yaml, reading->node,
                   "chỉ tiêu cần đúng một phép so sánh (at_least, exactly, "
                   "... hoặc monitor: yes)",
                   "a target has exactly one comparison (at_least, exactly, "
                   "... or monitor: yes)");
        return;
    }
    switch (target->comparator) {
    case PLAN_AT_LEAST:
    case PLAN_MORE_THAN:
    case PLAN_EXACTLY:
    case PLAN_AT_MOST:
    case PLAN_INCREASE:
    case PLAN_DECREASE:
        (void)read_amount(reading);
        break;
    case PLAN_BETWEEN:
        (void)read_between(reading);
        break;
    case PLAN_MONITOR:
    case PLAN_ALL_NAMED:
    case PLAN_NONE:
        (void)read_yes(reading);
        break;
    }
    if (target->comparator == PLAN_AT_LEAST && target->has_quantity &&
        target->quantity == 0) {
        yaml_warn(yaml, reading->value, "\"ít nhất 0\" lúc nào cũng đạt",
                  "\"at least 0\" is always met");
    }
    if (target->comparator != PLAN_MONITOR && reading->indicator != NULL &&
        reading->indicator->not_computed.vi != NULL) {
        yaml_error(yaml, reading->value,
                   "chỉ số \"%s\" không được tính, chỉ có thể monitor: yes",
                   "indicator \"%s\" is not computed, only monitor: yes is "
                   "possible",
                   reading->indicator->id);
    }
}
