/* frame_file - a file of frames that lies in memory.
 *
 * Flow     fold_save -> [frame_file] -> fold_load
 * Owns     its bytes; free with frame_file_fini().
 * Threads  one.
 * Limits   FRAME_FILE_MAX bytes.
 */
#ifndef TALLYLINE_TESTS_FRAME_FILE_H
#define TALLYLINE_TESTS_FRAME_FILE_H

#include "common/fold/fold_save.h"

#define FRAME_FILE_MAX (64u << 20)

struct frame_file {
    struct buffer bytes;
    size_t at; /* read so far */
    struct digest digest;
};

void frame_file_init(struct frame_file *file);
void frame_file_fini(struct frame_file *file);
/* What was written is appended; what is read is what lies there. */
struct frame_sink frame_file_sink(struct frame_file *file);
struct frame_source frame_file_source(struct frame_file *file);

/* Saves the fold in place of what was there. */
void frame_file_save(struct frame_file *file, const struct fold *fold);
/* Loads it. `fold` is NULL unless STATUS_OK. */
MUST_USE enum status frame_file_load(struct frame_file *file,
                                     const struct context *context,
                                     struct fold_source source,
                                     struct fold **fold);

#endif
