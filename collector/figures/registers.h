/* registers - the things that offices share: establishments, hotspots, cases.
 *
 * Flow     tally -> [registers] -> the document "registers" of each office
 * Owns     a dated row for each event about a thing; free with
 *          registers_free().
 * Threads  one.
 * Limits   WIRE_REGISTER_ITEMS_MAX things and WIRE_DOCUMENT_BYTES_MAX bytes a
 *          slice; memory grows with the events about things.
 *
 * An office picks a thing from its slice instead of typing its reference. The
 * slice holds the reference, the units, the category and the state that the
 * last counted event gave it, never a name (I9).
 */
#ifndef TALLYLINE_COLLECTOR_REGISTERS_H
#define TALLYLINE_COLLECTOR_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"
#include "common/format/frames.h"
#include "common/plan/plan.h"

struct registers; /* opaque */

MUST_USE enum status registers_new(struct registers **registers);
void registers_free(struct registers **registers);

/* The things that the annexes of all plans name. STATUS_MEMORY. */
MUST_USE enum status registers_plans(struct registers *registers,
                                     const struct context *context);
/* Takes in an event of the ledger, whatever the fold makes of it: whether it
 * counts can change later. STATUS_MEMORY. */
MUST_USE enum status registers_event(struct registers *registers, uint64_t id,
                                     const struct event *event);
/* The same for a batch of a stream, whose first event has the id `first`. */
MUST_USE enum status registers_events(struct registers *registers,
                                      uint64_t first,
                                      const struct event events[],
                                      uint32_t count);
/* Grows with every event about a thing, and with every correction. */
uint64_t registers_revision(const struct registers *registers);

/* Saves what was taken in; STATUS_MEMORY, and what goes wrong with the writing
 * is the writer's to say. */
MUST_USE enum status registers_save(struct registers *registers,
                                    struct frame_writer *writer);
/* Loads it into new registers, the plan's things too. STATUS_CORRUPT: these
 * bytes are none; then the registers are only to be freed. */
MUST_USE enum status registers_load(struct registers *registers,
                                    struct frame_reader *reader);

/* Appends to `out` the body of the document for one office: the things in its
 * area, by kind and reference. `left_out` counts those beyond the limits. How
 * things stand is found out once for all offices that are served at one
 * position of the fold. STATUS_MEMORY. */
MUST_USE enum status registers_slice(struct registers *registers,
                                     const struct fold *fold,
                                     const struct context *context,
                                     const struct context_agent *agent,
                                     struct buffer *out, size_t *left_out);

#endif
