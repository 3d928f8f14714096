/* The rules between fields: at the limit, one beyond, and where there is none.
 */
#include "common/event/validate.h"

#include "common/event/reference.h"

#include "tests/support/rules.h"

#include <criterion/criterion.h>
#include <string.h>

/* A part is at most its whole. */
Test(validate, compares_counts_that_are_parts_of_others)
{
    static const struct {
        uint32_t type, part, whole;
    } pairs[] = {{2, 5, 4},  {4, 4, 3},  {5, 4, 2},  {13, 5, 4},
                 {13, 6, 5}, {13, 9, 8}, {13, 12, 4}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct event event = rules_event(pairs[i].type);
        event_set(&event, 4, 50);
        event_set(&event, pairs[i].whole, 40);
        event_set(&event, pairs[i].part, 40);
        if (pairs[i].type == 13 && pairs[i].whole == 5) {
            event_set(&event, 4, 40);
        }
        rules_assert_valid(&event, &rules_with_units);
        event_set(&event, pairs[i].part, 41);
        struct validate_issue issue = rules_assert_broken(
            &event, VALIDATE_ABOVE_FIELD, BODY(pairs[i].part));
        cr_assert_eq(issue.other, BODY(pairs[i].whole));
        cr_assert(issue.value == 41 && issue.limit == 40);
    }
}

Test(validate, does_not_compare_what_may_differ)
{
    /* More persons served in a period than identified in it. */
    struct event event = rules_event(13);
    event_set(&event, 8, 30);
    event_set(&event, 7, 20);
    rules_assert_valid(&event, &rules_with_units);
    /* The whole is not given. */
    event = rules_event(2);
    event_set(&event, 5, 10);
    rules_assert_valid(&event, &rules_with_units);
}

static struct event with_violations(uint32_t violations, uint32_t first,
                                    uint32_t second)
{
    struct event event = rules_event(8);
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
    rules_assert_valid(&event, &rules_with_units);
    event = with_violations(6, 2, 3);
    struct validate_issue issue =
        rules_assert_broken(&event, VALIDATE_LIST_SUM, BODY(9));
    cr_assert(issue.value == 5 && issue.limit == 6);
    event = with_violations(2, 2, 0);
    rules_assert_broken(&event, VALIDATE_BELOW_MIN, BODY(9));
    event = with_violations(5, 2, 3);
    event.present &= ~(1u << 7);
    rules_assert_broken(&event, VALIDATE_NOT_TOGETHER, BODY(9));
    event = with_violations(5, 2, 2);
    cr_assert(event_append(&event, 9, 1));
    issue = rules_assert_broken(&event, VALIDATE_LIST_LENGTH, BODY(9));
    cr_assert(issue.value == 3 && issue.limit == 2);
}

Test(validate, wants_the_result_that_the_violations_say)
{
    struct event event = rules_event(8);
    event_set(&event, 5, 3);
    rules_assert_valid(&event, &rules_with_units);
    event_set(&event, 7, 0);
    rules_assert_broken(&event, VALIDATE_RESULT_NO_VIOLATION, BODY(5));
    event_set(&event, 7, 1);
    rules_assert_valid(&event, &rules_with_units);
    event_set(&event, 5, 2);
    rules_assert_broken(&event, VALIDATE_RESULT_VIOLATIONS, BODY(5));
    event_set(&event, 7, 0);
    rules_assert_valid(&event, &rules_with_units);
}

static bool crosses(void *context, int32_t from, int32_t to, int32_t *last)
{
    *last = *(int32_t *)context;
    return from <= *last && to > *last;
}

Test(validate, wants_a_period_that_ends_after_it_begins)
{
    struct event event = rules_event(13);
    event_set_date(&event, 3, event.occurred_on);
    rules_assert_valid(&event, &rules_with_units);
    event_set_date(&event, 3, event.occurred_on + 1);
    rules_assert_broken(&event, VALIDATE_PERIOD_ORDER, BODY(3));
}

Test(validate, asks_entry_alone_whether_a_period_crosses_a_cut_off)
{
    struct event event = rules_event(13);
    int32_t cut = event.occurred_on;
    struct validate_rules rules = {.crosses = crosses, .crosses_context = &cut};
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    event_set_date(&event, 3, event.occurred_on - 3);
    rules_assert_valid(&event, &rules);
    cut--;
    cr_assert_eq(validate_event(&event, &rules, issues, 1), 1);
    cr_assert_eq(issues[0].rule, VALIDATE_PERIOD_CROSSES);
    cr_assert_eq((int32_t)issues[0].limit, cut);
    rules_assert_valid(&event, &rules_plain);
}

Test(validate, wants_a_period_that_the_year_has)
{
    static const struct {
        uint32_t kind, last;
    } kinds[] = {{1, 12}, {2, 4}, {3, 2}, {4, 1}, {5, 99}};
    for (size_t i = 0; i < 5; i++) {
        struct event event = rules_event(19);
        event_set(&event, 2, kinds[i].kind);
        event_set(&event, 3, 201800 + kinds[i].last);
        rules_assert_valid(&event, &rules_with_units);
        event_set(&event, 3, 201800 + kinds[i].last + 1);
        rules_assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 201800);
        rules_assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 199901);
        rules_assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
        event_set(&event, 3, 210001);
        rules_assert_valid(&event, &rules_with_units);
        event_set(&event, 3, 210101);
        rules_assert_broken(&event, VALIDATE_PERIOD_KEY, BODY(3));
    }
}

Test(validate, wants_two_references_that_differ)
{
    struct event event = rules_event(22);
    event_set(&event, 3, event_get(&event, 2));
    rules_assert_broken(&event, VALIDATE_SAME_TWICE, BODY(3));
    event = rules_event(8);
    event_set(&event, 6, id60_make(1, 1, 1));
    event_set(&event, 13, id60_make(1, 1, 2));
    rules_assert_valid(&event, &rules_with_units);
    event_set(&event, 13, id60_make(1, 1, 1));
    rules_assert_broken(&event, VALIDATE_SAME_TWICE, BODY(13));
}
