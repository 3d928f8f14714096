/* save_file - a large file that one thread writes and another makes durable.
 *
 * Flow     fold_file -> [save_file] -> PATH.new -> PATH
 * Owns     the new file, and a thread until save_file_close().
 * Threads  two: the calls below are those of one thread; syncing and renaming
 *          are a thread's own, so that whoever writes waits for no disk.
 * Limits   SAVE_FILE_STEP_BYTES are handed to the disk at a time: a commit
 *          beside it waits no longer than these take. What is not on the disk
 *          yet lies in the system's cache, which bounds it.
 *
 * Failure modes: a disk that is full or fails, or a file that was not ended
 * whole, leaves the former file as it was; so does a crash, which may leave
 * PATH.new behind that the next writing replaces.
 */
#ifndef TALLYLINE_COLLECTOR_SAVE_FILE_H
#define TALLYLINE_COLLECTOR_SAVE_FILE_H

#include <stdbool.h>

#include "common/base/bytes.h"
#include "common/base/status.h"

#define SAVE_FILE_STEP_BYTES (UINT64_C(16) << 20)

struct save_file; /* opaque */

/* Makes PATH.new, mode 0600, and starts the thread. Gives. STATUS_FULL,
 * STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status save_file_open(const char *path, struct save_file **file);
/* STATUS_FULL, STATUS_IO. */
MUST_USE enum status save_file_write(struct save_file *file,
                                     struct bytes bytes);
/* Nothing more comes, and nothing is waited for. `whole` false: PATH.new goes
 * away. */
void save_file_end(struct save_file *file, bool whole);
/* It shall not take the former file's place any more, if it has not yet. */
void save_file_drop(struct save_file *file);
/* Whether save_file_close() would not wait. */
bool save_file_ended(struct save_file *file);
/* Waits until it is durable and has taken the former file's place: STATUS_OK.
 * STATUS_INVALID: it was not whole, or dropped; STATUS_IO. Accepts NULL, which
 * is STATUS_OK. */
MUST_USE enum status save_file_close(struct save_file **file);

#endif
