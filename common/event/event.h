/* event - what an office records: one thing that happened, as numbers.
 *
 * Flow     source -> [event] -> spool;  ledger -> [event] -> fold
 * Owns     nothing: a plain value, copied freely.
 * Threads  any; the functions are pure.
 * Limits   EVENT_FIELDS_MAX body fields, EVENT_LIST_MAX list items in all.
 *
 * The value is generic: body fields are reached by their field number in
 * proto/event.proto, and what they mean stands in the catalogue. So a plan can
 * filter on any field without a line of C.
 *
 * Invariants
 *   I9   there is no field that could hold text.
 *   I10  what the decoder does not know is counted in `unknown_bytes` and
 *        changes nothing else.
 */
#ifndef TALLYLINE_EVENT_H
#define TALLYLINE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_FIELDS_MAX          16u /* body field numbers are 1 to 15 */
#define EVENT_LIST_MAX            64u /* items of all lists together */
#define EVENT_DOCUMENT_BODIES_MAX 3u
#define EVENT_ENTRY_KEY_BYTES     16u
#define EVENT_UNKNOWN_BYTES_MAX   256u  /* above it the event is uncountable */
#define EVENT_BYTES_MAX           1024u /* encoded */

/* Header fields, numbered as in proto/event.proto. A filter or an error names
 * a field by number: below EVENT_BODY_BASE the header's, else body + base. */
enum event_header_field {
    EVENT_TYPE = 1,
    EVENT_OCCURRED_ON = 2,
    EVENT_RECORDED_AT = 3,
    EVENT_UNIT = 4,
    EVENT_OFFICE = 5,
    EVENT_ROLE = 6,
    EVENT_SUBJECT_UNIT = 7,
    EVENT_PROGRAMME = 8,
    EVENT_DOCUMENT_NUMBER = 9,
    EVENT_DOCUMENT_YEAR = 10,
    EVENT_DOCUMENT_KIND = 11,
    EVENT_DOCUMENT_BODIES = 12,
    EVENT_VOCABULARY = 13,
    EVENT_ENTRY_KEY = 14,
    EVENT_TARGET = 15,
    EVENT_HEAD = 16,
    EVENT_REASON = 17
};
#define EVENT_BODY_BASE 100u

/* What the decoder saw that makes an event uncountable (kept, not counted). */
enum event_fault {
    EVENT_FAULT_NONE = 0,
    EVENT_FAULT_MALFORMED,  /* not a message at all, or a value out of range */
    EVENT_FAULT_DUPLICATE,  /* a field twice that is not repeated */
    EVENT_FAULT_TWO_BODIES, /* or a body that is not the type's */
    EVENT_FAULT_UNKNOWN     /* more than EVENT_UNKNOWN_BYTES_MAX unknown */
};

/* What is left of an event whose batch was erased by order; whoever reads it
 * from an erasure order's contribution says so (contribution.h). */
enum event_erased {
    EVENT_ERASED = 1,
    EVENT_ERASED_ROW = 2, /* its row was also entered in another batch */
    EVENT_ERASED_LOST = 4 /* it counted, and there was no room for the rest */
};

struct event {
    uint32_t type;
    int32_t occurred_on; /* days since 1970-01-01, UTC+7 */
    int64_t recorded_at; /* microseconds since 1970-01-01 UTC */
    uint32_t unit;       /* unit key, see unit.h */
    uint32_t office;
    uint32_t role;
    uint32_t subject_unit; /* 0: same as unit */
    uint32_t programme;
    uint32_t document_number;
    uint32_t document_year;
    uint32_t document_kind;
    uint32_t document_bodies[EVENT_DOCUMENT_BODIES_MAX];
    uint32_t document_body_count;
    uint32_t vocabulary;
    uint8_t entry_key[EVENT_ENTRY_KEY_BYTES];
    bool has_entry_key;
    bool unknown_type; /* I10: held until a control entry declares the type */
    uint8_t erased;    /* a set of enum event_erased; never in its bytes */
    uint64_t target;   /* event id, 0: not a correction */
    uint64_t head;     /* event id, 0: the target itself */
    uint32_t reason;

    uint32_t header_present; /* bit n: header field n was given */
    uint32_t present;        /* bit n: body field n was given */
    uint32_t list_used;
    enum event_fault fault;
    uint32_t unknown_bytes;
    /* Scalars as they are (a date as the two's complement of its int32). For a
     * repeated field: offset << 32 | count into `list`. */
    uint64_t value[EVENT_FIELDS_MAX];
    uint32_t list[EVENT_LIST_MAX]; /* the first `list_used` are set */
};

/* An empty event of `type`. */
void event_init(struct event *event, uint32_t type);

/* Header fields by number, for filters and for entry: a date as the two's
 * complement of its int32, document_bodies as their number, entry_key as 1. A
 * field is given when its bit in `header_present` is set or its value is not
 * 0. Setting takes scalars; any other number is our bug. */
bool event_header_has(const struct event *event, uint32_t header_field);
uint64_t event_header_get(const struct event *event, uint32_t header_field);
void event_header_set(struct event *event, uint32_t header_field,
                      uint64_t value);

/* Here, since the fold asks for nearly every field of every event. */
static inline bool event_has(const struct event *event, uint32_t body_field)
{
    return body_field < EVENT_FIELDS_MAX &&
           (event->present >> body_field & 1u) != 0;
}

/* 0 when the field is absent. */
static inline uint64_t event_get(const struct event *event, uint32_t body_field)
{
    return event_has(event, body_field) ? event->value[body_field] : 0;
}

/* Asks for the event's memory, but for the list. */
static inline void event_prefetch(const struct event *event)
{
    for (size_t at = 0; at < offsetof(struct event, list); at += 64) {
        __builtin_prefetch((const char *)event + at);
    }
}

int32_t event_get_date(const struct event *event, uint32_t body_field);
/* Sets a scalar. `body_field` below EVENT_FIELDS_MAX, else our bug. */
void event_set(struct event *event, uint32_t body_field, uint64_t value);
void event_set_date(struct event *event, uint32_t body_field, int32_t date);
/* Appends one item to a repeated field; the items of one field must be added
 * one after the other. False when the list is full. */
bool event_append(struct event *event, uint32_t body_field, uint32_t item);
/* Items of a repeated field; valid until the event changes. */
const uint32_t *event_items(const struct event *event, uint32_t body_field,
                            size_t *count);
/* Where it happened: subject_unit, or unit where that is absent. */
uint32_t event_place(const struct event *event);

#endif
