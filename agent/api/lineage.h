/* lineage - whether an event counts by what this office knows, and what has
 * ended it.
 *
 * Flow     spool -> versions -> [lineage] -> outbox, event
 * Owns     nothing.
 * Threads  the daemon's.
 *
 * What became of an event at the province is its state. Whether it counts is
 * another question: what was voided or replaced here does not, wherever it
 * lies. Both the event and what ended it are told, with the reason that was
 * given and the role of who gave it (I5).
 */
#ifndef TALLYLINE_AGENT_LINEAGE_H
#define TALLYLINE_AGENT_LINEAGE_H

#include "agent/api/telling.h"
#include "agent/spool/spool_versions.h"

/* role, and of a void or a correction correction_reason: labels, or null. */
void lineage_tell_given(struct telling *telling, const struct event *event);
/* standing: stands, replaced, voided, void or outdone, null for what has
 * another id by now; ended: what it was ended by, or null. `all` are the
 * versions of the event `id`. */
void lineage_tell(struct telling *telling, const struct versions *all,
                  uint64_t id);
/* The same for an event that has no other version. */
void lineage_tell_alone(struct telling *telling, enum spool_state state);

#endif
