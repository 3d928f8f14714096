/* validate_rules - what the files of validate share; not for others.
 *
 * Flow     validate.c -> validate_relation.c;  both -> issues
 * Owns     nothing.
 * Threads  any; pure.
 */
#ifndef TALLYLINE_COMMON_VALIDATE_RULES_H
#define TALLYLINE_COMMON_VALIDATE_RULES_H

#include "common/catalogue.h"
#include "common/validate.h"

/* One event on its way through the rules. */
struct validate_checking {
    const struct event *event;
    const struct catalogue_type *type;
    const struct validate_rules *rules;
    struct validate_issue *issues;
    size_t max;
    size_t count;
};

void validate_add(struct validate_checking *checking,
                  struct validate_issue issue);

/* The rules between fields, by the type of the event. */
void validate_relations(struct validate_checking *checking);

/* How many periods of the kind a year can have; 0: unknown kind. */
uint32_t validate_periods_max(uint64_t period_kind);

#endif
