/* backup_files - copying, writing and sweeping the files of a backup.
 *
 * Flow     backup -> [backup_files] -> another disk
 * Owns     nothing.
 * Threads  any.
 *
 * Folders are given by their descriptors. The other disk may be a stick: no
 * links, no owners.
 */
#ifndef TALLYLINE_COLLECTOR_BACKUP_FILES_H
#define TALLYLINE_COLLECTOR_BACKUP_FILES_H

#include "common/base/bytes.h"
#include "common/base/status.h"

#define BACKUP_FILES_PREFIX "backup-"
#define BACKUP_FILES_LEDGER "ledger.mdb"
#define BACKUP_FILES_STATE  "figures.state"
#define BACKUP_FILES_CONFIG "collector.yaml"

/* Our status of a system call's errno. */
enum status backup_files_status(int error);

/* Copies folder/name to a new file of that name and mode 0600, and syncs it.
 * STATUS_NOT_FOUND: there is none; STATUS_FULL; STATUS_IO. */
MUST_USE enum status backup_files_copy(const char *folder, const char *name,
                                       int to);
/* Writes a new file of mode 0600 and syncs it. STATUS_FULL, STATUS_IO. */
MUST_USE enum status backup_files_write(int folder, const char *name,
                                        struct bytes content);
/* Removes a folder of a backup that was not finished, and the files in it, two
 * folders deep. What cannot be removed stays. */
void backup_files_remove(int folder, const char *name);
/* Removes all of those in the folder. Nobody may be making one. */
void backup_files_sweep(int folder);

#endif
