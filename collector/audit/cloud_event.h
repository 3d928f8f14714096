/* cloud_event - an event or a control entry as a CloudEvent 1.0 in JSON.
 *
 * Flow     audit log --format jsonl -> [cloud_event] -> stdout
 * Owns     nothing.
 * Threads  any.
 *
 * One line each, its members in a fixed order. What each attribute says stands
 * in docs/AUDIT.md. Numbers of 64 bits are strings: the specification's Integer
 * has 32. `source` and `id` together name an event in all ledgers.
 */
#ifndef TALLYLINE_COLLECTOR_CLOUD_EVENT_H
#define TALLYLINE_COLLECTOR_CLOUD_EVENT_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/status.h"
#include "common/event/event.h"
#include "common/event/vocabulary.h"
#include "common/format/control.h"
#include "common/format/entry.h"

#define CLOUD_EVENT_TYPE "org.tallyline."

struct cloud_event_source {
    const struct control_genesis *genesis; /* of the ledger; NULL: none */
    const struct vocabulary *vocabulary;
};

/* STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status cloud_event_write(const struct cloud_event_source *source,
                                       const struct entry *entry, uint64_t id,
                                       const struct event *event, FILE *out);
/* The same of a control entry; `control` NULL: it cannot be read. */
MUST_USE enum status cloud_event_control(
    const struct cloud_event_source *source, const struct entry *entry,
    const struct control *control, FILE *out);

#endif
