#include "agent/api/glance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/event/catalogue.h"

/* By the type's name: what people tell events of it apart by. */
static const struct {
    const char *type;
    const char *fields[GLANCE_FIELDS_MAX];
} tables[] = {
    {"plan_issued", {"year", "own_inspection_target"}},
    {"communication_activity", {"form", "audience", "sessions"}},
    {"media_item", {"outlet", "kind", "items"}},
    {"coverage_snapshot", {"measure", "reached", "base_count"}},
    {"training_class", {"audience", "trainees"}},
    {"admin_sanction", {"act", "persons", "decisions"}},
    {"case_stage", {"case_ref", "stage", "case_type"}},
    {"hotspot_status", {"hotspot_ref", "state"}},
    {"tip_status", {"tip_ref", "state"}},
    {"establishment_status", {"est_ref", "category", "state"}},
    {"commitment_signed", {"est_ref", "kind"}},
    {"inspection", {"est_ref", "result", "violations"}},
    {"supervision_round", {"level", "topics"}},
    {"situation_census", {"establishments", "workers"}},
    {"team_status", {"kind", "state", "members"}},
    {"report_submitted", {"period_key", "regime"}},
    {"nil_report", {"period_key", "regime"}},
    {"same_as", {"kind", "first", "second"}},
    {"client_flow", {"group", "identified", "served"}},
    {"model_status", {"model_ref", "kind", "state"}},
    {"commune_rating", {"year", "rating"}},
};

static const struct catalogue_field *find(const struct catalogue_type *type,
                                          const char *name)
{
    for (size_t i = 0; name != NULL && i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, name) == 0) {
            return &type->fields[i];
        }
    }
    return NULL;
}

/* A word says what it is; a number needs its label. */
static bool needs_label(const struct catalogue_field *field)
{
    return field->kind == FIELD_COUNT || field->kind == FIELD_MONEY ||
           field->kind == FIELD_YEAR || field->kind == FIELD_PERIOD_KEY;
}

static void add(const struct words *words, const struct event *event,
                const struct catalogue_field *field, char *value,
                char text[GLANCE_TEXT_MAX])
{
    uint32_t number = EVENT_BODY_BASE + field->number;
    size_t used = strlen(text);
    int size;

    words_field(words, event, number, value);
    size = snprintf(text + used, GLANCE_TEXT_MAX - used, "%s%s%s%s",
                    used > 0 ? " · " : "",
                    needs_label(field) ? words_label(words, event, number) : "",
                    needs_label(field) ? ": " : "", value);
    if (size < 0 || (size_t)size >= GLANCE_TEXT_MAX - used) {
        text[used] = '\0'; /* never a part of a word */
    }
}

void glance_tell(const struct words *words, const struct event *event,
                 char text[GLANCE_TEXT_MAX])
{
    const struct catalogue_type *type = catalogue_type(event->type);
    struct words briefly = *words;
    char *value = malloc(WORDS_TEXT_MAX);

    text[0] = '\0';
    briefly.briefly = true;
    for (size_t i = 0;
         type != NULL && value != NULL && event->fault == EVENT_FAULT_NONE &&
         i < sizeof tables / sizeof tables[0];
         i++) {
        for (size_t at = 0;
             strcmp(tables[i].type, type->name) == 0 && at < GLANCE_FIELDS_MAX;
             at++) {
            const struct catalogue_field *field =
                find(type, tables[i].fields[at]);

            if (field != NULL && event_has(event, field->number)) {
                add(&briefly, event, field, value, text);
            }
        }
    }
    free(value);
}
