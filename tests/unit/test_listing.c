#include "common/base/listing.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct listing_column columns[] = {
    {"unit", {"Đơn vị", "Unit"}, LISTING_LEFT},
    {"visits", {"Lượt", "Visits"}, LISTING_RIGHT},
    {"note", {"Ghi chú", "Note"}, LISTING_LEFT},
};

/* The three rows below in one form; the caller frees. */
static char *rows_as(enum listing_format format, enum language language)
{
    struct listing *listing;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    cr_assert_eq(listing_open(format, language, columns, 3, out, &listing),
                 STATUS_OK);
    listing_text(listing, "Ba Đình");
    listing_count(listing, 1250000);
    listing_text(listing, "=1+1");
    listing_text(listing, "Hoàn Kiếm, \"phố cổ\"");
    listing_count(listing, 7);
    listing_none(listing);
    listing_text(listing, "a");
    listing_count(listing, UINT64_MAX);
    listing_number(listing, -3);
    cr_assert_eq(listing_close(&listing), STATUS_OK);
    cr_assert_null(listing);
    cr_assert_eq(fclose(out), 0);
    return text;
}

Test(listing, a_table_is_aligned_by_what_is_seen)
{
    char *text = rows_as(LISTING_TEXT, LANGUAGE_VI);

    cr_assert_str_eq(
        text, "Đơn vị                                     Lượt  Ghi chú\n"
              "Ba Đình                               1.250.000  =1+1\n"
              "Hoàn Kiếm, \"phố cổ\"                           7  -\n"
              "a                    18.446.744.073.709.551.615  -3\n");
    free(text);
}

/* What people read is in their language, what programs read is not. */
Test(listing, a_word_is_of_the_table_and_its_token_of_the_other_forms)
{
    static const struct language_text up = {"đang nối", "connected"};
    static const struct {
        enum listing_format format;
        enum language language;
        const char *text;
    } forms[] = {
        {LISTING_TEXT, LANGUAGE_VI,
         "Đơn vị    Lượt  Ghi chú\nđang nối    có  không\n"},
        {LISTING_TEXT, LANGUAGE_EN,
         "Unit       Visits  Note\nconnected     yes  no\n"},
        {LISTING_CSV, LANGUAGE_VI, "unit,visits,note\nrunning,yes,no\n"},
        {LISTING_JSONL, LANGUAGE_VI,
         "{\"unit\":\"running\",\"visits\":\"yes\",\"note\":\"no\"}\n"},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct listing *listing;
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        cr_assert_not_null(out);
        cr_assert_eq(listing_open(forms[i].format, forms[i].language, columns,
                                  3, out, &listing),
                     STATUS_OK);
        listing_word(listing, "running", up);
        listing_yes(listing, true);
        listing_yes(listing, false);
        cr_assert_eq(listing_close(&listing), STATUS_OK);
        cr_assert_eq(fclose(out), 0);
        cr_assert_str_eq(text, forms[i].text);
        free(text);
    }
}

Test(listing, csv_quotes_and_disarms_formulas_but_not_numbers)
{
    char *text = rows_as(LISTING_CSV, LANGUAGE_EN);

    cr_assert_str_eq(text, "unit,visits,note\n"
                           "Ba Đình,1250000,\"'=1+1\"\n"
                           "\"Hoàn Kiếm, \"\"phố cổ\"\"\",7,\n"
                           "a,18446744073709551615,-3\n");
    free(text);
}

Test(listing, json_lines_hold_every_number_exactly)
{
    char *text = rows_as(LISTING_JSONL, LANGUAGE_EN);

    cr_assert_str_eq(
        text, "{\"unit\":\"Ba Đình\",\"visits\":1250000,\"note\":\"=1+1\"}\n"
              "{\"unit\":\"Hoàn Kiếm, \\\"phố cổ\\\"\",\"visits\":7,"
              "\"note\":null}\n"
              "{\"unit\":\"a\",\"visits\":\"18446744073709551615\","
              "\"note\":-3}\n");
    free(text);
}

Test(listing, an_empty_listing_still_names_its_columns)
{
    struct listing *listing;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cr_assert_eq(
        listing_open(LISTING_TEXT, LANGUAGE_EN, columns, 3, out, &listing),
        STATUS_OK);
    cr_assert_eq(listing_close(&listing), STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    cr_assert_str_eq(text, "Unit  Visits  Note\n");
    free(text);
}

Test(listing, i11_a_long_table_is_written_in_pieces_and_loses_nothing)
{
    struct listing *listing;
    char *text = NULL;
    size_t size;
    size_t lines = 0;
    FILE *out = open_memstream(&text, &size);
    size_t rows = LISTING_TABLE_BYTES_MAX / 8;

    cr_assert_eq(
        listing_open(LISTING_TEXT, LANGUAGE_EN, columns, 3, out, &listing),
        STATUS_OK);
    for (size_t i = 0; i < rows; i++) {
        listing_text(listing, "a unit with a name");
        listing_count(listing, i);
        listing_none(listing);
    }
    cr_assert_eq(listing_close(&listing), STATUS_OK);
    cr_assert_eq(fclose(out), 0);
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    cr_assert_eq(lines, rows + 1);
    free(text);
}

Test(listing, a_full_disk_is_told_at_the_close)
{
    struct listing *listing;
    FILE *out = fopen("/dev/full", "w");

    cr_assert_not_null(out);
    cr_assert_eq(
        listing_open(LISTING_CSV, LANGUAGE_EN, columns, 3, out, &listing),
        STATUS_OK);
    cr_assert_eq(listing_close(&listing), STATUS_IO);
    (void)fclose(out);
}

Test(listing, closing_nothing_is_fine)
{
    struct listing *listing = NULL;

    cr_assert_eq(listing_close(&listing), STATUS_OK);
}

Test(listing, a_moment_is_a_clock_for_people_and_utc_for_machines)
{
    static const char *const expected[] = {"Nhận lúc\n00:01 06/03/2018\n-\n",
                                           "at\n2018-03-05T17:01:01.000002Z\n"
                                           "\n",
                                           "{\"at\":\"2018-03-05T17:01:01."
                                           "000002Z\"}\n{\"at\":null}\n"};
    static const struct listing_column one[] = {
        {"at", {"Nhận lúc", "Received"}, LISTING_LEFT}};

    for (int format = LISTING_TEXT; format <= LISTING_JSONL; format++) {
        struct listing *listing;
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        cr_assert_not_null(out);
        cr_assert_eq(listing_open((enum listing_format)format, LANGUAGE_VI, one,
                                  1, out, &listing),
                     STATUS_OK);
        listing_moment(listing, INT64_C(1520269261000002));
        listing_moment(listing, 0);
        cr_assert_eq(listing_close(&listing), STATUS_OK);
        cr_assert_eq(fclose(out), 0);
        cr_assert_str_eq(text, expected[format]);
        free(text);
    }
}
