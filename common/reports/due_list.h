/* due_list - which reports are due, when, and by whom.
 *
 * Flow     plans in force, fold (who reported), freezes -> [due_list]
 *          -> report due
 * Owns     its rows; borrows fold and context for its life.
 * Threads  one.
 * Limits   DUE_ROWS_MAX rows.
 *
 * A period of a plan's regimes whose last day lies in the plan is reported by
 * each unit of a level and drawn up by the plan's own unit, whose report is
 * there when it was frozen.
 */
#ifndef TALLYLINE_COMMON_DUE_LIST_H
#define TALLYLINE_COMMON_DUE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/figures/silence.h"
#include "common/fold/context.h"
#include "common/fold/fold.h"

#define DUE_ROWS_MAX   (1u << 20)
#define DUE_AHEAD_DAYS 31

enum due_state {
    DUE_FROZEN, /* drawn up and put on record */
    DUE_REPORTED,
    DUE_REPORTED_LATE,
    DUE_NOT_YET,
    DUE_OPEN, /* the period is over, and the plan sets no day */
    DUE_LATE,
    DUE_UNREACHABLE,
    DUE_NO_OFFICE, /* late, and no office was ever enrolled for it */
    DUE_STATE_END
};

struct due_row {
    const struct plan *plan;
    struct period period;
    bool has_day;
    int32_t day;     /* the last one in time */
    int32_t closing; /* the last one that leaves the working days */
    const struct unit *unit;
    bool own; /* the report of the plan's own unit */
    enum due_state state;
    const struct context_freeze *freeze; /* of DUE_FROZEN */
};

struct due_request {
    const struct plan *plan; /* NULL: all plans in force */
    int32_t on;              /* the day as of which is asked */
    bool all; /* else what is not there, of periods that are over or due within
                 DUE_AHEAD_DAYS */
    /* 0: the level below the plan's unit. */
    enum unit_level level;
    /* Only this period, of every regime that has it, and all of its reports;
     * kind 0: no period is named. */
    enum period_kind kind;
    uint32_t key;
};

struct due_list {
    struct due_row *rows; /* by day, period and unit */
    size_t count, room;
};

/* Gives `list`; due_list_fini() in any case. STATUS_MEMORY, STATUS_FULL. */
MUST_USE enum status due_list_make(const struct fold *fold,
                                   const struct context *context,
                                   const struct due_request *request,
                                   struct due_list *list);
void due_list_fini(struct due_list *list);

/* The last day on which the data of a period can be closed, so that the
 * regime's working days are left until `due`. */
int32_t due_closing_day(const struct plan *plan,
                        const struct period_regime *regime,
                        const struct period *period, int32_t due);

/* snake_case, for files; and for people. */
const char *due_state_token(enum due_state state);
const char *due_state_text(enum due_state state, enum language language);

#endif
