/* A figure, and a figure with its goal. */
#include "common/figures/tell.h"

#include "common/figures/indicator_text.h"

#define PERCENT_WHOLE 10000u

static void tell_percent(struct say *say, const char *key, bool given,
                         uint64_t part, uint64_t whole)
{
    char text[INDICATOR_TEXT_MAX];

    if (!given) {
        say_null(say, key);
        return;
    }
    indicator_percent_token(part, whole, text);
    say_text(say, key, text);
}

static void count_or_null(struct say *say, const char *key, bool given,
                          int64_t count)
{
    if (given) {
        say_count(say, key, count);
    } else {
        say_null(say, key);
    }
}

static const char *state_of(const struct figure *figure,
                            enum received_state state)
{
    if (!figure->known) {
        return "unknown";
    }
    if (figure->hidden != FIGURE_SHOWN) {
        return "suppressed";
    }
    if (!received_is_known(state) || (!figure->defined && figure->unreported)) {
        return "nothing_received";
    }
    return figure->defined ? "known" : "not_arisen";
}

void tell_figure(struct say *say, const char *key, const struct figure *figure,
                 enum received_state state)
{
    bool numbered = figure->known && figure->hidden == FIGURE_SHOWN &&
                    received_is_known(state);

    say_object(say, key);
    say_text(say, "state", state_of(figure, state));
    count_or_null(say, "value", numbered && figure->defined, figure->value);
    count_or_null(say, "denominator", numbered && figure->ratio,
                  figure->denominator);
    say_text(say, "hidden", indicator_hidden_token(figure->hidden));
    say_bool(say, "lower_bound", figure->lower_bound);
    say_bool(say, "upper_bound", figure->upper_bound);
    say_bool(say, "change", figure->change);
    say_bool(say, "not_divided", figure->not_divided);
    say_bool(say, "erased", figure->erased);
    say_object_end(say);
}

/* ---- goals ---- */

static bool has_goal(const struct indicator_row *row)
{
    return row->judged && row->target != NULL &&
           row->target->comparator != PLAN_MONITOR;
}

static void tell_goal(struct say *say, const struct indicator_row *row)
{
    const struct plan_target *target = row->target;

    if (!has_goal(row)) {
        say_null(say, "goal");
        return;
    }
    say_object(say, "goal");
    say_text(say, "comparator", indicator_comparator_token(target->comparator));
    count_or_null(say, "quantity",
                  row->quantity > 0 || target->comparator == PLAN_NONE ||
                      target->comparator == PLAN_AT_MOST,
                  (int64_t)row->quantity);
    count_or_null(say, "quantity_to", target->comparator == PLAN_BETWEEN,
                  (int64_t)target->quantity_to);
    tell_percent(say, "percent", target->has_percent, target->percent_e2,
                 PERCENT_WHOLE);
    count_or_null(say, "stated", target->stated > 0, (int64_t)target->stated);
    count_or_null(say, "listed", target->stated > 0, (int64_t)target->listed);
    if (target->effective != 0) {
        say_day(say, "effective", target->effective);
    } else {
        say_null(say, "effective");
    }
    say_object_end(say);
}

/* The share that a ratio is, and how much of its goal there is. */
static void tell_shares(struct say *say, const struct indicator_row *row)
{
    uint64_t part = 0, whole = 0;
    bool known = indicator_share(row, &part, &whole);

    tell_percent(say, "percent", known, part, whole);
    known = indicator_achieved(row, &part, &whole);
    tell_percent(say, "achieved", known, part, whole);
}

void tell_expected(struct say *say, const char *key,
                   const struct indicator_row *row, int32_t day)
{
    struct target_path path;

    if (!has_goal(row) ||
        !target_path_on(row->target, day, row->quantity, &path)) {
        say_null(say, key);
        return;
    }
    say_object(say, key);
    say_day(say, "on", day);
    count_or_null(say, "quantity", path.has_quantity, (int64_t)path.quantity);
    tell_percent(say, "percent", path.has_percent, path.percent_e2,
                 PERCENT_WHOLE);
    tell_percent(say, "share", true, path.share_e2, PERCENT_WHOLE);
    say_object_end(say);
}

static void tell_status(struct say *say, const struct indicator_row *row)
{
    say_text(say, "status",
             indicator_row_stands(row)
                 ? target_status_token(indicator_row_status(row))
                 : NULL);
}

void tell_count_statuses(const struct indicator_rows *rows,
                         struct tell_statuses *statuses)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct indicator_row *row = &rows->rows[i];

        if (indicator_row_stands(row)) {
            statuses->counts[indicator_row_status(row)]++;
        }
    }
}

static void tell_told(struct say *say, const char *name, int32_t day)
{
    if (day != RECEIVED_NO_DAY) {
        say_day(say, name, day);
    } else {
        say_null(say, name);
    }
}

/* What the figure means, and of which days the unit has told all. */
static void tell_reporting(struct say *say, const struct indicator_row *row)
{
    bool said = row->state != RECEIVED_UNSAID;

    say_text(say, "reporting", said ? received_token(row->state) : NULL);
    tell_told(say, "received_from", said ? row->told.since : RECEIVED_NO_DAY);
    tell_told(say, "received_to", said ? row->told.until : RECEIVED_NO_DAY);
}

/* When a goal has to be reached. */
static void tell_window(struct say *say, const struct indicator_row *row,
                        int32_t today)
{
    const struct plan_target *target = row->target;

    if (target == NULL || target->comparator == PLAN_MONITOR) {
        say_null(say, "window");
        say_null(say, "due");
        say_null(say, "days_left");
        return;
    }
    say_object(say, "window");
    say_day(say, "from", target->from);
    say_day(say, "to", target->to);
    say_object_end(say);
    say_day(say, "due", target->due);
    say_number(say, "days_left", (int64_t)target->due - today);
}

static void tell_ended(struct say *say, const struct indicator_row *row)
{
    if (row->ended != 0) {
        say_day(say, "ended", row->ended);
    } else {
        say_null(say, "ended");
    }
}

/* As of which day it is judged where it stands to its path. */
static int32_t judging_day(const struct indicator_request *request)
{
    return request->range.to < request->today ? request->range.to
                                              : request->today;
}

void tell_line(struct say *say, const struct indicator_request *request,
               const struct indicator_row *row)
{
    const struct plan_indicator *indicator = row->indicator;

    say_object(say, NULL);
    say_text(say, "id", indicator_row_id(row));
    say_text(say, "target", row->target != NULL ? row->target->id : NULL);
    say_text(say, "indicator", indicator->id);
    say_labels(say, "label",
               row->target != NULL ? row->target->label : indicator->label);
    say_labels(say, "unit_of_count", indicator->unit_of_count);
    say_bool(say, "persons", indicator->persons);
    tell_unit(say, "unit", row->unit);
    tell_goal(say, row);
    tell_figure(say, "figure", &row->figure, row->state);
    tell_shares(say, row);
    tell_status(say, row);
    if (row->summary) {
        say_number(say, "units_met", row->units_met);
        say_number(say, "units_judged", row->units_judged);
    } else {
        say_null(say, "units_met");
        say_null(say, "units_judged");
    }
    tell_reporting(say, row);
    tell_expected(say, "expected", row, judging_day(request));
    tell_window(say, row, request->today);
    tell_ended(say, row);
    say_labels(say, "reason",
               row->figure.known ? (struct language_text){NULL, NULL}
                                 : indicator->not_computed);
    say_object_end(say);
}

void tell_unit_row(struct say *say, const struct indicator_row *row)
{
    say_object(say, NULL);
    tell_unit(say, "unit", row->unit);
    tell_unit_key(say, "parent", row->unit->parent);
    tell_goal(say, row);
    tell_figure(say, "figure", &row->figure, row->state);
    tell_shares(say, row);
    tell_status(say, row);
    tell_reporting(say, row);
    tell_ended(say, row);
    say_object_end(say);
}

void tell_change(struct say *say, const struct indicator_row *row)
{
    say_object(say, NULL);
    say_text(say, "id", indicator_row_id(row));
    tell_figure(say, "figure", &row->figure, row->state);
    tell_shares(say, row);
    tell_status(say, row);
    tell_reporting(say, row);
    say_object_end(say);
}
