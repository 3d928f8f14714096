/* thread - a thread that no signal comes to.
 *
 * Flow     modules with a thread of their own -> [thread]
 * Owns     nothing.
 * Threads  any.
 *
 * Signals are for the thread that serves, which reads them from a descriptor:
 * a thread that had none of them blocked would be ended by one.
 */
#ifndef TALLYLINE_COMMON_THREAD_H
#define TALLYLINE_COMMON_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/status.h"

/* STATUS_IO: there is none to be had. */
MUST_USE enum status thread_start(pthread_t *thread, void *(*work)(void *),
                                  void *argument);
/* A condition whose waits are by the monotonic clock. */
void thread_condition_init(pthread_cond_t *condition);
/* Waits for the condition, `ms` milliseconds at most; false: they are over. */
bool thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t ms);

#endif
