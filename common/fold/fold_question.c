#include "common/fold/fold_question.h"

#include <string.h>

#define BITS 64u

static struct fold_question question_of(const struct fold_filter *filter,
                                        const struct fold_condition *condition)
{
    struct fold_question question = {
        .place = FOLD_FIELD_OTHER,
        .offset = (uint32_t)condition->field.offset,
        .bits = condition->bits,
        .condition = condition,
        .filter = filter,
    };

    if (condition->test == PLAN_TEST_ANY_OF &&
        (condition->field.place == FOLD_FIELD_BODY ||
         condition->field.place == FOLD_FIELD_HEADER)) {
        question.place = condition->field.place;
    }
    return question;
}

void fold_questions_add(struct fold_questions *questions,
                        struct fold_filter *filter)
{
    for (uint32_t i = 0; i < filter->count; i++) {
        struct fold_condition *condition = &filter->conditions[i];

        if (condition->shared == FOLD_SHARED_MAX &&
            questions->count < FOLD_SHARED_MAX) {
            condition->shared = questions->count++;
            questions->list[condition->shared] = question_of(filter, condition);
        }
        if (condition->shared == FOLD_SHARED_MAX) {
            filter->has_others = true;
        } else {
            filter->needs |= UINT64_C(1) << condition->shared;
        }
    }
}

static inline bool answer(const struct fold_question *question,
                          const struct event *event)
{
    uint64_t number = 0;
    uint32_t header;

    if (question->place == FOLD_FIELD_BODY) {
        if ((event->present >> question->offset & 1u) == 0) {
            return false;
        }
        number = event->value[question->offset];
    } else if (question->place == FOLD_FIELD_HEADER) {
        memcpy(&header, (const char *)event + question->offset, sizeof header);
        if (header == 0) {
            return false;
        }
        number = header;
    }
    if (question->place == FOLD_FIELD_OTHER || number >= BITS) {
        return fold_condition_passes(question->filter, question->condition,
                                     event);
    }
    return (question->bits >> number & 1) != 0;
}

uint64_t fold_questions_ask(const struct fold_questions *questions,
                            const struct event *event)
{
    uint64_t answers = 0;

    for (uint32_t i = 0; i < questions->count; i++) {
        answers |= (uint64_t)answer(&questions->list[i], event) << i;
    }
    return answers;
}
