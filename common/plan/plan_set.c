/* Sets of things and of units, and how they are combined. */
#include "common/plan/plan_loader.h"

#include <string.h>

/* What a field of a key tells apart: references of a kind, units, the values
 * of an enumeration, or years. */
static uint64_t kind_of_field(uint32_t type, uint32_t number)
{
    const struct catalogue_type *known = catalogue_type(type);
    const struct catalogue_field *field;

    if (number == EVENT_SUBJECT_UNIT || known == NULL ||
        number < EVENT_BODY_BASE) {
        return number;
    }
    field = catalogue_field(known, number - EVENT_BODY_BASE);
    if (field->kind == FIELD_REFERENCE) {
        return UINT64_C(1) << 32 | field->reference;
    }
    return field->enumeration == NULL ? UINT64_C(1) << 33
                                      : (uint64_t)(uintptr_t)field->enumeration;
}

bool plan_set_kind_equal(const struct plan_set_kind *a,
                         const struct plan_set_kind *b)
{
    return a->count == b->count &&
           memcmp(a->fields, b->fields, a->count * sizeof a->fields[0]) == 0;
}

struct plan_set_kind plan_key_kind(uint32_t type, const uint32_t fields[],
                                   uint32_t count)
{
    struct plan_set_kind kind = {.count = count};

    for (uint32_t i = 0; i < count; i++) {
        kind.fields[i] = kind_of_field(type, fields[i]);
    }
    return kind;
}

struct plan_set_kind plan_set_kind(const struct plan_loader *loader,
                                   const struct plan_formula *formula)
{
    static const uint32_t unit[] = {EVENT_SUBJECT_UNIT};
    const struct plan_measure *measure;

    while (formula->operand_count > 0) {
        formula = formula->operands[0];
    }
    if (formula->operation == PLAN_UNITS) {
        return plan_key_kind(0, unit, 1);
    }
    measure = &loader->measures[formula->measure];
    return plan_key_kind(measure->type, measure->key_fields,
                         measure->key_field_count);
}

bool plan_set_is_of(const struct plan_loader *loader,
                    const struct plan_formula *formula, uint32_t kind)
{
    struct plan_set_kind is;

    if (!plan_formula_is_set(formula)) {
        return false;
    }
    is = plan_set_kind(loader, formula);
    return is.count == 1 &&
           is.fields[0] == (kind == 0 ? (uint64_t)EVENT_SUBJECT_UNIT
                                      : UINT64_C(1) << 32 | kind);
}

bool plan_read_operands(const struct plan_reading *reading, uint32_t min,
                        uint32_t max)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;

    if (!yaml_list(loader->yaml, reading->subject)) {
        return false;
    }
    if (reading->subject->count < min || reading->subject->count > max) {
        yaml_error(loader->yaml, reading->subject, "cần từ %u đến %u số hạng",
                   "%u to %u operands are wanted", min, max);
        return false;
    }
    for (const struct yaml_node *item = reading->subject->first; item != NULL;
         item = item->next) {
        const struct plan_formula *operand =
            plan_read_formula(loader, item, reading->depth + 1);

        if (operand == NULL) {
            return false;
        }
        formula->operands[formula->operand_count++] = operand;
    }
    return true;
}

bool plan_read_combination(const struct plan_reading *reading)
{
    struct plan_loader *loader = reading->loader;
    struct plan_formula *formula = reading->formula;
    bool without = reading->key == PLAN_KEY_WITHOUT;
    struct plan_set_kind first;

    formula->operation = reading->key == PLAN_KEY_BOTH     ? PLAN_BOTH
                         : reading->key == PLAN_KEY_EITHER ? PLAN_EITHER
                                                           : PLAN_WITHOUT;
    if (!plan_read_operands(reading, 2, without ? 2 : PLAN_SETS_MAX)) {
        return false;
    }
    for (uint32_t i = 0; i < formula->operand_count; i++) {
        struct plan_set_kind kind;

        if (!plan_formula_is_set(formula->operands[i])) {
            yaml_error(loader->yaml, reading->subject,
                       "số hạng %u không phải phép đếm đối tượng hay đơn vị",
                       "operand %u does not count things or units", i + 1);
            return false;
        }
        kind = plan_set_kind(loader, formula->operands[i]);
        if (i == 0) {
            first = kind;
        } else if (!plan_set_kind_equal(&first, &kind)) {
            yaml_error(loader->yaml, reading->subject,
                       "số hạng %u đếm loại khác với số hạng đầu",
                       "operand %u counts another kind than the first", i + 1);
            return false;
        }
    }
    return true;
}
