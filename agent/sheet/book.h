/* book - a workbook for people to fill in: looks, headings, drop-downs.
 *
 * Flow     template, refused -> [book] -> libxlsxwriter -> FILE.xlsx
 * Owns     the workbook until book_close().
 * Threads  one.
 * Limits   BOOK_ROWS rows have drop-downs.
 *
 * The file appears whole under its name or not at all, and never takes the
 * place of another one. Lists stand on a hidden sheet, since Excel takes no
 * more than 255 characters of choices in a cell. All texts are written as
 * texts: nothing in them is run as a formula. The first failure is kept and
 * answered by book_close().
 */
#ifndef TALLYLINE_AGENT_BOOK_H
#define TALLYLINE_AGENT_BOOK_H

#include <xlsxwriter.h>

#include "agent/sheet/columns.h"
#include "common/base/file.h"
#include "common/base/status.h"

#define BOOK_ROWS       20000u
#define BOOK_LIST_SHEET "danh_muc"

enum book_look {
    BOOK_HEADING,
    BOOK_HEADING_REQUIRED,
    BOOK_LOCKED, /* what nobody fills in */
    BOOK_EXAMPLE,
    BOOK_EXAMPLE_DAY,
    BOOK_TEXT,
    BOOK_CHOICE,
    BOOK_NUMBER,
    BOOK_DAY,
    BOOK_FAULTY, /* a text that is to be mended */
    BOOK_REASON,
    BOOK_PLAIN,
    BOOK_GUIDE, /* the same, over several lines */
    BOOK_LOOKS
};

struct book {
    lxw_workbook *workbook;
    lxw_worksheet *sheet; /* where rows are filled in */
    lxw_format *looks[BOOK_LOOKS];
    size_t choices[COLUMNS_MAX]; /* that a column has; 0: no list */
    enum language language;
    lxw_error error; /* the first */
    char path[FILE_PATH_MAX];
    char unfinished[FILE_PATH_MAX]; /* until book_close() */
};

/* A book that could not be opened need not be closed. STATUS_EXISTS when
 * there is a file of that name; STATUS_IO, STATUS_MEMORY,
 * STATUS_INVALID (a path that is too long). `small` keeps rows on disk while
 * they are written: they must then come in order, and formats of columns count
 * no more. */
MUST_USE enum status book_open(struct book *book, const char *path,
                               const char *sheet, enum language language,
                               bool small);
/* Ends the book; without `keep` it leaves nothing. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status book_close(struct book *book, bool keep);

void book_note(struct book *book, lxw_error error);
void book_text(struct book *book, size_t row, size_t column, const char *text,
               enum book_look look);
/* In the form that the field is kept in by a spreadsheet: a day, a number, or
 * else a text. */
void book_value(struct book *book, size_t row, size_t column,
                const struct catalogue_field *meaning, const char *text);
/* Look of the cells of a field. */
enum book_look book_look_of(const struct catalogue_field *meaning);
/* A note at a cell, in so many lines at most. */
void book_remark(struct book *book, size_t row, size_t column,
                 const char *text);
/* Writes the lists of all columns, once. */
void book_lists(struct book *book, const struct columns *columns);
/* What may be entered in the column, which stands at `position`, from row
 * `first` (from 0) on: a value of its list, a number, a day. */
void book_rules(struct book *book, size_t position,
                const struct columns *columns, const struct column *column,
                size_t first);
/* The hidden sheet by which import knows the type. */
void book_mark(struct book *book, const struct columns *columns);

#endif
