#include "common/fold/fold_filter.h"

#include "common/base/check.h"
#include "common/event/catalogue.h"
#include "common/fold/fold_list.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BITS 64u

/* The header's 32-bit numbers that plans filter on. */
static bool find_offset(uint32_t number, size_t *offset)
{
    switch (number) {
    case EVENT_UNIT:
        *offset = offsetof(struct event, unit);
        return true;
    case EVENT_OFFICE:
        *offset = offsetof(struct event, office);
        return true;
    case EVENT_ROLE:
        *offset = offsetof(struct event, role);
        return true;
    case EVENT_PROGRAMME:
        *offset = offsetof(struct event, programme);
        return true;
    case EVENT_DOCUMENT_KIND:
        *offset = offsetof(struct event, document_kind);
        return true;
    default:
        return false;
    }
}

static bool is_list(uint32_t type, uint32_t number)
{
    const struct catalogue_type *known = catalogue_type(type);
    const struct catalogue_field *found =
        known == NULL || number < EVENT_BODY_BASE
            ? NULL
            : catalogue_field(known, number - EVENT_BODY_BASE);

    return number == EVENT_DOCUMENT_BODIES ||
           (found != NULL &&
            (found->kind == FIELD_VALUES || found->kind == FIELD_COUNTS ||
             found->kind == FIELD_UNITS));
}

struct fold_field fold_field_of(uint32_t type, uint32_t number)
{
    struct fold_field field = {.number = number, .place = FOLD_FIELD_OTHER};

    if (is_list(type, number)) {
        field.place = FOLD_FIELD_LIST;
    } else if (number >= EVENT_BODY_BASE) {
        field.place = FOLD_FIELD_BODY;
        field.offset = number - EVENT_BODY_BASE;
        check(field.offset < EVENT_FIELDS_MAX);
    } else if (number == EVENT_SUBJECT_UNIT) {
        field.place = FOLD_FIELD_PLACE;
    } else if (find_offset(number, &field.offset)) {
        field.place = FOLD_FIELD_HEADER;
    }
    return field;
}

/* The items of a list field. */
static const uint32_t *items(const struct fold_field *field,
                             const struct event *event, size_t *count)
{
    if (field->number == EVENT_DOCUMENT_BODIES) {
        *count = event->document_body_count;
        return event->document_bodies;
    }
    return event_items(event, field->number - EVENT_BODY_BASE, count);
}

static uint64_t sum_of_items(const struct fold_field *field,
                             const struct event *event, size_t *count)
{
    const uint32_t *item = items(field, event, count);
    uint64_t sum = 0;

    for (size_t i = 0; i < *count; i++) {
        sum += item[i];
    }
    return sum;
}

/* The field's number; false when the field is not given. */
static inline bool read_field(const struct fold_field *field,
                              const struct event *event, uint64_t *number)
{
    uint32_t header;
    size_t count;

    switch (field->place) {
    case FOLD_FIELD_BODY:
        *number = event->value[field->offset];
        return (event->present >> field->offset & 1u) != 0;
    case FOLD_FIELD_HEADER:
        memcpy(&header, (const char *)event + field->offset, sizeof header);
        *number = header;
        return header != 0;
    case FOLD_FIELD_PLACE:
        *number = event_place(event);
        return true;
    case FOLD_FIELD_LIST:
        *number = sum_of_items(field, event, &count);
        return count > 0;
    case FOLD_FIELD_OTHER:
        break;
    }
    *number = event_header_get(event, field->number);
    return event_header_has(event, field->number);
}

bool fold_field_given(const struct fold_field *field, const struct event *event)
{
    uint64_t number;

    return read_field(field, event, &number);
}

uint64_t fold_field_number(const struct fold_field *field,
                           const struct event *event)
{
    uint64_t number;

    return read_field(field, event, &number) ? number : 0;
}

static int compare_numbers(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static MUST_USE enum status sort_list(struct fold_condition *condition,
                                      const struct plan *plan,
                                      const struct plan_list *list,
                                      const struct units *units)
{
    enum status status = fold_list_keys(plan, list, units, &condition->sorted,
                                        &condition->sorted_count);

    condition->units = list->reference_kind == 0;
    if (status == STATUS_OK) {
        qsort(condition->sorted, condition->sorted_count,
              sizeof *condition->sorted, compare_numbers);
    }
    return status;
}

MUST_USE enum status fold_filter_init(struct fold_filter *filter,
                                      const struct plan *plan,
                                      const struct plan_measure *measure,
                                      const struct units *units)
{
    *filter = (struct fold_filter){.units = units};
    filter->conditions =
        calloc(measure->condition_count + 1u, sizeof *filter->conditions);
    if (filter->conditions == NULL) {
        return STATUS_MEMORY;
    }
    filter->count = measure->condition_count;
    for (uint32_t i = 0; i < measure->condition_count; i++) {
        const struct plan_condition *from = &measure->conditions[i];
        struct fold_condition *to = &filter->conditions[i];

        *to = (struct fold_condition){
            .field = fold_field_of(measure->type, from->field),
            .test = from->test,
            .values = from->values,
            .value_count = from->value_count,
            .shared = FOLD_SHARED_MAX,
        };
        for (uint32_t k = 0; k < from->value_count; k++) {
            if (from->values[k] < BITS) {
                to->bits |= UINT64_C(1) << from->values[k];
            }
        }
        if (from->other != 0) {
            to->other = fold_field_of(measure->type, from->other);
        }
        if (from->test == PLAN_TEST_IN_LIST ||
            from->test == PLAN_TEST_NOT_IN_LIST) {
            enum status status =
                sort_list(to, plan, &plan->lists[from->values[0]], units);

            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

/* A list is known by its members: two plans have lists of their own. */
static bool same_condition(const struct fold_condition *a,
                           const struct fold_condition *b)
{
    bool listed =
        a->test == PLAN_TEST_IN_LIST || a->test == PLAN_TEST_NOT_IN_LIST;

    if (listed && a->test == b->test &&
        (a->units != b->units || a->sorted_count != b->sorted_count ||
         memcmp(a->sorted, b->sorted, a->sorted_count * sizeof *a->sorted) !=
             0)) {
        return false;
    }
    return a->field.number == b->field.number && a->test == b->test &&
           a->other.number == b->other.number &&
           a->value_count == b->value_count &&
           memcmp(a->values, b->values, a->value_count * sizeof *a->values) ==
               0;
}

void fold_filter_share(struct fold_filter *filter,
                       const struct fold_filter *other)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        for (uint32_t k = 0; k < other->count; k++) {
            if (same_condition(&filter->conditions[i], &other->conditions[k])) {
                filter->conditions[i].shared = other->conditions[k].shared;
            }
        }
    }
}

void fold_filter_fini(struct fold_filter *filter)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        free(filter->conditions[i].sorted);
    }
    free(filter->conditions);
    *filter = (struct fold_filter){0};
}

static bool wanted(const struct fold_condition *condition, uint64_t value)
{
    if (value < BITS) {
        return (condition->bits >> value & 1) != 0;
    }
    for (uint32_t i = 0; i < condition->value_count; i++) {
        if (condition->values[i] == value) {
            return true;
        }
    }
    return false;
}

static bool in_list(const struct fold_condition *condition,
                    const struct units *units, const struct event *event,
                    uint64_t value)
{
    if (bsearch(&value, condition->sorted, condition->sorted_count,
                sizeof value, compare_numbers) != NULL) {
        return true;
    }
    if (!condition->units || units == NULL) {
        return false;
    }
    /* A list of districts holds what lies in them. */
    for (size_t i = 0; i < condition->sorted_count; i++) {
        if (units_below(units, (uint32_t)value, (uint32_t)condition->sorted[i],
                        event->occurred_on)) {
            return true;
        }
    }
    return false;
}

static bool value_passes(const struct fold_filter *filter,
                         const struct fold_condition *condition,
                         const struct event *event, uint64_t value)
{
    const struct unit *unit;

    switch (condition->test) {
    case PLAN_TEST_IN_LIST:
    case PLAN_TEST_NOT_IN_LIST:
        return in_list(condition, filter->units, event, value);
    case PLAN_TEST_LEVEL:
        unit = filter->units == NULL
                   ? NULL
                   : units_find(filter->units, (uint32_t)value,
                                event->occurred_on);
        return unit != NULL && wanted(condition, unit->level);
    default:
        return wanted(condition, value);
    }
}

static bool has_all(const struct fold_condition *condition,
                    const uint32_t *item, size_t count)
{
    for (uint32_t i = 0; i < condition->value_count; i++) {
        size_t at = 0;

        while (at < count && item[at] != condition->values[i]) {
            at++;
        }
        if (at == count) {
            return false;
        }
    }
    return true;
}

/* Whether the test passes where nothing that it names is found. */
static bool excludes(const struct fold_condition *condition)
{
    return condition->test == PLAN_TEST_NONE_OF ||
           condition->test == PLAN_TEST_NOT_IN_LIST;
}

static bool list_passes(const struct fold_filter *filter,
                        const struct fold_condition *condition,
                        const struct event *event)
{
    size_t count;
    const uint32_t *item = items(&condition->field, event, &count);

    if (condition->test == PLAN_TEST_ALL_OF) {
        return has_all(condition, item, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (value_passes(filter, condition, event, item[i])) {
            return !excludes(condition);
        }
    }
    return excludes(condition);
}

/* What a number is compared with; false when it is not given. */
static bool read_limit(const struct fold_condition *condition,
                       const struct event *event, uint64_t *limit)
{
    if (condition->other.number != 0) {
        return read_field(&condition->other, event, limit);
    }
    *limit = condition->values[0];
    return true;
}

bool fold_condition_passes(const struct fold_filter *filter,
                           const struct fold_condition *condition,
                           const struct event *event)
{
    uint64_t number, limit;
    bool given = read_field(&condition->field, event, &number);

    switch (condition->test) {
    case PLAN_TEST_PRESENT:
        return given;
    case PLAN_TEST_AT_LEAST:
        return given && read_limit(condition, event, &limit) && number >= limit;
    case PLAN_TEST_AT_MOST:
        return given && read_limit(condition, event, &limit) && number <= limit;
    case PLAN_TEST_NONE_OF:
    case PLAN_TEST_ANY_OF:
    case PLAN_TEST_ALL_OF:
    case PLAN_TEST_IN_LIST:
    case PLAN_TEST_NOT_IN_LIST:
    case PLAN_TEST_LEVEL:
        break;
    }
    if (!given) {
        return excludes(condition);
    }
    if (condition->field.place == FOLD_FIELD_LIST) {
        return list_passes(filter, condition, event);
    }
    if (condition->test == PLAN_TEST_ALL_OF && condition->value_count != 1) {
        return false;
    }
    return value_passes(filter, condition, event, number) !=
           excludes(condition);
}

bool fold_filter_passes(const struct fold_filter *filter,
                        const struct event *event)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        if (!fold_condition_passes(filter, &filter->conditions[i], event)) {
            return false;
        }
    }
    return true;
}

bool fold_filter_others_pass(const struct fold_filter *filter,
                             const struct event *event)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        if (filter->conditions[i].shared == FOLD_SHARED_MAX &&
            !fold_condition_passes(filter, &filter->conditions[i], event)) {
            return false;
        }
    }
    return true;
}
