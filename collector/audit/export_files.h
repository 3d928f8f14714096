/* export_files - a directory that is filled, given away, and filled on.
 *
 * Flow     export -> [export_files] -> files for whoever checks them
 * Owns     the open directory.
 * Threads  one.
 * Limits   EXPORT_NAME_MAX bytes a name below it.
 *
 * A file is there whole or not at all, as long as the machine stays up; what a
 * crash of the machine leaves is seen at the next filling, which reads what is
 * there and writes only what is not. A file that is there as it should be is
 * not touched.
 */
#ifndef TALLYLINE_COLLECTOR_EXPORT_FILES_H
#define TALLYLINE_COLLECTOR_EXPORT_FILES_H

#include "common/base/bytes.h"
#include "common/base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define EXPORT_NAME_MAX 160u

struct export_files {
    int folder;
    uint64_t written; /* files; the others were there */
};

/* Makes the directory if there is none, not its parents. STATUS_NOT_FOUND: they
 * are missing; STATUS_INVALID: it is no directory; STATUS_IO. */
MUST_USE enum status export_files_open(const char *path,
                                       struct export_files *files);
/* Puts what was written on stable storage and closes the directory; may be
 * called again. STATUS_IO. */
MUST_USE enum status export_files_close(struct export_files *files);

enum export_old {
    EXPORT_REPLACES, /* whatever is there */
    EXPORT_SAME      /* what never changes: as large and other is refused */
};

/* Makes the file `name` hold `content`, with the folders it lies in.
 * STATUS_REFUSED: the file is of something else; STATUS_FULL, STATUS_IO. */
MUST_USE enum status export_files_put(struct export_files *files,
                                      const char *name, struct bytes content,
                                      enum export_old old);
/* Appends to `out` what the file holds. STATUS_NOT_FOUND; STATUS_FULL: it is
 * larger than the buffer may be; STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status export_files_read(const struct export_files *files,
                                       const char *name, struct buffer *out);

/* A file that is written piece by piece, for what is too large to be held, and
 * beside it what was there before, to be read piece by piece. */
struct export_stream {
    FILE *file;
    FILE *before; /* NULL: there was none */
    char name[EXPORT_NAME_MAX];
};

/* `name` lies in the directory itself. STATUS_IO, STATUS_FULL. */
MUST_USE enum status export_stream_open(struct export_files *files,
                                        const char *name,
                                        struct export_stream *stream);
MUST_USE enum status export_stream_add(struct export_stream *stream,
                                       struct bytes piece);
/* Ends it; the file is there in place of the one before if `keep`, else as it
 * was. May be called for one that was not opened. */
MUST_USE enum status export_stream_close(struct export_files *files,
                                         struct export_stream *stream,
                                         bool keep);

#endif
