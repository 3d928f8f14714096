/* GET due: the office's own reports, which are due when, what is missing, and
 * what was reported as nothing. */
#include "agent/api/missing.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdio.h>
#include <string.h>

#include "agent/office/own.h"
#include "common/base/text.h"
#include "common/event/unit.h"
#include "common/figures/indicator_text.h"
#include "common/figures/tell.h"
#include "common/reports/due_list.h"
#include "common/reports/form_days.h"

#define MISSING_ROWS 3u /* of how many reports the missing lines are told */

/* ---- what is missing, and what was said to be nothing ---- */

/* The lines of the plan with nothing behind them in the period, each with the
 * number by which a nil report may name it. */
static void tell_missing(struct say *say, const struct missing *missing)
{
    const struct indicator_row *at;
    size_t place = 0;

    say_array(say, "missing");
    while ((at = missing_next(missing, &place)) != NULL) {
        char number[TEXT_NUMBER_MAX];

        (void)snprintf(number, sizeof number, "%u",
                       (unsigned)at->indicator->number);
        say_object(say, NULL);
        say_text(say, "indicator", indicator_row_id(at));
        say_text(say, "number", at->indicator->number != 0 ? number : NULL);
        say_labels(say, "label",
                   at->target != NULL ? at->target->label
                                      : at->indicator->label);
        say_object_end(say);
    }
    say_array_end(say);
}

/* The nil reports of the period that stand, as far as they are here. */
static void tell_nils(struct telling *telling, const struct desk_order *order,
                      const struct missing *missing)
{
    struct say *say = &telling->say;
    struct silence_report report;
    size_t place = 0;

    say_array(say, "nil");
    while (missing->has_unit && missing->silence != NULL &&
           silence_next(missing->silence, missing->unit, &place, &report)) {
        struct event event;
        enum spool_state state;

        if (!report.nil ||
            spool_event(order->means->office->spool, report.event, &event,
                        &state) != STATUS_OK) {
            continue;
        }
        say_object(say, NULL);
        tell_id(say, "id", report.event);
        say_moment(say, "recorded_at", event.recorded_at);
        tell_state(telling, state);
        say_number(say, "indicators", (int64_t)report.count);
        say_object_end(say);
    }
    say_array_end(say);
}

/* ---- rows ---- */

static bool is_open(enum due_state state)
{
    return state >= DUE_NOT_YET;
}

/* Whether the question names it, or names none. */
static bool is_asked(const struct desk_order *order, const struct due_row *row)
{
    const char *plan = desk_query(order, "plan");
    const char *regime = desk_query(order, "regime");
    const char *period = desk_query(order, "period");
    const char *unit = desk_query(order, "unit");
    char key[PERIOD_KEY_TEXT_MAX], place[UNIT_TEXT_MAX];

    period_key_format(&row->period, key);
    unit_key_format(row->unit->key, place);
    return (plan == NULL || strcmp(plan, row->plan->id) == 0) &&
           (regime == NULL ||
            strcmp(regime, form_regime_token(row->period.regime)) == 0) &&
           (period == NULL || strcmp(period, key) == 0) &&
           (unit == NULL || strcmp(unit, place) == 0);
}

/* What a report has of its own: `lines`, what is missing in it. */
static enum status tell_inside(struct telling *telling,
                               const struct desk_order *order,
                               const struct asking *asked,
                               const struct due_row *row, bool lines)
{
    struct say *say = &telling->say;
    struct missing missing;
    enum status status =
        lines ? missing_lines(asked, order->means->office->agent, row->plan,
                              &row->period, row->unit->key, &missing)
              : missing_reports(asked, row->plan, &row->period, row->unit->key,
                                &missing);

    if (status == STATUS_OK) {
        if (lines) {
            tell_missing(say, &missing);
        } else {
            say_null(say, "missing");
        }
        tell_nils(telling, order, &missing);
    }
    missing_fini(&missing);
    return status;
}

static void tell_head(struct say *say, const struct asking *asked,
                      const struct due_row *row)
{
    int32_t on = asked->request.today;

    say_text(say, "plan", row->plan->id);
    say_text(say, "regime", form_regime_token(row->period.regime));
    tell_period_key(say, "period", &row->period);
    tell_period_label(say, "label", &row->period);
    say_day(say, "from", row->period.from);
    say_day(say, "to", row->period.to);
    if (row->has_day) {
        say_day(say, "due", row->day);
        say_day(say, "closing", row->closing);
        say_number(say, "days_left", (int64_t)row->day - on);
    } else {
        say_null(say, "due");
        say_null(say, "closing");
        say_null(say, "days_left");
    }
    tell_unit(say, "unit", row->unit);
    say_text(say, "state", due_state_token(row->state));
    say_text(say, "state_text",
             due_state_text(row->state, asked->request.language));
}

/* Those of the office's units, open ones first, next one first. */
static enum status tell_rows(struct telling *telling,
                             const struct desk_order *order,
                             const struct asking *asked,
                             const struct due_list *list)
{
    const struct context_agent *agent = order->means->office->agent;
    bool named = desk_query(order, "period") != NULL;
    enum status status = STATUS_OK;
    size_t told = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < list->count && status == STATUS_OK; i++) {
            const struct due_row *row = &list->rows[i];

            if (is_open(row->state) == (pass == 0) &&
                own_records_for(agent, row->unit->key) &&
                row->period.from <= asked->request.today &&
                is_asked(order, row)) {
                say_object(&telling->say, NULL);
                tell_head(&telling->say, asked, row);
                status =
                    tell_inside(telling, order, asked, row,
                                named || (pass == 0 && told++ < MISSING_ROWS));
                say_object_end(&telling->say);
            }
        }
    }
    return status;
}

/* The levels at which the office records, as a bit for each: of whatever day,
 * since a report may be of a unit that has ended. */
static uint32_t levels_of(const struct asking *asked,
                          const struct context_agent *agent)
{
    uint32_t levels = 0;

    for (size_t i = 0; i < units_count(asked->units); i++) {
        const struct unit *unit = units_at(asked->units, i);

        if (unit->level != UNIT_PROVINCE && own_records_for(agent, unit->key)) {
            levels |= 1u << unit->level;
        }
    }
    return levels;
}

static enum status tell_levels(struct telling *telling,
                               const struct desk_order *order,
                               const struct asking *asked)
{
    const struct context_agent *agent = order->means->office->agent;
    uint32_t levels = levels_of(asked, agent);
    enum status status = STATUS_OK;

    for (enum unit_level level = UNIT_DISTRICT;
         level <= UNIT_COMMUNE && status == STATUS_OK; level++) {
        struct due_request request = {
            .on = asked->request.today, .all = true, .level = level};
        struct due_list list = {.rows = NULL};

        if ((levels & 1u << level) == 0) {
            continue;
        }
        status = due_list_make(asked->kept->view.fold, asked->context, &request,
                               &list);
        if (status == STATUS_OK) {
            status = tell_rows(telling, order, asked, &list);
        }
        due_list_fini(&list);
    }
    return status;
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct asking asked;
    struct telling telling;
    enum desk_turn turn = asking_turn(order, &asked, reply);
    enum status status;

    if (asked.kept == NULL) {
        return turn;
    }
    asked.request.today = clock_today(order->means->clock);
    asked.request.language = order->language;
    tell_begin(&telling, order);
    say_day(&telling.say, "on", asked.request.today);
    say_array(&telling.say, "rows");
    status = tell_levels(&telling, order, &asked);
    say_array_end(&telling.say);
    tell_end(&telling, status, reply);
    asking_fini(&asked);
    return turn;
}

const struct desk_work due_work = {
    .query = {"plan", "period", "regime", "unit"}, .turn = tell};
