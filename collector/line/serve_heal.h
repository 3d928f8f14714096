/* serve_heal - damage is kept, told, and asked for again from who sent it.
 *
 * Flow     scrubber -> [serve_heal] -> ledger, log;  damage -> Wanted -> an
 *          office -> Returned -> [serve_heal] -> ledger_heal
 * Owns     the scrubber and what is under way; free with serve_heal_close().
 * Threads  the turn's.
 * Limits   SERVE_HEAL_FINDINGS findings a turn; one question on its way, for
 *          one entry, to one office, given up after SERVE_HEAL_ANSWER_US. All
 *          that is damaged is asked for once, and then again with the next
 *          hello of an office or after SERVE_HEAL_AGAIN_US.
 *
 * A batch is asked for from the office that sent it, a control document from
 * any that keeps a mirror. What comes back is held against the ledger's own
 * hashes (ledger_damage.h): an office that returns anything else changes
 * nothing, and is named in the log.
 */
#ifndef TALLYLINE_COLLECTOR_SERVE_HEAL_H
#define TALLYLINE_COLLECTOR_SERVE_HEAL_H

#include <stdint.h>

#include "collector/line/serve.h"
#include "common/base/status.h"

#define SERVE_HEAL_FINDINGS  16u
#define SERVE_HEAL_ANSWER_US (INT64_C(60) * CLOCK_US_PER_S)
#define SERVE_HEAL_AGAIN_US  (INT64_C(600) * CLOCK_US_PER_S)
#define SERVE_HEAL_LOOK_US   (INT64_C(500) * CLOCK_US_PER_MS)

/* STATUS_MEMORY, STATUS_IO, STATUS_CORRUPT. */
MUST_USE enum status serve_heal_open(struct serve *serve);
void serve_heal_close(struct serve *serve);

/* Another hour or rate from now on. */
void serve_heal_set(struct serve *serve);
/* Begins a scrub at once. */
void serve_heal_scrub(struct serve *serve);

/* One turn. STATUS_IO, STATUS_MEMORY: as for every write. */
MUST_USE enum status serve_heal(struct serve *serve);
/* Monotonic; INT64_MAX: nothing is under way. */
int64_t serve_heal_due_at(const struct serve *serve);
/* An office has said hello: what it may hold is asked for again. What it was
 * asked before it may not have heard. */
void serve_heal_hello(struct serve *serve, const struct agent_line *line);
/* What an office returned when nothing is rebuilt; `line` may be NULL. */
MUST_USE enum status serve_heal_returned(struct serve *serve,
                                         const struct agent_line *line,
                                         const struct intake_message *message);

#endif
