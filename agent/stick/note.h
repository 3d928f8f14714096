/* note - what sticks last took along and brought, kept in the spool.
 *
 * Flow     export --usb -> incoming, outgoing -> [note] -> page, next stick
 * Owns     one document of the spool.
 * Threads  one, as the spool; the daemon may read what a command wrote.
 *
 * Layout (big-endian), version 2:
 *
 *   offset size
 *        0    1  version, 2
 *        1    4  epoch that `wanted` is of
 *        5    8  wanted
 *       13    8  made_at
 *       21    8  wrote_at
 *       29   16  batches, events that it took along
 *       45    8  took_at
 *       53   16  receipts, documents that it brought
 *       69    4  refusal
 *
 * A document of 8 bytes is of an older program: made_at alone.
 */
#ifndef TALLYLINE_AGENT_STICK_NOTE_H
#define TALLYLINE_AGENT_STICK_NOTE_H

#include <stdint.h>

#include "agent/office/office.h"
#include "common/base/status.h"

struct stick_note {
    int64_t made_at; /* at the province: the newest file that was taken */
    /* From this seq on the province asked for batches anew: it had received
     * them and lost them. 0: it lacks none. */
    uint64_t wanted;
    int64_t wrote_at; /* 0: never */
    uint64_t batches, events;
    int64_t took_at; /* 0: never */
    uint64_t receipts, documents;
    uint32_t refusal; /* as wire.h; 0: none */
};

/* All zero where no stick was ever used. `wanted` of a former epoch is 0. */
MUST_USE enum status stick_note_read(const struct office *office,
                                     struct stick_note *note);
MUST_USE enum status stick_note_keep(const struct office *office,
                                     const struct stick_note *note);

#endif
