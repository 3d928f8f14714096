/* lock - one process at a time, for as long as it lives.
 *
 * Flow     run, join, rotate, recover -> [lock] -> a file in the directory
 * Owns     a descriptor; the kernel lets the lock go with the process.
 * Threads  any.
 *
 * The daemon holds OFFICE_LOCK_FILE, so that there is one. Who may use the
 * line holds LOCK_LINE_FILE: the daemon too, but not while the line stands
 * still until somebody acts, which is when recover needs it.
 */
#ifndef TALLYLINE_AGENT_LOCK_H
#define TALLYLINE_AGENT_LOCK_H

#include "common/base/status.h"

#define LOCK_LINE_FILE "line.lock"

/* Takes the lock without waiting; gives its descriptor. STATUS_BUSY: another
 * process has it. STATUS_IO, STATUS_INVALID (the path is too long). */
MUST_USE enum status lock_take(const char *dir, const char *name, int *lock);
/* Lets it go; -1 is taken. `lock` is -1 then. */
void lock_release(int *lock);

#endif
