/* The catalogue as a form: what each type takes, in the words of people, with
 * the province's own values and what this office may choose. One table for the
 * page, `record --fields`, workbooks and the rules. */
#include "agent/api/works.h"
#include "common/base/text.h"
#include "common/base/words.h"
#include "common/event/reference.h"
#include "common/event/unit.h"

#include <stdio.h>
#include <string.h>

/* enum EventType: a void is no form, but a step from the event it is about. */
#define TYPE_CORRECTION 20u

struct form {
    const struct office *office;
    const struct vocabulary *vocabulary;
    enum language language;
    int32_t today;
};

static const char *kind_name(enum field_kind kind)
{
    static const char *const names[] = {
        [FIELD_VALUE] = "enum",
        [FIELD_VALUES] = "set",
        [FIELD_COUNT] = "number",
        [FIELD_COUNTS] = "numbers",
        [FIELD_MONEY] = "money",
        [FIELD_FLAG] = "flag",
        [FIELD_DATE] = "date",
        [FIELD_YEAR] = "year",
        [FIELD_REFERENCE] = "reference",
        [FIELD_UNIT] = "unit",
        [FIELD_UNITS] = "units",
        [FIELD_PERIOD_KEY] = "period",
        [FIELD_INDEX] = "number",
        [FIELD_MOMENT] = "moment",
        [FIELD_EVENT_ID] = "event",
        [FIELD_DOCUMENT] = "document",
        [FIELD_KEY] = "key",
    };

    return names[kind];
}

/* ---- fields ---- */

static json_t *tell_values(const struct form *form,
                           const struct catalogue_enumeration *list)
{
    const struct catalogue_value *value;
    json_t *values = json_array();

    for (size_t i = 0;
         (value = vocabulary_at(form->vocabulary, list, i)) != NULL; i++) {
        (void)json_array_append_new(
            values, json_pack("{s:i, s:s, s:s}", "number", (int)value->value,
                              "key", value->token, "label",
                              language_pick(value->label, form->language)));
    }
    return values;
}

static json_t *tell_reference(const struct catalogue_field *field)
{
    return field->kind == FIELD_REFERENCE && field->reference != 0
               ? json_string(
                     reference_prefix((enum reference_kind)field->reference))
               : json_null();
}

/* Bounds that say something: of counts and sums. */
static json_t *tell_bound(const struct catalogue_field *field, uint64_t bound)
{
    bool has = field->kind == FIELD_COUNT || field->kind == FIELD_COUNTS ||
               field->kind == FIELD_MONEY;

    return has && bound <= (uint64_t)INT64_MAX ? json_integer((json_int_t)bound)
                                               : json_null();
}

/* `key` and `label` as the type calls the field. `value` (may be NULL) is the
 * one that the page fills in. */
static json_t *tell_field(const struct form *form,
                          const struct catalogue_field *field, const char *key,
                          struct language_text label, uint32_t number,
                          bool required, const char *value)
{
    return json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:s?}",
        "number", (json_int_t)number, "key", key, "label",
        language_pick(label, form->language), "help",
        language_pick(field->help, form->language), "kind",
        kind_name(field->kind), "required", required, "persons", field->persons,
        "min", tell_bound(field, field->min), "max",
        tell_bound(field, field->max), "reference_kind", tell_reference(field),
        "values",
        field->enumeration == NULL ? json_array()
                                   : tell_values(form, field->enumeration),
        "default", value);
}

static void add_header(const struct form *form,
                       const struct catalogue_type *type, uint32_t number,
                       bool required, const char *value, json_t *fields)
{
    size_t count = 0;
    const struct catalogue_field *field = &catalogue_header(&count)[number - 1];
    const char *key = field->name;
    struct language_text label = field->label;

    if (number == EVENT_OCCURRED_ON) {
        key = type->date_name;
        label = type->date_label;
    } else if (number == EVENT_SUBJECT_UNIT) {
        key = type->unit_name;
    }
    (void)json_array_append_new(
        fields, tell_field(form, field, key, label, number, required, value));
}

/* Units of the enrolment are chosen where there are several, and so are
 * offices: else they are filled in. */
static void add_pair(const struct form *form, const struct catalogue_type *type,
                     json_t *fields)
{
    const struct context_agent *agent = form->office->agent;
    bool units = false, offices = false;

    for (uint32_t i = 1; agent != NULL && i < agent->scope_count; i++) {
        units = units || agent->scopes[i].unit != agent->scopes[0].unit;
        offices = offices || agent->scopes[i].office != agent->scopes[0].office;
    }
    if (units) {
        add_header(form, type, EVENT_UNIT, true, NULL, fields);
    }
    if (offices) {
        add_header(form, type, EVENT_OFFICE, true, NULL, fields);
    }
}

static json_t *tell_fields(const struct form *form,
                           const struct catalogue_type *type)
{
    json_t *fields = json_array();

    add_header(form, type, EVENT_OCCURRED_ON, true, "today", fields);
    add_pair(form, type, fields);
    add_header(form, type, EVENT_SUBJECT_UNIT, type->unit_required, NULL,
               fields);
    if (context_programme(form->office->context, form->today) == 0) {
        add_header(form, type, EVENT_PROGRAMME, true, NULL, fields);
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        (void)json_array_append_new(
            fields,
            tell_field(form, field, field->name, field->label,
                       EVENT_BODY_BASE + field->number, field->required, NULL));
    }
    add_header(form, type, EVENT_DOCUMENT_NUMBER, false, NULL, fields);
    return fields;
}

/* ---- types ---- */

static bool is_in_plan(const struct form *form, uint32_t type)
{
    const struct context *context = form->office->context;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        for (uint32_t at = 0; at < plan->measure_count; at++) {
            if (plan->measures[at].type == type) {
                return true;
            }
        }
    }
    return false;
}

static void add_types(const struct form *form, bool in_plan, json_t *types)
{
    size_t count = 0;
    const struct catalogue_type *list = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        if (list[i].number == TYPE_CORRECTION ||
            is_in_plan(form, list[i].number) != in_plan) {
            continue;
        }
        (void)json_array_append_new(
            types,
            json_pack("{s:i, s:s, s:s, s:b, s:o}", "number",
                      (int)list[i].number, "key", list[i].name, "label",
                      language_pick(list[i].label, form->language), "in_plan",
                      in_plan, "fields", tell_fields(form, &list[i])));
    }
}

/* ---- who records ---- */

static json_t *tell_pairs(const struct form *form)
{
    const struct context_agent *agent = form->office->agent;
    const struct units *units = context_units(form->office->context);
    const struct catalogue_enumeration *offices =
        catalogue_enumeration("Office");
    json_t *pairs = json_array();

    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        const struct control_scope *scope = &agent->scopes[i];
        const struct unit *unit = units_called(units, scope->unit, form->today);
        const struct catalogue_value *office =
            vocabulary_value(form->vocabulary, offices, scope->office);
        char key[UNIT_TEXT_MAX];
        char name[WORDS_UNIT_TEXT_MAX];

        unit_key_format(scope->unit, key);
        (void)snprintf(name, sizeof name, "%s%s%s",
                       unit == NULL ? key : unit->type, unit == NULL ? "" : " ",
                       unit == NULL ? "" : unit->name);
        (void)json_array_append_new(
            pairs,
            json_pack("{s:s, s:s, s:s, s:s}", "unit", key, "name", name,
                      "office", office == NULL ? "" : office->token, "label",
                      office == NULL
                          ? ""
                          : language_pick(office->label, form->language)));
    }
    return pairs;
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    const struct office *office = order->means->office;
    struct form form = {.office = office,
                        .vocabulary = context_vocabulary(office->context),
                        .language = order->language,
                        .today = clock_today(order->means->clock)};
    char today[TEXT_DATE_MAX];
    json_t *types = json_array();
    json_t *answer;

    text_format_date_iso(form.today, today);
    add_types(&form, true, types);
    add_types(&form, false, types);
    answer = json_pack(
        "{s:s, s:i, s:o, s:b, s:s, s:o}", "office", office->config.office,
        "agent", (int)office->identity.agent_number, "pairs", tell_pairs(&form),
        "ready",
        office->agent != NULL && context_units(office->context) != NULL,
        "today", today, "types", types);
    desk_give_kept(&answer, reply);
    return DESK_DONE;
}

const struct desk_work form_work = {.turn = tell};
