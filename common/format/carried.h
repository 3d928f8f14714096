/* carried - a file that people carry from one machine to another.
 *
 * Flow     stick, orders_file -> [carried] -> a medium
 *          a medium -> [carried] -> stick, orders_file
 * Owns     an open file and, while it is read, its copy.
 * Threads  one at a time.
 * Limits   FILE_PATH_MAX bytes a path; the caller's for what is in it.
 *
 * It has its name only when it is whole and on the medium. A medium may say
 * something else the next time: it is read once, into a copy without a name,
 * and what is taken comes from there.
 */
#ifndef TALLYLINE_COMMON_CARRIED_H
#define TALLYLINE_COMMON_CARRIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "common/base/bytes.h"
#include "common/base/file.h"
#include "common/base/status.h"
#include "common/format/sign.h"

/* The hash over all pieces so far becomes that over one more:
 * SHA-256(hash, SHA-256(piece)). */
void carried_chain(struct digest *hash, struct bytes piece);

/* ---- writing ---- */

struct carried_writer {
    char path[FILE_PATH_MAX];
    char made[FILE_PATH_MAX]; /* "path.new", until it is whole */
    FILE *file;
};

/* Begins the file anew. STATUS_INVALID: the path is too long; STATUS_IO. */
MUST_USE enum status carried_create(struct carried_writer *writer,
                                    const char *path, mode_t mode);
/* STATUS_FULL: no room there; STATUS_IO. */
MUST_USE enum status carried_put(struct carried_writer *writer,
                                 const void *data, size_t size);
/* Gives the file its name, in place of an older one, once it is on the medium;
 * as above. Nothing is left behind otherwise. */
MUST_USE enum status carried_finish(struct carried_writer *writer);
/* Leaves nothing behind; also after carried_create() has failed. */
void carried_abandon(struct carried_writer *writer);

/* ---- reading ---- */

struct carried_reader {
    FILE *file; /* the medium, then what was read of it */
    FILE *copy; /* without a name, while it is read; then NULL */
};

/* STATUS_NOT_FOUND; STATUS_NO_INPUT: it cannot be read; STATUS_IO: there is no
 * place for a copy (TMPDIR). */
MUST_USE enum status carried_open(struct carried_reader *reader,
                                  const char *path);
/* Exactly so many bytes. STATUS_INVALID: there are fewer; STATUS_FULL: no room
 * for the copy; STATUS_IO. */
MUST_USE enum status carried_get(struct carried_reader *reader, void *out,
                                 size_t size);
bool carried_at_end(struct carried_reader *reader);
/* All has been read and is as it should be: from now on the copy is read, from
 * `at` on. STATUS_FULL: no room for it; STATUS_IO. */
MUST_USE enum status carried_turn(struct carried_reader *reader, size_t at);
/* The same place once more. STATUS_IO. */
MUST_USE enum status carried_seek(struct carried_reader *reader, size_t at);
/* Also after carried_open() has failed. */
void carried_close(struct carried_reader *reader);

#endif
