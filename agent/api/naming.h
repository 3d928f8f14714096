/* naming - what this office calls things, for the words of its own page.
 *
 * Flow     spool, plans -> [naming] -> outbox, event, things
 * Owns     nothing.
 * Threads  the daemon's.
 *
 * Invariants
 *   I9  a name that the office gave is told to its own page alone; what goes to
 *       the province is the number.
 */
#ifndef TALLYLINE_AGENT_NAMING_H
#define TALLYLINE_AGENT_NAMING_H

#include "agent/api/desk.h"
#include "common/base/words.h"

/* Units, values and things as who asks reads them. Borrows the order. */
struct words naming_words(const struct desk_order *order);
/* The label that a plan's annex has published for a thing; NULL: none. */
const char *naming_label(const struct desk_order *order, uint64_t reference);

#endif
