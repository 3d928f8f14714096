/* catalogue - every type, field and value of an event, with its labels.
 *
 * Flow     forms, CSV, plan files, figures -> [catalogue] -> text
 * Owns     static tables; nothing to open or close.
 * Threads  any; read only.
 *
 * The one place for what a field means to people: entry, errors, plans and
 * output all read it. A test holds it against the descriptors of
 * proto/event.proto: nothing missing, nothing extra. Values from 10000 on are
 * the province's and come from its vocabulary (vocabulary.h).
 */
#ifndef TALLYLINE_COMMON_CATALOGUE_H
#define TALLYLINE_COMMON_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/language.h"

enum field_kind {
    FIELD_VALUE,     /* one value of `enumeration` */
    FIELD_VALUES,    /* a set of values of `enumeration` */
    FIELD_COUNT,     /* a number of things or persons */
    FIELD_COUNTS,    /* a list of numbers, parallel to the field before it */
    FIELD_MONEY,     /* dong */
    FIELD_FLAG,      /* yes or no */
    FIELD_DATE,      /* civil date */
    FIELD_YEAR,      /* 2000 to 2100 */
    FIELD_REFERENCE, /* of `reference` */
    FIELD_UNIT,
    FIELD_UNITS,
    FIELD_PERIOD_KEY, /* year * 100 + number of the period in its year */
    FIELD_INDEX,      /* ledger position */
    FIELD_MOMENT,     /* microseconds UTC (header only) */
    FIELD_EVENT_ID,   /* id60 of an event (header only) */
    FIELD_DOCUMENT,   /* document number (header only, entered as one text) */
    FIELD_KEY         /* 16 bytes (header only, never entered by a person) */
};

struct catalogue_value {
    uint32_t value;    /* 1 to 9999 */
    const char *token; /* snake_case, as in files and on the command line */
    struct language_text label;
    /* DocumentKind and DocumentBody: as it is written in the number of a
     * document, "QĐ". NULL for all others. */
    const char *abbreviation;
    /* CoverageMeasure, of the province's own: what is counted under it is no
     * persons but something else. */
    bool impersonal;
};

struct catalogue_enumeration {
    const char *name; /* as in event.proto: TeamKind */
    struct language_text label;
    const struct catalogue_value *values; /* 1, 2, 3 ... without a gap */
    size_t value_count;
    bool open; /* the province may add values (from 10000 on) */
};

struct catalogue_field {
    uint32_t number; /* body field number, or header field number */
    const char *name;
    enum field_kind kind;
    bool required;
    bool persons; /* a count of persons: suppressed when small */
    /* FIELD_VALUE, FIELD_VALUES; else NULL. */
    const struct catalogue_enumeration *enumeration;
    /* FIELD_REFERENCE: enum reference_kind; 0 where a field before it says the
     * kind (same_as). */
    uint32_t reference;
    uint64_t min, max; /* FIELD_COUNT, FIELD_COUNTS, FIELD_MONEY */
    struct language_text label;
    struct language_text help; /* one sentence */
};

struct catalogue_type {
    uint32_t number;
    const char *name; /* inspection */
    struct language_text label;
    const char *date_name; /* what occurred_on is called for this type */
    struct language_text date_label;
    const char *unit_name; /* what subject_unit is called, or subject_unit */
    bool unit_required;
    const struct catalogue_field *fields;
    size_t field_count;
};

/* NULL when there is none. */
const struct catalogue_type *catalogue_type(uint32_t number);
const struct catalogue_type *catalogue_type_by_name(const char *name);
/* The types in the order of their numbers. */
const struct catalogue_type *catalogue_types(size_t *count);
const struct catalogue_field *catalogue_field(const struct catalogue_type *type,
                                              uint32_t number);
/* By field name; header fields too, and the type's names for occurred_on and
 * subject_unit. `number` gets EVENT_BODY_BASE + n for a body field. */
const struct catalogue_field *catalogue_find_field(
    const struct catalogue_type *type, const char *name, uint32_t *number);
/* The header fields, in the order of their numbers. */
const struct catalogue_field *catalogue_header(size_t *count);
const struct catalogue_enumeration *catalogue_enumeration(const char *name);
/* All of them: `index` from 0 on, NULL after the last. */
const struct catalogue_enumeration *catalogue_enumeration_at(size_t index);
/* NULL when the enumeration has no such value. */
const struct catalogue_value *catalogue_value(
    const struct catalogue_enumeration *enumeration, uint32_t value);
const struct catalogue_value *catalogue_value_by_token(
    const struct catalogue_enumeration *enumeration, const char *token,
    size_t size);

#endif
