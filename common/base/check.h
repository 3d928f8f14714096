/* check - our own bugs end the process, in release too.
 *
 * Flow     a broken assumption -> one line on stderr -> abort
 * Owns     nothing.
 * Threads  any.
 *
 * check() is for what only a mistake in this program can cause. What a peer,
 * a file or a disk can cause is answered with an enum status.
 */
#ifndef TALLYLINE_COMMON_CHECK_H
#define TALLYLINE_COMMON_CHECK_H

#define check(condition) \
    ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

/* Writes file, line and condition to stderr and aborts. */
_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
