/* fold - the state of all counters: a pure function of a ledger prefix.
 *
 * Flow     ledger -> [fold] -> indicator (figures), outcomes to the offices
 * Owns     its state, in memory; free with fold_free().
 * Threads  one.
 * Limits   memory grows with things and days, with events that carry an
 *          entry_key, and with events that do not count.
 *
 * Live ingest, replay, audit and the office's own view call this same code.
 * It reads no file and no clock: events come in with the moment they were
 * received, and what it needs of an earlier event (a correction's target) it
 * asks from the prefix through `fold_source`.
 *
 * Invariants
 *   I4   the same prefix gives the same state, whatever was asked before.
 *   I5   a correction takes back what its target added, and both stay.
 *   I6   a fault inside a batch is an outcome: kept, not counted, with the
 *        reason; one bad event never stops the others.
 *   I10  an unknown type or value is held until a control entry declares it.
 * The order in which batches of different agents arrive changes no figure.
 */
#ifndef TALLYLINE_COMMON_FOLD_H
#define TALLYLINE_COMMON_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/event/event.h"
#include "common/fold/context.h"

struct fold; /* opaque */

/* Why an event is not counted (or, for the last ones, is worth a look). */
enum fold_outcome {
    FOLD_COUNTED = 0,
    FOLD_MALFORMED,     /* not readable, field twice, two bodies ... */
    FOLD_UNKNOWN_TYPE,  /* held: I10 */
    FOLD_UNKNOWN_VALUE, /* held: I10; `field`, `value` say which */
    FOLD_INVALID,       /* breaks rule `rule` of validate.h */
    FOLD_OUT_OF_SCOPE,  /* `rule` is enum context_refusal */
    FOLD_UNIT_NOT_IN_FORCE,
    FOLD_WRONG_CLOCK,     /* happened after it was received */
    FOLD_TARGET_MISSING,  /* a correction that waits for its target */
    FOLD_NOT_ALLOWED,     /* a correction of another office's event */
    FOLD_RIVAL_LOST,      /* another correction of the same version won */
    FOLD_DUPLICATE_ENTRY, /* the same row was entered before: `other` */
    FOLD_VOIDED,          /* by `other` (nothing to mend) */
    FOLD_REPLACED,        /* by `other` (nothing to mend) */
    FOLD_OUTCOME_END
};

struct fold_result {
    uint64_t event; /* id60 */
    enum fold_outcome outcome;
    uint32_t field; /* event.h numbering; 0: none */
    uint32_t rule;
    uint64_t value;
    uint64_t other; /* id60 of the other event; 0 */
};

/* Gives an event by its id, decoded. The fold asks only for events that it was
 * given before; STATUS_NOT_FOUND when it is not there, any other status ends
 * the call that asked with that status. */
struct fold_source {
    void *owner;
    enum status (*fetch)(void *owner, uint64_t id, struct event *event);
};

/* `context` is borrowed and must outlive the fold; when it changes figures
 * the caller makes a new fold and feeds it from entry 0 (D8). The plan's
 * register rows are folded in first. */
MUST_USE enum status fold_new(const struct context *context,
                              struct fold_source source, struct fold **fold);
void fold_free(struct fold **fold);

/* Folds one event. The events of one (agent, epoch) come in the order of their
 * numbers. `received_at` in microseconds UTC, or FOLD_RECEIVED_UNKNOWN when
 * the entry says that the clock was wrong: then no date is held against it.
 * STATUS_MEMORY, or what the source answered; after an error the fold is of no
 * more use but to be freed. */
#define FOLD_RECEIVED_UNKNOWN INT64_MAX
MUST_USE enum status fold_event(struct fold *fold, uint64_t id,
                                int64_t received_at, const struct event *event);

/* What an event is worth by itself, before others are looked at: a function of
 * the event and the context. So it may be asked for ahead of the fold and on
 * another thread, as long as the context stays as it is. A judge remembers
 * what it asked: one for each thread; free with fold_judge_free().
 * STATUS_MEMORY. */
struct fold_verdict {
    struct fold_result result;
    uint32_t place; /* where it happened: for fold_judged_event() */
};
struct fold_judge; /* opaque */
MUST_USE enum status fold_judge_new(const struct context *context,
                                    struct fold_judge **judge);
void fold_judge_free(struct fold_judge **judge);
void fold_judge_event(struct fold_judge *judge, uint64_t id,
                      int64_t received_at, const struct event *event,
                      struct fold_verdict *verdict);
/* Asks for memory that folding the event will look at: some events ahead, the
 * wait is over when it comes. */
void fold_expect(const struct fold *fold, const struct fold_verdict *verdict,
                 const struct event *event);
/* Tells from which agent the next events come, and when they were received: as
 * for fold_event(), which calls it. STATUS_MEMORY. */
MUST_USE enum status fold_received(struct fold *fold, uint32_t agent,
                                   int64_t received_at);
/* fold_event() for an event that a judge of the same context has looked at. */
MUST_USE enum status fold_judged_event(struct fold *fold,
                                       const struct fold_verdict *verdict,
                                       const struct event *event);

/* An event that was folded as one that nobody has received has been received
 * since: for an office's own view. STATUS_INVALID: with that moment it is worth
 * something else, and only a new fold is right. */
MUST_USE enum status fold_came(struct fold *fold, uint64_t id,
                               int64_t received_at, const struct event *event);

/* Ledger position: `size` entries have been folded. Called after each entry:
 * corrections and rows entered twice take effect here, and figures and
 * outcomes are those of this position. Statuses as fold_event(). */
MUST_USE enum status fold_set_position(struct fold *fold, uint64_t size);
/* The same for a position at which nobody reads figures: what is kept of each
 * thing is not put in order, which costs less the rarer it is done. Outcomes
 * are those of this position; before figures are read or the fold is saved,
 * fold_set_position() is called with this position or a later one. */
MUST_USE enum status fold_pass_position(struct fold *fold, uint64_t size);
uint64_t fold_position(const struct fold *fold);

struct fold_totals {
    uint64_t events;
    uint64_t outcomes[FOLD_OUTCOME_END]; /* how many events stand so now */
};
void fold_totals(const struct fold *fold, struct fold_totals *totals);
/* Outcome of one event as of now. Events not listed are counted. */
void fold_result(const struct fold *fold, uint64_t id,
                 struct fold_result *result);
/* A correction of a thing, and the version that it names: the first one where
 * it names none. */
struct fold_version {
    uint64_t event, parent;
};
/* The corrections of the thing whose first version is `root` (or one of the
 * events of its row), in the order of their ids; writes up to `max`, returns
 * how many there are. `first` gets the first version. */
size_t fold_versions(const struct fold *fold, uint64_t root, uint64_t *first,
                     struct fold_version versions[], size_t max);
/* Results other than FOLD_COUNTED of one agent, by id; writes up to `max`,
 * returns how many there are. agent 0: all agents. */
size_t fold_results(const struct fold *fold, uint32_t agent,
                    struct fold_result results[], size_t max);
/* One word in snake_case (for files), and a sentence that says what it means
 * and what to do. */
const char *fold_outcome_token(enum fold_outcome outcome);
const char *fold_outcome_text(enum fold_outcome outcome,
                              enum language language);

#endif
