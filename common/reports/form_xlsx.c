/* A report as an .xlsx workbook: the form, and the sheet by unit.
 *
 * The library writes to a file of its own naming only, so the workbook is made
 * beside other temporary files and then copied. Nothing in it depends on when
 * or where it was made: its time is the day the last entry was received.
 *
 * Plain figures are numbers, which a spreadsheet can add up and shows the way
 * its user's country writes them; a figure that says more than a number ("≥
 * 400", "12/30") is text. A text is never run as a formula by a workbook, but
 * it would be once somebody saves the sheet as CSV: hence the apostrophe. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/text.h"
#include "common/figures/indicator_text.h"
#include "common/reports/form_book.h"
#include "common/reports/form_notes.h"
#include "common/reports/form_text.h"
#include "common/reports/form_write.h"

#define COPY_BYTES     65536u
#define DAY_SECONDS    86400
#define EXACT_MAX      (INT64_C(1) << 53) /* of a number in a workbook */
#define NOTE_LINE      150u               /* letters on a line of a note */
#define UNIT_WIDTH     13u
#define UNIT_LINES     8u     /* columns on a page that is as wide as A4 */
#define UNIT_SCALE     75u    /* of its letters on paper, per cent */
#define UNIT_PAGES_MAX 1000u  /* beside each other; further ones break alone */
#define UNIT_LAST_MAX  16383u /* columns of a sheet, from 0 */

/* A figure that is nothing but its number. */
static bool is_plain(const struct figure *figure)
{
    return figure->known && figure->defined && !figure->ratio &&
           figure->hidden == FIGURE_SHOWN && !figure->lower_bound &&
           !figure->upper_bound && !figure->change && !figure->not_divided &&
           !figure->erased && figure->value > -EXACT_MAX &&
           figure->value < EXACT_MAX;
}

static void put_figure(struct book *book, lxw_col_t column,
                       const struct indicator_row *row, const char *text)
{
    if (received_is_known(row->state) && !indicator_is_part(row) &&
        is_plain(&row->figure)) {
        book_put_number(book, column, (double)row->figure.value, LOOK_NUMBER);
    } else {
        book_put_text(book, column, text, LOOK_CELL_RIGHT);
    }
}

static void put_cell(struct book *book, size_t line, enum form_column column,
                     lxw_col_t place)
{
    const struct form_line *at = &book->form->lines[line];
    char text[FORM_TEXT_MAX];
    uint64_t part, whole;

    form_cell(book->form, line, column, text);
    book_need_room(book, text, form_column_width(column));
    switch (column) {
    case FORM_COLUMN_NUMBER:
        book_put_number(book, place, (double)(line + 1), LOOK_CELL_CENTRED);
        break;
    case FORM_COLUMN_IN_PERIOD:
        put_figure(book, place, at->rows[FORM_IN_PERIOD], text);
        break;
    case FORM_COLUMN_SO_FAR:
        put_figure(book, place, at->rows[FORM_SO_FAR], text);
        break;
    case FORM_COLUMN_PERCENT:
        if (indicator_achieved(at->rows[FORM_SO_FAR], &part, &whole)) {
            book_put_number(book, place, (double)part / (double)whole,
                            LOOK_PERCENT);
        } else {
            book_put_text(book, place, text, LOOK_CELL_RIGHT);
        }
        break;
    case FORM_COLUMN_GOAL:
    case FORM_COLUMN_CHANGE:
        book_put_text(book, place, text, LOOK_CELL_RIGHT);
        break;
    case FORM_COLUMN_UNIT_OF_COUNT:
        book_put_text(book, place, text, LOOK_CELL_CENTRED);
        break;
    default:
        book_put_text(book, place, text, LOOK_CELL);
    }
}

/* Two blocks beside each other, as on every official letter. */
static void write_head(struct book *book, const struct form_head *head)
{
    const lxw_col_t left = 2, right = 4;

    book_put_over(book, 0, left, head->superior, LOOK_CENTRED);
    book_put_over(book, right, book->last, head->state, LOOK_BOLD);
    book->row++;
    book_put_over(book, 0, left, head->agency, LOOK_BOLD);
    book_put_over(book, right, book->last, head->motto, LOOK_BOLD);
    book->row++;
    book_put_over(book, 0, left, head->number, LOOK_CENTRED);
    book_put_over(book, right, book->last, head->place_and_date, LOOK_ITALIC);
    book->row += 2;
    book_put_line(book, head->title, LOOK_TITLE);
    book_put_line(book, head->subject, LOOK_BOLD);
    book_put_line(book, head->period, LOOK_CENTRED);
    book_put_line(book, head->area, LOOK_CENTRED);
    book_put_line(book, head->addressee, LOOK_CENTRED);
    book->row++;
}

static void write_table(struct book *book)
{
    const struct form *form = book->form;
    enum form_column columns[FORM_COLUMN_END];
    size_t count = form_columns(form, columns);

    for (size_t k = 0; k < count; k++) {
        const char *title = form_column_title(columns[k], form->language);

        book_need_room(book, title, form_column_width(columns[k]) - 2);
        book_put_text(book, (lxw_col_t)k, title, LOOK_HEADING);
    }
    worksheet_repeat_rows(book->sheet, book->row, book->row);
    book_end_row(book);
    for (size_t i = 0; i < form->line_count; i++) {
        for (size_t k = 0; k < count; k++) {
            put_cell(book, i, columns[k], (lxw_col_t)k);
        }
        book_end_row(book);
    }
    book->row++;
}

static void take_note(void *owner, const char *note)
{
    struct book *book = owner;

    book_need_room(book, note, NOTE_LINE);
    book_put_over(book, 0, book->last, note, LOOK_NOTE);
    book_end_row(book);
}

static void write_foot(struct book *book, const struct form_head *head)
{
    const lxw_col_t left = 2, right = 5;
    char text[FORM_TEXT_MAX];

    book->row++;
    book_put_over(book, 0, left, head->recipients_title, LOOK_ITALIC);
    book_put_over(book, right, book->last, head->signed_for, LOOK_BOLD);
    book->row++;
    for (size_t i = 0;; i++) {
        form_recipient(book->form, i, text);
        book_put_over(book, 0, left, text, LOOK_NOTE);
        book_put_over(book, right, book->last,
                      i == 0   ? head->signer
                      : i == 1 ? head->signature
                               : "",
                      i == 0 ? LOOK_BOLD : LOOK_ITALIC);
        if (text[0] == '\0' && i > 1) {
            break;
        }
        book->row++;
    }
}

/* What only who checks the report reads. */
static void write_check(struct book *book)
{
    char text[FORM_TEXT_MAX];

    form_check_text(book->form, text);
    book_need_room(book, text, NOTE_LINE);
    book_put_over(book, 0, book->last, text, LOOK_SMALL);
    book_end_row(book);
}

static void write_form(struct book *book)
{
    enum form_column columns[FORM_COLUMN_END];
    size_t count = form_columns(book->form, columns);
    struct form_head head;

    book->sheet = workbook_add_worksheet(
        book->workbook,
        book->form->language == LANGUAGE_EN ? "Report" : "Báo cáo");
    if (book->sheet == NULL) {
        book->error = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return;
    }
    book->row = 0;
    book->last = (lxw_col_t)(count - 1);
    for (size_t k = 0; k < count; k++) {
        book_note(book, worksheet_set_column(
                            book->sheet, (lxw_col_t)k, (lxw_col_t)k,
                            (double)form_column_width(columns[k]), NULL));
    }
    book_set_page(book);
    worksheet_fit_to_pages(book->sheet, 1, 0);
    form_head(book->form, &head);
    write_head(book, &head);
    write_table(book);
    form_notes(book->form, take_note, book);
    write_foot(book, &head);
    book->row++;
    write_check(book);
}

static void put_unit_figure(struct book *book, size_t line, size_t unit)
{
    const struct indicator_row *row =
        form_unit_row(book->form, line, unit, FORM_IN_PERIOD);
    lxw_col_t column = (lxw_col_t)(2 + line);
    char text[FORM_TEXT_MAX];

    form_unit_cell(book->form, line, unit, text);
    if (row != NULL) {
        put_figure(book, column, row, text);
    } else {
        book_put_text(book, column, text, LOOK_CELL_RIGHT);
    }
}

static void write_unit_row(struct book *book, size_t unit)
{
    const struct form *form = book->form;
    char text[FORM_TEXT_MAX];

    book_put_number(book, 0, (double)(unit + 1), LOOK_CELL_CENTRED);
    indicator_unit_text(form->places[unit], text);
    book_put_text(book, 1, text, LOOK_CELL);
    for (size_t i = 0; i < form->line_count; i++) {
        put_unit_figure(book, i, unit);
    }
    book->row++;
}

/* As many columns to a page as can be read, the units' names on each. */
static void set_unit_pages(struct book *book)
{
    lxw_col_t breaks[UNIT_PAGES_MAX + 1] = {0};
    size_t count = 0;

    for (size_t i = UNIT_LINES;
         i < book->form->line_count && count < UNIT_PAGES_MAX;
         i += UNIT_LINES) {
        breaks[count++] = (lxw_col_t)(2 + i);
    }
    worksheet_set_print_scale(book->sheet, UNIT_SCALE);
    worksheet_repeat_columns(book->sheet, 0, 1);
    if (count > 0) {
        book_note(book, worksheet_set_v_pagebreaks(book->sheet, breaks));
    }
}

static void write_units(struct book *book)
{
    const struct form *form = book->form;
    char text[FORM_TEXT_MAX];

    book->sheet = workbook_add_worksheet(
        book->workbook,
        form->language == LANGUAGE_EN ? "By unit" : "Theo đơn vị");
    if (book->sheet == NULL) {
        book->error = LXW_ERROR_MEMORY_MALLOC_FAILED;
        return;
    }
    book->row = 0;
    /* What stands over all columns is as wide as the first page. */
    book->last =
        (lxw_col_t)(1 + (form->line_count < UNIT_LINES ? form->line_count
                                                       : UNIT_LINES));
    book_note(book, worksheet_set_column(book->sheet, 0, 0, 5, NULL));
    book_note(book, worksheet_set_column(book->sheet, 1, 1, 28, NULL));
    book_note(book, worksheet_set_column(book->sheet, 2,
                                         (lxw_col_t)(1 + form->line_count),
                                         UNIT_WIDTH, NULL));
    book_set_page(book);
    set_unit_pages(book);
    book_put_line(book, form_unit_sheet_title(form), LOOK_TITLE);
    book->row++;
    book_put_text(book, 0,
                  form_column_title(FORM_COLUMN_NUMBER, form->language),
                  LOOK_HEADING);
    book_put_text(book, 1, form_unit_title(form), LOOK_HEADING);
    for (size_t i = 0; i < form->line_count; i++) {
        form_line_title(form, i, text);
        book_need_room(book, text, UNIT_WIDTH - 2);
        book_put_text(book, (lxw_col_t)(2 + i), text, LOOK_HEADING);
    }
    worksheet_repeat_rows(book->sheet, book->row, book->row);
    book_end_row(book);
    worksheet_freeze_panes(book->sheet, book->row, 2);
    for (size_t unit = 0; unit < form->unit_count; unit++) {
        write_unit_row(book, unit);
    }
    book->row++;
    form_notes(form, take_note, book);
    write_check(book);
}

static MUST_USE enum status make_book(const struct form *form, const char *path)
{
    struct book book = {.form = form, .workbook = workbook_new(path)};
    char subject[FORM_TEXT_MAX];
    lxw_doc_properties properties = {
        .title = subject,
        .created = (time_t)form->known_on * DAY_SECONDS,
    };
    struct form_head head;
    lxw_error closed;

    if (book.workbook == NULL) {
        return STATUS_MEMORY;
    }
    form_head(form, &head);
    (void)snprintf(subject, sizeof subject, "%.200s", head.subject);
    book_note(&book, workbook_set_properties(book.workbook, &properties));
    book_make_looks(&book);
    write_form(&book);
    if (form->unit_count > 0 && form->line_count > 0 &&
        form->line_count < UNIT_LAST_MAX && book.error == LXW_NO_ERROR) {
        write_units(&book);
    }
    closed = workbook_close(book.workbook);
    book_note(&book, closed);
    return book.error == LXW_NO_ERROR                     ? STATUS_OK
           : book.error == LXW_ERROR_MEMORY_MALLOC_FAILED ? STATUS_MEMORY
                                                          : STATUS_IO;
}

static MUST_USE enum status copy_out(const char *path, FILE *out)
{
    char bytes[COPY_BYTES];
    FILE *file = fopen(path, "rb");
    enum status status = STATUS_OK;
    size_t size;

    if (file == NULL) {
        return STATUS_IO;
    }
    while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) {
        if (fwrite(bytes, 1, size, out) != size) {
            status = STATUS_IO;
            break;
        }
    }
    if (ferror(file) != 0) {
        status = STATUS_IO;
    }
    (void)fclose(file);
    return status;
}

MUST_USE enum status form_write_xlsx(const struct form *form, FILE *out)
{
    const char *folder = getenv("TMPDIR");
    char path[FILE_PATH_MAX];
    enum status status;
    int descriptor;

    if (folder == NULL || folder[0] == '\0') {
        folder = "/tmp";
    }
    if ((size_t)snprintf(path, sizeof path, "%s/tallyline-XXXXXX", folder) >=
        sizeof path) {
        return STATUS_IO;
    }
    descriptor = mkstemp(path);
    if (descriptor < 0) {
        return STATUS_IO;
    }
    (void)close(descriptor);
    status = make_book(form, path);
    if (status == STATUS_OK) {
        status = copy_out(path, out);
    }
    (void)unlink(path);
    return status;
}
