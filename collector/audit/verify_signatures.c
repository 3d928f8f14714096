/* A ring of jobs: those from `reaped` to `put` were put in, those below `taken`
 * have somebody who works on them or are done. */
#include "collector/audit/verify_signatures.h"

#include "common/base/check.h"
#include "common/format/batch.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct job {
    struct entry entry;
    struct public_key key;
    struct buffer batch;
    bool done, good;
};

struct verify_signatures {
    struct verify_results *results; /* borrowed */
    pthread_mutex_t lock;           /* over the counts and `done` */
    pthread_cond_t ready;
    uint64_t put, taken, reaped;
    struct job jobs[VERIFY_SIGNATURES_MAX];
};

static void lock(struct verify_signatures *signatures)
{
    check(pthread_mutex_lock(&signatures->lock) == 0);
}

static void unlock(struct verify_signatures *signatures)
{
    check(pthread_mutex_unlock(&signatures->lock) == 0);
}

static struct job *job_at(struct verify_signatures *signatures, uint64_t number)
{
    return &signatures->jobs[number % VERIFY_SIGNATURES_MAX];
}

enum status verify_signatures_new(struct verify_results *results,
                                  struct verify_signatures **signatures)
{
    struct verify_signatures *self = calloc(1, sizeof *self);

    *signatures = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->results = results;
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    check(pthread_cond_init(&self->ready, NULL) == 0);
    for (size_t i = 0; i < VERIFY_SIGNATURES_MAX; i++) {
        buffer_init(&self->jobs[i].batch, BATCH_BYTES_MAX);
    }
    return STATUS_OK;
}

void verify_signatures_free(struct verify_signatures **signatures)
{
    struct verify_signatures *self = *signatures;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < VERIFY_SIGNATURES_MAX; i++) {
        buffer_fini(&self->jobs[i].batch);
    }
    (void)pthread_cond_destroy(&self->ready);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *signatures = NULL;
}

bool verify_signatures_help(struct verify_signatures *self)
{
    struct job *job = NULL;

    lock(self);
    if (self->taken < self->put) {
        job = job_at(self, self->taken++);
    }
    unlock(self);
    if (job == NULL) {
        return false;
    }
    job->good = batch_verify(buffer_bytes(&job->batch), &job->key) == STATUS_OK;
    lock(self);
    job->done = true;
    check(pthread_cond_signal(&self->ready) == 0);
    unlock(self);
    return true;
}

/* The oldest: the other thread may be at it. */
static void reap(struct verify_signatures *self)
{
    struct job *job = job_at(self, self->reaped);

    lock(self);
    while (!job->done) {
        bool waits = self->taken == self->reaped;

        if (waits) {
            unlock(self);
            (void)verify_signatures_help(self);
            lock(self);
        } else {
            check(pthread_cond_wait(&self->ready, &self->lock) == 0);
        }
    }
    self->reaped++;
    unlock(self);
    if (!job->good) {
        verify_found(self->results, VERIFY_BATCHES,
                     VERIFY_FAULT_BATCH_SIGNATURE, verify_at_entry(&job->entry),
                     NULL);
    }
}

enum status verify_signatures_put(struct verify_signatures *self,
                                  const struct entry *entry, struct bytes batch,
                                  const struct public_key *key)
{
    struct job *job;
    enum status status;

    if (self->put - self->reaped == VERIFY_SIGNATURES_MAX) {
        reap(self);
    }
    job = job_at(self, self->put);
    job->entry = *entry;
    job->key = *key;
    job->done = false;
    buffer_clear(&job->batch);
    status = buffer_append(&job->batch, batch);
    if (status == STATUS_OK) {
        lock(self);
        self->put++;
        unlock(self);
    }
    return status;
}

void verify_signatures_settle(struct verify_signatures *self)
{
    while (self->reaped < self->put) {
        reap(self);
    }
}
