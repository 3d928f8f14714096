/* validate_relation - the rules between two fields of one event.
 *
 * Flow     validate.c -> [validate_relation] -> issues
 *
 * Each rule says why it must hold: by what the two fields mean, so that no
 * true record can break it. What is merely usual is not checked: more persons
 * may be served in a period than were identified in it.
 */
#include "common/event/validate_rules.h"

#define TYPE_COMMUNICATION 2u
#define TYPE_COVERAGE      4u
#define TYPE_TRAINING      5u
#define TYPE_COMMITMENT    7u
#define TYPE_INSPECTION    8u
#define TYPE_TIP           12u
#define TYPE_CLIENT_FLOW   13u
#define TYPE_RATING        15u
#define TYPE_SAME_AS       22u

/* Field numbers of the bodies, as in event.proto. */
#define COMMUNICATION_ATTENDEES     4u
#define COMMUNICATION_NEW_REACHED   5u
#define COVERAGE_BASE_COUNT         3u
#define COVERAGE_REACHED            4u
#define TRAINING_TRAINEES           2u
#define TRAINING_NEW_TRAINEES       4u
#define COMMITMENT_VALID_UNTIL      3u
#define COMMITMENT_REVOKED          5u
#define INSPECTION_RESULT           5u
#define INSPECTION_REF              6u
#define INSPECTION_VIOLATIONS       7u
#define INSPECTION_VIOLATION_KINDS  8u
#define INSPECTION_VIOLATION_COUNTS 9u
#define INSPECTION_FOLLOW_UP_OF     13u
#define INSPECTION_RESULT_VIOLATION 3u
#define TIP_STATE                   3u
#define TIP_DUE_ON                  4u
#define TIP_STATE_RECEIVED          1u
#define CLIENT_PERIOD_FROM          3u
#define CLIENT_IDENTIFIED           4u
#define CLIENT_WITH_NEED            5u
#define CLIENT_ELIGIBLE             6u
#define CLIENT_SERVED               8u
#define CLIENT_SERVED_NEW           9u
#define CLIENT_UNDER_18             12u
#define RATING_VALID_TO             6u
#define SAME_AS_FIRST               2u
#define SAME_AS_SECOND              3u

/* An issue of two body fields. */
static void add(struct validate_checking *checking, enum validate_rule rule,
                uint32_t field, uint32_t other)
{
    validate_add(checking, (struct validate_issue){
                               .rule = rule,
                               .field = EVENT_BODY_BASE + field,
                               .other = EVENT_BODY_BASE + other,
                               .value = event_get(checking->event, field),
                               .limit = event_get(checking->event, other)});
}

static bool has_both(const struct validate_checking *checking, uint32_t field,
                     uint32_t other)
{
    return event_has(checking->event, field) &&
           event_has(checking->event, other);
}

/* `part` counts some of what `whole` counts. */
static void check_part(struct validate_checking *checking, uint32_t part,
                       uint32_t whole)
{
    if (has_both(checking, part, whole) &&
        event_get(checking->event, part) > event_get(checking->event, whole)) {
        add(checking, VALIDATE_ABOVE_FIELD, part, whole);
    }
}

static void check_not_same(struct validate_checking *checking, uint32_t field,
                           uint32_t other)
{
    if (has_both(checking, field, other) &&
        event_get(checking->event, field) ==
            event_get(checking->event, other)) {
        add(checking, VALIDATE_SAME_TWICE, field, other);
    }
}

/* An end or a deadline that is not before the day of the event. */
static void check_end(struct validate_checking *checking, uint32_t field)
{
    const struct event *event = checking->event;
    if (event_has(event, field) &&
        event_get_date(event, field) < event->occurred_on) {
        validate_add(checking,
                     (struct validate_issue){
                         .rule = VALIDATE_DATE_ORDER,
                         .field = EVENT_BODY_BASE + field,
                         .other = EVENT_OCCURRED_ON,
                         .value = event_get(event, field),
                         .limit = event_header_get(event, EVENT_OCCURRED_ON)});
    }
}

/* The lists are two columns of one table, and `violations` is their total:
 * the indicator of violations handled divides by it. */
static void check_violations(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    size_t kinds = 0;
    size_t counts = 0;
    uint64_t sum = 0;
    (void)event_items(event, INSPECTION_VIOLATION_KINDS, &kinds);
    const uint32_t *items =
        event_items(event, INSPECTION_VIOLATION_COUNTS, &counts);
    for (size_t i = 0; i < counts; i++) {
        sum += items[i];
    }
    struct validate_issue issue = {
        .field = EVENT_BODY_BASE + INSPECTION_VIOLATION_COUNTS,
        .other = EVENT_BODY_BASE + INSPECTION_VIOLATION_KINDS,
        .value = counts,
        .limit = kinds};
    if (counts != kinds) {
        issue.rule = VALIDATE_LIST_LENGTH;
        validate_add(checking, issue);
    }
    issue.other = EVENT_BODY_BASE + INSPECTION_VIOLATIONS;
    issue.value = sum;
    issue.limit = event_get(event, INSPECTION_VIOLATIONS);
    if (counts != 0 && !event_has(event, INSPECTION_VIOLATIONS)) {
        issue.rule = VALIDATE_NOT_TOGETHER;
        validate_add(checking, issue);
    } else if (counts != 0 && sum != issue.limit) {
        issue.rule = VALIDATE_LIST_SUM;
        validate_add(checking, issue);
    }
}

/* The result is what the number of violations says, where it is given. */
static void check_result(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    if (!has_both(checking, INSPECTION_RESULT, INSPECTION_VIOLATIONS)) {
        return;
    }
    bool violation =
        event_get(event, INSPECTION_RESULT) == INSPECTION_RESULT_VIOLATION;
    bool found = event_get(event, INSPECTION_VIOLATIONS) > 0;
    if (violation != found) {
        add(checking,
            violation ? VALIDATE_RESULT_NO_VIOLATION
                      : VALIDATE_RESULT_VIOLATIONS,
            INSPECTION_RESULT, INSPECTION_VIOLATIONS);
    }
}

/* The event counts on the last day of its period, which is its date. */
static void check_period(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    const struct validate_rules *rules = checking->rules;
    int32_t from = event_get_date(event, CLIENT_PERIOD_FROM);
    int32_t last = 0;
    struct validate_issue issue = {
        .field = EVENT_BODY_BASE + CLIENT_PERIOD_FROM,
        .other = EVENT_OCCURRED_ON,
        .value = event_get(event, CLIENT_PERIOD_FROM),
        .limit = event_header_get(event, EVENT_OCCURRED_ON)};
    if (!event_has(event, CLIENT_PERIOD_FROM)) {
        return;
    }
    if (from > event->occurred_on) {
        issue.rule = VALIDATE_PERIOD_ORDER;
        validate_add(checking, issue);
    } else if (rules->crosses != NULL &&
               rules->crosses(rules->crosses_context, from, event->occurred_on,
                              &last)) {
        issue.rule = VALIDATE_PERIOD_CROSSES;
        issue.limit = (uint64_t)(int64_t)last;
        validate_add(checking, issue);
    }
}

void validate_relations(struct validate_checking *checking)
{
    const struct event *event = checking->event;
    switch (event->type) {
    case TYPE_COMMUNICATION:
        /* Who was reached for the first time attended. */
        check_part(checking, COMMUNICATION_NEW_REACHED,
                   COMMUNICATION_ATTENDEES);
        break;
    case TYPE_COVERAGE:
        /* Those reached are some of the base. */
        check_part(checking, COVERAGE_REACHED, COVERAGE_BASE_COUNT);
        break;
    case TYPE_TRAINING:
        check_part(checking, TRAINING_NEW_TRAINEES, TRAINING_TRAINEES);
        break;
    case TYPE_COMMITMENT:
        /* What ends a commitment says nothing about how long it holds. */
        if (event_get(event, COMMITMENT_REVOKED) == 0) {
            check_end(checking, COMMITMENT_VALID_UNTIL);
        }
        break;
    case TYPE_INSPECTION:
        check_result(checking);
        check_violations(checking);
        check_not_same(checking, INSPECTION_FOLLOW_UP_OF, INSPECTION_REF);
        break;
    case TYPE_TIP:
        /* The time allowed begins with the receipt; later states may come
         * after it. */
        if (event_get(event, TIP_STATE) == TIP_STATE_RECEIVED) {
            check_end(checking, TIP_DUE_ON);
        }
        break;
    case TYPE_CLIENT_FLOW:
        check_period(checking);
        /* With a need: of those identified. Eligible: of those with a need
         * (event.proto). For the first time: of those served. */
        check_part(checking, CLIENT_WITH_NEED, CLIENT_IDENTIFIED);
        check_part(checking, CLIENT_ELIGIBLE, CLIENT_WITH_NEED);
        check_part(checking, CLIENT_SERVED_NEW, CLIENT_SERVED);
        check_part(checking, CLIENT_UNDER_18, CLIENT_IDENTIFIED);
        break;
    case TYPE_RATING:
        check_end(checking, RATING_VALID_TO);
        break;
    case TYPE_SAME_AS:
        check_not_same(checking, SAME_AS_SECOND, SAME_AS_FIRST);
        break;
    default:
        break;
    }
}
