/* csv - rows and cells of a separated text, as its bytes come in.
 *
 * Flow     units files, imports, uploads -> [csv] -> the owner's row function
 * Owns     the row that is being read; free it with csv_free().
 * Threads  one at a time for each reader.
 * Limits   CSV_COLUMNS_MAX cells and CSV_ROW_BYTES_MAX bytes a row.
 *
 * RFC 4180 as spreadsheets write it: a byte order mark is skipped; the
 * separator is the one of `,` `;` and tab that the first row has most of, or
 * what a first line "sep=;" says; rows end with LF, CRLF or CR; a cell in
 * quotes may hold separators, line ends and doubled quotes; an empty line is
 * no row. Cells come as they are: NFC and meaning are the owner's.
 *
 * A fault ends the reading, with the place it stands at: a quote that is
 * wrong makes all that follows doubtful.
 */
#ifndef TALLYLINE_COMMON_CSV_H
#define TALLYLINE_COMMON_CSV_H

#include <stddef.h>

#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"

#define CSV_COLUMNS_MAX   128u
#define CSV_ROW_BYTES_MAX 65536u

/* A cell without its quotes, closed by a zero. Line and column, from 1, are
 * where it begins; a column is a character, not a byte. */
struct csv_cell {
    const char *text;
    size_t size;
    size_t line;
    size_t column;
};

/* `number` counts the rows from 1, the heading included. */
struct csv_row {
    size_t number;
    size_t line;
    const struct csv_cell *cells;
    size_t cell_count;
};

enum csv_fault_kind {
    CSV_NO_FAULT = 0,
    CSV_UTF16,        /* the mark of UTF-16 at the beginning */
    CSV_NUL,          /* a zero byte */
    CSV_QUOTE_INSIDE, /* a quote in a cell that does not begin with one */
    CSV_AFTER_QUOTE,  /* text between a closing quote and the separator */
    CSV_QUOTE_OPEN,   /* the text ends within quotes */
    CSV_MANY_COLUMNS,
    CSV_LONG_ROW
};

struct csv_fault {
    enum csv_fault_kind kind;
    size_t line;
    size_t column;
};

/* Takes one row, valid during the call. Any status but STATUS_OK ends the
 * reading and is what csv_feed() or csv_finish() answers. */
typedef enum status (*csv_row_function)(void *owner, const struct csv_row *row);

struct csv; /* opaque */

MUST_USE enum status csv_new(csv_row_function on_row, void *owner,
                             struct csv **csv);
void csv_free(struct csv **csv);
/* The next piece of the text, of any length. STATUS_INVALID: see
 * csv_fault(); nothing more may be fed then. STATUS_MEMORY. */
MUST_USE enum status csv_feed(struct csv *csv, struct bytes bytes);
/* The text is complete: gives the last row, if it has no line end. */
MUST_USE enum status csv_finish(struct csv *csv);
struct csv_fault csv_fault(const struct csv *csv);
/* A sentence with how to mend it; static text. */
const char *csv_fault_text(enum csv_fault_kind kind, enum language language);

/* All of a text at once. `fault` may be NULL. */
MUST_USE enum status csv_read(struct bytes text, csv_row_function on_row,
                              void *owner, struct csv_fault *fault);

#endif
