/* From one position to the next: the days between them, then stretches of
 * batches, of which the fold tells each event, and between them control
 * entries, each by itself. */
#include "collector/audit/difference_private.h"

#include <stdlib.h>
#include <string.h>

#include "collector/figures/position.h"
#include "common/figures/indicator_uses.h"

/* Numbers of proto/event.proto: events that may matter to any figure, and those
 * that matter to whoever counts reports. */
#define TYPE_REPORT     19u
#define TYPE_CORRECTION 20u
#define TYPE_NIL_REPORT 21u
#define TYPE_SAME_AS    22u
#define TYPES_MAX       64u
#define CAUSES_FIRST    256u

/* Figures of one target or indicator, which are computed together. */
struct group {
    size_t first, count;
    uint64_t types; /* a bit for each type of event that may matter */
};

struct follow {
    const struct args *args;
    struct reading reading;
    struct difference *difference;
    struct indicator_choice choice;
    struct group *groups;
    size_t group_count;
    int64_t *numbers, *denominators; /* of each figure, so far */
    size_t cause_room;
    uint64_t steps;
    uint64_t rest; /* events since it became too much */
};

static const char *id_of(const struct difference_figure *figure)
{
    return figure->target[0] != '\0' ? figure->target : figure->indicator;
}

static enum status make_groups(struct follow *self)
{
    const struct difference *difference = self->difference;
    size_t count = difference->figure_count;

    self->groups = calloc(count, sizeof *self->groups);
    self->numbers = calloc(count, sizeof *self->numbers);
    self->denominators = calloc(count, sizeof *self->denominators);
    if (self->groups == NULL || self->numbers == NULL ||
        self->denominators == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const struct difference_figure *figure = &difference->figures[i];

        self->numbers[i] = difference_number(&figure->before);
        self->denominators[i] = difference_denominator(&figure->before);
        if (i == 0 || strcmp(id_of(figure), id_of(figure - 1)) != 0) {
            self->groups[self->group_count++].first = i;
        }
        self->groups[self->group_count - 1].count++;
    }
    return STATUS_OK;
}

/* ---- which events may matter ---- */

static uint64_t bit_of(uint32_t type)
{
    return type < TYPES_MAX ? UINT64_C(1) << type : 0;
}

struct types {
    const struct plan *plan;
    uint64_t bits;
};

static void add_type(void *owner, uint32_t measure)
{
    struct types *types = owner;

    types->bits |= bit_of(types->plan->measures[measure].type);
}

static bool counts_reports(const struct plan_formula *formula)
{
    bool counts = formula->operation == PLAN_ON_TIME;

    for (uint32_t i = 0; i < formula->operand_count && !counts; i++) {
        counts = counts_reports(formula->operands[i]);
    }
    return counts;
}

static uint64_t types_of(const struct plan *plan,
                         const struct plan_formula *formula)
{
    struct types types = {
        .plan = plan, .bits = bit_of(TYPE_CORRECTION) | bit_of(TYPE_SAME_AS)};

    plan_formula_measures(formula, &types, add_type);
    if (formula != NULL && counts_reports(formula)) {
        types.bits |= bit_of(TYPE_REPORT) | bit_of(TYPE_NIL_REPORT);
    }
    return types.bits;
}

static void find_types(struct follow *self)
{
    const struct plan *plan = self->choice.request.range.plan;

    for (size_t i = 0; i < self->group_count; i++) {
        const struct difference_figure *figure =
            &self->difference->figures[self->groups[i].first];
        uint32_t at = plan_find_indicator(plan, figure->indicator);

        self->groups[i].types =
            at == UINT32_MAX ? 0 : types_of(plan, plan->indicators[at].formula);
    }
}

/* ---- putting it down ---- */

static enum status add_cause(struct follow *self,
                             const struct difference_cause *cause)
{
    struct difference *difference = self->difference;

    if (difference->cause_count == self->cause_room) {
        size_t room =
            self->cause_room == 0 ? CAUSES_FIRST : self->cause_room * 2;
        struct difference_cause *causes =
            realloc(difference->causes, room * sizeof *causes);

        if (causes == NULL) {
            return STATUS_MEMORY;
        }
        difference->causes = causes;
        self->cause_room = room;
    }
    difference->causes[difference->cause_count] = *cause;
    difference->causes[difference->cause_count].order = difference->cause_count;
    difference->cause_count++;
    return STATUS_OK;
}

/* What the figure has come to, put down to the cause. */
static enum status put_down(struct follow *self, size_t at,
                            const struct difference_value *value,
                            const struct difference_cause *template)
{
    int64_t number = difference_number(value);
    int64_t denominator = difference_denominator(value);
    struct difference_cause cause = *template;

    cause.figure = (uint32_t)at;
    cause.amount = number - self->numbers[at];
    cause.denominator = denominator - self->denominators[at];
    self->numbers[at] = number;
    self->denominators[at] = denominator;
    return cause.amount == 0 && cause.denominator == 0
               ? STATUS_OK
               : add_cause(self, &cause);
}

static enum status compute(struct follow *self, const struct group *group,
                           const struct difference_cause *cause)
{
    struct indicator_request request = self->choice.request;
    struct indicator_rows *rows = NULL;
    enum status status;

    request.indicator = id_of(&self->difference->figures[group->first]);
    status = indicator_rows_new(tally_fold(self->reading.tally),
                                province_context(self->reading.province),
                                &request, &rows);
    /* Another plan may not have it. */
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    status = STATUS_OK;
    for (size_t i = group->first;
         i < group->first + group->count && status == STATUS_OK; i++) {
        struct difference_value value = {.there = false};

        for (size_t k = 0; rows != NULL && k < rows->count; k++) {
            if (difference_is_of(&self->difference->figures[i],
                                 &rows->rows[k])) {
                value = difference_value(&rows->rows[k]);
            }
        }
        status = put_down(self, i, &value, cause);
    }
    indicator_rows_free(&rows);
    return status;
}

static enum status compute_all(struct follow *self,
                               const struct difference_cause *cause)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < self->group_count && status == STATUS_OK; i++) {
        status = compute(self, &self->groups[i], cause);
    }
    return status;
}

/* ---- the way ---- */

static bool too_much(const struct follow *self)
{
    return self->steps >= DIFFERENCE_STEPS_MAX ||
           self->difference->cause_count >= DIFFERENCE_CAUSES_MAX;
}

/* tally_watch */
static enum status folded(void *owner, const struct entry *entry, uint64_t id,
                          const struct event *event)
{
    struct follow *self = owner;
    struct difference_cause cause = {
        .kind = DIFFERENCE_EVENT, .entry = entry->index, .event = id};
    uint64_t type = bit_of(event->type);
    bool settled = false;
    enum status status = STATUS_OK;

    if (too_much(self)) {
        self->rest++;
        return STATUS_OK;
    }
    for (size_t i = 0; i < self->group_count && status == STATUS_OK; i++) {
        if ((self->groups[i].types & type) == 0) {
            continue;
        }
        if (!settled) {
            status = tally_settle_within(self->reading.tally);
            settled = true;
        }
        if (status == STATUS_OK) {
            status = compute(self, &self->groups[i], &cause);
            self->steps++;
        }
    }
    return status;
}

static enum status advance(struct follow *self, uint64_t to, bool watched,
                           unsigned *changes)
{
    struct tally_watch watch = {.owner = self,
                                .folded = watched ? folded : NULL};

    tally_watch(self->reading.tally, watch);
    ledger_show_prefix(self->reading.ledger, to);
    return tally_advance(self->reading.tally, changes);
}

static enum status choose(struct follow *self)
{
    enum status status;

    indicator_choice_fini(&self->choice);
    status = difference_choose(self->args, &self->reading,
                               self->difference->after.day, &self->choice);
    if (status == STATUS_OK) {
        find_types(self);
    }
    return status;
}

/* Nothing of what the choice points to holds any longer. */
static enum status pass_control(struct follow *self, uint64_t index)
{
    struct difference_cause cause = {.kind = DIFFERENCE_CONTROL,
                                     .entry = index};
    unsigned changes = 0;
    enum status status = advance(self, index + 1, false, &changes);

    if (status == STATUS_OK && changes != 0) {
        status = choose(self);
    }
    return status == STATUS_OK && (changes & CONTEXT_CHANGED_FIGURES) != 0
               ? compute_all(self, &cause)
               : status;
}

/* Entries up to the next control entry. */
static enum status pass_batches(struct follow *self, uint64_t to)
{
    struct difference_cause cause = {.kind = DIFFERENCE_REST, .entry = to - 1};
    unsigned changes = 0;
    enum status status = advance(self, to, true, &changes);

    cause.event = self->rest;
    if (status == STATUS_OK && self->rest > 0) {
        self->rest = 0;
        status = compute_all(self, &cause);
    }
    return status;
}

/* Where the next control entry is; `to` when there is none before. */
static enum status next_control(const struct follow *self, uint64_t from,
                                uint64_t to, uint64_t *index)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry = {.index = to};
    enum status status;

    ledger_show_prefix(self->reading.ledger, to);
    status = ledger_snapshot_open(self->reading.ledger, &snapshot);
    if (status == STATUS_OK) {
        status = ledger_next_control(snapshot, from, &entry);
    }
    ledger_snapshot_close(&snapshot);
    *index = status == STATUS_OK ? entry.index : to;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* The way begins on the day of the second position: what that alone changes is
 * no event's doing. */
static enum status pass_days(struct follow *self)
{
    struct difference_cause cause = {.kind = DIFFERENCE_DAYS};

    return self->difference->before.day == self->difference->after.day
               ? STATUS_OK
               : compute_all(self, &cause);
}

static enum status pass_all(struct follow *self, uint64_t from, uint64_t to)
{
    enum status status = pass_days(self);
    uint64_t at = from;

    while (at < to && status == STATUS_OK) {
        uint64_t control;

        status = next_control(self, at, to, &control);
        if (status == STATUS_OK && control > at) {
            status = pass_batches(self, control);
            at = control;
        }
        if (status == STATUS_OK && at < to) {
            status = pass_control(self, at);
            at++;
        }
    }
    return status;
}

enum status difference_follow(const struct args *args,
                              const struct reading *reading, uint64_t from,
                              uint64_t to, struct difference *difference)
{
    struct follow self = {.args = args,
                          .difference = difference,
                          .reading = {.directory = reading->directory,
                                      .ledger = reading->ledger}};
    enum status status = position_show(args, from, true, &self.reading);

    if (status == STATUS_OK) {
        status = reading_fold(args, &self.reading);
    }
    if (status == STATUS_OK && make_groups(&self) != STATUS_OK) {
        status = command_fail(args, args->command->name, STATUS_MEMORY);
    }
    if (status == STATUS_OK) {
        status = choose(&self);
    }
    if (status == STATUS_OK) {
        status = pass_all(&self, from, to);
        if (status != STATUS_OK) {
            (void)command_fail(args, self.reading.directory.path, status);
        }
    }
    indicator_choice_fini(&self.choice);
    free(self.groups);
    free(self.numbers);
    free(self.denominators);
    tally_close(&self.reading.tally);
    province_close(&self.reading.province);
    ledger_show_prefix(reading->ledger, to);
    return status;
}
