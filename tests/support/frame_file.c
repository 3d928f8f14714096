#include "tests/support/frame_file.h"

#include "common/base/check.h"

#include <string.h>

void frame_file_init(struct frame_file *file)
{
    memset(file, 0, sizeof *file);
    buffer_init(&file->bytes, FRAME_FILE_MAX);
}

void frame_file_fini(struct frame_file *file)
{
    buffer_fini(&file->bytes);
}

static enum status write_bytes(void *owner, struct bytes bytes)
{
    struct frame_file *file = owner;

    return buffer_append(&file->bytes, bytes);
}

static enum status read_bytes(void *owner, uint8_t *out, size_t size)
{
    struct frame_file *file = owner;

    if (size > file->bytes.size - file->at) {
        return STATUS_CORRUPT;
    }
    memcpy(out, file->bytes.data + file->at, size);
    file->at += size;
    return STATUS_OK;
}

struct frame_sink frame_file_sink(struct frame_file *file)
{
    return (struct frame_sink){.owner = file, .write = write_bytes};
}

struct frame_source frame_file_source(struct frame_file *file)
{
    file->at = 0;
    return (struct frame_source){
        .owner = file, .read = read_bytes, .left = file->bytes.size};
}

void frame_file_save(struct frame_file *file, const struct fold *fold)
{
    struct frame_writer *writer = frame_writer_new(frame_file_sink(file));

    check(writer != NULL);
    buffer_clear(&file->bytes);
    fold_save(fold, writer);
    check(frame_writer_end(writer, &file->digest) == STATUS_OK);
    frame_writer_free(&writer);
}

enum status frame_file_load(struct frame_file *file,
                            const struct context *context,
                            struct fold_source source, struct fold **fold)
{
    struct frame_reader *reader = frame_reader_new(frame_file_source(file));
    enum status status;

    check(reader != NULL);
    status = fold_load(context, source, reader, fold);
    if (status == STATUS_OK) {
        status = frame_reader_end(reader, &file->digest);
    }
    if (status != STATUS_OK) {
        fold_free(fold);
    }
    frame_reader_free(&reader);
    return status;
}
