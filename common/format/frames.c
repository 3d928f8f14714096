/* The buffer holds the hash of the frame before, the size, the payload and the
 * frame's own hash, in this order: so one call makes the hash and one writes
 * the frame. */
#include "common/format/frames.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_BYTES    4u
#define PAYLOAD_AT    (DIGEST_BYTES + SIZE_BYTES)
#define FRAME_ROOM    (PAYLOAD_AT + FRAME_PAYLOAD_MAX + DIGEST_BYTES)
#define OUTSIDE_BYTES (SIZE_BYTES + DIGEST_BYTES) /* of a frame */

struct frame_writer {
    struct frame_sink sink;
    enum status status;
    size_t used; /* of the payload */
    uint8_t buffer[FRAME_ROOM];
};

struct frame_reader {
    struct frame_source source;
    enum status status;
    bool ended;
    size_t at, size; /* in the payload */
    uint8_t buffer[FRAME_ROOM];
};

/* The hash of the frame in the buffer. */
static void hash_frame(const uint8_t *buffer, size_t size,
                       struct digest *digest)
{
    digest_bytes((struct bytes){buffer, PAYLOAD_AT + size}, digest);
}

/* ---- writing ---- */

struct frame_writer *frame_writer_new(struct frame_sink sink)
{
    struct frame_writer *writer = malloc(sizeof *writer);

    if (writer != NULL) {
        writer->sink = sink;
        writer->status = STATUS_OK;
        writer->used = 0;
        memset(writer->buffer, 0, DIGEST_BYTES);
    }
    return writer;
}

void frame_writer_free(struct frame_writer **writer)
{
    free(*writer);
    *writer = NULL;
}

static void write_frame(struct frame_writer *writer)
{
    struct digest digest;

    bytes_put_u32(writer->buffer + DIGEST_BYTES, (uint32_t)writer->used);
    hash_frame(writer->buffer, writer->used, &digest);
    memcpy(writer->buffer + PAYLOAD_AT + writer->used, digest.bytes,
           DIGEST_BYTES);
    if (writer->status == STATUS_OK) {
        writer->status = writer->sink.write(
            writer->sink.owner, (struct bytes){writer->buffer + DIGEST_BYTES,
                                               writer->used + OUTSIDE_BYTES});
    }
    memcpy(writer->buffer, digest.bytes, DIGEST_BYTES);
    writer->used = 0;
}

void frame_cut(struct frame_writer *writer)
{
    if (writer->used > 0) {
        write_frame(writer);
    }
}

uint8_t *frame_room(struct frame_writer *writer, size_t size)
{
    uint8_t *room;

    check(size <= FRAME_PAYLOAD_MAX);
    if (writer->used + size > FRAME_PAYLOAD_MAX) {
        frame_cut(writer);
    }
    room = writer->buffer + PAYLOAD_AT + writer->used;
    writer->used += size;
    return room;
}

void frame_u32(struct frame_writer *writer, uint32_t value)
{
    bytes_put_u32(frame_room(writer, sizeof value), value);
}

void frame_u64(struct frame_writer *writer, uint64_t value)
{
    bytes_put_u64(frame_room(writer, sizeof value), value);
}

void frame_fail(struct frame_writer *writer, enum status status)
{
    if (writer->status == STATUS_OK) {
        writer->status = status;
    }
}

enum status frame_writer_end(struct frame_writer *writer, struct digest *digest)
{
    frame_cut(writer);
    write_frame(writer);
    memcpy(digest->bytes, writer->buffer, DIGEST_BYTES);
    return writer->status;
}

/* ---- reading ---- */

struct frame_reader *frame_reader_new(struct frame_source source)
{
    struct frame_reader *reader = malloc(sizeof *reader);

    if (reader != NULL) {
        reader->source = source;
        reader->status = STATUS_OK;
        reader->ended = false;
        reader->at = reader->size = 0;
        memset(reader->buffer, 0, DIGEST_BYTES);
    }
    return reader;
}

void frame_reader_free(struct frame_reader **reader)
{
    free(*reader);
    *reader = NULL;
}

void frame_refuse(struct frame_reader *reader, enum status status)
{
    if (reader->status == STATUS_OK) {
        reader->status = status;
    }
    reader->at = reader->size = 0;
}

enum status frame_reader_status(const struct frame_reader *reader)
{
    return reader->status;
}

static bool fetch(struct frame_reader *reader, size_t at, size_t size)
{
    enum status status = STATUS_CORRUPT;

    if (size <= reader->source.left) {
        status = reader->source.read(reader->source.owner, reader->buffer + at,
                                     size);
        reader->source.left -= size;
    }
    if (status != STATUS_OK) {
        frame_refuse(reader, status);
    }
    return status == STATUS_OK;
}

/* Reads a frame; false after an error and at the end. */
static bool next_frame(struct frame_reader *reader)
{
    struct digest digest;
    size_t size;

    if (reader->status != STATUS_OK || reader->ended ||
        !fetch(reader, DIGEST_BYTES, SIZE_BYTES)) {
        return false;
    }
    size = bytes_get_u32(reader->buffer + DIGEST_BYTES);
    if (size > FRAME_PAYLOAD_MAX) {
        frame_refuse(reader, STATUS_CORRUPT);
        return false;
    }
    if (!fetch(reader, PAYLOAD_AT, size + DIGEST_BYTES)) {
        return false;
    }
    hash_frame(reader->buffer, size, &digest);
    if (memcmp(digest.bytes, reader->buffer + PAYLOAD_AT + size,
               DIGEST_BYTES) != 0) {
        frame_refuse(reader, STATUS_CORRUPT);
        return false;
    }
    memcpy(reader->buffer, digest.bytes, DIGEST_BYTES);
    reader->ended = size == 0;
    reader->at = 0;
    reader->size = size;
    return size > 0;
}

const uint8_t *frame_take(struct frame_reader *reader, size_t size)
{
    const uint8_t *record;

    if (reader->at == reader->size && !next_frame(reader)) {
        frame_refuse(reader, STATUS_CORRUPT);
        return NULL;
    }
    if (size > reader->size - reader->at) {
        frame_refuse(reader, STATUS_CORRUPT);
        return NULL;
    }
    record = reader->buffer + PAYLOAD_AT + reader->at;
    reader->at += size;
    return record;
}

uint32_t frame_get_u32(struct frame_reader *reader)
{
    const uint8_t *record = frame_take(reader, sizeof(uint32_t));

    return record == NULL ? 0 : bytes_get_u32(record);
}

uint64_t frame_get_u64(struct frame_reader *reader)
{
    const uint8_t *record = frame_take(reader, sizeof(uint64_t));

    return record == NULL ? 0 : bytes_get_u64(record);
}

bool frame_can_hold(const struct frame_reader *reader, uint64_t count,
                    size_t size)
{
    return count <= (reader->source.left + (reader->size - reader->at)) / size;
}

size_t frame_get_count(struct frame_reader *reader, size_t size)
{
    uint64_t count = frame_get_u64(reader);

    if (reader->status == STATUS_OK && !frame_can_hold(reader, count, size)) {
        frame_refuse(reader, STATUS_CORRUPT);
    }
    return reader->status == STATUS_OK ? (size_t)count : 0;
}

enum status frame_reader_end(struct frame_reader *reader, struct digest *digest)
{
    if (reader->status == STATUS_OK && reader->at == reader->size) {
        (void)next_frame(reader);
    }
    if (reader->status == STATUS_OK &&
        (!reader->ended || reader->source.left > 0)) {
        frame_refuse(reader, STATUS_CORRUPT);
    }
    memcpy(digest->bytes, reader->buffer, DIGEST_BYTES);
    return reader->status;
}
