/* backup - a copy of the collector's directory that is known to be good.
 *
 * Flow     ledger, configuration, keys -> [backup] -> another disk
 * Owns     the copy while it is made (NAME.new), and the folder's lock.
 * Threads  one; a collector may run beside it.
 * Limits   BACKUP_SAME_SECOND_MAX backups of one second in a folder.
 *
 * A copy is made under NAME.new, synced, read back, and only then renamed: what
 * has its name is whole, was read back after it was written, and has the root
 * of the ledger it was made from. Nothing is ever written over. What an
 * interrupted run has left is removed by the next one.
 */
#ifndef TALLYLINE_COLLECTOR_BACKUP_H
#define TALLYLINE_COLLECTOR_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/province/directory.h"
#include "common/base/file.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define BACKUP_SAME_SECOND_MAX 99u
#define BACKUP_NAME_MAX        64u
#define BACKUP_FOLDER_MAX      (FILE_PATH_MAX - 2u * BACKUP_NAME_MAX)
#define BACKUP_MANIFEST        "backup.yaml"
#define BACKUP_SUFFIX          ".new"

/* What a backup is, as its manifest and its mark say. */
struct backup {
    char name[BACKUP_NAME_MAX];
    struct random_id id;
    int64_t made_at;  /* microseconds UTC */
    uint64_t entries; /* it holds so many */
    struct digest root;
};

/* Told how far it has come; `of` is at least `done` at the end. */
struct backup_progress {
    void *owner;
    void (*copied)(void *owner, uint64_t bytes, uint64_t of);
    void (*checked)(void *owner, uint64_t entries, uint64_t of);
};

struct backup_options {
    const struct directory *from;           /* the collector's */
    struct ledger *ledger;                  /* the same, opened read-only */
    const char *folder;                     /* made when it is not there */
    bool keys;                              /* the secret keys too */
    int64_t now;                            /* microseconds UTC */
    const struct backup_progress *progress; /* may be NULL */
};

/* Makes a backup in the folder. Whatever fails, nothing of it stays, and
 * `what` names the file. STATUS_FULL: no room in the folder, or its disk takes
 * no file so large. STATUS_BUSY: another backup into the folder is under way.
 * STATUS_REFUSED: keys are asked for, and the disk cannot keep them from
 * others. STATUS_CORRUPT: the ledger, or what was read back, is damaged.
 * STATUS_EXISTS, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status backup_make(const struct backup_options *options,
                                 struct backup *backup, const char **what);

/* Reads the copy in the folder back: every page, each entry and its bytes, the
 * tables, the tree, cold files; `backup` gets entries and root. `ledger`, of
 * which it is a copy, must begin with these very entries. STATUS_CORRUPT,
 * STATUS_IO, STATUS_MEMORY, STATUS_INVALID: the path is too long. */
MUST_USE enum status backup_check(const char *folder, struct ledger *ledger,
                                  const struct backup_progress *progress,
                                  struct backup *backup);

#endif
