/* Formulas. A node is a mapping with one key that names the operation. */
#include "common/plan/plan_loader.h"

#include <string.h>

/* Each operation with the keys that go with it. */
static const char *const operations[PLAN_KEY_END][12] = {
    [PLAN_KEY_COUNT] = {"count", "where"},
    [PLAN_KEY_SUM] = {"sum", "of", "where"},
    [PLAN_KEY_DISTINCT] = {"distinct", "of", "where", "in_list", "not_in_list",
                           "every", "at_least", "regime"},
    [PLAN_KEY_FIRST] = {"first", "of", "where", "in_list", "not_in_list"},
    [PLAN_KEY_REACHED] = {"reached", "of", "where", "in_list", "not_in_list",
                          "at"},
    [PLAN_KEY_NEVER] = {"never", "of", "where", "in_list", "not_in_list"},
    [PLAN_KEY_STATUS] = {"status", "of", "where", "is", "in_list",
                         "not_in_list", "at"},
    [PLAN_KEY_VALID] = {"valid", "of", "where", "is", "until", "in_list",
                        "not_in_list", "at"},
    [PLAN_KEY_DUE] = {"due", "of", "where", "by", "in_list", "not_in_list",
                      "at"},
    [PLAN_KEY_IN_TIME] = {"in_time", "of", "where", "by", "in_list",
                          "not_in_list", "at"},
    [PLAN_KEY_LATEST] = {"latest", "of", "by", "where", "at", "among"},
    [PLAN_KEY_UNITS] = {"units", "of", "where", "in_list", "not_in_list",
                        "below", "every", "at_least", "regime"},
    [PLAN_KEY_COVERAGE] = {"coverage", "of", "where", "in_list", "not_in_list",
                           "below", "every", "at_least", "regime"},
    [PLAN_KEY_IN_FORCE] = {"in_force", "in_list", "not_in_list"},
    [PLAN_KEY_LIST] = {"list"},
    [PLAN_KEY_ALL_OF] = {"all_of", "each"},
    [PLAN_KEY_BOTH] = {"both"},
    [PLAN_KEY_EITHER] = {"either"},
    [PLAN_KEY_WITHOUT] = {"without"},
    [PLAN_KEY_ON_TIME] = {"on_time", "kind", "regime", "days_after", "where",
                          "in_list", "not_in_list", "by"},
    [PLAN_KEY_CHOOSE] = {"choose", "between"},
    [PLAN_KEY_BASELINE] = {"baseline"},
    [PLAN_KEY_CHANGE] = {"change", "against", "as"},
    [PLAN_KEY_PERIODS] = {"periods", "of_each", "at_least", "per", "regime"},
    [PLAN_KEY_CONSTANT] = {"constant"},
    [PLAN_KEY_ADD] = {"add"},
    [PLAN_KEY_SUBTRACT] = {"subtract"},
    [PLAN_KEY_RATIO] = {"ratio"},
    [PLAN_KEY_INDICATOR] = {"indicator"},
};

static bool read_in_force(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    formula->operation = PLAN_IN_FORCE;
    if (!plan_read_level(loader, reading->subject, &formula->level)) {
        return false;
    }
    if (!plan_has_level(loader, formula->level)) {
        yaml_error(loader->yaml, reading->subject,
                   "trong thời gian kế hoạch không có đơn vị nào ở cấp này",
                   "there is no unit of this level in the plan's time");
        return false;
    }
    return plan_read_in_list(reading, 0);
}

/* Numbers that are added or taken away: a percentage is none. */
static bool read_terms(const struct plan_reading *reading,
                       enum plan_operation operation)
{
    struct plan_formula *formula = reading->formula;

    formula->operation = operation;
    if (!plan_read_operands(reading, 2, PLAN_OPERANDS_MAX)) {
        return false;
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        if (plan_formula_is_ratio(formula->operands[i])) {
            yaml_error(reading->loader->yaml, reading->subject,
                       "không cộng, trừ các tỷ lệ",
                       "percentages are neither added nor subtracted");
            return false;
        }
    }
    return true;
}

static bool read_ratio(const struct plan_reading *reading)
{
    static const char *const known[] = {"part", "whole", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    formula->operation = PLAN_RATIO;
    if (!yaml_keys(loader->yaml, reading->subject, known)) {
        return false;
    }
    for (size_t i = 0; known[i] != NULL; i++) {
        const struct yaml_node *node =
            yaml_require(loader->yaml, reading->subject, known[i]);
        const struct plan_formula *operand =
            node == NULL ? NULL
                         : plan_read_formula(loader, node, reading->depth + 1);

        if (operand == NULL) {
            return false;
        }
        if (plan_formula_is_ratio(operand)) {
            yaml_error(loader->yaml, node, "không lấy tỷ lệ của một tỷ lệ",
                       "a ratio of a ratio is not taken");
            return false;
        }
        if (i == 1 && plan_never(loader, operand)) {
            yaml_error(loader->yaml, node, "mẫu số luôn bằng 0",
                       "the denominator is always 0");
            return false;
        }
        formula->operands[formula->operand_count++] = operand;
    }
    return true;
}

/* {coverage: commune, of: ...} is units over in_force. */
static bool read_coverage(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *part = plan_give(loader, 1, sizeof *part);
    struct plan_formula *whole = plan_give(loader, 1, sizeof *whole);
    struct plan_reading inner = *reading;

    if (part == NULL || whole == NULL) {
        return false;
    }
    part->list = UINT32_MAX;
    whole->list = UINT32_MAX;
    whole->measure = UINT32_MAX;
    inner.formula = part;
    if (!plan_read_units(&inner)) {
        return false;
    }
    inner.formula = whole;
    reading->formula->operation = PLAN_RATIO;
    reading->formula->operands[0] = part;
    reading->formula->operands[1] = whole;
    reading->formula->operand_count = 2;
    return read_in_force(&inner);
}

static bool read_all_of(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *each =
        yaml_require(loader->yaml, reading->node, "each");
    uint32_t kind;

    formula->operation = PLAN_ALL_OF;
    if (!plan_read_list_id(loader, reading->subject, &formula->list) ||
        each == NULL) {
        return false;
    }
    formula->operands[0] = plan_read_formula(loader, each, reading->depth + 1);
    if (formula->operands[0] == NULL) {
        return false;
    }
    formula->operand_count = 1;
    kind = loader->lists[formula->list].reference_kind;
    if (kind != 0 && !plan_set_is_of(loader, formula->operands[0], kind)) {
        yaml_error(loader->yaml, each,
                   "với danh sách đối tượng, each phải đếm chính loại đối "
                   "tượng đó",
                   "for a list of things, each has to count things of its "
                   "kind");
        return false;
    }
    return true;
}

/* The formula of an indicator that stands above. */
static const struct plan_formula *read_indicator(
    const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    uint32_t position = 0;

    if (!plan_read_indicator_id(loader, reading->subject, &position)) {
        return NULL;
    }
    loader->persons = loader->persons || loader->indicators[position].persons;
    loader->settings_used |= loader->indicators[position].settings;
    if (loader->indicators[position].not_computed.vi != NULL) {
        yaml_error(loader->yaml, reading->subject,
                   "chỉ số \"%s\" không được tính",
                   "indicator \"%s\" is not computed",
                   loader->indicators[position].id);
    }
    return loader->indicators[position].formula;
}

/* One reading of an open question. Those that were not chosen are read too, so
 * that a later choice finds no mistake, but the fold keeps nothing for them. */
static const struct plan_formula *read_option(
    const struct plan_reading *reading, const struct yaml_node *node,
    bool chosen)
{
    struct plan_loader *loader = reading->loader;
    uint32_t measures = loader->plan->measure_count;
    uint32_t settings = loader->settings_used;
    bool persons = loader->persons;
    const struct plan_formula *formula =
        plan_read_formula(loader, node, reading->depth + 1);

    if (!chosen) {
        loader->plan->measure_count = measures;
        loader->settings_used = settings;
        loader->persons = persons;
    }
    return formula;
}

/* The formula of the option that the setting has. */
static const struct plan_formula *read_choice(
    const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    const struct yaml_node *between =
        yaml_require(loader->yaml, reading->node, "between");
    const struct plan_formula *formula = NULL;
    const struct plan_setting *setting;
    uint32_t position = 0, option = 0;

    if (!plan_read_setting_id(loader, reading->subject, &position) ||
        between == NULL) {
        return NULL;
    }
    setting = &loader->plan->settings[position];
    if (between->kind != YAML_MAPPING ||
        between->count != setting->option_count) {
        yaml_error(loader->yaml, between,
                   "cần một công thức cho mỗi cách hiểu của \"%s\"",
                   "a formula is wanted for each option of \"%s\"",
                   setting->id);
        return NULL;
    }
    loader->settings_used |= UINT32_C(1) << position;
    for (const struct yaml_node *key = between->first; key != NULL;
         key = key->next) {
        const struct plan_formula *read;

        if (!plan_read_option_id(loader, setting, key, &option)) {
            return NULL;
        }
        read = read_option(reading, key->value, option == setting->chosen);
        if (option == setting->chosen) {
            formula = read;
        }
    }
    return formula;
}

static bool read_operation(struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    switch (reading->key) {
    case PLAN_KEY_COUNT:
    case PLAN_KEY_SUM:
        return plan_read_sum(reading);
    case PLAN_KEY_DISTINCT:
    case PLAN_KEY_FIRST:
    case PLAN_KEY_REACHED:
    case PLAN_KEY_NEVER:
    case PLAN_KEY_STATUS:
    case PLAN_KEY_VALID:
    case PLAN_KEY_DUE:
    case PLAN_KEY_IN_TIME:
        return plan_read_rows(reading);
    case PLAN_KEY_LATEST:
        return plan_read_latest(reading);
    case PLAN_KEY_UNITS:
        return plan_read_units(reading);
    case PLAN_KEY_COVERAGE:
        return read_coverage(reading);
    case PLAN_KEY_IN_FORCE:
        return read_in_force(reading);
    case PLAN_KEY_LIST:
        formula->operation = PLAN_LIST;
        return plan_read_list_id(loader, reading->subject, &formula->list);
    case PLAN_KEY_ALL_OF:
        return read_all_of(reading);
    case PLAN_KEY_BOTH:
    case PLAN_KEY_EITHER:
    case PLAN_KEY_WITHOUT:
        return plan_read_combination(reading);
    case PLAN_KEY_PERIODS:
        return plan_read_periods(reading);
    case PLAN_KEY_ON_TIME:
        return plan_read_on_time(reading);
    case PLAN_KEY_BASELINE:
        return plan_read_baseline(reading);
    case PLAN_KEY_CHANGE:
        return plan_read_change(reading);
    case PLAN_KEY_CONSTANT:
        formula->operation = PLAN_CONSTANT;
        return yaml_integer(loader->yaml, reading->subject, 0, INT64_MAX,
                            &formula->constant);
    case PLAN_KEY_ADD:
        return read_terms(reading, PLAN_ADD);
    case PLAN_KEY_SUBTRACT:
        return read_terms(reading, PLAN_SUBTRACT);
    case PLAN_KEY_RATIO:
        return read_ratio(reading);
    case PLAN_KEY_INDICATOR:
    case PLAN_KEY_CHOOSE:
    case PLAN_KEY_END:
        break;
    }
    return false;
}

/* Finds the one key of the node that names an operation. */
static bool find_operation(struct plan_reading *reading)
{
    struct yaml *yaml = reading->loader->yaml;
    struct nearest nearest;
    size_t found = 0;

    if (reading->node->kind != YAML_MAPPING || reading->node->count == 0) {
        yaml_error(yaml, reading->node,
                   "công thức viết dạng {phép tính: ...}, ví dụ {count: "
                   "inspection}",
                   "a formula is written {operation: ...}, such as {count: "
                   "inspection}");
        return false;
    }
    nearest_init(&nearest, reading->node->first->text);
    for (uint32_t key = 0; key < PLAN_KEY_END; key++) {
        const struct yaml_node *subject =
            yaml_get(reading->node, operations[key][0]);

        nearest_try(&nearest, operations[key][0]);
        /* `list` and `indicator` are operations of their own only. */
        if (subject != NULL) {
            reading->key = (enum plan_operation_key)key;
            reading->subject = subject;
            found++;
        }
    }
    if (found == 0) {
        yaml_unknown(yaml, reading->node->first, "phép tính", "operation",
                     nearest.best);
    } else if (found > 1) {
        yaml_error(yaml, reading->node, "chỉ một phép tính trong một công thức",
                   "one operation in a formula");
    }
    return found == 1;
}

/* A formula that leans on others can grow with each of them. */
static bool count_nodes(const struct plan_reading *reading)
{
    struct plan_formula *formula = reading->formula;

    formula->nodes = 1;
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        formula->nodes += formula->operands[i]->nodes;
    }
    if (formula->nodes > PLAN_NODES_MAX) {
        yaml_error(reading->loader->yaml, reading->node,
                   "công thức có quá %u phép tính",
                   "the formula has more than %u operations", PLAN_NODES_MAX);
        return false;
    }
    return true;
}

const struct plan_formula *plan_read_formula(struct plan_loader *loader,
                                             const struct yaml_node *node,
                                             uint32_t depth)
{
    struct plan_reading reading = {
        .loader = loader, .node = node, .depth = depth};
    size_t errors = yaml_report(loader->yaml)->errors;

    if (depth > PLAN_DEPTH_MAX) {
        yaml_error(loader->yaml, node, "công thức lồng quá %u tầng",
                   "the formula is nested deeper than %u", PLAN_DEPTH_MAX);
        return NULL;
    }
    if (!find_operation(&reading) ||
        !yaml_keys(loader->yaml, node, operations[reading.key])) {
        return NULL;
    }
    if (reading.key == PLAN_KEY_INDICATOR) {
        return read_indicator(&reading);
    }
    if (reading.key == PLAN_KEY_CHOOSE) {
        return read_choice(&reading);
    }
    reading.formula = plan_give(loader, 1, sizeof *reading.formula);
    if (reading.formula == NULL) {
        return NULL;
    }
    reading.formula->list = UINT32_MAX;
    reading.formula->until = UINT32_MAX;
    reading.formula->measure = UINT32_MAX;
    if (!read_operation(&reading) ||
        yaml_report(loader->yaml)->errors > errors || !count_nodes(&reading)) {
        return NULL;
    }
    return reading.formula;
}
