/* serve_recovery_internal - what the files of a line that recovers share.
 *
 * Flow     serve_recover_hello.c knows who calls, serve_recovery.c takes what
 *          comes back, asks, and ends.
 * Threads  as serve_recovery.h.
 */
#ifndef TALLYLINE_COLLECTOR_SERVE_RECOVERY_INTERNAL_H
#define TALLYLINE_COLLECTOR_SERVE_RECOVERY_INTERNAL_H

#include "collector/line/serve_links.h"
#include "collector/line/serve_recovery.h"

int64_t serve_now(const struct serve *serve); /* monotonic */
/* STATUS_FULL ends nothing: what was said since the last commit is asked for
 * again. Gives any other status back. */
MUST_USE enum status serve_without_room(struct serve *serve,
                                        enum status status);
/* Without a link or room the office asks again, or is asked. */
MUST_USE enum status serve_send_down(struct serve *serve,
                                     const struct intake_route *to,
                                     const struct wire_down *down);
/* Batches are kept there until all is back; said anew with each heartbeat. */
MUST_USE enum status serve_say_recovering(struct serve *serve,
                                          const struct intake_route *to);
/* Links whose control entries have come back meanwhile. */
MUST_USE enum status serve_recognize(struct serve *serve);

#endif
