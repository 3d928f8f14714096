#include "agent/sheet/template.h"

#include <stdio.h>
#include <string.h>

#include "agent/sheet/book.h"
#include "agent/sheet/feed.h"
#include "agent/source/describe.h"
#include "agent/source/import.h"
#include "common/format/sign.h"

/* Places of the columns that nobody fills in; the others follow. */
enum {
    PLACE_KEY,
    PLACE_TYPE,
    PLACE_MARK,
    PLACE_FIRST
};

/* The row of the example, from 0; those to fill in follow. */
#define ROW_EXAMPLE 1u

#define WIDTH_MARK   8.0
#define WIDTH_MIN    14.0
#define WIDTH_WIDE   30.0
#define HEADING_HIGH 48.0
#define GUIDE_WIDTH  60.0
#define HELP_MAX     1024u

static const struct language_text sheet_name = {"Nhập liệu", "Entry"};
static const struct language_text guide_name = {FEED_GUIDE_VI, FEED_GUIDE_EN};

static const char *pick(const struct columns *columns,
                        struct language_text text)
{
    return language_pick(text, columns->language);
}

/* Describes a column to people: what it is for and how it is written. */
static void help_of(const struct columns *columns, const struct column *column,
                    char out[HELP_MAX])
{
    static const struct language_text required = {"Bắt buộc.", "Required."};
    static const struct language_text several = {
        "Nhiều giá trị cách nhau bằng dấu chấm phẩy.",
        "Several values are parted by semicolons."};
    static const struct language_text choose = {"Chọn trong danh sách.",
                                                "Choose from the list."};
    const struct catalogue_field *field = column->meaning;
    char how[DESCRIBE_HOW_MAX] = "";
    const char *first = pick(columns, field->help);
    const char *list = "";
    char first_choice[COLUMNS_CHOICE_MAX];
    size_t cursor = 0;
    const char *more = "";

    switch (field->kind) {
    case FIELD_VALUE:
    case FIELD_FLAG:
        more = pick(columns, choose);
        break;
    case FIELD_VALUES:
        more = pick(columns, several);
        break;
    case FIELD_UNIT:
    case FIELD_REFERENCE:
        list = columns_choice(columns, column, &cursor, first_choice)
                   ? pick(columns, choose)
                   : "";
        describe_how(field, columns->language, how);
        more = how;
        break;
    default:
        describe_how(field, columns->language, how);
        more = how;
        break;
    }
    (void)snprintf(out, HELP_MAX, "%s%s%s\n%s%s%s",
                   column->required ? pick(columns, required) : "",
                   column->required ? " " : "", first, list,
                   list[0] != '\0' ? " " : "", more);
}

/* ---- the sheet ---- */

static void write_heading(struct book *book, const struct columns *columns)
{
    static const struct language_text mark = {IMPORT_MARK_VI, IMPORT_MARK_EN};
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    book_note(book, worksheet_set_row(book->sheet, 0, HEADING_HIGH, NULL));
    book_text(book, 0, PLACE_KEY,
              pick(columns, header[EVENT_ENTRY_KEY - 1].label), BOOK_HEADING);
    book_text(book, 0, PLACE_TYPE, pick(columns, header[EVENT_TYPE - 1].label),
              BOOK_HEADING);
    book_text(book, 0, PLACE_MARK, pick(columns, mark), BOOK_HEADING);
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->all[i];
        char help[HELP_MAX];

        help_of(columns, column, help);
        book_text(book, 0, PLACE_FIRST + i, column->name,
                  column->required ? BOOK_HEADING_REQUIRED : BOOK_HEADING);
        book_remark(book, 0, PLACE_FIRST + i, help);
    }
}

static void set_columns(struct book *book, const struct columns *columns)
{
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};

    book_note(book, worksheet_set_column_opt(book->sheet, PLACE_KEY, PLACE_TYPE,
                                             WIDTH_MIN, NULL, &hidden));
    book_note(book, worksheet_set_column(book->sheet, PLACE_MARK, PLACE_MARK,
                                         WIDTH_MARK, NULL));
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->all[i];
        lxw_col_t at = (lxw_col_t)(PLACE_FIRST + i);
        enum book_look look = book_look_of(column->meaning);
        bool wide = book->choices[i] > 0 || look == BOOK_TEXT;

        book_note(book, worksheet_set_column(book->sheet, at, at,
                                             wide ? WIDTH_WIDE : WIDTH_MIN,
                                             book->looks[look]));
    }
}

static void write_example(struct book *book, const struct columns *columns)
{
    static const struct language_text example = {IMPORT_EXAMPLE_VI,
                                                 IMPORT_EXAMPLE_EN};

    book_text(book, ROW_EXAMPLE, PLACE_TYPE, columns->type->name, BOOK_EXAMPLE);
    book_text(book, ROW_EXAMPLE, PLACE_MARK, pick(columns, example),
              BOOK_EXAMPLE);
    for (size_t i = 0; i < columns->count; i++) {
        char text[COLUMNS_CHOICE_MAX];

        columns_example(columns, &columns->all[i], text);
        book_text(book, ROW_EXAMPLE, PLACE_FIRST + i, text, BOOK_EXAMPLE);
    }
}

static void write_row(struct book *book, const struct columns *columns,
                      size_t number)
{
    char key[BYTES_HEX_SIZE(EVENT_ENTRY_KEY_BYTES)];
    struct random_id id;

    random_id_make(&id);
    if (bytes_to_hex((struct bytes){id.bytes, EVENT_ENTRY_KEY_BYTES}, key,
                     sizeof key) != STATUS_OK) {
        return;
    }
    book_text(book, ROW_EXAMPLE + number, PLACE_KEY, key, BOOK_LOCKED);
    book_text(book, ROW_EXAMPLE + number, PLACE_TYPE, columns->type->name,
              BOOK_LOCKED);
    book_note(book, worksheet_write_number(
                        book->sheet, (lxw_row_t)(ROW_EXAMPLE + number),
                        PLACE_MARK, (double)number, book->looks[BOOK_LOCKED]));
}

static void protect(struct book *book)
{
    lxw_protection allowed = {.format_columns = LXW_TRUE,
                              .format_rows = LXW_TRUE,
                              .insert_rows = LXW_TRUE};

    worksheet_freeze_panes(book->sheet, 1, PLACE_FIRST);
    worksheet_protect(book->sheet, NULL, &allowed);
}

/* ---- the guide ---- */

static void write_guide(struct book *book, const struct columns *columns)
{
    static const struct language_text lines[] = {
        {"Ghi mỗi sự kiện một dòng, từ dòng 3 của trang \"Nhập liệu\".",
         "Write one event a row, from row 3 of the sheet \"Entry\" on."},
        {"Dòng ví dụ không được nhập; không cần xóa.",
         "The example is never imported; there is no need to remove it."},
        {"Ô màu cam ở dòng tên cột là bắt buộc. Không ghi tên, số điện thoại, "
         "địa chỉ của người nào.",
         "Orange headings are required. Never write a person's name, number or "
         "address."},
        {"Nhập lại cùng tệp không bị tính hai lần. Sang kỳ mới, hãy tải biểu "
         "mẫu mới, đừng ghi đè lên dòng đã nhập.",
         "The same file again is not counted twice. For a new period take a "
         "new template; do not write over rows that were imported."},
    };
    lxw_worksheet *sheet =
        workbook_add_worksheet(book->workbook, pick(columns, guide_name));
    lxw_worksheet *entry = book->sheet;
    size_t row = 0;

    if (sheet == NULL) {
        book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    book->sheet = sheet;
    book_note(book, worksheet_set_column(sheet, 0, 0, WIDTH_WIDE, NULL));
    book_note(book, worksheet_set_column(sheet, 1, 1, GUIDE_WIDTH, NULL));
    book_text(book, row++, 0, pick(columns, columns->type->label),
              BOOK_HEADING);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        book_text(book, row++, 0, pick(columns, lines[i]), BOOK_PLAIN);
    }
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->all[i];
        char help[HELP_MAX];

        help_of(columns, column, help);
        row++;
        book_text(book, row, 0, column->name,
                  column->required ? BOOK_HEADING_REQUIRED : BOOK_HEADING);
        book_text(book, row, 1, help, BOOK_GUIDE);
    }
    book->sheet = entry;
}

enum status template_write(const struct columns *columns, const char *path)
{
    struct book book;
    enum status rc = book_open(&book, path, pick(columns, sheet_name),
                               columns->language, false);

    if (rc != STATUS_OK) {
        return rc;
    }
    write_guide(&book, columns);
    book_lists(&book, columns);
    book_mark(&book, columns);
    set_columns(&book, columns);
    write_heading(&book, columns);
    write_example(&book, columns);
    for (size_t i = 1; i <= TEMPLATE_ROWS; i++) {
        write_row(&book, columns, i);
    }
    for (size_t i = 0; i < columns->count; i++) {
        book_rules(&book, PLACE_FIRST + i, columns, &columns->all[i],
                   ROW_EXAMPLE + 1);
    }
    protect(&book);
    return book_close(&book, true);
}
