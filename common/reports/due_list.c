#include "common/reports/due_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

/* The data of a period may be closed so long before its end. */
#define CLOSING_DAYS_MAX 60

struct making {
    const struct fold *fold;
    const struct context *context;
    const struct units *units;
    const struct due_request *request;
    struct due_list *list;
};

static MUST_USE enum status add(struct making *making,
                                const struct due_row *row)
{
    struct due_list *list = making->list;

    if (list->count == DUE_ROWS_MAX) {
        return STATUS_FULL;
    }
    if (list->count == list->room) {
        size_t room = 2 * list->room + 64;
        struct due_row *rows = realloc(list->rows, room * sizeof *rows);

        if (rows == NULL) {
            return STATUS_MEMORY;
        }
        list->rows = rows;
        list->room = room;
    }
    list->rows[list->count++] = *row;
    return STATUS_OK;
}

/* What the request leaves out. */
static bool is_asked(const struct making *making, const struct due_row *row)
{
    const struct due_request *request = making->request;
    bool soon = row->period.to < request->on ||
                (row->has_day && row->day <= request->on + DUE_AHEAD_DAYS &&
                 row->period.from <= request->on);

    return request->all || request->kind != 0 ||
           (soon && row->state >= DUE_NOT_YET);
}

int32_t due_closing_day(const struct plan *plan,
                        const struct period_regime *regime,
                        const struct period *period, int32_t due)
{
    int32_t day = period->to;

    while (day > period->to - CLOSING_DAYS_MAX &&
           period_working_days(&plan->holidays, day, due) <
               regime->working_days) {
        day--;
    }
    return day;
}

static const struct context_freeze *freeze_of(const struct making *making,
                                              const struct due_row *row)
{
    for (size_t i = context_freeze_count(making->context); i > 0; i--) {
        const struct context_freeze *at =
            context_freeze_at(making->context, i - 1);

        if (strcmp(at->freeze.plan_id, row->plan->id) == 0 &&
            at->freeze.regime == row->period.regime &&
            at->freeze.period_kind == (uint32_t)row->period.kind &&
            at->freeze.period_key == row->period.key &&
            at->freeze.unit == row->unit->key) {
            return at;
        }
    }
    return NULL;
}

/* A report that is not there. */
static enum due_state absent(const struct making *making,
                             const struct due_row *row)
{
    int32_t on = making->request->on;

    if (!row->has_day) {
        return on > row->period.to ? DUE_OPEN : DUE_NOT_YET;
    }
    return on > row->day ? DUE_LATE : DUE_NOT_YET;
}

/* The plan's own unit at the end of the period, or what carries it on. */
static const struct unit *own_unit(const struct making *making,
                                   const struct due_row *row)
{
    return plan_carried(row->plan, making->units, row->plan->unit,
                        row->period.to);
}

/* The report of the plan's own unit. */
static MUST_USE enum status add_own(struct making *making, struct due_row row)
{
    row.own = true;
    row.unit = own_unit(making, &row);
    if (row.unit == NULL) {
        return STATUS_OK;
    }
    row.freeze = freeze_of(making, &row);
    row.state = row.freeze != NULL ? DUE_FROZEN : absent(making, &row);
    return is_asked(making, &row) ? add(making, &row) : STATUS_OK;
}

static enum due_state state_of(const struct making *making,
                               const struct due_row *row,
                               const struct silence *silence, size_t unit)
{
    bool on_time;

    switch (silence_unit(silence, unit, &on_time)) {
    case SILENCE_REPORTED:
        return on_time ? DUE_REPORTED : DUE_REPORTED_LATE;
    case SILENCE_LATE:
        return DUE_LATE;
    case SILENCE_UNREACHABLE:
        return DUE_UNREACHABLE;
    case SILENCE_NO_OFFICE:
        return DUE_NO_OFFICE;
    default:
        return absent(making, row);
    }
}

static enum unit_level level_of(const struct making *making,
                                const struct due_row *row)
{
    const struct unit *own = own_unit(making, row);

    if (making->request->level != 0) {
        return making->request->level;
    }
    return own != NULL && own->level == UNIT_PROVINCE &&
                   units_in_force(making->units, own->key, UNIT_DISTRICT,
                                  row->period.to) > 0
               ? UNIT_DISTRICT
               : UNIT_COMMUNE;
}

/* Those of the units below. */
static MUST_USE enum status add_units(struct making *making,
                                      const struct period_regime *regime,
                                      struct due_row row)
{
    struct silence_request asked = {.plan = row.plan,
                                    .regime = regime,
                                    .period = row.period,
                                    .known_to = making->request->on};
    enum unit_level level = level_of(making, &row);
    const struct unit *own = own_unit(making, &row);
    int32_t day = row.period.to;
    struct silence *silence = NULL;
    enum status status =
        silence_new(making->fold, making->context, &asked, &silence);

    for (size_t i = 0; i < units_count(making->units) && status == STATUS_OK;
         i++) {
        row.unit = units_at(making->units, i);
        if (own == NULL || row.unit->level != level || row.unit == own ||
            row.unit->from > day || row.unit->to <= day ||
            !units_below(making->units, row.unit->key, own->key, day)) {
            continue;
        }
        row.state = state_of(making, &row, silence, i);
        if (is_asked(making, &row)) {
            status = add(making, &row);
        }
    }
    silence_free(&silence);
    return status;
}

static MUST_USE enum status add_period(struct making *making,
                                       const struct plan *plan,
                                       const struct period_regime *regime,
                                       const struct period *period)
{
    struct due_row row = {.plan = plan, .period = *period};
    enum status status;

    row.has_day = period_deadline(regime, period, &plan->holidays, &row.day);
    row.closing = row.has_day ? due_closing_day(plan, regime, period, row.day)
                              : period->to;
    status = add_own(making, row);
    return status == STATUS_OK ? add_units(making, regime, row) : status;
}

static bool is_named(const struct due_request *request,
                     const struct period *period)
{
    return request->kind == 0 ||
           (request->kind == period->kind && request->key == period->key);
}

/* The periods of a kind whose last day lies in the plan. */
static MUST_USE enum status add_kind(struct making *making,
                                     const struct plan *plan,
                                     const struct period_regime *regime,
                                     enum period_kind kind)
{
    struct period period;
    enum status status = STATUS_OK;
    bool more = (regime->kinds & (1u << kind)) != 0 &&
                period_of_day(regime, kind, plan->from, &period);

    while (more && period.to <= plan->to && status == STATUS_OK) {
        if (is_named(making->request, &period)) {
            status = add_period(making, plan, regime, &period);
        }
        more = period_of_day(regime, kind, period.to + 1, &period);
    }
    return status;
}

static MUST_USE enum status add_plan(struct making *making,
                                     const struct plan *plan)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < plan->regime_count; i++) {
        for (enum period_kind kind = PERIOD_MONTH;
             kind <= PERIOD_YEAR && status == STATUS_OK; kind++) {
            status = add_kind(making, plan, &plan->regimes[i], kind);
        }
    }
    return status;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
    const struct due_row *x = a, *y = b;
    int result = order(x->has_day ? x->day : x->period.to,
                       y->has_day ? y->day : y->period.to);

    if (result == 0) {
        result = strcmp(x->plan->id, y->plan->id);
    }
    if (result == 0) {
        result = order(x->period.regime, y->period.regime);
    }
    if (result == 0) {
        result = order(x->period.kind, y->period.kind);
    }
    if (result == 0) {
        result = order(x->period.key, y->period.key);
    }
    if (result == 0) {
        result = order(x->unit->level, y->unit->level);
    }
    return result == 0 ? order(x->unit->key, y->unit->key) : result;
}

MUST_USE enum status due_list_make(const struct fold *fold,
                                   const struct context *context,
                                   const struct due_request *request,
                                   struct due_list *list)
{
    struct making making = {.fold = fold,
                            .context = context,
                            .units = context_units(context),
                            .request = request,
                            .list = list};
    enum status status = STATUS_OK;

    *list = (struct due_list){.rows = NULL};
    for (size_t i = 0; i < context_plan_count(context) && status == STATUS_OK;
         i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;

        if (request->plan == NULL || request->plan == plan) {
            status = add_plan(&making, plan);
        }
    }
    if (list->count > 0) {
        qsort(list->rows, list->count, sizeof *list->rows, compare);
    }
    return status;
}

void due_list_fini(struct due_list *list)
{
    free(list->rows);
    *list = (struct due_list){.rows = NULL};
}

static const struct {
    const char *token;
    struct language_text text;
} states[DUE_STATE_END] = {
    [DUE_FROZEN] = {"frozen", {"đã chốt", "frozen"}},
    [DUE_REPORTED] = {"reported", {"đã báo cáo", "reported"}},
    [DUE_REPORTED_LATE] = {"reported_late",
                           {"đã báo cáo, chậm", "reported late"}},
    [DUE_NOT_YET] = {"not_due", {"chưa đến hạn", "not due"}},
    [DUE_OPEN] = {"no_day",
                  {"chưa có, kế hoạch không nêu hạn",
                   "not there, the plan sets no day"}},
    [DUE_LATE] = {"late", {"quá hạn", "late"}},
    [DUE_UNREACHABLE] = {"unreachable",
                         {"quá hạn, mất liên lạc", "late, unreachable"}},
    [DUE_NO_OFFICE] = {"no_office",
                       {"quá hạn, chưa có trạm", "late, no office yet"}},
};

const char *due_state_token(enum due_state state)
{
    check((unsigned)state < DUE_STATE_END);
    return states[state].token;
}

const char *due_state_text(enum due_state state, enum language language)
{
    check((unsigned)state < DUE_STATE_END);
    return language_pick(states[state].text, language);
}
