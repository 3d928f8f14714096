/* vocabulary - the values that a province adds to the product's enumerations.
 *
 * Flow     vocabulary control entry -> [vocabulary] -> validate, entry, output
 * Owns     its table and the texts in it.
 * Threads  one while it is filled; any number of readers afterwards.
 * Limits   VOCABULARY_VALUES_MAX values, VOCABULARY_TOKEN_MAX and
 *          VOCABULARY_LABEL_MAX bytes a text.
 *
 * The look-ups see both, the product's values (1 to 9999, catalogue.h) and the
 * province's (from 10000 on), and take NULL for "only the product's". What a
 * value meant once it means for ever: a later vocabulary repeats the earlier
 * one's values and adds to them.
 *
 * Invariants
 *   I10  a value that is not declared is unknown, not wrong: it counts as soon
 *        as a control entry declares it.
 */
#ifndef TALLYLINE_COMMON_VOCABULARY_H
#define TALLYLINE_COMMON_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/catalogue.h"

#define VOCABULARY_FIRST_VALUE 10000u
#define VOCABULARY_VALUES_MAX  4096u
#define VOCABULARY_TOKEN_MAX   63u  /* bytes */
#define VOCABULARY_LABEL_MAX   255u /* bytes */

struct vocabulary; /* opaque */

enum vocabulary_error {
    VOCABULARY_OK = 0,
    VOCABULARY_NO_ENUMERATION, /* the product has none of that name */
    VOCABULARY_CLOSED,         /* the product's alone, such as EventType */
    VOCABULARY_VALUE_RANGE,    /* below VOCABULARY_FIRST_VALUE */
    VOCABULARY_VALUE_TWICE,    /* the enumeration has the value already */
    VOCABULARY_TOKEN,          /* not [a-z][a-z0-9_]*, or too long */
    VOCABULARY_TOKEN_TWICE,    /* the enumeration has the token already */
    VOCABULARY_LABEL,          /* empty, too long, or not text in NFC */
    VOCABULARY_ABBREVIATION,   /* missing, or given where there is none */
    VOCABULARY_TOO_MANY
};

/* An empty vocabulary of `version`, which events name as the one they were
 * entered under. Gives. */
struct vocabulary *vocabulary_new(uint32_t version);
void vocabulary_free(struct vocabulary **vocabulary);

/* Adds one value to the enumeration; copies the texts. The abbreviation is for
 * DocumentKind and DocumentBody alone ("KH"), else NULL. STATUS_INVALID and
 * `why` (may be NULL) when it cannot be added; nothing has changed then. */
MUST_USE enum status vocabulary_add(struct vocabulary *vocabulary,
                                    const char *enumeration,
                                    const struct catalogue_value *value,
                                    enum vocabulary_error *why);
/* A sentence for people; static text. */
const char *vocabulary_error_text(enum vocabulary_error error,
                                  enum language language);

/* 0 for NULL. */
uint32_t vocabulary_version(const struct vocabulary *vocabulary);

/* NULL when neither the product nor the province has it. Valid until the
 * vocabulary is freed or added to. */
const struct catalogue_value *vocabulary_value(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, uint32_t value);
/* By token; for DocumentKind and DocumentBody see document.h. */
const struct catalogue_value *vocabulary_by_token(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, const char *token,
    size_t size);
/* All values of the enumeration in the order of their numbers: `index` from 0
 * on, NULL after the last. For lists in forms. */
const struct catalogue_value *vocabulary_at(
    const struct vocabulary *vocabulary,
    const struct catalogue_enumeration *enumeration, size_t index);

#endif
