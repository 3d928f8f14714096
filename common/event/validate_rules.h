/* validate_rules - what the files of validate share; not for others.
 *
 * Flow     validate.c -> validate_relation.c;  both -> issues
 *          validate_plain.c -> both, for what it does not see at a glance
 * Owns     nothing.
 * Threads  any; pure.
 */
#ifndef TALLYLINE_COMMON_VALIDATE_RULES_H
#define TALLYLINE_COMMON_VALIDATE_RULES_H

#include "common/event/catalogue.h"
#include "common/event/validate.h"

#define VALIDATE_FIRST_DAY 10957 /* 2000-01-01 */
#define VALIDATE_LAST_DAY  47846 /* 2100-12-31 */
#define VALIDATE_COMMUNE   3u    /* enum Level */

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

/* The rules of one field that the event has. */
void validate_body_field(struct validate_checking *checking,
                         const struct catalogue_field *row);

/* Whether events of the type are about one commune. */
bool validate_needs_commune(uint32_t type);

#endif
