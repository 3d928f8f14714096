/* Figures for programs: one row is one figure with its coordinates. */
#include "common/figures/indicator_sheet.h"

#include "common/base/text.h"
#include "common/figures/indicator_text.h"

#include <string.h>

/* The names are an interface: scripts and spreadsheets rely on them. */
static const struct listing_column machine_columns[] = {
    {"target", {"target", "target"}, LISTING_LEFT},
    {"indicator", {"indicator", "indicator"}, LISTING_LEFT},
    {"unit", {"unit", "unit"}, LISTING_LEFT},
    {"unit_name", {"unit_name", "unit_name"}, LISTING_LEFT},
    {"label", {"label", "label"}, LISTING_LEFT},
    {"unit_of_count", {"unit_of_count", "unit_of_count"}, LISTING_LEFT},
    {"comparator", {"comparator", "comparator"}, LISTING_LEFT},
    {"goal", {"goal", "goal"}, LISTING_RIGHT},
    {"goal_to", {"goal_to", "goal_to"}, LISTING_RIGHT},
    {"goal_percent", {"goal_percent", "goal_percent"}, LISTING_RIGHT},
    {"stated", {"stated", "stated"}, LISTING_RIGHT},
    {"listed", {"listed", "listed"}, LISTING_RIGHT},
    {"effective", {"effective", "effective"}, LISTING_LEFT},
    {"value", {"value", "value"}, LISTING_RIGHT},
    {"denominator", {"denominator", "denominator"}, LISTING_RIGHT},
    {"percent", {"percent", "percent"}, LISTING_RIGHT},
    {"achieved", {"achieved", "achieved"}, LISTING_RIGHT},
    {"status", {"status", "status"}, LISTING_LEFT},
    {"units_met", {"units_met", "units_met"}, LISTING_RIGHT},
    {"units_judged", {"units_judged", "units_judged"}, LISTING_RIGHT},
    {"lower_bound", {"lower_bound", "lower_bound"}, LISTING_LEFT},
    {"upper_bound", {"upper_bound", "upper_bound"}, LISTING_LEFT},
    {"not_divided", {"not_divided", "not_divided"}, LISTING_LEFT},
    {"erased", {"erased", "erased"}, LISTING_LEFT},
    {"hidden", {"hidden", "hidden"}, LISTING_LEFT},
    {"state", {"state", "state"}, LISTING_LEFT},
    {"received_to", {"received_to", "received_to"}, LISTING_LEFT},
    {"from", {"from", "from"}, LISTING_LEFT},
    {"to", {"to", "to"}, LISTING_LEFT},
    {"known_to", {"known_to", "known_to"}, LISTING_LEFT},
    {"regime", {"regime", "regime"}, LISTING_LEFT},
    {"period", {"period", "period"}, LISTING_LEFT},
    {"unit_date", {"unit_date", "unit_date"}, LISTING_LEFT},
    {"ledger_size", {"ledger_size", "ledger_size"}, LISTING_RIGHT},
    {"ledger_hash", {"ledger_hash", "ledger_hash"}, LISTING_LEFT},
    {"plan", {"plan", "plan"}, LISTING_LEFT},
    {"plan_revision", {"plan_revision", "plan_revision"}, LISTING_RIGHT},
    {"plan_entry", {"plan_entry", "plan_entry"}, LISTING_RIGHT},
    {"received_from", {"received_from", "received_from"}, LISTING_LEFT},
    {"streams", {"streams", "streams"}, LISTING_LEFT}, /* of a view only */
};

static void number_or_none(struct sheet *sheet, bool given, int64_t number)
{
    if (given) {
        listing_number(sheet->listing, number);
    } else {
        listing_none(sheet->listing);
    }
}

static void machine_percent(struct sheet *sheet, bool given, uint64_t part,
                            uint64_t whole)
{
    char text[INDICATOR_TEXT_MAX];

    if (!given) {
        listing_none(sheet->listing);
        return;
    }
    indicator_percent_token(part, whole, text);
    listing_text(sheet->listing, text);
}

static void machine_date(struct sheet *sheet, int32_t day)
{
    char text[TEXT_DATE_MAX];

    text_format_date_iso(day, text);
    listing_text(sheet->listing, text);
}

/* Of what a unit has told. */
static void told_day(struct sheet *sheet, const struct indicator_row *row,
                     int32_t day)
{
    if (day != RECEIVED_NO_DAY && row->state != RECEIVED_UNSAID) {
        machine_date(sheet, day);
    } else {
        listing_none(sheet->listing);
    }
}

static void machine_goal(struct sheet *sheet, const struct indicator_row *row)
{
    const struct plan_target *target = row->target;
    bool goal =
        row->judged && target != NULL && target->comparator != PLAN_MONITOR;

    if (goal) {
        listing_text(sheet->listing,
                     indicator_comparator_token(target->comparator));
    } else {
        listing_none(sheet->listing);
    }
    number_or_none(sheet,
                   goal &&
                       (row->quantity > 0 || target->comparator == PLAN_NONE ||
                        target->comparator == PLAN_AT_MOST),
                   (int64_t)row->quantity);
    number_or_none(sheet, goal && target->comparator == PLAN_BETWEEN,
                   goal ? (int64_t)target->quantity_to : 0);
    machine_percent(sheet, goal && target->has_percent,
                    goal ? target->percent_e2 : 0, 10000);
    number_or_none(sheet, goal && target->stated > 0,
                   goal ? (int64_t)target->stated : 0);
    number_or_none(sheet, goal && target->stated > 0,
                   goal ? (int64_t)target->listed : 0);
    if (goal && target->effective != 0) {
        machine_date(sheet, target->effective);
    } else {
        listing_none(sheet->listing);
    }
}

static void machine_hidden(struct sheet *sheet, enum figure_cover cover)
{
    const char *token = indicator_hidden_token(cover);

    if (token == NULL) {
        listing_none(sheet->listing);
    } else {
        listing_text(sheet->listing, token);
    }
}

static void text_or_none(struct sheet *sheet, const char *text)
{
    if (*text == '\0') {
        listing_none(sheet->listing);
    } else {
        listing_text(sheet->listing, text);
    }
}

static void machine_period(struct sheet *sheet, const struct silence *silence)
{
    char key[PERIOD_LABEL_MAX] = "";

    if (silence != NULL) {
        sheet_period_key(silence, key);
    }
    text_or_none(sheet, silence == NULL ? "" : sheet_regime(silence));
    text_or_none(sheet, key);
}

static void machine_coordinates(struct sheet *sheet,
                                const struct indicator_row *row)
{
    const struct indicator_request *request = sheet->request;
    const struct figure_range *range = &request->range;
    bool ended = row->ended != 0;
    char hash[BYTES_HEX_SIZE(DIGEST_BYTES)];

    machine_date(sheet, range->from);
    machine_date(sheet,
                 ended && row->ended < range->to ? row->ended : range->to);
    machine_date(sheet,
                 range->known_to != 0 ? range->known_to : request->today);
    machine_period(sheet, request->silence);
    machine_date(sheet, ended ? row->ended : range->unit_date);
    number_or_none(sheet, request->view == NULL, (int64_t)sheet->position);
    if (request->root_entry != NULL &&
        bytes_to_hex((struct bytes){.data = request->root_entry->bytes,
                                    .size = DIGEST_BYTES},
                     hash, sizeof hash) == STATUS_OK) {
        listing_text(sheet->listing, hash);
    } else {
        listing_none(sheet->listing);
    }
    listing_text(sheet->listing, sheet->plan->id);
    listing_number(sheet->listing, sheet_plan(sheet)->revision);
    number_or_none(sheet, request->view == NULL,
                   (int64_t)sheet_plan(sheet)->index);
    told_day(sheet, row, row->told.since);
    if (request->view != NULL) {
        listing_text(sheet->listing, request->view->streams);
    }
}

void sheet_machine_row(struct sheet *sheet, const struct indicator_row *row)
{
    const struct figure *figure = &row->figure;
    bool numbered = figure->known && figure->hidden == FIGURE_SHOWN &&
                    received_is_known(row->state);
    char text[INDICATOR_TEXT_MAX], key[UNIT_TEXT_MAX];
    uint64_t part = 0, whole = 0;
    bool given;

    if (row->target != NULL) {
        listing_text(sheet->listing, row->target->id);
    } else {
        listing_none(sheet->listing);
    }
    listing_text(sheet->listing, row->indicator->id);
    unit_key_format(row->unit->key, key);
    listing_text(sheet->listing, key);
    indicator_unit_text(row->unit, text);
    listing_text(sheet->listing, text);
    listing_text(sheet->listing,
                 indicator_row_label(row, sheet->request->language));
    listing_text(sheet->listing, language_pick(row->indicator->unit_of_count,
                                               sheet->request->language));
    machine_goal(sheet, row);
    /* Of a ratio over zero both numbers are facts. */
    number_or_none(sheet, numbered, figure->value);
    number_or_none(sheet, numbered && figure->ratio, figure->denominator);
    given = indicator_share(row, &part, &whole);
    machine_percent(sheet, given, part, whole);
    given = indicator_achieved(row, &part, &whole);
    machine_percent(sheet, given, part, whole);
    if (indicator_row_stands(row)) {
        listing_text(sheet->listing,
                     target_status_token(indicator_row_status(row)));
    } else {
        listing_none(sheet->listing);
    }
    number_or_none(sheet, row->summary, row->units_met);
    number_or_none(sheet, row->summary, row->units_judged);
    listing_number(sheet->listing, figure->lower_bound ? 1 : 0);
    listing_number(sheet->listing, figure->upper_bound ? 1 : 0);
    listing_number(sheet->listing, figure->not_divided ? 1 : 0);
    listing_number(sheet->listing, figure->erased ? 1 : 0);
    machine_hidden(sheet, figure->hidden);
    text_or_none(sheet, received_token(row->state));
    told_day(sheet, row, row->told.until);
    machine_coordinates(sheet, row);
}

MUST_USE enum status sheet_machine_open(struct sheet *sheet)
{
    size_t count = sizeof machine_columns / sizeof *machine_columns;

    return listing_open(sheet->request->format, sheet->request->language,
                        machine_columns,
                        sheet->request->view != NULL ? count : count - 1,
                        sheet->out, &sheet->listing);
}
