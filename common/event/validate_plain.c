/* What the rules of validate.c come to when nothing is wrong. Each check here
 * is that rule or a stricter one: values are the product's alone, and an event
 * with a document number or a correction is left to those who look closer. */
#include "common/event/validate_plain.h"

#include "common/event/calendar.h"
#include "common/event/catalogue_tables.h"
#include "common/event/validate_rules.h"

#include <string.h>

#define TYPE_CORRECTION 20u

/* The range that a field's value must lie in; false when the rule is none. */
static bool range_of(const struct catalogue_field *row, uint64_t *min,
                     uint64_t *max)
{
    switch (row->kind) {
    case FIELD_VALUE:
        *min = 1;
        *max = row->enumeration->value_count;
        return true;
    case FIELD_COUNT:
    case FIELD_MONEY:
        *min = row->min;
        *max = row->max;
        return true;
    case FIELD_FLAG:
        *min = 0;
        *max = 1;
        return true;
    case FIELD_DATE:
        *min = VALIDATE_FIRST_DAY;
        *max = VALIDATE_LAST_DAY;
        return true;
    case FIELD_YEAR:
        *min = VALIDATE_YEAR_MIN;
        *max = VALIDATE_YEAR_MAX;
        return true;
    case FIELD_INDEX:
        *min = 0;
        *max = UINT64_MAX;
        return true;
    default:
        return false;
    }
}

static void add_field(struct validate_plain_type *plain, uint32_t position)
{
    const struct catalogue_field *row = &plain->type->fields[position];
    uint32_t bit = UINT32_C(1) << row->number;
    uint64_t max;

    if (row->required) {
        plain->required |= bit;
    }
    if (range_of(row, &plain->min[row->number], &max)) {
        plain->ranges |= bit;
        plain->span[row->number] = max - plain->min[row->number];
    } else if (row->kind == FIELD_REFERENCE) {
        plain->references |= bit;
    } else {
        plain->others |= bit;
        plain->rows[row->number] = position;
    }
}

void validate_plain_init(struct validate_plain *plain)
{
    size_t count;
    const struct catalogue_type *types = catalogue_types(&count);

    memset(plain, 0, sizeof *plain);
    for (size_t i = 0; i < count; i++) {
        const struct catalogue_type *type = &types[i];
        struct validate_plain_type *made;

        if (type->number >= VALIDATE_PLAIN_TYPES ||
            type->number == TYPE_CORRECTION) {
            continue;
        }
        made = &plain->types[type->number];
        made->type = type;
        made->place_required = type->unit_required;
        made->place_is_commune = validate_needs_commune(type->number);
        for (size_t k = 0; k < type->field_count; k++) {
            add_field(made, (uint32_t)k);
        }
    }
}

static bool header_is_plain(const struct validate_plain_type *plain,
                            const struct event *event,
                            const struct validate_rules *rules)
{
    int32_t last = rules->has_today
                       ? rules->today
                       : calendar_day_of_moment(event->recorded_at);

    return event->recorded_at != 0 && event->unit != 0 &&
           event->office - 1 < catalogue_office.value_count &&
           event->role <= catalogue_role.value_count &&
           event->programme - 1 < catalogue_programme.value_count &&
           event->occurred_on >= VALIDATE_FIRST_DAY &&
           event->occurred_on <= last &&
           (event->document_number | event->document_year |
            event->document_kind | event->document_body_count) == 0 &&
           (event->target | event->head | event->reason) == 0 &&
           (event->subject_unit != 0 || !plain->place_required);
}

static bool numbers_are_plain(const struct validate_plain_type *plain,
                              const struct event *event)
{
    uint32_t ranges = event->present & plain->ranges;
    uint32_t references = event->present & plain->references;

    while (ranges != 0) {
        unsigned number = (unsigned)__builtin_ctz(ranges);

        if (event->value[number] - plain->min[number] > plain->span[number]) {
            return false;
        }
        ranges &= ranges - 1;
    }
    while (references != 0) {
        if (!id60_valid(event->value[__builtin_ctz(references)])) {
            return false;
        }
        references &= references - 1;
    }
    return true;
}

/* Lists, units, periods, and what one field says about another: the rules
 * themselves. */
static bool rest_is_plain(const struct validate_plain_type *plain,
                          const struct event *event,
                          const struct validate_rules *rules)
{
    struct validate_checking checking;
    uint32_t others = event->present & plain->others;

    /* One by one: for the rest at once gcc takes an instruction that needs as
     * long as all the rules. */
    checking.event = event;
    checking.type = plain->type;
    checking.rules = rules;
    checking.issues = NULL;
    checking.max = 0;
    checking.count = 0;
    while (others != 0) {
        unsigned number = (unsigned)__builtin_ctz(others);

        validate_body_field(&checking,
                            &plain->type->fields[plain->rows[number]]);
        others &= others - 1;
    }
    validate_relations(&checking);
    return checking.count == 0;
}

bool validate_is_plain(const struct validate_plain *plain,
                       const struct event *event,
                       const struct validate_rules *rules, uint32_t level)
{
    const struct validate_plain_type *type =
        &plain->types[event->type % VALIDATE_PLAIN_TYPES];

    return type->type != NULL && type->type->number == event->type &&
           event->fault == EVENT_FAULT_NONE &&
           (type->required & ~event->present) == 0 &&
           header_is_plain(type, event, rules) &&
           (!type->place_is_commune || rules->unit == NULL ||
            level == VALIDATE_COMMUNE) &&
           numbers_are_plain(type, event) && rest_is_plain(type, event, rules);
}
