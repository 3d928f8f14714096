/* form_book - a workbook being filled row by row.
 *
 * Flow     form_xlsx -> [form_book] -> libxlsxwriter
 * Owns     nothing: the workbook is the caller's to close.
 * Threads  one.
 * Limits   FORM_TEXT_MAX bytes a text.
 *
 * The first failure is kept and answered once, by the caller who closes the
 * workbook. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front: a workbook never runs a text, but somebody may save its
 * sheet as CSV.
 */
#ifndef TALLYLINE_COMMON_FORM_BOOK_H
#define TALLYLINE_COMMON_FORM_BOOK_H

#include <stddef.h>
#include <xlsxwriter.h>

enum look {
    LOOK_PLAIN,
    LOOK_CENTRED,
    LOOK_BOLD,
    LOOK_TITLE,
    LOOK_ITALIC,
    LOOK_NOTE,
    LOOK_SMALL,
    LOOK_HEADING,
    LOOK_CELL,
    LOOK_CELL_CENTRED,
    LOOK_CELL_RIGHT,
    LOOK_NUMBER,
    LOOK_PERCENT,
    LOOK_END
};

struct form;

struct book {
    const struct form *form; /* borrowed */
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *looks[LOOK_END];
    lxw_row_t row; /* of the next line */
    lxw_col_t last;
    size_t lines;    /* that the row needs */
    lxw_error error; /* the first */
};

void book_note(struct book *book, lxw_error error);
void book_make_looks(struct book *book);
/* A4 across. */
void book_set_page(struct book *book);

/* The row must have room for a text in a column so wide, in digits. */
void book_need_room(struct book *book, const char *text, size_t width);
void book_end_row(struct book *book);
/* An empty text is an empty cell. */
void book_put_text(struct book *book, lxw_col_t column, const char *text,
                   enum look look);
void book_put_number(struct book *book, lxw_col_t column, double number,
                     enum look look);
/* One text over the columns from `first` to `last`; nothing for an empty one.
 */
void book_put_over(struct book *book, lxw_col_t first, lxw_col_t last,
                   const char *text, enum look look);
/* One text over the whole row, which it ends. */
void book_put_line(struct book *book, const char *text, enum look look);

#endif
