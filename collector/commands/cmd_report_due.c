/* report due: which reports are due, when, and by whom. */
#include <stdio.h>
#include <string.h>

#include "collector/commands/commands.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/figures/indicator_text.h"
#include "common/plan/plan_choice.h"
#include "common/reports/due_list.h"
#include "common/reports/form_days.h"

#define OFFICES_MAX 1024u

static const struct listing_column columns[] = {
    {"due", {"Hạn cuối", "Last day"}, LISTING_LEFT},
    {"closing", {"Chốt số liệu chậm nhất", "Closed by"}, LISTING_LEFT},
    {"plan", {"Kế hoạch", "Plan"}, LISTING_LEFT},
    {"regime", {"Chế độ", "Regime"}, LISTING_LEFT},
    {"period", {"Kỳ", "Period"}, LISTING_LEFT},
    {"from", {"Từ ngày", "From"}, LISTING_LEFT},
    {"to", {"Đến ngày", "To"}, LISTING_LEFT},
    {"unit", {"Mã đơn vị", "Unit"}, LISTING_LEFT},
    {"unit_name", {"Đơn vị", "Name"}, LISTING_LEFT},
    {"state", {"Tình trạng", "State"}, LISTING_LEFT},
    {"entry", {"Mục chốt", "Frozen by"}, LISTING_RIGHT},
    {"offices", {"Cơ quan", "Offices"}, LISTING_LEFT},
};

struct printing {
    const struct args *args;
    enum listing_format format;
    const struct context *context;
    struct listing *listing;
};

static void date(const struct printing *self, bool given, int32_t day)
{
    char text[TEXT_DATE_MAX];

    if (!given) {
        listing_none(self->listing);
        return;
    }
    if (self->format == LISTING_TEXT) {
        text_format_date(day, self->args->language, text);
    } else {
        text_format_date_iso(day, text);
    }
    listing_text(self->listing, text);
}

/* The enrolled offices of the unit: who is to be asked. */
static void offices(const struct printing *self, const struct plan *plan,
                    const struct unit *unit)
{
    char text[OFFICES_MAX] = "";
    size_t used = 0;

    for (size_t i = 0; i < context_agent_count(self->context); i++) {
        const struct context_agent *agent = context_agent_at(self->context, i);
        bool named = agent->revoked;

        for (uint32_t k = 0; k < agent->scope_count && !named; k++) {
            if (agent->scopes[k].unit != unit->key || used >= sizeof text ||
                !plan_asks_office(plan, agent->scopes[k].office)) {
                continue;
            }
            named = true;
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                     used > 0 ? "; " : "", agent->name);
        }
    }
    if (text[0] != '\0') {
        listing_text(self->listing, text);
    } else {
        listing_none(self->listing);
    }
}

static void print_row(const struct printing *self, const struct due_row *row)
{
    char text[INDICATOR_TEXT_MAX], key[UNIT_TEXT_MAX];

    date(self, row->has_day, row->day);
    date(self, row->has_day, row->closing);
    listing_text(self->listing, row->plan->id);
    listing_text(self->listing, form_regime_token(row->period.regime));
    period_key_format(&row->period, text);
    listing_text(self->listing, text);
    date(self, true, row->period.from);
    date(self, true, row->period.to);
    unit_key_format(row->unit->key, key);
    listing_text(self->listing, key);
    indicator_unit_text(row->unit, text);
    listing_text(self->listing, text);
    listing_text(self->listing,
                 self->format == LISTING_TEXT
                     ? due_state_text(row->state, self->args->language)
                     : due_state_token(row->state));
    if (row->freeze != NULL) {
        listing_number(self->listing, (int64_t)row->freeze->index);
    } else {
        listing_none(self->listing);
    }
    offices(self, row->plan, row->unit);
}

static enum status print_rows(struct printing *self,
                              const struct due_list *list)
{
    enum status status =
        listing_open(self->format, self->args->language, columns,
                     sizeof columns / sizeof *columns, stdout, &self->listing);

    for (size_t i = 0; i < list->count && status == STATUS_OK; i++) {
        print_row(self, &list->rows[i]);
    }
    return status == STATUS_OK ? listing_close(&self->listing) : status;
}

/* How many of the units have reported the one period that was asked for. */
static void print_count(const struct printing *self,
                        const struct due_list *list)
{
    size_t due = 0, reported = 0, on_time = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct due_row *row = &list->rows[i];

        if (!row->own) {
            due++;
            on_time += row->state == DUE_REPORTED;
            reported +=
                row->state == DUE_REPORTED || row->state == DUE_REPORTED_LATE;
        }
    }
    (void)printf(self->args->language == LANGUAGE_EN
                     ? "Reports: %zu of %zu units, %zu of them in time\n"
                     : "Báo cáo: %zu/%zu đơn vị đã nộp, %zu đúng hạn\n",
                 reported, due, on_time);
}

static enum status read_period(const struct args *args,
                               struct due_request *request)
{
    static const struct language_text shape = {
        "cần dạng 2018-M03, 2018-Q1, 2018-H1 hoặc 2018",
        "must look like 2018-M03, 2018-Q1, 2018-H1 or 2018"};
    const char *text = args_value(args, "period");

    if (text != NULL &&
        !period_key_parse(text, &request->kind, &request->key)) {
        args_error(args, "--period %s: %s", text, args_text(args, shape));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status command_list_due(const struct args *args, struct reading *reading,
                             struct due_request *request,
                             enum listing_format format)
{
    struct printing self = {.args = args,
                            .format = format,
                            .context = province_context(reading->province)};
    struct due_list list = {.rows = NULL};
    enum status status = read_period(args, request);

    if (status != STATUS_OK) {
        return status;
    }
    status =
        due_list_make(tally_fold(reading->tally), self.context, request, &list);
    if (status == STATUS_OK) {
        status = print_rows(&self, &list);
    }
    if (status == STATUS_OK && format == LISTING_TEXT && request->kind != 0) {
        print_count(&self, &list);
    }
    if (status != STATUS_OK) {
        (void)command_fail(args, args->command->name, status);
    }
    due_list_fini(&list);
    return status;
}

static enum status read_request(const struct args *args,
                                const struct context *context,
                                struct due_request *request)
{
    const char *level = args_value(args, "by");
    const struct context_plan *plan = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    request->on = clock_today(&clock);
    request->all = args_flag(args, "all");
    status = command_day(args, "on", &request->on);
    /* Without --plan all plans are meant, but there must be one. */
    if (status == STATUS_OK && (args_value(args, "plan") != NULL ||
                                context_plan_count(context) == 0)) {
        status = plan_choice(args, context, request->on, &plan);
    }
    if (plan != NULL) {
        request->plan = plan->plan;
    }
    if (status == STATUS_OK && level != NULL) {
        if (strcmp(level, "district") == 0) {
            request->level = UNIT_DISTRICT;
        } else if (strcmp(level, "commune") == 0) {
            request->level = UNIT_COMMUNE;
        } else {
            args_error(args, "--by district|commune: %s", level);
            status = STATUS_USAGE;
        }
    }
    return status;
}

enum status cmd_report_due(const struct args *args, void *context)
{
    struct due_request request = {.plan = NULL};
    enum listing_format format = LISTING_TEXT;
    struct reading reading;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = reading_fold(args, &reading);
    }
    if (status == STATUS_OK) {
        status =
            read_request(args, province_context(reading.province), &request);
    }
    if (status == STATUS_OK) {
        status = command_list_due(args, &reading, &request, format);
    }
    reading_close(&reading);
    return status;
}
