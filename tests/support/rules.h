/* rules - an event against the rules, for the tests of validate.
 *
 * Unit 1500025 is a commune, 1300001 a district, both in force from 2010 to
 * 2019; there is no other.
 */
#ifndef TALLYLINE_TESTS_RULES_H
#define TALLYLINE_TESTS_RULES_H

#include "common/event/validate_plain.h"

#define BODY(n) (EVENT_BODY_BASE + (n))

extern const struct validate_rules rules_with_units;
extern const struct validate_rules rules_plain;

/* sample_event_valid() as a value. */
struct event rules_event(uint32_t type);
void rules_assert_valid(const struct event *event,
                        const struct validate_rules *rules);
/* Whether the units are in force, and what validate_plain.h says. */
bool rules_is_plain(const struct event *event,
                    const struct validate_rules *rules);
/* Exactly one rule is broken: this one, by this field. It is not plain. */
struct validate_issue rules_assert_broken(const struct event *event,
                                          enum validate_rule rule,
                                          uint32_t field);

#endif
