/* Any bytes as the saved state of a fold, behind frames whose hashes fit: it is
 * refused, or loaded and good for going on. The input is a row of frames, two
 * bytes of size each, under a plan that counts in every way there is. What is
 * loaded is saved and loaded again as the same. */
#include "common/check.h"
#include "common/fold_save.h"
#include "tests/support/world.h"

#include <string.h>

#define FILE_BYTES_MAX (4u * 1024u * 1024u)
#define RESULTS_MAX    64u

static struct buffer file;
static struct buffer again;

static enum status write_file(void *owner, struct bytes bytes)
{
    return buffer_append(owner, bytes);
}

static enum status read_file(void *owner, uint8_t *out, size_t size)
{
    struct bytes *left = owner;

    if (size > left->size) {
        return STATUS_CORRUPT;
    }
    memcpy(out, left->data, size);
    left->data += size;
    left->size -= size;
    return STATUS_OK;
}

static enum status fetch(void *owner, uint64_t id, struct event *event)
{
    (void)owner;
    (void)id;
    (void)event;
    return STATUS_NOT_FOUND;
}

static void write_frames(struct bytes input)
{
    struct frame_writer *writer =
        frame_writer_new((struct frame_sink){&file, write_file});
    struct digest digest;

    check(writer != NULL);
    while (input.size >= 2) {
        size_t size = bytes_get_u16(input.data);

        size = size < input.size - 2 ? size : input.size - 2;
        if (size > 0) {
            memcpy(frame_room(writer, size), input.data + 2, size);
            frame_cut(writer);
        }
        input.data += 2 + size;
        input.size -= 2 + size;
    }
    check(frame_writer_end(writer, &digest) == STATUS_OK);
    frame_writer_free(&writer);
}

static enum status load(const struct context *context, struct bytes bytes,
                        struct fold **fold)
{
    struct frame_reader *reader =
        frame_reader_new((struct frame_source){&bytes, read_file, bytes.size});
    enum status status;

    check(reader != NULL);
    status =
        fold_load(context, (struct fold_source){NULL, fetch}, reader, fold);
    check((*fold != NULL) == (status == STATUS_OK));
    frame_reader_free(&reader);
    return status;
}

static void save(const struct fold *fold, struct buffer *out)
{
    struct frame_writer *writer =
        frame_writer_new((struct frame_sink){out, write_file});
    struct digest digest;

    check(writer != NULL);
    fold_save(fold, writer);
    check(frame_writer_end(writer, &digest) == STATUS_OK);
    frame_writer_free(&writer);
}

static void look_at(const struct context *context, struct fold *fold)
{
    struct fold_result results[RESULTS_MAX];
    struct fold_totals totals;
    struct fold *second = NULL;

    fold_totals(fold, &totals);
    (void)fold_results(fold, 0, results, RESULTS_MAX);
    save(fold, &file);
    check(load(context, buffer_bytes(&file), &second) == STATUS_OK);
    save(second, &again);
    check(bytes_equal(buffer_bytes(&file), buffer_bytes(&again)));
    fold_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct fold *fold = NULL;

    if (world.context == NULL) {
        world_open(&world, WORLD_PLAN, NULL);
        buffer_init(&file, FILE_BYTES_MAX);
        buffer_init(&again, FILE_BYTES_MAX);
    }
    buffer_clear(&file);
    buffer_clear(&again);
    write_frames((struct bytes){data, size});
    if (load(world.context, buffer_bytes(&file), &fold) == STATUS_OK) {
        buffer_clear(&file);
        look_at(world.context, fold);
    }
    fold_free(&fold);
    return 0;
}
