/* One pass over the reports that stand marks the units; the rest is looked up
 * as it is asked for. Failure mode: no memory. */
#include "common/figures/silence.h"

#include "common/event/reference.h"
#include "common/figures/programmes.h"
#include "common/fold/fold_state.h"

#include <stdlib.h>

struct silence {
    const struct fold *fold;
    const struct context *context;
    const struct units *units;
    struct silence_request request;
    struct programmes *programmes;
    bool has_deadline;
    int32_t deadline;
    bool *reported; /* by unit */
    bool *on_time;
    /* By unit: that one, or the next above, of which there is an agent; and the
     * last day on which one of its agents sent something. */
    uint32_t *reporter;
    int32_t *heard;
    bool *has_agent;
    uint32_t *unit_of; /* by report of the fold; UINT32_MAX: another period */
};

static bool is_of_period(const struct silence *silence,
                         const struct fold_report *report)
{
    const struct period *period = &silence->request.period;

    return report->event != 0 && report->regime == period->regime &&
           report->kind == (uint32_t)period->kind &&
           report->key == period->key &&
           plan_has_programme(silence->request.plan, report->programme);
}

static void mark(struct silence *silence)
{
    const struct fold *fold = silence->fold;

    for (size_t i = 0; i < fold->report_count; i++) {
        const struct fold_report *report = &fold->reports[i];
        const struct unit *unit = units_find(silence->units, report->unit,
                                             silence->request.period.to);
        int32_t day = fold_report_day(fold, report);
        size_t position;

        silence->unit_of[i] = UINT32_MAX;
        if (unit == NULL || !is_of_period(silence, report)) {
            continue;
        }
        position = units_position(silence->units, unit);
        silence->unit_of[i] = (uint32_t)position;
        silence->reported[position] = true;
        if (!silence->has_deadline || day == FOLD_DAY_UNKNOWN ||
            day <= silence->deadline) {
            silence->on_time[position] = true;
        }
    }
}

/* Which units have agents, and when they were last heard of. */
static void mark_agents(struct silence *silence)
{
    int32_t day = silence->request.period.to;

    for (size_t i = 0; i < context_agent_count(silence->context); i++) {
        const struct context_agent *agent =
            context_agent_at(silence->context, i);
        uint32_t heard = id_map_get(&silence->fold->heard, agent->number);

        for (uint32_t k = 0; k < agent->scope_count; k++) {
            const struct unit *unit =
                units_find(silence->units, agent->scopes[k].unit, day);
            size_t at;

            if (unit == NULL) {
                continue;
            }
            at = units_position(silence->units, unit);
            silence->has_agent[at] = true;
            if (heard != ID_MAP_NONE && (int32_t)heard > silence->heard[at]) {
                silence->heard[at] = (int32_t)heard;
            }
        }
    }
}

/* A unit without an agent is recorded, and reported, by the one above. */
static void find_reporters(struct silence *silence)
{
    int32_t day = silence->request.period.to;

    for (size_t i = 0; i < units_count(silence->units); i++) {
        const struct unit *unit = units_at(silence->units, i);

        silence->reporter[i] = (uint32_t)i;
        for (unsigned k = 0; unit != NULL && k < UNIT_COMMUNE; k++) {
            size_t at = units_position(silence->units, unit);

            if (silence->has_agent[at]) {
                silence->reporter[i] = (uint32_t)at;
                break;
            }
            unit = unit->parent == 0
                       ? NULL
                       : units_find(silence->units, unit->parent, day);
        }
    }
}

MUST_USE enum status silence_new(const struct fold *fold,
                                 const struct context *context,
                                 const struct silence_request *request,
                                 struct silence **silence)
{
    struct silence *made = calloc(1, sizeof *made);
    size_t count = units_count(context_units(context));
    enum status status;

    *silence = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->fold = fold;
    made->context = context;
    made->units = context_units(context);
    made->request = *request;
    made->has_deadline =
        period_deadline(request->regime, &request->period,
                        &request->plan->holidays, &made->deadline);
    made->reported = calloc(count + 1, sizeof *made->reported);
    made->on_time = calloc(count + 1, sizeof *made->on_time);
    made->unit_of = calloc(fold->report_count + 1, sizeof *made->unit_of);
    made->reporter = calloc(count + 1, sizeof *made->reporter);
    made->heard = calloc(count + 1, sizeof *made->heard);
    made->has_agent = calloc(count + 1, sizeof *made->has_agent);
    status = programmes_new(request->plan, context, &made->programmes);
    if (status != STATUS_OK || made->reported == NULL ||
        made->on_time == NULL || made->unit_of == NULL ||
        made->reporter == NULL || made->heard == NULL ||
        made->has_agent == NULL) {
        silence_free(&made);
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        made->heard[i] = INT32_MIN;
    }
    mark(made);
    mark_agents(made);
    find_reporters(made);
    *silence = made;
    return STATUS_OK;
}

void silence_free(struct silence **silence)
{
    if (*silence == NULL) {
        return;
    }
    free((*silence)->reported);
    free((*silence)->on_time);
    free((*silence)->unit_of);
    free((*silence)->reporter);
    free((*silence)->heard);
    free((*silence)->has_agent);
    programmes_free(&(*silence)->programmes);
    free(*silence);
    *silence = NULL;
}

const struct silence_request *silence_asked(const struct silence *silence)
{
    return &silence->request;
}

bool silence_deadline(const struct silence *silence, int32_t *last)
{
    *last = silence->deadline;
    return silence->has_deadline;
}

/* Whether reports of the period should be there. */
static bool is_due(const struct silence *silence)
{
    return silence->has_deadline &&
           silence->request.known_to > silence->deadline;
}

/* The report is of the whole period, or names the indicator. */
static bool names(const struct silence *silence,
                  const struct fold_report *report, uint32_t indicator)
{
    if (report->type == FOLD_TYPE_REPORT) {
        return true;
    }
    for (uint32_t k = 0; k < report->count && indicator != 0; k++) {
        if (silence->fold->said[report->first + k] == indicator) {
            return true;
        }
    }
    return false;
}

/* A report of the unit says zero of the indicator. */
static bool says_nothing(const struct silence *silence,
                         const struct plan_indicator *indicator, size_t unit)
{
    const struct fold *fold = silence->fold;

    for (size_t i = 0; i < fold->report_count; i++) {
        if (silence->unit_of[i] == unit &&
            names(silence, &fold->reports[i], indicator->number)) {
            return true;
        }
    }
    return false;
}

/* Whether the office that sent the report may write all of the share. What it
 * is enrolled for is not known of an office's own former numbers. */
static bool may_say(const struct silence *silence,
                    const struct fold_report *report, size_t share)
{
    const struct context_agent *agent =
        context_agent(silence->context, id60_agent(report->event));

    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        if (agent->scopes[i].unit == report->unit &&
            programmes_writes(silence->programmes, &agent->scopes[i], share)) {
            return true;
        }
    }
    return agent == NULL;
}

/* The same of one share of the programmes, by who may write it. */
static bool share_is_nothing(const struct silence *silence,
                             const struct plan_indicator *indicator,
                             size_t unit, size_t share)
{
    const struct fold *fold = silence->fold;

    for (size_t i = 0; i < fold->report_count; i++) {
        if ((silence->unit_of[i] == unit ||
             silence->unit_of[i] == silence->reporter[unit]) &&
            names(silence, &fold->reports[i], indicator->number) &&
            may_say(silence, &fold->reports[i], share)) {
            return true;
        }
    }
    return false;
}

enum silence_state silence_why(const struct silence *silence, size_t unit)
{
    uint32_t reporter = silence->reporter[unit];

    if (!is_due(silence)) {
        return silence->has_deadline ||
                       silence->request.known_to <= silence->request.period.to
                   ? SILENCE_NOT_DUE
                   : SILENCE_NO_DAY;
    }
    if (!silence->has_agent[reporter]) {
        return SILENCE_NO_OFFICE;
    }
    return silence->heard[reporter] <= silence->request.period.to
               ? SILENCE_UNREACHABLE
               : SILENCE_LATE;
}

bool silence_says_zero(const struct silence *silence,
                       const struct plan_indicator *indicator, size_t unit)
{
    for (size_t i = 0; i < programmes_shares(silence->programmes); i++) {
        if (programmes_counts(silence->programmes, indicator, i) &&
            !share_is_nothing(silence, indicator, unit, i)) {
            return false;
        }
    }
    return true;
}

bool silence_names_zero(const struct silence *silence,
                        const struct plan_indicator *indicator, size_t unit)
{
    return says_nothing(silence, indicator, unit) ||
           says_nothing(silence, indicator, silence->reporter[unit]);
}

bool silence_next(const struct silence *silence, size_t unit, size_t *place,
                  struct silence_report *report)
{
    while (*place < silence->fold->report_count) {
        size_t at = (*place)++;
        const struct fold_report *found = &silence->fold->reports[at];

        if (silence->unit_of[at] == unit) {
            *report = (struct silence_report){.event = found->event,
                                              .nil = found->type ==
                                                     FOLD_TYPE_NIL_REPORT,
                                              .count = found->count};
            return true;
        }
    }
    return false;
}

enum silence_state silence_unit(const struct silence *silence, size_t unit,
                                bool *on_time)
{
    *on_time = silence->on_time[unit];
    if (silence->reported[unit]) {
        return SILENCE_REPORTED;
    }
    return silence_why(silence, unit);
}

void silence_count(const struct silence *silence, uint32_t above,
                   enum unit_level level, struct silence_count *count)
{
    int32_t day = silence->request.period.to;

    *count = (struct silence_count){0};
    for (size_t i = 0; is_due(silence) && i < units_count(silence->units);
         i++) {
        const struct unit *unit = units_at(silence->units, i);

        if (unit->level != level || unit->from > day || unit->to <= day ||
            !units_below(silence->units, unit->key, above, day)) {
            continue;
        }
        count->due++;
        count->reported +=
            silence->reported[i] || silence->reported[silence->reporter[i]];
        count->on_time +=
            silence->on_time[i] || silence->on_time[silence->reporter[i]];
    }
}
