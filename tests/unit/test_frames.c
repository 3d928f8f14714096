#include "common/format/frames.h"

#include "tests/support/frame_file.h"

#include <criterion/criterion.h>
#include <string.h>

#define RECORDS 100000u /* more than a frame holds */

static struct frame_file file;
static struct frame_writer *writer;
static struct frame_reader *reader;
static struct digest digest;

static void setup(void)
{
    frame_file_init(&file);
    writer = frame_writer_new(frame_file_sink(&file));
    cr_assert_not_null(writer);
}

static void teardown(void)
{
    frame_writer_free(&writer);
    frame_reader_free(&reader);
    frame_file_fini(&file);
}

TestSuite(frames, .init = setup, .fini = teardown);

static void read_on(void)
{
    cr_assert_eq(frame_writer_end(writer, &file.digest), STATUS_OK);
    reader = frame_reader_new(frame_file_source(&file));
    cr_assert_not_null(reader);
}

Test(frames, what_was_written_comes_back_in_order)
{
    for (uint32_t i = 0; i < RECORDS; i++) {
        frame_u64(writer, UINT64_C(1) << 40 | i);
    }
    frame_cut(writer);
    frame_u32(writer, 7);
    read_on();
    for (uint32_t i = 0; i < RECORDS; i++) {
        cr_assert_eq(frame_get_u64(reader), UINT64_C(1) << 40 | i);
    }
    cr_assert_eq(frame_get_u32(reader), 7);
    cr_assert_eq(frame_reader_end(reader, &digest), STATUS_OK);
    cr_assert(digest_equal(&digest, &file.digest));
}

Test(frames, i11_a_record_of_the_greatest_size_fits)
{
    memset(frame_room(writer, FRAME_PAYLOAD_MAX), 3, FRAME_PAYLOAD_MAX);
    frame_u32(writer, 4);
    read_on();
    cr_assert_eq(frame_take(reader, FRAME_PAYLOAD_MAX)[9], 3);
    cr_assert_eq(frame_get_u32(reader), 4);
    cr_assert_eq(frame_reader_end(reader, &digest), STATUS_OK);
}

Test(frames, i11_a_frame_that_says_it_is_larger_is_refused)
{
    frame_u32(writer, 4);
    read_on();
    bytes_put_u32(file.bytes.data, FRAME_PAYLOAD_MAX + 1);
    cr_assert_null(frame_take(reader, 4));
    cr_assert_eq(frame_reader_status(reader), STATUS_CORRUPT);
}

Test(frames, i11_a_count_that_the_rest_cannot_hold_is_refused)
{
    frame_u64(writer, 3);
    frame_u64(writer, 1);
    frame_u64(writer, 2);
    read_on();
    cr_assert_not(frame_can_hold(reader, 1000, 8));
    cr_assert_eq(frame_get_count(reader, 64), 0);
    cr_assert_eq(frame_reader_status(reader), STATUS_CORRUPT);
    cr_assert_eq(frame_get_u64(reader), 0);
}

Test(frames, two_frames_that_changed_places_are_refused)
{
    uint8_t first[4 + 8 + DIGEST_BYTES];

    frame_u64(writer, 1);
    frame_cut(writer);
    frame_u64(writer, 2);
    read_on();
    memcpy(first, file.bytes.data, sizeof first);
    memmove(file.bytes.data, file.bytes.data + sizeof first, sizeof first);
    memcpy(file.bytes.data + sizeof first, first, sizeof first);
    cr_assert_eq(frame_get_u64(reader), 0);
    cr_assert_eq(frame_reader_status(reader), STATUS_CORRUPT);
}

Test(frames, a_frame_that_was_left_out_is_missed)
{
    size_t size = 4 + 8 + DIGEST_BYTES;

    for (uint64_t i = 1; i <= 3; i++) {
        frame_u64(writer, i);
        frame_cut(writer);
    }
    read_on();
    memmove(file.bytes.data + size, file.bytes.data + 2 * size,
            file.bytes.size - 2 * size);
    file.bytes.size -= size;
    frame_reader_free(&reader);
    reader = frame_reader_new(frame_file_source(&file));
    cr_assert_eq(frame_get_u64(reader), 1);
    cr_assert_eq(frame_get_u64(reader), 0);
    cr_assert_eq(frame_reader_status(reader), STATUS_CORRUPT);
}

Test(frames, what_was_not_read_is_no_end)
{
    frame_u64(writer, 1);
    frame_u64(writer, 2);
    read_on();
    cr_assert_eq(frame_get_u64(reader), 1);
    cr_assert_eq(frame_reader_end(reader, &digest), STATUS_CORRUPT);
}

static enum status full(void *owner, struct bytes bytes)
{
    (void)bytes;
    ++*(unsigned *)owner;
    return STATUS_FULL;
}

Test(frames, a_writer_that_failed_writes_nothing_more_and_says_why)
{
    unsigned calls = 0;
    struct frame_sink sink = {.owner = &calls, .write = full};

    frame_writer_free(&writer);
    writer = frame_writer_new(sink);
    cr_assert_not_null(writer);
    for (uint32_t i = 0; i < RECORDS; i++) {
        frame_u64(writer, i);
    }
    cr_assert_eq(frame_writer_end(writer, &digest), STATUS_FULL);
    cr_assert_eq(calls, 1);
}
