/* report due: which reports are due, when, and by whom. */
#include <stdio.h>
#include <string.h>

#include "collector/commands.h"
#include "collector/due_list.h"
#include "collector/form_days.h"
#include "common/indicator_text.h"
#include "common/listing.h"
#include "common/plan_choice.h"
#include "common/text.h"

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
static void offices(const struct printing *self, const struct unit *unit)
{
    char text[OFFICES_MAX] = "";
    size_t used = 0;

    for (size_t i = 0; i < context_agent_count(self->context); i++) {
        const struct context_agent *agent = context_agent_at(self->context, i);
        bool named = agent->revoked;

        for (uint32_t k = 0; k < agent->scope_count && !named; k++) {
            if (agent->scopes[k].unit != unit->key || used >= sizeof text) {
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
    offices(self, row->unit);
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

static enum status run(struct printing *self, struct reading *reading)
{
    struct due_request request = {.plan = NULL};
    struct due_list list = {.rows = NULL};
    enum status status = reading_fold(self->args, reading);

    if (status == STATUS_OK) {
        self->context = province_context(reading->province);
        status = read_request(self->args, self->context, &request);
    }
    if (status == STATUS_OK) {
        status = due_list_make(tally_fold(reading->tally), self->context,
                               &request, &list);
        if (status == STATUS_OK) {
            status = print_rows(self, &list);
        }
        if (status != STATUS_OK) {
            (void)command_fail(self->args, self->args->command->name, status);
        }
    }
    due_list_fini(&list);
    return status;
}

enum status cmd_report_due(const struct args *args, void *context)
{
    struct printing self = {.args = args};
    struct reading reading;
    enum status status = listing_format_given(args, &self.format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = run(&self, &reading);
    }
    reading_close(&reading);
    return status;
}
