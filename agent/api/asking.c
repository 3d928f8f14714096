#include "agent/api/asking.h"

#include <string.h>

#include "agent/office/own.h"
#include "common/figures/indicator_ended.h"
#include "common/reports/form_days.h"

/* ---- the figures ---- */

static const struct language_text not_yet = {
    "Chưa nhận được danh mục và kế hoạch từ tỉnh: hãy chờ kết nối lần đầu.",
    "The province's lists and plans have not come down yet: wait for the first "
    "connection."};

/* Nothing to show of a part: a figure of it would look like one of all. */
static bool is_whole(const struct desk_order *order, struct http_reply *reply)
{
    char text[VIEW_TEXT_MAX];
    bool whole;
    enum status status =
        view_is_whole(order->means->office, order->language, &whole, text);

    if (status != STATUS_OK) {
        desk_failed(order, status, reply);
    } else if (!whole) {
        desk_problem(order, 409, (struct language_text){text, text}, reply);
    }
    return status == STATUS_OK && whole;
}

enum desk_turn asking_turn(struct desk_order *order, struct asking *asked,
                           struct http_reply *reply)
{
    const struct desk_means *means = order->means;
    int64_t until = clock_monotonic_us(means->clock) + DESK_TURN_US;
    bool ready;
    enum status status;

    memset(asked, 0, sizeof *asked);
    if (context_plan_count(means->office->context) == 0 ||
        context_units(means->office->context) == NULL) {
        desk_problem(order, 409, not_yet, reply);
        return DESK_DONE;
    }
    if (!is_whole(order, reply)) {
        return DESK_DONE;
    }
    status = kept_turn(means->kept, means->office, means->clock, until, &ready);
    if (status != STATUS_OK) {
        desk_failed(order, status, reply);
        return DESK_DONE;
    }
    if (!ready) {
        return DESK_AGAIN;
    }
    asked->kept = means->kept;
    asked->context = means->office->context;
    asked->units = context_units(asked->context);
    return DESK_DONE;
}

/* ---- what is asked for ---- */

static bool absent(const struct desk_order *order, struct http_reply *reply,
                   const char *vi, const char *en)
{
    desk_problem(order, 404, (struct language_text){vi, en}, reply);
    return false;
}

static bool choose_plan(const struct desk_order *order, struct asking *asked,
                        struct http_reply *reply)
{
    const char *id = desk_query(order, "plan");
    enum status status = context_plan_choose(
        asked->context, id, asked->request.today, &asked->plan);

    if (status == STATUS_USAGE) {
        asked->plan = context_plan_likely(asked->context, asked->request.today);
    } else if (status != STATUS_OK) {
        return absent(order, reply, "không có kế hoạch này",
                      "there is no such plan");
    }
    figure_range_default(asked->plan->plan, &asked->request.range);
    return true;
}

static bool choose_period(const struct desk_order *order, struct asking *asked,
                          struct http_reply *reply)
{
    const char *text = desk_query(order, "period");
    const char *token = desk_query(order, "regime");
    struct figure_range *range = &asked->request.range;
    enum period_kind kind;
    uint32_t key, regime = 0;

    if (text == NULL || text[0] == '\0') {
        return true;
    }
    if ((token != NULL && !form_regime_parse(token, &regime)) ||
        !period_key_parse(text, &kind, &key) ||
        !form_regime(range->plan, regime, kind, &asked->regime) ||
        !period_bounds(&asked->regime, kind, key, &asked->period)) {
        return absent(order, reply, "kế hoạch không có kỳ này",
                      "the plan has no such period");
    }
    asked->of_period = true;
    range->from = asked->period.from;
    range->to = asked->period.to;
    range->unit_date = asked->period.to;
    return true;
}

/* The office's own, or what lies in one that is its own. */
static uint32_t home_of(const struct asking *asked,
                        const struct context_agent *agent, uint32_t unit,
                        int32_t day)
{
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        uint32_t own = agent->scopes[i].unit;

        if (own == unit || units_below(asked->units, unit, own, day)) {
            return own;
        }
    }
    return 0;
}

static bool choose_unit(const struct desk_order *order, struct asking *asked,
                        struct http_reply *reply)
{
    const struct context_agent *agent = order->means->office->agent;
    const char *text = desk_query(order, "unit");
    struct indicator_request *request = &asked->request;
    int32_t day = request->range.unit_date;
    bool several;

    request->unit = own_unit(agent, asked->plan->plan, &several);
    if (text != NULL && text[0] != '\0' &&
        unit_key_parse(text, strlen(text), day, &request->unit) != STATUS_OK) {
        return absent(order, reply, "không có đơn vị này",
                      "there is no such unit");
    }
    request->reader.kind = FIGURE_READER_UNIT;
    request->reader.unit = home_of(asked, agent, request->unit, day);
    if (request->reader.unit == 0) {
        return absent(order, reply, "đơn vị này không thuộc văn phòng",
                      "this unit is not the office's");
    }
    if (!indicator_range_until(&request->range, asked->units, request->unit)) {
        return absent(order, reply, "không có đơn vị này trong thời gian đó",
                      "there is no such unit in that time");
    }
    return true;
}

/* Who has reported in the period: the office itself, as far as it knows. */
static bool hear(const struct desk_order *order, struct asking *asked,
                 struct http_reply *reply)
{
    struct silence_request about = {.plan = asked->plan->plan,
                                    .regime = &asked->regime,
                                    .period = asked->period,
                                    .known_to = asked->request.today};
    enum status status;

    if (!asked->of_period) {
        return true;
    }
    status = silence_new(asked->kept->view.fold, asked->context, &about,
                         &asked->silence);
    asked->request.silence = asked->silence;
    if (status != STATUS_OK) {
        desk_failed(order, status, reply);
    }
    return status == STATUS_OK;
}

bool asking_choose(struct desk_order *order, struct asking *asked,
                   struct http_reply *reply)
{
    asked->request.today = clock_today(order->means->clock);
    asked->request.language = order->language;
    return choose_plan(order, asked, reply) &&
           choose_period(order, asked, reply) &&
           choose_unit(order, asked, reply) && hear(order, asked, reply);
}

void asking_fini(struct asking *asked)
{
    silence_free(&asked->silence);
}
