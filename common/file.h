/* file - what it takes until a file is really there.
 *
 * Flow     keys, stores -> [file] -> disk
 * Owns     nothing.
 * Threads  any.
 * Limits   FILE_PATH_MAX bytes a path, end mark included.
 */
#ifndef TALLYLINE_FILE_H
#define TALLYLINE_FILE_H

#include "common/bytes.h"
#include "common/status.h"

#define FILE_PATH_MAX 4096u

/* Makes a new file of mode 0600 whole or not at all: its bytes and its name
 * are on stable storage with STATUS_OK. Never over an old file (STATUS_EXISTS).
 * STATUS_IO. A crash may leave "path.new" behind, which the next call for the
 * same path replaces. */
MUST_USE enum status file_create(const char *path, struct bytes content);

/* Makes the names in the folder of `path` durable. STATUS_IO. */
MUST_USE enum status file_sync_folder(const char *path);

#endif
