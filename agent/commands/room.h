/* room - the spool is kept within its budget while the daemon runs.
 *
 * Flow     the daemon's loop -> [room] -> spool_make_room()
 * Owns     when to look again.
 * Threads  one, as the spool.
 *
 * Invariants
 *   I7  what may go is the spool's to say: see spool_backup.h.
 */
#ifndef TALLYLINE_AGENT_ROOM_H
#define TALLYLINE_AGENT_ROOM_H

#include "agent/office/office.h"
#include "common/base/clock.h"
#include "common/base/status.h"

struct room {
    int64_t look_at; /* monotonic; 0: at once */
};

/* Now and then, with whatever woke the daemon: what may go is looked for only
 * when the budget is used up. STATUS_IO: the disk failed. */
MUST_USE enum status room_make(struct room *room, const struct office *office,
                               const struct clock *clock);

#endif
