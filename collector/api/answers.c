#include "collector/api/answers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"

/* The largest body: the rows of all communes of a large province. */
#define BODY_MAX (16u << 20)

struct counted {
    struct answer answer; /* first */
    atomic_uint holders;
};

struct place {
    struct answer *answer;
    uint64_t used; /* when it was last asked for */
};

struct answers {
    pthread_mutex_t lock;
    struct place places[ANSWERS_MAX];
    size_t count;
    size_t bytes;
    uint64_t uses;
};

struct answer *answer_new(const struct query *query)
{
    struct counted *made = calloc(1, sizeof *made);

    if (made == NULL) {
        return NULL;
    }
    memcpy(&made->answer.query, query, sizeof *query);
    made->answer.status = 200;
    buffer_init(&made->answer.body, BODY_MAX);
    atomic_init(&made->holders, 1);
    return &made->answer;
}

struct answer *answer_hold(struct answer *answer)
{
    (void)atomic_fetch_add(&((struct counted *)answer)->holders, 1);
    return answer;
}

void answer_let_go(void *held)
{
    struct counted *counted = held;
    unsigned before = atomic_fetch_sub(&counted->holders, 1);

    check(before > 0);
    if (before == 1) {
        buffer_fini(&counted->answer.body);
        free(counted);
    }
}

void answer_release(struct answer **answer)
{
    if (*answer != NULL) {
        answer_let_go(*answer);
        *answer = NULL;
    }
}

struct answers *answers_new(void)
{
    struct answers *self = calloc(1, sizeof *self);

    if (self != NULL) {
        check(pthread_mutex_init(&self->lock, NULL) == 0);
    }
    return self;
}

static void drop(struct answers *answers, size_t at)
{
    struct place *place = &answers->places[at];

    answers->bytes -= place->answer->body.size;
    answer_release(&place->answer);
    *place = answers->places[--answers->count];
}

void answers_free(struct answers **answers)
{
    if (*answers == NULL) {
        return;
    }
    while ((*answers)->count > 0) {
        drop(*answers, (*answers)->count - 1);
    }
    (void)pthread_mutex_destroy(&(*answers)->lock);
    free(*answers);
    *answers = NULL;
}

/* The place of the query; the count when it has none. */
static size_t find(const struct answers *answers, const struct query *query)
{
    size_t at = 0;

    while (at < answers->count &&
           !query_equal(&answers->places[at].answer->query, query)) {
        at++;
    }
    return at;
}

static size_t least_used(const struct answers *answers)
{
    size_t least = 0;

    for (size_t i = 1; i < answers->count; i++) {
        if (answers->places[i].used < answers->places[least].used) {
            least = i;
        }
    }
    return least;
}

void answers_put(struct answers *answers, struct answer *answer)
{
    size_t at;

    check(pthread_mutex_lock(&answers->lock) == 0);
    at = find(answers, &answer->query);
    if (at < answers->count) {
        drop(answers, at);
    }
    while (answers->count > 0 &&
           (answers->count == ANSWERS_MAX ||
            answers->bytes + answer->body.size > ANSWERS_BYTES_MAX)) {
        drop(answers, least_used(answers));
    }
    answers->places[answers->count++] =
        (struct place){.answer = answer_hold(answer), .used = ++answers->uses};
    answers->bytes += answer->body.size;
    check(pthread_mutex_unlock(&answers->lock) == 0);
}

struct answer *answers_get(struct answers *answers, const struct query *query)
{
    struct answer *found = NULL;
    size_t at;

    check(pthread_mutex_lock(&answers->lock) == 0);
    at = find(answers, query);
    if (at < answers->count) {
        answers->places[at].used = ++answers->uses;
        found = answer_hold(answers->places[at].answer);
    }
    check(pthread_mutex_unlock(&answers->lock) == 0);
    return found;
}

void answers_size(struct answers *answers, size_t *count, size_t *bytes)
{
    check(pthread_mutex_lock(&answers->lock) == 0);
    *count = answers->count;
    *bytes = answers->bytes;
    check(pthread_mutex_unlock(&answers->lock) == 0);
}
