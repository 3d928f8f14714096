/* findings - what the check of a whole machine has found, one row a check.
 *
 * Flow     doctor -> [findings] -> stdout
 * Owns     the listing it writes; close with findings_close().
 * Threads  one.
 * Limits   FINDINGS_TEXT_MAX bytes a sentence; what is longer is cut.
 *
 * As text each finding is written as soon as it is known, since some take
 * seconds: a word for how grave it is, the check, a sentence, and below it what
 * to do. The two other forms are those of listing.h.
 */
#ifndef TALLYLINE_COMMON_FINDINGS_H
#define TALLYLINE_COMMON_FINDINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "common/base/language.h"
#include "common/base/listing.h"
#include "common/base/status.h"

#define FINDINGS_TEXT_MAX 1024u /* with the closing zero */

enum findings_state {
    FINDINGS_GOOD,
    FINDINGS_NOTE, /* goes on, and wants to be known */
    FINDINGS_BAD   /* does not work until somebody acts */
};

/* What is checked. */
struct findings_check {
    const char *token; /* of CSV and JSON */
    struct language_text title;
};

struct findings {
    enum listing_format format;
    enum language language;
    FILE *out;               /* borrowed */
    struct listing *listing; /* NULL: text */
    bool bad;                /* one of them was */
};

/* STATUS_MEMORY. */
MUST_USE enum status findings_open(enum listing_format format,
                                   enum language language, FILE *out,
                                   struct findings *findings);
/* Adds a finding. `vi` and `en` are printf formats for the same arguments;
 * `advice` says what to do, NULL: nothing. */
void findings_add(struct findings *findings, const struct findings_check *check,
                  enum findings_state state, const struct language_text *advice,
                  const char *vi, const char *en, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));
/* STATUS_REFUSED when something is bad; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status findings_close(struct findings *findings);

#endif
