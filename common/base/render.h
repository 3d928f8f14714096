/* render - an event's fields as text that entry would read again.
 *
 * Flow     spool, ledger -> [render] -> export, outbox, audit log
 * Owns     nothing.
 * Threads  any; pure.
 * Limits   RENDER_TEXT_MAX bytes a field.
 */
#ifndef TALLYLINE_COMMON_RENDER_H
#define TALLYLINE_COMMON_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/event/catalogue.h"
#include "common/event/event.h"
#include "common/event/vocabulary.h"

/* The longest: EVENT_LIST_MAX words of VOCABULARY_TOKEN_MAX. */
#define RENDER_TEXT_MAX 4608u /* with the closing zero */

/* Writes the field (numbered as in event.h); empty when the event has not got
 * it. A document's number is one text under EVENT_DOCUMENT_NUMBER. Values that
 * nobody declares any more are written as numbers. */
void render_field(const struct event *event, uint32_t field,
                  const struct vocabulary *vocabulary,
                  char text[RENDER_TEXT_MAX]);
/* Whether a table or a program should take the field for a number. */
bool render_is_number(const struct event *event, uint32_t field);

#endif
