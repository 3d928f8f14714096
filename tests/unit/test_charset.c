/* The text says each vowel, tone and shape; it stands here as an editor has
 * written it in each encoding. What glibc knows of them is a second opinion. */
#include "common/base/charset.h"
#include "common/base/check.h"

#include <criterion/criterion.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static const char in_utf8[] =
    "Ngày đầu quý: tổ chức kiểm tra chuyên đề ở khách sạn, cơ sở "
    "kẻ vẽ, xử lý vũ trường; hỗ trợ người hoàn lương bằng nhiều n"
    "guồn vốn, ưu tiên ở khu vực miền núi khó khăn, giữ gìn nếp s"
    "ống; sổ tay kỹ thuật, tỷ lệ, Đường Ưu tiên, Ông Khiêm, ẩm,"
    " ẵm, ẫm";
static const char in_1258[] =
    "Ng\xE0y \xF0\xE2\xCCu quy\xEC: t\xF4\xD2 ch\xFD\xEC"
    "c ki\xEA\xD2"
    "m tra chuy\xEAn \xF0\xEA\xCC \xF5\xD2 kh\xE1"
    "ch sa\xF2n, c\xF5"
    " s\xF5\xD2 ke\xD2 ve\xDE, x\xFD\xD2 ly\xEC vu\xDE tr\xFD\xF5\xCC"
    "ng; h\xF4\xDE tr\xF5\xF2 ng\xFD\xF5\xCCi ho\xE0n l\xFD\xF5ng b\xE3"
    "\xCCng nhi\xEA\xCCu ngu\xF4\xCCn v\xF4\xECn, \xFDu ti\xEAn \xF5\xD2"
    " khu v\xFD\xF2"
    "c mi\xEA\xCCn n\xFAi kh\xF3 kh\xE3n, gi\xFD\xDE"
    " gi\xCCn n\xEA\xECp s\xF4\xECng; s\xF4\xD2 tay ky\xDE thu\xE2\xF2"
    "t, ty\xD2 l\xEA\xF2, \xD0\xFD\xF5\xCCng"
    " \xDDu ti\xEAn, \xD4ng Khi\xEAm, \xE2\xD2m, \xE3\xDEm, \xE2\xDEm";
static const char in_tcvn3[] =
    "Ng\xB5y \xAE\xC7u qu\xFD: t\xE6 ch\xF8"
    "c ki\xD3m tra chuy\xAAn"
    " \xAE\xD2 \xEB kh\xB8"
    "ch s\xB9n, c\xAC s\xEB k\xCE v\xCF, x\xF6"
    " l\xFD v\xF2 tr\xAD\xEAng; h\xE7 tr\xEE ng\xAD\xEAi ho\xB5n l\xAD"
    "\xACng b\xBBng nhi\xD2u ngu\xE5n v\xE8n, \xADu ti\xAAn \xEB khu "
    "v\xF9"
    "c mi\xD2n n\xF3i kh\xE3 kh\xA8n, gi\xF7 g\xD7n n\xD5p s\xE8"
    "ng; s\xE6 tay k\xFC thu\xCBt, t\xFB l\xD6, \xA7\xAD\xEAng \xA6u "
    "ti\xAAn, \xA4ng Khi\xAAm, \xC8m, \xBDm, \xC9m";
static const char in_vni[] =
    "Nga\xF8y \xF1"
    "a\xE0u quy\xF9: to\xE5 ch\xF6\xF9"
    "c kie\xE5m t"
    "ra chuye\xE2n \xF1"
    "e\xE0 \xF4\xFB kha\xF9"
    "ch sa\xEFn, c\xF4 "
    "s\xF4\xFB ke\xFB ve\xF5, x\xF6\xFB ly\xF9 vu\xF5 tr\xF6\xF4\xF8n"
    "g; ho\xE3 tr\xF4\xEF ng\xF6\xF4\xF8i hoa\xF8n l\xF6\xF4ng ba\xE8"
    "ng nhie\xE0u nguo\xE0n vo\xE1n, \xF6u tie\xE2n \xF4\xFB khu v\xF6"
    "\xEF"
    "c mie\xE0n nu\xF9i kho\xF9 kha\xEAn, gi\xF6\xF5 g\xECn ne"
    "\xE1p so\xE1ng; so\xE5 tay ky\xF5 thua\xE4t, ty\xFB le\xE4, \xD1"
    "\xF6\xF4\xF8ng \xD6u tie\xE2n, O\xC2ng Khie\xE2m, a\xE5m"
    ", a\xFCm, a\xE3m";

static enum charset look(const void *data, size_t size)
{
    struct charset_look *look = charset_look_new();
    enum charset charset;

    check(look != NULL);
    /* in pieces: a letter and its mark come apart */
    for (size_t i = 0; i < size; i++) {
        charset_look_feed(look, (struct bytes){(const uint8_t *)data + i, 1});
    }
    charset = charset_look_finish(look);
    charset_look_free(&look);
    return charset;
}

/* The text as UTF-8, closed by a zero; NULL when the bytes are no such text. */
static char *read_text(enum charset charset, const void *data, size_t size,
                       size_t piece)
{
    struct charset_reader *reader = NULL;
    struct buffer text;
    enum status rc = charset_reader_new(charset, &reader);

    buffer_init(&text, 65536);
    for (size_t i = 0; rc == STATUS_OK && i < size; i += piece) {
        rc = charset_reader_feed(
            reader,
            (struct bytes){(const uint8_t *)data + i,
                           piece < size - i ? piece : size - i},
            &text);
    }
    if (rc == STATUS_OK) {
        rc = charset_reader_finish(reader, &text);
    }
    if (rc == STATUS_OK) {
        rc = buffer_append(&text, (struct bytes){(const uint8_t *)"", 1});
    }
    charset_reader_free(&reader);
    if (rc != STATUS_OK) {
        buffer_fini(&text);
        return NULL;
    }
    return (char *)text.data;
}

static void expect_text(enum charset charset, const char *data, size_t size,
                        const char *wanted)
{
    for (size_t piece = 1; piece <= 3; piece++) {
        char *read = read_text(charset, data, size, piece);

        cr_assert_not_null(read);
        cr_expect_str_eq(read, wanted, "%s in pieces of %zu: %s",
                         charset_name(charset), piece, read);
        free(read);
    }
}

Test(charset, each_older_encoding_is_known_by_its_words)
{
    cr_expect_eq(look(in_utf8, sizeof in_utf8 - 1), CHARSET_UTF8);
    cr_expect_eq(look(in_1258, sizeof in_1258 - 1), CHARSET_WINDOWS_1258);
    cr_expect_eq(look(in_tcvn3, sizeof in_tcvn3 - 1), CHARSET_TCVN3);
    cr_expect_eq(look(in_vni, sizeof in_vni - 1), CHARSET_VNI);
}

Test(charset, each_older_encoding_gives_the_same_text)
{
    /* TCVN3 has no capitals with a tone: the first three need none. */
    expect_text(CHARSET_WINDOWS_1258, in_1258, sizeof in_1258 - 1, in_utf8);
    expect_text(CHARSET_TCVN3, in_tcvn3, sizeof in_tcvn3 - 1, in_utf8);
    expect_text(CHARSET_VNI, in_vni, sizeof in_vni - 1, in_utf8);
    expect_text(CHARSET_VNI, "A\xD9 \xCD \xD6\xD8 \xCE", 9, "Á Í Ừ Ỵ");
    expect_text(CHARSET_UTF8, in_utf8, sizeof in_utf8 - 1, in_utf8);
}

/* What nothing decides is not guessed: "n" and a byte is a syllable in several
 * encodings, and noise is one in none. */
Test(charset, what_cannot_be_told_is_not_guessed)
{
    static const char noise[] = "abc \x80\xFF\xFE\x9D xyz \xF8\xF8\xF8";
    static const char doubtful[] = "\xE9";

    cr_expect_eq(look(noise, sizeof noise - 1), CHARSETS);
    cr_expect_eq(look(doubtful, sizeof doubtful - 1), CHARSETS);
    cr_expect_eq(look("", 0), CHARSET_UTF8);
    cr_expect_eq(look("id;name", 7), CHARSET_UTF8);
}

/* The cell with the bad byte is to be named, so the file stays UTF-8. */
Test(charset, one_bad_byte_does_not_change_the_encoding)
{
    static const char bad[] = "quận \xFF huyện phường";

    cr_expect_eq(look(bad, sizeof bad - 1), CHARSET_UTF8);
}

Test(charset, utf16_is_read_in_both_orders)
{
    static const char little[] = "\xFF\xFE"
                                 "\x11\x01\xD9\x1E\x3D\xD8\x00\xDE";
    static const char big[] = "\xFE\xFF"
                              "\x01\x11\x1E\xD9\xD8\x3D\xDE\x00";

    cr_expect_eq(look(little, sizeof little - 1), CHARSET_UTF16);
    cr_expect_eq(look(big, sizeof big - 1), CHARSET_UTF16);
    expect_text(CHARSET_UTF16, little, sizeof little - 1, "độ\U0001F600");
    expect_text(CHARSET_UTF16, big, sizeof big - 1, "độ\U0001F600");
}

Test(charset, half_a_character_of_utf16_is_refused)
{
    cr_expect_null(read_text(CHARSET_UTF16, "\xFF\xFE\x11", 3, 1));
    cr_expect_null(read_text(CHARSET_UTF16, "\xFF\xFE\x3D\xD8", 4, 1));
    cr_expect_null(read_text(CHARSET_UTF16, "\xFF\xFE\x00\xDE", 4, 1));
    cr_expect_null(read_text(CHARSET_UTF16, "\xFF\xFE\x3D\xD8\x41\x00", 6, 1));
    cr_expect_null(read_text(CHARSET_UTF16, "ab", 2, 1));
}

/* glibc's table, letter for letter; NULL where it has none. */
static char *by_glibc(const char *name, const char *in, size_t size)
{
    static char out[32];
    char *from = (char *)(uintptr_t)in;
    char *to = out;
    size_t left = size;
    size_t room = sizeof out - 1;
    iconv_t way = iconv_open("UTF-8", name);
    size_t rc;

    cr_assert(way != (iconv_t)-1);
    rc = iconv(way, &from, &left, &to, &room);
    if (rc != (size_t)-1) {
        rc = iconv(way, NULL, NULL, &to, &room);
    }
    (void)iconv_close(way);
    *to = '\0';
    return rc == (size_t)-1 ? NULL : out;
}

static void compare_with_glibc(enum charset charset, const char *name,
                               const char *in, size_t size)
{
    const char *theirs = by_glibc(name, in, size);
    char *ours = read_text(charset, in, size, 1);

    if (theirs != NULL) {
        cr_assert_not_null(ours, "%s %02X", name, (unsigned char)in[0]);
        cr_expect_str_eq(ours, theirs, "%s %02X", name, (unsigned char)in[0]);
    } else {
        cr_expect_null(ours, "%s %02X: %s", name, (unsigned char)in[0], ours);
    }
    free(ours);
}

Test(charset, windows_1258_is_what_glibc_has)
{
    static const char marks[] = "\xCC\xEC\xD2\xDE\xF2";

    for (unsigned byte = 0x20; byte <= 0xFF; byte++) {
        char in[2] = {(char)byte, ' '};

        if (memchr(marks, (int)byte, sizeof marks - 1) != NULL) {
            continue; /* a mark alone: nothing that an office has written */
        }
        compare_with_glibc(CHARSET_WINDOWS_1258, "CP1258", in, 2);
    }
    for (const char *letter = "aA\xE3\xC3\xE2\xC2"
                              "eE\xEA\xCAiIoO\xF4\xD4\xF5\xD5uU\xFD\xDDyY";
         *letter != '\0'; letter++) {
        for (const char *mark = marks; *mark != '\0'; mark++) {
            char in[2] = {*letter, *mark};

            compare_with_glibc(CHARSET_WINDOWS_1258, "CP1258", in, 2);
        }
    }
}

/* TCVN3 is the part of TCVN 5712-1 that the fonts have. */
Test(charset, tcvn3_has_no_letter_that_glibc_has_otherwise)
{
    unsigned letters = 0;

    for (unsigned byte = 0xA1; byte <= 0xFE; byte++) {
        char in[2] = {(char)byte, ' '};
        char *ours = read_text(CHARSET_TCVN3, in, 2, 1);

        if (ours != NULL) {
            const char *theirs = by_glibc("TCVN5712-1", in, 2);

            cr_assert_not_null(theirs);
            cr_expect_str_eq(ours, theirs, "%02X", byte);
            letters++;
        }
        free(ours);
    }
    cr_expect_eq(letters, 74); /* 67 small letters with marks, 7 capitals */
}

Test(charset, a_byte_that_is_not_there_names_its_line)
{
    struct charset_reader *reader = NULL;
    struct buffer out;

    buffer_init(&out, 4096);
    cr_assert_eq(charset_reader_new(CHARSET_TCVN3, &reader), STATUS_OK);
    cr_expect_eq(charset_reader_feed(
                     reader, bytes_of_text("m\xE9t\nhai\nba \xC0"), &out),
                 STATUS_INVALID);
    cr_expect_eq(charset_reader_line(reader), 3);
    charset_reader_free(&reader);
    buffer_fini(&out);
}

Test(charset, names_are_found_again)
{
    for (unsigned i = 0; i < CHARSETS; i++) {
        cr_expect_eq(charset_find(charset_name((enum charset)i)), i);
    }
    cr_expect_eq(charset_find("latin1"), CHARSETS);
}

static bool is_syllable(const char *word)
{
    uint32_t letters[64];
    size_t count = 0;

    for (const unsigned char *at = (const unsigned char *)word; *at != '\0';) {
        unsigned size = *at < 0x80 ? 1 : *at < 0xE0 ? 2 : 3;

        letters[count] = size == 1 ? *at : *at & (size == 2 ? 0x1Fu : 0x0Fu);
        for (unsigned i = 1; i < size; i++) {
            letters[count] = letters[count] << 6 | (at[i] & 0x3Fu);
        }
        at += size;
        count++;
    }
    return charset_is_syllable(letters, count);
}

Test(charset, syllables_are_told_from_noise)
{
    static const char *const good[] = {
        "nghiêng", "khuỷu", "quốc",   "giếng", "thuở",  "đường",  "oẳn",
        "yếu",     "uống",  "nguyễn", "xoong", "ngoằn", "chuếnh", "ạ"};
    static const char *const bad[] = {
        "",     "êng", "cạch1", "kđ",       "hốp̣", "bềng",  "tiêngg",
        "ngạá", "bủt", "thịch̀", "nghiêngs", "wớ",  "ñöôøng"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_expect(is_syllable(good[i]), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_not(is_syllable(bad[i]), "%s", bad[i]);
    }
}
