/* Baselines: what the plan states of a day, and changes against that or against
 * an earlier range. */
#include "common/plan/plan_loader.h"

#include <string.h>

static void read_baseline(struct plan_loader *loader,
                          const struct yaml_node *node,
                          struct plan_baseline *baseline)
{
    static const char *const known[] = {
        "id",     "label", "quantity",    "lower_bound", "on",
        "source", "unit",  "source_line", NULL};
    struct yaml *yaml = loader->yaml;
    const struct yaml_node *unit = yaml_get(node, "unit");
    uint64_t line = 0;

    baseline->line = node->line;
    baseline->unit = loader->plan->unit;
    if (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), false,
                       &baseline->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &baseline->label);
    (void)yaml_integer(yaml, yaml_require(yaml, node, "quantity"), 0, INT64_MAX,
                       &baseline->quantity);
    (void)yaml_flag(yaml, yaml_get(node, "lower_bound"),
                    &baseline->lower_bound);
    (void)yaml_date(yaml, yaml_require(yaml, node, "on"), &baseline->on);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "source"),
                              &baseline->source);
    if (yaml_integer(yaml, yaml_get(node, "source_line"), 1, UINT32_MAX,
                     &line)) {
        baseline->source_line = (uint32_t)line;
    }
    if (unit != NULL) {
        (void)plan_read_unit(loader, unit, &baseline->unit);
    }
}

void plan_read_baselines(struct plan_loader *loader,
                         const struct yaml_node *node)
{
    struct plan *plan = loader->plan;
    struct plan_baseline *baselines;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_BASELINES_MAX) {
        yaml_error(loader->yaml, node, "quá %u số liệu gốc",
                   "more than %u baselines", PLAN_BASELINES_MAX);
        return;
    }
    baselines = plan_give(loader, node->count, sizeof baselines[0]);
    plan->baselines = baselines;
    for (const struct yaml_node *item = node->first;
         item != NULL && baselines != NULL; item = item->next) {
        struct plan_baseline read = {0};

        read_baseline(loader, item, &read);
        if (read.id != NULL &&
            plan_find_baseline(plan, read.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "số liệu gốc \"%s\" đã có ở trên",
                       "baseline \"%s\" stands above already", read.id);
        }
        baselines[plan->baseline_count++] = read;
    }
}

static bool read_baseline_id(struct plan_loader *loader,
                             const struct yaml_node *node,
                             struct plan_formula *formula)
{
    const struct plan *plan = loader->plan;
    struct nearest nearest;
    const char *text = NULL;

    formula->operation = PLAN_BASELINE;
    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    formula->baseline = plan_find_baseline(plan, text);
    if (formula->baseline != UINT32_MAX) {
        return true;
    }
    nearest_init(&nearest, text);
    for (uint32_t i = 0; i < plan->baseline_count; i++) {
        if (plan->baselines[i].id != NULL) {
            nearest_try(&nearest, plan->baselines[i].id);
        }
    }
    yaml_unknown(loader->yaml, node, "số liệu gốc", "baseline", nearest.best);
    return false;
}

bool plan_read_baseline(const struct plan_reading *reading)
{
    return read_baseline_id(reading->loader, reading->subject,
                            reading->formula);
}

static bool filters_by_year(const struct plan_measure *measure)
{
    const struct catalogue_type *type = catalogue_type(measure->type);

    for (uint32_t i = 0; type != NULL && i < measure->condition_count; i++) {
        uint32_t number = measure->conditions[i].field;
        const struct catalogue_field *field =
            number < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, number - EVENT_BODY_BASE);

        if (field != NULL &&
            (field->kind == FIELD_YEAR || field->kind == FIELD_PERIOD_KEY)) {
            return true;
        }
    }
    return false;
}

/* A filter on a year holds for one year: the one before would be empty. */
static bool names_a_year(const struct plan_loader *loader,
                         const struct plan_formula *formula)
{
    if (formula->measure != UINT32_MAX &&
        filters_by_year(&loader->measures[formula->measure])) {
        return true;
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        if (names_a_year(loader, formula->operands[i])) {
            return true;
        }
    }
    return false;
}

/* previous_year, previous_period, or {baseline: ID}. */
static bool read_against(const struct plan_reading *reading)
{
    static const char *const names[] = {"previous_year", "previous_period",
                                        NULL};
    static const char *const known[] = {"baseline", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node =
        yaml_require(loader->yaml, reading->node, "against");
    struct plan_formula *baseline;
    uint32_t position = 0;

    if (node == NULL) {
        return false;
    }
    if (node->kind == YAML_MAPPING) {
        baseline = plan_give(loader, 1, sizeof *baseline);
        if (baseline == NULL || !yaml_keys(loader->yaml, node, known)) {
            return false;
        }
        baseline->list = UINT32_MAX;
        baseline->until = UINT32_MAX;
        baseline->measure = UINT32_MAX;
        baseline->nodes = 1;
        formula->against = PLAN_AGAINST_OPERAND;
        formula->operands[formula->operand_count++] = baseline;
        return read_baseline_id(
            loader, yaml_require(loader->yaml, node, "baseline"), baseline);
    }
    if (!yaml_choice(loader->yaml, node, names, &position)) {
        return false;
    }
    formula->against = (enum plan_against)position;
    if (names_a_year(loader, formula->operands[0])) {
        yaml_error(loader->yaml, reading->subject,
                   "công thức lọc theo một năm, nên kỳ trước luôn trống",
                   "the formula filters by a year, so that the period before "
                   "is always empty");
        return false;
    }
    return true;
}

bool plan_read_change(const struct plan_reading *reading)
{
    static const char *const names[] = {"count", "percent", "points", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *as =
        yaml_require(loader->yaml, reading->node, "as");
    uint32_t position = 0;

    formula->operation = PLAN_CHANGE;
    formula->operands[0] =
        plan_read_formula(loader, reading->subject, reading->depth + 1);
    if (formula->operands[0] == NULL || as == NULL ||
        !yaml_choice(loader->yaml, as, names, &position)) {
        return false;
    }
    formula->operand_count = 1;
    formula->change = (enum plan_change)position;
    formula->persons = loader->persons;
    if (!read_against(reading)) {
        return false;
    }
    if (plan_formula_is_ratio(formula->operands[0]) !=
            (formula->change == PLAN_CHANGE_POINTS) ||
        (formula->change == PLAN_CHANGE_POINTS &&
         formula->against == PLAN_AGAINST_OPERAND)) {
        yaml_error(loader->yaml, as,
                   "thay đổi của tỷ lệ tính bằng points so với kỳ trước, của "
                   "số lượng bằng count hoặc percent",
                   "a share changes by points against an earlier period, a "
                   "quantity by count or percent");
        return false;
    }
    return true;
}
