/* process - programs of ours as real processes.
 *
 * Flow     test -> [process] -> exit code, output, signals
 * Owns     the processes it started, until they are waited for.
 * Threads  one.
 *
 * Only what was started here is ever ended, by its own id.
 */
#ifndef TALLYLINE_TESTS_PROCESS_H
#define TALLYLINE_TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_ARGUMENTS_MAX 32u

/* Runs a program to its end; `arguments` closes with NULL and begins with the
 * program's path. Its stdout and stderr go to `out`, cut to `room` and closed
 * by a zero (NULL: nowhere). Gives the exit code, or 128 + the signal. */
int process_run(const char *const arguments[], char *out, size_t room);
/* Starts a program whose stdout and stderr are appended to the file `log`. */
pid_t process_start(const char *const arguments[], const char *log);
/* Sends a signal (0: none) and waits for the end. Exit code as above. */
int process_end(pid_t pid, int signal);
/* Waits until the file holds the text; false after `ms_max`. */
bool process_logged(const char *log, const char *text, int ms_max);

#endif
