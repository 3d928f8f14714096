/* others - the lines to the collectors beside the primary.
 *
 * Flow     spool -> [others] ))) CURVE ((( further collectors of the province
 * Owns     an uplink for each, and its configuration; close with
 *          others_close().
 * Threads  one, as the spool.
 * Limits   CONFIG_OTHERS_MAX lines.
 *
 * Each line is an uplink like the primary's, with its own cursor, credit and
 * time, and speaks of its own slot of the spool. What goes wrong on one of them
 * stays there: it is tried again or stands still, and neither saving nor the
 * primary's line waits for it. ZeroMQ looks names up in the thread that serves
 * a socket, for as long as the resolver takes: so they have one of their own.
 */
#ifndef TALLYLINE_AGENT_OTHERS_H
#define TALLYLINE_AGENT_OTHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/line/uplink.h"
#include "agent/office/config.h"
#include "common/base/status.h"

/* What a context needs that serves the primary's line and these, and which bits
 * of uplink_socket.h are whose. */
#define OTHERS_IO_THREADS      2
#define OTHERS_PRIMARY_THREADS UINT64_C(1)
#define OTHERS_THREADS         UINT64_C(2)
#define OTHERS_POLL_ITEMS      (CONFIG_OTHERS_MAX * UPLINK_POLL_ITEMS)

struct others_line {
    struct config config; /* in which it is the one collector */
    struct uplink *uplink;
};

struct others {
    struct spool *spool;
    size_t count;
    struct others_line lines[CONFIG_OTHERS_MAX];
};

/* `options` as for the primary, whose configuration names the others. They may
 * not move while they are open. STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status others_open(const struct uplink_options *options,
                                 struct others *others);
void others_close(struct others *others);

/* One step of each. STATUS_IO, STATUS_MEMORY: the office's own storage failed,
 * stop. */
MUST_USE enum status others_step(struct others *others);
/* Somebody may have mended what a line stands still for. */
MUST_USE enum status others_mend(struct others *others);
/* As of an uplink. */
size_t others_poll_items(const struct others *others,
                         zmq_pollitem_t items[OTHERS_POLL_ITEMS]);
int64_t others_due_us(const struct others *others);

#endif
