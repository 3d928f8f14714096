/* GET due: the office's own reports, which are due when, and what is missing.
 * POST nil: "nothing to report", an event like any other. */
#include "agent/api/asking.h"
#include "agent/api/save.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdio.h>
#include <string.h>

#include "agent/office/own.h"
#include "common/base/text.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/indicator_text.h"
#include "common/figures/tell.h"
#include "common/reports/due_list.h"
#include "common/reports/form_days.h"

#define MISSING_ROWS 3u /* of how many reports the missing lines are told */

/* ---- what is missing ---- */

static enum status rows_of(const struct asking *asked, const struct plan *plan,
                           const struct period *period, uint32_t unit,
                           struct indicator_rows **rows)
{
    struct indicator_request request = {
        .today = asked->request.today,
        .unit = unit,
        .reader = {.kind = FIGURE_READER_UNIT, .unit = unit},
        .language = asked->request.language};

    figure_range_default(plan, &request.range);
    request.range.from = period->from;
    request.range.to = period->to;
    request.range.unit_date = period->to;
    return indicator_rows_new(asked->kept->view.fold, asked->context, &request,
                              rows);
}

/* The lines of the plan with nothing behind them in the period. */
static enum status tell_missing(struct say *say, const struct asking *asked,
                                const struct due_row *row)
{
    struct indicator_rows *rows = NULL;
    enum status status =
        rows_of(asked, row->plan, &row->period, row->unit->key, &rows);

    say_array(say, "missing");
    for (size_t i = 0; status == STATUS_OK && i < rows->count; i++) {
        const struct indicator_row *at = &rows->rows[i];

        if (at->figure.known && !indicator_row_happened(at)) {
            say_object(say, NULL);
            say_text(say, "indicator", indicator_row_id(at));
            say_labels(say, "label",
                       at->target != NULL ? at->target->label
                                          : at->indicator->label);
            say_object_end(say);
        }
    }
    say_array_end(say);
    indicator_rows_free(&rows);
    return status;
}

/* ---- rows ---- */

static bool is_open(enum due_state state)
{
    return state >= DUE_NOT_YET;
}

static enum status tell_row(struct say *say, const struct asking *asked,
                            const struct due_row *row, bool missing)
{
    int32_t on = asked->request.today;
    enum status status = STATUS_OK;

    say_object(say, NULL);
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
    if (missing) {
        status = tell_missing(say, asked, row);
    } else {
        say_null(say, "missing");
    }
    say_object_end(say);
    return status;
}

/* Those of the office's units, open ones first, next one first. */
static enum status tell_rows(struct say *say, const struct asking *asked,
                             const struct context_agent *agent,
                             const struct due_list *list)
{
    enum status status = STATUS_OK;
    size_t told = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < list->count && status == STATUS_OK; i++) {
            const struct due_row *row = &list->rows[i];

            if (is_open(row->state) == (pass == 0) &&
                own_records_for(agent, row->unit->key) &&
                row->period.from <= asked->request.today) {
                status = tell_row(say, asked, row,
                                  pass == 0 && told++ < MISSING_ROWS);
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

static enum status tell_levels(struct desk_order *order, struct say *say,
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
            status = tell_rows(say, asked, agent, &list);
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
    status = tell_levels(order, &telling.say, &asked);
    say_array_end(&telling.say);
    tell_end(&telling, status, reply);
    asking_fini(&asked);
    return turn;
}

const struct desk_work due_work = {.turn = tell};

/* ---- nothing to report ---- */

struct nil {
    const struct plan *plan; /* NULL: no plan has such a period */
    struct period period;
    uint32_t unit;
    char kind[VOCABULARY_TOKEN_MAX + 1u];
    char key[TEXT_NUMBER_MAX];
    char day[TEXT_DATE_MAX];
    char indicators[SOURCE_VALUE_MAX];
};

static void add_cell(struct save_request *request, const char *name,
                     const char *text)
{
    request->cells[request->count++] = (struct save_cell){name, text};
}

/* "a;b" of a list of texts; false: it is none, or too long. */
static bool join(const json_t *list, char *text, size_t room)
{
    size_t size = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));
        int more = one == NULL ? -1
                               : snprintf(text + size, room - size, "%s%s",
                                          i > 0 ? ";" : "", one);

        if (more < 0 || (size_t)more >= room - size) {
            return false;
        }
        size += (size_t)more;
    }
    return list == NULL || json_is_array(list);
}

static const char *text_of(const json_t *body, const char *name)
{
    const char *text = json_string_value(json_object_get(body, name));

    return text != NULL ? text : "";
}

/* The plan that has the period; false: none has, and entry then says what is
 * wrong. */
static bool find_period(const struct context *context, const char *token,
                        enum period_kind kind, uint32_t key, struct nil *nil)
{
    uint32_t number;

    for (size_t i = 0;
         form_regime_parse(token, &number) && i < context_plan_count(context);
         i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;
        struct period_regime regime;

        if (form_regime(plan, number, kind, &regime) &&
            period_bounds(&regime, kind, key, &nil->period)) {
            nil->plan = plan;
        }
    }
    return nil->plan != NULL;
}

/* Adds a number to a list in text, once. */
static void add_number(char *text, size_t room, uint32_t number)
{
    char one[TEXT_NUMBER_MAX + 2u];
    size_t size = strlen(text);

    (void)snprintf(one, sizeof one, ";%u;", (unsigned)number);
    if (strstr(text, one) == NULL && size + strlen(one) < room) {
        (void)snprintf(text + size, room - size, "%s",
                       size > 0 ? one + 1 : one);
    }
}

/* Nobody named them: all of the plan with nothing behind them in the period. */
static enum status find_indicators(const struct asking *asked, struct nil *nil,
                                   char *text, size_t room)
{
    struct indicator_rows *rows = NULL;
    enum status status =
        rows_of(asked, nil->plan, &nil->period, nil->unit, &rows);

    text[0] = '\0';
    for (size_t i = 0; status == STATUS_OK && i < rows->count; i++) {
        const struct indicator_row *at = &rows->rows[i];

        if (at->figure.known && at->indicator->number != 0 &&
            !indicator_row_happened(at)) {
            add_number(text, room, at->indicator->number);
        }
    }
    indicator_rows_free(&rows);
    return status;
}

/* The unit that the report is for, as far as that is plain. */
static uint32_t unit_of(const struct desk_order *order, const json_t *body,
                        int32_t day)
{
    const struct context_agent *agent = order->means->office->agent;
    const char *text = text_of(body, "unit");
    uint32_t unit =
        agent != NULL && agent->scope_count > 0 ? agent->scopes[0].unit : 0;

    return unit_key_parse(text, strlen(text), day, &unit) == STATUS_OK ||
                   text[0] == '\0'
               ? unit
               : 0;
}

/* False when the body does not say which report: the reply is a 400. */
static bool fill(struct desk_order *order, const struct asking *asked,
                 const json_t *body, struct nil *nil,
                 struct save_request *request, struct http_reply *reply)
{
    static const char *const more[] = {"unit", "office", "programme"};
    const struct catalogue_value *kind_value = NULL;
    const json_t *list = json_object_get(body, "indicators");
    enum period_kind kind;
    uint32_t key;
    int32_t last = clock_today(order->means->clock);
    enum status status = STATUS_OK;

    if (period_key_parse(text_of(body, "period"), &kind, &key)) {
        kind_value = catalogue_value(catalogue_enumeration("PeriodKind"),
                                     (uint32_t)kind);
    }
    if (kind_value == NULL ||
        !join(list, nil->indicators, sizeof nil->indicators)) {
        http_reply_problem(reply, 400, "period, indicators");
        return false;
    }
    if (find_period(asked->context, text_of(body, "regime"), kind, key, nil)) {
        last = nil->period.to;
    }
    nil->unit = unit_of(order, body, last);
    if (list == NULL && nil->plan != NULL && nil->unit != 0) {
        status = find_indicators(asked, nil, nil->indicators,
                                 sizeof nil->indicators);
    }
    (void)snprintf(nil->kind, sizeof nil->kind, "%s", kind_value->token);
    (void)snprintf(nil->key, sizeof nil->key, "%u", (unsigned)key);
    save_day(order, nil->unit, last, nil->day);
    add_cell(request, "occurred_on", nil->day);
    add_cell(request, "regime", text_of(body, "regime"));
    add_cell(request, "period_kind", nil->kind);
    add_cell(request, "period_key", nil->key);
    add_cell(request, "indicators", nil->indicators);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        if (text_of(body, more[i])[0] != '\0') {
            add_cell(request, more[i], text_of(body, more[i]));
        }
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        desk_failed(order, status, reply);
        return false;
    }
    return true;
}

static enum desk_turn take(struct desk_order *order, struct http_reply *reply)
{
    struct save_request request = {.type = "nil_report"};
    struct nil nil = {.plan = NULL};
    struct asking asked;
    enum desk_turn turn = asking_turn(order, &asked, reply);
    json_t *body = NULL;

    if (asked.kept == NULL) {
        return turn;
    }
    asked.request.today = clock_today(order->means->clock);
    asked.request.language = order->language;
    body = tell_body(order, reply);
    if (body != NULL && save_read_key(body, &request, reply) &&
        fill(order, &asked, body, &nil, &request, reply)) {
        save_tell(order, &request, reply);
    }
    json_decref(body);
    asking_fini(&asked);
    return DESK_DONE;
}

const struct desk_work nil_work = {.turn = take};
