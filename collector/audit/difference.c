/* The two positions are folded, one after the other, and their rows compared.
 * What differs is followed by a second fold (difference_follow.c). */
#include "collector/audit/difference.h"

#include <stdlib.h>
#include <string.h>

#include "collector/audit/difference_private.h"
#include "collector/figures/position.h"
#include "common/event/calendar.h"
#include "common/figures/indicator_rows.h"
#include "common/figures/indicator_text.h"

enum status difference_choose(const struct args *args,
                              const struct reading *reading, int32_t day,
                              struct indicator_choice *choice)
{
    enum status status = indicator_choose(args, reading, day, choice);

    choice->request.reader =
        (struct figure_reader){.kind = FIGURE_READER_AUDIT};
    return status;
}

struct difference_value difference_value(const struct indicator_row *row)
{
    return (struct difference_value){.there = true,
                                     .figure = row->figure,
                                     .state = row->state,
                                     .status = indicator_row_status(row)};
}

bool difference_has_number(const struct difference_value *value)
{
    return value->there && value->figure.known &&
           received_is_known(value->state);
}

int64_t difference_number(const struct difference_value *value)
{
    return difference_has_number(value) ? value->figure.value : 0;
}

/* A ratio over zero keeps its zero. */
int64_t difference_denominator(const struct difference_value *value)
{
    return difference_has_number(value) && value->figure.ratio
               ? value->figure.denominator
               : 0;
}

/* ---- the figures of one position ---- */

static const char *target_of(const struct indicator_row *row)
{
    return row->target == NULL ? "" : row->target->id;
}

bool difference_is_of(const struct difference_figure *figure,
                      const struct indicator_row *row)
{
    return figure->unit == row->unit->key &&
           strcmp(figure->target, target_of(row)) == 0 &&
           strcmp(figure->indicator, row->indicator->id) == 0;
}

static struct difference_figure *find(struct difference *self,
                                      const struct indicator_row *row)
{
    for (size_t i = 0; i < self->figure_count; i++) {
        if (difference_is_of(&self->figures[i], row)) {
            return &self->figures[i];
        }
    }
    return NULL;
}

static enum status add_figure(struct difference *self,
                              const struct indicator_row *row,
                              enum language language,
                              struct difference_figure **figure)
{
    char unit[INDICATOR_TEXT_MAX];
    struct difference_figure *made = &self->figures[self->figure_count];

    *figure = made;
    if (self->figure_count == DIFFERENCE_FIGURES_MAX) {
        return STATUS_FULL;
    }
    indicator_unit_text(row->unit, unit);
    *made = (struct difference_figure){
        .target = strdup(target_of(row)),
        .indicator = strdup(row->indicator->id),
        .label = strdup(indicator_row_label(row, language)),
        .unit_of_count =
            strdup(language_pick(row->indicator->unit_of_count, language)),
        .unit_name = strdup(unit),
        .unit = row->unit->key};
    self->figure_count++;
    return made->target == NULL || made->indicator == NULL ||
                   made->label == NULL || made->unit_of_count == NULL ||
                   made->unit_name == NULL
               ? STATUS_MEMORY
               : STATUS_OK;
}

static enum status note_rows(struct difference *self,
                             const struct indicator_rows *rows,
                             enum language language, bool after)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < rows->count && status == STATUS_OK; i++) {
        const struct indicator_row *row = &rows->rows[i];
        struct difference_figure *figure = find(self, row);

        if (figure == NULL) {
            status = add_figure(self, row, language, &figure);
        }
        if (status == STATUS_OK && after) {
            figure->after = difference_value(row);
        } else if (status == STATUS_OK) {
            figure->before = difference_value(row);
        }
    }
    return status;
}

static enum status note_end(const struct reading *reading,
                            const struct indicator_choice *choice,
                            struct difference_end *end)
{
    const struct figure_range *range = &choice->request.range;
    const struct context_plan *plan = context_plan_by_id(
        province_context(reading->province), range->plan->id);

    end->size = tally_position(reading->tally);
    end->last = *tally_last(reading->tally);
    end->range = *range;
    end->range.plan = NULL;
    end->plan = strdup(range->plan->id);
    if (plan != NULL) {
        end->revision = plan->revision;
        end->plan_entry = plan->index;
    }
    return end->plan == NULL ? STATUS_MEMORY : STATUS_OK;
}

/* The plan is chosen by the day of the second position at both. */
static enum status note(const struct args *args, const struct reading *reading,
                        struct difference *self, bool after)
{
    struct difference_end *end = after ? &self->after : &self->before;
    struct indicator_choice choice;
    struct indicator_rows *rows = NULL;
    enum status status = position_day(args, reading, &end->day);

    if (status != STATUS_OK) {
        return status;
    }
    status = difference_choose(args, reading, self->after.day, &choice);
    choice.request.today = end->day;
    if (status == STATUS_OK) {
        status = indicator_rows_new(tally_fold(reading->tally),
                                    province_context(reading->province),
                                    &choice.request, &rows);
        if (status == STATUS_OK) {
            status = note_rows(self, rows, args->language, after);
        }
        if (status == STATUS_OK) {
            status = note_end(reading, &choice, end);
        }
        if (status != STATUS_OK) {
            (void)command_fail(args, reading->directory.path, status);
        }
    }
    indicator_rows_free(&rows);
    indicator_choice_fini(&choice);
    return status;
}

/* ---- what differs ---- */

static bool figures_equal(const struct difference_value *a,
                          const struct difference_value *b)
{
    return a->there == b->there && a->figure.known == b->figure.known &&
           difference_has_number(a) == difference_has_number(b) &&
           a->figure.defined == b->figure.defined &&
           difference_number(a) == difference_number(b) &&
           difference_denominator(a) == difference_denominator(b);
}

static void free_figure(struct difference_figure *figure)
{
    free(figure->target);
    free(figure->indicator);
    free(figure->label);
    free(figure->unit_of_count);
    free(figure->unit_name);
}

static void keep_what_differs(struct difference *self)
{
    size_t kept = 0;

    for (size_t i = 0; i < self->figure_count; i++) {
        struct difference_figure *figure = &self->figures[i];

        figure->moved = !figures_equal(&figure->before, &figure->after);
        figure->change = difference_number(&figure->after) -
                         difference_number(&figure->before);
        figure->change_denominator = difference_denominator(&figure->after) -
                                     difference_denominator(&figure->before);
        if (figure->moved || figure->before.status != figure->after.status) {
            self->figures[kept++] = *figure;
        } else {
            free_figure(figure);
        }
    }
    self->figure_count = kept;
}

static int compare_causes(const void *left, const void *right)
{
    const struct difference_cause *a = left, *b = right;

    if (a->figure != b->figure) {
        return a->figure < b->figure ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Whether what was put down adds up. */
static void check_sums(struct difference *self)
{
    for (size_t i = 0; i < self->cause_count; i++) {
        struct difference_figure *figure =
            &self->figures[self->causes[i].figure];

        figure->change -= self->causes[i].amount;
        figure->change_denominator -= self->causes[i].denominator;
    }
    for (size_t i = 0; i < self->figure_count; i++) {
        struct difference_figure *figure = &self->figures[i];

        figure->explained =
            figure->change == 0 && figure->change_denominator == 0;
        figure->change = difference_number(&figure->after) -
                         difference_number(&figure->before);
        figure->change_denominator = difference_denominator(&figure->after) -
                                     difference_denominator(&figure->before);
    }
}

static bool anything_moved(const struct difference *self)
{
    for (size_t i = 0; i < self->figure_count; i++) {
        if (self->figures[i].moved) {
            return true;
        }
    }
    return false;
}

/* ---- life ---- */

static enum status find_day(const struct args *args,
                            const struct reading *reading, uint64_t size,
                            int32_t *day)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.received_at = 0};
    enum status status = ledger_snapshot_open(reading->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_entry(snapshot, size - 1, &entry);
    }
    ledger_snapshot_close(&snapshot);
    *day = calendar_day_of_moment(entry.received_at);
    return status == STATUS_OK
               ? status
               : command_fail(args, reading->directory.path, status);
}

static enum status fold_both(const struct args *args, struct reading *reading,
                             uint64_t from, uint64_t to,
                             struct difference *self)
{
    unsigned changes = 0;
    enum status status = find_day(args, reading, to, &self->after.day);

    if (status == STATUS_OK) {
        status = position_show(args, from, true, reading);
    }
    if (status == STATUS_OK) {
        status = reading_fold(args, reading);
    }
    if (status == STATUS_OK) {
        status = note(args, reading, self, false);
    }
    if (status != STATUS_OK) {
        return status;
    }
    ledger_show_prefix(reading->ledger, to);
    status = tally_advance(reading->tally, &changes);
    if (status != STATUS_OK) {
        return command_fail(args, reading->directory.path, status);
    }
    return note(args, reading, self, true);
}

enum status difference_new(const struct args *args, struct reading *reading,
                           uint64_t from, uint64_t to,
                           struct difference **difference)
{
    struct difference *self = calloc(1, sizeof *self);
    enum status status = STATUS_OK;

    *difference = self;
    if (self == NULL) {
        return command_fail(args, args->command->name, STATUS_MEMORY);
    }
    self->figures = calloc(DIFFERENCE_FIGURES_MAX, sizeof *self->figures);
    if (self->figures == NULL) {
        status = command_fail(args, args->command->name, STATUS_MEMORY);
    }
    if (status == STATUS_OK) {
        status = fold_both(args, reading, from, to, self);
    }
    if (status == STATUS_OK) {
        keep_what_differs(self);
    }
    if (status == STATUS_OK && anything_moved(self)) {
        status = difference_follow(args, reading, from, to, self);
    }
    if (status != STATUS_OK) {
        difference_free(difference);
        return status;
    }
    if (self->cause_count > 0) {
        qsort(self->causes, self->cause_count, sizeof *self->causes,
              compare_causes);
    }
    check_sums(self);
    return STATUS_OK;
}

void difference_free(struct difference **difference)
{
    struct difference *self = *difference;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; self->figures != NULL && i < self->figure_count; i++) {
        free_figure(&self->figures[i]);
    }
    free(self->figures);
    free(self->causes);
    free(self->before.plan);
    free(self->after.plan);
    free(self);
    *difference = NULL;
}
