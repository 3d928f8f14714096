/* Formulas over the dated rows of things: which row is looked at, and what it
 * has to say. */
#include "common/plan/plan_loader.h"

#include "common/event/event.h"

#include <string.h>

/* `is`: what the last state must be. Its fields are captured. */
static bool read_is(const struct plan_reading *reading,
                    const struct catalogue_type *type,
                    struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node = yaml_get(reading->node, "is");

    if (node == NULL) {
        return true;
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
            formula->conditions[i].test == PLAN_TEST_NOT_IN_LIST ||
            formula->conditions[i].test == PLAN_TEST_LEVEL ||
            formula->conditions[i].other != 0) {
            yaml_error(loader->yaml, node,
                       "ở is không dùng được danh sách, level và so sánh hai "
                       "trường",
                       "lists, level and other fields are of no use in is");
            return false;
        }
        for (uint32_t k = 0; k < measure->condition_count; k++) {
            if (measure->conditions[k].field == number &&
                measure->conditions[k].test != PLAN_TEST_PRESENT) {
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
    return true;
}

/* The field of a day under that key, captured. */
static bool read_day_field(const struct plan_reading *reading, const char *key,
                           const struct catalogue_type *type,
                           struct plan_measure *measure,
                           struct plan_formula *formula)
{
    struct plan_loader *loader = reading->loader;
    const struct yaml_node *node =
        yaml_require(loader->yaml, reading->node, key);
    const struct catalogue_field *field;
    uint32_t number = 0;

    field = node == NULL ? NULL : plan_read_field(loader, type, node, &number);
    if (field == NULL) {
        return false;
    }
    if (field->kind != FIELD_DATE || number < EVENT_BODY_BASE) {
        yaml_error(loader->yaml, node,
                   "trường \"%s\" không phải một hạn theo ngày",
                   "field \"%s\" is not a day until which something holds",
                   field->name);
        return false;
    }
    if (formula->operation != PLAN_STATUS) {
        plan_add_present(field, number, measure);
    }
    formula->until = measure->capture_count;
    measure->capture[measure->capture_count++] = number;
    return true;
}

/* in_time: things with the day that they have last stated, whatever `where`
 * asks for. */
static bool read_stated(const struct plan_reading *reading,
                        const struct catalogue_type *type)
{
    struct plan_loader *loader = reading->loader;
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS,
                                   .type = type->number};
    struct plan_formula *stated = plan_give(loader, 1, sizeof *stated);
    struct plan_reading inner = *reading;

    if (stated == NULL) {
        return false;
    }
    stated->operation = PLAN_STATED;
    stated->list = UINT32_MAX;
    stated->nodes = 1;
    stated->look = reading->formula->look;
    stated->look_day = reading->formula->look_day;
    inner.formula = stated;
    plan_add_programme(loader, &measure);
    reading->formula->operands[0] = stated;
    reading->formula->operand_count = 1;
    return plan_read_keys(reading, type, reading->subject, &measure) &&
           read_day_field(reading, "by", type, &measure, stated) &&
           plan_use_measure(&inner, &measure);
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

/* The kind of reference that the key is; 0: units. */
static uint32_t kind_of_key(const struct catalogue_type *type,
                            const struct plan_measure *measure)
{
    uint32_t number = measure->key_fields[0];
    const struct catalogue_field *field =
        number < EVENT_BODY_BASE
            ? NULL
            : catalogue_field(type, number - EVENT_BODY_BASE);

    return field != NULL && field->kind == FIELD_REFERENCE ? field->reference
                                                           : 0;
}

bool plan_read_rows(const struct plan_reading *reading)
{
    static const enum plan_operation operations[PLAN_KEY_END] = {
        [PLAN_KEY_DISTINCT] = PLAN_DISTINCT, [PLAN_KEY_FIRST] = PLAN_FIRST,
        [PLAN_KEY_NEVER] = PLAN_DISTINCT,    [PLAN_KEY_REACHED] = PLAN_REACHED,
        [PLAN_KEY_STATUS] = PLAN_STATUS,     [PLAN_KEY_VALID] = PLAN_STATUS,
        [PLAN_KEY_DUE] = PLAN_DUE,           [PLAN_KEY_IN_TIME] = PLAN_IN_TIME,
    };
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = plan_read_of(reading, &measure);

    formula->operation = operations[reading->key];
    if (type == NULL || !read_look(reading) || !plan_read_every(reading) ||
        !plan_read_keys(reading, type, reading->subject, &measure) ||
        !plan_read_in_list(reading, kind_of_key(type, &measure))) {
        return false;
    }
    if (!read_is(reading, type, &measure) ||
        (reading->key == PLAN_KEY_STATUS &&
         yaml_require(loader->yaml, reading->node, "is") == NULL) ||
        (reading->key == PLAN_KEY_VALID &&
         !read_day_field(reading, "until", type, &measure, formula)) ||
        (reading->key == PLAN_KEY_DUE &&
         !read_day_field(reading, "by", type, &measure, formula)) ||
        (reading->key == PLAN_KEY_IN_TIME && !read_stated(reading, type))) {
        return false;
    }
    plan_ask_things(reading, type, &measure);
    return plan_use_measure(reading, &measure);
}

/* `among`: only what is in that set. */
static bool read_among(const struct plan_reading *reading,
                       const struct catalogue_type *type,
                       const struct plan_measure *measure)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    const struct yaml_node *node = yaml_get(reading->node, "among");
    struct plan_set_kind own, set;

    if (node == NULL) {
        return true;
    }
    formula->operands[0] = plan_read_formula(loader, node, reading->depth + 1);
    if (formula->operands[0] == NULL) {
        return false;
    }
    formula->operand_count = 1;
    own = plan_key_kind(type->number, measure->key_fields,
                        measure->key_field_count);
    if (plan_formula_is_set(formula->operands[0])) {
        set = plan_set_kind(loader, formula->operands[0]);
        if (plan_set_kind_equal(&own, &set)) {
            return true;
        }
    }
    yaml_error(loader->yaml, node, "among phải đếm cùng loại đối tượng như by",
               "among has to count things of the same kind as by");
    return false;
}

bool plan_read_latest(const struct plan_reading *reading)
{
    struct plan_measure measure = {.keep = PLAN_KEEP_ROWS};
    const struct catalogue_type *type = plan_read_of(reading, &measure);
    const struct catalogue_field *field;
    uint32_t number = 0;

    reading->formula->operation = PLAN_LATEST;
    if (type == NULL || !read_look(reading)) {
        return false;
    }
    field = plan_read_summed(reading, type, &measure, &number);
    if (field == NULL ||
        !plan_read_keys(
            reading, type,
            yaml_require(reading->loader->yaml, reading->node, "by"),
            &measure) ||
        !read_among(reading, type, &measure)) {
        return false;
    }
    /* A later event without the number does not take it back. */
    plan_add_present(field, number, &measure);
    measure.capture[measure.capture_count++] = number;
    /* "More than 400" stays a lower bound in every sum that it is part of. */
    if (catalogue_find_field(type, "is_lower_bound", &number) != NULL) {
        measure.capture[measure.capture_count++] = number;
    }
    plan_ask_things(reading, type, &measure);
    return plan_use_measure(reading, &measure);
}
