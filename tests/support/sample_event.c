#include "tests/support/sample_event.h"

#include "common/base/check.h"
#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include <string.h>

#define COMMUNE  1500025u
#define COMMUNE2 1500007u
#define DISTRICT 1300001u

static uint32_t in_enumeration(const struct catalogue_field *field,
                               uint32_t wanted)
{
    return (uint32_t)((wanted - 1) % field->enumeration->value_count + 1);
}

static void fill_field(struct event *event, const struct catalogue_field *field)
{
    uint32_t n = field->number;
    switch (field->kind) {
    case FIELD_VALUE:
        event_set(event, n, in_enumeration(field, n));
        break;
    case FIELD_VALUES:
        check(event_append(event, n, 1));
        check(event_append(event, n, in_enumeration(field, 2)));
        break;
    case FIELD_COUNTS:
        check(event_append(event, n, 1));
        check(event_append(event, n, 300));
        break;
    case FIELD_UNITS:
        check(event_append(event, n, COMMUNE));
        check(event_append(event, n, COMMUNE2));
        break;
    case FIELD_UNIT:
        event_set(event, n, DISTRICT);
        break;
    case FIELD_MONEY:
        event_set(event, n, UINT64_C(12500000000));
        break;
    case FIELD_FLAG:
        event_set(event, n, 1);
        break;
    case FIELD_DATE:
        event_set_date(event, n, calendar_day(2018, 3, 31));
        break;
    case FIELD_YEAR:
        event_set(event, n, 2018);
        break;
    case FIELD_REFERENCE:
        event_set(event, n, id60_make(271, 1, 100 + n));
        break;
    case FIELD_PERIOD_KEY:
        event_set(event, n, 201801);
        break;
    default:
        event_set(event, n, 10 * n);
        break;
    }
}

void sample_event_full(uint32_t type, struct event *event)
{
    const struct catalogue_type *row = catalogue_type(type);
    check(row != NULL);
    event_init(event, type);
    event_header_set(event, EVENT_OCCURRED_ON,
                     (uint64_t)calendar_day(2018, 3, 5));
    event_header_set(event, EVENT_RECORDED_AT,
                     UINT64_C(1520236923000004)); /* 2018-03-05 08:02:03 UTC */
    event_header_set(event, EVENT_UNIT, DISTRICT);
    event_header_set(event, EVENT_OFFICE, 3);
    event_header_set(event, EVENT_ROLE, 2);
    event_header_set(event, EVENT_SUBJECT_UNIT, COMMUNE);
    event_header_set(event, EVENT_PROGRAMME, 1);
    event_header_set(event, EVENT_DOCUMENT_NUMBER, 25);
    event_header_set(event, EVENT_DOCUMENT_YEAR, 2018);
    event_header_set(event, EVENT_DOCUMENT_KIND, 1);
    event->document_bodies[0] = 1;
    event->document_bodies[1] = 10000;
    event->document_body_count = 2;
    event->header_present |= 1u << EVENT_DOCUMENT_BODIES;
    event_header_set(event, EVENT_VOCABULARY, 3);
    for (size_t i = 0; i < EVENT_ENTRY_KEY_BYTES; i++) {
        event->entry_key[i] = (uint8_t)(0xf0 + i);
    }
    event->has_entry_key = true;
    event->header_present |= 1u << EVENT_ENTRY_KEY;
    event_header_set(event, EVENT_TARGET, id60_make(271, 1, 42));
    event_header_set(event, EVENT_HEAD, id60_make(271, 2, 7));
    event_header_set(event, EVENT_REASON, 1);
    for (size_t i = 0; i < row->field_count; i++) {
        fill_field(event, &row->fields[i]);
    }
}

void sample_event_valid(uint32_t type, struct event *event)
{
    const struct catalogue_type *row = catalogue_type(type);
    check(row != NULL);
    event_init(event, type);
    event_header_set(event, EVENT_OCCURRED_ON,
                     (uint64_t)calendar_day(2018, 3, 5));
    event_header_set(event, EVENT_RECORDED_AT, UINT64_C(1520236923000004));
    event_header_set(event, EVENT_UNIT, COMMUNE);
    event_header_set(event, EVENT_OFFICE, 4);
    event_header_set(event, EVENT_PROGRAMME, 1);
    if (row->unit_required) {
        event_header_set(event, EVENT_SUBJECT_UNIT, COMMUNE);
    }
    for (size_t i = 0; i < row->field_count; i++) {
        const struct catalogue_field *field = &row->fields[i];
        if (!field->required) {
            continue;
        }
        if (field->kind == FIELD_COUNT) {
            event_set(event, field->number, field->min);
        } else if (field->kind == FIELD_DATE) {
            event_set_date(event, field->number, calendar_day(2018, 3, 1));
        } else {
            fill_field(event, field);
        }
    }
    /* A void names what it voids; an inspection by kind 5 does not exist. */
    if (strcmp(row->name, "correction") == 0) {
        event_header_set(event, EVENT_TARGET, id60_make(271, 1, 42));
        event_header_set(event, EVENT_REASON, 1);
    }
    if (strcmp(row->name, "inspection") == 0) {
        event_set(event, 5, 1); /* no_violation */
    }
}
