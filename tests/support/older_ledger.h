/* older_ledger - a ledger of format 1, as programs before the tree wrote it.
 *
 * Flow     test -> [older_ledger] -> file
 * Owns     nothing.
 * Threads  one; nobody else has either file open.
 */
#ifndef TALLYLINE_TESTS_OLDER_LEDGER_H
#define TALLYLINE_TESTS_OLDER_LEDGER_H

/* Makes `to`, a ledger of format 1 with the entries of `from`, whose tables of
 * that time are copied. Aborts when it cannot. */
void older_ledger_make(const char *from, const char *to);

#endif
