/* An erasure order leaves of an event what can be counted, and takes away what
 * ties it to anything else: which thing it names beyond its own batch, which
 * document it stands on, when and by whom it was recorded, which row it was.
 * A measure that asks for any of that may come out otherwise from now on, for
 * good; it is marked, and every figure that reads it says so. Sums and counts
 * of events ask for nothing of it and stay what they were. */
#include "common/fold/fold_state.h"

#include "common/event/catalogue.h"

#define TYPE_SAME_AS 22u
#define SAME_AS_KIND 1u

static bool taken_from_header(uint32_t number)
{
    switch (number) {
    case EVENT_RECORDED_AT:
    case EVENT_ROLE:
    case EVENT_DOCUMENT_NUMBER:
    case EVENT_DOCUMENT_YEAR:
    case EVENT_DOCUMENT_KIND:
    case EVENT_DOCUMENT_BODIES:
    case EVENT_ENTRY_KEY:
        return true;
    default:
        return false;
    }
}

/* Whether the field is a reference of `kind`; 0: of any. */
static bool is_reference(uint32_t type, uint32_t number, uint32_t kind)
{
    const struct catalogue_type *found = catalogue_type(type);

    for (size_t i = 0; found != NULL && i < found->field_count; i++) {
        const struct catalogue_field *field = &found->fields[i];

        if (field->kind == FIELD_REFERENCE &&
            field->number + EVENT_BODY_BASE == number) {
            return kind == 0 || field->reference == 0 ||
                   field->reference == kind;
        }
    }
    return false;
}

/* Whether the measure asks for the field in any way. */
static bool asks(const struct fold_measure *measure, uint32_t kind)
{
    const struct plan_measure *plan = measure->plan;
    uint32_t numbers[1 + PLAN_KEY_FIELDS_MAX + PLAN_CAPTURE_MAX];
    uint32_t count = 0;

    numbers[count++] = measure->amount.number;
    for (uint32_t i = 0; i < plan->key_field_count; i++) {
        numbers[count++] = measure->key[i].number;
    }
    for (uint32_t i = 0; i < plan->capture_count; i++) {
        numbers[count++] = measure->capture[i].number;
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((kind == 0 && taken_from_header(numbers[i])) ||
            is_reference(plan->type, numbers[i], kind)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < measure->filter.count; i++) {
        const struct fold_condition *condition = &measure->filter.conditions[i];
        uint32_t field = condition->field.number;
        uint32_t other = condition->other.number;

        if ((kind == 0 &&
             (taken_from_header(field) || taken_from_header(other))) ||
            is_reference(plan->type, field, kind) ||
            is_reference(plan->type, other, kind)) {
            return true;
        }
    }
    return false;
}

void fold_erased_note(struct fold *fold, const struct event *event)
{
    const struct fold_type *type;

    /* Nobody knows of what type it was. */
    for (uint32_t i = 0;
         (event->erased & EVENT_ERASED_LOST) != 0 && i < fold->measure_count;
         i++) {
        fold->measures[i].erased = true;
    }
    if (event->type >= FOLD_TYPES_MAX) {
        return;
    }
    type = &fold->types[event->type];
    for (uint32_t i = 0; i < type->measure_count; i++) {
        struct fold_measure *measure = &fold->measures[type->wishes[i].measure];

        measure->erased = measure->erased || asks(measure, 0) ||
                          (event->erased & EVENT_ERASED_ROW) != 0;
    }
    if (event->type != TYPE_SAME_AS) {
        return;
    }
    /* It said of two things that they are one, wherever they are named. */
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        struct fold_measure *measure = &fold->measures[i];

        measure->erased =
            measure->erased ||
            asks(measure, (uint32_t)event_get(event, SAME_AS_KIND));
    }
}
