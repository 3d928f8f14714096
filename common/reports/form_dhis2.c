/* A report as a DHIS2 data value set: elements and units by their codes, the
 * period by DHIS2's own names. A share becomes two values, of which the lower
 * one's code ends in ".D". What has no value, or is not shown, is left out;
 * each value's comment says of what it is. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "common/base/text.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_write.h"

#define CODE_MAX    160u
#define COMMENT_MAX 512u

/* "2018Q2", "201804", "2018S1", "2018". */
static void period_name(const struct period *period, char text[CODE_MAX])
{
    uint32_t year = period->key / 100, number = period->key % 100;

    switch (period->kind) {
    case PERIOD_MONTH:
        (void)snprintf(text, CODE_MAX, "%" PRIu32 "%02" PRIu32, year, number);
        break;
    case PERIOD_QUARTER:
        (void)snprintf(text, CODE_MAX, "%" PRIu32 "Q%" PRIu32, year, number);
        break;
    case PERIOD_HALF_YEAR:
        (void)snprintf(text, CODE_MAX, "%" PRIu32 "S%" PRIu32, year, number);
        break;
    default:
        (void)snprintf(text, CODE_MAX, "%" PRIu32, year);
    }
}

static void comment_of(const struct form *form, char text[COMMENT_MAX])
{
    const struct form_days *days = &form->days;
    char from[TEXT_DATE_MAX], to[TEXT_DATE_MAX], unit_date[TEXT_DATE_MAX];

    text_format_date_iso(days->in_period.from, from);
    text_format_date_iso(days->in_period.to, to);
    text_format_date_iso(days->in_period.unit_date, unit_date);
    (void)snprintf(text, COMMENT_MAX,
                   "%s %s to %s; ledger %" PRIu64 " %s; plan %s revision "
                   "%" PRIu32 " entry %" PRIu64 "; units %s",
                   form_regime_token(days->period.regime), from, to,
                   form->position, form->hash, form->plan->id,
                   form->plan_revision, form->plan_entry, unit_date);
}

struct values {
    json_t *list;
    const char *period, *comment;
    bool failed;
};

static void add_value(struct values *values, const struct indicator_row *row,
                      const char *suffix, int64_t value)
{
    char element[CODE_MAX], unit[UNIT_TEXT_MAX], number[TEXT_NUMBER_MAX];
    json_t *object;

    (void)snprintf(element, sizeof element, "%s%s", indicator_row_id(row),
                   suffix);
    unit_key_format(row->unit->key, unit);
    (void)snprintf(number, sizeof number, "%" PRId64, value);
    object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "dataElement", element,
                       "period", values->period, "orgUnit", unit, "value",
                       number, "comment", values->comment);
    if (object == NULL || json_array_append_new(values->list, object) != 0) {
        values->failed = true;
    }
}

static void add_row(struct values *values, const struct indicator_row *row)
{
    const struct figure *figure = &row->figure;

    /* Of who is silent nothing is known, not even a zero. */
    if (!figure->known || figure->hidden != FIGURE_SHOWN ||
        !received_is_known(row->state) ||
        (!figure->defined && !figure->ratio)) {
        return;
    }
    add_value(values, row, "", figure->value);
    if (figure->ratio) {
        add_value(values, row, ".D", figure->denominator);
    }
}

MUST_USE enum status form_write_dhis2(const struct form *form, FILE *out)
{
    char period[CODE_MAX], unit[UNIT_TEXT_MAX], comment[COMMENT_MAX];
    struct values values = {.period = period, .comment = comment};
    json_t *set = NULL;
    enum status status = STATUS_MEMORY;

    period_name(&form->days.period, period);
    unit_key_format(form->unit->key, unit);
    comment_of(form, comment);
    values.list = json_array();
    for (size_t i = 0; i < form->line_count && values.list != NULL; i++) {
        for (size_t at = 0; at < form->lines[i].row_count; at++) {
            add_row(&values, form->lines[i].rows[FORM_IN_PERIOD] + at);
        }
    }
    if (values.list != NULL && !values.failed) {
        set = json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "dataSet",
                        form->plan->id, "dataElementIdScheme", "CODE",
                        "orgUnitIdScheme", "CODE", "period", period, "orgUnit",
                        unit, "dataValues", values.list);
    }
    if (set != NULL) {
        status =
            json_dumpf(set, out, JSON_INDENT(1)) == 0 && fputc('\n', out) != EOF
                ? STATUS_OK
                : STATUS_IO;
    }
    json_decref(set);
    json_decref(values.list);
    return status;
}
