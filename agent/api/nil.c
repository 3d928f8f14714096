/* POST nil: "nothing to report", an event like any other. */
#include "agent/api/missing.h"
#include "agent/api/save.h"
#include "agent/api/telling.h"
#include "agent/api/works.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/unit.h"
#include "common/event/vocabulary.h"
#include "common/reports/form_days.h"

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
static bool find_period(const struct context *context, const json_t *body,
                        enum period_kind kind, uint32_t key, struct nil *nil)
{
    const char *token = text_of(body, "regime");
    const char *wanted = text_of(body, "plan");
    uint32_t number;

    for (size_t i = 0;
         form_regime_parse(token, &number) && i < context_plan_count(context);
         i++) {
        const struct plan *plan = context_plan_at(context, i)->plan;
        struct period_regime regime;

        if ((wanted[0] == '\0' || strcmp(wanted, plan->id) == 0) &&
            form_regime(plan, number, kind, &regime) &&
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
static enum status find_indicators(const struct asking *asked,
                                   const struct context_agent *agent,
                                   struct nil *nil, char *text, size_t room)
{
    struct missing missing;
    enum status status = missing_lines(asked, agent, nil->plan, &nil->period,
                                       nil->unit, &missing);
    const struct indicator_row *at;
    size_t place = 0;

    text[0] = '\0';
    while (status == STATUS_OK &&
           (at = missing_next(&missing, &place)) != NULL) {
        if (at->indicator->number != 0) {
            add_number(text, room, at->indicator->number);
        }
    }
    missing_fini(&missing);
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

static bool may_write(const struct context_agent *agent, uint32_t unit,
                      uint32_t programme)
{
    for (uint32_t i = 0; i < agent->scope_count; i++) {
        const struct control_scope *scope = &agent->scopes[i];

        for (uint32_t k = 0; scope->unit == unit && k < scope->programme_count;
             k++) {
            if (scope->programmes[k] == programme) {
                return true;
            }
        }
        if (scope->unit == unit && scope->programme_count == 0) {
            return true;
        }
    }
    return false;
}

/* The plan's first one that the office may write, since other plans have
 * reports of the same period; NULL: there is none. Valid for ever. */
static const char *programme_of(const struct asking *asked,
                                const struct context_agent *agent,
                                const struct plan *plan, uint32_t unit)
{
    const struct catalogue_value *value;
    uint32_t programme = plan != NULL ? plan->programme : 0;

    for (uint32_t i = plan != NULL ? plan->programme_count : 0;
         i > 0 && agent != NULL; i--) {
        if (may_write(agent, unit, plan->programmes[i - 1])) {
            programme = plan->programmes[i - 1];
        }
    }
    value = vocabulary_value(context_vocabulary(asked->context),
                             catalogue_enumeration("Programme"), programme);

    return value != NULL ? value->token : NULL;
}

/* False when the body does not say which report: the reply is a 400. */
static bool fill(struct desk_order *order, const struct asking *asked,
                 const json_t *body, struct nil *nil,
                 struct save_request *request, struct http_reply *reply)
{
    static const char *const more[] = {"unit", "office", "programme"};
    const struct context_agent *agent = order->means->office->agent;
    const struct catalogue_value *kind_value = NULL;
    const char *programme;
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
    if (find_period(asked->context, body, kind, key, nil)) {
        last = nil->period.to;
    }
    nil->unit = unit_of(order, body, last);
    if (list == NULL && nil->plan != NULL && nil->unit != 0) {
        status = find_indicators(asked, agent, nil, nil->indicators,
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
    programme = programme_of(asked, agent, nil->plan, nil->unit);
    if (programme != NULL && text_of(body, "programme")[0] == '\0') {
        add_cell(request, "programme", programme);
    }
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
