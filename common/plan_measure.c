/* Measures: which events count, and what is kept of them. */
#include "common/plan_loader.h"

#include "common/event.h"

#include <string.h>

static bool conditions_equal(const struct plan_condition a[],
                             const struct plan_condition b[], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].field != b[i].field || a[i].test != b[i].test ||
            a[i].value_count != b[i].value_count ||
            memcmp(a[i].values, b[i].values,
                   a[i].value_count * sizeof a[i].values[0]) != 0) {
            return false;
        }
    }
    return true;
}

static bool measures_equal(const struct plan_measure *a,
                           const struct plan_measure *b)
{
    return a->type == b->type && a->keep == b->keep && a->field == b->field &&
           a->condition_count == b->condition_count &&
           conditions_equal(a->conditions, b->conditions, a->condition_count) &&
           a->key_field_count == b->key_field_count &&
           memcmp(a->key_fields, b->key_fields,
                  a->key_field_count * sizeof a->key_fields[0]) == 0 &&
           a->capture_count == b->capture_count &&
           memcmp(a->capture, b->capture,
                  a->capture_count * sizeof a->capture[0]) == 0;
}

/* Gives the formula its measure: an equal one, or this one anew. */
static bool use_measure(const struct plan_reading *reading,
                        const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan *plan = loader->plan;

    for (uint32_t i = 0; i < plan->measure_count; i++) {
        if (measures_equal(&loader->measures[i], measure)) {
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
static void add_programme(const struct plan_loader *loader,
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
                                .values = {loader->plan->programme},
                                .value_count = 1};
    measure->condition_count++;
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
    /* One place is kept for the programme. */
    plan_read_where(loader, found, yaml_get(reading->node, "where"),
                    measure->conditions, PLAN_CONDITIONS_MAX - 1,
                    &measure->condition_count);
    if (loader->per != NULL) {
        plan_read_condition(loader, found, loader->per, measure->conditions,
                            PLAN_CONDITIONS_MAX - 1, &measure->condition_count);
    }
    add_programme(loader, measure);
    return found;
}

static const struct catalogue_type *read_of(const struct plan_reading *reading,
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

static const struct catalogue_field *read_summed(
    const struct plan_reading *reading, const struct catalogue_type *type,
    uint32_t *number)
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
    loader->persons = loader->persons || field->persons;
    return field;
}

bool plan_read_sum(const struct plan_reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_SUM};
    const struct catalogue_type *type;

    reading->formula->operation = PLAN_SUM;
    if (reading->key == PLAN_KEY_COUNT) {
        return read_events(reading, reading->subject, &measure) != NULL &&
               use_measure(reading, &measure);
    }
    type = read_of(reading, &measure);
    return type != NULL && read_summed(reading, type, &measure.field) != NULL &&
           use_measure(reading, &measure);
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
static bool read_keys(const struct plan_reading *reading,
                      const struct catalogue_type *type,
                      const struct yaml_node *node,
                      struct plan_measure *measure)
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

/* Restricts the formula to the members of a list of its own kind. */
static bool read_in_list(const struct plan_reading *reading,
                         const struct catalogue_type *type,
                         const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    const struct yaml_node *node = yaml_get(reading->node, "in_list");
    uint32_t number = measure->key_fields[0];
    const struct catalogue_field *field = NULL;
    uint32_t wanted;

    if (node == NULL) {
        return true;
    }
    if (!plan_read_list_id(loader, node, &reading->formula->list)) {
        return false;
    }
    if (number >= EVENT_BODY_BASE) {
        field = catalogue_field(type, number - EVENT_BODY_BASE);
    }
    wanted =
        field != NULL && field->kind == FIELD_REFERENCE ? field->reference : 0;
    if (loader->lists[reading->formula->list].reference_kind != wanted) {
        yaml_error(loader->yaml, node,
                   "danh sách \"%s\" không cùng loại với khóa của phép đếm",
                   "list \"%s\" is of another kind than what is counted",
                   node->text);
        return false;
    }
    return true;
}

/* `is`: what the last state must be. Its fields are captured. */
static bool read_is(const struct plan_reading *reading,
                    const struct catalogue_type *type,
                    struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node =
        yaml_require(loader->yaml, reading->node, "is");

    if (node == NULL) {
        return false;
    }
    plan_read_where(loader, type, node, formula->conditions,
                    PLAN_STATUS_CONDITIONS_MAX, &formula->condition_count);
    for (uint32_t i = 0; i < formula->condition_count; i++) {
        uint32_t number = formula->conditions[i].field;
        const struct catalogue_field *field =
            number < EVENT_BODY_BASE
                ? NULL
                : catalogue_field(type, number - EVENT_BODY_BASE);

        if (field == NULL || field->kind == FIELD_VALUES ||
            field->kind == FIELD_UNITS || field->kind == FIELD_COUNTS) {
            yaml_error(loader->yaml, node,
                       "trạng thái cuối chỉ xét được trường có một giá trị",
                       "the last state is a field with one value");
            return false;
        }
        if (formula->conditions[i].test == PLAN_TEST_IN_LIST ||
            formula->conditions[i].test == PLAN_TEST_LEVEL) {
            yaml_error(loader->yaml, node,
                       "ở is không dùng được in_list và level",
                       "in_list and level are of no use in is");
            return false;
        }
        for (uint32_t k = 0; k < measure->condition_count; k++) {
            if (measure->conditions[k].field == number) {
                yaml_error(loader->yaml, node,
                           "trường \"%s\" vừa ở where vừa ở is: lọc trước sẽ "
                           "bỏ mất trạng thái mới hơn",
                           "field \"%s\" is in both where and is: filtering "
                           "first would lose a later state",
                           field->name);
                return false;
            }
        }
        measure->capture[measure->capture_count] = number;
        formula->conditions[i].field = measure->capture_count++;
    }
    return formula->condition_count > 0;
}

/* `at`: the day that is looked at. */
static bool read_look(const struct plan_reading *reading)
{
    static const char *const names[] = {"end", "start", "plan_start", NULL};
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node = yaml_get(reading->node, "at");
    const char *text = NULL;
    uint32_t position = 0;

    if (node == NULL) {
        return true;
    }
    if (!yaml_text(loader->yaml, node, &text)) {
        return false;
    }
    if (text[0] >= '0' && text[0] <= '9') {
        formula->look = PLAN_LOOK_DAY;
        return yaml_date(loader->yaml, node, &formula->look_day);
    }
    if (!yaml_choice(loader->yaml, node, names, &position)) {
        return false;
    }
    formula->look = (enum plan_look)position;
    return true;
}

bool plan_read_rows(const struct plan_reading *reading)
{
    static const enum plan_operation operations[PLAN_KEY_END] = {
        [PLAN_KEY_DISTINCT] = PLAN_DISTINCT, [PLAN_KEY_FIRST] = PLAN_FIRST,
        [PLAN_KEY_NEVER] = PLAN_DISTINCT,    [PLAN_KEY_REACHED] = PLAN_REACHED,
        [PLAN_KEY_STATUS] = PLAN_STATUS,
    };
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = read_of(reading, &measure);

    reading->formula->operation = operations[reading->key];
    if (type == NULL || !read_look(reading) || !plan_read_every(reading) ||
        !read_keys(reading, type, reading->subject, &measure) ||
        !read_in_list(reading, type, &measure)) {
        return false;
    }
    if (reading->key == PLAN_KEY_STATUS && !read_is(reading, type, &measure)) {
        return false;
    }
    return use_measure(reading, &measure);
}

bool plan_read_latest(const struct plan_reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = read_of(reading, &measure);
    uint32_t number = 0;

    reading->formula->operation = PLAN_LATEST;
    if (type == NULL || !read_look(reading) ||
        read_summed(reading, type, &number) == NULL ||
        !read_keys(reading, type,
                   yaml_require(reading->loader->yaml, reading->node, "by"),
                   &measure)) {
        return false;
    }
    measure.capture[measure.capture_count++] = number;
    /* "More than 400" stays a lower bound in every sum that it is part of. */
    if (catalogue_find_field(type, "is_lower_bound", &number) != NULL) {
        measure.capture[measure.capture_count++] = number;
    }
    return use_measure(reading, &measure);
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
        !plan_read_every(reading)) {
        return false;
    }
    type = read_of(reading, &measure);
    if (type == NULL) {
        return false;
    }
    /* Days and places are enough, unless one event has several places. */
    if (has_places(type)) {
        measure.keep = PLAN_KEEP_ROWS;
        measure.key_fields[measure.key_field_count++] = EVENT_SUBJECT_UNIT;
    }
    return use_measure(reading, &measure);
}
