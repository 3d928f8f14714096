#include "common/base/thread.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "common/base/check.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

enum status thread_start(pthread_t *thread, void *(*work)(void *),
                         void *argument)
{
    sigset_t all, before;
    int rc;

    check(sigfillset(&all) == 0);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    rc = pthread_create(thread, NULL, work, argument);
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return rc == 0 ? STATUS_OK : STATUS_IO;
}

void thread_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    check(pthread_condattr_init(&attributes) == 0);
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(condition, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

bool thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t ms)
{
    struct timespec until;
    int64_t ns;
    int rc;

    check(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    ns = until.tv_nsec + ms * NS_PER_MS;
    until.tv_sec += (time_t)(ns / NS_PER_S);
    until.tv_nsec = (long)(ns % NS_PER_S);
    rc = pthread_cond_timedwait(condition, lock, &until);
    check(rc == 0 || rc == ETIMEDOUT);
    return rc == 0;
}
