/* received - what a figure of a unit means: counted, a zero that somebody
 * answers for, or nothing that anybody has said.
 *
 * Flow     fold (whom it has heard, reports) + enrolments -> [received] -> rows
 * Owns     what it has found for one range; free with received_free().
 * Threads  one; the fold must not change meanwhile.
 * Limits   none beyond those of units and enrolments.
 *
 * An office speaks for the units that it is enrolled for and for what lies in
 * them, where nobody nearer has ever spoken; a station of the province speaks
 * for the province alone. Of an indicator speak those that may write the
 * programmes whose events it counts, for each programme the nearest of them
 * (programmes.h, decision 0059). How far it has told all is the day on which
 * the last event that came from it was recorded, and not later than that came:
 * a stream has no gaps (I3); for a day on which it was not enrolled it does
 * not speak. So what decides are ledger entries (I4); whether the link to the
 * office is up decides nothing here. Decision 0051 has the table.
 */
#ifndef TALLYLINE_COMMON_RECEIVED_H
#define TALLYLINE_COMMON_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/language.h"
#include "common/base/status.h"
#include "common/figures/indicator.h"
#include "common/figures/silence.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"

enum received_state {
    RECEIVED_UNSAID, /* nothing is said of this row */
    RECEIVED_VALUE,  /* events are there */
    /* Nothing is there, and the unit's report of the period says so, ... */
    RECEIVED_ZERO_REPORTED,
    RECEIVED_ZERO,   /* ... its office has told all of these days, ... */
    RECEIVED_SO_FAR, /* ... or all of a part of them. */
    RECEIVED_SILENT, /* all that it told is of days before these */
    RECEIVED_NEVER,  /* there is an office, which never sent anything */
    RECEIVED_NO_OFFICE,
    RECEIVED_STATE_END
};

#define RECEIVED_NO_DAY INT32_MIN

/* The days of which a unit has told all; RECEIVED_NO_DAY: ... */
struct received_days {
    int32_t since; /* ... from the first one that was asked for */
    int32_t until; /* ... it has told nothing. This day itself may go on. */
};

struct received; /* opaque */

/* Borrows fold and context. STATUS_MEMORY. */
MUST_USE enum status received_new(const struct fold *fold,
                                  const struct context *context,
                                  const struct figure_range *range,
                                  struct received **received);
void received_free(struct received **received);
/* The state of an indicator in a unit (units_position()) in force on the unit
 * date. `happened` says that there is something to count; `silence` is of the
 * period that the range is, or NULL. */
enum received_state received_state(const struct received *received,
                                   const struct silence *silence,
                                   const struct plan_indicator *indicator,
                                   size_t unit, bool happened,
                                   struct received_days *days);
/* The same as it was before decision 0059: offices and reports of any of the
 * plan's programmes spoke for all of its indicators. For what was put on record
 * then. */
enum received_state received_state_by_plan(
    const struct received *received, const struct silence *silence,
    const struct plan_indicator *indicator, size_t unit, bool happened);
/* Whether the figure is one: what is counted, or a zero that holds. */
bool received_is_known(enum received_state state);
/* snake_case, for files; and for people. "" of RECEIVED_UNSAID. */
const char *received_token(enum received_state state);
const char *received_text(enum received_state state, enum language language);

#endif
