/* Filters: which events a measure takes, and which last state counts. */
#include "common/plan/plan_loader.h"

#include "common/event/event.h"

#include <stdlib.h>
#include <string.h>

static bool is_number(enum field_kind kind)
{
    return kind == FIELD_COUNT || kind == FIELD_MONEY || kind == FIELD_DATE ||
           kind == FIELD_YEAR || kind == FIELD_PERIOD_KEY;
}

static bool is_set(enum field_kind kind)
{
    return kind == FIELD_VALUES || kind == FIELD_UNITS;
}

/* Kinds of which single values can be named. */
static bool has_values(enum field_kind kind)
{
    return is_number(kind) || is_set(kind) || kind == FIELD_VALUE ||
           kind == FIELD_FLAG || kind == FIELD_REFERENCE || kind == FIELD_UNIT;
}

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

/* One value or a list of them; sorted, so that equal filters look equal. */
static bool read_values(struct plan_loader *loader,
                        const struct catalogue_field *field,
                        const struct yaml_node *node,
                        struct plan_condition *condition)
{
    const struct yaml_node *item = node;
    bool good = true;

    if (node->kind == YAML_LIST) {
        item = node->first;
        if (item == NULL) {
            yaml_error(loader->yaml, node,
                       "danh sách trống, không sự kiện nào "
                       "thoả điều kiện này",
                       "the list is empty, no event can pass");
            return false;
        }
    }
    for (; item != NULL; item = node->kind == YAML_LIST ? item->next : NULL) {
        uint64_t value = 0;

        if (condition->value_count == PLAN_VALUES_MAX) {
            yaml_error(loader->yaml, item, "quá %u giá trị",
                       "more than %u values", PLAN_VALUES_MAX);
            return false;
        }
        if (plan_read_field_value(loader, field, item, &value)) {
            condition->values[condition->value_count++] = value;
        } else {
            good = false;
        }
    }
    qsort(condition->values, condition->value_count,
          sizeof condition->values[0], by_value);
    return good;
}

static bool wrong_test(struct plan_loader *loader,
                       const struct catalogue_type *type,
                       const struct catalogue_field *field,
                       const struct yaml_node *key)
{
    yaml_error(loader->yaml, key,
               "phép thử \"%s\" không dùng được cho trường \"%s\" của \"%s\"",
               "test \"%s\" does not suit field \"%s\" of \"%s\"", key->text,
               field->name, type->name);
    return false;
}

static bool read_in_list(struct plan_loader *loader,
                         const struct catalogue_field *field,
                         const struct yaml_node *node,
                         struct plan_condition *condition)
{
    uint32_t position = 0;

    if (!plan_read_list_id(loader, node, &position)) {
        return false;
    }
    if (loader->lists[position].reference_kind !=
        (field->kind == FIELD_REFERENCE ? field->reference : 0)) {
        yaml_error(loader->yaml, node,
                   "danh sách \"%s\" không cùng loại với trường \"%s\"",
                   "list \"%s\" is of another kind than field \"%s\"",
                   node->text, field->name);
        return false;
    }
    condition->values[0] = position;
    condition->value_count = 1;
    return true;
}

/* {field: NAME}: what the same event says there. Persons with persons, days
 * with days. */
static bool read_other(struct plan_loader *loader,
                       const struct catalogue_type *type,
                       const struct catalogue_field *field,
                       const struct yaml_node *node,
                       struct plan_condition *condition)
{
    static const char *const known[] = {"field", NULL};
    const struct yaml_node *name;
    const struct catalogue_field *other;

    if (!yaml_keys(loader->yaml, node, known)) {
        return false;
    }
    name = yaml_require(loader->yaml, node, "field");
    other = name == NULL
                ? NULL
                : plan_read_field(loader, type, name, &condition->other);
    if (other == NULL) {
        return false;
    }
    if (other->kind != field->kind || condition->other == condition->field) {
        yaml_error(loader->yaml, name,
                   "không so sánh được trường \"%s\" với \"%s\"",
                   "field \"%s\" cannot be compared with \"%s\"", field->name,
                   other->name);
        return false;
    }
    return true;
}

/* {at_least: 1} and the like: one key, one test. */
static bool read_test(struct plan_loader *loader,
                      const struct catalogue_type *type,
                      const struct catalogue_field *field,
                      const struct yaml_node *node,
                      struct plan_condition *condition)
{
    static const char *const tests[] = {
        "any_of",  "all_of",  "none_of", "at_least",    "at_most",
        "present", "in_list", "level",   "not_in_list", NULL};
    static const enum plan_test numbers[] = {
        PLAN_TEST_ANY_OF,   PLAN_TEST_ALL_OF,  PLAN_TEST_NONE_OF,
        PLAN_TEST_AT_LEAST, PLAN_TEST_AT_MOST, PLAN_TEST_PRESENT,
        PLAN_TEST_IN_LIST,  PLAN_TEST_LEVEL,   PLAN_TEST_NOT_IN_LIST};
    const struct yaml_node *key = node->first;
    enum unit_level level = UNIT_PROVINCE;
    size_t test = 0;
    bool flag = false;

    if (!yaml_keys(loader->yaml, node, tests)) {
        return false;
    }
    if (node->count != 1) {
        yaml_error(loader->yaml, node, "cần đúng một phép thử ở đây",
                   "exactly one test is wanted here");
        return false;
    }
    while (strcmp(tests[test], key->text) != 0) {
        test++;
    }
    condition->test = numbers[test];
    switch (condition->test) {
    case PLAN_TEST_ANY_OF:
    case PLAN_TEST_NONE_OF:
        return read_values(loader, field, key->value, condition);
    case PLAN_TEST_ALL_OF:
        return is_set(field->kind)
                   ? read_values(loader, field, key->value, condition)
                   : wrong_test(loader, type, field, key);
    case PLAN_TEST_AT_LEAST:
    case PLAN_TEST_AT_MOST:
        if (!is_number(field->kind)) {
            return wrong_test(loader, type, field, key);
        }
        if (key->value->kind == YAML_MAPPING) {
            return read_other(loader, type, field, key->value, condition);
        }
        condition->value_count = 1;
        return plan_read_field_value(loader, field, key->value,
                                     &condition->values[0]);
    case PLAN_TEST_PRESENT:
        if (!yaml_flag(loader->yaml, key->value, &flag)) {
            return false;
        }
        return flag || wrong_test(loader, type, field, key);
    case PLAN_TEST_IN_LIST:
    case PLAN_TEST_NOT_IN_LIST:
        return field->kind == FIELD_REFERENCE || field->kind == FIELD_UNIT ||
                       field->kind == FIELD_UNITS
                   ? read_in_list(loader, field, key->value, condition)
                   : wrong_test(loader, type, field, key);
    case PLAN_TEST_LEVEL:
        if (field->kind != FIELD_UNIT && field->kind != FIELD_UNITS) {
            return wrong_test(loader, type, field, key);
        }
        condition->value_count = 1;
        if (!plan_read_level(loader, key->value, &level)) {
            return false;
        }
        condition->values[0] = level;
        return true;
    }
    return false;
}

static bool read_condition(struct plan_loader *loader,
                           const struct catalogue_type *type,
                           const struct yaml_node *key,
                           struct plan_condition *condition)
{
    const struct catalogue_field *field =
        plan_read_field(loader, type, key, &condition->field);

    if (field == NULL) {
        return false;
    }
    if (!has_values(field->kind)) {
        yaml_error(loader->yaml, key, "không lọc được theo trường \"%s\"",
                   "field \"%s\" cannot be filtered", field->name);
        return false;
    }
    if (key->value->kind == YAML_MAPPING) {
        return read_test(loader, type, field, key->value, condition);
    }
    condition->test = PLAN_TEST_ANY_OF;
    if (!read_values(loader, field, key->value, condition)) {
        return false;
    }
    if (field->kind == FIELD_FLAG && condition->value_count == 1 &&
        condition->values[0] == 0) {
        /* A flag that was not given is a no. */
        condition->test = PLAN_TEST_NONE_OF;
        condition->values[0] = 1;
    }
    return true;
}

static int by_field(const void *left, const void *right)
{
    const struct plan_condition *a = left;
    const struct plan_condition *b = right;

    return a->field < b->field ? -1 : a->field > b->field;
}

void plan_read_condition(struct plan_loader *loader,
                         const struct catalogue_type *type,
                         const struct yaml_node *key,
                         struct plan_condition conditions[], uint32_t max,
                         uint32_t *count)
{
    struct plan_condition condition = {0};

    if (*count == max) {
        yaml_error(loader->yaml, key, "quá %u điều kiện",
                   "more than %u conditions", max);
        return;
    }
    if (!read_condition(loader, type, key, &condition)) {
        return;
    }
    for (uint32_t i = 0; i < *count; i++) {
        if (conditions[i].field == condition.field) {
            yaml_error(loader->yaml, key, "trường \"%s\" có hai điều kiện",
                       "field \"%s\" has two conditions", key->text);
        }
    }
    conditions[(*count)++] = condition;
    qsort(conditions, *count, sizeof conditions[0], by_field);
}

void plan_read_where(struct plan_loader *loader,
                     const struct catalogue_type *type,
                     const struct yaml_node *node,
                     struct plan_condition conditions[], uint32_t max,
                     uint32_t *count)
{
    if (node == NULL) {
        return;
    }
    if (node->kind != YAML_MAPPING) {
        yaml_error(loader->yaml, node, "điều kiện viết dạng {trường: giá trị}",
                   "conditions are written {field: value}");
        return;
    }
    for (const struct yaml_node *key = node->first; key != NULL;
         key = key->next) {
        plan_read_condition(loader, type, key, conditions, max, count);
    }
}
