/* The rules of single fields, each at its limit and one beyond. */
#include "common/event/validate.h"

#include "common/event/calendar.h"
#include "common/event/catalogue.h"
#include "common/event/reference.h"

#include "tests/support/rules.h"

#include <criterion/criterion.h>
#include <string.h>

Test(validate, finds_nothing_wrong_with_a_plain_event_of_each_type)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event = rules_event(types[i].number);
        struct validate_rules rules =
            types[i].number == 11 ? rules_plain : rules_with_units;
        rules_assert_valid(&event, &rules);
    }
}

Test(validate, misses_every_required_field)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < types[i].field_count; n++) {
            struct event event = rules_event(types[i].number);
            const struct catalogue_field *field = &types[i].fields[n];
            event.present &= ~(1u << field->number);
            struct validate_issue issues[VALIDATE_ISSUES_MAX];
            size_t broken = validate_event(&event, &rules_plain, issues,
                                           VALIDATE_ISSUES_MAX);
            cr_assert_eq(broken != 0 && issues[0].rule == VALIDATE_REQUIRED &&
                             issues[0].field == BODY(field->number),
                         field->required, "%s.%s", types[i].name, field->name);
        }
    }
    const struct catalogue_field *header = catalogue_header(&count);
    for (size_t i = EVENT_TYPE; i < count; i++) {
        if (header[i].kind != FIELD_VALUES && header[i].kind != FIELD_KEY) {
            struct event event = rules_event(8);
            event_header_set(&event, header[i].number, 0);
            event.header_present = 0;
            if (header[i].required) {
                rules_assert_broken(&event, VALIDATE_REQUIRED,
                                    header[i].number);
            } else {
                rules_assert_valid(&event, &rules_plain);
            }
        }
    }
    struct event event = rules_event(2);
    event.subject_unit = 0;
    rules_assert_broken(&event, VALIDATE_REQUIRED, EVENT_SUBJECT_UNIT);
}

Test(validate, i6_an_event_that_it_cannot_read_has_one_issue)
{
    struct event event = rules_event(8);
    event.type = 23;
    rules_assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
    event = rules_event(8);
    event.fault = EVENT_FAULT_DUPLICATE;
    rules_assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
    event_init(&event, 0);
    rules_assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
}

Test(validate, i10_knows_a_value_once_it_is_declared)
{
    struct event event = rules_event(8);
    event_set(&event, 2, 10000);
    struct validate_issue issue =
        rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    cr_assert_eq(issue.value, 10000);
    struct vocabulary *vocabulary = vocabulary_new(1);
    struct catalogue_value value = {
        10000, "ward_team", {"Đội phường", "Ward team"}, NULL, false};
    cr_assert_eq(vocabulary_add(vocabulary, "TeamKind", &value, NULL),
                 STATUS_OK);
    struct validate_rules rules = {.vocabulary = vocabulary};
    rules_assert_valid(&event, &rules);
    vocabulary_free(&vocabulary);
}

Test(validate, knows_the_last_value_and_no_more)
{
    struct event event = rules_event(8);
    event_set(&event, 2, 4);
    rules_assert_valid(&event, &rules_with_units);
    event_set(&event, 2, 5);
    rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    event_set(&event, 2, 0);
    rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    event = rules_event(8);
    event.role = 5;
    rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, EVENT_ROLE);
    event = rules_event(2);
    cr_assert(event_append(&event, 6, 8));
    rules_assert_valid(&event, &rules_with_units);
    cr_assert(event_append(&event, 6, 9));
    rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(6));
}

Test(validate, takes_a_set_with_each_value_once)
{
    struct event event = rules_event(2);
    cr_assert(event_append(&event, 6, 1) && event_append(&event, 6, 2));
    rules_assert_valid(&event, &rules_with_units);
    cr_assert(event_append(&event, 6, 1));
    cr_assert_eq(
        rules_assert_broken(&event, VALIDATE_VALUE_TWICE, BODY(6)).value, 1);
}

Test(validate, wants_an_item_in_a_required_list)
{
    struct event event = rules_event(21);
    event_set(&event, 4, 0);
    rules_assert_broken(&event, VALIDATE_EMPTY, BODY(4));
}

/* Every count, sum of money, flag and year of every type. */
Test(validate, i11_takes_numbers_between_their_limits)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t n = 1; n <= types[i].field_count; n++) {
            const struct catalogue_field *field = &types[i].fields[n - 1];
            struct event event = rules_event(types[i].number);
            uint64_t min = field->kind == FIELD_YEAR ? 2000 : field->min;
            uint64_t max = field->kind == FIELD_YEAR   ? 2100
                           : field->kind == FIELD_FLAG ? 1
                                                       : field->max;
            if (field->kind != FIELD_COUNT && field->kind != FIELD_MONEY &&
                field->kind != FIELD_FLAG && field->kind != FIELD_YEAR) {
                continue;
            }
            struct validate_issue issues[VALIDATE_ISSUES_MAX];
            event_set(&event, n, max + 1);
            cr_assert_geq(validate_event(&event, &rules_plain, issues, 1), 1);
            cr_assert_eq(issues[0].rule, VALIDATE_ABOVE_MAX, "%s.%s",
                         types[i].name, field->name);
            cr_assert_eq(issues[0].limit, max);
            event_set(&event, n, max);
            size_t broken = validate_event(&event, &rules_plain, issues,
                                           VALIDATE_ISSUES_MAX);
            for (size_t k = 0; k < broken; k++) {
                cr_assert_neq(issues[k].rule, VALIDATE_ABOVE_MAX, "%s.%s",
                              types[i].name, field->name);
            }
            if (min > 0) {
                event_set(&event, n, min - 1);
                (void)validate_event(&event, &rules_plain, issues, 1);
                cr_assert_eq(issues[0].rule, VALIDATE_BELOW_MIN, "%s.%s",
                             types[i].name, field->name);
                event_set(&event, n, min);
                rules_assert_valid(&event, &rules_plain);
            }
        }
    }
}

Test(validate, takes_no_date_before_2000_and_none_in_the_future)
{
    struct event event = rules_event(8);
    int32_t recorded = event.occurred_on;
    rules_assert_valid(&event, &rules_plain);
    event.occurred_on = recorded + 1;
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    cr_assert_eq(validate_event(&event, &rules_plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_IN_FUTURE);
    cr_assert_eq((int32_t)issues[0].limit, recorded);
    event.occurred_on = calendar_day(2000, 1, 1);
    rules_assert_valid(&event, &rules_plain);
    event.occurred_on--;
    cr_assert_eq(validate_event(&event, &rules_plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_TOO_EARLY);
    event.occurred_on = -3;
    cr_assert_eq(validate_event(&event, &rules_plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_TOO_EARLY);
}

/* 17:00 UTC is the next civil day: what was recorded then may be of it. */
Test(validate, i4_takes_the_civil_day_of_the_record_for_today)
{
    struct event event = rules_event(8);
    event.recorded_at = INT64_C(1520269200000000); /* 2018-03-05 17:00 UTC */
    event.occurred_on = calendar_day(2018, 3, 6);
    rules_assert_valid(&event, &rules_plain);
    event.recorded_at -= 1;
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    cr_assert_eq(validate_event(&event, &rules_plain, issues, 1), 1);
    /* At entry the day is given. */
    struct validate_rules rules = {.has_today = true,
                                   .today = event.occurred_on};
    rules_assert_valid(&event, &rules);
    rules.today--;
    cr_assert_eq(validate_event(&event, &rules, issues, 1), 1);
}

Test(validate, takes_deadlines_in_the_future_up_to_2100)
{
    struct event event = rules_event(7);
    event_set_date(&event, 3, calendar_day(2100, 12, 31));
    rules_assert_valid(&event, &rules_with_units);
    event_set_date(&event, 3, calendar_day(2101, 1, 1));
    rules_assert_broken(&event, VALIDATE_DATE_IN_FUTURE, BODY(3));
}

Test(validate, wants_ends_and_deadlines_not_before_the_day)
{
    struct event event = rules_event(7);
    event_set_date(&event, 3, event.occurred_on);
    rules_assert_valid(&event, &rules_with_units);
    event_set_date(&event, 3, event.occurred_on - 1);
    rules_assert_broken(&event, VALIDATE_DATE_ORDER, BODY(3));
    event_set(&event, 5, 1); /* revoked: the old end may lie before */
    rules_assert_valid(&event, &rules_with_units);
    event = rules_event(12);
    event_set(&event, 3, 1); /* received */
    event_set_date(&event, 4, event.occurred_on - 1);
    rules_assert_broken(&event, VALIDATE_DATE_ORDER, BODY(4));
    event_set_date(&event, 4, event.occurred_on);
    rules_assert_valid(&event, &rules_with_units);
    event_set(&event, 3, 4); /* resolved late is a fact */
    event_set_date(&event, 4, event.occurred_on - 1);
    rules_assert_valid(&event, &rules_with_units);
    event = rules_event(15);
    event_set_date(&event, 6, event.occurred_on - 1);
    rules_assert_broken(&event, VALIDATE_DATE_ORDER, BODY(6));
}

Test(validate, i12_takes_units_that_were_in_force_on_the_day)
{
    struct event event = rules_event(8);
    event.unit = 1500026;
    cr_assert_eq(
        rules_assert_broken(&event, VALIDATE_UNIT_UNKNOWN, EVENT_UNIT).value,
        1500026);
    event = rules_event(8);
    event.occurred_on = calendar_day(2009, 12, 31);
    rules_assert_broken(&event, VALIDATE_UNIT_NOT_IN_FORCE, EVENT_UNIT);
    event.occurred_on = calendar_day(2010, 1, 1);
    rules_assert_valid(&event, &rules_with_units);
    event.subject_unit = 1500026;
    rules_assert_broken(&event, VALIDATE_UNIT_UNKNOWN, EVENT_SUBJECT_UNIT);
    event = rules_event(11);
    event.present &= ~(1u << 3);
    event.list_used = 0;
    event.value[3] = 0;
    cr_assert(event_append(&event, 3, 1500025));
    rules_assert_valid(&event, &rules_with_units);
    cr_assert(event_append(&event, 3, 7));
    rules_assert_broken(&event, VALIDATE_UNIT_UNKNOWN, BODY(3));
    event_set(&event, 7, 1300001);
    rules_assert_broken(&event, VALIDATE_UNIT_UNKNOWN, BODY(3));
}

Test(validate, wants_a_commune_for_a_rating_and_a_census)
{
    static const uint32_t types[] = {15, 17};
    for (size_t i = 0; i < 2; i++) {
        struct event event = rules_event(types[i]);
        event.subject_unit = 1300001;
        rules_assert_broken(&event, VALIDATE_UNIT_LEVEL, EVENT_SUBJECT_UNIT);
    }
    struct event event = rules_event(2);
    event.subject_unit = 1300001;
    rules_assert_valid(&event, &rules_with_units);
}

Test(validate, wants_references_that_can_be)
{
    struct event event = rules_event(8);
    event_set(&event, 1, id60_make(271, 1, 0));
    rules_assert_broken(&event, VALIDATE_REFERENCE, BODY(1));
    event_set(&event, 1, id60_make(271, 0, 5));
    rules_assert_broken(&event, VALIDATE_REFERENCE, BODY(1));
    event_set(&event, 1, id60_make(0, 0, 5));
    rules_assert_valid(&event, &rules_with_units);
}

Test(validate, wants_a_document_with_all_its_parts)
{
    struct event event = rules_event(1);
    event.document_number = 25;
    rules_assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_kind = 1;
    rules_assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_bodies[0] = 1;
    event.document_body_count = 1;
    rules_assert_valid(&event, &rules_with_units);
    event.document_year = 2100;
    rules_assert_valid(&event, &rules_with_units);
    event.document_year = 2101;
    rules_assert_broken(&event, VALIDATE_ABOVE_MAX, EVENT_DOCUMENT_YEAR);
    event.document_year = 2018;
    event.document_number = 0;
    rules_assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_number = 25;
    event.document_bodies[0] = 26;
    rules_assert_broken(&event, VALIDATE_VALUE_UNKNOWN, EVENT_DOCUMENT_BODIES);
}

Test(validate, i5_wants_a_correction_that_names_its_target)
{
    struct event event = rules_event(20);
    event.target = 0;
    rules_assert_broken(&event, VALIDATE_REQUIRED, EVENT_TARGET);
    event = rules_event(20);
    event.reason = 0;
    rules_assert_broken(&event, VALIDATE_REQUIRED, EVENT_REASON);
    event = rules_event(20);
    event.target = id60_make(271, 1, 0);
    rules_assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_TARGET);
    event = rules_event(20);
    event.head = id60_make(271, 0, 5);
    rules_assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_HEAD);
    /* A replacement is an event of its own type. */
    event = rules_event(8);
    event.target = id60_make(271, 1, 42);
    event.head = id60_make(271, 1, 43);
    rules_assert_valid(&event, &rules_with_units);
    event.target = 0;
    rules_assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_HEAD);
    event.head = 0;
    event.reason = 1;
    rules_assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_REASON);
}

Test(validate, i11_counts_more_issues_than_it_has_room_for)
{
    struct event event;
    event_init(&event, 13);
    struct validate_issue issues[2] = {{0}};
    size_t count = validate_event(&event, &rules_plain, issues, 1);
    cr_assert_gt(count, 10);
    cr_assert_leq(count, VALIDATE_ISSUES_MAX);
    cr_assert_neq(issues[0].rule, VALIDATE_OK);
    cr_assert_eq(issues[1].rule, VALIDATE_OK);
    cr_assert_eq(validate_event(&event, &rules_plain, NULL, 0), count);
}
