/* Three tables of rows that differ in their days alone, and the lines over
 * them. */
#include "common/reports/form.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

static MUST_USE enum status make_rows(const struct form_source *source,
                                      const struct form_request *request,
                                      struct form *form)
{
    const struct figure_range *ranges[FORM_FIGURE_END] = {
        [FORM_IN_PERIOD] = &form->days.in_period,
        [FORM_SO_FAR] = &form->days.so_far,
        [FORM_YEAR_BEFORE] = &form->days.year_before,
    };
    struct indicator_request asked = {
        .today = source->known_on,
        .unit = request->unit,
        .by = request->by,
        .by_level = request->by_level,
        .reader = request->reader,
        .language = request->language,
    };
    enum status status = STATUS_OK;

    for (int i = 0; i < FORM_FIGURE_END && status == STATUS_OK; i++) {
        asked.range = *ranges[i];
        asked.range.known_to = source->known_on;
        asked.silence = i == FORM_IN_PERIOD ? form->silence : NULL;
        status = indicator_rows_new(source->fold, source->context, &asked,
                                    &form->rows[i]);
    }
    return status;
}

/* Who has reported the period, as of the day of the last entry. */
static MUST_USE enum status find_silence(const struct form_source *source,
                                         struct form *form)
{
    struct silence_request about = {.plan = form->plan,
                                    .regime = &form->regime,
                                    .period = form->days.period,
                                    .known_to = source->known_on};

    /* A later revision of the plan may have done away with the regime. */
    return plan_regime(form->plan, form->days.period.regime, &form->regime)
               ? silence_new(source->fold, source->context, &about,
                             &form->silence)
               : STATUS_OK;
}

/* Rows of one target, or of one indicator without any, follow one another. */
static void make_lines(struct form *form)
{
    const struct indicator_rows *rows = form->rows[FORM_SO_FAR];

    for (size_t i = 0; i < rows->count; i++) {
        const struct indicator_row *row = &rows->rows[i];

        if (i > 0 && row->target == row[-1].target &&
            row->indicator == row[-1].indicator) {
            form->lines[form->line_count - 1].row_count++;
            continue;
        }
        for (int k = 0; k < FORM_FIGURE_END; k++) {
            check(form->rows[k]->count == rows->count);
            form->lines[form->line_count].rows[k] = &form->rows[k]->rows[i];
        }
        form->lines[form->line_count++].row_count = 1;
    }
}

/* The sheet by unit has the units of the line that has most. */
static void make_places(struct form *form)
{
    const struct form_line *most = NULL;

    for (size_t i = 0; i < form->line_count; i++) {
        if (most == NULL || form->lines[i].row_count > most->row_count) {
            most = &form->lines[i];
        }
    }
    for (size_t i = 1; most != NULL && i < most->row_count; i++) {
        form->places[form->unit_count++] = most->rows[FORM_SO_FAR][i].unit;
    }
}

static MUST_USE enum status arrange(struct form *form)
{
    const struct indicator_rows *rows = form->rows[FORM_SO_FAR];

    form->unit = rows->unit;
    form->lines = calloc(rows->count + 1, sizeof *form->lines);
    form->places = calloc(rows->count + 1, sizeof *form->places);
    if (form->lines == NULL || form->places == NULL) {
        return STATUS_MEMORY;
    }
    make_lines(form);
    make_places(form);
    return STATUS_OK;
}

static MUST_USE enum status look_back(const struct form_source *source,
                                      struct form *form)
{
    const struct figure_range *range = &form->days.year_before;
    int32_t first = 0;
    enum status status = indicator_first_day(source->fold, form->unit->key,
                                             range->unit_date, &first);

    form->year_before_known = first <= range->to;
    return status;
}

MUST_USE enum status form_new(const struct form_source *source,
                              const struct form_request *request,
                              struct form **form)
{
    /* The days may be those of a report that was frozen: its plan is the one
     * of that prefix, and here the one of this prefix is meant. */
    const struct context_plan *plan =
        context_plan_by_id(source->context, request->days->in_period.plan->id);
    struct form *made;
    enum status status;

    *form = NULL;
    if (plan == NULL) {
        return STATUS_NOT_FOUND;
    }
    made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->days = *request->days;
    made->language = request->language;
    made->plan = plan->plan;
    made->plan_revision = plan->revision;
    made->plan_entry = plan->index;
    made->days.in_period.plan = plan->plan;
    made->days.so_far.plan = plan->plan;
    made->days.year_before.plan = plan->plan;
    made->position = fold_position(source->fold);
    made->known_on = source->known_on;
    made->says = source->says;
    made->units = context_units(source->context);
    made->vocabulary = context_vocabulary(source->context);
    made->by_level = request->by_level;
    made->reader = request->reader;
    status = bytes_to_hex(
        (struct bytes){.data = source->last->bytes, .size = DIGEST_BYTES},
        made->hash, sizeof made->hash);
    if (status == STATUS_OK) {
        status = find_silence(source, made);
    }
    if (status == STATUS_OK) {
        status = make_rows(source, request, made);
    }
    if (status == STATUS_OK) {
        status = arrange(made);
    }
    if (status == STATUS_OK) {
        status = look_back(source, made);
    }
    if (status == STATUS_OK) {
        *form = made;
    } else {
        form_free(&made);
    }
    return status;
}

void form_free(struct form **form)
{
    if (*form == NULL) {
        return;
    }
    for (int i = 0; i < FORM_FIGURE_END; i++) {
        indicator_rows_free(&(*form)->rows[i]);
    }
    silence_free(&(*form)->silence);
    free((*form)->lines);
    free((*form)->places);
    free(*form);
    *form = NULL;
}

const struct indicator_row *form_unit_row(const struct form *form, size_t line,
                                          size_t unit, enum form_figure figure)
{
    const struct form_line *at = &form->lines[line];

    check(line < form->line_count && unit < form->unit_count);
    /* Nearly always all lines have the same units. */
    if (1 + unit < at->row_count &&
        at->rows[figure][1 + unit].unit == form->places[unit]) {
        return &at->rows[figure][1 + unit];
    }
    for (size_t i = 1; i < at->row_count; i++) {
        if (at->rows[figure][i].unit == form->places[unit]) {
            return &at->rows[figure][i];
        }
    }
    return NULL;
}

/* ---- what has changed ---- */

static const char *id_of(const struct indicator_row *row)
{
    return row->target != NULL ? row->target->id : row->indicator->id;
}

/* The line of the same name; plans may have changed their order. */
static const struct form_line *same_line(const struct form *form, size_t place,
                                         const struct form_line *line)
{
    const char *id = id_of(line->rows[FORM_SO_FAR]);

    if (place < form->line_count &&
        strcmp(id_of(form->lines[place].rows[FORM_SO_FAR]), id) == 0) {
        return &form->lines[place];
    }
    for (size_t i = 0; i < form->line_count; i++) {
        if (strcmp(id_of(form->lines[i].rows[FORM_SO_FAR]), id) == 0) {
            return &form->lines[i];
        }
    }
    return NULL;
}

static bool same_figure(const struct figure *a, const struct figure *b)
{
    return a->hidden == b->hidden && a->known == b->known &&
           a->defined == b->defined && a->ratio == b->ratio &&
           a->lower_bound == b->lower_bound &&
           a->upper_bound == b->upper_bound &&
           a->not_divided == b->not_divided && a->value == b->value &&
           a->denominator == b->denominator;
}

static const struct indicator_row *changed(const struct form_line *line,
                                           const struct form_line *now,
                                           enum form_figure figure)
{
    const struct indicator_row *row = now->rows[figure];

    return same_figure(&line->rows[figure]->figure, &row->figure) ? NULL : row;
}

bool form_revise(struct form *form, const struct form *now)
{
    bool any = false;

    for (size_t i = 0; i < form->line_count; i++) {
        struct form_line *line = &form->lines[i];
        const struct form_line *other = same_line(now, i, line);

        if (other == NULL) {
            continue;
        }
        line->revised = changed(line, other, FORM_IN_PERIOD);
        line->revised_so_far = changed(line, other, FORM_SO_FAR);
        any = any || line->revised != NULL || line->revised_so_far != NULL;
    }
    return any;
}

bool form_is_erased(const struct form *form)
{
    bool erased = false;

    for (int i = 0; i < FORM_FIGURE_END; i++) {
        erased = erased || form->rows[i]->erased;
    }
    return erased;
}
