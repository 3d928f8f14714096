/* A table needs its widths before its first row, so cells are kept, each with
 * its end mark, until LISTING_TABLE_BYTES_MAX or the end; then the widest of
 * each column so far is used. CSV and JSON rows leave at once. */
#include "common/base/listing.h"

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Blanks between two columns of a table. */
#define GAP 2u

/* The greatest whole number that every JSON reader keeps exact. */
#define JSON_NUMBER_MAX ((UINT64_C(1) << 53) - 1)

struct listing {
    enum listing_format format;
    enum language language;
    const struct listing_column *columns;
    size_t count;
    FILE *out;
    size_t column; /* of the next cell */
    size_t widths[LISTING_COLUMNS_MAX];
    struct buffer cells;
    enum status status; /* the first failure */
};

MUST_USE enum status listing_format_given(const struct args *args,
                                          enum listing_format *format)
{
    static const char *const names[] = {"text", "csv", "jsonl"};
    const char *given = args_value(args, "format");

    *format = LISTING_TEXT;
    if (given == NULL) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(given, names[i]) == 0) {
            *format = (enum listing_format)i;
            return STATUS_OK;
        }
    }
    args_error(args, "--format text|csv|jsonl: %s", given);
    return STATUS_USAGE;
}

static void write_padded(struct listing *listing, size_t column,
                         const char *text)
{
    size_t width = text_width(text, strlen(text));
    size_t blanks =
        listing->widths[column] > width ? listing->widths[column] - width : 0;
    bool right = listing->columns[column].align == LISTING_RIGHT;
    bool last = column + 1 == listing->count;

    (void)fprintf(listing->out, "%*s%s%*s", right ? (int)blanks : 0, "", text,
                  last    ? 0
                  : right ? (int)GAP
                          : (int)(blanks + GAP),
                  "");
    if (last) {
        (void)fputc('\n', listing->out);
    }
}

/* Lays out and forgets the cells that wait. */
static void write_table(struct listing *listing)
{
    struct bytes cells = buffer_bytes(&listing->cells);
    size_t column = 0;
    size_t at = 0;

    while (at < cells.size) {
        const char *text = (const char *)cells.data + at;

        write_padded(listing, column, text);
        column = (column + 1) % listing->count;
        at += strlen(text) + 1;
    }
    buffer_clear(&listing->cells);
}

static void keep_cell(struct listing *listing, const char *text)
{
    struct bytes cell = {.data = (const uint8_t *)text,
                         .size = strlen(text) + 1};
    size_t width = text_width(text, cell.size - 1);
    enum status status;

    if (listing->column == 0 &&
        listing->cells.size > LISTING_TABLE_BYTES_MAX / 2) {
        write_table(listing);
    }
    if (listing->widths[listing->column] < width) {
        listing->widths[listing->column] = width;
    }
    status = buffer_append(&listing->cells, cell);
    if (listing->status == STATUS_OK) {
        listing->status = status;
    }
}

static void write_csv(struct listing *listing, const char *text, bool is_text)
{
    FILE *out = listing->out;

    if (listing->column > 0) {
        (void)fputc(',', out);
    }
    if (is_text && *text != '\0' && strchr("=+-@\t\r", *text) != NULL) {
        (void)fprintf(out, "\"'");
    } else if (strpbrk(text, ",\"\r\n") != NULL) {
        (void)fputc('"', out);
    } else {
        (void)fputs(text, out);
        return;
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void write_json_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            (void)fprintf(out, "\\%c", c);
        } else if (c < 0x20) {
            (void)fprintf(out, "\\u%04x", c);
        } else {
            (void)fputc(c, out);
        }
    }
    (void)fputc('"', out);
}

static void write_json(struct listing *listing, const char *text, bool quote)
{
    (void)fputc(listing->column == 0 ? '{' : ',', listing->out);
    write_json_string(listing->out, listing->columns[listing->column].key);
    (void)fputc(':', listing->out);
    if (quote) {
        write_json_string(listing->out, text);
    } else {
        (void)fputs(text, listing->out);
    }
}

/* One cell: `shown` in a table, `raw` in the two other forms. */
static void add_cell(struct listing *listing, const char *shown,
                     const char *raw, bool is_text, bool quote)
{
    switch (listing->format) {
    case LISTING_TEXT:
        keep_cell(listing, shown);
        break;
    case LISTING_CSV:
        write_csv(listing, raw, is_text);
        break;
    case LISTING_JSONL:
        write_json(listing, raw, quote);
        break;
    }
    listing->column++;
    if (listing->column < listing->count) {
        return;
    }
    listing->column = 0;
    if (listing->format != LISTING_TEXT) {
        (void)fputs(listing->format == LISTING_CSV ? "\n" : "}\n",
                    listing->out);
    }
}

MUST_USE enum status listing_open(enum listing_format format,
                                  enum language language,
                                  const struct listing_column *columns,
                                  size_t count, FILE *out,
                                  struct listing **listing)
{
    struct listing *made = calloc(1, sizeof *made);

    check(count > 0 && count <= LISTING_COLUMNS_MAX);
    *listing = made;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->format = format;
    made->language = language;
    made->columns = columns;
    made->count = count;
    made->out = out;
    buffer_init(&made->cells, LISTING_TABLE_BYTES_MAX);
    for (size_t i = 0; format != LISTING_JSONL && i < count; i++) {
        add_cell(made, language_pick(columns[i].title, language),
                 columns[i].key, false, false);
    }
    return STATUS_OK;
}

void listing_text(struct listing *listing, const char *text)
{
    add_cell(listing, text, text, true, true);
}

void listing_word(struct listing *listing, const char *token,
                  struct language_text words)
{
    add_cell(listing, language_pick(words, listing->language), token, true,
             true);
}

void listing_yes(struct listing *listing, bool yes)
{
    static const struct language_text words[] = {{"không", "no"},
                                                 {"có", "yes"}};

    listing_word(listing, yes ? "yes" : "no", words[yes]);
}

void listing_count(struct listing *listing, uint64_t count)
{
    char shown[TEXT_NUMBER_MAX];
    char raw[TEXT_NUMBER_MAX];

    text_format_count(count, listing->language, shown);
    (void)snprintf(raw, sizeof raw, "%" PRIu64, count);
    add_cell(listing, shown, raw, false, count > JSON_NUMBER_MAX);
}

void listing_number(struct listing *listing, int64_t number)
{
    char raw[TEXT_NUMBER_MAX];

    (void)snprintf(raw, sizeof raw, "%" PRId64, number);
    add_cell(listing, raw, raw, false,
             number > (int64_t)JSON_NUMBER_MAX ||
                 number < -(int64_t)JSON_NUMBER_MAX);
}

void listing_none(struct listing *listing)
{
    add_cell(listing, "-", listing->format == LISTING_CSV ? "" : "null", false,
             false);
}

void listing_moment(struct listing *listing, int64_t microseconds)
{
    char shown[TEXT_MOMENT_MAX];
    char raw[TEXT_MOMENT_MAX];

    if (microseconds == 0) {
        listing_none(listing);
        return;
    }
    text_format_clock(microseconds, listing->language, shown);
    text_format_moment(microseconds, raw);
    add_cell(listing, shown, raw, true, true);
}

MUST_USE enum status listing_close(struct listing **listing)
{
    struct listing *closed = *listing;
    enum status status;

    if (closed == NULL) {
        return STATUS_OK;
    }
    check(closed->column == 0);
    write_table(closed);
    status = closed->status;
    if ((fflush(closed->out) != 0 || ferror(closed->out)) &&
        status == STATUS_OK) {
        status = STATUS_IO;
    }
    buffer_fini(&closed->cells);
    free(closed);
    *listing = NULL;
    return status;
}
