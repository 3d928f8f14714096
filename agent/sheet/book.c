#include "agent/sheet/book.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/sheet/feed.h"
#include "agent/sheet/place.h"
#include "common/base/text.h"
#include "common/event/calendar.h"

#define SUFFIX      ".new"
#define FORMULA_MAX 128u

#define COLOUR_HEADING  0xDCE6F1u
#define COLOUR_REQUIRED 0xFCE4D6u
#define COLOUR_LOCKED   0xF2F2F2u
#define COLOUR_GREY     0x7F7F7Fu
#define COLOUR_FAULT    0xFFC7CEu
#define COLOUR_RED      0x9C0006u

void book_note(struct book *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR) {
        book->error = error;
    }
}

/* ---- life ---- */

static void make_look(struct book *book, enum book_look look)
{
    lxw_format *format = workbook_add_format(book->workbook);

    book->looks[look] = format;
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (look == BOOK_HEADING || look == BOOK_HEADING_REQUIRED) {
        format_set_bold(format);
        format_set_text_wrap(format);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_bg_color(format, look == BOOK_HEADING ? COLOUR_HEADING
                                                         : COLOUR_REQUIRED);
    } else if (look == BOOK_EXAMPLE || look == BOOK_EXAMPLE_DAY) {
        format_set_italic(format);
        format_set_font_color(format, COLOUR_GREY);
        format_set_bg_color(format, COLOUR_LOCKED);
    } else if (look == BOOK_LOCKED) {
        format_set_font_color(format, COLOUR_GREY);
        format_set_bg_color(format, COLOUR_LOCKED);
    } else if (look != BOOK_PLAIN && look != BOOK_GUIDE) {
        format_set_unlocked(format);
    }
    switch (look) {
    case BOOK_EXAMPLE_DAY:
    case BOOK_DAY:
        format_set_num_format(format, "dd/mm/yyyy");
        break;
    case BOOK_NUMBER:
        /* Without separators, which a CSV would keep in the form of one
         * country. */
        format_set_num_format(format, "0");
        break;
    case BOOK_FAULTY:
        format_set_num_format(format, "@");
        format_set_bg_color(format, COLOUR_FAULT);
        format_set_font_color(format, COLOUR_RED);
        break;
    case BOOK_GUIDE:
        format_set_text_wrap(format);
        break;
    case BOOK_REASON:
        format_set_text_wrap(format);
        format_set_font_color(format, COLOUR_RED);
        break;
    case BOOK_TEXT:
        format_set_num_format(format, "@"); /* or 2-1 becomes a day */
        break;
    default:
        break;
    }
}

enum status book_open(struct book *book, const char *path, const char *sheet,
                      enum language language, bool small)
{
    lxw_workbook_options options = {.constant_memory =
                                        small ? LXW_TRUE : LXW_FALSE};
    struct stat info;

    *book = (struct book){.language = language};
    if (snprintf(book->path, sizeof book->path, "%s", path) >=
            (int)sizeof book->path ||
        snprintf(book->unfinished, sizeof book->unfinished, "%s%s", path,
                 SUFFIX) >= (int)sizeof book->unfinished) {
        return STATUS_INVALID;
    }
    if (stat(path, &info) == 0) {
        return STATUS_EXISTS;
    }
    book->workbook = workbook_new_opt(book->unfinished, &options);
    if (book->workbook == NULL) {
        return STATUS_MEMORY;
    }
    for (int i = 0; i < BOOK_LOOKS; i++) {
        make_look(book, (enum book_look)i);
    }
    book->sheet = workbook_add_worksheet(book->workbook, sheet);
    if (book->sheet == NULL) {
        (void)!book_close(book, false);
        return STATUS_MEMORY;
    }
    return STATUS_OK;
}

enum status book_close(struct book *book, bool keep)
{
    enum status rc = STATUS_OK;

    if (book->workbook == NULL) {
        return STATUS_OK;
    }
    book_note(book, workbook_close(book->workbook));
    book->workbook = NULL;
    if (book->error != LXW_NO_ERROR) {
        rc = book->error == LXW_ERROR_MEMORY_MALLOC_FAILED ? STATUS_MEMORY
                                                           : STATUS_IO;
    } else if (keep && link(book->unfinished, book->path) != 0) {
        rc = errno == EEXIST ? STATUS_EXISTS : STATUS_IO;
    }
    (void)unlink(book->unfinished);
    if (rc == STATUS_OK && keep) {
        rc = file_sync_folder(book->path);
    }
    return rc;
}

/* ---- cells ---- */

void book_text(struct book *book, size_t row, size_t column, const char *text,
               enum book_look look)
{
    if (text[0] == '\0') {
        book_note(book,
                  worksheet_write_blank(book->sheet, (lxw_row_t)row,
                                        (lxw_col_t)column, book->looks[look]));
        return;
    }
    book_note(book, worksheet_write_string(book->sheet, (lxw_row_t)row,
                                           (lxw_col_t)column, text,
                                           book->looks[look]));
}

enum book_look book_look_of(const struct catalogue_field *meaning)
{
    switch (meaning->kind) {
    case FIELD_DATE:
        return BOOK_DAY;
    case FIELD_COUNT:
    case FIELD_MONEY:
    case FIELD_YEAR:
        return BOOK_NUMBER;
    case FIELD_VALUE:
    case FIELD_FLAG:
        return BOOK_CHOICE;
    default:
        return BOOK_TEXT;
    }
}

void book_value(struct book *book, size_t row, size_t column,
                const struct catalogue_field *meaning, const char *text)
{
    enum book_look look = meaning != NULL ? book_look_of(meaning) : BOOK_TEXT;
    uint64_t count;
    int32_t day;

    if (look == BOOK_DAY &&
        text_parse_date(text, strlen(text), &day) == STATUS_OK) {
        struct calendar_date date = calendar_date(day);
        lxw_datetime moment = {
            .year = date.year, .month = date.month, .day = date.day};

        book_note(book, worksheet_write_datetime(book->sheet, (lxw_row_t)row,
                                                 (lxw_col_t)column, &moment,
                                                 book->looks[look]));
    } else if (look == BOOK_NUMBER &&
               text_parse_count(text, strlen(text), &count) == STATUS_OK) {
        book_note(book, worksheet_write_number(book->sheet, (lxw_row_t)row,
                                               (lxw_col_t)column, (double)count,
                                               book->looks[look]));
    } else {
        book_text(book, row, column, text, look);
    }
}

void book_remark(struct book *book, size_t row, size_t column, const char *text)
{
    lxw_comment_options options = {.width = 320, .height = 120};

    book_note(book,
              worksheet_write_comment_opt(book->sheet, (lxw_row_t)row,
                                          (lxw_col_t)column, text, &options));
}

/* ---- what may be entered ---- */

/* One row of choices after the other, as rows have to come; a column of the
 * sheet for each of `columns`. */
void book_lists(struct book *book, const struct columns *columns)
{
    lxw_worksheet *lists =
        workbook_add_worksheet(book->workbook, BOOK_LIST_SHEET);
    size_t cursors[COLUMNS_MAX] = {0};
    bool more = true;

    if (lists == NULL) {
        book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_hide(lists);
    for (size_t row = 0; more; row++) {
        more = false;
        for (size_t i = 0; i < columns->count; i++) {
            char text[COLUMNS_CHOICE_MAX];

            if (book->choices[i] == row &&
                columns_choice(columns, &columns->all[i], &cursors[i], text)) {
                book_note(book,
                          worksheet_write_string(lists, (lxw_row_t)row,
                                                 (lxw_col_t)i, text, NULL));
                book->choices[i]++;
                more = true;
            }
        }
    }
}

static bool set_list(const struct book *book, const struct columns *columns,
                     const struct column *column, lxw_data_validation *rule,
                     char formula[FORMULA_MAX])
{
    size_t position = (size_t)(column - columns->all);
    enum field_kind kind = column->meaning->kind;
    char letters[PLACE_LETTERS_MAX];

    if (book->choices[position] == 0) {
        return false;
    }
    place_letters(position + 1, letters);
    (void)snprintf(formula, FORMULA_MAX, "=" BOOK_LIST_SHEET "!$%s$1:$%s$%zu",
                   letters, letters, book->choices[position]);
    rule->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    rule->value_formula = formula;
    /* Several values, a new thing, or the code of a unit, may be typed. */
    if (kind == FIELD_VALUES || kind == FIELD_UNITS ||
        kind == FIELD_REFERENCE) {
        rule->show_error = LXW_VALIDATION_OFF;
    } else if (kind == FIELD_UNIT) {
        rule->error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    }
    return true;
}

static bool set_range(const struct column *column, lxw_data_validation *rule)
{
    const struct catalogue_field *field = column->meaning;

    rule->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    switch (field->kind) {
    case FIELD_DATE:
        rule->validate = LXW_VALIDATION_TYPE_DATE;
        rule->minimum_datetime =
            (lxw_datetime){.year = 2000, .month = 1, .day = 1};
        rule->maximum_datetime =
            (lxw_datetime){.year = 2099, .month = 12, .day = 31};
        return true;
    case FIELD_COUNT:
    case FIELD_MONEY:
        rule->validate = LXW_VALIDATION_TYPE_INTEGER;
        rule->minimum_number = (double)field->min;
        rule->maximum_number = (double)field->max;
        return field->max > field->min;
    case FIELD_YEAR:
        rule->validate = LXW_VALIDATION_TYPE_INTEGER;
        rule->minimum_number = 2000;
        rule->maximum_number = 2100;
        return true;
    default:
        return false;
    }
}

void book_rules(struct book *book, size_t position,
                const struct columns *columns, const struct column *column,
                size_t first)
{
    static const struct language_text title = {"Chưa đúng", "Not right"};
    static const struct language_text message = {
        "Hãy chọn trong danh sách, hoặc ghi như ghi chú ở tên cột.",
        "Choose from the list, or write it as the note at the heading says."};
    char formula[FORMULA_MAX];
    lxw_data_validation rule = {
        .ignore_blank = LXW_VALIDATION_ON,
        /* The library takes no const texts; it only reads them. */
        .error_title = (char *)(uintptr_t)language_pick(title, book->language),
        .error_message =
            (char *)(uintptr_t)language_pick(message, book->language)};

    if (set_list(book, columns, column, &rule, formula) ||
        set_range(column, &rule)) {
        book_note(book, worksheet_data_validation_range(
                            book->sheet, (lxw_row_t)first, (lxw_col_t)position,
                            BOOK_ROWS, (lxw_col_t)position, &rule));
    }
}

/* ---- what it says of itself ---- */

static void put_mark(struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                     const char *key, const char *value)
{
    book_note(book, worksheet_write_string(sheet, row, 0, key, NULL));
    book_note(book, worksheet_write_string(sheet, row, 1, value, NULL));
}

void book_mark(struct book *book, const struct columns *columns)
{
    lxw_worksheet *sheet =
        workbook_add_worksheet(book->workbook, FEED_MARK_SHEET);
    char number[TEXT_NUMBER_MAX];

    if (sheet == NULL) {
        book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    worksheet_hide(sheet);
    (void)snprintf(number, sizeof number, "%u", FEED_MARK_VERSION);
    put_mark(book, sheet, 0, FEED_MARK_SHEET, number);
    put_mark(book, sheet, 1, FEED_MARK_TYPE, columns->type->name);
    (void)snprintf(
        number, sizeof number, "%u",
        (unsigned)vocabulary_version(context_vocabulary(columns->context)));
    put_mark(book, sheet, 2, "vocabulary", number);
}
