/* Text from outside: what is taken, the keys of names, numbers and dates. */
#include "common/base/text.h"

#include "common/event/calendar.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define ROOM 512u

static enum text_error check_text(const char *text)
{
    return text_check(text, strlen(text));
}

static void nfc(const char *text, char out[ROOM])
{
    cr_assert_eq(text_to_nfc(text, strlen(text), out, ROOM, NULL, NULL),
                 STATUS_OK);
}

static void assert_match(const char *text, const char *key)
{
    char out[ROOM];
    size_t length = 0;
    cr_assert_eq(text_match_key(text, strlen(text), true, out, ROOM, &length),
                 STATUS_OK);
    cr_assert_str_eq(out, key);
    cr_assert_eq(length, strlen(key));
}

static void assert_same(const char *one, const char *other)
{
    char a[ROOM];
    char b[ROOM];
    cr_assert_eq(text_match_key(one, strlen(one), true, a, ROOM, NULL),
                 STATUS_OK);
    cr_assert_eq(text_match_key(other, strlen(other), true, b, ROOM, NULL),
                 STATUS_OK);
    cr_assert_str_eq(a, b);
}

Test(text, takes_vietnamese_in_any_normal_form)
{
    char out[ROOM];
    cr_assert_eq(check_text("Phường Trung Hòa"), TEXT_OK);
    cr_assert_eq(check_text(""), TEXT_OK);
    nfc("Pho\xcc\x9b\xcc\x80\x6e Thu\xcc\x89", out);
    cr_assert_str_eq(out, "Phờn Thủ");
    nfc("e\xcc\xa3\xcc\x82", out); /* dot below first */
    cr_assert_str_eq(out, "ệ");
    nfc("e\xcc\x82\xcc\xa3", out); /* circumflex first */
    cr_assert_str_eq(out, "ệ");
}

Test(text, refuses_what_is_not_text)
{
    cr_assert_eq(check_text("\xff"), TEXT_NOT_UTF8);
    cr_assert_eq(check_text("a\xc3"), TEXT_NOT_UTF8);
    cr_assert_eq(check_text("\xc0\x80"), TEXT_NOT_UTF8, "overlong zero");
    cr_assert_eq(check_text("\xed\xa0\x80"), TEXT_NOT_UTF8, "surrogate");
    cr_assert_eq(check_text("\xf4\x90\x80\x80"), TEXT_NOT_UTF8);
    cr_assert_eq(text_check("a\0b", 3), TEXT_NUL);
    cr_assert_eq(check_text("a\tb"), TEXT_CONTROL);
    cr_assert_eq(check_text("a\nb"), TEXT_CONTROL);
    cr_assert_eq(check_text("a\x7f"), TEXT_CONTROL);
    cr_assert_eq(check_text("a\xc2\x85"), TEXT_CONTROL);
    cr_assert_eq(check_text("a\xe2\x80\xae"
                            "b"),
                 TEXT_BIDI);
    cr_assert_eq(check_text("\xe2\x81\xa6"), TEXT_BIDI);
    cr_assert_eq(check_text("\xd8\x9c"), TEXT_BIDI);
}

Test(text, says_why_and_leaves_an_empty_text)
{
    char out[ROOM] = "before";
    enum text_error why = TEXT_OK;
    cr_assert_eq(text_to_nfc("a\xff", 2, out, ROOM, NULL, &why),
                 STATUS_INVALID);
    cr_assert_eq(why, TEXT_NOT_UTF8);
    cr_assert_str_eq(out, "");
}

Test(text, i11_stops_at_the_end_of_the_buffer)
{
    char out[ROOM];
    enum text_error why = TEXT_OK;
    cr_assert_eq(text_to_nfc("Hà", 3, out, 4, NULL, &why), STATUS_OK);
    cr_assert_eq(text_to_nfc("Hà", 3, out, 3, NULL, &why), STATUS_INVALID);
    cr_assert_eq(why, TEXT_TOO_LONG);
    cr_assert_str_eq(out, "");
    cr_assert_eq(text_match_key("Hà", 3, true, out, 4, NULL), STATUS_OK);
    cr_assert_eq(text_match_key("Hà", 3, true, out, 3, NULL), STATUS_INVALID);
}

Test(text, i11_takes_texts_up_to_its_limit)
{
    static char text[TEXT_BYTES_MAX + 1];
    memset(text, 'a', sizeof(text));
    cr_assert_eq(text_check(text, TEXT_BYTES_MAX), TEXT_OK);
    cr_assert_eq(text_check(text, TEXT_BYTES_MAX + 1), TEXT_TOO_LONG);
}

/* The widest growth: one character of two or three bytes becomes three or
 * four characters of two or three bytes. */
Test(text, i11_room_is_always_enough)
{
    static const char *const wide[] = {"\xce\x90",         "\xe1\xbe\x82",
                                       "\xf0\x9d\x85\xa0", "\xef\xac\xac",
                                       "\xe1\xba\xbf",     "a"};
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        char text[ROOM] = "";
        char out[ROOM * 8];
        while (strlen(text) + 8 < ROOM) {
            memcpy(text + strlen(text), wide[i], strlen(wide[i]) + 1);
        }
        size_t size = strlen(text);
        cr_assert_leq(text_room(size), sizeof(out));
        cr_assert_eq(text_to_nfc(text, size, out, text_room(size), NULL, NULL),
                     STATUS_OK);
        cr_assert_eq(
            text_match_key(text, size, true, out, text_room(size), NULL),
            STATUS_OK);
        cr_assert_eq(
            text_search_key(text, size, true, out, text_room(size), NULL),
            STATUS_OK);
    }
}

Test(text, sees_one_name_in_both_places_of_the_tone_mark)
{
    assert_same("Phường Trung Hòa", "Phường Trung Hoà");
    assert_same("Hòa Bình", "Hoà Bình");
    assert_same("HÒA", "HOÀ");
    assert_same("Khoẻ", "Khỏe");
    assert_same("Thuỷ", "Thủy");
    assert_same("Tùy", "Tuỳ");
    assert_same("Loã", "Lõa");
    assert_same("Loạ", "Lọa");
    assert_same("Hóa-Hòa", "Hoá-Hoà");
    /* In both normal forms. */
    assert_same("Ho\x61\xcc\x80", "H\xc3\xb2\x61");
}

Test(text, keeps_tone_marks_that_tell_words_apart)
{
    assert_match("Hoàn Kiếm", "hoàn kiếm");
    assert_match("Quý", "quý");
    assert_match("Quỳ", "quỳ");
    assert_match("Cúa", "cúa");
    assert_match("Nguyễn", "nguyễn");
    assert_match("Hoài", "hoài");
    assert_match("Hòa", "hoà");
    assert_match("Tân Lĩnh", "tân lĩnh");
    assert_match("Tản Lĩnh", "tản lĩnh");
}

Test(text, takes_the_type_of_a_unit_away)
{
    assert_match("Xã Tân Dân", "tân dân");
    assert_match("Thị trấn Tân Dân", "tân dân");
    assert_match("THÀNH PHỐ HÀ NỘI", "hà nội");
    assert_match("Thị xã Sơn Tây", "sơn tây");
    assert_match("Quận Ba Đình", "ba đình");
    assert_match("Huyện Gia Lâm", "gia lâm");
    assert_match("Tỉnh Hoà Bình", "hoà bình");
    assert_match("Đặc khu Bạch Long Vĩ", "bạch long vĩ");
    assert_match("Phường\xc2\xa0 Thanh  Xuân Nam ", "thanh xuân nam");
    /* A number alone is no name, and a word is not its beginning. */
    assert_match("Quận 1", "quận 1");
    assert_match("Phường 14", "phường 14");
    assert_match("Xã", "xã");
    assert_match("Xãng", "xãng");
    char out[ROOM];
    cr_assert_eq(text_match_key("Xã Tân Dân", strlen("Xã Tân Dân"), false, out,
                                ROOM, NULL),
                 STATUS_OK);
    cr_assert_str_eq(out, "xã tân dân");
}

Test(text, finds_without_accents)
{
    char out[ROOM];
    cr_assert_eq(text_search_key("Phường Đức Giang", strlen("Phường Đức Giang"),
                                 true, out, ROOM, NULL),
                 STATUS_OK);
    cr_assert_str_eq(out, "duc giang");
    cr_assert_eq(text_search_key("QĐ", strlen("QĐ"), false, out, ROOM, NULL),
                 STATUS_OK);
    cr_assert_str_eq(out, "qd");
    cr_assert_eq(text_search_key("Xa Ngũ Hiệp", strlen("Xa Ngũ Hiệp"), true,
                                 out, ROOM, NULL),
                 STATUS_OK);
    cr_assert_str_eq(out, "xa ngu hiep", "a type without its accent stays");
}

Test(text, counts_columns_not_bytes)
{
    cr_assert_eq(text_width("Hoàn Kiếm", strlen("Hoàn Kiếm")), 9);
    cr_assert_eq(text_width("e\xcc\x82\xcc\xa3", 5), 1);
    cr_assert_eq(text_width("\xff\xff", 2), 2);
    cr_assert_eq(text_width("", 0), 0);
}

static void assert_count(uint64_t count, const char *vi, const char *en)
{
    char out[TEXT_NUMBER_MAX];
    text_format_count(count, LANGUAGE_VI, out);
    cr_assert_str_eq(out, vi);
    text_format_count(count, LANGUAGE_EN, out);
    cr_assert_str_eq(out, en);
}

Test(text, writes_numbers_with_groups)
{
    assert_count(0, "0", "0");
    assert_count(999, "999", "999");
    assert_count(1000, "1.000", "1,000");
    assert_count(1250000, "1.250.000", "1,250,000");
    assert_count(UINT64_MAX, "18.446.744.073.709.551.615",
                 "18,446,744,073,709,551,615");
}

static void assert_percent(uint64_t n, uint64_t d, const char *vi)
{
    char out[TEXT_NUMBER_MAX];
    text_format_percent(n, d, LANGUAGE_VI, out);
    cr_assert_str_eq(out, vi);
}

Test(text, writes_percent_with_at_most_two_decimals)
{
    assert_percent(470, 584, "80,48%");
    assert_percent(0, 7, "0%");
    assert_percent(7, 10, "70%");
    assert_percent(5, 8, "62,5%");
    assert_percent(2, 3, "66,67%");
    assert_percent(1, 3, "33,33%");
    assert_percent(1, 20000, "0,01%"); /* half goes up */
    assert_percent(1, 20001, "0%");
    assert_percent(12345, 100, "12.345%");
    assert_percent(UINT64_MAX / 20000, 1, "92.233.720.368.547.700%");
    assert_percent(UINT64_MAX / 20000, UINT64_MAX, "0%");
    char out[TEXT_NUMBER_MAX];
    text_format_percent(470, 584, LANGUAGE_EN, out);
    cr_assert_str_eq(out, "80.48%");
}

Test(text, writes_dates_and_moments)
{
    char out[TEXT_MOMENT_MAX];
    text_format_date(calendar_day(2018, 1, 23), LANGUAGE_VI, out);
    cr_assert_str_eq(out, "23/01/2018");
    text_format_date(calendar_day(2018, 1, 23), LANGUAGE_EN, out);
    cr_assert_str_eq(out, "2018-01-23");
    text_format_moment(INT64_C(1520236923000004), out);
    cr_assert_str_eq(out, "2018-03-05T08:02:03.000004Z");
    text_format_moment(-1, out);
    cr_assert_str_eq(out, "1969-12-31T23:59:59.999999Z");
    text_format_moment(INT64_MIN, out);
    text_format_moment(INT64_MAX, out);
    text_format_date(INT32_MIN, LANGUAGE_VI, out);
    cr_assert_lt(strlen(out), TEXT_DATE_MAX);
    text_format_date(INT32_MAX, LANGUAGE_EN, out);
    cr_assert_lt(strlen(out), TEXT_DATE_MAX);
}

Test(text, a_moment_is_told_by_the_clock_of_the_office)
{
    char out[TEXT_MOMENT_MAX];

    text_format_clock(INT64_C(1520269261000000), LANGUAGE_VI, out);
    cr_assert_str_eq(out, "00:01 06/03/2018");
    text_format_clock(INT64_C(1520269261000000), LANGUAGE_EN, out);
    cr_assert_str_eq(out, "00:01 2018-03-06");
    text_format_clock(-1, LANGUAGE_VI, out);
    cr_assert_str_eq(out, "07:00 01/01/1970");
    text_format_clock(INT64_C(-25200000000) - 1000000, LANGUAGE_VI, out);
    cr_assert_str_eq(out, "23:59 31/12/1969");
    text_format_clock(INT64_MIN, LANGUAGE_VI, out);
    text_format_clock(INT64_MAX, LANGUAGE_VI, out);
}

static bool count_is(const char *text, uint64_t wanted)
{
    uint64_t count = 0;
    return text_parse_count(text, strlen(text), &count) == STATUS_OK &&
           count == wanted;
}

Test(text, reads_numbers)
{
    cr_assert(count_is("0", 0));
    cr_assert(count_is("05", 5));
    cr_assert(count_is(" 12 ", 12));
    cr_assert(count_is("1250000", 1250000));
    cr_assert(count_is("1.250.000", 1250000));
    cr_assert(count_is("1.250", 1250));
    cr_assert(count_is("18446744073709551615", UINT64_MAX));
    static const char *const wrong[] = {"",
                                        " ",
                                        "-1",
                                        "+1",
                                        "1,5",
                                        "1.5",
                                        "1.25",
                                        "1.2500",
                                        "1250.000",
                                        ".250",
                                        "1.",
                                        "1..250",
                                        "1 250",
                                        "0x10",
                                        "12a",
                                        "18446744073709551616",
                                        "99999999999999999999999999",
                                        "1.250.00",
                                        "1e3"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        uint64_t count = 0;
        cr_assert_eq(text_parse_count(wrong[i], strlen(wrong[i]), &count),
                     STATUS_INVALID, "%s", wrong[i]);
    }
}

Test(text, reads_dates)
{
    int32_t day = 0;
    static const char *const same[] = {"2018-03-05", "5/3/2018", "05/03/2018",
                                       " 5/03/2018 "};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        cr_assert_eq(text_parse_date(same[i], strlen(same[i]), &day), STATUS_OK,
                     "%s", same[i]);
        cr_assert_eq(day, calendar_day(2018, 3, 5));
    }
    static const char *const wrong[] = {
        "",          "2018",       "2018-3-5",    "2018/03/05", "5-3-2018",
        "29/2/2018", "31/04/2018", "0/1/2018",    "1/13/2018",  "5/3/18",
        "5/3/20180", "2018-02-30", "2018-03-05x", "x5/3/2018",  "3000-01-01"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_assert_eq(text_parse_date(wrong[i], strlen(wrong[i]), &day),
                     STATUS_INVALID, "%s", wrong[i]);
    }
}

/* Every character of the ranges that are taken as they are, and their
 * neighbours, against utf8proc. */
Test(text, what_is_composed_stays_and_all_else_is_composed)
{
    for (utf8proc_int32_t c = 1; c < 0x2100; c++) {
        utf8proc_uint8_t text[8];
        size_t size;
        size_t length = 0;
        char out[64];

        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            continue;
        }
        text[0] = 'a';
        size = 1 + (size_t)utf8proc_encode_char(c, text + 1);
        text[size] = '\0';
        utf8proc_uint8_t *theirs = utf8proc_NFC(text);
        if (text_to_nfc((const char *)text, size, out, sizeof out, &length,
                        NULL) == STATUS_OK) {
            cr_assert_str_eq(out, (const char *)theirs, "U+%04X", (unsigned)c);
            cr_assert_eq(length, strlen(out));
        }
        free(theirs);
    }
}

Test(text, moments_are_read_as_they_are_written)
{
    static const struct {
        const char *text;
        int64_t wanted;
    } good[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T07:00:00+07:00", 0},
        {" 1970-01-01 00:00z ", 0},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"2018-03-05T01:02:03.0000049Z", 1520211723000004},
        {"2018-03-05T08:02:03.5+07:00", 1520211723500000},
        {"2018-03-04T17:32:03-07:30", 1520211723000000},
    };
    static const char *const bad[] = {
        "",
        "2018-03-05",
        "2018-03-05T01:02:03",
        "2018-3-05T",
        "2018-03-05T24:00:00Z",
        "2018-03-05T01:60:00Z",
        "2018-02-30T01:00:00Z",
        "2018-03-05T01:02:03.Z",
        "2018-03-05T01:02:60Z",
        "2018-03-05T01:02:03+7:00",
        "2018-03-05T01:02:03+07:00x",
        "05/03/2018T01:02:03Z",
        "2018-03-05T01:02:03+24:00",
    };
    int64_t moment;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_assert_eq(
            text_parse_moment(good[i].text, strlen(good[i].text), &moment),
            STATUS_OK, "%s", good[i].text);
        cr_assert_eq(moment, good[i].wanted, "%s: %lld", good[i].text,
                     (long long)moment);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(text_parse_moment(bad[i], strlen(bad[i]), &moment),
                     STATUS_INVALID, "%s", bad[i]);
    }
}

Test(text, a_moment_that_was_written_is_read_again)
{
    static const int64_t moments[] = {0, 1, -1, 1520211723000004,
                                      4102444799999999};

    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        char text[TEXT_MOMENT_MAX];
        int64_t again;

        text_format_moment(moments[i], text);
        cr_assert_eq(text_parse_moment(text, strlen(text), &again), STATUS_OK);
        cr_assert_eq(again, moments[i], "%s", text);
    }
}
