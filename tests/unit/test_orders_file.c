/* What one ledger of the province has ordered, in a file for another: it comes
 * back whole and in order, or not at all. */
#include "collector/province/orders_file.h"

#include "common/base/file.h"
#include "tests/support/keys.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (2u * CONTROL_BYTES_MAX)

static struct temp_dir folder;
static char path[TEMP_DIR_PATH_MAX];
static struct sign_keys administrator;

static void setup(void)
{
    sign_init();
    temp_dir_open(&folder);
    temp_dir_path(&folder, "tinh.orders", path);
    keys_fixed(7, &administrator);
}

static void teardown(void)
{
    temp_dir_close(&folder);
}

TestSuite(orders_file, .init = setup, .fini = teardown);

static struct orders_file_writer *begin(void)
{
    const struct orders_file_head head = {
        .ledger_id = keys_id(3), .entries = 12, .made_at = 1234567};
    struct orders_file_writer *writer = NULL;

    cr_assert_eq(orders_file_create(path, &head, &writer), STATUS_OK);
    return writer;
}

static void write_texts(const char *const texts[], size_t count)
{
    struct orders_file_writer *writer = begin();

    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(orders_file_put(writer, ORDERS_FILE_CONTROL,
                                     bytes_of_text(texts[i])),
                     STATUS_OK);
    }
    cr_assert_eq(orders_file_finish(&writer, &administrator), STATUS_OK);
    cr_assert_null(writer);
}

static void expect_text(struct orders_file_reader *reader, const char *text)
{
    enum orders_file_kind kind;
    struct bytes bytes;

    cr_assert_eq(orders_file_next(reader, &kind, &bytes), STATUS_OK);
    cr_assert_eq(kind, ORDERS_FILE_CONTROL);
    cr_assert(bytes_equal(bytes, bytes_of_text(text)));
}

/* What becomes of a file of these bytes. */
static enum status open_bytes(const uint8_t *data, size_t size)
{
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    enum status status;

    temp_dir_write(&folder, "tinh.orders", data, size);
    status = orders_file_open(path, &head, &reader);
    if (status == STATUS_OK) {
        status = orders_file_verify(reader, &administrator.public_key);
    }
    orders_file_close(&reader);
    return status;
}

Test(orders_file, what_was_put_comes_back_in_order)
{
    static const char *const texts[] = {"genesis", "plan", "enrolment"};
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    enum orders_file_kind kind;
    struct bytes bytes;

    write_texts(texts, 3);
    cr_assert_eq(orders_file_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(orders_file_verify(reader, &administrator.public_key),
                 STATUS_OK);
    cr_assert_arr_eq(head.ledger_id.bytes, keys_id(3).bytes, RANDOM_ID_BYTES);
    cr_assert_eq(head.entries, 12);
    cr_assert_eq(head.made_at, 1234567);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 3; i++) {
            expect_text(reader, texts[i]);
        }
        cr_assert_eq(orders_file_next(reader, &kind, &bytes), STATUS_NOT_FOUND);
        cr_assert_eq(orders_file_again(reader), STATUS_OK);
    }
    orders_file_close(&reader);
}

Test(orders_file, i8_another_administrators_file_is_refused)
{
    static const char *const texts[] = {"genesis"};
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    struct sign_keys other;

    keys_fixed(8, &other);
    write_texts(texts, 1);
    cr_assert_eq(orders_file_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(orders_file_verify(reader, &other.public_key), STATUS_REFUSED);
    orders_file_close(&reader);
}

/* Cut at every place, and with every byte changed. */
Test(orders_file, what_is_not_whole_is_refused)
{
    static const char *const texts[] = {"genesis", "a revocation"};
    struct buffer whole;
    uint8_t *data;

    write_texts(texts, 2);
    buffer_init(&whole, FILE_MAX);
    cr_assert_eq(file_read(path, &whole), STATUS_OK);
    data = whole.data;
    for (size_t i = 0; i < whole.size; i++) {
        cr_assert_neq(open_bytes(data, i), STATUS_OK, "cut at %zu", i);
        data[i] ^= 1;
        cr_assert_neq(open_bytes(data, whole.size), STATUS_OK, "byte %zu", i);
        data[i] ^= 1;
    }
    cr_assert_eq(open_bytes(data, whole.size), STATUS_OK);
    cr_assert_eq(buffer_u8(&whole, 0), STATUS_OK);
    cr_assert_eq(open_bytes(whole.data, whole.size), STATUS_INVALID,
                 "something stands behind it");
    buffer_fini(&whole);
}

/* An order that is left out on the way shows, though all others are signed. */
Test(orders_file, i8_no_order_can_be_left_out)
{
    static const char *const texts[] = {"genesis", "revocation"};
    const size_t first = ORDERS_FILE_HEAD_BYTES + 5 + strlen(texts[0]);
    const size_t second = first + 5 + strlen(texts[1]);
    struct buffer whole;

    write_texts(texts, 2);
    buffer_init(&whole, FILE_MAX);
    cr_assert_eq(file_read(path, &whole), STATUS_OK);
    memmove(whole.data + first, whole.data + second, whole.size - second);
    cr_assert_eq(open_bytes(whole.data, whole.size - (second - first)),
                 STATUS_INVALID);
    buffer_fini(&whole);
}

/* The next hour's file is written over it while it is read. */
Test(orders_file, i8_what_is_read_is_what_was_signed)
{
    static const char *const texts[] = {"genesis", "revocation"};
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    struct buffer whole;

    write_texts(texts, 2);
    buffer_init(&whole, FILE_MAX);
    cr_assert_eq(file_read(path, &whole), STATUS_OK);
    cr_assert_eq(orders_file_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(orders_file_verify(reader, &administrator.public_key),
                 STATUS_OK);
    memset(whole.data + ORDERS_FILE_HEAD_BYTES + 5, 'x', strlen(texts[0]));
    temp_dir_write(&folder, "tinh.orders", whole.data, whole.size);
    expect_text(reader, texts[0]);
    expect_text(reader, texts[1]);
    orders_file_close(&reader);
    buffer_fini(&whole);
}

Test(orders_file, i11_the_largest_document_goes_in_and_none_larger_comes_out)
{
    struct orders_file_reader *reader = NULL;
    struct orders_file_head head;
    struct orders_file_writer *writer = begin();
    uint8_t *large = calloc(1, CONTROL_BYTES_MAX);
    enum orders_file_kind kind;
    struct buffer whole;
    struct bytes bytes;

    cr_assert_not_null(large);
    cr_assert_eq(orders_file_put(writer, ORDERS_FILE_CONTROL,
                                 (struct bytes){large, CONTROL_BYTES_MAX}),
                 STATUS_OK);
    cr_assert_eq(orders_file_finish(&writer, &administrator), STATUS_OK);
    cr_assert_eq(orders_file_open(path, &head, &reader), STATUS_OK);
    cr_assert_eq(orders_file_next(reader, &kind, &bytes), STATUS_OK);
    cr_assert_eq(bytes.size, CONTROL_BYTES_MAX);
    orders_file_close(&reader);
    buffer_init(&whole, FILE_MAX);
    cr_assert_eq(file_read(path, &whole), STATUS_OK);
    bytes_put_u32(whole.data + ORDERS_FILE_HEAD_BYTES + 1,
                  CONTROL_BYTES_MAX + 1);
    cr_assert_eq(open_bytes(whole.data, whole.size), STATUS_INVALID);
    buffer_fini(&whole);
    free(large);
}

Test(orders_file, only_a_file_of_its_kind_is_replaced)
{
    static const char *const texts[] = {"genesis"};
    const struct orders_file_head head = {.entries = 1};
    struct orders_file_writer *writer = NULL;
    char made[TEMP_DIR_PATH_MAX];

    write_texts(texts, 1);
    write_texts(texts, 1);
    temp_dir_write(&folder, "tinh.orders", "a letter", 8);
    cr_assert_eq(orders_file_create(path, &head, &writer), STATUS_EXISTS);
    cr_assert_eq(unlink(path), 0);
    writer = begin();
    orders_file_abandon(&writer);
    temp_dir_path(&folder, "tinh.orders.new", made);
    cr_assert_neq(access(path, F_OK), 0);
    cr_assert_neq(access(made, F_OK), 0, "something is left behind");
}
