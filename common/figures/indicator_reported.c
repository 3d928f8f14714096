/* Which period a table is about, and who has reported it. */
#include "common/figures/indicator_sheet.h"

#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/figures/indicator_text.h"
#include "common/figures/silence.h"

bool indicator_row_happened(const struct indicator_row *row)
{
    const struct plan_formula *formula = row->indicator->formula;
    enum plan_operation whole;

    if (row->figure.value != 0 || !row->figure.ratio ||
        formula->operation != PLAN_RATIO) {
        return row->figure.value != 0;
    }
    whole = formula->operands[1]->operation;
    return row->figure.denominator != 0 && whole != PLAN_IN_FORCE &&
           whole != PLAN_LIST && whole != PLAN_CONSTANT;
}

static const char *regime_token(uint32_t number)
{
    const struct catalogue_value *value =
        catalogue_value(catalogue_enumeration("Regime"), number);

    return value == NULL ? "" : value->token;
}

static const char *kind_letter(enum period_kind kind)
{
    return kind == PERIOD_MONTH ? "M" : kind == PERIOD_QUARTER ? "Q" : "H";
}

const char *sheet_regime(const struct silence *silence)
{
    return regime_token(silence_asked(silence)->period.regime);
}

void sheet_period_key(const struct silence *silence,
                      char text[PERIOD_LABEL_MAX])
{
    const struct period *period = &silence_asked(silence)->period;
    unsigned year = period->key / 100, number = period->key % 100;

    if (period->kind == PERIOD_YEAR) {
        (void)snprintf(text, PERIOD_LABEL_MAX, "%u", year);
    } else {
        (void)snprintf(text, PERIOD_LABEL_MAX,
                       period->kind == PERIOD_MONTH ? "%u-%s%02u" : "%u-%s%u",
                       year, kind_letter(period->kind), number);
    }
}

/* The units of which reports are asked: those that are listed, else the
 * districts, else the communes. */
static enum unit_level level_of(const struct sheet *sheet)
{
    const struct indicator_request *request = sheet->request;
    const struct units *units = context_units(sheet->context);

    if (request->by) {
        return request->by_level;
    }
    return sheet->unit->level == UNIT_PROVINCE &&
                   units_in_force(units, sheet->unit->key, UNIT_DISTRICT,
                                  request->range.to) > 0
               ? UNIT_DISTRICT
               : UNIT_COMMUNE;
}

void indicator_reported_text(const struct silence *silence, uint32_t above,
                             enum unit_level level, enum language language,
                             char text[INDICATOR_TEXT_MAX])
{
    bool english = language == LANGUAGE_EN;
    struct silence_count count;
    char day[TEXT_DATE_MAX];
    int32_t last;

    if (!silence_deadline(silence, &last)) {
        (void)snprintf(text, INDICATOR_TEXT_MAX, "%s",
                       english ? "Reports: no last day is set"
                               : "Báo cáo: không quy định hạn nộp");
        return;
    }
    text_format_date(last, language, day);
    silence_count(silence, above, level, &count);
    if (count.due == 0) {
        (void)snprintf(text, INDICATOR_TEXT_MAX,
                       english ? "Reports: due by %s" : "Báo cáo: hạn cuối %s",
                       day);
        return;
    }
    (void)snprintf(text, INDICATOR_TEXT_MAX,
                   english ? "Reports: %zu of %zu units, %zu of them in time "
                             "(by %s)"
                           : "Báo cáo: %zu/%zu đơn vị đã nộp, %zu đúng hạn "
                             "(hạn cuối %s)",
                   count.reported, count.due, count.on_time, day);
}

void sheet_period(const struct sheet *sheet)
{
    const struct silence *silence = sheet->request->silence;
    enum language language = sheet->request->language;
    char label[PERIOD_LABEL_MAX], from[TEXT_DATE_MAX], to[TEXT_DATE_MAX];
    char reported[INDICATOR_TEXT_MAX];

    if (silence == NULL) {
        return;
    }
    period_label(&silence_asked(silence)->period, language, label);
    text_format_date(sheet->plan->from, language, from);
    text_format_date(sheet->plan->to, language, to);
    (void)fprintf(sheet->out,
                  language == LANGUAGE_EN
                      ? "Report period: %s, %s · plan year: %s to %s\n"
                      : "Kỳ báo cáo: %s, %s · năm kế hoạch: %s - %s\n",
                  label, regime_token(silence_asked(silence)->period.regime),
                  from, to);
    indicator_reported_text(silence, sheet->unit->key, level_of(sheet),
                            language, reported);
    (void)fprintf(sheet->out, "%s\n", reported);
}
