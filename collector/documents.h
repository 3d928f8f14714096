/* documents - what goes down to an office by itself, when it has changed.
 *
 * Flow     tally, ledger -> [documents] -> intake -> agents
 * Owns     the document that is on its way to each office.
 * Threads  one.
 * Limits   one document at a time to an office; WIRE_DOCUMENT_BYTES_MAX each;
 *          DOCUMENTS_OUTCOMES_MAX outcomes.
 *
 * The hello of an office says what it has. A control document (genesis, plan,
 * units, vocabulary, its own enrolment and joining) is sent when its digest is
 * another one. The slice of the registers and the outcomes of the office's
 * events are made anew when something may have changed, at most once in
 * DOCUMENTS_PAUSE_US while others are busy, and sent when they differ.
 */
#ifndef TALLYLINE_COLLECTOR_DOCUMENTS_H
#define TALLYLINE_COLLECTOR_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/keys.h"
#include "collector/province.h"
#include "collector/tally.h"
#include "common/clock.h"
#include "common/context.h"
#include "common/sign.h"
#include "common/status.h"
#include "common/wire.h"

#define DOCUMENTS_OUTCOMES_MAX 1000u
#define DOCUMENTS_PAUSE_US     CLOCK_US_PER_S

enum documents_kind {
    DOCUMENTS_GENESIS,
    DOCUMENTS_PLAN,
    DOCUMENTS_UNITS,
    DOCUMENTS_VOCABULARY,
    DOCUMENTS_ENROLMENT,
    DOCUMENTS_JOINED,
    DOCUMENTS_REGISTERS,
    DOCUMENTS_OUTCOMES,
    DOCUMENTS_KIND_END
};

#define DOCUMENTS_ALL     ((1u << DOCUMENTS_KIND_END) - 1u)
#define DOCUMENTS_LIVE    (1u << DOCUMENTS_REGISTERS | 1u << DOCUMENTS_OUTCOMES)
#define DOCUMENTS_CONTROL (DOCUMENTS_ALL & ~DOCUMENTS_LIVE)

/* How far one office is; part of its struct agent_line. */
struct documents_line {
    unsigned due; /* bits by kind: look whether it has changed */
    int64_t not_before[DOCUMENTS_KIND_END]; /* monotonic */
    bool has[DOCUMENTS_KIND_END];
    struct digest digest[DOCUMENTS_KIND_END]; /* of what it has */
    bool too_large[DOCUMENTS_KIND_END];       /* kept back, and logged */
    bool sending;
    enum documents_kind kind; /* on its way */
    struct wire_document document;
    uint64_t offset;
};

void documents_line_init(struct documents_line *line);
void documents_line_fini(struct documents_line *line);

/* A new link: the office says what it has, everything else is due now. */
void documents_hello(struct documents_line *line,
                     const struct wire_hello *hello);
/* Something happened that may change documents of `kinds`; look at them at
 * `not_before` (monotonic). */
void documents_touch(struct documents_line *line, unsigned kinds,
                     int64_t not_before);

struct documents_source {
    const struct province *province;
    const struct tally *tally;
    const struct keys *keys;
};

/* Makes the next document that the office should get: line->sending is set and
 * line->document is ready to be sent from line->offset on. STATUS_NOT_FOUND:
 * nothing is due at `now` (monotonic). STATUS_CORRUPT, STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status documents_next(const struct documents_source *source,
                                    const struct context_agent *agent,
                                    struct documents_line *line, bool zstd,
                                    int64_t now);
/* The whole of it has left: the office has it. */
void documents_sent(struct documents_line *line);
/* When documents_next() is to be asked again; INT64_MAX: nothing is due. */
int64_t documents_due_at(const struct documents_line *line);

#endif
