/* One line over time and by unit, and what it is made of. */
#include "collector/api/view_private.h"

#include <string.h>

#include "common/figures/formula_words.h"
#include "common/figures/indicator_events.h"
#include "common/figures/indicator_months.h"
#include "common/figures/indicator_notes.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_days.h"

#define MONTHS_MAX 24u /* of a plan's year, by whatever regime */

void tell_formula(struct scene *scene, const char *key, const struct plan *plan,
                  const struct plan_indicator *indicator)
{
    const struct vocabulary *vocabulary = context_vocabulary(scene->context);
    char vi[FORMULA_WORDS_MAX], en[FORMULA_WORDS_MAX];

    if (indicator->formula == NULL) {
        say_null(&scene->say, key);
        return;
    }
    formula_words(plan, indicator, vocabulary, LANGUAGE_VI, vi);
    formula_words(plan, indicator, vocabulary, LANGUAGE_EN, en);
    say_labels(&scene->say, key, (struct language_text){vi, en});
}

/* ---- what the plan says of it ---- */

static void tell_responsible(struct scene *scene,
                             const struct plan_target *target)
{
    const struct vocabulary *vocabulary = context_vocabulary(scene->context);
    char vi[INDICATOR_NOTE_MAX], en[INDICATOR_NOTE_MAX];

    if (target == NULL || target->responsible_count == 0) {
        say_null(&scene->say, "responsible");
        return;
    }
    indicator_responsible_text(target, vocabulary, LANGUAGE_VI, vi);
    indicator_responsible_text(target, vocabulary, LANGUAGE_EN, en);
    say_labels(&scene->say, "responsible", (struct language_text){vi, en});
}

static bool reads(const struct plan_formula *formula, uint32_t baseline)
{
    bool found =
        formula->operation == PLAN_BASELINE && formula->baseline == baseline;

    for (uint32_t i = 0; i < formula->operand_count && !found; i++) {
        found = reads(formula->operands[i], baseline);
    }
    return found;
}

static void tell_baselines(struct scene *scene, const struct plan *plan,
                           const struct plan_indicator *indicator)
{
    struct say *say = &scene->say;

    say_array(say, "baselines");
    for (uint32_t i = 0; indicator->formula != NULL && i < plan->baseline_count;
         i++) {
        char vi[INDICATOR_NOTE_MAX], en[INDICATOR_NOTE_MAX];

        if (reads(indicator->formula, i)) {
            indicator_baseline_text(&plan->baselines[i], LANGUAGE_VI, vi);
            indicator_baseline_text(&plan->baselines[i], LANGUAGE_EN, en);
            say_labels(say, NULL, (struct language_text){vi, en});
        }
    }
    say_array_end(say);
}

static void tell_settings(struct scene *scene, const struct plan *plan,
                          const struct plan_indicator *indicator)
{
    struct say *say = &scene->say;

    say_array(say, "settings");
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        if ((indicator->settings & (UINT32_C(1) << i)) != 0) {
            say_text(say, NULL, plan->settings[i].id);
        }
    }
    say_array_end(say);
}

/* The plan's own points. */
static void tell_path(struct scene *scene, const struct plan_target *target)
{
    struct say *say = &scene->say;

    say_array(say, "path");
    for (uint32_t i = 0; target != NULL && i < target->path_count; i++) {
        const struct plan_point *point = &target->path[i];
        char percent[INDICATOR_TEXT_MAX];

        say_object(say, NULL);
        say_day(say, "by", point->by);
        if (point->has_quantity) {
            say_total(say, "quantity", point->quantity);
        } else {
            say_null(say, "quantity");
        }
        indicator_percent_token(point->percent_e2, 10000, percent);
        say_text(say, "percent", point->has_percent ? percent : NULL);
        say_object_end(say);
    }
    say_array_end(say);
}

static void tell_about(struct scene *scene, const struct plan *plan,
                       const struct indicator_row *row)
{
    struct say *say = &scene->say;

    tell_formula(scene, "formula", plan, row->indicator);
    say_labels(say, "note", row->indicator->note);
    tell_responsible(scene, row->target);
    tell_baselines(scene, plan, row->indicator);
    if (row->target != NULL && row->target->source_line != 0) {
        say_number(say, "source_line", row->target->source_line);
    } else {
        say_null(say, "source_line");
    }
    tell_settings(scene, plan, row->indicator);
    tell_path(scene, row->target);
}

/* ---- the events behind it ---- */

static void tell_events(struct scene *scene, const struct choice *choice,
                        const struct indicator_row *row)
{
    struct say *say = &scene->say;
    struct indicator_events events = {.count = 0};
    /* A number of events tells of a hidden number of persons. */
    bool known = row->figure.known && row->figure.hidden == FIGURE_SHOWN &&
                 row->ended == 0 &&
                 indicator_events(scene->fold, scene->context, row,
                                  &choice->request.range, &events) == STATUS_OK;

    say_object(say, "events");
    if (known) {
        say_total(say, "count", events.count);
    } else {
        say_null(say, "count");
    }
    say_bool(say, "at_most", known && events.at_most);
    say_array(say, "types");
    for (size_t i = 0; known && i < events.type_count; i++) {
        const struct catalogue_type *type = catalogue_type(events.types[i]);

        if (type != NULL) {
            say_object(say, NULL);
            say_text(say, "name", type->name);
            say_labels(say, "label", type->label);
            say_object_end(say);
        }
    }
    say_array_end(say);
    say_object_end(say);
}

/* ---- over time ---- */

struct point {
    struct indicator_row in_month, so_far;
    bool has_month, has_so_far;
};

/* The same line over other days; false where the unit was not there then. */
static bool compute(struct scene *scene, const struct choice *choice,
                    const struct indicator_row *row, int32_t from, int32_t to,
                    struct indicator_row *found)
{
    struct indicator_request request = choice->request;
    struct indicator_rows *rows = NULL;
    bool has = false;
    enum status status;

    request.range.from = from;
    request.range.to = to;
    request.range.unit_date = to;
    request.by = false;
    request.silence = NULL;
    request.indicator = scene->query->id;
    status = indicator_rows_new(scene->fold, scene->context, &request, &rows);
    if (status == STATUS_NOT_FOUND || !scene_ok(scene, status)) {
        return false;
    }
    /* A goal that was changed stands once for each version. */
    for (size_t i = 0; i < rows->count && !has; i++) {
        has = rows->rows[i].target == row->target &&
              rows->rows[i].indicator == row->indicator;
        *found = rows->rows[i];
    }
    indicator_rows_free(&rows);
    return has;
}

static void tell_point(struct scene *scene, const struct choice *choice,
                       const struct indicator_row *row,
                       const struct period *month)
{
    static const struct figure unknown = {.known = false};
    struct say *say = &scene->say;
    const struct plan *plan = choice->plan->plan;
    int32_t to = month->to < plan->to ? month->to : plan->to;
    struct point point;

    point.has_month =
        compute(scene, choice, row, month->from, month->to, &point.in_month);
    point.has_so_far =
        compute(scene, choice, row, plan->from, to, &point.so_far);
    say_object(say, NULL);
    tell_period_key(say, "period", month);
    say_day(say, "from", month->from);
    say_day(say, "to", month->to);
    say_bool(say, "over", month->to < scene->source->today);
    tell_figure(say, "figure",
                point.has_month ? &point.in_month.figure : &unknown,
                point.has_month ? point.in_month.state : RECEIVED_UNSAID);
    tell_figure(say, "so_far",
                point.has_so_far ? &point.so_far.figure : &unknown,
                point.has_so_far ? point.so_far.state : RECEIVED_UNSAID);
    if (point.has_so_far) {
        tell_expected(say, "expected", &point.so_far, to);
    } else {
        say_null(say, "expected");
    }
    say_object_end(say);
}

/* By the months of the regime that was asked for, else of the plan's first, or
 * the calendar's where that has none. */
static void tell_series(struct scene *scene, const struct choice *choice,
                        const struct indicator_row *row)
{
    struct say *say = &scene->say;
    const struct plan *plan = choice->plan->plan;
    struct period_regime regime;
    struct period month;
    bool more = form_regime(plan, choice->of_period ? choice->regime.number : 0,
                            PERIOD_MONTH, &regime) ||
                period_regime_init(&regime, PERIOD_CALENDAR);

    more = more && period_of_day(&regime, PERIOD_MONTH, plan->from, &month);
    say_object(say, "series");
    say_text(say, "regime", form_regime_token(regime.number));
    say_text(say, "months",
             row->indicator->formula == NULL
                 ? NULL
                 : indicator_months_token(
                       indicator_months(row->indicator->formula)));
    say_array(say, "points");
    for (unsigned i = 0; i < MONTHS_MAX && more && month.to <= plan->to &&
                         month.from <= scene->source->today;
         i++) {
        tell_point(scene, choice, row, &month);
        more = period_of_day(&regime, PERIOD_MONTH, month.to + 1, &month);
    }
    say_array_end(say);
    say_object_end(say);
}

/* ---- all of it ---- */

static void write_rows(struct scene *scene, const struct choice *choice,
                       const struct indicator_rows *rows)
{
    struct say *say = &scene->say;
    const struct indicator_row *row = &rows->rows[0];

    say_object(say, NULL);
    tell_coordinates(scene, choice);
    tell_reader(scene);
    tell_plan_head(scene, "plan", choice->plan);
    tell_above(scene, rows->unit, choice->request.range.unit_date);
    say_key(say, "line");
    tell_line(&scene->say, &choice->request, row);
    tell_about(scene, choice->plan->plan, row);
    tell_events(scene, choice, row);
    tell_series(scene, choice, row);
    say_text(say, "by",
             choice->request.by ? tell_level(choice->request.by_level) : NULL);
    say_array(say, "rows");
    /* Those below stand behind the first row, up to the next version. */
    for (size_t i = 1; i < rows->count && rows->rows[i].target == row->target &&
                       rows->rows[i].indicator == row->indicator;
         i++) {
        tell_unit_row(&scene->say, &rows->rows[i]);
    }
    say_array_end(say);
    say_object_end(say);
}

/* A goal that was changed: the version that holds now, else the first. */
static void choose_version(struct indicator_rows *rows)
{
    size_t at = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct indicator_row *row = &rows->rows[i];

        if ((i == 0 || row->target != row[-1].target) &&
            row->status != TARGET_REPLACED && row->status != TARGET_LATER) {
            at = i;
            break;
        }
    }
    memmove(rows->rows, rows->rows + at,
            (rows->count - at) * sizeof *rows->rows);
    rows->count -= at;
}

void view_indicator(struct scene *scene)
{
    struct choice choice;
    struct indicator_rows *rows = NULL;

    if (choice_make(scene, &choice)) {
        choice_by(scene, &choice);
        choice.request.indicator = scene->query->id;
        if (scene_ok(scene, indicator_rows_new(scene->fold, scene->context,
                                               &choice.request, &rows))) {
            choose_version(rows);
            write_rows(scene, &choice, rows);
        }
    }
    indicator_rows_free(&rows);
    choice_fini(&choice);
}
