#include "common/figures/indicator_notes.h"

#include "common/base/text.h"
#include "common/event/catalogue.h"

#include <stdio.h>
#include <string.h>

/* Adds as much as there is room for. */
static void add(char text[INDICATOR_NOTE_MAX], const char *gap,
                const char *more)
{
    size_t used = strlen(text);

    (void)snprintf(text + used, INDICATOR_NOTE_MAX - used, "%s%s", gap, more);
}

/* A formula is nested a dozen deep at most. */
static bool reads_baseline(const struct plan_formula *formula, uint32_t place)
{
    bool found =
        formula->operation == PLAN_BASELINE && formula->baseline == place;

    for (uint32_t i = 0; i < formula->operand_count && !found; i++) {
        found = reads_baseline(formula->operands[i], place);
    }
    return found;
}

void indicator_baseline_text(const struct plan_baseline *baseline,
                             enum language language,
                             char text[INDICATOR_NOTE_MAX])
{
    char day[TEXT_DATE_MAX], number[TEXT_NUMBER_MAX];

    text_format_date(baseline->on, language, day);
    text_format_count(baseline->quantity, language, number);
    (void)snprintf(text, INDICATOR_NOTE_MAX, "%s%s, %s (%.800s)",
                   baseline->lower_bound ? "≥ " : "", number, day,
                   language_pick(baseline->source, language));
}

void indicator_responsible_text(const struct plan_target *target,
                                const struct vocabulary *vocabulary,
                                enum language language,
                                char text[INDICATOR_NOTE_MAX])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < target->responsible_count; i++) {
        const struct catalogue_value *office =
            vocabulary_value(vocabulary, catalogue_enumeration("Office"),
                             target->responsible[i]);

        add(text, i == 0 ? "" : ", ",
            office == NULL ? "?" : language_pick(office->label, language));
    }
}

static void name_of(const struct indicator_noting *noting,
                    const struct plan_target *target,
                    const struct plan_indicator *indicator,
                    char name[INDICATOR_NAME_MAX])
{
    if (noting->name != NULL) {
        noting->name(noting->owner, target, indicator, name);
    } else {
        (void)snprintf(name, INDICATOR_NAME_MAX, "%s",
                       target != NULL ? target->id : indicator->id);
    }
}

/* The line that a note is about: the first target of the indicator. */
static const struct plan_target *first_target(const struct plan *plan,
                                              uint32_t indicator)
{
    for (uint32_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].indicator == indicator) {
            return &plan->targets[i];
        }
    }
    return NULL;
}

static void note_baseline(const struct plan *plan, uint32_t place,
                          const struct indicator_noting *noting)
{
    const struct plan_baseline *baseline = &plan->baselines[place];
    char stated[INDICATOR_NOTE_MAX], text[INDICATOR_NOTE_MAX];
    char name[INDICATOR_NAME_MAX];

    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        if (noting->shown[i] && plan->indicators[i].formula != NULL &&
            reads_baseline(plan->indicators[i].formula, place)) {
            indicator_baseline_text(baseline, noting->language, stated);
            name_of(noting, first_target(plan, i), &plan->indicators[i], name);
            (void)snprintf(text, sizeof text, "%s: %.200s: %.700s", name,
                           language_pick(baseline->label, noting->language),
                           stated);
            noting->take(noting->owner, text);
            return;
        }
    }
}

static bool same_offices(const struct plan_target *a,
                         const struct plan_target *b)
{
    return a->responsible_count == b->responsible_count &&
           memcmp(a->responsible, b->responsible,
                  a->responsible_count * sizeof a->responsible[0]) == 0;
}

/* One note for all targets that the same offices answer for; a goal that was
 * changed is one target. */
static void note_responsible(const struct plan *plan,
                             const struct vocabulary *vocabulary,
                             uint32_t first,
                             const struct indicator_noting *noting)
{
    const struct plan_target *targets = plan->targets;
    char text[INDICATOR_NOTE_MAX], name[INDICATOR_NAME_MAX];
    const char *gap = ": ";

    for (uint32_t i = 0; i < first; i++) {
        if (noting->shown[targets[i].indicator] &&
            same_offices(&targets[i], &targets[first])) {
            return;
        }
    }
    indicator_responsible_text(&targets[first], vocabulary, noting->language,
                               text);
    for (uint32_t i = first; i < plan->target_count; i++) {
        if (noting->shown[targets[i].indicator] && targets[i].effective == 0 &&
            same_offices(&targets[i], &targets[first])) {
            name_of(noting, &targets[i],
                    &plan->indicators[targets[i].indicator], name);
            add(text, gap, name);
            gap = ", ";
        }
    }
    noting->take(noting->owner, text);
}

void indicator_notes(const struct plan *plan,
                     const struct vocabulary *vocabulary,
                     const struct indicator_noting *noting)
{
    for (uint32_t i = 0; i < plan->baseline_count; i++) {
        note_baseline(plan, i, noting);
    }
    for (uint32_t i = 0; i < plan->target_count; i++) {
        if (plan->targets[i].responsible_count > 0 &&
            noting->shown[plan->targets[i].indicator]) {
            note_responsible(plan, vocabulary, i, noting);
        }
    }
}
