/* Settings: where the text of the plan leaves open how something is counted,
 * the readings that are possible and the one that was chosen. They stand in
 * the file, so that a change of mind is a new revision and not a secret. */
#include "common/plan/plan_loader.h"

#include <string.h>

/* Position of the option with that id; UINT32_MAX when there is none. */
static uint32_t find_option(const struct plan_setting *setting, const char *id)
{
    for (uint32_t i = 0; i < setting->option_count; i++) {
        if (setting->options[i].id != NULL &&
            strcmp(setting->options[i].id, id) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

static void read_option(struct plan_loader *loader,
                        const struct yaml_node *node,
                        struct plan_setting *setting,
                        struct plan_option *option)
{
    static const char *const known[] = {"id", "label", NULL};
    struct yaml *yaml = loader->yaml;

    if (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), false,
                       &option->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &option->label);
    if (option->id != NULL && find_option(setting, option->id) != UINT32_MAX) {
        yaml_error(yaml, yaml_get(node, "id"), "cách hiểu \"%s\" đã có ở trên",
                   "option \"%s\" stands above already", option->id);
    }
}

static void read_options(struct plan_loader *loader,
                         const struct yaml_node *node,
                         struct plan_setting *setting)
{
    struct plan_option *options;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count < 2 || node->count > PLAN_OPTIONS_MAX) {
        yaml_error(loader->yaml, node, "cần từ 2 đến %u cách hiểu",
                   "2 to %u options are wanted", PLAN_OPTIONS_MAX);
        return;
    }
    options = plan_give(loader, node->count, sizeof options[0]);
    setting->options = options;
    for (node = node->first; node != NULL && options != NULL;
         node = node->next) {
        struct plan_option option = {0};

        read_option(loader, node, setting, &option);
        options[setting->option_count++] = option;
    }
}

bool plan_read_option_id(struct plan_loader *loader,
                         const struct plan_setting *setting,
                         const struct yaml_node *node, uint32_t *position)
{
    struct nearest nearest;
    const char *text = NULL;
    uint32_t found;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    found = find_option(setting, text);
    if (found != UINT32_MAX) {
        *position = found;
        return true;
    }
    nearest_init(&nearest, text);
    for (uint32_t i = 0; i < setting->option_count; i++) {
        if (setting->options[i].id != NULL) {
            nearest_try(&nearest, setting->options[i].id);
        }
    }
    yaml_unknown(loader->yaml, node, "cách hiểu", "option", nearest.best);
    return false;
}

bool plan_read_setting_id(struct plan_loader *loader,
                          const struct yaml_node *node, uint32_t *position)
{
    const struct plan *plan = loader->plan;
    struct nearest nearest;
    const char *text = NULL;

    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    *position = plan_find_setting(plan, text);
    if (*position != UINT32_MAX) {
        return true;
    }
    nearest_init(&nearest, text);
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        if (plan->settings[i].id != NULL) {
            nearest_try(&nearest, plan->settings[i].id);
        }
    }
    yaml_unknown(loader->yaml, node, "thiết lập", "setting", nearest.best);
    return false;
}

static void read_setting(struct plan_loader *loader,
                         const struct yaml_node *node,
                         struct plan_setting *setting)
{
    static const char *const known[] = {"id",     "label", "options",
                                        "chosen", "note",  NULL};
    struct yaml *yaml = loader->yaml;
    size_t errors = yaml_report(yaml)->errors;

    setting->line = node->line;
    if (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING) {
        return;
    }
    (void)plan_read_id(loader, yaml_require(yaml, node, "id"), false,
                       &setting->id);
    (void)yaml_both_languages(yaml, yaml_require(yaml, node, "label"),
                              &setting->label);
    (void)yaml_both_languages(yaml, yaml_get(node, "note"), &setting->note);
    read_options(loader, yaml_require(yaml, node, "options"), setting);
    node = yaml_require(yaml, node, "chosen");
    /* Beside a mistake in the options this one would only repeat it. */
    if (yaml_report(yaml)->errors == errors) {
        (void)plan_read_option_id(loader, setting, node, &setting->chosen);
    }
}

void plan_read_settings(struct plan_loader *loader,
                        const struct yaml_node *node)
{
    struct plan *plan = loader->plan;
    struct plan_setting *settings;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_SETTINGS_MAX) {
        yaml_error(loader->yaml, node, "quá %u thiết lập",
                   "more than %u settings", PLAN_SETTINGS_MAX);
        return;
    }
    settings = plan_give(loader, node->count, sizeof settings[0]);
    plan->settings = settings;
    for (const struct yaml_node *item = node->first;
         item != NULL && settings != NULL; item = item->next) {
        struct plan_setting read = {0};

        read_setting(loader, item, &read);
        if (read.id != NULL && plan_find_setting(plan, read.id) != UINT32_MAX) {
            yaml_error(loader->yaml, yaml_get(item, "id"),
                       "thiết lập \"%s\" đã có ở trên",
                       "setting \"%s\" stands above already", read.id);
        }
        settings[plan->setting_count++] = read;
    }
}
