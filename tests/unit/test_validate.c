/* The rules of an event, each at its limit and one beyond. */
#include "common/validate.h"

#include "common/calendar.h"
#include "common/catalogue.h"
#include "common/reference.h"
#include "common/text.h"

#include "tests/support/sample_event.h"

#include <criterion/criterion.h>
#include <string.h>

#define BODY(n) (EVENT_BODY_BASE + (n))

/* Unit 1500025 is a commune, 1300001 a district, both in force from 2010 to
 * 2019; there is no other. */
static enum validate_unit look_up(void *context, uint32_t unit, int32_t day,
                                  uint32_t *level)
{
    (void)context;
    if (unit != 1500025 && unit != 1300001) {
        return VALIDATE_UNIT_ABSENT;
    }
    *level = unit == 1500025 ? 3 : 2;
    return day >= calendar_day(2010, 1, 1) && day <= calendar_day(2019, 12, 31)
               ? VALIDATE_UNIT_IN_FORCE
               : VALIDATE_UNIT_OTHER_DAYS;
}

static const struct validate_rules with_units = {.unit = look_up};
static const struct validate_rules plain = {0};

static void assert_valid(const struct event *event,
                         const struct validate_rules *rules)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count = validate_event(event, rules, issues, VALIDATE_ISSUES_MAX);
    cr_assert_eq(count, 0, "type %u: %s of field %u", event->type,
                 count > 0 ? validate_rule_name(issues[0].rule) : "",
                 count > 0 ? issues[0].field : 0);
}

/* Exactly one rule is broken: this one, by this field. */
static struct validate_issue assert_broken(const struct event *event,
                                           enum validate_rule rule,
                                           uint32_t field)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count =
        validate_event(event, &with_units, issues, VALIDATE_ISSUES_MAX);
    cr_assert_geq(count, 1, "%s is not seen", validate_rule_name(rule));
    cr_assert_eq(issues[0].rule, rule, "%s instead of %s",
                 validate_rule_name(issues[0].rule), validate_rule_name(rule));
    cr_assert_eq(issues[0].field, field);
    cr_assert_eq(count, 1, "%s too", validate_rule_name(issues[1].rule));
    return issues[0];
}

static struct event valid(uint32_t type)
{
    struct event event;
    sample_event_valid(type, &event);
    return event;
}

Test(validate, finds_nothing_wrong_with_a_plain_event_of_each_type)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event = valid(types[i].number);
        struct validate_rules rules =
            types[i].number == 11 ? plain : with_units;
        assert_valid(&event, &rules);
    }
}

Test(validate, misses_every_required_field)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < types[i].field_count; n++) {
            struct event event = valid(types[i].number);
            const struct catalogue_field *field = &types[i].fields[n];
            event.present &= ~(1u << field->number);
            struct validate_issue issues[VALIDATE_ISSUES_MAX];
            size_t broken =
                validate_event(&event, &plain, issues, VALIDATE_ISSUES_MAX);
            cr_assert_eq(broken != 0 && issues[0].rule == VALIDATE_REQUIRED &&
                             issues[0].field == BODY(field->number),
                         field->required, "%s.%s", types[i].name, field->name);
        }
    }
    struct event event = valid(8);
    event.occurred_on = 0;
    event.header_present = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_OCCURRED_ON);
    event = valid(8);
    event.unit = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_UNIT);
    event = valid(8);
    event.office = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_OFFICE);
    event = valid(8);
    event.programme = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_PROGRAMME);
    event = valid(2);
    event.subject_unit = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_SUBJECT_UNIT);
}

Test(validate, i6_an_event_that_it_cannot_read_has_one_issue)
{
    struct event event = valid(8);
    event.type = 23;
    assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
    event = valid(8);
    event.fault = EVENT_FAULT_DUPLICATE;
    assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
    event_init(&event, 0);
    assert_broken(&event, VALIDATE_TYPE_UNKNOWN, EVENT_TYPE);
}

Test(validate, i10_knows_a_value_once_it_is_declared)
{
    struct event event = valid(8);
    event_set(&event, 2, 10000);
    struct validate_issue issue =
        assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    cr_assert_eq(issue.value, 10000);
    struct vocabulary *vocabulary = vocabulary_new(1);
    struct catalogue_value value = {
        10000, "ward_team", {"Đội phường", "Ward team"}, NULL};
    cr_assert_eq(vocabulary_add(vocabulary, "TeamKind", &value, NULL),
                 STATUS_OK);
    struct validate_rules rules = {.vocabulary = vocabulary};
    assert_valid(&event, &rules);
    vocabulary_free(&vocabulary);
}

Test(validate, knows_the_last_value_and_no_more)
{
    struct event event = valid(8);
    event_set(&event, 2, 4);
    assert_valid(&event, &with_units);
    event_set(&event, 2, 5);
    assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    event_set(&event, 2, 0);
    assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(2));
    event = valid(8);
    event.role = 5;
    assert_broken(&event, VALIDATE_VALUE_UNKNOWN, EVENT_ROLE);
    event = valid(2);
    cr_assert(event_append(&event, 6, 8));
    assert_valid(&event, &with_units);
    cr_assert(event_append(&event, 6, 9));
    assert_broken(&event, VALIDATE_VALUE_UNKNOWN, BODY(6));
}

Test(validate, takes_a_set_with_each_value_once)
{
    struct event event = valid(2);
    cr_assert(event_append(&event, 6, 1) && event_append(&event, 6, 2));
    assert_valid(&event, &with_units);
    cr_assert(event_append(&event, 6, 1));
    cr_assert_eq(assert_broken(&event, VALIDATE_VALUE_TWICE, BODY(6)).value, 1);
}

Test(validate, wants_an_item_in_a_required_list)
{
    struct event event = valid(21);
    event_set(&event, 4, 0);
    assert_broken(&event, VALIDATE_EMPTY, BODY(4));
}

/* Every count, sum of money, flag and year of every type. */
Test(validate, i11_takes_numbers_between_their_limits)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t n = 1; n <= types[i].field_count; n++) {
            const struct catalogue_field *field = &types[i].fields[n - 1];
            struct event event = valid(types[i].number);
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
            cr_assert_geq(validate_event(&event, &plain, issues, 1), 1);
            cr_assert_eq(issues[0].rule, VALIDATE_ABOVE_MAX, "%s.%s",
                         types[i].name, field->name);
            cr_assert_eq(issues[0].limit, max);
            event_set(&event, n, max);
            size_t broken =
                validate_event(&event, &plain, issues, VALIDATE_ISSUES_MAX);
            for (size_t k = 0; k < broken; k++) {
                cr_assert_neq(issues[k].rule, VALIDATE_ABOVE_MAX, "%s.%s",
                              types[i].name, field->name);
            }
            if (min > 0) {
                event_set(&event, n, min - 1);
                (void)validate_event(&event, &plain, issues, 1);
                cr_assert_eq(issues[0].rule, VALIDATE_BELOW_MIN, "%s.%s",
                             types[i].name, field->name);
                event_set(&event, n, min);
                assert_valid(&event, &plain);
            }
        }
    }
}

Test(validate, takes_no_date_before_2000_and_none_in_the_future)
{
    struct event event = valid(8);
    int32_t recorded = event.occurred_on;
    assert_valid(&event, &plain);
    event.occurred_on = recorded + 1;
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    cr_assert_eq(validate_event(&event, &plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_IN_FUTURE);
    cr_assert_eq((int32_t)issues[0].limit, recorded);
    event.occurred_on = calendar_day(2000, 1, 1);
    assert_valid(&event, &plain);
    event.occurred_on--;
    cr_assert_eq(validate_event(&event, &plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_TOO_EARLY);
    event.occurred_on = -3;
    cr_assert_eq(validate_event(&event, &plain, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_DATE_TOO_EARLY);
}

/* 17:00 UTC is the next civil day: what was recorded then may be of it. */
Test(validate, i4_takes_the_civil_day_of_the_record_for_today)
{
    struct event event = valid(8);
    event.recorded_at = INT64_C(1520269200000000); /* 2018-03-05 17:00 UTC */
    event.occurred_on = calendar_day(2018, 3, 6);
    assert_valid(&event, &plain);
    event.recorded_at -= 1;
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    cr_assert_eq(validate_event(&event, &plain, issues, 1), 1);
    /* At entry the day is given. */
    struct validate_rules rules = {.has_today = true,
                                   .today = event.occurred_on};
    assert_valid(&event, &rules);
    rules.today--;
    cr_assert_eq(validate_event(&event, &rules, issues, 1), 1);
}

Test(validate, takes_deadlines_in_the_future_up_to_2100)
{
    struct event event = valid(7);
    event_set_date(&event, 3, calendar_day(2100, 12, 31));
    assert_valid(&event, &with_units);
    event_set_date(&event, 3, calendar_day(2101, 1, 1));
    assert_broken(&event, VALIDATE_DATE_IN_FUTURE, BODY(3));
}

Test(validate, wants_ends_and_deadlines_not_before_the_day)
{
    struct event event = valid(7);
    event_set_date(&event, 3, event.occurred_on);
    assert_valid(&event, &with_units);
    event_set_date(&event, 3, event.occurred_on - 1);
    assert_broken(&event, VALIDATE_DATE_ORDER, BODY(3));
    event_set(&event, 5, 1); /* revoked: the old end may lie before */
    assert_valid(&event, &with_units);
    event = valid(12);
    event_set(&event, 3, 1); /* received */
    event_set_date(&event, 4, event.occurred_on - 1);
    assert_broken(&event, VALIDATE_DATE_ORDER, BODY(4));
    event_set_date(&event, 4, event.occurred_on);
    assert_valid(&event, &with_units);
    event_set(&event, 3, 4); /* resolved late is a fact */
    event_set_date(&event, 4, event.occurred_on - 1);
    assert_valid(&event, &with_units);
    event = valid(15);
    event_set_date(&event, 6, event.occurred_on - 1);
    assert_broken(&event, VALIDATE_DATE_ORDER, BODY(6));
}

Test(validate, i12_takes_units_that_were_in_force_on_the_day)
{
    struct event event = valid(8);
    event.unit = 1500026;
    cr_assert_eq(assert_broken(&event, VALIDATE_UNIT_UNKNOWN, EVENT_UNIT).value,
                 1500026);
    event = valid(8);
    event.occurred_on = calendar_day(2009, 12, 31);
    assert_broken(&event, VALIDATE_UNIT_NOT_IN_FORCE, EVENT_UNIT);
    event.occurred_on = calendar_day(2010, 1, 1);
    assert_valid(&event, &with_units);
    event.subject_unit = 1500026;
    assert_broken(&event, VALIDATE_UNIT_UNKNOWN, EVENT_SUBJECT_UNIT);
    event = valid(11);
    event.present &= ~(1u << 3);
    event.list_used = 0;
    event.value[3] = 0;
    cr_assert(event_append(&event, 3, 1500025));
    assert_valid(&event, &with_units);
    cr_assert(event_append(&event, 3, 7));
    assert_broken(&event, VALIDATE_UNIT_UNKNOWN, BODY(3));
    event_set(&event, 7, 1300001);
    assert_broken(&event, VALIDATE_UNIT_UNKNOWN, BODY(3));
}

Test(validate, wants_a_commune_for_a_rating_and_a_census)
{
    static const uint32_t types[] = {15, 17};
    for (size_t i = 0; i < 2; i++) {
        struct event event = valid(types[i]);
        event.subject_unit = 1300001;
        assert_broken(&event, VALIDATE_UNIT_LEVEL, EVENT_SUBJECT_UNIT);
    }
    struct event event = valid(2);
    event.subject_unit = 1300001;
    assert_valid(&event, &with_units);
}

Test(validate, wants_references_that_can_be)
{
    struct event event = valid(8);
    event_set(&event, 1, id60_make(271, 1, 0));
    assert_broken(&event, VALIDATE_REFERENCE, BODY(1));
    event_set(&event, 1, id60_make(271, 0, 5));
    assert_broken(&event, VALIDATE_REFERENCE, BODY(1));
    event_set(&event, 1, id60_make(0, 0, 5));
    assert_valid(&event, &with_units);
}

/* A part is at most its whole. */
Test(validate, compares_counts_that_are_parts_of_others)
{
    static const struct {
        uint32_t type, part, whole;
    } pairs[] = {{2, 5, 4},  {4, 4, 3},  {5, 4, 2},  {13, 5, 4},
                 {13, 6, 5}, {13, 9, 8}, {13, 12, 4}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct event event = valid(pairs[i].type);
        event_set(&event, 4, 50);
        event_set(&event, pairs[i].whole, 40);
        event_set(&event, pairs[i].part, 40);
        if (pairs[i].type == 13 && pairs[i].whole == 5) {
            event_set(&event, 4, 40);
        }
        assert_valid(&event, &with_units);
        event_set(&event, pairs[i].part, 41);
        struct validate_issue issue =
            assert_broken(&event, VALIDATE_ABOVE_FIELD, BODY(pairs[i].part));
        cr_assert_eq(issue.other, BODY(pairs[i].whole));
        cr_assert(issue.value == 41 && issue.limit == 40);
    }
}

Test(validate, does_not_compare_what_may_differ)
{
    /* More persons served in a period than identified in it. */
    struct event event = valid(13);
    event_set(&event, 8, 30);
    event_set(&event, 7, 20);
    assert_valid(&event, &with_units);
    /* The whole is not given. */
    event = valid(2);
    event_set(&event, 5, 10);
    assert_valid(&event, &with_units);
}

static struct event with_violations(uint32_t violations, uint32_t first,
                                    uint32_t second)
{
    struct event event = valid(8);
    event_set(&event, 5, violations > 0 ? 3 : 1);
    event_set(&event, 7, violations);
    cr_assert(event_append(&event, 8, 1) && event_append(&event, 8, 3));
    cr_assert(event_append(&event, 9, first) &&
              event_append(&event, 9, second));
    return event;
}

Test(validate, wants_violations_that_add_up)
{
    struct event event = with_violations(5, 2, 3);
    assert_valid(&event, &with_units);
    event = with_violations(6, 2, 3);
    struct validate_issue issue =
        assert_broken(&event, VALIDATE_LIST_SUM, BODY(9));
    cr_assert(issue.value == 5 && issue.limit == 6);
    event = with_violations(2, 2, 0);
    assert_broken(&event, VALIDATE_BELOW_MIN, BODY(9));
    event = with_violations(5, 2, 3);
    event.present &= ~(1u << 7);
    assert_broken(&event, VALIDATE_NOT_TOGETHER, BODY(9));
    event = with_violations(5, 2, 2);
    cr_assert(event_append(&event, 9, 1));
    issue = assert_broken(&event, VALIDATE_LIST_LENGTH, BODY(9));
    cr_assert(issue.value == 3 && issue.limit == 2);
}

Test(validate, wants_the_result_that_the_violations_say)
{
    struct event event = valid(8);
    event_set(&event, 5, 3);
    assert_valid(&event, &with_units);
    event_set(&event, 7, 0);
    assert_broken(&event, VALIDATE_RESULT_NO_VIOLATION, BODY(5));
    event_set(&event, 7, 1);
    assert_valid(&event, &with_units);
    event_set(&event, 5, 2);
    assert_broken(&event, VALIDATE_RESULT_VIOLATIONS, BODY(5));
    event_set(&event, 7, 0);
    assert_valid(&event, &with_units);
}

static bool crosses(void *context, int32_t from, int32_t to, int32_t *last)
{
    *last = *(int32_t *)context;
    return from <= *last && to > *last;
}

Test(validate, wants_a_period_that_ends_after_it_begins)
{
    struct event event = valid(13);
    event_set_date(&event, 3, event.occurred_on);
    assert_valid(&event, &with_units);
    event_set_date(&event, 3, event.occurred_on + 1);
    assert_broken(&event, VALIDATE_PERIOD_ORDER, BODY(3));
}

Test(validate, asks_entry_alone_whether_a_period_crosses_a_cut_off)
{
    struct event event = valid(13);
    int32_t cut = event.occurred_on;
    struct validate_rules rules = {.crosses = crosses, .crosses_context = &cut};
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    event_set_date(&event, 3, event.occurred_on - 3);
    assert_valid(&event, &rules);
    cut--;
    cr_assert_eq(validate_event(&event, &rules, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_PERIOD_CROSSES);
    cr_assert_eq((int32_t)issues[0].limit, cut);
    assert_valid(&event, &plain);
}

Test(validate, wants_a_period_that_the_year_has)
{
    static const struct {
        uint32_t kind, last;
    } kinds[] = {{1, 12}, {2, 4}, {3, 2}, {4, 1}, {5, 99}};
    for (size_t i = 0; i < 5; i++) {
        struct event event = valid(19);
        event_set(&event, 2, kinds[i].kind);
        event_set(&event, 3, 201800 + kinds[i].last);
        assert_valid(&event, &with_units);
        event_set(&event, 3, 201800 + kinds[i].last + 1);
        assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 201800);
        assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 199901);
        assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 210001);
        assert_valid(&event, &with_units);
        event_set(&event, 3, 210101);
        assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
    }
}

Test(validate, wants_two_references_that_differ)
{
    struct event event = valid(22);
    event_set(&event, 3, event_get(&event, 2));
    assert_broken(&event, VALIDATE_SAME_TWICE, BODY(3));
    event = valid(8);
    event_set(&event, 6, id60_make(1, 1, 1));
    event_set(&event, 13, id60_make(1, 1, 2));
    assert_valid(&event, &with_units);
    event_set(&event, 13, id60_make(1, 1, 1));
    assert_broken(&event, VALIDATE_SAME_TWICE, BODY(13));
}

Test(validate, wants_a_document_with_all_its_parts)
{
    struct event event = valid(1);
    event.document_number = 25;
    assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_kind = 1;
    assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_bodies[0] = 1;
    event.document_body_count = 1;
    assert_valid(&event, &with_units);
    event.document_year = 2100;
    assert_valid(&event, &with_units);
    event.document_year = 2101;
    assert_broken(&event, VALIDATE_ABOVE_MAX, EVENT_DOCUMENT_YEAR);
    event.document_year = 2018;
    event.document_number = 0;
    assert_broken(&event, VALIDATE_DOCUMENT_PARTS, EVENT_DOCUMENT_NUMBER);
    event.document_number = 25;
    event.document_bodies[0] = 26;
    assert_broken(&event, VALIDATE_VALUE_UNKNOWN, EVENT_DOCUMENT_BODIES);
}

Test(validate, i5_wants_a_correction_that_names_its_target)
{
    struct event event = valid(20);
    event.target = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_TARGET);
    event = valid(20);
    event.reason = 0;
    assert_broken(&event, VALIDATE_REQUIRED, EVENT_REASON);
    event = valid(20);
    event.target = id60_make(271, 1, 0);
    assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_TARGET);
    event = valid(20);
    event.head = id60_make(271, 0, 5);
    assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_HEAD);
    /* A replacement is an event of its own type. */
    event = valid(8);
    event.target = id60_make(271, 1, 42);
    event.head = id60_make(271, 1, 43);
    assert_valid(&event, &with_units);
    event.target = 0;
    assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_HEAD);
    event.head = 0;
    event.reason = 1;
    assert_broken(&event, VALIDATE_CORRECTION_TARGET, EVENT_REASON);
}

Test(validate, i11_counts_more_issues_than_it_has_room_for)
{
    struct event event;
    event_init(&event, 13);
    struct validate_issue issues[2] = {{0}};
    size_t count = validate_event(&event, &plain, issues, 1);
    cr_assert_gt(count, 10);
    cr_assert_leq(count, VALIDATE_ISSUES_MAX);
    cr_assert_neq(issues[0].rule, VALIDATE_OK);
    cr_assert_eq(issues[1].rule, VALIDATE_OK);
    cr_assert_eq(validate_event(&event, &plain, NULL, 0), count);
}

/* ---- in words ---- */

static void assert_text(const struct event *event, enum language language,
                        const char *wanted)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    char text[VALIDATE_TEXT_MAX];
    cr_assert_geq(validate_event(event, &with_units, issues, 1), 1);
    size_t length = validate_describe(event, &issues[0], NULL, language, text);
    cr_assert_str_eq(text, wanted);
    cr_assert_eq(length, strlen(wanted));
}

Test(validate, says_what_is_wrong_and_how_to_mend_it)
{
    struct event event = valid(13);
    event_set(&event, 8, 1250);
    event_set(&event, 9, 1251);
    assert_text(&event, LANGUAGE_VI,
                "Số người được hỗ trợ lần đầu (served_new) là 1.251, lớn hơn "
                "Số người được hỗ trợ (served) (1.250). Hãy kiểm tra lại hai "
                "số.");
    assert_text(&event, LANGUAGE_EN,
                "Served for the first time (served_new) is 1,251, more than "
                "Served (served) (1,250). Check both numbers.");
    event = valid(8);
    event.occurred_on++;
    assert_text(&event, LANGUAGE_VI,
                "Ngày kiểm tra (inspected_on) là 06/03/2018, sau ngày muộn "
                "nhất được nhận là 05/03/2018. Hãy kiểm tra lại ngày.");
    event = valid(15);
    event.subject_unit = 1300001;
    assert_text(&event, LANGUAGE_EN,
                "Place (commune): gso3:001 is not of the level that is "
                "needed: Commune. Choose another unit.");
    event = valid(8);
    event_set(&event, 2, 10000);
    assert_text(&event, LANGUAGE_VI,
                "Loại đoàn, đội (team_kind): giá trị 10000 không có trong "
                "danh mục. Hãy chọn giá trị khác, hoặc đề nghị tỉnh khai báo "
                "giá trị này.");
    event = valid(8);
    event_set(&event, 5, 2);
    event_set(&event, 7, 2);
    assert_text(&event, LANGUAGE_EN,
                "Result (result) is \"Reminded\", but Violations (violations) "
                "is 2. With violations the result must say so.");
}

Test(validate, has_words_for_every_rule_and_field)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);
    for (size_t i = 0; i < count; i++) {
        struct event event = valid(types[i].number);
        uint32_t last = BODY((uint32_t)types[i].field_count);
        for (uint32_t rule = VALIDATE_TYPE_UNKNOWN; rule < VALIDATE_RULE_END;
             rule++) {
            for (uint32_t field = 1; field <= last;
                 field = field == EVENT_REASON ? BODY(1) : field + 1) {
                struct validate_issue issue = {.rule = (enum validate_rule)rule,
                                               .field = field,
                                               .other = BODY(1),
                                               .value = UINT64_MAX,
                                               .limit = UINT64_MAX};
                char text[VALIDATE_TEXT_MAX];
                size_t length =
                    validate_describe(&event, &issue, NULL, LANGUAGE_VI, text);
                cr_assert_gt(length, 20);
                cr_assert_eq(text[length - 1], '.', "%s", text);
                cr_assert_eq(text_check(text, length), TEXT_OK);
                cr_assert_null(strchr(text, '{'), "%s", text);
                cr_assert_null(strstr(text, "()"), "%s", text);
                length =
                    validate_describe(&event, &issue, NULL, LANGUAGE_EN, text);
                cr_assert_eq(text[length - 1], '.', "%s", text);
            }
        }
    }
}
