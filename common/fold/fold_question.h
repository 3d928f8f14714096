/* fold_question - the conditions of all measures of one type, asked at once.
 *
 * Flow     event -> [fold_question] -> which measures count it
 * Owns     nothing: borrows the filters, where they are.
 * Threads  any, once made.
 * Limits   FOLD_SHARED_MAX questions; conditions beyond stay with their filter.
 *
 * Measures of one type mostly share conditions (the programme, the kind). So
 * the different ones are asked of an event one after the other, without a
 * branch between them, and what a measure needs of their answers is one set of
 * bits.
 */
#ifndef TALLYLINE_COMMON_FOLD_QUESTION_H
#define TALLYLINE_COMMON_FOLD_QUESTION_H

#include <stdint.h>

#include "common/event/event.h"
#include "common/fold/fold_filter.h"

/* Nearly all want one of a few values in a field that holds one: these are
 * answered by what stands here. */
struct fold_question {
    enum fold_field_place place; /* FOLD_FIELD_OTHER: ask the condition */
    uint32_t offset;
    uint64_t bits;
    const struct fold_condition *condition;
    const struct fold_filter *filter;
};

struct fold_questions { /* of a type, by number */
    struct fold_question list[FOLD_SHARED_MAX];
    uint32_t count;
};

/* What another filter has not got a number for becomes a question; says in the
 * filter what it needs. */
void fold_questions_add(struct fold_questions *questions,
                        struct fold_filter *filter);
/* A bit for each question that the event answers with yes. */
uint64_t fold_questions_ask(const struct fold_questions *questions,
                            const struct event *event);

#endif
