/* A report for programs: a row for each line and unit, with its coordinates.
 * The names are an interface: scripts and spreadsheets rely on them. */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/event/catalogue.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_write.h"

#define COLUMN(name, align)           \
    {                                 \
#name, {#name, #name }, align \
    }

/* clang-format off */
static const struct listing_column columns[] = {
    COLUMN(line, LISTING_RIGHT),
    COLUMN(target, LISTING_LEFT),
    COLUMN(indicator, LISTING_LEFT),
    COLUMN(unit, LISTING_LEFT),
    COLUMN(unit_name, LISTING_LEFT),
    COLUMN(label, LISTING_LEFT),
    COLUMN(unit_of_count, LISTING_LEFT),
    COLUMN(goal, LISTING_RIGHT),
    COLUMN(goal_percent, LISTING_RIGHT),
    COLUMN(value, LISTING_RIGHT),
    COLUMN(denominator, LISTING_RIGHT),
    COLUMN(hidden, LISTING_LEFT),
    COLUMN(state, LISTING_LEFT),
    COLUMN(received_to, LISTING_LEFT),
    COLUMN(total, LISTING_RIGHT),
    COLUMN(total_denominator, LISTING_RIGHT),
    COLUMN(total_hidden, LISTING_LEFT),
    COLUMN(percent, LISTING_RIGHT),
    COLUMN(achieved, LISTING_RIGHT),
    COLUMN(year_before, LISTING_RIGHT),
    COLUMN(year_before_denominator, LISTING_RIGHT),
    COLUMN(year_before_hidden, LISTING_LEFT),
    COLUMN(status, LISTING_LEFT),
    COLUMN(reason, LISTING_LEFT),
    COLUMN(lower_bound, LISTING_RIGHT),
    COLUMN(upper_bound, LISTING_RIGHT),
    COLUMN(not_divided, LISTING_RIGHT),
    COLUMN(erased, LISTING_RIGHT),
    COLUMN(revised_value, LISTING_RIGHT),
    COLUMN(revised_denominator, LISTING_RIGHT),
    COLUMN(revised_total, LISTING_RIGHT),
    COLUMN(revised_total_denominator, LISTING_RIGHT),
    COLUMN(regime, LISTING_LEFT),
    COLUMN(period, LISTING_LEFT),
    COLUMN(from, LISTING_LEFT),
    COLUMN(to, LISTING_LEFT),
    COLUMN(known_to, LISTING_LEFT),
    COLUMN(total_from, LISTING_LEFT),
    COLUMN(year_before_from, LISTING_LEFT),
    COLUMN(year_before_to, LISTING_LEFT),
    COLUMN(unit_date, LISTING_LEFT),
    COLUMN(ledger_size, LISTING_RIGHT),
    COLUMN(ledger_hash, LISTING_LEFT),
    COLUMN(plan, LISTING_LEFT),
    COLUMN(plan_revision, LISTING_RIGHT),
    COLUMN(plan_entry, LISTING_RIGHT),
    COLUMN(received_from, LISTING_LEFT),
};
/* clang-format on */

struct writing {
    const struct form *form;
    struct listing *listing;
};

static void text_or_none(struct listing *listing, bool given, const char *text)
{
    if (given) {
        listing_text(listing, text);
    } else {
        listing_none(listing);
    }
}

static void number_or_none(struct listing *listing, bool given, int64_t number)
{
    if (given) {
        listing_number(listing, number);
    } else {
        listing_none(listing);
    }
}

/* Both numbers of a ratio are facts even when the lower one is 0. */
static void figure(struct listing *listing, const struct indicator_row *row)
{
    bool known = row != NULL && row->figure.known &&
                 row->figure.hidden == FIGURE_SHOWN &&
                 received_is_known(row->state);

    number_or_none(listing, known, known ? row->figure.value : 0);
    number_or_none(listing, known && row->figure.ratio,
                   known ? row->figure.denominator : 0);
}

static void hidden(struct listing *listing, const struct indicator_row *row)
{
    const char *token = indicator_hidden_token(row->figure.hidden);

    text_or_none(listing, token != NULL, token);
}

/* "80.48", whatever the language. */
static void percent(struct listing *listing, bool given, uint64_t part,
                    uint64_t whole)
{
    char text[TEXT_NUMBER_MAX] = "";

    if (given) {
        text_format_percent(part, whole, LANGUAGE_EN, text);
        text[strlen(text) - 1] = '\0';
    }
    text_or_none(listing, given, text);
}

static void date(struct listing *listing, int32_t day)
{
    char text[TEXT_DATE_MAX];

    text_format_date_iso(day, text);
    listing_text(listing, text);
}

static void told(struct listing *listing, const struct indicator_row *row,
                 int32_t day)
{
    if (row->state != RECEIVED_UNSAID && day != RECEIVED_NO_DAY) {
        date(listing, day);
    } else {
        listing_none(listing);
    }
}

static void state(struct listing *listing, const struct indicator_row *row)
{
    const char *token = received_token(row->state);

    text_or_none(listing, token[0] != '\0', token);
    told(listing, row, row->told.until);
}

static void names(struct writing *writing, size_t line,
                  const struct indicator_row *row)
{
    struct listing *listing = writing->listing;
    enum language language = writing->form->language;
    char text[INDICATOR_TEXT_MAX], key[UNIT_TEXT_MAX];

    listing_number(listing, (int64_t)line + 1);
    text_or_none(listing, row->target != NULL,
                 row->target != NULL ? row->target->id : "");
    listing_text(listing, row->indicator->id);
    unit_key_format(row->unit->key, key);
    listing_text(listing, key);
    indicator_unit_text(row->unit, text);
    listing_text(listing, text);
    listing_text(listing, indicator_row_label(row, language));
    listing_text(listing,
                 language_pick(row->indicator->unit_of_count, language));
}

static void status(struct writing *writing, const struct indicator_row *row)
{
    const char *reason =
        language_pick(row->indicator->not_computed, writing->form->language);

    text_or_none(writing->listing, indicator_row_stands(row),
                 target_status_token(indicator_row_status(row)));
    text_or_none(writing->listing,
                 row->indicator->formula == NULL && reason != NULL, reason);
    listing_number(writing->listing, row->figure.lower_bound ? 1 : 0);
    listing_number(writing->listing, row->figure.upper_bound ? 1 : 0);
    listing_number(writing->listing, row->figure.not_divided ? 1 : 0);
    listing_number(writing->listing, row->figure.erased ? 1 : 0);
}

static void coordinates(struct writing *writing,
                        const struct indicator_row *row)
{
    const struct form *form = writing->form;
    const struct form_days *days = &form->days;
    struct listing *listing = writing->listing;
    char period[PERIOD_KEY_TEXT_MAX];

    listing_text(listing, form_regime_token(days->period.regime));
    period_key_format(&days->period, period);
    listing_text(listing, period);
    date(listing, days->in_period.from);
    date(listing, row->ended != 0 && row->ended < days->in_period.to
                      ? row->ended
                      : days->in_period.to);
    date(listing, form->known_on);
    date(listing, days->so_far.from);
    date(listing, days->year_before.from);
    date(listing, days->year_before.to);
    date(listing, row->ended != 0 ? row->ended : days->in_period.unit_date);
    listing_number(listing, (int64_t)form->position);
    listing_text(listing, form->hash);
    listing_text(listing, form->plan->id);
    listing_number(listing, form->plan_revision);
    listing_number(listing, (int64_t)form->plan_entry);
    told(listing, row, row->told.since);
}

/* `at` rows after the line's own: 0, or a unit's. */
static void write_row(struct writing *writing, size_t number, size_t at)
{
    const struct form_line *line = &writing->form->lines[number];
    const struct indicator_row *row = line->rows[FORM_SO_FAR] + at;
    const struct plan_target *target = row->target;
    bool goal =
        row->judged && target != NULL && target->comparator != PLAN_MONITOR;
    uint64_t part = 0, whole = 0;
    bool given;

    names(writing, number, row);
    number_or_none(writing->listing,
                   goal &&
                       (row->quantity > 0 || target->comparator == PLAN_NONE ||
                        target->comparator == PLAN_AT_MOST),
                   (int64_t)row->quantity);
    percent(writing->listing, goal && target->has_percent,
            goal ? target->percent_e2 : 0, 10000);
    figure(writing->listing, line->rows[FORM_IN_PERIOD] + at);
    hidden(writing->listing, line->rows[FORM_IN_PERIOD] + at);
    state(writing->listing, line->rows[FORM_IN_PERIOD] + at);
    figure(writing->listing, row);
    hidden(writing->listing, row);
    given = indicator_share(row, &part, &whole);
    percent(writing->listing, given, part, whole);
    given = indicator_achieved(row, &part, &whole);
    percent(writing->listing, given, part, whole);
    figure(writing->listing, writing->form->year_before_known
                                 ? line->rows[FORM_YEAR_BEFORE] + at
                                 : NULL);
    hidden(writing->listing, line->rows[FORM_YEAR_BEFORE] + at);
    status(writing, row);
    figure(writing->listing, at == 0 ? line->revised : NULL);
    figure(writing->listing, at == 0 ? line->revised_so_far : NULL);
    coordinates(writing, row);
}

MUST_USE enum status form_write_rows(const struct form *form,
                                     enum listing_format format, FILE *out)
{
    struct writing writing = {.form = form};
    enum status status_of =
        listing_open(format, form->language, columns,
                     sizeof columns / sizeof *columns, out, &writing.listing);

    for (size_t i = 0; i < form->line_count && status_of == STATUS_OK; i++) {
        for (size_t at = 0; at < form->lines[i].row_count; at++) {
            write_row(&writing, i, at);
        }
    }
    return status_of == STATUS_OK ? listing_close(&writing.listing) : status_of;
}
