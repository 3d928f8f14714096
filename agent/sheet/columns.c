#include "agent/sheet/columns.h"

#include <stdio.h>
#include <string.h>

#include "agent/source/source.h"
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/event/unit.h"

/* enum EventType of proto/event.proto. */
#define TYPE_CORRECTION 20u

/* ---- which columns ---- */

static const struct catalogue_field *header_field(uint32_t number)
{
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    check(number >= 1 && number <= count);
    return &header[number - 1];
}

const struct catalogue_field *columns_meaning(const struct catalogue_type *type,
                                              uint32_t field)
{
    if (field > EVENT_BODY_BASE) {
        return catalogue_field(type, field - EVENT_BODY_BASE);
    }
    return field >= EVENT_TYPE && field <= EVENT_REASON ? header_field(field)
                                                        : NULL;
}

static bool is_taken(const struct columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (strcmp(columns->all[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The label, where it is read back as the field; else the name. */
static void add(struct columns *columns, uint32_t field, const char *label,
                const char *name, bool required)
{
    struct column *column = &columns->all[columns->count];
    bool plain =
        strlen(label) < COLUMNS_NAME_MAX && !is_taken(columns, label) &&
        source_field(columns->type, label, strlen(label), NULL) == field;

    check(columns->count < COLUMNS_MAX);
    *column = (struct column){.field = field,
                              .meaning = columns_meaning(columns->type, field),
                              .required = required};
    (void)snprintf(column->name, sizeof column->name, "%s",
                   plain ? label : name);
    columns->count++;
}

static void add_header(struct columns *columns, uint32_t number, bool required)
{
    const struct catalogue_field *field = header_field(number);

    add(columns, number, language_pick(field->label, columns->language),
        field->name, required);
}

static void add_pair(struct columns *columns)
{
    const struct control_scope *first = &columns->agent->scopes[0];
    bool units = false;
    bool offices = false;

    for (uint32_t i = 1; i < columns->agent->scope_count; i++) {
        units = units || columns->agent->scopes[i].unit != first->unit;
        offices = offices || columns->agent->scopes[i].office != first->office;
    }
    if (units) {
        add_header(columns, EVENT_UNIT, true);
    }
    if (offices) {
        add_header(columns, EVENT_OFFICE, true);
    }
}

/* A day of the office's plans: today, or the last day of the last plan. */
static int32_t choose_day(const struct context *context, int32_t today)
{
    int32_t last = INT32_MIN;

    for (size_t i = 0; i < context_plan_count(context); i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        if (plan->from <= today && today <= plan->to) {
            return today;
        }
        last = plan->to > last ? plan->to : last;
    }
    return last != INT32_MIN && last < today ? last : today;
}

void columns_make(struct columns *columns, const struct context *context,
                  const struct context_agent *agent,
                  const struct catalogue_type *type, enum language language,
                  int32_t today)
{
    bool correction = type->number == TYPE_CORRECTION;

    *columns = (struct columns){.context = context,
                                .agent = agent,
                                .type = type,
                                .language = language,
                                .day = choose_day(context, today)};
    add(columns, EVENT_OCCURRED_ON, language_pick(type->date_label, language),
        type->date_name, true);
    if (correction) {
        add_header(columns, EVENT_TARGET, true);
        add_header(columns, EVENT_HEAD, false);
        add_header(columns, EVENT_REASON, true);
    }
    add(columns, EVENT_SUBJECT_UNIT,
        language_pick(header_field(EVENT_SUBJECT_UNIT)->label, language),
        type->unit_name, type->unit_required);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];

        add(columns, EVENT_BODY_BASE + field->number,
            language_pick(field->label, language), field->name,
            field->required);
    }
    add_header(columns, EVENT_DOCUMENT_NUMBER, false);
    if (context_programme(context, columns->day) == 0) {
        add_header(columns, EVENT_PROGRAMME, true);
    }
    if (agent->scope_count > 1) {
        add_pair(columns);
    }
}

/* ---- what to choose ---- */

static bool in_area(const struct columns *columns, uint32_t unit)
{
    const struct units *units = context_units(columns->context);

    for (uint32_t i = 0; i < columns->agent->scope_count; i++) {
        const struct control_scope *scope = &columns->agent->scopes[i];

        for (uint32_t k = 0; k < scope->area_count; k++) {
            if (units_below(units, unit, scope->area[k], columns->day)) {
                return true;
            }
        }
    }
    return false;
}

/* "Phường Ngọc Khánh"; with its code where another unit is called the same. */
static void write_unit(const struct columns *columns, const struct unit *unit,
                       char out[COLUMNS_CHOICE_MAX])
{
    const struct units *units = context_units(columns->context);
    char key[UNIT_TEXT_MAX];
    bool alone = true;

    for (size_t i = 0; i < units_count(units) && alone; i++) {
        const struct unit *other = units_at(units, i);

        alone = other->key == unit->key ||
                strcmp(other->name, unit->name) != 0 ||
                strcmp(other->type, unit->type) != 0 ||
                other->from > columns->day || other->to <= columns->day ||
                !in_area(columns, other->key);
    }
    unit_key_format(unit->key, key);
    (void)snprintf(out, COLUMNS_CHOICE_MAX, alone ? "%s %s" : "%s %s (%s)",
                   unit->type, unit->name, key);
}

static bool next_unit(const struct columns *columns, size_t *cursor,
                      char out[COLUMNS_CHOICE_MAX])
{
    const struct units *units = context_units(columns->context);

    while (units != NULL && *cursor < units_count(units)) {
        const struct unit *unit = units_at(units, (*cursor)++);

        if (unit->from <= columns->day && unit->to > columns->day &&
            in_area(columns, unit->key)) {
            write_unit(columns, unit, out);
            return true;
        }
    }
    return false;
}

/* The units that the office records for, each once. */
static bool next_own_unit(const struct columns *columns, size_t *cursor,
                          char out[COLUMNS_CHOICE_MAX])
{
    const struct context_agent *agent = columns->agent;
    char key[UNIT_TEXT_MAX];

    while (*cursor < agent->scope_count) {
        uint32_t unit = agent->scopes[*cursor].unit;
        bool before = false;

        for (size_t i = 0; i < *cursor; i++) {
            before = before || agent->scopes[i].unit == unit;
        }
        *cursor += 1;
        if (!before) {
            unit_key_format(unit, key);
            (void)snprintf(out, COLUMNS_CHOICE_MAX, "%s", key);
            return true;
        }
    }
    return false;
}

static bool next_flag(const struct columns *columns, size_t *cursor,
                      char out[COLUMNS_CHOICE_MAX])
{
    static const struct language_text flags[] = {{"có", "yes"},
                                                 {"không", "no"}};

    if (*cursor >= sizeof flags / sizeof flags[0]) {
        return false;
    }
    (void)snprintf(out, COLUMNS_CHOICE_MAX, "%s",
                   language_pick(flags[(*cursor)++], columns->language));
    return true;
}

bool columns_choice(const struct columns *columns, const struct column *column,
                    size_t *cursor, char out[COLUMNS_CHOICE_MAX])
{
    const struct catalogue_value *value;
    const char *thing;

    switch (column->meaning->kind) {
    case FIELD_REFERENCE:
        thing = columns->things != NULL
                    ? things_next(columns->things, column->meaning->reference,
                                  cursor)
                    : NULL;
        (void)snprintf(out, COLUMNS_CHOICE_MAX, "%s",
                       thing != NULL ? thing : "");
        return thing != NULL;
    case FIELD_UNIT:
    case FIELD_UNITS:
        return column->field == EVENT_UNIT ? next_own_unit(columns, cursor, out)
                                           : next_unit(columns, cursor, out);
    case FIELD_FLAG:
        return next_flag(columns, cursor, out);
    case FIELD_VALUE:
    case FIELD_VALUES:
        value = vocabulary_at(context_vocabulary(columns->context),
                              column->meaning->enumeration, *cursor);
        if (value == NULL) {
            return false;
        }
        *cursor += 1;
        (void)snprintf(out, COLUMNS_CHOICE_MAX, "%s",
                       language_pick(value->label, columns->language));
        return true;
    default:
        return false;
    }
}

/* ---- the example ---- */

void columns_example(const struct columns *columns, const struct column *column,
                     char out[COLUMNS_CHOICE_MAX])
{
    const struct catalogue_field *field = column->meaning;
    size_t cursor = 0;
    const char *text = "";

    /* A thing of somebody's register is no example. */
    if (field->kind != FIELD_REFERENCE &&
        columns_choice(columns, column, &cursor, out)) {
        /* The last unit is a commune, the first one the office's own. */
        while (field->kind == FIELD_UNIT &&
               columns_choice(columns, column, &cursor, out)) {
        }
        return;
    }
    switch (field->kind) {
    case FIELD_COUNT:
    case FIELD_MONEY:
        (void)snprintf(out, COLUMNS_CHOICE_MAX, "%llu",
                       (unsigned long long)(field->min > 0 ? field->min : 1));
        return;
    case FIELD_DATE:
        text_format_date(columns->day, columns->language, out);
        return;
    case FIELD_COUNTS:
        text = "2;1";
        break;
    case FIELD_YEAR:
        text = "2018";
        break;
    case FIELD_REFERENCE:
        text = "@so-15";
        break;
    case FIELD_PERIOD_KEY:
        text = "2018-Q2";
        break;
    case FIELD_EVENT_ID:
        text = "271.1.42";
        break;
    case FIELD_DOCUMENT:
        text = "25/KH-UBND";
        break;
    default:
        break;
    }
    (void)snprintf(out, COLUMNS_CHOICE_MAX, "%s", text);
}
