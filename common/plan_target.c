/* Targets: what the plan promises of an indicator. */
#include "common/plan_loader.h"

#include "common/text.h"

#include <string.h>

#define PERCENT_E2_MAX 1000000u /* 10,000 % */

static const char *const comparators[] = {"monitor",   "at_least", "more_than",
                                          "exactly",   "at_most",  "between",
                                          "all_named", "none",     NULL};

struct reading {
    struct plan_loader *loader;
    const struct yaml_node *node;
    const struct yaml_node *value;          /* of the comparator's key */
    const struct plan_indicator *indicator; /* NULL when it is unknown */
    struct plan_target *target;
};

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

static bool read_percent(const struct reading *reading,
                         const struct yaml_node *node)
{
    struct yaml *yaml = reading->loader->yaml;
    const char *text = NULL;

    if (!yaml_text(yaml, node, &text)) {
        return false;
    }
    if (!parse_percent(text, node->size, &reading->target->percent_e2)) {
        yaml_error(yaml, node, "\"%.20s\" không phải phần trăm (ví dụ 80%%)",
                   "\"%.20s\" is not a percentage (such as 80%%)", text);
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
static bool read_quantity(const struct reading *reading,
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
static bool read_amount(const struct reading *reading)
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
static bool read_between(const struct reading *reading)
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
static bool read_yes(const struct reading *reading)
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

static void read_comparator(struct reading *reading)
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

static void read_indicator(struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    uint32_t position = 0;

    if (plan_read_indicator_id(
            loader, yaml_require(loader->yaml, reading->node, "indicator"),
            &position)) {
        reading->target->indicator = position;
        reading->indicator = &loader->indicators[position];
    }
}

static void read_window(struct reading *reading)
{
    static const char *const known[] = {"from", "to", NULL};
    struct yaml *yaml = reading->loader->yaml;
    const struct plan *plan = reading->loader->plan;
    struct plan_target *target = reading->target;
    const struct yaml_node *window = yaml_get(reading->node, "window");
    const struct yaml_node *due = yaml_get(reading->node, "due");

    target->from = plan->from;
    target->to = plan->to;
    if (window != NULL && yaml_keys(yaml, window, known)) {
        (void)yaml_date(yaml, yaml_require(yaml, window, "from"),
                        &target->from);
        (void)yaml_date(yaml, yaml_require(yaml, window, "to"), &target->to);
        if (target->from > target->to || target->from < plan->from ||
            target->to > plan->to) {
            yaml_error(yaml, window,
                       "thời gian của chỉ tiêu nằm ngoài thời gian kế hoạch",
                       "the window lies outside the time of the plan");
        }
    }
    target->due = target->to;
    if (yaml_date(yaml, due, &target->due) && target->due < target->from) {
        yaml_error(yaml, due, "hạn nằm trước khi bắt đầu",
                   "the due date is before the beginning");
    }
}

/* How many the text states and how many its annex names. */
static void read_list(struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    uint32_t position = 0;

    if (plan_read_list_id(loader, yaml_get(reading->node, "list"), &position) &&
        loader->lists[position].stated != 0) {
        reading->target->stated = loader->lists[position].stated;
        reading->target->listed = loader->lists[position].count;
    }
}

/* More than there are can never be reached. */
static void check_reach(struct reading *reading)
{
    struct plan_loader *loader = reading->loader;
    const struct plan_target *target = reading->target;
    const struct plan_formula *formula =
        reading->indicator == NULL ? NULL : reading->indicator->formula;
    uint32_t scope = target->scope != 0 ? target->scope : loader->plan->unit;
    const struct unit *unit;
    size_t units;

    if (formula == NULL || formula->operation != PLAN_RATIO ||
        formula->operands[1]->operation != PLAN_IN_FORCE ||
        !target->has_quantity || target->each_unit) {
        return;
    }
    unit = plan_carried(loader->plan, loader->units, scope, target->to);
    units = unit == NULL
                ? 0
                : units_in_force(loader->units, unit->key,
                                 formula->operands[1]->level, target->to);
    if (target->quantity > units) {
        yaml_error(loader->yaml, reading->value,
                   "chỉ tiêu lớn hơn số đơn vị có (%zu)",
                   "the target is above the number of units (%zu)", units);
    }
}

static void read_target(struct plan_loader *loader,
                        const struct yaml_node *node,
                        struct plan_target *target)
{
    static const char *const known[] = {
        "id",        "indicator", "label",   "source_line", "scope",
        "each",      "window",    "due",     "list",        "monitor",
        "at_least",  "more_than", "exactly", "at_most",     "between",
        "all_named", "none",      NULL};
    struct reading reading = {.loader = loader, .node = node, .target = target};
    struct yaml *yaml = loader->yaml;
    size_t errors = yaml_report(yaml)->errors;
    uint64_t line = 0;

    target->line = node->line;
    if (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), true,
                       &target->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &target->label);
    if (yaml_integer(yaml, yaml_get(node, "source_line"), 1, UINT32_MAX,
                     &line)) {
        target->source_line = (uint32_t)line;
    }
    if (yaml_get(node, "scope") != NULL) {
        (void)plan_read_unit(loader, yaml_get(node, "scope"), &target->scope);
    }
    if (yaml_get(node, "each") != NULL) {
        target->each_unit = plan_read_level(loader, yaml_get(node, "each"),
                                            &target->each_level);
    }
    read_window(&reading);
    read_indicator(&reading);
    read_comparator(&reading);
    if (yaml_get(node, "list") != NULL) {
        read_list(&reading);
    }
    if (yaml_report(yaml)->errors == errors) {
        check_reach(&reading);
    }
}

void plan_read_targets(struct plan_loader *loader, const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_TARGETS_MAX) {
        yaml_error(loader->yaml, node, "quá %u chỉ tiêu",
                   "more than %u targets", PLAN_TARGETS_MAX);
        return;
    }
    loader->targets = plan_give(loader, node->count, sizeof loader->targets[0]);
    plan->targets = loader->targets;
    for (const struct yaml_node *item = node->first;
         item != NULL && loader->targets != NULL; item = item->next) {
        struct plan_target target = {0};

        read_target(loader, item, &target);
        if (target.id != NULL &&
            plan_find_target(plan, target.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "chỉ tiêu \"%s\" đã có ở trên",
                       "target \"%s\" stands above already", target.id);
        }
        loader->targets[plan->target_count++] = target;
    }
}
