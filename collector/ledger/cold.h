/* cold - batches that were moved out of the store, in files that never change.
 *
 * Flow     ledger -> [cold] -> DIR/cold/NNNNNNNN.cold -> [cold] -> ledger_bytes
 * Owns     a reader owns its open files and the bytes that it gave last.
 * Threads  a reader belongs to one thread at a time.
 * Limits   COLD_BATCHES_MAX batches and COLD_BYTES_MAX bytes of them a file,
 *          COLD_FILES_MAX files in a folder, COLD_OPEN_MAX open at once.
 *
 * Numbers are big-endian. The table comes first, since all that is in it is
 * known before the first batch is written:
 *
 *   offset      size
 *        0        4  "TLC1"
 *        4        4  version, 1
 *        8        4  number of the file, from 1
 *       12        4  how many batches: n
 *       16        8  index of the first entry of the range
 *       24        8  index of the last one
 *       32       16  id of the ledger
 *       48     n*52  of each batch, by index: index 8, SHA-256 32, offset in
 *                    this file 8, size 4
 *  48+n*52           the batches, one behind the other
 *
 * The hash of a file, which its control entry names, is the SHA-256 of its
 * first 48+n*52 bytes. It covers the batches too, by their hashes, and stays
 * what it was when one of them is erased: its place is then filled with zeros.
 *
 * A file is written under NAME.new and gets its name by link() when an entry
 * tells of it: so a whole file is never replaced, and one that nobody tells of
 * is somebody else's. Whoever writes in the folder, or takes something out of
 * it, holds a lock on it.
 *
 * Invariants
 *   I5  a file is whole and durable under its name, or it is not there.
 *   I6  no file under its name is ever removed or replaced.
 */
#ifndef TALLYLINE_COLD_H
#define TALLYLINE_COLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/sign.h"

#define COLD_BATCHES_MAX 4096u
#define COLD_BYTES_MAX   (16u << 20)
#define COLD_OPEN_MAX    8u
#define COLD_FILES_MAX   65536u
#define COLD_NUMBER_MAX  99999999u
#define COLD_PATH_MAX    512u
#define COLD_HEAD_BYTES  48u
#define COLD_ROW_BYTES   52u
#define COLD_FOLDER      "cold"

/* The folder of a ledger's cold files, beside it: DIR/cold, which may be a
 * symbolic link. STATUS_INVALID: the path is too long. */
MUST_USE enum status cold_folder(const char *ledger_path,
                                 char folder[COLD_PATH_MAX]);
/* The path of a file. As above. */
MUST_USE enum status cold_path(const char *folder, uint32_t number,
                               char path[COLD_PATH_MAX]);

struct cold_head {
    uint32_t number;
    uint32_t count;
    uint64_t from, to; /* range of entries, both inclusive */
    struct random_id ledger;
};

struct cold_row {
    uint64_t index;
    struct digest digest;
    uint64_t offset;
    uint32_t size;
};

/* Writes a file under NAME.new, durably: `next` gives the bytes of each row,
 * which are valid until it is called again; offsets are filled in. STATUS_FULL,
 * STATUS_IO: nothing is there that was not; else what `next` answers. */
struct cold_source {
    void *owner;
    enum status (*next)(void *owner, const struct cold_row *row,
                        struct bytes *bytes);
};
MUST_USE enum status cold_write(const char *folder,
                                const struct cold_head *head,
                                struct cold_row rows[],
                                struct cold_source source,
                                struct digest *digest);

/* Gives the file that was written its name. STATUS_EXISTS: another file has it;
 * STATUS_AWAY: nothing was written; STATUS_IO. */
MUST_USE enum status cold_publish(const char *folder, uint32_t number);
/* Writes head and rows into a file that is there, if their hash is `digest`.
 * STATUS_CORRUPT: it is not; STATUS_AWAY, STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status cold_write_table(const char *folder,
                                      const struct cold_head *head,
                                      struct cold_row rows[],
                                      const struct digest *digest);
/* Writes bytes to their place in a file, durably. Statuses as below. */
MUST_USE enum status cold_put(const char *folder, uint32_t number,
                              uint64_t offset, struct bytes bytes);

/* Reads head and rows; `rows` has COLD_BATCHES_MAX places. STATUS_AWAY: there
 * is no such file; STATUS_CORRUPT, STATUS_IO. */
MUST_USE enum status cold_table(const char *folder, uint32_t number,
                                struct cold_head *head, struct cold_row rows[],
                                struct digest *digest);
/* The same of NAME.new. */
MUST_USE enum status cold_table_fresh(const char *folder, uint32_t number,
                                      struct cold_head *head,
                                      struct cold_row rows[],
                                      struct digest *digest);

/* Fills the place of a batch with zeros, durably; again is the same.
 * STATUS_AWAY, STATUS_CORRUPT (the file ends before), STATUS_IO. */
MUST_USE enum status cold_overwrite(const char *folder, uint32_t number,
                                    uint64_t offset, uint32_t size);
/* Whether a place holds nothing but zeros, and the hash of what it holds.
 * Statuses as above, STATUS_MEMORY. */
MUST_USE enum status cold_look(const char *folder, uint32_t number,
                               uint64_t offset, uint32_t size, bool *zeros,
                               struct digest *digest);

/* ---- the folder ---- */

/* Locks it for whoever writes in it, until cold_disown(). STATUS_BUSY: another
 * process, perhaps of a copy of the ledger, has it; STATUS_NOT_FOUND: there is
 * no such folder; STATUS_IO. */
MUST_USE enum status cold_own(const char *folder, int *lock);
/* -1 is nothing to do; it is -1 afterwards. */
void cold_disown(int *lock);

/* A file in the folder; `status` is STATUS_OK when its table can be read. */
struct cold_file {
    uint32_t number;
    bool fresh; /* NAME.new */
    enum status status;
    struct cold_head head;
    struct digest digest;
};

struct cold_files {
    struct cold_file *list; /* by number, NAME.new behind NAME */
    size_t count;
};

/* Reads the tables of all files. A folder that is not there has none.
 * STATUS_FULL: more than COLD_FILES_MAX; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status cold_files_read(const char *folder,
                                     struct cold_files *files);
void cold_files_free(struct cold_files *files);
/* The one whose table has that hash, under its name if it is there twice; NULL:
 * none. */
const struct cold_file *cold_files_find(const struct cold_files *files,
                                        const struct digest *digest);
/* The one of that name; NULL: none. */
const struct cold_file *cold_files_at(const struct cold_files *files,
                                      uint32_t number);
/* Removes NAME.new, which nobody tells of. */
void cold_remove_fresh(const char *folder, uint32_t number);

/* ---- reading ---- */

struct cold_reader; /* opaque */

/* Gives. The folder is copied; nothing is opened yet. STATUS_MEMORY. */
MUST_USE enum status cold_reader_new(const char *folder,
                                     struct cold_reader **reader);
void cold_reader_free(struct cold_reader **reader);
/* The bytes at that place, whose SHA-256 is `digest`; valid until the next
 * call. STATUS_AWAY: the file is missing; STATUS_CORRUPT: it is not what it
 * was; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status cold_read(struct cold_reader *reader, uint32_t number,
                               uint64_t offset, uint32_t size,
                               const struct digest *digest,
                               struct bytes *bytes);

#endif
