/* document - numbers of official documents without keeping their text.
 *
 * Flow     form, CSV -> [document] -> event;  event -> [document] -> people
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   DOCUMENT_TEXT_MAX bytes; EVENT_DOCUMENT_BODIES_MAX issuing bodies.
 *
 * "25/KH-UBND" and "1005/2023/QĐ-UBND" are a number, perhaps a year, a kind
 * and the bodies that issued it; all of them numbers of the vocabulary, so
 * that no free text enters the ledger (I9).
 */
#ifndef TALLYLINE_COMMON_DOCUMENT_H
#define TALLYLINE_COMMON_DOCUMENT_H

#include <stddef.h>

#include "common/base/status.h"
#include "common/event/event.h"
#include "common/event/vocabulary.h"

#define DOCUMENT_TEXT_MAX 320u /* with the closing zero */
#define DOCUMENT_PART_MAX 64u  /* with the closing zero */

enum document_error {
    DOCUMENT_OK = 0,
    DOCUMENT_SHAPE,        /* not number[/year]/KIND-BODY[-BODY[-BODY]] */
    DOCUMENT_NUMBER,       /* 0, or above 999999 */
    DOCUMENT_YEAR,         /* not 2000 to 2100 */
    DOCUMENT_KIND_UNKNOWN, /* an abbreviation that nobody declared */
    DOCUMENT_BODY_UNKNOWN,
    DOCUMENT_BODIES /* more than EVENT_DOCUMENT_BODIES_MAX */
};

/* Sets the event's document fields; capitals, accents and blanks around the
 * parts do not matter. STATUS_INVALID leaves the event as it was; `why` and
 * the part that is meant (both may be NULL) say more. */
MUST_USE enum status document_parse(const char *text, size_t size,
                                    const struct vocabulary *vocabulary,
                                    struct event *event,
                                    enum document_error *why,
                                    char part[DOCUMENT_PART_MAX]);
/* What is wrong and how to mend it; static text without the part. */
const char *document_error_text(enum document_error error,
                                enum language language);
/* Empty when the event names no document. An unknown value is written as its
 * number. */
void document_format(const struct event *event,
                     const struct vocabulary *vocabulary,
                     char text[DOCUMENT_TEXT_MAX]);

#endif
