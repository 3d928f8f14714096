/* language - which language people read.
 *
 * Flow     TALLYLINE_LANG -> language -> texts of every module
 * Owns     nothing.
 * Threads  any; the environment is read by the caller's thread.
 */
#ifndef TALLYLINE_COMMON_LANGUAGE_H
#define TALLYLINE_COMMON_LANGUAGE_H

#include <stdbool.h>

enum language {
    LANGUAGE_VI,
    LANGUAGE_EN,
    LANGUAGE_COUNT
};

/* A text in both languages, for tables. */
struct language_text {
    const char *vi;
    const char *en;
};

/* The language of a name: "vi" or "en". False for any other name, and
 * `language` is unchanged then. */
bool language_parse(const char *name, enum language *language);

/* What TALLYLINE_LANG asks for; Vietnamese when it is unset or unknown. */
enum language language_from_environment(void);

/* The text in one language. Valid as long as `text`'s strings. */
const char *language_pick(struct language_text text, enum language language);

#endif
