/* Any bytes as the saved state of a fold, behind frames whose hashes fit: it is
 * refused, or loaded and good for going on, under a plan that counts in every
 * way there is. What is loaded is saved and loaded again as the same.
 *
 * The first byte chooses: a state that was saved of a random year, which the
 * rest changes, two bytes of where and one of what each; or the rest stands
 * alone. Either is a row of frames, two bytes of size each. So a new layout of
 * the state is reached as deeply as the one before. */
#include "common/base/check.h"
#include "common/fold/fold_save.h"
#include "tests/support/random_year.h"

#include <string.h>

#define FILE_BYTES_MAX (4u * 1024u * 1024u)
#define RESULTS_MAX    64u
#define STATES         16u
#define EVENTS_LEAST   4u /* of a state; the next has one more */
#define CHANGE_BYTES   3u

static struct buffer file;
static struct buffer again;
static struct buffer changed;
static struct buffer states[STATES];

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

/* The frames of `file`, without their hashes, as an input would have them. */
static void take_frames(struct buffer *out)
{
    struct bytes left = buffer_bytes(&file);

    while (left.size > 4) {
        size_t size = bytes_get_u32(left.data);

        if (size == 0) {
            return;
        }
        check(size <= UINT16_MAX && left.size >= 4 + size + DIGEST_BYTES);
        check(buffer_u16(out, (uint16_t)size) == STATUS_OK);
        check(buffer_append(out, (struct bytes){left.data + 4, size}) ==
              STATUS_OK);
        left.data += 4 + size + DIGEST_BYTES;
        left.size -= 4 + size + DIGEST_BYTES;
    }
}

static void make_states(void)
{
    for (size_t i = 0; i < STATES; i++) {
        struct year *year = random_year_new(i + 1);
        struct fold *fold = NULL;

        check(fold_new(year->world.context, world_source(&year->world),
                       &fold) == STATUS_OK);
        world_fold_on(&year->world, fold, NULL, 0, EVENTS_LEAST + i);
        buffer_clear(&file);
        save(fold, &file);
        buffer_init(&states[i], FILE_BYTES_MAX);
        take_frames(&states[i]);
        fold_free(&fold);
        random_year_free(&year);
    }
}

/* The row of frames that the bytes stand for. */
static struct bytes read_input(const uint8_t *data, size_t size)
{
    struct bytes state;

    if (size == 0 || data[0] >= STATES) {
        return (struct bytes){data + (size > 0), size - (size > 0)};
    }
    state = buffer_bytes(&states[data[0]]);
    buffer_clear(&changed);
    check(buffer_append(&changed, state) == STATUS_OK);
    for (size_t at = 1; at + CHANGE_BYTES <= size; at += CHANGE_BYTES) {
        changed.data[bytes_get_u16(data + at) % state.size] = data[at + 2];
    }
    return buffer_bytes(&changed);
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
        buffer_init(&changed, FILE_BYTES_MAX);
        make_states();
    }
    buffer_clear(&file);
    buffer_clear(&again);
    write_frames(read_input(data, size));
    if (load(world.context, buffer_bytes(&file), &fold) == STATUS_OK) {
        buffer_clear(&file);
        look_at(world.context, fold);
    }
    fold_free(&fold);
    return 0;
}
