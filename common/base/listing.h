/* listing - rows under named columns: a table, CSV or JSON lines.
 *
 * Flow     a command's rows -> [listing] -> stdout
 * Owns     the rows that wait for the table's widths; borrows the columns.
 * Threads  one.
 * Limits   LISTING_COLUMNS_MAX columns; a table is laid out over
 *          LISTING_TABLE_BYTES_MAX of text at a time, so that a long listing
 *          needs no more memory than that.
 *
 * Every listing of both programs goes through here, so that --format means
 * the same everywhere. The three forms hold the same values; titles, words and
 * the separators of thousands belong to the table, keys to the two others. CSV
 * is RFC 4180 with a header row and LF; a text that a spreadsheet would run as
 * a formula gets an apostrophe in front. JSON numbers beyond 2^53 are strings.
 *
 * A failure is kept and answered once, by listing_close().
 */
#ifndef TALLYLINE_COMMON_LISTING_H
#define TALLYLINE_COMMON_LISTING_H

#include "common/base/args.h"
#include "common/base/language.h"
#include "common/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define LISTING_COLUMNS_MAX     48u
#define LISTING_TABLE_BYTES_MAX (1024u * 1024u)

enum listing_format {
    LISTING_TEXT,
    LISTING_CSV,
    LISTING_JSONL
};

enum listing_align {
    LISTING_LEFT,
    LISTING_RIGHT
};

struct listing_column {
    const char *key; /* of CSV and JSON: snake_case */
    struct language_text title;
    enum listing_align align;
};

/* The row of an option table for commands that list. */
#define LISTING_OPTION_VI "dạng kết quả (mặc định: text)"
#define LISTING_OPTION_EN "form of the output (default: text)"
/* clang-format off */
#define LISTING_OPTION \
    { "format", "text|csv|jsonl", { LISTING_OPTION_VI, LISTING_OPTION_EN } }
/* clang-format on */

struct listing; /* opaque */

/* What --format says, LISTING_TEXT without it. STATUS_USAGE, with its message
 * written, for an unknown form. The command has LISTING_OPTION. */
MUST_USE enum status listing_format_given(const struct args *args,
                                          enum listing_format *format);

/* Starts a listing on `out`. Borrows `columns` and `out` until the close.
 * STATUS_MEMORY. */
MUST_USE enum status listing_open(enum listing_format format,
                                  enum language language,
                                  const struct listing_column *columns,
                                  size_t count, FILE *out,
                                  struct listing **listing);

/* The next cell of the row; the row ends with its last column. Texts are UTF-8
 * without line ends, and are copied. */
void listing_text(struct listing *listing, const char *text);
/* One of a few values: its words in the table, else the token. Words are
 * copied. */
void listing_word(struct listing *listing, const char *token,
                  struct language_text words);
void listing_yes(struct listing *listing, bool yes);
/* An amount that people read, with separators of thousands in the table. */
void listing_count(struct listing *listing, uint64_t count);
/* A number that is a name: a position, a year, a sequence number. */
void listing_number(struct listing *listing, int64_t number);
/* A moment, in microseconds UTC: by the clock at UTC+7 in the table, RFC 3339
 * in the two other forms. 0 is no value. */
void listing_moment(struct listing *listing, int64_t microseconds);
/* No value: "-" in a table, nothing in CSV, null in JSON. */
void listing_none(struct listing *listing);

/* Writes what is left and frees the listing; takes NULL. STATUS_IO when the
 * output could not be written, STATUS_MEMORY when a row was lost. */
MUST_USE enum status listing_close(struct listing **listing);

#endif
