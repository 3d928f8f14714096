/* Targets: what the plan promises of an indicator, where, by when and by whom.
 */
#include "common/plan/plan_loader.h"

static void read_indicator(struct plan_target_reading *reading)
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

/* A day, or {day: ..., inclusive: no}: "before the 15th" ends on the 14th. */
static void read_due(struct plan_target_reading *reading,
                     const struct yaml_node *node)
{
    static const char *const known[] = {"day", "inclusive", NULL};
    struct yaml *yaml = reading->loader->yaml;
    struct plan_target *target = reading->target;
    const struct yaml_node *day = node;
    bool inclusive = true;

    if (node != NULL && node->kind == YAML_MAPPING) {
        if (!yaml_keys(yaml, node, known)) {
            return;
        }
        day = yaml_require(yaml, node, "day");
        (void)yaml_flag(yaml, yaml_get(node, "inclusive"), &inclusive);
    }
    if (!yaml_date(yaml, day, &target->due)) {
        return;
    }
    target->due_before = !inclusive;
    target->due -= !inclusive;
    if (target->due < target->from) {
        yaml_error(yaml, day, "hạn nằm trước khi bắt đầu",
                   "the due date is before the beginning");
    }
}

static void read_window(struct plan_target_reading *reading)
{
    static const char *const known[] = {"from", "to", NULL};
    struct yaml *yaml = reading->loader->yaml;
    const struct plan *plan = reading->loader->plan;
    struct plan_target *target = reading->target;
    const struct yaml_node *window = yaml_get(reading->node, "window");

    target->from = plan->from;
    target->to = plan->to;
    if (window != NULL && yaml_keys(yaml, window, known)) {
        (void)yaml_date(yaml, yaml_require(yaml, window, "from"),
                        &target->from);
        (void)yaml_date(yaml, yaml_require(yaml, window, "to"), &target->to);
        if (target->from > target->to) {
            yaml_error(yaml, window, "ngày đầu (from) sau ngày cuối (to)",
                       "the first day (from) is after the last (to)");
        } else if (target->from < plan->from || target->to > plan->to) {
            yaml_error(yaml, window,
                       "thời gian của chỉ tiêu nằm ngoài thời gian kế hoạch",
                       "the window lies outside the time of the plan");
        }
    }
    target->due = target->to;
    read_due(reading, yaml_get(reading->node, "due"));
}

/* How many the text states and how many its annex names. */
static void read_list(struct plan_target_reading *reading)
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
static void check_reach(struct plan_target_reading *reading)
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
    if (loader->units == NULL) {
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

/* A unit, {list: ID} or {all_but: ID}. */
static void read_scope(struct plan_target_reading *reading,
                       const struct yaml_node *node)
{
    static const char *const known[] = {"list", "all_but", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;
    const struct yaml_node *named;

    if (node == NULL) {
        return;
    }
    if (node->kind != YAML_MAPPING) {
        (void)plan_read_unit(loader, node, &target->scope);
        return;
    }
    if (!yaml_keys(loader->yaml, node, known)) {
        return;
    }
    if (node->count != 1) {
        yaml_error(loader->yaml, node, "cần đúng một khóa: list hoặc all_but",
                   "exactly one key is wanted: list or all_but");
        return;
    }
    named = node->first->value;
    target->scope_all_but = yaml_get(node, "all_but") != NULL;
    target->scope_listed =
        plan_read_list_id(loader, named, &target->scope_list);
    if (target->scope_listed &&
        loader->lists[target->scope_list].reference_kind != 0) {
        yaml_error(loader->yaml, named,
                   "danh sách \"%s\" không phải danh sách đơn vị",
                   "list \"%s\" is not a list of units", named->text);
    }
    /* The rest of a total would tell what the total hides. */
    if (reading->indicator != NULL && reading->indicator->persons &&
        !target->each_unit) {
        yaml_error(loader->yaml, node,
                   "chỉ số \"%s\" đếm người, chỉ đặt cho từng đơn vị (each) "
                   "hoặc cho toàn bộ",
                   "indicator \"%s\" counts persons: a target is for each "
                   "unit or for the whole",
                   reading->indicator->id);
    }
}

static void read_responsible(struct plan_target_reading *reading,
                             const struct yaml_node *node)
{
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    for (node = node->first; node != NULL; node = node->next) {
        uint32_t office = 0;

        if (target->responsible_count == PLAN_RESPONSIBLE_MAX) {
            yaml_error(loader->yaml, node, "quá %u cơ quan",
                       "more than %u offices", PLAN_RESPONSIBLE_MAX);
            return;
        }
        if (plan_read_value(loader, node, catalogue_enumeration("Office"),
                            &office)) {
            if (!plan_asks_office(loader->plan, office)) {
                yaml_warn(loader->yaml, node,
                          "cơ quan này không có trong offices của kế hoạch",
                          "the office is not among the plan's offices");
            }
            target->responsible[target->responsible_count++] = office;
        }
    }
}

static void read_each(struct plan_target_reading *reading,
                      const struct yaml_node *node)
{
    struct plan_loader *loader = reading->loader;
    struct plan_target *target = reading->target;

    target->each_unit = plan_read_level(loader, node, &target->each_level);
    if (target->each_unit && !plan_has_level(loader, target->each_level)) {
        yaml_error(loader->yaml, node,
                   "trong thời gian kế hoạch không có đơn vị nào ở cấp này",
                   "there is no unit of this level in the plan's time");
    }
}

static const char *const target_keys[] = {"id",
                                          "indicator",
                                          "label",
                                          "source_line",
                                          "scope",
                                          "each",
                                          "window",
                                          "due",
                                          "list",
                                          "path",
                                          "versions",
                                          "responsible",
                                          "monitor",
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

static void read_target(struct plan_target_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    const struct yaml_node *node = reading->node;
    struct plan_target *target = reading->target;
    struct yaml *yaml = loader->yaml;
    size_t errors = yaml_report(yaml)->errors;
    uint64_t line = 0;

    target->line = node->line;
    if (!yaml_keys(yaml, node, target_keys) && node->kind != YAML_MAPPING) {
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
    if (yaml_get(node, "each") != NULL) {
        read_each(reading, yaml_get(node, "each"));
    }
    read_window(reading);
    read_indicator(reading);
    read_scope(reading, yaml_get(node, "scope"));
    plan_read_goal(reading);
    plan_read_path(reading, yaml_get(node, "path"));
    read_responsible(reading, yaml_get(node, "responsible"));
    if (yaml_get(node, "list") != NULL) {
        read_list(reading);
    }
    if (yaml_report(yaml)->errors == errors) {
        check_reach(reading);
    }
}

static void add_target(struct plan_loader *loader, const struct yaml_node *node,
                       const struct plan_target *target)
{
    if (loader->plan->target_count == PLAN_TARGETS_MAX) {
        yaml_error(loader->yaml, node, "quá %u chỉ tiêu",
                   "more than %u targets", PLAN_TARGETS_MAX);
        return;
    }
    loader->targets[loader->plan->target_count++] = *target;
}

/* A goal that was changed while the plan runs: the target with the new goal
 * stands behind the one before it, which ends on that day. */
static void read_versions(const struct plan_target_reading *first,
                          const struct yaml_node *node)
{
    static const char *const known[] = {"effective",
                                        "path",
                                        "at_least",
                                        "more_than",
                                        "exactly",
                                        "at_most",
                                        "between",
                                        "increase_of_at_least",
                                        "decrease_of_at_least",
                                        NULL};
    struct plan_loader *loader = first->loader;
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_VERSIONS_MAX) {
        yaml_error(loader->yaml, node, "quá %u lần điều chỉnh",
                   "more than %u versions", PLAN_VERSIONS_MAX);
        return;
    }
    for (node = node->first; node != NULL; node = node->next) {
        struct plan_target *before = &loader->targets[plan->target_count - 1];
        struct plan_target target = *before;
        struct plan_target_reading reading = {.loader = loader,
                                              .node = node,
                                              .indicator = first->indicator,
                                              .target = &target};
        const struct yaml_node *day =
            yaml_require(loader->yaml, node, "effective");

        if (!yaml_keys(loader->yaml, node, known) ||
            !yaml_date(loader->yaml, day, &target.effective)) {
            continue;
        }
        if (target.effective <= before->effective ||
            target.effective <= target.from || target.effective > target.to) {
            yaml_error(loader->yaml, day,
                       "ngày điều chỉnh phải nằm trong thời gian của chỉ tiêu "
                       "và theo thứ tự",
                       "versions begin within the window of the target, one "
                       "after the other");
            continue;
        }
        before->replaced_on = target.effective;
        target.line = node->line;
        target.has_quantity = target.has_percent = false;
        target.quantity = target.quantity_to = 0;
        target.percent_e2 = 0;
        target.quantity_formula = NULL;
        target.path = NULL;
        target.path_count = 0;
        plan_read_goal(&reading);
        plan_read_path(&reading, yaml_get(node, "path"));
        add_target(loader, node, &target);
    }
}

void plan_read_targets(struct plan_loader *loader, const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    loader->targets =
        plan_give(loader, PLAN_TARGETS_MAX, sizeof loader->targets[0]);
    plan->targets = loader->targets;
    for (const struct yaml_node *item = node->first;
         item != NULL && loader->targets != NULL; item = item->next) {
        struct plan_target target = {0};
        struct plan_target_reading reading = {
            .loader = loader, .node = item, .target = &target};
        uint32_t count = plan->target_count;

        read_target(&reading);
        if (target.id != NULL &&
            plan_find_target(plan, target.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "chỉ tiêu \"%s\" đã có ở trên",
                       "target \"%s\" stands above already", target.id);
        }
        add_target(loader, item, &target);
        if (plan->target_count == count) {
            return;
        }
        read_versions(&reading, yaml_get(item, "versions"));
    }
}
