/* The quick look against the rules themselves. */
#include "common/event/validate_plain.h"

#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "tests/support/rules.h"
#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define EVENTS_PER_TYPE 20000u
#define CHANGES_MAX     3u

static uint64_t state;

static uint32_t pick(uint32_t count)
{
    state =
        state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % count);
}

/* Something at the edge of what some field can hold. */
static uint64_t number(void)
{
    static const uint64_t edges[] = {
        0,     1,      2,       3,          4,          10,
        20,    90,     10956,   10957,      17595,      47846,
        47847, 10000,  1300001, 1500025,    2000,       2018,
        2101,  201801, 99999,   UINT32_MAX, UINT64_MAX, 0x123456789};

    return pick(2) == 0 ? pick(12) : edges[pick(sizeof edges / sizeof *edges)];
}

static void change(struct event *event)
{
    static const uint32_t header[] = {
        EVENT_OCCURRED_ON,   EVENT_RECORDED_AT,
        EVENT_UNIT,          EVENT_OFFICE,
        EVENT_ROLE,          EVENT_SUBJECT_UNIT,
        EVENT_PROGRAMME,     EVENT_DOCUMENT_NUMBER,
        EVENT_DOCUMENT_YEAR, EVENT_DOCUMENT_KIND,
        EVENT_TARGET,        EVENT_HEAD,
        EVENT_REASON};
    const struct catalogue_type *type = catalogue_type(event->type);
    const struct catalogue_field *field =
        &type->fields[pick((uint32_t)type->field_count)];

    if (pick(3) == 0) {
        event_header_set(event, header[pick(sizeof header / sizeof *header)],
                         number() & UINT32_MAX);
    } else if (pick(6) == 0) {
        event->present ^= UINT32_C(1) << field->number;
    } else if (field->kind != FIELD_VALUES && field->kind != FIELD_COUNTS &&
               field->kind != FIELD_UNITS) {
        event_set(event, field->number, number());
    }
}

/* A field may only be of the list's kind if it holds one. */
static bool holds_together(const struct event *event)
{
    const struct catalogue_type *type = catalogue_type(event->type);

    for (size_t i = 0; i < type->field_count; i++) {
        const struct catalogue_field *field = &type->fields[i];
        size_t count = 0;

        if ((field->kind == FIELD_VALUES || field->kind == FIELD_COUNTS ||
             field->kind == FIELD_UNITS) &&
            event_has(event, field->number)) {
            (void)event_items(event, field->number, &count);
            if (count == 0 && event->value[field->number] != 0) {
                return false;
            }
        }
    }
    return true;
}

static uint32_t plain_of(uint32_t type, const struct validate_rules *rules)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < EVENTS_PER_TYPE; i++) {
        struct validate_issue issue;
        struct event event;

        if (pick(2) == 0) {
            sample_event_valid(type, &event);
        } else {
            sample_event_full(type, &event);
            event.target = event.head = event.reason = 0;
            event.document_number = event.document_year = 0;
            event.document_kind = event.document_body_count = 0;
        }
        for (uint32_t k = pick(CHANGES_MAX + 1); k > 0; k--) {
            change(&event);
        }
        if (holds_together(&event) && rules_is_plain(&event, rules)) {
            cr_assert_eq(validate_event(&event, rules, &issue, 1), 0,
                         "type %u, seed event %u: %s of field %u", type, i,
                         validate_rule_name(issue.rule), issue.field);
            found++;
        }
    }
    return found;
}

Test(validate_plain, i6_what_is_plain_keeps_every_rule)
{
    struct validate_rules today = rules_with_units;
    size_t count;
    const struct catalogue_type *types = catalogue_types(&count);

    state = 20180305;
    today.has_today = true;
    today.today = calendar_day(2018, 3, 5);
    for (size_t i = 0; i < count; i++) {
        uint32_t found = plain_of(types[i].number, &rules_plain) +
                         plain_of(types[i].number, &rules_with_units) +
                         plain_of(types[i].number, &today);

        cr_assert(types[i].number == 20 ? found == 0
                                        : found > EVENTS_PER_TYPE / 4,
                  "type %u: %u", types[i].number, found);
    }
}

Test(validate_plain, the_usual_event_of_every_type_is_plain)
{
    size_t count;
    const struct catalogue_type *types = catalogue_types(&count);

    for (size_t i = 0; i < count; i++) {
        struct event event = rules_event(types[i].number);

        cr_assert_eq(rules_is_plain(&event, &rules_plain),
                     types[i].number != 20);
    }
}

Test(validate_plain, an_unknown_type_or_a_fault_is_not_plain)
{
    struct event event = rules_event(8);

    cr_assert(rules_is_plain(&event, &rules_plain));
    event.fault = EVENT_FAULT_DUPLICATE;
    cr_assert(!rules_is_plain(&event, &rules_plain));
    event.fault = EVENT_FAULT_NONE;
    event.type = 8 + VALIDATE_PLAIN_TYPES;
    cr_assert(!rules_is_plain(&event, &rules_plain));
    event.type = 0;
    cr_assert(!rules_is_plain(&event, &rules_plain));
    event.type = 31;
    cr_assert(!rules_is_plain(&event, &rules_plain));
}
