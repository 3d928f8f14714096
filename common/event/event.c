/* event - the value itself; nothing in it can fail but a full list.
 *
 * A list field keeps offset and count in its value slot, so that an event is
 * one block of memory that can be copied. That is why the items of a field
 * must be added one after the other.
 */
#include "common/event/event.h"

#include "common/base/check.h"

#include <string.h>

static uint64_t list_slot(uint32_t offset, uint32_t count)
{
    return (uint64_t)offset << 32 | count;
}

void event_init(struct event *event, uint32_t type)
{
    memset(event, 0, sizeof(*event));
    event->type = type;
    event->header_present = 1u << EVENT_TYPE;
}

/* The 32-bit header fields, or NULL. */
static const uint32_t *header_u32(const struct event *event, uint32_t field)
{
    switch (field) {
    case EVENT_TYPE:
        return &event->type;
    case EVENT_UNIT:
        return &event->unit;
    case EVENT_OFFICE:
        return &event->office;
    case EVENT_ROLE:
        return &event->role;
    case EVENT_SUBJECT_UNIT:
        return &event->subject_unit;
    case EVENT_PROGRAMME:
        return &event->programme;
    case EVENT_DOCUMENT_NUMBER:
        return &event->document_number;
    case EVENT_DOCUMENT_YEAR:
        return &event->document_year;
    case EVENT_DOCUMENT_KIND:
        return &event->document_kind;
    case EVENT_DOCUMENT_BODIES:
        return &event->document_body_count;
    case EVENT_VOCABULARY:
        return &event->vocabulary;
    case EVENT_REASON:
        return &event->reason;
    default:
        return NULL;
    }
}

uint64_t event_header_get(const struct event *event, uint32_t header_field)
{
    const uint32_t *value = header_u32(event, header_field);
    if (value != NULL) {
        return *value;
    }
    switch (header_field) {
    case EVENT_OCCURRED_ON:
        return (uint64_t)(int64_t)event->occurred_on;
    case EVENT_RECORDED_AT:
        return (uint64_t)event->recorded_at;
    case EVENT_ENTRY_KEY:
        return event->has_entry_key ? 1 : 0;
    case EVENT_TARGET:
        return event->target;
    case EVENT_HEAD:
        return event->head;
    default:
        return 0;
    }
}

bool event_header_has(const struct event *event, uint32_t header_field)
{
    return header_field <= EVENT_REASON &&
           ((event->header_present >> header_field & 1u) != 0 ||
            event_header_get(event, header_field) != 0);
}

void event_header_set(struct event *event, uint32_t header_field,
                      uint64_t value)
{
    switch (header_field) {
    case EVENT_OCCURRED_ON:
        event->occurred_on = (int32_t)(int64_t)value;
        break;
    case EVENT_RECORDED_AT:
        event->recorded_at = (int64_t)value;
        break;
    case EVENT_TARGET:
        event->target = value;
        break;
    case EVENT_HEAD:
        event->head = value;
        break;
    default: {
        uint32_t *slot = (uint32_t *)(uintptr_t)header_u32(event, header_field);
        check(slot != NULL && header_field != EVENT_DOCUMENT_BODIES);
        check(value <= UINT32_MAX);
        *slot = (uint32_t)value;
        break;
    }
    }
    event->header_present |= 1u << header_field;
}

int32_t event_get_date(const struct event *event, uint32_t body_field)
{
    return (int32_t)(int64_t)event_get(event, body_field);
}

void event_set(struct event *event, uint32_t body_field, uint64_t value)
{
    check(body_field > 0 && body_field < EVENT_FIELDS_MAX);
    event->value[body_field] = value;
    event->present |= 1u << body_field;
}

void event_set_date(struct event *event, uint32_t body_field, int32_t date)
{
    event_set(event, body_field, (uint64_t)(int64_t)date);
}

bool event_append(struct event *event, uint32_t body_field, uint32_t item)
{
    check(body_field > 0 && body_field < EVENT_FIELDS_MAX);
    uint32_t count = 0;
    if (event_has(event, body_field)) {
        uint64_t slot = event->value[body_field];
        count = (uint32_t)slot;
        check((uint32_t)(slot >> 32) + count == event->list_used);
    }
    if (event->list_used == EVENT_LIST_MAX) {
        return false;
    }
    event->list[event->list_used++] = item;
    event_set(event, body_field,
              list_slot(event->list_used - count - 1, count + 1));
    return true;
}

const uint32_t *event_items(const struct event *event, uint32_t body_field,
                            size_t *count)
{
    uint64_t slot = event_get(event, body_field);
    uint32_t offset = (uint32_t)(slot >> 32);
    *count = (uint32_t)slot;
    check(offset <= EVENT_LIST_MAX && *count <= EVENT_LIST_MAX - offset);
    return event->list + offset;
}

uint32_t event_place(const struct event *event)
{
    return event->subject_unit != 0 ? event->subject_unit : event->unit;
}
