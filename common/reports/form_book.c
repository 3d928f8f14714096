#include "common/reports/form_book.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/text.h"
#include "common/reports/form_text.h"

#define PAPER_A4  9u
#define LINE_HIGH 15.0

void book_note(struct book *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR) {
        book->error = error;
    }
}

void book_make_looks(struct book *book)
{
    for (int i = 0; i < LOOK_END; i++) {
        lxw_format *look = workbook_add_format(book->workbook);

        format_set_font_name(look, "Times New Roman");
        format_set_font_size(look, i == LOOK_TITLE   ? 14
                                   : i == LOOK_NOTE  ? 10
                                   : i == LOOK_SMALL ? 7
                                   : i < LOOK_NOTE   ? 12
                                                     : 11);
        format_set_align(look, LXW_ALIGN_VERTICAL_TOP);
        format_set_text_wrap(look);
        if (i >= LOOK_HEADING) {
            format_set_border(look, LXW_BORDER_THIN);
        }
        if (i == LOOK_BOLD || i == LOOK_TITLE || i == LOOK_HEADING) {
            format_set_bold(look);
        }
        if (i == LOOK_ITALIC) {
            format_set_italic(look);
        }
        if ((i >= LOOK_CENTRED && i <= LOOK_ITALIC) || i == LOOK_HEADING ||
            i == LOOK_CELL_CENTRED) {
            format_set_align(look, LXW_ALIGN_CENTER);
        }
        if (i >= LOOK_CELL_RIGHT) {
            format_set_align(look, LXW_ALIGN_RIGHT);
        }
        book->looks[i] = look;
    }
    format_set_num_format(book->looks[LOOK_NUMBER], "#,##0");
    format_set_num_format(book->looks[LOOK_PERCENT], "0.00%");
}

/* What a spreadsheet would take for a formula gets an apostrophe in front; a
 * number with its sign may be taken for one. */
static const char *safe(const char *text, char room[FORM_TEXT_MAX])
{
    bool number = strspn(text, "+-0123456789.,%/ ") == strlen(text);

    if (number || strchr("=+-@\t\r", *text) == NULL) {
        return text;
    }
    (void)snprintf(room, FORM_TEXT_MAX, "'%s", text);
    return room;
}

/* Rows do not grow by themselves in every program, so each is made high enough
 * for the longest of its texts in a column so wide. Letters are narrower than
 * the digits that a width is counted in, by about a tenth. */
void book_need_room(struct book *book, const char *text, size_t width)
{
    size_t lines = 1 + text_width(text, strlen(text)) * 10 / (width * 11);

    if (lines > book->lines) {
        book->lines = lines;
    }
}

void book_end_row(struct book *book)
{
    if (book->lines > 1) {
        book_note(book,
                  worksheet_set_row(book->sheet, book->row,
                                    LINE_HIGH * (double)book->lines, NULL));
    }
    book->lines = 1;
    book->row++;
}

void book_put_text(struct book *book, lxw_col_t column, const char *text,
                   enum look look)
{
    char room[FORM_TEXT_MAX];

    book_note(book, text[0] == '\0'
                        ? worksheet_write_blank(book->sheet, book->row, column,
                                                book->looks[look])
                        : worksheet_write_string(book->sheet, book->row, column,
                                                 safe(text, room),
                                                 book->looks[look]));
}

void book_put_number(struct book *book, lxw_col_t column, double number,
                     enum look look)
{
    book_note(book, worksheet_write_number(book->sheet, book->row, column,
                                           number, book->looks[look]));
}

void book_put_over(struct book *book, lxw_col_t first, lxw_col_t last,
                   const char *text, enum look look)
{
    char room[FORM_TEXT_MAX];

    if (text[0] != '\0') {
        book_note(book, worksheet_merge_range(book->sheet, book->row, first,
                                              book->row, last, safe(text, room),
                                              book->looks[look]));
    }
}

void book_put_line(struct book *book, const char *text, enum look look)
{
    if (text[0] != '\0') {
        book_put_over(book, 0, book->last, text, look);
        book->row++;
    }
}

void book_set_page(struct book *book)
{
    worksheet_set_paper(book->sheet, PAPER_A4);
    worksheet_set_landscape(book->sheet);
    worksheet_set_margins(book->sheet, 0.5, 0.5, 0.6, 0.6);
    book_note(book, worksheet_set_footer(book->sheet, "&C&P/&N"));
}
