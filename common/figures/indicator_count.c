/* What the measures say of things: each function is one pass over what one
 * measure keeps, for all units at once. */
#include "common/event/catalogue.h"
#include "common/figures/indicator_state.h"

#include <stdlib.h>
#include <string.h>

/* What a visit of the things of one measure needs. */
struct pass {
    const struct fold_measure *measure;
    const struct plan_formula *formula;
    struct figuring_out *out;
    const struct figuring_set *other; /* the operand's, if it has one */
    struct figuring_set own; /* units that have said something themselves */
    int32_t look;            /* the day up to which the formula looks */
    struct figuring_periods periods; /* in each of which it has to be */
    uint64_t *counts;                /* events in each of them */
    uint32_t bound; /* captured field that says "at least"; FIGURING_NONE */
    bool by_place;  /* events have one place, and it is their subject_unit */
};

/* The name that sets have for the thing of which `row` is one row: they name
 * units by their position on the unit date, so that one that was renamed is
 * one unit. */
static void name_for_sets(struct figuring *figuring, const struct pass *pass,
                          const uint64_t name[PLAN_KEY_FIELDS_MAX],
                          const uint64_t *row,
                          uint64_t named[PLAN_KEY_FIELDS_MAX])
{
    const struct plan_measure *plan = pass->measure->plan;

    memcpy(named, name, PLAN_KEY_FIELDS_MAX * sizeof *named);
    for (uint32_t i = 0; i < plan->key_field_count; i++) {
        uint32_t source;

        if (plan->key_fields[i] != EVENT_SUBJECT_UNIT) {
            continue;
        }
        source = pass->by_place
                     ? fold_row_place(row)
                     : figuring_position(figuring, (uint32_t)name[i]);
        if (source != FIGURING_NONE) {
            source = figuring_carried(figuring, source);
        }
        /* One that cannot be carried on is itself. */
        named[i] = source != FIGURING_NONE ? source : UINT64_MAX - name[i];
    }
}

static void begin_thing(struct figuring *figuring, const struct pass *pass,
                        const uint64_t name[PLAN_KEY_FIELDS_MAX],
                        const uint64_t *row)
{
    uint64_t named[PLAN_KEY_FIELDS_MAX] = {0};

    if (pass->out->set != NULL) {
        name_for_sets(figuring, pass, name, row, named);
    }
    figuring_out_thing(figuring, pass->out, named);
}

/* What the operand's set has of the thing; NULL: nothing. */
static const struct figuring_member *find_other(
    struct figuring *figuring, const struct pass *pass,
    const uint64_t name[PLAN_KEY_FIELDS_MAX], const uint64_t *row)
{
    uint64_t named[PLAN_KEY_FIELDS_MAX];

    name_for_sets(figuring, pass, name, row, named);
    return figuring_set_find(pass->other, named);
}

/* Counts the thing at the places of one event: the rows around `at` that are
 * of the same event. */
static void count_event(struct figuring *figuring, const struct pass *pass,
                        const uint64_t name[], const struct fold_key *key,
                        size_t at, int64_t amount)
{
    const struct fold_rows *rows = &pass->measure->rows;
    const uint64_t *row = fold_rows_at(rows, key, at);
    uint64_t event = row[0];
    bool bound = pass->bound != FIGURING_NONE && row[2 + pass->bound] == 1;

    while (at > 0 && fold_rows_at(rows, key, at - 1)[0] == event) {
        at--;
    }
    begin_thing(figuring, pass, name, row);
    for (; at < key->count && fold_rows_at(rows, key, at)[0] == event; at++) {
        figuring_out_place(figuring, pass->out,
                           fold_row_place(fold_rows_at(rows, key, at)), amount,
                           bound);
    }
}

/* Whether the thing has enough events in the range and in each period. */
static bool is_enough(const struct figuring *figuring, const struct pass *pass,
                      const struct fold_key *const keys[], size_t count)
{
    const struct fold_rows *rows = &pass->measure->rows;
    const struct figuring_periods *periods = &pass->periods;
    uint64_t total = 0;

    memset(pass->counts, 0, (periods->count + 1) * sizeof *pass->counts);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < keys[i]->count; k++) {
            const uint64_t *row = fold_rows_at(rows, keys[i], k);
            int32_t day = fold_row_day(row);
            size_t at;

            /* Rows of one event stand together: it is one. */
            if (!figuring_in_range(figuring, day) ||
                (k > 0 && fold_rows_at(rows, keys[i], k - 1)[0] == row[0])) {
                continue;
            }
            total++;
            at = figuring_period_at(periods, day);
            if (at != SIZE_MAX) {
                pass->counts[at]++;
            }
        }
    }
    for (size_t i = 0; i < periods->count; i++) {
        if (pass->counts[i] < pass->formula->at_least) {
            return false;
        }
    }
    return total >= pass->formula->at_least;
}

static void visit_distinct(struct figuring *figuring, void *owner,
                           const uint64_t name[],
                           const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    const struct fold_rows *rows = &pass->measure->rows;
    bool begun = false;

    if (pass->counts != NULL && !is_enough(figuring, pass, keys, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < keys[i]->count; k++) {
            const uint64_t *row = fold_rows_at(rows, keys[i], k);

            if (!figuring_in_range(figuring, fold_row_day(row))) {
                continue;
            }
            if (!begun) {
                begin_thing(figuring, pass, name, row);
                begun = true;
            }
            figuring_out_place(figuring, pass->out, fold_row_place(row), 1,
                               false);
        }
    }
}

/* By day, then event. */
static bool is_before(const uint64_t *a, const uint64_t *b)
{
    return a[1] >> 32 != b[1] >> 32 ? a[1] >> 32 < b[1] >> 32 : a[0] < b[0];
}

/* PLAN_FIRST, PLAN_REACHED and PLAN_IN_TIME: the first row of all. */
static void visit_first(struct figuring *figuring, void *owner,
                        const uint64_t name[],
                        const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    const struct fold_rows *rows = &pass->measure->rows;
    const struct fold_key *first = keys[0];
    const struct figuring_member *stated;
    const uint64_t *row;
    int32_t day;
    bool counts;

    for (size_t i = 1; i < count; i++) {
        if (is_before(fold_rows_at(rows, keys[i], 0),
                      fold_rows_at(rows, first, 0))) {
            first = keys[i];
        }
    }
    row = fold_rows_at(rows, first, 0);
    day = fold_row_day(row);
    if (pass->formula->operation == PLAN_FIRST) {
        counts = figuring_in_range(figuring, day);
    } else {
        counts = day <= pass->look;
    }
    if (counts && pass->formula->operation == PLAN_IN_TIME) {
        stated = find_other(figuring, pass, name, row);
        counts = stated != NULL && day <= stated->day;
    }
    if (counts) {
        count_event(figuring, pass, name, first, 0, 1);
    }
}

/* How many rows are not after the day. */
static size_t rows_by(const struct fold_rows *rows, const struct fold_key *key,
                      int32_t day)
{
    size_t low = 0, high = key->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (fold_row_day(fold_rows_at(rows, key, middle)) <= day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The day in the captured field. */
static int32_t captured_day(const struct plan_formula *formula,
                            const uint64_t *row)
{
    return (int32_t)(int64_t)row[2 + formula->until];
}

/* Whether a captured number, given or not, passes. */
static bool number_passes(const struct plan_condition *condition, bool given,
                          uint64_t value)
{
    bool found = false;

    if (!given) {
        return condition->test == PLAN_TEST_NONE_OF;
    }
    for (uint32_t i = 0; i < condition->value_count; i++) {
        found = found || condition->values[i] == value;
    }
    switch (condition->test) {
    case PLAN_TEST_PRESENT:
        return true;
    case PLAN_TEST_AT_LEAST:
        return value >= condition->values[0];
    case PLAN_TEST_AT_MOST:
        return value <= condition->values[0];
    case PLAN_TEST_NONE_OF:
        return !found;
    case PLAN_TEST_ANY_OF:
    case PLAN_TEST_ALL_OF:
    case PLAN_TEST_IN_LIST:
    case PLAN_TEST_NOT_IN_LIST:
    case PLAN_TEST_LEVEL:
        break;
    }
    return found;
}

static bool state_passes(const struct plan_formula *formula,
                         const uint64_t *row, int32_t look)
{
    if (formula->operation == PLAN_DUE) {
        return captured_day(formula, row) <= look;
    }
    if (formula->operation == PLAN_STATUS && formula->until != UINT32_MAX &&
        row[2 + formula->until] != FOLD_ABSENT &&
        captured_day(formula, row) < look) {
        return false;
    }
    for (uint32_t i = 0; i < formula->condition_count; i++) {
        const struct plan_condition *condition = &formula->conditions[i];
        uint64_t value = row[2 + condition->field];

        if (!number_passes(condition, value != FOLD_ABSENT, value)) {
            return false;
        }
    }
    return true;
}

/* The key with the last row of all by the day; `at` says which. NULL: none. */
static const struct fold_key *find_last(const struct pass *pass,
                                        const struct fold_key *const keys[],
                                        size_t count, size_t *at)
{
    const struct fold_rows *rows = &pass->measure->rows;
    const struct fold_key *last = NULL;
    const uint64_t *row = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t n = rows_by(rows, keys[i], pass->look);
        const uint64_t *it = n == 0 ? NULL : fold_rows_at(rows, keys[i], n - 1);

        if (it != NULL && (row == NULL || is_before(row, it))) {
            row = it;
            last = keys[i];
            *at = n - 1;
        }
    }
    return last;
}

/* Notes a unit that has said something under its present code. */
static void visit_own(struct figuring *figuring, void *owner,
                      const uint64_t name[],
                      const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    size_t at = 0;
    const struct fold_key *last = find_last(pass, keys, count, &at);
    const uint64_t *row =
        last == NULL ? NULL : fold_rows_at(&pass->measure->rows, last, at);

    if (row != NULL && figuring_carried(figuring, fold_row_place(row)) ==
                           fold_row_place(row)) {
        begin_thing(figuring, pass, name, row);
    }
}

/* What a unit says itself stands in the place of what those said that it
 * carries on: a number is not added to the one that it replaces. */
static bool is_replaced(struct figuring *figuring, const struct pass *pass,
                        const uint64_t name[], const uint64_t *row)
{
    uint64_t named[PLAN_KEY_FIELDS_MAX];
    uint32_t source = fold_row_place(row);

    if (pass->own.count == 0 || figuring_carried(figuring, source) == source) {
        return false;
    }
    name_for_sets(figuring, pass, name, row, named);
    return figuring_set_find(&pass->own, named) != NULL;
}

static MUST_USE enum status find_own(struct figuring *figuring,
                                     struct pass *pass)
{
    struct pass own = *pass;
    struct figuring_out out = {.set = &pass->own};
    const struct plan_measure *plan = pass->measure->plan;
    bool by_unit = false;
    enum status status;

    for (uint32_t i = 0; i < plan->key_field_count; i++) {
        by_unit = by_unit || plan->key_fields[i] == EVENT_SUBJECT_UNIT;
    }
    if (!by_unit || !pass->by_place) {
        return STATUS_OK;
    }
    own.out = &out;
    status = figuring_things(figuring, pass->formula, visit_own, &own);
    figuring_set_order(&pass->own);
    return status != STATUS_OK ? status : pass->own.status;
}

/* PLAN_STATUS, PLAN_STATED, PLAN_DUE and PLAN_LATEST: the last row by the
 * day. */
static void visit_last(struct figuring *figuring, void *owner,
                       const uint64_t name[],
                       const struct fold_key *const keys[], size_t count)
{
    const struct pass *pass = owner;
    size_t at = 0;
    const struct fold_key *last = find_last(pass, keys, count, &at);
    const uint64_t *row =
        last == NULL ? NULL : fold_rows_at(&pass->measure->rows, last, at);
    uint64_t amount = 1;

    if (row == NULL || is_replaced(figuring, pass, name, row) ||
        !state_passes(pass->formula, row, pass->look)) {
        return;
    }
    if (pass->formula->operation == PLAN_LATEST) {
        if (pass->other != NULL &&
            find_other(figuring, pass, name, row) == NULL) {
            return;
        }
        amount = row[2 + pass->formula->capture];
    }
    count_event(figuring, pass, name, last, at, (int64_t)amount);
    if (pass->out->set != NULL && pass->formula->until != UINT32_MAX) {
        figuring_set_day(pass->out->set, captured_day(pass->formula, row));
    }
}

static int32_t day_of_look(const struct figuring *figuring,
                           const struct plan_formula *formula)
{
    int32_t end = figuring_known_to(figuring), day = end;

    switch (formula->look) {
    case PLAN_LOOK_END:
        break;
    case PLAN_LOOK_START:
        day = figuring->range.from - 1;
        break;
    case PLAN_LOOK_PLAN_START:
        day = figuring_shifted(figuring, figuring->plan->from) - 1;
        break;
    case PLAN_LOOK_DAY:
        day = figuring_shifted(figuring, formula->look_day);
        break;
    }
    /* Nothing later is known. */
    return day < end ? day : end;
}

MUST_USE enum status figuring_things_of(struct figuring *figuring,
                                        const struct plan_formula *formula,
                                        struct figuring_out *out)
{
    struct pass pass = {
        .measure = figuring_measure(figuring, formula),
        .formula = formula,
        .out = out,
        .look = day_of_look(figuring, formula),
    };
    figuring_visit *visit = visit_last;
    struct figuring_set other = {0};
    enum status status = figuring_periods_of(figuring, formula, &pass.periods);

    if (formula->operation == PLAN_DISTINCT) {
        visit = visit_distinct;
    } else if (formula->operation == PLAN_FIRST ||
               formula->operation == PLAN_REACHED ||
               formula->operation == PLAN_IN_TIME) {
        visit = visit_first;
    }
    if (status == STATUS_OK && formula->operand_count > 0) {
        pass.other = &other;
        status = figuring_set_of(figuring, formula->operands[0], &other);
    }
    pass.bound = figuring_bound_of(pass.measure);
    pass.by_place =
        figuring->fold->types[pass.measure->plan->type].units_field == 0;
    if (status == STATUS_OK && formula->at_least > 0) {
        pass.counts = calloc(pass.periods.count + 1, sizeof *pass.counts);
        status = pass.counts == NULL ? STATUS_MEMORY : STATUS_OK;
    }
    if (status == STATUS_OK && visit == visit_last) {
        status = find_own(figuring, &pass);
    }
    if (status == STATUS_OK) {
        status = figuring_things(figuring, formula, visit, &pass);
    }
    figuring_set_fini(&other);
    figuring_set_fini(&pass.own);
    free(pass.counts);
    free(pass.periods.list);
    return status;
}
