/* documents - what goes down to an office by itself, when it has changed.
 *
 * Flow     tally, ledger -> [documents] -> intake -> agents
 * Owns     the document that is on its way to each office.
 * Threads  a line belongs to the thread that serves; documents_make() runs on
 *          the thread that its source belongs to.
 * Limits   one document at a time to an office; WIRE_DOCUMENT_BYTES_MAX each;
 *          DOCUMENTS_OUTCOMES_MAX outcomes.
 *
 * The hello of an office says what it has. A control document (genesis, plans,
 * units, vocabulary, its own enrolment and joining, the last backup mark) is
 * sent when its digest is another one. The slice of the registers and the
 * outcomes of the office's events are made anew when something may have
 * changed, at most once in DOCUMENTS_PAUSE_US while others are busy, and sent
 * when they differ.
 */
#ifndef TALLYLINE_COLLECTOR_DOCUMENTS_H
#define TALLYLINE_COLLECTOR_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/figures/tally.h"
#include "collector/province/keys.h"
#include "collector/province/province.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/sign.h"
#include "common/format/wire.h"
#include "common/format/wire_document.h"

#define DOCUMENTS_OUTCOMES_MAX 1000u
#define DOCUMENTS_PAUSE_US     CLOCK_US_PER_S
/* The registers and the outcomes of an office that change all the time take no
 * more than this of its line, a third of 50 kbit/s; what is less at a time
 * does not wait. */
#define DOCUMENTS_BYTES_A_SECOND 2048u

enum documents_kind {
    DOCUMENTS_GENESIS,
    DOCUMENTS_PLAN, /* the first, the next ones behind it */
    DOCUMENTS_UNITS = DOCUMENTS_PLAN + CONTEXT_PLANS_MAX,
    DOCUMENTS_VOCABULARY,
    DOCUMENTS_ENROLMENT,
    DOCUMENTS_JOINED,
    DOCUMENTS_BACKUP,
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
    int64_t not_before[DOCUMENTS_KIND_END];  /* monotonic */
    int64_t rests_until[DOCUMENTS_KIND_END]; /* the same, after the last one */
    bool has[DOCUMENTS_KIND_END];
    struct digest digest[DOCUMENTS_KIND_END]; /* of what it has */
    bool too_large[DOCUMENTS_KIND_END];       /* kept back, and logged */
    uint64_t ticket; /* of a document that is being made; 0: none */
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

/* What an office is to get when it has another one. */
struct documents_order {
    uint32_t agent;
    enum documents_kind kind;
    bool zstd; /* the office can unpack it */
    bool has;
    struct digest digest; /* of what it has */
};

/* Takes the first of the kinds `wanted` that is due at `now` (monotonic) off
 * the list. False: none is. */
bool documents_take(struct documents_line *line, uint32_t agent,
                    unsigned wanted, bool zstd, int64_t now,
                    struct documents_order *order);

struct documents_source {
    const struct province *province;
    const struct tally *tally; /* NULL: for DOCUMENTS_CONTROL alone */
    const struct keys *keys;
};

struct documents_made {
    bool changed;   /* `document` is one that the office has not */
    bool too_large; /* and cannot get */
    struct wire_document document;
};

/* STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY. Give `made` to documents_send() or
 * documents_made_fini(). */
MUST_USE enum status documents_make(const struct documents_source *source,
                                    const struct documents_order *order,
                                    struct documents_made *made);
void documents_made_fini(struct documents_made *made);

/* Takes what was made: line->sending says that line->document is ready to be
 * sent from line->offset on. Nothing else may be on its way. */
void documents_send(struct documents_line *line,
                    const struct documents_order *order,
                    struct documents_made *made);
/* The whole of it has left: the office has it. */
void documents_sent(struct documents_line *line, int64_t now);
/* When documents_take() is to be asked again; INT64_MAX: nothing is due. */
int64_t documents_due_at(const struct documents_line *line);

#endif
