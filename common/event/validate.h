/* validate - the rules that an event must keep to be counted.
 *
 * Flow     form, CLI, CSV -> [validate] -> spool;  ledger -> [validate] -> fold
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   VALIDATE_ISSUES_MAX issues are room enough; more are counted.
 *
 * One function for entry, import and the fold, so that what an office was
 * allowed to save is what the province counts. At entry an issue keeps the
 * event from being saved; in the fold it is an outcome: the event is kept, not
 * counted, and told to the office (I6).
 *
 * Invariants
 *   I4   no clock and no file: what the rules need is passed in.
 *   I6   a broken rule is a value returned, never an abort.
 */
#ifndef TALLYLINE_COMMON_VALIDATE_H
#define TALLYLINE_COMMON_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/event/event.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"

#define VALIDATE_ISSUES_MAX 64u
#define VALIDATE_TEXT_MAX   640u /* with the closing zero */
#define VALIDATE_YEAR_MIN   2000u
#define VALIDATE_YEAR_MAX   2100u

enum validate_rule {
    VALIDATE_OK = 0,
    VALIDATE_TYPE_UNKNOWN,   /* nobody declared the event's type */
    VALIDATE_REQUIRED,       /* the field is missing */
    VALIDATE_EMPTY,          /* a list without an item */
    VALIDATE_VALUE_UNKNOWN,  /* nobody declared the value */
    VALIDATE_VALUE_TWICE,    /* a set names a value twice */
    VALIDATE_BELOW_MIN,      /* limit: the least */
    VALIDATE_ABOVE_MAX,      /* limit: the most */
    VALIDATE_DATE_TOO_EARLY, /* limit: first day */
    VALIDATE_DATE_IN_FUTURE, /* limit: last day */
    VALIDATE_DATE_ORDER,     /* before the day of `other`; limit: that day */
    VALIDATE_PERIOD_ORDER,   /* period_from after its end; limit: the end */
    VALIDATE_PERIOD_CROSSES, /* a cut-off; limit: last day of the first part */
    VALIDATE_PERIOD_KEY,     /* no such period in the year; limit: the most */
    VALIDATE_UNIT_UNKNOWN,   /* no such unit */
    VALIDATE_UNIT_NOT_IN_FORCE, /* on the day of the event; limit: the day */
    VALIDATE_UNIT_LEVEL,        /* limit: the level that is wanted */
    VALIDATE_REFERENCE,         /* not a reference */
    VALIDATE_ABOVE_FIELD,       /* more than `other`; limit: its value */
    VALIDATE_NOT_TOGETHER,      /* given without `other`, which it needs */
    VALIDATE_LIST_LENGTH,       /* not as long as `other`; limit: its length */
    VALIDATE_LIST_SUM,          /* adds up to value, `other` says limit */
    VALIDATE_RESULT_NO_VIOLATION, /* result=violation with violations=0 */
    VALIDATE_RESULT_VIOLATIONS,   /* violations > 0 with another result */
    VALIDATE_SAME_TWICE,          /* both references are one */
    VALIDATE_DOCUMENT_PARTS, /* number without kind or body, or the reverse */
    VALIDATE_CORRECTION_TARGET, /* head or reason without target, a void without
                                   target, or an id that is none */
    VALIDATE_RULE_END
};

enum validate_unit {
    VALIDATE_UNIT_IN_FORCE = 0,
    VALIDATE_UNIT_ABSENT,
    VALIDATE_UNIT_OTHER_DAYS /* known, but not in force on the day */
};

struct validate_rules {
    /* NULL: only the product's values. */
    const struct vocabulary *vocabulary;
    /* What `unit` is on `day`; `level` gets a value of enum Level (1 province,
     * 2 district, 3 commune) when it is in force. NULL: units are not looked
     * up. */
    enum validate_unit (*unit)(void *context, uint32_t unit, int32_t day,
                               uint32_t *level);
    void *unit_context;
    /* Whether a period crosses a cut-off of a regime in force; `last` gets the
     * last day of its first part. Entry alone asks it. NULL: not asked. */
    bool (*crosses)(void *context, int32_t from, int32_t to, int32_t *last);
    void *crosses_context;
    /* No date later than this day. Without it the civil day of the event's own
     * recorded_at holds, which is what the fold must use (I4). */
    bool has_today;
    int32_t today;
};

/* Numbers of fields are the header's below EVENT_BODY_BASE, else the body's
 * plus EVENT_BODY_BASE. A date stands as its int32 in two's complement. */
struct validate_issue {
    enum validate_rule rule;
    uint32_t field;
    uint32_t other; /* the field compared with, 0: none */
    uint64_t value;
    uint64_t limit;
};

/* Checks every rule; returns how many are broken, of which the first `max`
 * stand in `issues`: of the header, of the body, of fields together. An event
 * of an unknown type, or with a fault of the decoder, has exactly one issue:
 * VALIDATE_TYPE_UNKNOWN. */
size_t validate_event(const struct event *event,
                      const struct validate_rules *rules,
                      struct validate_issue issues[], size_t max);

/* Who reads what is wrong. */
struct validate_reader {
    const struct vocabulary *vocabulary; /* NULL: the product's values only */
    const struct units *units;           /* NULL: units by their codes */
    enum language language;
    /* Fields and units with what one types for them too, for programs and the
     * command line: "Kết quả (result)". On a form that is noise. */
    bool keys;
};

/* One sentence or two: what is wrong, the value, the rule, how to mend it.
 * Names the field by its label. Returns the length without the zero. */
size_t validate_describe(const struct event *event,
                         const struct validate_issue *issue,
                         const struct validate_reader *reader,
                         char text[VALIDATE_TEXT_MAX]);
/* snake_case name of the rule, for logs and machine formats. */
const char *validate_rule_name(enum validate_rule rule);
/* The name a person uses for the field of this type's events: inspected_on,
 * est_ref. */
const char *validate_field_name(uint32_t type, uint32_t field);

#endif
