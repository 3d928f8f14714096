/* tallyline-agent indicators: the office's own figures, by the fold and the
 * tables of the province, from what lies in the spool. Beside a running daemon
 * or without one, with or without a province. */
#include "agent/commands/commands.h"
#include "agent/office/own.h"
#include "agent/office/view.h"
#include "common/base/check.h"
#include "common/base/listing.h"
#include "common/figures/indicator_ended.h"
#include "common/plan/plan_choice.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct showing {
    const struct args *args;
    struct office *office;
    struct context *own; /* of --plan; NULL: the office's */
    const struct context *context;
    const struct plan *plan;
    struct view view;
    char says[VIEW_SAYS_MAX];
    char streams[VIEW_SAYS_MAX];
};

static enum status usage(const struct showing *showing, const char *option,
                         struct language_text why)
{
    args_error(showing->args, "--%s %s: %s", option,
               args_value(showing->args, option),
               language_pick(why, showing->office->language));
    return STATUS_USAGE;
}

/* ---- the plan ---- */

static enum status open_own_plan(struct showing *showing, const char *path)
{
    struct plan_files files;
    struct report report;
    enum status status;

    plan_files_init(&files);
    report_init(&report, showing->office->language);
    status = plan_files_read(&files, path, &report);
    if (status == STATUS_OK) {
        status = plan_files_check(&files, &report);
    }
    if (status == STATUS_OK) {
        status =
            office_own_context(showing->office, &files, &report, &showing->own);
    }
    if (status != STATUS_OK) {
        report_print(&report, stderr);
    }
    report_fini(&report);
    plan_files_fini(&files);
    showing->context = showing->own;
    return status;
}

/* By which of several plans is chosen: the last day asked for, as the calendar
 * has it. */
static int32_t last_day(const struct showing *showing, int32_t today)
{
    const char *text = args_value(showing->args, "period");
    struct period_regime calendar;
    enum period_kind kind;
    struct period period;
    uint32_t key;

    return text != NULL && period_key_parse(text, &kind, &key) &&
                   period_regime_init(&calendar, PERIOD_CALENDAR) &&
                   period_bounds(&calendar, kind, key, &period)
               ? period.to
               : today;
}

static enum status open_plan(struct showing *showing, int32_t today)
{
    const char *name = args_value(showing->args, "plan");
    const struct context_plan *chosen = NULL;
    enum status status;

    showing->context = showing->office->context;
    if (name != NULL &&
        (strchr(name, '/') != NULL || access(name, F_OK) == 0)) {
        status = open_own_plan(showing, name);
        chosen = status == STATUS_OK ? context_plan_at(showing->own, 0) : NULL;
    } else {
        status = plan_choice(showing->args, showing->context,
                             last_day(showing, today), &chosen);
    }
    showing->plan = chosen != NULL ? chosen->plan : NULL;
    check(status != STATUS_OK || showing->plan != NULL);
    return status;
}

/* ---- what is asked ---- */

static enum status read_period(const struct showing *showing,
                               struct indicator_request *request)
{
    const char *text = args_value(showing->args, "period");
    const struct plan *plan = showing->plan;
    enum period_kind kind;
    struct period period;
    uint32_t key;

    figure_range_default(plan, &request->range);
    if (text == NULL) {
        return STATUS_OK;
    }
    if (!period_key_parse(text, &kind, &key)) {
        return usage(showing, "period",
                     (struct language_text){
                         "không phải một kỳ; ví dụ 2018, 2018-H1, 2018-Q2",
                         "is no period; such as 2018, 2018-H1, 2018-Q2"});
    }
    for (uint32_t i = 0; i < plan->regime_count; i++) {
        if ((plan->regimes[i].kinds & 1u << kind) != 0 &&
            period_bounds(&plan->regimes[i], kind, key, &period)) {
            request->range.from = period.from;
            request->range.to = period.to;
            request->range.unit_date = period.to;
            return STATUS_OK;
        }
    }
    return usage(showing, "period",
                 (struct language_text){"kế hoạch không có kỳ này",
                                        "the plan has no such period"});
}

static enum status read_unit(const struct showing *showing,
                             struct indicator_request *request)
{
    static const struct language_text absent = {
        "không có đơn vị này trong thời gian được hỏi",
        "there is no such unit in the time that is asked for"};
    static const struct language_text which = {
        "văn phòng ghi cho nhiều đơn vị; hãy chọn một bằng --unit",
        "the office records for several units; say which one with --unit"};
    const char *text = args_value(showing->args, "unit");
    int32_t day = request->range.unit_date;
    bool several;

    request->unit = own_unit(showing->office->agent, showing->plan, &several);
    if (text == NULL && several) {
        args_error(showing->args, "%s",
                   language_pick(which, showing->office->language));
        return STATUS_USAGE;
    }
    if (text != NULL &&
        unit_key_parse(text, strlen(text), day, &request->unit) != STATUS_OK) {
        return usage(showing, "unit", absent);
    }
    if (own_records_for(showing->office->agent, request->unit)) {
        request->reader.kind = FIGURE_READER_UNIT;
        request->reader.unit = request->unit;
    }
    if (!indicator_range_until(&request->range, context_units(showing->context),
                               request->unit)) {
        char unit[UNIT_TEXT_MAX];

        unit_key_format(request->unit, unit);
        args_error(showing->args, "%s: %s", text != NULL ? text : unit,
                   language_pick(absent, showing->office->language));
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status read_request(const struct showing *showing,
                                struct indicator_request *request)
{
    static const struct language_text none = {"kế hoạch không có chỉ tiêu này",
                                              "the plan has no such indicator"};
    const struct plan *plan = showing->plan;
    enum status status = listing_format_given(showing->args, &request->format);

    request->language = showing->office->language;
    request->indicator = args_value(showing->args, "indicator");
    if (status == STATUS_OK) {
        status = read_period(showing, request);
    }
    if (status == STATUS_OK) {
        status = read_unit(showing, request);
    }
    if (status == STATUS_OK && request->indicator != NULL &&
        plan_find_indicator(plan, request->indicator) == UINT32_MAX &&
        plan_find_target(plan, request->indicator) == UINT32_MAX) {
        (void)usage(showing, "indicator", none);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* A figure of a part of the events would look like one of all. */
static enum status refuse_a_part(const struct showing *showing)
{
    char text[VIEW_TEXT_MAX];
    bool whole;
    enum status status =
        view_is_whole(showing->office, showing->office->language, &whole, text);

    if (status == STATUS_OK && !whole) {
        args_error(showing->args, "%s", text);
        status = STATUS_REFUSED;
    }
    return status;
}

static enum status show(struct showing *showing,
                        const struct indicator_request *request)
{
    struct indicator_request asked = *request;
    struct indicator_view view = {.says = showing->says,
                                  .streams = showing->streams};
    enum status status =
        view_open(showing->office, showing->context, &showing->view);

    if (status == STATUS_OK) {
        view_says(&showing->view, showing->context, showing->office->language,
                  showing->says);
        view_streams(&showing->view, showing->streams);
        asked.view = &view;
        status = indicator_print(showing->view.fold, showing->context, &asked,
                                 showing->args->out);
    }
    if (status != STATUS_OK) {
        args_error(showing->args, "%s",
                   status_text(status, showing->office->language));
    }
    return status;
}

enum status cmd_indicators(const struct args *args, void *context)
{
    struct showing showing = {.args = args};
    struct indicator_request request = {.unit = 0};
    struct clock clock;
    enum status status = office_open(args, &showing.office);

    (void)context;
    clock_init_real(&clock);
    request.today = clock_today(&clock);
    if (status == STATUS_OK) {
        status = open_plan(&showing, request.today);
    }
    if (status == STATUS_OK) {
        status = read_request(&showing, &request);
    }
    if (status == STATUS_OK) {
        status = refuse_a_part(&showing);
    }
    if (status == STATUS_OK) {
        status = show(&showing, &request);
    }
    view_close(&showing.view);
    context_free(&showing.own);
    office_close(&showing.office);
    return status;
}
