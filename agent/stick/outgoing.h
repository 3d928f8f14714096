/* outgoing - what the province has not received yet, onto a stick.
 *
 * Flow     spool, note -> seal -> [outgoing] -> tallyline-N.up
 * Owns     nothing beyond the call.
 * Threads  one, as the spool. The daemon may run beside it.
 * Limits   STICK_MESSAGES_MAX batches a file.
 *
 * What was saved is sealed first. The batches are those that the line sends, to
 * the byte, so that either may come first and both may come. They begin at the
 * first without a receipt, or where the province says that it has lost some.
 */
#ifndef TALLYLINE_AGENT_OUTGOING_H
#define TALLYLINE_AGENT_OUTGOING_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/office/keyring.h"
#include "agent/office/office.h"
#include "common/base/clock.h"
#include "common/base/status.h"

struct outgoing_counts {
    uint64_t batches, events;
    bool again; /* with such as the province had received and lost */
};

/* Writes the file in place of an old one; also when nothing waits, since
 * documents come down by it. STATUS_FULL: the stick has no room, STATUS_IO: it
 * cannot be written; other statuses are the spool's. */
MUST_USE enum status outgoing_write(const struct office *office,
                                    const struct keyring *keyring,
                                    const struct clock *clock, const char *path,
                                    struct outgoing_counts *counts);

#endif
