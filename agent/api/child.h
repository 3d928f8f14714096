/* child - this same program, started anew for what may take long.
 *
 * Flow     a question of the page -> [child] -> a command of this program
 * Owns     nothing: who starts it waits for its end.
 * Threads  any.
 *
 * It gets an environment of its own, with the language and nothing else, an
 * empty input, its output into a descriptor, and nothing else that is open.
 */
#ifndef TALLYLINE_AGENT_CHILD_H
#define TALLYLINE_AGENT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/language.h"

/* `words` is the command line, NULL behind the last. False: it could not be
 * started. */
bool child_start(const char *const words[], enum language language, int out,
                 pid_t *child);

#endif
