/* frames - a long file in pieces, each under a hash that names all before it.
 *
 * Flow     fold_save -> [frames] -> file;  file -> [frames] -> fold_load
 * Owns     one buffer of a frame; free with frame_writer_free() and
 *          frame_reader_free().
 * Threads  one at a time for each writer and reader.
 * Limits   FRAME_PAYLOAD_MAX bytes a frame, and so a record: what is written
 *          or read never lies in memory as a whole.
 *
 * Layout (big-endian): frames one after the other, each of
 *
 *   size 4, payload, SHA-256 32 (of the hash of the frame before, or zeros,
 *   then size and payload)
 *
 * and at the end one of size 0. A record lies within one frame. So nothing is
 * looked at before its hash has been held against it, and nothing can be cut
 * off, left out or moved unseen.
 *
 * Errors are kept until the end: after the first one a writer writes nothing
 * more and a reader gives zeros.
 */
#ifndef TALLYLINE_COMMON_FRAMES_H
#define TALLYLINE_COMMON_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"

#define FRAME_PAYLOAD_MAX (256u * 1024u)

struct frame_writer; /* opaque */
struct frame_reader; /* opaque */

/* Where frames go. Anything but STATUS_OK ends the writing. */
struct frame_sink {
    void *owner;
    enum status (*write)(void *owner, struct bytes bytes);
};

/* Where frames come from: fills all of `out`, or answers STATUS_CORRUPT when
 * there is less, STATUS_IO. `left` is how much there is at all. */
struct frame_source {
    void *owner;
    enum status (*read)(void *owner, uint8_t *out, size_t size);
    uint64_t left;
};

/* ---- writing ---- */

/* NULL when there is no memory. */
struct frame_writer *frame_writer_new(struct frame_sink sink);
void frame_writer_free(struct frame_writer **writer);
/* Room for a record of `size` bytes, at most FRAME_PAYLOAD_MAX, to be filled in
 * before the next call. */
uint8_t *frame_room(struct frame_writer *writer, size_t size);
void frame_u32(struct frame_writer *writer, uint32_t value);
void frame_u64(struct frame_writer *writer, uint64_t value);
/* Ends the frame: what comes next is in another one. */
void frame_cut(struct frame_writer *writer);
/* Says that what is to be written could not be made. */
void frame_fail(struct frame_writer *writer, enum status status);
/* Writes what is left and the end. `digest` is that of everything. What went
 * wrong first: the sink's answer. */
MUST_USE enum status frame_writer_end(struct frame_writer *writer,
                                      struct digest *digest);

/* ---- reading ---- */

/* NULL when there is no memory. */
struct frame_reader *frame_reader_new(struct frame_source source);
void frame_reader_free(struct frame_reader **reader);
/* The next record of `size` bytes, valid until the next call; NULL after an
 * error, or when the frame does not hold so much. */
const uint8_t *frame_take(struct frame_reader *reader, size_t size);
uint32_t frame_get_u32(struct frame_reader *reader);
uint64_t frame_get_u64(struct frame_reader *reader);
/* How many records of `size` bytes follow: a number that the rest of the input
 * can hold, 0 after an error. */
size_t frame_get_count(struct frame_reader *reader, size_t size);
/* Whether the rest of the input can hold so many records. */
bool frame_can_hold(const struct frame_reader *reader, uint64_t count,
                    size_t size);
/* Says that what was read cannot be. */
void frame_refuse(struct frame_reader *reader, enum status status);
/* STATUS_CORRUPT: not what was written; else the source's answer. */
enum status frame_reader_status(const struct frame_reader *reader);
/* Whether all has been read, and nothing but the end is left. */
MUST_USE enum status frame_reader_end(struct frame_reader *reader,
                                      struct digest *digest);

#endif
