#include "collector/figures/indicator_choice.h"

#include "common/base/listing.h"
#include "common/base/nearest.h"
#include "common/figures/indicator_ended.h"
#include "common/plan/plan_choice.h"
#include "common/reports/form_days.h"

#include <stdio.h>
#include <string.h>

static enum status usage(const struct args *args, const char *option,
                         const char *text, struct language_text why)
{
    args_error(args, "--%s %s: %s", option, text, args_text(args, why));
    return STATUS_USAGE;
}

static enum status no_indicator(const struct args *args,
                                const struct plan *plan, const char *given)
{
    static const struct language_text none = {"kế hoạch không có chỉ tiêu này",
                                              "the plan has no such indicator"};
    static const struct language_text meant = {"có phải ý bạn là",
                                               "did you mean"};
    struct nearest nearest;

    nearest_init(&nearest, given);
    for (uint32_t i = 0; i < plan->target_count; i++) {
        nearest_try(&nearest, plan->targets[i].id);
    }
    for (uint32_t i = 0; i < plan->indicator_count; i++) {
        nearest_try(&nearest, plan->indicators[i].id);
    }
    args_error(args, "--indicator %s: %s", given, args_text(args, none));
    if (nearest.best != NULL) {
        (void)fprintf(stderr, "  %s: %s\n", args_text(args, meant),
                      nearest.best);
    }
    return STATUS_NOT_FOUND;
}

static enum status read_unit(const struct args *args,
                             const struct context *context,
                             struct indicator_request *request)
{
    static const struct language_text none = {
        "không có đơn vị này trong thời gian được hỏi",
        "there is no such unit in the time that is asked for"};
    static const struct language_text ended = {
        "đơn vị này đã kết thúc trước ngày cuối kỳ; hãy chọn kỳ trước đó, hoặc "
        "--to",
        "the unit ended before the last day of the period; ask for an earlier "
        "one, or with --to"};
    const char *text = args_value(args, "unit");
    const struct units *units = context_units(context);
    struct figure_range *range = &request->range;
    const struct plan *plan = range->plan;
    int32_t day = range->unit_date;
    uint32_t key = plan->unit;

    if (text == NULL && plan_carried(plan, units, key, day) != NULL) {
        return STATUS_OK;
    }
    if ((text != NULL &&
         unit_key_parse(text, strlen(text), day, &key) != STATUS_OK) ||
        !indicator_range_until(range, units, key)) {
        (void)usage(args, "unit", text != NULL ? text : plan->id, none);
        return STATUS_NOT_FOUND;
    }
    /* A report is of a whole period. */
    if (range->unit_date != day && args_value(args, "period") != NULL) {
        (void)usage(args, "unit", text != NULL ? text : plan->id, ended);
        return STATUS_NOT_FOUND;
    }
    request->unit = key;
    return STATUS_OK;
}

static enum status read_by(const struct args *args,
                           struct indicator_request *request)
{
    const char *text = args_value(args, "by");

    if (text == NULL) {
        return STATUS_OK;
    }
    request->by = true;
    if (strcmp(text, "district") == 0) {
        request->by_level = UNIT_DISTRICT;
    } else if (strcmp(text, "commune") == 0) {
        request->by_level = UNIT_COMMUNE;
    } else {
        return usage(args, "by", text,
                     (struct language_text){"cần district hoặc commune",
                                            "must be district or commune"});
    }
    return STATUS_OK;
}

/* The plan that is meant, and its year. */
static enum status read_plan(const struct args *args,
                             const struct context *context,
                             struct indicator_request *request)
{
    const struct context_plan *chosen = NULL;
    int32_t day = request->today;
    enum status status = command_day(args, "to", &day);

    if (status == STATUS_OK) {
        status = plan_choice(args, context, day, &chosen);
    }
    if (status == STATUS_OK) {
        figure_range_default(chosen->plan, &request->range);
    }
    return status;
}

static enum status read_period(const struct args *args, const struct plan *plan,
                               struct indicator_choice *choice)
{
    static const struct language_text shape = {
        "cần dạng 2018-M03, 2018-Q1, 2018-H1 hoặc 2018",
        "must look like 2018-M03, 2018-Q1, 2018-H1 or 2018"};
    static const struct language_text alone = {
        "không dùng cùng với --from, --to", "does not go with --from and --to"};
    static const struct language_text regimes = {
        "cần calendar, nd09_2019 hoặc plan_deadline, cùng với --period",
        "must be calendar, nd09_2019 or plan_deadline, with --period"};
    static const struct language_text none = {
        "chế độ kỳ báo cáo này không có kỳ đó",
        "the regime has no such period"};
    const char *text = args_value(args, "period");
    const char *token = args_value(args, "regime");
    uint32_t number = 0, key;
    enum period_kind kind;

    if (token != NULL && (text == NULL || !form_regime_parse(token, &number))) {
        return usage(args, "regime", token, regimes);
    }
    if (text == NULL) {
        return STATUS_OK;
    }
    if (args_value(args, "from") != NULL || args_value(args, "to") != NULL) {
        return usage(args, "period", text, alone);
    }
    if (!period_key_parse(text, &kind, &key)) {
        return usage(args, "period", text, shape);
    }
    if (!form_regime(plan, number, kind, &choice->regime) ||
        !period_bounds(&choice->regime, kind, key, &choice->period)) {
        (void)usage(args, "period", text, none);
        return STATUS_NOT_FOUND;
    }
    choice->of_period = true;
    return STATUS_OK;
}

static enum status read_days(const struct args *args,
                             struct indicator_choice *choice)
{
    struct figure_range *range = &choice->request.range;
    enum status status = read_period(args, range->plan, choice);

    if (choice->of_period) {
        range->from = choice->period.from;
        range->to = choice->period.to;
    }
    if (status == STATUS_OK) {
        status = command_day(args, "from", &range->from);
    }
    if (status == STATUS_OK) {
        status = command_day(args, "to", &range->to);
    }
    if (status == STATUS_OK && range->from > range->to) {
        status = usage(args, "from", args_value(args, "from"),
                       (struct language_text){"sau ngày cuối (--to)",
                                              "is after the last day (--to)"});
    }
    range->unit_date = range->to;
    return status == STATUS_OK
               ? command_day(args, "unit-date", &range->unit_date)
               : status;
}

static enum status read_request(const struct args *args,
                                const struct context *context,
                                struct indicator_choice *choice)
{
    struct indicator_request *request = &choice->request;
    const struct plan *plan;
    enum status status = listing_format_given(args, &request->format);

    request->language = args->language;
    if (status == STATUS_OK) {
        status = read_plan(args, context, request);
    }
    if (status != STATUS_OK) {
        return status;
    }
    plan = request->range.plan;
    status = read_days(args, choice);
    request->indicator = args_value(args, "indicator");
    if (status == STATUS_OK && request->indicator != NULL &&
        plan_find_indicator(plan, request->indicator) == UINT32_MAX &&
        plan_find_target(plan, request->indicator) == UINT32_MAX) {
        return no_indicator(args, plan, request->indicator);
    }
    if (status == STATUS_OK) {
        status = read_unit(args, context, request);
    }
    if (status == STATUS_OK) {
        status = command_reader(args, context, request->range.unit_date,
                                &request->reader);
    }
    return status == STATUS_OK ? read_by(args, request) : status;
}

/* Who has reported in the period. */
static enum status hear(const struct args *args, const struct reading *reading,
                        struct indicator_choice *choice)
{
    struct silence_request about = {.plan = choice->request.range.plan,
                                    .regime = &choice->regime,
                                    .period = choice->period,
                                    .known_to = choice->request.today};
    enum status status = silence_new(tally_fold(reading->tally),
                                     province_context(reading->province),
                                     &about, &choice->silence);

    choice->request.silence = choice->silence;
    return status == STATUS_OK
               ? status
               : command_fail(args, reading->directory.path, status);
}

enum status indicator_choose(const struct args *args,
                             const struct reading *reading, int32_t today,
                             struct indicator_choice *choice)
{
    enum status status;

    memset(choice, 0, sizeof *choice);
    choice->request.today = today;
    choice->request.root_entry = tally_last(reading->tally);
    status = read_request(args, province_context(reading->province), choice);
    return status == STATUS_OK && choice->of_period
               ? hear(args, reading, choice)
               : status;
}

void indicator_choice_fini(struct indicator_choice *choice)
{
    silence_free(&choice->silence);
}
