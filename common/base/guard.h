/* guard - what a process that holds keys and stores keeps from happening.
 *
 * Flow     main() -> [guard], before anything else
 * Owns     the process's limit on cores and its handler of SIGBUS.
 * Threads  called once, before there are any.
 *
 * No secrets in cores: no core is written, and no other process of the same
 * user can look into the memory. A store's file that is cut short, or cannot be
 * read any more, while it is mapped ends the process with a sentence and the
 * code of a failed disk; nothing is acknowledged after that.
 */
#ifndef TALLYLINE_COMMON_GUARD_H
#define TALLYLINE_COMMON_GUARD_H

void guard_process(void);

#endif
