/* fold_filter - a plan's conditions, made ready to be asked of every event.
 *
 * Flow     plan (conditions) -> [fold_filter] -> fold_question
 * Owns     what it copied; free with fold_filter_fini().
 * Threads  any, once made.
 * Limits   those of plan.h.
 *
 * Values below 64 are asked for with one bit, lists of the plan by search.
 */
#ifndef TALLYLINE_COMMON_FOLD_FILTER_H
#define TALLYLINE_COMMON_FOLD_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/event/event.h"
#include "common/plan/plan.h"

/* Where the numbers of one field stand in an event. */
enum fold_field_place {
    FOLD_FIELD_BODY,   /* event->value */
    FOLD_FIELD_HEADER, /* a 32-bit number at `offset` */
    FOLD_FIELD_PLACE,  /* subject_unit, or unit where that is absent */
    FOLD_FIELD_LIST,   /* items */
    FOLD_FIELD_OTHER
};

struct fold_field {
    uint32_t number; /* as in event.h */
    enum fold_field_place place;
    size_t offset;
};

struct fold_condition {
    struct fold_field field;
    enum plan_test test;
    uint64_t bits; /* of the wanted values below 64 */
    const uint64_t *values;
    uint32_t value_count;
    uint64_t *sorted; /* PLAN_TEST_IN_LIST, PLAN_TEST_NOT_IN_LIST */
    size_t sorted_count;
    bool units;              /* ... of units */
    struct fold_field other; /* compared with; number 0: with values[0] */
    /* The same number in all filters of the type that have this condition;
     * FOLD_SHARED_MAX for one that got none. */
    uint32_t shared;
};
#define FOLD_SHARED_MAX 64u

struct fold_filter {
    struct fold_condition *conditions;
    uint32_t count;
    const struct units *units; /* borrowed */
    uint64_t needs;            /* a bit for each condition with a number */
    bool has_others;           /* conditions without one */
};

/* Borrows the plan's conditions and the units. */
MUST_USE enum status fold_filter_init(struct fold_filter *filter,
                                      const struct plan *plan,
                                      const struct plan_measure *measure,
                                      const struct units *units);
void fold_filter_fini(struct fold_filter *filter);
bool fold_condition_passes(const struct fold_filter *filter,
                           const struct fold_condition *condition,
                           const struct event *event);
bool fold_filter_passes(const struct fold_filter *filter,
                        const struct event *event);

/* Conditions that another filter of the type has too get its numbers; the
 * others get theirs as questions (fold_question.h). */
void fold_filter_share(struct fold_filter *filter,
                       const struct fold_filter *other);
/* Whether the conditions without a number pass: with all that the filter needs
 * among the answers this is fold_filter_passes(). */
bool fold_filter_others_pass(const struct fold_filter *filter,
                             const struct event *event);

/* How the events of `type` carry the field. */
struct fold_field fold_field_of(uint32_t type, uint32_t number);
bool fold_field_given(const struct fold_field *field,
                      const struct event *event);
/* The number; of a list the sum of its items. subject_unit is the place where
 * it happened, given or not. */
uint64_t fold_field_number(const struct fold_field *field,
                           const struct event *event);

#endif
