/* An erasure order leaves of an event what can be counted, and takes away what
 * ties it to anything else: which thing it names beyond its own batch, which
 * document it stands on, when and by whom it was recorded, which row it was.
 * A measure that asks for any of that may come out otherwise from now on, for
 * good; it is marked, and every figure that reads it says so. Sums and counts
 * of events ask for nothing of it and stay what they were, until a row comes
 * that says what an erased one said: it may be that row, imported again. */
#include "common/fold/fold_state.h"

#include "common/base/bytes.h"
#include "common/event/catalogue.h"
#include "common/format/sign.h"

#include <string.h>

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

/* ---- rows ---- */

static MUST_USE enum status add_field(struct buffer *said,
                                      const struct event *event,
                                      const struct catalogue_field *field)
{
    size_t count = 0;
    const uint32_t *items;
    enum status status;

    if (field->kind == FIELD_REFERENCE || !event_has(event, field->number)) {
        return STATUS_OK;
    }
    status = buffer_u32(said, field->number);
    if (field->kind != FIELD_VALUES && field->kind != FIELD_COUNTS &&
        field->kind != FIELD_UNITS) {
        return status == STATUS_OK
                   ? buffer_u64(said, event_get(event, field->number))
                   : status;
    }
    items = event_items(event, field->number, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = buffer_u32(said, items[i]);
    }
    return status;
}

/* A row of no unit whose key is a hash of what an erasure leaves of the event:
 * so the row that was erased is known when it comes again, and no office's key
 * is ever one of these. */
static MUST_USE enum status row_of(const struct event *event, struct event *row)
{
    const struct catalogue_type *type = catalogue_type(event->type);
    struct digest digest;
    struct buffer said;
    enum status status;

    buffer_init(&said, EVENT_BYTES_MAX);
    status = buffer_u32(&said, event->unit);
    if (status == STATUS_OK) {
        status = buffer_u32(&said, event->office);
    }
    if (status == STATUS_OK) {
        status = buffer_u32(&said, event->type);
    }
    if (status == STATUS_OK) {
        status = buffer_u32(&said, (uint32_t)event->occurred_on);
    }
    if (status == STATUS_OK) {
        status = buffer_u32(&said, event_place(event));
    }
    if (status == STATUS_OK) {
        status = buffer_u32(&said, event->programme);
    }
    for (size_t i = 0;
         type != NULL && i < type->field_count && status == STATUS_OK; i++) {
        status = add_field(&said, event, &type->fields[i]);
    }
    digest_bytes(buffer_bytes(&said), &digest);
    buffer_fini(&said);
    event_init(row, event->type);
    row->has_entry_key = true;
    memcpy(row->entry_key, digest.bytes, sizeof row->entry_key);
    return status;
}

static MUST_USE enum status remember_row(struct fold *fold,
                                         const struct event *event)
{
    struct fold_entry *entry = NULL;
    struct event row;
    enum status status = row_of(event, &row);

    if (status == STATUS_OK) {
        status = fold_entry_of(fold, &row, &entry);
    }
    if (status == STATUS_OK) {
        entry->holder = FOLD_ENTRY_ERASED;
        fold->erased_rows = true;
    }
    return status;
}

/* ---- marks ---- */

MUST_USE enum status fold_erased_note(struct fold *fold,
                                      const struct event *event)
{
    const struct fold_type *type;

    /* Nobody knows of what type it was. */
    for (uint32_t i = 0;
         (event->erased & EVENT_ERASED_LOST) != 0 && i < fold->measure_count;
         i++) {
        fold->measures[i].erased = true;
    }
    if (event->type >= FOLD_TYPES_MAX) {
        return STATUS_OK;
    }
    type = &fold->types[event->type];
    for (uint32_t i = 0; i < type->measure_count; i++) {
        struct fold_measure *measure = &fold->measures[type->wishes[i].measure];

        measure->erased = measure->erased || asks(measure, 0) ||
                          (event->erased & EVENT_ERASED_ROW) != 0;
    }
    if (event->type != TYPE_SAME_AS) {
        return event->has_entry_key ? remember_row(fold, event) : STATUS_OK;
    }
    /* It said of two things that they are one, wherever they are named. */
    for (uint32_t i = 0; i < fold->measure_count; i++) {
        struct fold_measure *measure = &fold->measures[i];

        measure->erased =
            measure->erased ||
            asks(measure, (uint32_t)event_get(event, SAME_AS_KIND));
    }
    return STATUS_OK;
}

MUST_USE enum status fold_erased_again(struct fold *fold,
                                       const struct event *event)
{
    const struct fold_type *type;
    struct event row;
    bool found = false;
    enum status status = STATUS_OK;

    if (!fold->erased_rows || event->type >= FOLD_TYPES_MAX) {
        return STATUS_OK;
    }
    status = row_of(event, &row);
    if (status == STATUS_OK) {
        const struct fold_entry *entry = fold_entry_find(fold, &row);

        found = entry != NULL && entry->holder == FOLD_ENTRY_ERASED;
    }
    type = &fold->types[event->type];
    for (uint32_t i = 0; found && i < type->measure_count; i++) {
        fold->measures[type->wishes[i].measure].erased = true;
    }
    return status;
}
