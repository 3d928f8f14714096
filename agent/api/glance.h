/* glance - an event in one short line, so that one can be told from another.
 *
 * Flow     event -> [glance] -> outbox
 * Owns     nothing.
 * Threads  the daemon's.
 * Limits   GLANCE_TEXT_MAX bytes; GLANCE_FIELDS_MAX fields of an event.
 */
#ifndef TALLYLINE_AGENT_GLANCE_H
#define TALLYLINE_AGENT_GLANCE_H

#include "common/base/words.h"

#define GLANCE_FIELDS_MAX 3u
#define GLANCE_TEXT_MAX   512u /* with the closing zero */

/* "quán sao mai · Không vi phạm": which thing, what came of it, or the first
 * measures. Empty where the event says none of it. */
void glance_tell(const struct words *words, const struct event *event,
                 char text[GLANCE_TEXT_MAX]);

#endif
