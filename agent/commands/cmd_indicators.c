/* tallyline-agent indicators: the office's own figures, by the fold and the
 * tables of the province, from what lies in the spool. Beside a running daemon
 * or without one, with or without a province. */
#include "agent/commands/commands.h"
#include "agent/office/view.h"
#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_history.h"
#include "common/base/check.h"
#include "common/base/listing.h"
#include "common/event/reference.h"
#include "common/figures/indicator_ended.h"
#include "common/plan/plan_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAYS_MAX    4096u
#define STREAMS_MAX 4096u

struct showing {
    const struct args *args;
    struct office *office;
    struct context *own; /* of --plan; NULL: the office's */
    const struct context *context;
    const struct plan *plan;
    struct view view;
    char says[SAYS_MAX];
    char streams[STREAMS_MAX];
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

/* The units that the office records for; the plan's comes first. */
static uint32_t own_unit(const struct showing *showing, bool *several)
{
    const struct context_agent *agent = showing->office->agent;
    uint32_t unit = 0;

    *several = false;
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        uint32_t one = agent->scopes[i].unit;

        if (one == showing->plan->unit) {
            *several = false;
            return one;
        }
        *several = *several || (unit != 0 && one != unit);
        unit = one;
    }
    return unit;
}

static bool records_for(const struct showing *showing, uint32_t unit)
{
    const struct context_agent *agent = showing->office->agent;

    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        if (agent->scopes[i].unit == unit) {
            return true;
        }
    }
    return false;
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

    request->unit = own_unit(showing, &several);
    if (text == NULL && several) {
        args_error(showing->args, "%s",
                   language_pick(which, showing->office->language));
        return STATUS_USAGE;
    }
    if (text != NULL &&
        unit_key_parse(text, strlen(text), day, &request->unit) != STATUS_OK) {
        return usage(showing, "unit", absent);
    }
    if (records_for(showing, request->unit)) {
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

/* ---- what it is of ---- */

/* Adds as much as there is room for. */
static void add(char *text, size_t room, const char *more)
{
    size_t size = strlen(text);

    (void)snprintf(text + size, room - size, "%s%s", size > 0 ? " " : "", more);
}

static void name_streams(struct showing *showing)
{
    for (uint32_t i = 0; i < showing->view.epoch_count; i++) {
        char text[EVENT_ID_TEXT_MAX];

        (void)snprintf(text, sizeof text, "%" PRIu32 ".%" PRIu32,
                       showing->office->identity.agent_number,
                       showing->view.epochs[i]);
        add(showing->streams, sizeof showing->streams, text);
    }
}

static void name_pairs(const struct showing *showing, char *pairs, size_t room)
{
    const struct context_agent *agent = showing->office->agent;
    const struct catalogue_enumeration *offices =
        catalogue_enumeration("Office");

    pairs[0] = '\0';
    for (uint32_t i = 0; agent != NULL && i < agent->scope_count; i++) {
        const struct catalogue_value *office =
            vocabulary_value(context_vocabulary(showing->context), offices,
                             agent->scopes[i].office);
        char unit[UNIT_TEXT_MAX], pair[UNIT_TEXT_MAX + 64];

        unit_key_format(agent->scopes[i].unit, unit);
        (void)snprintf(pair, sizeof pair, "%s:%s", unit,
                       office != NULL ? office->token : "?");
        add(pairs, room, pair);
    }
}

static void say(struct showing *showing)
{
    char pairs[SAYS_MAX / 2];
    struct fold_totals totals;
    uint64_t left_out;

    fold_totals(showing->view.fold, &totals);
    left_out = totals.events - totals.outcomes[FOLD_COUNTED] -
               totals.outcomes[FOLD_VOIDED] - totals.outcomes[FOLD_REPLACED];
    name_streams(showing);
    name_pairs(showing, pairs, sizeof pairs);
    (void)snprintf(
        showing->says, sizeof showing->says,
        showing->office->language == LANGUAGE_EN
            ? "The office's own figures, not the province's: %" PRIu64
              " events of the streams %s (%" PRIu64
              " not received yet, %" PRIu64 " not counted), recorded for %s"
            : "Số liệu của riêng văn phòng, chưa phải của tỉnh: %" PRIu64
              " sự kiện của luồng %s (%" PRIu64 " chưa được nhận, %" PRIu64
              " không được tính), ghi cho %s",
        showing->view.events,
        showing->streams[0] != '\0' ? showing->streams : "–",
        showing->view.waiting, left_out, pairs[0] != '\0' ? pairs : "–");
}

/* A figure of a part of the events would look like one of all. */
static enum status refuse_a_part(const struct showing *showing)
{
    static const struct language_text coming = {
        "số liệu cũ của văn phòng chưa về đủ máy mới này (xem status): chưa in "
        "số liệu riêng của văn phòng",
        "the office's own past has not all come back to this new machine (see "
        "status): its own figures are not printed yet"};
    struct spool_history history;
    struct spool_backup backup;
    char id[EVENT_ID_TEXT_MAX];
    enum status status = spool_history(showing->office->spool, &history);

    if (status == STATUS_OK && history.wanted && !history.done) {
        args_error(showing->args, "%s",
                   language_pick(coming, showing->office->language));
        return STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = spool_backup(showing->office->spool, &backup);
    }
    if (status != STATUS_OK || backup.removed == 0) {
        return status;
    }
    event_id_format(backup.kept_from, id);
    args_error(
        showing->args,
        showing->office->language == LANGUAGE_EN
            ? "events before %s were backed up by the province and are not "
              "here any more: the office's own figures are known from that "
              "event on only, and are not printed; look at the province's"
            : "các sự kiện trước %s đã được tỉnh sao lưu và không còn trên máy "
              "này: máy này chỉ còn biết từ sự kiện đó, nên không in số liệu "
              "riêng của văn phòng; hãy xem số liệu của tỉnh",
        id);
    return STATUS_REFUSED;
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
        say(showing);
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
