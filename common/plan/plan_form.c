/* What stands above and below the plan's reports on paper. The forms are
 * Vietnamese documents, so each text is there once. */
#include "common/plan/plan_loader.h"

static void read_recipients(struct plan_loader *loader,
                            const struct yaml_node *node)
{
    struct plan_form *form = &loader->plan->form;
    const char **texts;

    if (node == NULL || !yaml_list(loader->yaml, node)) {
        return;
    }
    if (node->count > PLAN_RECIPIENTS_MAX) {
        yaml_error(loader->yaml, node, "quá %u nơi nhận",
                   "more than %u recipients", PLAN_RECIPIENTS_MAX);
        return;
    }
    texts = plan_give(loader, node->count, sizeof texts[0]);
    for (node = node->first; node != NULL && texts != NULL; node = node->next) {
        if (yaml_text(loader->yaml, node, &texts[form->recipient_count])) {
            form->recipient_count++;
        }
    }
    form->recipients = texts;
}

void plan_read_form(struct plan_loader *loader, const struct yaml_node *node)
{
    static const char *const known[] = {"superior",  "agency",     "symbol",
                                        "place",     "signed_for", "signer",
                                        "addressee", "recipients", NULL};
    struct plan_form *form = &loader->plan->form;
    struct yaml *yaml = loader->yaml;

    if (node == NULL ||
        (!yaml_keys(yaml, node, known) && node->kind != YAML_MAPPING)) {
        return;
    }
    (void)yaml_text(yaml, yaml_get(node, "superior"), &form->superior);
    (void)yaml_text(yaml, yaml_get(node, "agency"), &form->agency);
    (void)yaml_text(yaml, yaml_get(node, "symbol"), &form->symbol);
    (void)yaml_text(yaml, yaml_get(node, "place"), &form->place);
    (void)yaml_text(yaml, yaml_get(node, "signed_for"), &form->signed_for);
    (void)yaml_text(yaml, yaml_get(node, "signer"), &form->signer);
    (void)yaml_text(yaml, yaml_get(node, "addressee"), &form->addressee);
    read_recipients(loader, yaml_get(node, "recipients"));
}
