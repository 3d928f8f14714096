#include "collector/form_choice.h"

#include <inttypes.h>
#include <string.h>

#include "common/calendar.h"
#include "common/nearest.h"
#include "common/plan_choice.h"
#include "common/text.h"

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

/* ---- what was known when ---- */

/* How many entries were received up to the end of that day; received_at never
 * decreases. */
static MUST_USE enum status received_by(const struct ledger_snapshot *snapshot,
                                        int32_t day, uint64_t *size)
{
    uint64_t low = 0, high = ledger_snapshot_size(snapshot);

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct entry entry;
        enum status status = ledger_entry(snapshot, middle, &entry);

        if (status != STATUS_OK) {
            return status;
        }
        if (calendar_day_of_moment(entry.received_at) <= day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *size = low;
    return STATUS_OK;
}

static enum status read_prefix(const struct args *args, const char *text,
                               const struct ledger_snapshot *snapshot,
                               uint64_t *size)
{
    static const struct language_text wrong = {
        "cần một ngày (05/03/2018, 2018-03-05) hoặc số mục của sổ cái",
        "must be a day (05/03/2018, 2018-03-05) or a number of entries of the "
        "ledger"};
    static const struct language_text none = {
        "lúc đó sổ cái chưa có gì, hoặc chưa có nhiều mục như vậy",
        "the ledger held nothing then, or does not hold so many entries"};
    int32_t day = 0;
    enum status status = STATUS_OK;

    if (text_parse_date(text, strlen(text), &day) == STATUS_OK) {
        status = received_by(snapshot, day, size);
    } else if (text_parse_count(text, strlen(text), size) != STATUS_OK) {
        return usage(args, "as-of", text, wrong);
    }
    if (status == STATUS_OK &&
        (*size == 0 || *size > ledger_snapshot_size(snapshot))) {
        (void)usage(args, "as-of", text, none);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

enum status form_choose_prefix(const struct args *args, struct reading *reading)
{
    const char *text = args_value(args, "as-of");
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size = 0;
    enum status status;

    if (text == NULL) {
        return STATUS_OK;
    }
    status =
        broken(args, reading, ledger_snapshot_open(reading->ledger, &snapshot));
    if (status == STATUS_OK) {
        status = read_prefix(args, text, snapshot, &size);
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_OK ? reading_limit(args, reading, size) : status;
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
    return STATUS_OK;
}

static enum status choose_unit(const struct args *args,
                               const struct context *context,
                               struct form_choice *choice)
{
    static const struct language_text none = {
        "không có đơn vị này vào ngày cuối kỳ",
        "there is no such unit at the end of the period"};
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

/* The level below the unit. */
static void choose_usual_level(const struct reading *reading,
                               struct form_choice *choice)
{
    const struct units *units =
        context_units(province_context(reading->province));
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
        choose_usual_level(reading, choice);
    }
    choice->reader = (struct figure_reader){.kind = FIGURE_READER_ANYONE};
    return status;
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

static MUST_USE enum status last_received(const struct reading *reading,
                                          int32_t *day)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.received_at = 0};
    enum status status = ledger_snapshot_open(reading->ledger, &snapshot);

    if (status == STATUS_OK) {
        status =
            ledger_entry(snapshot, tally_position(reading->tally) - 1, &entry);
    }
    ledger_snapshot_close(&snapshot);
    *day = calendar_day_of_moment(entry.received_at);
    return status;
}

enum status form_read(const struct args *args, struct reading *reading,
                      const struct form_choice *choice, struct form **form)
{
    struct form_source source;
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
    status = last_received(reading, &source.known_on);
    if (status == STATUS_OK) {
        status = form_new(&source, &request, form);
    }
    return broken(args, reading, status);
}

enum status form_check_frozen(const struct args *args, struct reading *reading,
                              const struct form_choice *choice,
                              const struct context_freeze *freeze)
{
    static const struct language_text differs = {
        "số liệu tính lại không khớp với bản đã chốt",
        "the figures differ from those that were frozen"};
    struct form *form = NULL;
    bool same = false;
    enum status status = form_read(args, reading, choice, &form);

    if (status == STATUS_OK) {
        status = form_is_frozen(form, &freeze->freeze.figures, &same);
    }
    if (status == STATUS_OK && !same) {
        args_error(args, "%s (%" PRIu64 ")", args_text(args, differs),
                   freeze->index);
        status = STATUS_CORRUPT;
    }
    form_free(&form);
    return status;
}
