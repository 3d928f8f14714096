#include "tests/support/rules.h"

#include "common/event/calendar.h"

#include "tests/support/sample_event.h"

#include <criterion/criterion.h>

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

const struct validate_rules rules_with_units = {.unit = look_up};
const struct validate_rules rules_plain = {0};

static bool is_in_force(const struct validate_rules *rules, uint32_t unit,
                        int32_t day, uint32_t *level)
{
    return rules->unit == NULL || rules->unit(rules->unit_context, unit, day,
                                              level) == VALIDATE_UNIT_IN_FORCE;
}

bool rules_is_plain(const struct event *event,
                    const struct validate_rules *rules)
{
    static struct validate_plain plain;
    static bool made;
    uint32_t level = 0;

    if (!made) {
        validate_plain_init(&plain);
        made = true;
    }
    return is_in_force(rules, event->unit, event->occurred_on, &level) &&
           (event->subject_unit == 0 ||
            is_in_force(rules, event->subject_unit, event->occurred_on,
                        &level)) &&
           validate_is_plain(&plain, event, rules, level);
}

void rules_assert_valid(const struct event *event,
                        const struct validate_rules *rules)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count = validate_event(event, rules, issues, VALIDATE_ISSUES_MAX);
    cr_assert_eq(count, 0, "type %u: %s of field %u", event->type,
                 count > 0 ? validate_rule_name(issues[0].rule) : "",
                 count > 0 ? issues[0].field : 0);
}

struct validate_issue rules_assert_broken(const struct event *event,
                                          enum validate_rule rule,
                                          uint32_t field)
{
    struct validate_issue issues[VALIDATE_ISSUES_MAX];
    size_t count =
        validate_event(event, &rules_with_units, issues, VALIDATE_ISSUES_MAX);
    cr_assert_geq(count, 1, "%s is not seen", validate_rule_name(rule));
    cr_assert_eq(issues[0].rule, rule, "%s instead of %s",
                 validate_rule_name(issues[0].rule), validate_rule_name(rule));
    cr_assert_eq(issues[0].field, field);
    cr_assert(!rules_is_plain(event, &rules_with_units));
    cr_assert_eq(count, 1, "%s too", validate_rule_name(issues[1].rule));
    return issues[0];
}

struct event rules_event(uint32_t type)
{
    struct event event;
    sample_event_valid(type, &event);
    return event;
}
