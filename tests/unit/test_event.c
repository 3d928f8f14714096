/* The event value: its fields by number, its lists, its place. */
#include "common/event/event.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(event, is_empty_when_it_is_new)
{
    struct event event;
    event_init(&event, 8);
    cr_assert_eq(event_header_get(&event, EVENT_TYPE), 8);
    for (uint32_t field = 0; field < EVENT_FIELDS_MAX; field++) {
        cr_assert_not(event_has(&event, field));
        cr_assert_eq(event_get(&event, field), 0);
    }
    for (uint32_t field = EVENT_OCCURRED_ON; field <= EVENT_REASON; field++) {
        cr_assert_not(event_header_has(&event, field), "field %u", field);
    }
    cr_assert_not(event_has(&event, EVENT_FIELDS_MAX));
    cr_assert_not(event_header_has(&event, EVENT_REASON + 1));
}

Test(event, tells_zero_from_absent)
{
    struct event event;
    event_init(&event, 1);
    event_set(&event, 3, 0);
    event_header_set(&event, EVENT_SUBJECT_UNIT, 0);
    cr_assert(event_has(&event, 3));
    cr_assert(event_header_has(&event, EVENT_SUBJECT_UNIT));
    cr_assert_not(event_header_has(&event, EVENT_UNIT));
}

Test(event, keeps_dates_before_1970)
{
    struct event event;
    event_init(&event, 7);
    event_set_date(&event, 3, -400);
    event_header_set(&event, EVENT_OCCURRED_ON, (uint64_t)(int64_t)-1);
    cr_assert_eq(event_get_date(&event, 3), -400);
    cr_assert_eq(event.occurred_on, -1);
    cr_assert_eq((int32_t)event_header_get(&event, EVENT_OCCURRED_ON), -1);
}

Test(event, reaches_every_header_field_by_its_number)
{
    struct event event;
    event_init(&event, 8);
    for (uint32_t field = EVENT_TYPE; field <= EVENT_REASON; field++) {
        if (field != EVENT_DOCUMENT_BODIES && field != EVENT_ENTRY_KEY) {
            event_header_set(&event, field, 100 + field);
        }
    }
    for (uint32_t field = EVENT_TYPE; field <= EVENT_REASON; field++) {
        if (field != EVENT_DOCUMENT_BODIES && field != EVENT_ENTRY_KEY) {
            cr_assert_eq(event_header_get(&event, field), 100 + field);
        }
    }
    cr_assert_eq(event.unit, 100 + EVENT_UNIT);
    cr_assert_eq(event.head, 100 + EVENT_HEAD);
    event.has_entry_key = true;
    event.document_body_count = 2;
    cr_assert_eq(event_header_get(&event, EVENT_ENTRY_KEY), 1);
    cr_assert_eq(event_header_get(&event, EVENT_DOCUMENT_BODIES), 2);
}

Test(event, i11_takes_as_many_items_as_its_list_holds)
{
    struct event event;
    event_init(&event, 8);
    for (uint32_t i = 0; i < 10; i++) {
        cr_assert(event_append(&event, 8, i));
    }
    for (uint32_t i = 10; i < EVENT_LIST_MAX; i++) {
        cr_assert(event_append(&event, 9, i));
    }
    cr_assert_not(event_append(&event, 9, 99));
    size_t count = 0;
    const uint32_t *items = event_items(&event, 8, &count);
    cr_assert_eq(count, 10);
    cr_assert_eq(items[9], 9);
    items = event_items(&event, 9, &count);
    cr_assert_eq(count, EVENT_LIST_MAX - 10);
    cr_assert_eq(items[0], 10);
    cr_assert_eq(items[count - 1], EVENT_LIST_MAX - 1);
    event_items(&event, 6, &count);
    cr_assert_eq(count, 0);
}

Test(event, stops_when_items_of_two_fields_are_mixed, .signal = SIGABRT)
{
    struct event event;
    event_init(&event, 8);
    cr_assert(event_append(&event, 8, 1));
    cr_assert(event_append(&event, 9, 1));
    cr_assert(event_append(&event, 8, 2));
}

Test(event, happened_in_the_recorders_unit_unless_it_says_otherwise)
{
    struct event event;
    event_init(&event, 2);
    event.unit = 1300001;
    cr_assert_eq(event_place(&event), 1300001);
    event.subject_unit = 1500025;
    cr_assert_eq(event_place(&event), 1500025);
}
