/* lines - the daemon's lines: one to the primary, one to each other collector.
 *
 * Flow     the daemon's loop -> [lines] -> uplink, others
 * Owns     the uplinks, and the lock of the primary's line.
 * Threads  one, as the spool.
 *
 * A line to the primary that stands still until somebody acts gives up its
 * lock, so that `recover` can work beside the daemon, and goes on when it is
 * knocked at and things are mended.
 */
#ifndef TALLYLINE_AGENT_LINES_H
#define TALLYLINE_AGENT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/line/others.h"
#include "agent/line/uplink.h"
#include "common/base/status.h"

#define LINES_POLL_ITEMS (UPLINK_POLL_ITEMS + OTHERS_POLL_ITEMS)

struct lines {
    const char *dir; /* the office's */
    int lock;        /* -1: the line is not ours */
    struct uplink_options options;
    struct uplink *uplink; /* to the primary; NULL before lines_open() */
    struct others others;
};

/* STATUS_BUSY: another process uses the line. lines_close() in every case. */
MUST_USE enum status lines_lock(struct lines *lines, const char *dir);
/* `options` as for an uplink. As uplink_new() and others_open(). */
MUST_USE enum status lines_open(struct lines *lines,
                                const struct uplink_options *options);
void lines_close(struct lines *lines);
void lines_unlock(struct lines *lines);

/* Every line begins anew, by the configuration as it is now. `moved`: another
 * collector is the primary, for which nobody has stood still yet. */
MUST_USE enum status lines_renew(struct lines *lines, bool moved);
/* One step of each, the primary's first. STATUS_IO, STATUS_CORRUPT,
 * STATUS_MEMORY: stop. */
MUST_USE enum status lines_step(struct lines *lines);
/* Minds who stands still; `knocked`: somebody may have mended it. */
MUST_USE enum status lines_mind(struct lines *lines, bool knocked);
/* As of an uplink. */
size_t lines_poll_items(const struct lines *lines,
                        zmq_pollitem_t items[LINES_POLL_ITEMS]);
int64_t lines_due_us(const struct lines *lines);

#endif
