/* describe - which types of event there are, and what each takes.
 *
 * Flow     catalogue, vocabulary -> [describe] -> stdout
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_AGENT_DESCRIBE_H
#define TALLYLINE_AGENT_DESCRIBE_H

#include <stdio.h>

#include "common/base/language.h"
#include "common/event/catalogue.h"
#include "common/event/vocabulary.h"

#define DESCRIBE_HOW_MAX 160u /* with the closing zero */

/* How a value of the field is written, where it has no list of values. */
void describe_how(const struct catalogue_field *field, enum language language,
                  char out[DESCRIBE_HOW_MAX]);
/* Every type with its label, one a line. */
void describe_types(enum language language, FILE *out);
/* The fields of a type in the order of a form: what each is called, whether it
 * is required, and what may be written, with the province's own values. */
void describe_type(const struct catalogue_type *type,
                   const struct vocabulary *vocabulary, enum language language,
                   FILE *out);

#endif
