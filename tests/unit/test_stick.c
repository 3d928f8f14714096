/* What is carried by hand: it comes back whole and in order to whom it is for,
 * and not at all when a bit of it was changed. */
#include "common/format/stick.h"
#include "tests/support/keys.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct temp_dir folder;
static char path[TEMP_DIR_PATH_MAX];
static struct curve_keys reader_keys;
static struct sign_keys writer_keys;

static void setup(void)
{
    sign_init();
    temp_dir_open(&folder);
    temp_dir_path(&folder, "tallyline-7.up", path);
    curve_keys_make(&reader_keys);
    keys_fixed(7, &writer_keys);
}

static void teardown(void)
{
    temp_dir_close(&folder);
}

TestSuite(stick, .init = setup, .fini = teardown);

static struct stick_writer *begin(void)
{
    const struct stick_head head = {.way = STICK_UP,
                                    .agent = keys_id(3),
                                    .agent_number = 7,
                                    .made_at = 1234567};
    struct stick_writer *writer = NULL;

    cr_assert_eq(stick_create(path, &head, &reader_keys.public_key, &writer),
                 STATUS_OK);
    return writer;
}

static void put(struct stick_writer *writer, const char *first,
                const char *second)
{
    const struct bytes frames[2] = {
        bytes_of_text(first), bytes_of_text(second == NULL ? "" : second)};

    cr_assert_eq(stick_put(writer, frames, second == NULL ? 1 : 2), STATUS_OK);
}

static void finish(struct stick_writer *writer)
{
    cr_assert_eq(stick_finish(&writer, &writer_keys), STATUS_OK);
    cr_assert_null(writer);
}

/* A file of two messages; gives its bytes. */
static struct bytes two_messages(struct buffer *out)
{
    struct stick_writer *writer = begin();

    put(writer, "hello", NULL);
    put(writer, "batches", "first batch");
    finish(writer);
    buffer_init(out, 4096);
    cr_assert_eq(file_read(path, out), STATUS_OK);
    return buffer_bytes(out);
}

/* What becomes of a file of these bytes: the first status that is not good. */
static enum status take(struct bytes bytes)
{
    struct stick_reader *reader = NULL;
    struct bytes frames[WIRE_FRAMES_MAX];
    struct stick_head head;
    size_t count;
    enum status rc;

    temp_dir_write(&folder, "tallyline-7.up", bytes.data, bytes.size);
    rc = stick_open(path, &head, &reader);
    if (rc == STATUS_OK) {
        rc = stick_verify(reader, &writer_keys.public_key);
    }
    while (rc == STATUS_OK) {
        rc = stick_next(reader, &reader_keys, frames, &count);
    }
    stick_close(&reader);
    return rc;
}

Test(stick, messages_come_back_in_order_to_whom_they_are_for)
{
    struct stick_reader *reader = NULL;
    struct bytes frames[WIRE_FRAMES_MAX];
    struct stick_head head;
    struct buffer bytes;
    size_t count = 0;

    (void)two_messages(&bytes);
    cr_assert_eq(stick_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(head.way, STICK_UP);
    cr_assert_eq(head.agent_number, 7);
    cr_assert_eq(head.made_at, 1234567);
    cr_assert_eq(stick_verify(reader, &writer_keys.public_key), STATUS_OK);
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count), STATUS_OK);
    cr_assert_eq(count, 1);
    cr_assert(bytes_equal(frames[0], bytes_of_text("hello")));
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count), STATUS_OK);
    cr_assert_eq(count, 2);
    cr_assert(bytes_equal(frames[1], bytes_of_text("first batch")));
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count),
                 STATUS_NOT_FOUND);
    stick_close(&reader);
    buffer_fini(&bytes);
}

Test(stick, who_finds_it_reads_nothing)
{
    struct stick_reader *reader = NULL;
    struct bytes frames[WIRE_FRAMES_MAX];
    struct curve_keys stranger;
    struct stick_head head;
    struct buffer bytes;
    size_t count = 0;

    (void)two_messages(&bytes);
    curve_keys_make(&stranger);
    cr_assert_eq(stick_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(stick_next(reader, &stranger, frames, &count), STATUS_REFUSED);
    cr_assert_eq(temp_dir_count(path, "first batch", 11), 0);
    stick_close(&reader);
    buffer_fini(&bytes);
}

/* A medium that says something else when it is read again, or a share on which
 * somebody writes meanwhile. */
Test(stick, i8_what_is_taken_is_what_was_signed)
{
    struct stick_reader *reader = NULL;
    struct bytes frames[WIRE_FRAMES_MAX];
    struct stick_writer *writer;
    struct stick_head head;
    struct buffer other, bytes;
    size_t count = 0;
    FILE *file;

    writer = begin();
    put(writer, "HELLO", NULL);
    put(writer, "BATCHES", "other batch");
    finish(writer);
    buffer_init(&other, 4096);
    cr_assert_eq(file_read(path, &other), STATUS_OK);
    cr_assert_eq(other.size, two_messages(&bytes).size);
    cr_assert_eq(stick_open(path, &head, &reader), STATUS_OK);
    file = fopen(path, "r+b");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(other.data, 1, other.size, file), other.size);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count), STATUS_OK);
    cr_assert(bytes_equal(frames[0], bytes_of_text("hello")));
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count), STATUS_OK);
    cr_assert(bytes_equal(frames[1], bytes_of_text("first batch")));
    stick_close(&reader);
    buffer_fini(&other);
    buffer_fini(&bytes);
}

Test(stick, i8_no_bit_can_be_changed)
{
    struct buffer bytes;
    struct bytes whole = two_messages(&bytes);

    cr_assert_eq(take(whole), STATUS_NOT_FOUND);
    for (size_t i = 0; i < whole.size; i++) {
        bytes.data[i] ^= 1;
        cr_assert_neq(take(whole), STATUS_NOT_FOUND, "byte %zu", i);
        bytes.data[i] ^= 1;
    }
    buffer_fini(&bytes);
}

Test(stick, a_file_that_is_not_whole_is_none)
{
    struct buffer bytes;
    struct bytes whole = two_messages(&bytes);

    for (size_t size = 0; size < whole.size; size++) {
        cr_assert_eq(take((struct bytes){whole.data, size}), STATUS_INVALID,
                     "cut at %zu", size);
    }
    cr_assert_eq(buffer_u8(&bytes, 0), STATUS_OK);
    cr_assert_eq(take(buffer_bytes(&bytes)), STATUS_INVALID);
    buffer_fini(&bytes);
}

Test(stick, the_order_of_messages_cannot_be_changed)
{
    struct buffer bytes;
    struct bytes whole = two_messages(&bytes);
    size_t first = 4 + bytes_get_u32(whole.data + STICK_HEAD_BYTES);
    size_t second = 4 + bytes_get_u32(whole.data + STICK_HEAD_BYTES + first);
    uint8_t *at = bytes.data + STICK_HEAD_BYTES;
    uint8_t *other = malloc(first + second);

    cr_assert_not_null(other);
    memcpy(other, at + first, second);
    memcpy(other + second, at, first);
    memcpy(at, other, first + second);
    free(other);
    cr_assert_eq(take(whole), STATUS_REFUSED);
    buffer_fini(&bytes);
}

Test(stick, a_newer_form_is_told_as_that)
{
    struct buffer bytes;
    struct bytes whole = two_messages(&bytes);

    bytes.data[4] = 2;
    cr_assert_eq(take(whole), STATUS_VERSION);
    buffer_fini(&bytes);
}

Test(stick, i11_the_largest_message_fits)
{
    static uint8_t large[WIRE_FRAME_BYTES_MAX];
    struct bytes frames[WIRE_FRAMES_MAX];
    struct stick_reader *reader = NULL;
    struct stick_writer *writer = begin();
    struct stick_head head;
    size_t count = 0;

    for (size_t i = 0; i < WIRE_FRAMES_MAX; i++) {
        frames[i] = (struct bytes){large, sizeof large};
    }
    cr_assert_eq(stick_put(writer, frames, WIRE_FRAMES_MAX), STATUS_OK);
    finish(writer);
    cr_assert_eq(stick_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(stick_next(reader, &reader_keys, frames, &count), STATUS_OK);
    cr_assert_eq(count, WIRE_FRAMES_MAX);
    cr_assert_eq(frames[WIRE_FRAMES_MAX - 1].size, sizeof large);
    stick_close(&reader);
}

Test(stick, what_was_not_finished_has_no_name)
{
    char made[TEMP_DIR_PATH_MAX + 8];
    struct stick_writer *writer = begin();

    (void)snprintf(made, sizeof made, "%s.new", path);
    put(writer, "hello", NULL);
    cr_assert_eq(access(made, F_OK), 0);
    cr_assert_neq(access(path, F_OK), 0);
    stick_abandon(&writer);
    cr_assert_neq(access(made, F_OK), 0);
    cr_assert_neq(access(path, F_OK), 0);
}

Test(stick, a_folder_that_is_not_there_is_told)
{
    const struct stick_head head = {.way = STICK_DOWN};
    struct stick_reader *reader = NULL;
    struct stick_writer *writer = NULL;
    struct stick_head read;

    cr_assert_eq(stick_create("/nowhere/tallyline-7.up", &head,
                              &reader_keys.public_key, &writer),
                 STATUS_IO);
    cr_assert_null(writer);
    cr_assert_eq(stick_open("/nowhere/tallyline-7.up", &read, &reader),
                 STATUS_NOT_FOUND);
}
