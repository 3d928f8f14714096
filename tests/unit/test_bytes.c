#include "common/base/bytes.h"

#include <criterion/criterion.h>
#include <string.h>

Test(bytes, numbers_are_big_endian)
{
    static const uint8_t expected[] = {0x01, 0x02, 0x03, 0x04,
                                       0x05, 0x06, 0x07, 0x08};
    uint8_t out[8];

    bytes_put_u64(out, UINT64_C(0x0102030405060708));
    cr_assert_arr_eq(out, expected, 8);
    cr_assert_eq(bytes_get_u64(expected), UINT64_C(0x0102030405060708));
    cr_assert_eq(bytes_get_u32(expected), 0x01020304u);
    cr_assert_eq(bytes_get_u16(expected), 0x0102u);
    bytes_put_u32(out, UINT32_MAX);
    cr_assert_eq(bytes_get_u32(out), UINT32_MAX);
    bytes_put_u16(out, UINT16_MAX);
    cr_assert_eq(bytes_get_u16(out), UINT16_MAX);
}

Test(bytes, spans_are_equal_by_length_and_bytes)
{
    cr_assert(bytes_equal(bytes_of_text(""), (struct bytes){0}));
    cr_assert_not(bytes_equal(bytes_of_text("a"), bytes_of_text("ab")));
}

Test(bytes, a_reader_stops_at_its_end_and_stays_where_it_was)
{
    static const uint8_t input[] = {1, 2, 3};
    struct reader reader;
    uint16_t u16 = 0;
    uint32_t u32 = 7;
    uint8_t u8 = 0;

    reader_init(&reader, (struct bytes){.data = input, .size = 3});
    cr_assert_eq(reader_u32(&reader, &u32), STATUS_INVALID);
    cr_assert_eq(u32, 7);
    cr_assert_eq(reader_u16(&reader, &u16), STATUS_OK);
    cr_assert_eq(u16, 0x0102);
    cr_assert_eq(reader_u16(&reader, &u16), STATUS_INVALID);
    cr_assert_eq(reader_u8(&reader, &u8), STATUS_OK);
    cr_assert_eq(u8, 3);
    cr_assert_eq(reader_u8(&reader, &u8), STATUS_INVALID);
    cr_assert_eq(reader.left.size, 0);
}

Test(bytes, what_a_buffer_writes_a_reader_reads)
{
    struct buffer buffer;
    struct reader reader;
    struct bytes span;
    uint64_t u64;
    uint32_t u32;
    uint16_t u16;
    uint8_t u8;

    buffer_init(&buffer, 64);
    cr_assert_eq(buffer_u8(&buffer, 0xfe), STATUS_OK);
    cr_assert_eq(buffer_u16(&buffer, 0xfedc), STATUS_OK);
    cr_assert_eq(buffer_u32(&buffer, 0xfedcba98u), STATUS_OK);
    cr_assert_eq(buffer_u64(&buffer, UINT64_C(0xfedcba9876543210)), STATUS_OK);
    cr_assert_eq(buffer_text(&buffer, "xin"), STATUS_OK);
    reader_init(&reader, buffer_bytes(&buffer));
    cr_assert_eq(reader_u8(&reader, &u8), STATUS_OK);
    cr_assert_eq(reader_u16(&reader, &u16), STATUS_OK);
    cr_assert_eq(reader_u32(&reader, &u32), STATUS_OK);
    cr_assert_eq(reader_u64(&reader, &u64), STATUS_OK);
    cr_assert_eq(reader_span(&reader, 3, &span), STATUS_OK);
    cr_assert_eq(u8, 0xfe);
    cr_assert_eq(u16, 0xfedc);
    cr_assert_eq(u32, 0xfedcba98u);
    cr_assert_eq(u64, UINT64_C(0xfedcba9876543210));
    cr_assert(bytes_equal(span, bytes_of_text("xin")));
    buffer_fini(&buffer);
}

Test(bytes, i11_a_buffer_holds_its_maximum_and_not_one_byte_more)
{
    static const size_t limits[] = {0, 1, 255, 256, 257, 1000};

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct buffer buffer;

        buffer_init(&buffer, limits[i]);
        for (size_t n = 0; n < limits[i]; n++) {
            cr_assert_eq(buffer_u8(&buffer, (uint8_t)n), STATUS_OK);
        }
        cr_assert_eq(buffer_u8(&buffer, 1), STATUS_FULL);
        cr_assert_eq(buffer_reserve(&buffer, SIZE_MAX), STATUS_FULL);
        cr_assert_eq(buffer.size, limits[i]);
        cr_assert_leq(buffer.capacity, limits[i]);
        for (size_t n = 0; n < limits[i]; n++) {
            cr_assert_eq(buffer.data[n], (uint8_t)n);
        }
        buffer_fini(&buffer);
        cr_assert_eq(buffer.size, 0);
    }
}

Test(bytes, printf_takes_long_text_and_keeps_the_limit)
{
    char text[700];
    struct buffer buffer;

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    buffer_init(&buffer, 1 + sizeof text - 1);
    cr_assert_eq(buffer_printf(&buffer, "%d", 7), STATUS_OK);
    cr_assert_eq(buffer_printf(&buffer, "%s", text), STATUS_OK);
    cr_assert_eq(buffer.size, sizeof text);
    cr_assert_eq(buffer_printf(&buffer, "%d", 7), STATUS_FULL);
    cr_assert_eq(buffer.size, sizeof text);
    buffer_truncate(&buffer, 2);
    cr_assert(bytes_equal(buffer_bytes(&buffer), bytes_of_text("7x")));
    buffer_fini(&buffer);
}

Test(bytes, hex_goes_both_ways_and_refuses_the_rest)
{
    static const uint8_t input[] = {0x00, 0x7f, 0xff};
    char text[BYTES_HEX_SIZE(3)];
    uint8_t out[3];
    size_t size = 9;
    struct bytes bytes = {.data = input, .size = 3};

    cr_assert_eq(bytes_to_hex(bytes, text, sizeof text - 1), STATUS_FULL);
    cr_assert_eq(bytes_to_hex(bytes, text, sizeof text), STATUS_OK);
    cr_assert_str_eq(text, "007fff");
    cr_assert_eq(bytes_from_hex("007FfF", out, 3, &size), STATUS_OK);
    cr_assert_eq(size, 3);
    cr_assert_arr_eq(out, input, 3);
    size = 9;
    cr_assert_eq(bytes_from_hex("007fff", out, 2, &size), STATUS_FULL);
    cr_assert_eq(bytes_from_hex("007ff", out, 3, &size), STATUS_INVALID);
    cr_assert_eq(bytes_from_hex("00 7ff", out, 3, &size), STATUS_INVALID);
    cr_assert_eq(bytes_from_hex("0x", out, 3, &size), STATUS_INVALID);
    cr_assert_eq(size, 9);
    cr_assert_eq(bytes_from_hex("", out, 0, &size), STATUS_OK);
    cr_assert_eq(size, 0);
}

Test(bytes, base64_goes_both_ways_at_every_padding)
{
    static const char *const texts[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="};
    static const char *const plain[] = {"", "f", "fo", "foo", "foob"};

    for (size_t i = 0; i < 5; i++) {
        struct bytes bytes = bytes_of_text(plain[i]);
        char text[BYTES_BASE64_SIZE(4)];
        uint8_t out[4];
        size_t size = 9;

        cr_assert_eq(bytes_to_base64(bytes, text, sizeof text), STATUS_OK);
        cr_assert_str_eq(text, texts[i]);
        cr_assert_eq(bytes_from_base64(text, out, bytes.size, &size),
                     STATUS_OK);
        cr_assert_eq(size, bytes.size);
        cr_assert_eq(memcmp(out, plain[i], size), 0);
        if (bytes.size > 0) {
            cr_assert_eq(bytes_from_base64(text, out, bytes.size - 1, &size),
                         STATUS_FULL);
            cr_assert_eq(bytes_to_base64(bytes, text, strlen(text)),
                         STATUS_FULL);
        }
    }
}

/* Every byte in the place of every sign: only the alphabet counts. */
Test(bytes, base64_knows_no_sign_but_its_own)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t out[4];
    size_t size;

    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'A', (char)byte, 'A', 'A', '\0'};

        cr_assert_eq(bytes_from_base64(text, out, sizeof out, &size) ==
                         STATUS_OK,
                     strchr(alphabet, byte) != NULL, "%d", byte);
    }
}

Test(bytes, base64_refuses_what_is_not_base64)
{
    static const char *const bad[] = {
        "Zg", "Zg=", "Z===", "Zm9*", "Zh==", "Zg==Zg=="};
    uint8_t out[16];
    size_t size = 9;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(bytes_from_base64(bad[i], out, sizeof out, &size),
                     STATUS_INVALID, "%s", bad[i]);
    }
    cr_assert_eq(size, 9);
}
