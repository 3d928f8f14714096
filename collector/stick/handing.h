/* handing - batches out of a file, to the collector that runs, and what it
 * answers to each.
 *
 * Flow     stick_import, carrying -> [handing] -> control socket -> ledger
 * Owns     the batches that wait, and the collector's last answer.
 * Threads  one.
 * Limits   PROVINCE_ORDERS_MAX batches at a time, all of one agent.
 *
 * Invariants
 *   I2  what is answered as received is on the collector's disk.
 */
#ifndef TALLYLINE_COLLECTOR_HANDING_H
#define TALLYLINE_COLLECTOR_HANDING_H

#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"

struct handing; /* opaque */

/* What became of a batch, in the order in which they were put. Valid for the
 * call. */
struct handing_answer {
    uint32_t agent;     /* of the batch; 0: it cannot be read */
    uint32_t epoch;     /* its ordinal */
    uint64_t first_seq; /* of its events */
    struct bytes frame; /* of the line, as it came */
    uint32_t refusal;   /* enum wire_refusal_code; 0: `entry` holds */
    struct entry entry;
};

struct handing_to {
    const char *socket; /* of the collector; borrowed */
    void *owner;
    enum status (*answered)(void *owner, const struct handing_answer *answer);
};

/* STATUS_MEMORY. */
MUST_USE enum status handing_open(const struct handing_to *to,
                                  struct handing **handing);
/* Copies the batch, at most WIRE_FRAME_BYTES_MAX; hands over what waits when it
 * is enough, or of another agent. STATUS_BUSY: no collector runs or answers;
 * STATUS_INVALID: an answer that is none; STATUS_FULL: too large;
 * what `answered` answers. */
MUST_USE enum status handing_put(struct handing *handing, struct bytes batch);
/* Hands over what still waits. */
MUST_USE enum status handing_flush(struct handing *handing);
/* Forgets what waits; takes NULL. */
void handing_close(struct handing **handing);

#endif
