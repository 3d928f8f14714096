/* file - what it takes until a file is really there.
 *
 * Flow     keys, stores -> [file] -> disk;  configuration, plans <- [file]
 * Owns     nothing.
 * Threads  any.
 * Limits   FILE_PATH_MAX bytes a path, end mark included.
 */
#ifndef TALLYLINE_FILE_H
#define TALLYLINE_FILE_H

#include "common/base/bytes.h"
#include "common/base/status.h"

#define FILE_PATH_MAX 4096u

/* Makes a new file of mode 0600 whole or not at all: its bytes and its name
 * are on stable storage with STATUS_OK. Never over an old file (STATUS_EXISTS).
 * STATUS_IO. A crash may leave "path.new" behind, which the next call for the
 * same path replaces. */
MUST_USE enum status file_create(const char *path, struct bytes content);

/* Appends the content of a file to `out`, whose maximum bounds it. STATUS_FULL
 * when the file is larger, STATUS_NOT_FOUND when there is none, STATUS_NO_INPUT
 * when it cannot be read, STATUS_MEMORY. */
MUST_USE enum status file_read(const char *path, struct buffer *out);

/* Makes the names in the folder of `path` durable. STATUS_IO. */
MUST_USE enum status file_sync_folder(const char *path);

#endif
