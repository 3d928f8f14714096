/* silence - who has handed in the report of a period, and what it means where
 * nobody has: it is not due yet, or it is late.
 *
 * Flow     fold (reports and receipts) + plan -> [silence] -> reports due
 * Owns     what it has computed for one period; free with silence_free().
 * Threads  one; the fold must not change meanwhile.
 * Limits   none beyond those of plan and units.
 *
 * A unit has reported a period when a report_submitted or a nil_report of its
 * regime, kind and key stands for it; in time when its first version was
 * received on the last day at the latest (period_deadline()). What was received
 * while the province's clock was wrong is in time. A unit that has no agent is
 * recorded by the next one above that has, and so that one's report is its own.
 * Before the last day is over, and where none is set, nobody is late.
 */
#ifndef TALLYLINE_COMMON_SILENCE_H
#define TALLYLINE_COMMON_SILENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/period.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"
#include "common/plan/plan.h"

enum silence_state {
    SILENCE_REPORTED,
    SILENCE_NOT_DUE, /* no report, and the last day is not over */
    SILENCE_NO_DAY,  /* no report, the period is over, and no day is set */
    SILENCE_LATE,
    SILENCE_UNREACHABLE, /* late, and its offices told nothing since the
                            period ended */
    SILENCE_NO_OFFICE    /* late, and no office was ever enrolled for it */
};

struct silence_request {
    const struct plan *plan;
    const struct period_regime *regime;
    struct period period;
    int32_t known_to; /* the day as of which is asked */
};

/* Of the units of a level: never more in time than reported than due. */
struct silence_count {
    size_t due;
    size_t reported;
    size_t on_time;
};

/* A report of the period that stands. */
struct silence_report {
    uint64_t event; /* its version that counts */
    bool nil;       /* one that nothing happened: */
    size_t count;   /* of so many indicators */
};

struct silence; /* opaque */

/* Borrows fold, context and plan. STATUS_MEMORY. */
MUST_USE enum status silence_new(const struct fold *fold,
                                 const struct context *context,
                                 const struct silence_request *request,
                                 struct silence **silence);
void silence_free(struct silence **silence);
/* The period, and its last day in time; false when none is set. */
const struct silence_request *silence_asked(const struct silence *silence);
bool silence_deadline(const struct silence *silence, int32_t *last);
/* Whether a report of the period says that nothing of the indicator happened in
 * the unit: the unit's own, or that of the unit that reports for it; of each
 * programme that the indicator counts one of an office that may write in it. */
bool silence_says_zero(const struct silence *silence,
                       const struct plan_indicator *indicator, size_t unit);
/* The same whoever sent the report: what was put on record before decision 0059
 * says so. */
bool silence_names_zero(const struct silence *silence,
                        const struct plan_indicator *indicator, size_t unit);
/* The unit's own reports, one after the other: `place` is 0 at first. False:
 * there is no other. */
bool silence_next(const struct silence *silence, size_t unit, size_t *place,
                  struct silence_report *report);
/* How a unit stands with its report of the period; where it has reported,
 * `on_time` says whether it was in time. */
enum silence_state silence_unit(const struct silence *silence, size_t unit,
                                bool *on_time);
/* The same of a unit without a report: never SILENCE_REPORTED. */
enum silence_state silence_why(const struct silence *silence, size_t unit);
/* Units of the level at or below `above` that were in force on the period's
 * last day. */
void silence_count(const struct silence *silence, uint32_t above,
                   enum unit_level level, struct silence_count *count);

#endif
