/* Measures: which events count, and what is kept of them; and the formulas
 * that need no more than that. */
#include "common/plan/plan_loader.h"

#include "common/event/event.h"

#include <string.h>

/* Gives the formula its measure: an equal one, or this one anew. */
bool plan_use_measure(const struct plan_reading *reading,
                      const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan *plan = loader->plan;

    for (uint32_t i = 0; i < plan->measure_count; i++) {
        if (plan_measures_equal(&loader->measures[i], measure)) {
            reading->formula->measure = i;
            return true;
        }
    }
    if (plan->measure_count == PLAN_MEASURES_MAX) {
        yaml_error(loader->yaml, reading->node, "quá %u phép đo",
                   "more than %u measures", PLAN_MEASURES_MAX);
        return false;
    }
    reading->formula->measure = plan->measure_count;
    loader->measures[plan->measure_count++] = *measure;
    return true;
}

/* Events of other programmes are not the plan's, unless `where` says which. */
void plan_add_programme(const struct plan_loader *loader,
                        struct plan_measure *measure)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        if (measure->conditions[i].field == EVENT_PROGRAMME) {
            return;
        }
        at += measure->conditions[i].field < EVENT_PROGRAMME;
    }
    memmove(&measure->conditions[at + 1], &measure->conditions[at],
            (measure->condition_count - at) * sizeof measure->conditions[0]);
    measure->conditions[at] =
        (struct plan_condition){.field = EVENT_PROGRAMME,
                                .test = PLAN_TEST_ANY_OF,
                                .value_count = loader->plan->programme_count};
    for (uint32_t i = 0; i < loader->plan->programme_count; i++) {
        measure->conditions[at].values[i] = loader->plan->programmes[i];
    }
    measure->condition_count++;
}

/* Only events that give the field, unless the filter asks for more. */
void plan_add_present(const struct catalogue_field *field, uint32_t number,
                      struct plan_measure *measure)
{
    uint32_t at = measure->condition_count;

    if (field->required) {
        return;
    }
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        if (measure->conditions[i].field == number) {
            return;
        }
        if (at > i && measure->conditions[i].field > number) {
            at = i;
        }
    }
    memmove(&measure->conditions[at + 1], &measure->conditions[at],
            (measure->condition_count - at) * sizeof measure->conditions[0]);
    measure->conditions[at] =
        (struct plan_condition){.field = number, .test = PLAN_TEST_PRESENT};
    measure->condition_count++;
}

/* Whether only such measures of the province's pass as are no persons. */
static bool is_impersonal(const struct plan_loader *loader,
                          const struct catalogue_type *type,
                          const struct plan_measure *measure)
{
    const struct catalogue_enumeration *measures =
        catalogue_enumeration("CoverageMeasure");

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];
        const struct catalogue_field *field =
            condition->field < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, condition->field - EVENT_BODY_BASE);
        uint32_t impersonal = 0;

        if (field == NULL || field->enumeration != measures ||
            condition->test != PLAN_TEST_ANY_OF) {
            continue;
        }
        for (uint32_t k = 0; k < condition->value_count; k++) {
            const struct catalogue_value *value = vocabulary_value(
                loader->vocabulary, measures, (uint32_t)condition->values[k]);

            impersonal += value != NULL && value->impersonal;
        }
        return impersonal == condition->value_count;
    }
    return false;
}

/* Type and filter of a measure. NULL after a mistake. */
static const struct catalogue_type *read_events(
    const struct plan_reading *reading, const struct yaml_node *type,
    struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    const struct catalogue_type *found = plan_read_type(loader, type);

    if (found == NULL) {
        return NULL;
    }
    if (strcmp(found->name, "correction") == 0 ||
        strcmp(found->name, "same_as") == 0) {
        yaml_error(
            loader->yaml, type, "\"%s\" chỉ sửa sự kiện khác, không đếm được",
            "\"%s\" only mends other events, it is not counted", found->name);
        return NULL;
    }
    measure->type = found->number;
    plan_read_where(loader, found, yaml_get(reading->node, "where"),
                    measure->conditions, PLAN_WHERE_MAX,
                    &measure->condition_count);
    if (loader->per != NULL) {
        plan_read_condition(loader, found, loader->per, measure->conditions,
                            PLAN_WHERE_MAX, &measure->condition_count);
    }
    plan_add_programme(loader, measure);
    measure->impersonal = is_impersonal(loader, found, measure);
    return found;
}

const struct catalogue_type *plan_read_of(const struct plan_reading *reading,
                                          struct plan_measure *measure)
{
    return read_events(reading,
                       yaml_require(reading->loader->yaml, reading->node, "of"),
                       measure);
}

static bool sums(enum field_kind kind)
{
    return kind == FIELD_COUNT || kind == FIELD_COUNTS || kind == FIELD_MONEY;
}

const struct catalogue_field *plan_read_summed(
    const struct plan_reading *reading, const struct catalogue_type *type,
    const struct plan_measure *measure, uint32_t *number)
{
    struct plan_loader *loader = reading->loader;
    const struct catalogue_field *field =
        plan_read_field(loader, type, reading->subject, number);

    if (field == NULL) {
        return NULL;
    }
    if (!sums(field->kind) ||
        (reading->key == PLAN_KEY_LATEST && field->kind == FIELD_COUNTS)) {
        yaml_error(loader->yaml, reading->subject,
                   "trường \"%s\" không phải số đếm, không cộng được",
                   "field \"%s\" is no number to add", field->name);
        return NULL;
    }
    loader->persons =
        loader->persons || (field->persons && !measure->impersonal);
    return field;
}

/* Whether rows by the thing that the field names keep all that the measure
 * asks for. */
static bool can_keep_by(const struct catalogue_type *type, uint32_t field,
                        const struct plan_measure *measure)
{
    const struct catalogue_field *summed =
        measure->field < EVENT_BODY_BASE
            ? NULL
            : catalogue_field(type, measure->field - EVENT_BODY_BASE);

    if (measure->keep == PLAN_KEEP_ROWS) {
        return measure->key_field_count == 1 && measure->key_fields[0] == field;
    }
    /* What has several places counts at one of them in a sum. */
    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].kind == FIELD_UNITS) {
            return false;
        }
    }
    return summed == NULL || summed->kind != FIELD_COUNTS;
}

void plan_ask_things(const struct plan_reading *reading,
                     const struct catalogue_type *type,
                     struct plan_measure *measure)
{
    struct plan_formula *formula = reading->formula;

    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *condition = &measure->conditions[i];
        bool in = condition->test == PLAN_TEST_IN_LIST;
        const struct catalogue_field *field =
            condition->field < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, condition->field - EVENT_BODY_BASE);

        if ((!in && condition->test != PLAN_TEST_NOT_IN_LIST) ||
            field == NULL || field->kind != FIELD_REFERENCE ||
            formula->list != UINT32_MAX ||
            !can_keep_by(type, condition->field, measure)) {
            continue;
        }
        formula->list = (uint32_t)condition->values[0];
        formula->excluded = !in;
        if (measure->keep == PLAN_KEEP_SUM) {
            measure->keep = PLAN_KEEP_ROWS;
            measure->key_fields[measure->key_field_count++] = condition->field;
            if (measure->field != 0) {
                measure->capture[measure->capture_count++] = measure->field;
            }
        }
        measure->condition_count--;
        memmove(&measure->conditions[i], &measure->conditions[i + 1],
                (measure->condition_count - i) * sizeof measure->conditions[0]);
        return;
    }
}

bool plan_read_sum(const struct plan_reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_SUM};
    const struct catalogue_type *type;

    reading->formula->operation = PLAN_SUM;
    if (reading->key == PLAN_KEY_COUNT) {
        type = read_events(reading, reading->subject, &measure);
    } else {
        type = plan_read_of(reading, &measure);
    }
    if (type == NULL ||
        (reading->key != PLAN_KEY_COUNT &&
         plan_read_summed(reading, type, &measure, &measure.field) == NULL)) {
        return false;
    }
    plan_ask_things(reading, type, &measure);
    return plan_use_measure(reading, &measure);
}

static bool read_key(const struct plan_reading *reading,
                     const struct catalogue_type *type,
                     const struct yaml_node *node, struct plan_measure *measure,
                     bool *reference, bool *place)
{
    struct plan_loader *loader = reading->loader;
    uint32_t number = 0;
    const struct catalogue_field *field =
        plan_read_field(loader, type, node, &number);

    if (field == NULL) {
        return false;
    }
    if (measure->key_field_count == PLAN_KEY_FIELDS_MAX) {
        yaml_error(loader->yaml, node, "quá %u trường làm khóa",
                   "more than %u fields of a key", PLAN_KEY_FIELDS_MAX);
        return false;
    }
    if (field->kind != FIELD_REFERENCE && field->kind != FIELD_VALUE &&
        field->kind != FIELD_YEAR && number != EVENT_SUBJECT_UNIT) {
        yaml_error(loader->yaml, node,
                   "không phân biệt được theo trường \"%s\" (cần mã tham "
                   "chiếu, hoặc đơn vị cùng với giá trị khác)",
                   "field \"%s\" cannot tell things apart (a reference, or "
                   "the unit with other values, is wanted)",
                   field->name);
        return false;
    }
    *reference = *reference || field->kind == FIELD_REFERENCE;
    *place = *place || number == EVENT_SUBJECT_UNIT;
    measure->key_fields[measure->key_field_count++] = number;
    return true;
}

/* What tells the things apart: a reference alone, or the unit, perhaps with
 * other values. */
bool plan_read_keys(const struct plan_reading *reading,
                    const struct catalogue_type *type,
                    const struct yaml_node *node, struct plan_measure *measure)
{
    const struct yaml_node *item = node;
    bool reference = false;
    bool place = false;

    if (node == NULL) {
        return false;
    }
    if (node->kind == YAML_LIST) {
        item = node->first;
    }
    for (; item != NULL; item = node->kind == YAML_LIST ? item->next : NULL) {
        if (!read_key(reading, type, item, measure, &reference, &place)) {
            return false;
        }
    }
    if (reference ? measure->key_field_count != 1 : !place) {
        yaml_error(reading->loader->yaml, node,
                   "khóa phải là một mã tham chiếu, hoặc có subject_unit",
                   "a key is one reference, or has subject_unit in it");
        return false;
    }
    return true;
}

bool plan_read_in_list(const struct plan_reading *reading, uint32_t kind)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *in = yaml_get(reading->node, "in_list");
    const struct yaml_node *out = yaml_get(reading->node, "not_in_list");
    const struct yaml_node *node = in != NULL ? in : out;

    if (node == NULL) {
        return true;
    }
    if (in != NULL && out != NULL) {
        yaml_error(loader->yaml, out, "chỉ một danh sách cho một phép đếm",
                   "one list for a count");
        return false;
    }
    formula->excluded = out != NULL;
    if (!plan_read_list_id(loader, node, &formula->list)) {
        return false;
    }
    if (loader->lists[formula->list].reference_kind != kind) {
        yaml_error(loader->yaml, node,
                   "danh sách \"%s\" không cùng loại với khóa của phép đếm",
                   "list \"%s\" is of another kind than what is counted",
                   node->text);
        return false;
    }
    return true;
}

/* Whether events of the type have a list of places. */
static bool has_places(const struct catalogue_type *type)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].kind == FIELD_UNITS) {
            return true;
        }
    }
    return false;
}

bool plan_read_units(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    struct plan_measure measure = {.keep = PLAN_KEEP_SUM};
    const struct catalogue_type *type;

    formula->operation = PLAN_UNITS;
    (void)yaml_flag(loader->yaml, yaml_get(reading->node, "below"),
                    &formula->below);
    if (!plan_read_level(loader, reading->subject, &formula->level) ||
        !plan_read_every(reading) || !plan_read_in_list(reading, 0)) {
        return false;
    }
    type = plan_read_of(reading, &measure);
    if (type == NULL) {
        return false;
    }
    /* Days and places are enough, unless one event has several places. */
    if (has_places(type)) {
        measure.keep = PLAN_KEEP_ROWS;
        measure.key_fields[measure.key_field_count++] = EVENT_SUBJECT_UNIT;
    }
    return plan_use_measure(reading, &measure);
}
