/* store_file - a look at an LMDB file before LMDB maps it.
 *
 * Flow     store_open() -> [store_file] -> LMDB
 * Owns     nothing.
 * Threads  any.
 *
 * LMDB maps the file and trusts it: a page behind the end of a cut file is a
 * SIGBUS, not an error. So the two meta pages are read by hand first.
 */
#ifndef TALLYLINE_STORE_FILE_H
#define TALLYLINE_STORE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/status.h"

/* STATUS_OK: the file is as long as its last page says. STATUS_NOT_FOUND: no
 * file, or an empty one. STATUS_VERSION: a newer LMDB format. STATUS_CORRUPT:
 * cut short, or no LMDB file at all. STATUS_IO. */
MUST_USE enum status store_file_check(const char *path);

/* Gives the number of the last transaction, as the file says it now: it grows
 * with each commit. STATUS_NOT_FOUND, STATUS_IO; STATUS_CORRUPT and
 * STATUS_VERSION: it cannot be read. */
MUST_USE enum status store_file_last(const char *path, uint64_t *transaction);

/* Whether another process has the store open, by its lock file. Not for a
 * process that has it open itself: it would lose its locks. */
bool store_file_in_use(const char *path);

/* After a failed meta page LMDB leaves that page as one that is not valid and
 * looks as if its number were damaged. So who met that says so in an empty file
 * beside the store, until a commit has gone well. */
void store_file_set_failed(const char *path, bool failed);
bool store_file_failed(const char *path);

#endif
