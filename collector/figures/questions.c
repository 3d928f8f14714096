#include "collector/figures/questions.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/base/check.h"

struct questions {
    pthread_mutex_t lock;
    struct figures_question ring[QUESTIONS_MAX];
    uint64_t put, taken;
};

struct questions *questions_new(void)
{
    struct questions *self = calloc(1, sizeof *self);

    if (self != NULL) {
        check(pthread_mutex_init(&self->lock, NULL) == 0);
    }
    return self;
}

/* The next one; false: there is none. */
static bool take(struct questions *questions, struct figures_question *question)
{
    bool found;

    check(pthread_mutex_lock(&questions->lock) == 0);
    found = questions->taken < questions->put;
    if (found) {
        *question = questions->ring[questions->taken++ % QUESTIONS_MAX];
    }
    check(pthread_mutex_unlock(&questions->lock) == 0);
    return found;
}

bool questions_answer(struct questions *questions,
                      const struct figures_view *view)
{
    struct figures_question question;
    bool taken = take(questions, &question);

    if (taken) {
        question.answer(question.owner, view);
    }
    return taken;
}

void questions_free(struct questions **questions)
{
    if (*questions == NULL) {
        return;
    }
    while (questions_answer(*questions, NULL)) {
    }
    (void)pthread_mutex_destroy(&(*questions)->lock);
    free(*questions);
    *questions = NULL;
}

bool questions_put(struct questions *questions,
                   const struct figures_question *question)
{
    bool room;

    check(pthread_mutex_lock(&questions->lock) == 0);
    room = questions->put - questions->taken < QUESTIONS_MAX;
    if (room) {
        questions->ring[questions->put++ % QUESTIONS_MAX] = *question;
    }
    check(pthread_mutex_unlock(&questions->lock) == 0);
    return room;
}

bool questions_wait(struct questions *questions)
{
    bool wait;

    check(pthread_mutex_lock(&questions->lock) == 0);
    wait = questions->taken < questions->put;
    check(pthread_mutex_unlock(&questions->lock) == 0);
    return wait;
}
