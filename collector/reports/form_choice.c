#include "collector/reports/form_choice.h"

#include "collector/figures/position.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/plan/plan_choice.h"

static enum status usage(const struct args *args, const char *option,
                         const char *text, struct language_text why)
{
    args_error(args, "--%s %s: %s", option, text, args_text(args, why));
    return STATUS_USAGE;
}

static enum status broken(const struct args *args,
                          const struct reading *reading, enum status status)
{
    return status == STATUS_OK
               ? status
               : command_fail(args, reading->directory.path, status);
}

/* ---- which report ---- */

/* The last day of the period by the calendar, whatever its regime: near enough
 * to say which plan it is of. */
static int32_t day_of_period(const struct args *args)
{
    const char *text = args_value(args, "period");
    struct period_regime calendar;
    struct period period;
    enum period_kind kind;
    uint32_t key;

    return text != NULL && period_key_parse(text, &kind, &key) &&
                   period_regime_init(&calendar, PERIOD_CALENDAR) &&
                   period_bounds(&calendar, kind, key, &period)
               ? period.to
               : 0;
}

static enum status choose_plan(const struct args *args,
                               const struct context *context,
                               struct form_choice *choice)
{
    const struct context_plan *plan = NULL;
    enum status status = plan_choice(args, context, day_of_period(args), &plan);

    choice->plan = plan == NULL ? NULL : plan->plan;
    return status;
}

/* --unit-date, of commands that have it: all ranges by the units of that
 * day. */
static enum status choose_unit_date(const struct args *args,
                                    struct form_choice *choice)
{
    struct form_days *days = &choice->days;
    enum status status = STATUS_OK;

    if (args_declares(args, "unit-date")) {
        status = command_day(args, "unit-date", &days->in_period.unit_date);
        days->so_far.unit_date = days->in_period.unit_date;
        days->year_before.unit_date = days->in_period.unit_date;
    }
    return status;
}

static enum status choose_days(const struct args *args,
                               struct form_choice *choice)
{
    static const struct language_text shape = {
        "cần dạng 2018-M03, 2018-Q1, 2018-H1 hoặc 2018",
        "must look like 2018-M03, 2018-Q1, 2018-H1 or 2018"};
    static const struct language_text regimes = {
        "cần calendar, nd09_2019 hoặc plan_deadline",
        "must be calendar, nd09_2019 or plan_deadline"};
    static const struct language_text none = {
        "chế độ báo cáo này không có kỳ đó, hoặc kỳ nằm ngoài năm kế hoạch",
        "the regime has no such period, or it lies outside the plan's year"};
    const char *text = args_value(args, "period");
    const char *token = args_value(args, "regime");
    struct period_regime regime;
    enum period_kind kind;
    uint32_t key, number = 0;

    if (text == NULL) {
        args_error(args, "--period: %s", args_text(args, shape));
        return STATUS_USAGE;
    }
    if (!period_key_parse(text, &kind, &key)) {
        return usage(args, "period", text, shape);
    }
    if (token != NULL && !form_regime_parse(token, &number)) {
        return usage(args, "regime", token, regimes);
    }
    if (!form_regime(choice->plan, number, kind, &regime) ||
        !form_days(choice->plan, &regime, kind, key, &choice->days)) {
        (void)usage(args, "period", text, none);
        return STATUS_NOT_FOUND;
    }
    return choose_unit_date(args, choice);
}

static enum status choose_unit(const struct args *args,
                               const struct context *context,
                               struct form_choice *choice)
{
    static const struct language_text none = {
        "không có đơn vị này vào ngày cuối kỳ; đơn vị đã kết thúc chỉ có báo "
        "cáo của những kỳ trước đó",
        "there is no such unit at the end of the period; one that has ended "
        "has reports of the periods before"};
    const char *text = args_value(args, "unit");
    int32_t date = choice->days.in_period.unit_date;
    const struct unit *own = plan_carried(choice->plan, context_units(context),
                                          choice->plan->unit, date);

    choice->unit = own != NULL ? own->key : choice->plan->unit;
    if (text != NULL &&
        (unit_key_parse(text, strlen(text), date, &choice->unit) != STATUS_OK ||
         units_find(context_units(context), choice->unit, date) == NULL)) {
        (void)usage(args, "unit", text, none);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

/* --within, of the command that has it: another's report is not told from one
 * that there is not. */
static enum status check_within(const struct args *args,
                                const struct context *context,
                                const struct form_choice *choice)
{
    static const struct language_text outside = {
        "không gồm đơn vị được hỏi", "does not hold the unit asked for"};
    const char *text =
        args_declares(args, "within") ? args_value(args, "within") : NULL;
    int32_t date = choice->days.in_period.unit_date;
    uint32_t whole;

    if (text == NULL ||
        (unit_key_parse(text, strlen(text), date, &whole) == STATUS_OK &&
         units_below(context_units(context), choice->unit, whole, date))) {
        return STATUS_OK;
    }
    (void)usage(args, "within", text, outside);
    return STATUS_NOT_FOUND;
}

/* The level below the unit. */
static void choose_usual_level(const struct context *context,
                               struct form_choice *choice)
{
    const struct units *units = context_units(context);
    int32_t date = choice->days.in_period.unit_date;
    const struct unit *unit = units_find(units, choice->unit, date);

    choice->by = unit != NULL && unit->level != UNIT_COMMUNE;
    choice->by_level =
        unit != NULL && unit->level == UNIT_PROVINCE &&
                units_in_force(units, choice->unit, UNIT_DISTRICT, date) > 0
            ? UNIT_DISTRICT
            : UNIT_COMMUNE;
}

static enum status choose_level(const struct args *args,
                                struct form_choice *choice)
{
    static const struct language_text wrong = {
        "cần district, commune hoặc none", "must be district, commune or none"};
    const char *text = args_value(args, "by");

    if (text == NULL) {
        return STATUS_OK;
    }
    choice->by = true;
    if (strcmp(text, "district") == 0) {
        choice->by_level = UNIT_DISTRICT;
    } else if (strcmp(text, "commune") == 0) {
        choice->by_level = UNIT_COMMUNE;
    } else if (strcmp(text, "none") == 0) {
        choice->by = false;
    } else {
        return usage(args, "by", text, wrong);
    }
    return STATUS_OK;
}

enum status form_choose_view(const struct args *args,
                             const struct reading *reading,
                             struct form_choice *choice)
{
    enum status status = choose_level(args, choice);

    return status == STATUS_OK
               ? command_reader(args, province_context(reading->province),
                                choice->days.in_period.unit_date,
                                &choice->reader)
               : status;
}

enum status form_choose(const struct args *args, const struct reading *reading,
                        struct form_choice *choice)
{
    const struct context *context = province_context(reading->province);
    enum status status = choose_plan(args, context, choice);

    if (status == STATUS_OK) {
        status = choose_days(args, choice);
    }
    if (status == STATUS_OK) {
        status = choose_unit(args, context, choice);
    }
    if (status == STATUS_OK) {
        status = check_within(args, context, choice);
    }
    if (status == STATUS_OK) {
        choose_usual_level(context, choice);
    }
    choice->reader = (struct figure_reader){.kind = FIGURE_READER_ANYONE};
    return status;
}

enum status form_choose_frozen(const struct context *context,
                               const struct control_freeze *freeze,
                               struct form_choice *choice)
{
    const struct context_plan *plan =
        context_plan_by_id(context, freeze->plan_id);
    enum period_kind kind = (enum period_kind)freeze->period_kind;
    struct period_regime regime;

    if (plan == NULL || kind < PERIOD_MONTH || kind >= PERIOD_KIND_END ||
        !form_regime(plan->plan, freeze->regime, kind, &regime) ||
        !form_days(plan->plan, &regime, kind, freeze->period_key,
                   &choice->days)) {
        return STATUS_NOT_FOUND;
    }
    choice->plan = plan->plan;
    choice->unit = freeze->unit;
    choice->reader = (struct figure_reader){.kind = FIGURE_READER_ANYONE};
    choose_usual_level(context, choice);
    return STATUS_OK;
}

const struct context_freeze *form_freeze(const struct reading *reading,
                                         const struct form_choice *choice,
                                         const uint64_t *index)
{
    const struct context *context = province_context(reading->province);
    const struct period *period = &choice->days.period;

    for (size_t i = context_freeze_count(context); i > 0; i--) {
        const struct context_freeze *at = context_freeze_at(context, i - 1);

        if (strcmp(at->freeze.plan_id, choice->plan->id) == 0 &&
            at->freeze.regime == period->regime &&
            at->freeze.period_kind == period->kind &&
            at->freeze.period_key == period->key &&
            at->freeze.unit == choice->unit &&
            (index == NULL || at->index == *index)) {
            return at;
        }
    }
    return NULL;
}

/* ---- drawing it up ---- */

enum status form_read(const struct args *args, struct reading *reading,
                      const struct form_choice *choice, struct form **form)
{
    struct form_source source = {.says = NULL};
    struct form_request request = {
        .days = &choice->days,
        .unit = choice->unit,
        .by = choice->by,
        .by_level = choice->by_level,
        .reader = choice->reader,
        .language = args->language,
    };
    enum status status = reading_fold(args, reading);

    *form = NULL;
    if (status != STATUS_OK) {
        return status;
    }
    source.fold = tally_fold(reading->tally);
    source.context = province_context(reading->province);
    source.last = tally_last(reading->tally);
    status = position_day(args, reading, &source.known_on);
    return status == STATUS_OK
               ? broken(args, reading, form_new(&source, &request, form))
               : status;
}

enum status form_check_frozen(const struct args *args, struct reading *reading,
                              const struct form_choice *choice,
                              const struct context_freeze *freeze)
{
    static const struct language_text differs = {
        "số liệu tính lại không khớp với bản đã chốt",
        "the figures differ from those that were frozen"};
    static const struct language_text erased = {
        "một phần dữ liệu đã bị xóa theo lệnh: không còn đối chiếu được với "
        "bản đã chốt, số mang dấu (†) có thể khác",
        "part of the data was erased by order: it cannot be held against what "
        "was frozen, and figures marked (†) may differ"};
    struct form *form = NULL;
    bool same = false;
    enum status status = form_read(args, reading, choice, &form);

    if (status == STATUS_OK) {
        status = form_is_frozen(form, &freeze->freeze.figures, &same);
    }
    if (status == STATUS_OK && !same && form_is_erased(form)) {
        (void)fprintf(stderr, "%s (%" PRIu64 ")\n", args_text(args, erased),
                      freeze->index);
    } else if (status == STATUS_OK && !same) {
        args_error(args, "%s (%" PRIu64 ")", args_text(args, differs),
                   freeze->index);
        status = STATUS_CORRUPT;
    }
    form_free(&form);
    return status;
}
