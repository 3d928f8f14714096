#include "agent/api/naming.h"

#include "agent/spool/spool_things.h"

#include <stdio.h>

const char *naming_label(const struct desk_order *order, uint64_t reference)
{
    const struct context *context = order->means->office->context;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        for (uint32_t at = 0; at < plan->row_count; at++) {
            const struct plan_register_row *row = &plan->rows[at];

            if (row->reference == reference && row->label.vi != NULL) {
                return language_pick(row->label, order->language);
            }
        }
    }
    return NULL;
}

/* The office's own name, else the published label; false: neither. */
static bool thing_of(void *owner, uint32_t kind, uint64_t reference,
                     char name[WORDS_THING_MAX])
{
    const struct desk_order *order = owner;
    const char *label;

    /* A spool that cannot be read says so where the event itself is read. */
    if (kind != 0 && spool_name(order->means->office->spool, kind, reference,
                                name) == STATUS_OK) {
        return true;
    }
    label = naming_label(order, reference);
    (void)snprintf(name, WORDS_THING_MAX, "%s", label != NULL ? label : "");
    return label != NULL;
}

struct words naming_words(const struct desk_order *order)
{
    const struct context *context = order->means->office->context;

    return (struct words){.units = context_units(context),
                          .vocabulary = context_vocabulary(context),
                          .language = order->language,
                          .thing = thing_of,
                          .thing_owner = (void *)(uintptr_t)order};
}
