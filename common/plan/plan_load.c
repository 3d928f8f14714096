/* The top of a plan file, and its indicators. What others lean on is read
 * first: the head, the settings, the register, the lists, then the indicators
 * and last the targets; the order in the file is free. */
#include "common/plan/plan_loader.h"

#include <string.h>

#define PLAN_ARENA_MAX (64u * 1024u * 1024u)

static void read_indicator(struct plan_loader *loader,
                           const struct yaml_node *node,
                           struct plan_indicator *indicator)
{
    static const char *const known[] = {
        "id",         "label", "unit_of_count", "note", "persons",
        "reports_as", "value", "not_computed",  NULL};
    const struct catalogue_enumeration *names =
        catalogue_enumeration("Indicator");
    struct yaml *yaml = loader->yaml;
    const struct yaml_node *value = yaml_get(node, "value");
    const struct yaml_node *reason = yaml_get(node, "not_computed");
    const struct yaml_node *reports_as = yaml_get(node, "reports_as");
    const struct catalogue_value *named;

    indicator->line = node->line;
    if (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), false,
                       &indicator->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &indicator->label);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "unit_of_count"),
                              &indicator->unit_of_count);
    (void)yaml_both_languages(yaml, yaml_get(node, "note"), &indicator->note);
    (void)yaml_both_languages(yaml, reason, &indicator->not_computed);
    if (reports_as != NULL) {
        (void)plan_read_value(loader, reports_as, names, &indicator->number);
    } else if (indicator->id != NULL) {
        named = vocabulary_by_token(loader->vocabulary, names, indicator->id,
                                    strlen(indicator->id));
        indicator->number = named == NULL ? 0 : named->value;
    }
    if ((value == NULL) == (reason == NULL)) {
        yaml_error(yaml, node,
                   "chỉ số cần đúng một trong hai khóa: value (cách tính) "
                   "hoặc not_computed (lý do không tính)",
                   "an indicator has either value (how it is counted) or "
                   "not_computed (why it is not)");
        return;
    }
    (void)yaml_flag(yaml, yaml_get(node, "persons"), &indicator->persons);
    loader->persons = indicator->persons;
    loader->settings_used = 0;
    if (value != NULL) {
        indicator->formula = plan_read_formula(loader, value, 1);
    }
    if (loader->persons && !indicator->persons &&
        yaml_get(node, "persons") != NULL) {
        yaml_error(yaml, yaml_get(node, "persons"),
                   "chỉ số này đếm người theo danh mục, không thể tắt",
                   "this indicator counts persons by the catalogue, that "
                   "cannot be switched off");
    }
    indicator->persons = indicator->persons || loader->persons;
    indicator->settings = loader->settings_used;
}

static void read_indicators(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    struct plan *plan = loader->plan;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_INDICATORS_MAX) {
        yaml_error(loader->yaml, node, "quá %u chỉ số",
                   "more than %u indicators", PLAN_INDICATORS_MAX);
        return;
    }
    loader->indicators =
        plan_give(loader, node->count, sizeof loader->indicators[0]);
    plan->indicators = loader->indicators;
    if (loader->indicators == NULL) {
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL;
         item = item->next) {
        struct plan_indicator read = {0};

        read_indicator(loader, item, &read);
        if (read.id != NULL &&
            plan_find_indicator(plan, read.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "chỉ số \"%s\" đã có ở trên",
                       "indicator \"%s\" stands above already", read.id);
        }
        loader->indicators[plan->indicator_count++] = read;
    }
}

static void read_plan(struct plan_loader *loader)
{
    static const char *const known[] = {
        "plan",          "revision", "title",      "number",     "issued_on",
        "period",        "unit",     "programme",  "legal_base", "regimes",
        "source_faults", "lists",    "register",   "indicators", "targets",
        "settings",      "form",     "supersedes", "holidays",   "baselines",
        "offices",       NULL};
    const struct yaml_node *root = yaml_root(loader->yaml);

    if (root == NULL) {
        yaml_error(loader->yaml, NULL, "tệp trống", "the file is empty");
        return;
    }
    /* An unknown key is told, and the rest is read all the same. */
    if (!yaml_keys(loader->yaml, root, known) && root->kind != YAML_MAPPING) {
        return;
    }
    plan_read_head(loader, root);
    plan_read_settings(loader, yaml_get(root, "settings"));
    plan_read_baselines(loader, yaml_get(root, "baselines"));
    plan_read_form(loader, yaml_get(root, "form"));
    plan_read_register(loader, yaml_get(root, "register"));
    plan_read_lists(loader, yaml_get(root, "lists"));
    read_indicators(loader, yaml_require(loader->yaml, root, "indicators"));
    plan_read_targets(loader, yaml_require(loader->yaml, root, "targets"));
}

enum status plan_load(const char *name, struct bytes text,
                      const struct units *units,
                      const struct vocabulary *vocabulary,
                      struct report *report, struct plan **plan)
{
    struct plan_loader loader = {.units = units, .vocabulary = vocabulary};
    size_t errors = report->errors;
    enum status rc;

    *plan = NULL;
    rc = yaml_load(name, text, report, &loader.yaml);
    if (rc != STATUS_OK) {
        goto out;
    }
    rc = arena_new(PLAN_ARENA_MAX, &loader.arena);
    if (rc != STATUS_OK) {
        goto out;
    }
    loader.plan = plan_give(&loader, 1, sizeof *loader.plan);
    loader.measures =
        plan_give(&loader, PLAN_MEASURES_MAX, sizeof loader.measures[0]);
    if (loader.plan == NULL || loader.measures == NULL) {
        rc = STATUS_MEMORY;
        goto out;
    }
    loader.plan->measures = loader.measures;
    read_plan(&loader);
    if (loader.out_of_memory) {
        rc = STATUS_MEMORY;
    } else if (report->errors > errors) {
        rc = STATUS_INVALID;
    }
out:
    report_sort(report);
    if (rc == STATUS_OK) {
        loader.plan->arena = loader.arena;
        loader.plan->source = loader.yaml;
        *plan = loader.plan;
    } else {
        arena_free(&loader.arena);
        yaml_unload(&loader.yaml);
    }
    return rc;
}
