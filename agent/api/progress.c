/* GET progress: the office's own figures, in the rows and fields of the
 * province's dashboard. */
#include "agent/api/asking.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <string.h>

#include "agent/office/own.h"
#include "common/event/catalogue.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/tell.h"
#include "common/reports/form_days.h"

static void tell_plan(struct say *say, const struct asking *asked)
{
    const struct plan *plan = asked->plan->plan;

    say_object(say, "plan");
    say_text(say, "id", plan->id);
    say_number(say, "revision", asked->plan->revision);
    say_labels(say, "title", plan->title);
    say_text(say, "number", plan->number);
    say_day(say, "from", plan->from);
    say_day(say, "to", plan->to);
    say_object_end(say);
}

static void tell_coordinates(struct say *say, const struct asking *asked)
{
    const struct figure_range *range = &asked->request.range;

    say_object(say, "coordinates");
    say_day(say, "from", range->from);
    say_day(say, "to", range->to);
    say_day(say, "units_on", range->unit_date);
    say_day(say, "known_to", asked->request.today);
    say_text(say, "regime",
             asked->of_period ? form_regime_token(asked->regime.number) : NULL);
    if (asked->of_period) {
        tell_period_key(say, "period", &asked->period);
    } else {
        say_null(say, "period");
    }
    say_object_end(say);
}

/* Of what the figures are: never to be taken for the province's. */
static void tell_own(struct say *say, const struct asking *asked)
{
    const struct view *view = &asked->kept->view;
    struct fold_totals totals;
    char text[VIEW_SAYS_MAX];

    fold_totals(view->fold, &totals);
    view_says(view, asked->context, asked->request.language, text);
    say_object(say, "own");
    say_text(say, "text", text);
    say_number(say, "events", (int64_t)view->events);
    say_number(say, "waiting", (int64_t)view->waiting);
    say_number(say, "not_counted",
               (int64_t)(totals.events - totals.outcomes[FOLD_COUNTED] -
                         totals.outcomes[FOLD_VOIDED] -
                         totals.outcomes[FOLD_REPLACED]));
    say_object_end(say);
}

/* Those that the office records for, and what lies in the one that is shown. */
static void tell_units(struct say *say, const struct asking *asked,
                       const struct context_agent *agent,
                       const struct unit *unit)
{
    int32_t day = asked->request.range.unit_date;

    say_array(say, "units");
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        const struct unit *own =
            units_find(asked->units, agent->scopes[i].unit, day);
        bool before = false;

        for (uint32_t k = 0; k < i; k++) {
            before = before || agent->scopes[k].unit == agent->scopes[i].unit;
        }
        if (own != NULL && !before) {
            tell_unit(say, NULL, own);
        }
    }
    say_array_end(say);
    say_array(say, "below");
    for (size_t i = 0; i < units_count(asked->units); i++) {
        const struct unit *at = units_at(asked->units, i);

        if (at->parent == unit->key && at->from <= day && at->to > day) {
            tell_unit(say, NULL, at);
        }
    }
    say_array_end(say);
}

/* Those of a kind that end in the plan. */
static void tell_kind(struct say *say, const struct plan *plan,
                      const struct period_regime *regime, enum period_kind kind)
{
    const struct catalogue_value *token =
        catalogue_value(catalogue_enumeration("PeriodKind"), (uint32_t)kind);
    struct period period;
    bool more = period_of_day(regime, kind, plan->from, &period);

    while (more && period.to <= plan->to) {
        say_object(say, NULL);
        say_text(say, "regime", form_regime_token(regime->number));
        tell_period_key(say, "period", &period);
        say_text(say, "kind", token != NULL ? token->token : NULL);
        tell_period_label(say, "label", &period);
        say_bool(say, "reports", (regime->kinds & 1u << kind) != 0);
        say_object_end(say);
        more = period_of_day(regime, kind, period.to + 1, &period);
    }
}

/* Every period of the plan's regimes, whether a report of it is due or not; a
 * kind that none of them has goes by the calendar, as everywhere. */
static void tell_periods(struct say *say, const struct plan *plan)
{
    say_array(say, "periods");
    for (enum period_kind kind = PERIOD_MONTH; kind <= PERIOD_YEAR; kind++) {
        struct period_regime usual;
        bool any = false;

        for (uint32_t i = 0; i < plan->regime_count; i++) {
            if (period_count(&plan->regimes[i], kind) > 0) {
                tell_kind(say, plan, &plan->regimes[i], kind);
                any = true;
            }
        }
        if (!any && form_regime(plan, 0, kind, &usual)) {
            usual.kinds = 0;
            tell_kind(say, plan, &usual, kind);
        }
    }
    say_array_end(say);
}

static void tell_lines(struct say *say, const struct asking *asked,
                       const struct indicator_rows *rows)
{
    struct tell_statuses statuses = {{0}};

    tell_count_statuses(rows, &statuses);
    tell_statuses(say, "statuses", &statuses);
    say_bool(say, "hidden", rows->hidden);
    say_array(say, "lines");
    for (size_t i = 0; i < rows->count; i++) {
        tell_line(say, &asked->request, &rows->rows[i]);
    }
    say_array_end(say);
}

static void answer(struct desk_order *order, struct asking *asked,
                   struct http_reply *reply)
{
    struct indicator_rows *rows = NULL;
    struct telling telling;
    enum status status = indicator_rows_new(
        asked->kept->view.fold, asked->context, &asked->request, &rows);

    tell_begin(&telling, order);
    if (status == STATUS_OK) {
        struct say *say = &telling.say;

        tell_own(say, asked);
        tell_coordinates(say, asked);
        tell_plan(say, asked);
        tell_unit(say, "unit", rows->unit);
        tell_units(say, asked, order->means->office->agent, rows->unit);
        tell_periods(say, asked->plan->plan);
        tell_lines(say, asked, rows);
    }
    tell_end(&telling, status, reply);
    indicator_rows_free(&rows);
}

static enum desk_turn tell(struct desk_order *order, struct http_reply *reply)
{
    struct asking asked;
    enum desk_turn turn = asking_turn(order, &asked, reply);

    if (asked.kept != NULL && asking_choose(order, &asked, reply)) {
        answer(order, &asked, reply);
    }
    asking_fini(&asked);
    return turn;
}

const struct desk_work progress_work = {
    .query = {"plan", "period", "regime", "unit"}, .turn = tell};
