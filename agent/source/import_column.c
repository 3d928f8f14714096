/* The heading of an imported file, and where its mistakes stand. */
#include "agent/source/import_internal.h"
#include "agent/source/source_internal.h"

#include "agent/sheet/place.h"
#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- places ---- */

/* The sentence in the report's language. */
static void __attribute__((format(printf, 2, 0), format(printf, 3, 0)))
write_text(const struct import *import, const char *vi, const char *en,
           va_list arguments, char out[SOURCE_TEXT_MAX])
{
    (void)vsnprintf(out, SOURCE_TEXT_MAX,
                    import->options.report->language == LANGUAGE_EN ? en : vi,
                    arguments);
}

/* Keeps it for who is told of the row. */
static void keep_issue(struct import *import, size_t position, const char *text)
{
    size_t i = import->issue_count;

    if (i < IMPORT_ISSUES_MAX) {
        (void)snprintf(import->texts[i], SOURCE_TEXT_MAX, "%s", text);
        import->issues[i] =
            (struct import_issue){.column = position, .text = import->texts[i]};
        import->issue_count++;
    }
}

void import_fail_cell(struct import *import, const struct csv_row *row,
                      size_t position, const char *vi, const char *en, ...)
{
    char place[PLACE_MAX];
    char text[SOURCE_TEXT_MAX];
    const struct csv_cell *cell = &row->cells[position];
    const char *name =
        position < import->column_count ? import->columns[position].name : "?";
    va_list arguments;

    va_start(arguments, en);
    write_text(import, vi, en, arguments, text);
    va_end(arguments);
    keep_issue(import, position, text);
    if (import->options.sheet != NULL) {
        place_write(row->number, position + 1, place);
        report_add(import->options.report, REPORT_ERROR, import->options.name,
                   cell->line, cell->column, "ô %s (%s): %s",
                   "cell %s (%s): %s", place, name, text);
        return;
    }
    place_letters(position + 1, place);
    report_add(import->options.report, REPORT_ERROR, import->options.name,
               cell->line, cell->column, "dòng %zu, cột %s (%s): %s",
               "row %zu, column %s (%s): %s", row->number, place, name, text);
}

void import_fail_row(struct import *import, const struct csv_row *row,
                     const char *vi, const char *en, ...)
{
    char text[SOURCE_TEXT_MAX];
    va_list arguments;

    va_start(arguments, en);
    write_text(import, vi, en, arguments, text);
    va_end(arguments);
    keep_issue(import, SIZE_MAX, text);
    report_add(import->options.report, REPORT_ERROR, import->options.name,
               row->line, 0, "dòng %zu: %s", "row %zu: %s", row->number, text);
}

const char *import_column_name(const struct import *import, size_t position)
{
    return position < import->column_count ? import->columns[position].name
                                           : "";
}

uint32_t import_column_field(const struct import *import, size_t position)
{
    return position < import->column_count ? import->columns[position].field
                                           : 0;
}

/* ---- the heading ---- */

bool import_blank_cell(const struct csv_cell *cell)
{
    for (size_t i = 0; i < cell->size; i++) {
        if (cell->text[i] != ' ' && cell->text[i] != '\t') {
            return false;
        }
    }
    return true;
}

/* Whether rows of any type, or of the one that is said for all, may have the
 * column; `nearest` gets what was probably meant. */
static bool column_known(const struct import *import, const char *name,
                         const char **nearest)
{
    size_t count = 0;
    const struct catalogue_type *types = catalogue_types(&count);

    *nearest = NULL;
    if (import->options.type != NULL) {
        return source_field(import->options.type, name, strlen(name),
                            nearest) != 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (source_field(&types[i], name, strlen(name),
                         *nearest == NULL ? nearest : NULL) != 0) {
            return true;
        }
    }
    return false;
}

static void read_name(struct import *import, const struct csv_row *row,
                      size_t position)
{
    const struct csv_cell *cell = &row->cells[position];
    struct import_column *column = &import->columns[position];
    char text[2u * IMPORT_NAME_MAX];
    const char *nearest = NULL;
    size_t size = 0;
    size_t begin = 0;

    if (cell->size >= IMPORT_NAME_MAX ||
        text_to_nfc(cell->text, cell->size, text, sizeof text, &size, NULL) !=
            STATUS_OK ||
        size >= IMPORT_NAME_MAX) {
        import_fail_cell(import, row, position,
                         "tên cột quá dài hoặc không phải chữ UTF-8; hãy lưu "
                         "tệp dạng CSV UTF-8",
                         "the name of the column is too long or not UTF-8; "
                         "save the file as CSV UTF-8");
        return;
    }
    while (size > 0 && text[size - 1] == ' ') {
        size--;
    }
    while (begin < size && text[begin] == ' ') {
        begin++;
    }
    memcpy(column->name, text + begin, size - begin);
    column->name[size - begin] = '\0';
    if (column->name[0] == '\0' ||
        column_known(import, column->name, &nearest)) {
        return;
    }
    if (nearest != NULL) {
        import_fail_cell(import, row, position,
                         "không có trường này; có phải ý bạn là \"%s\"?",
                         "there is no such field; did you mean \"%s\"?",
                         nearest);
    } else {
        import_fail_cell(import, row, position,
                         "không có trường này; hãy sửa tên cột hoặc xóa cột",
                         "there is no such field; mend the name of the column "
                         "or remove it");
    }
}

/* Whether the column is the field of every event's head. */
static bool says(const char *name, uint32_t number)
{
    size_t size = strlen(name);
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);

    for (size_t i = 0; i < count; i++) {
        const struct catalogue_field *field = &header[i];

        if (field->number == number) {
            return strcmp(name, field->name) == 0 ||
                   source_same(name, size, field->label.vi) ||
                   source_same(name, size, field->label.en);
        }
    }
    return false;
}

static void find_columns(struct import *import)
{
    for (size_t i = import->column_count; i > 0; i--) {
        const char *name = import->columns[i - 1].name;
        size_t size = strlen(name);

        if (size == 0) {
            continue;
        }
        if (says(name, EVENT_TYPE)) {
            import->type_column = i - 1;
        } else if (says(name, EVENT_ENTRY_KEY)) {
            import->key_column = i - 1;
        } else if (source_same(name, size, IMPORT_MARK_VI) ||
                   source_same(name, size, IMPORT_MARK_EN)) {
            import->mark_column = i - 1;
        }
    }
}

enum status import_read_heading(struct import *import,
                                const struct csv_row *row)
{
    import->column_count = row->cell_count;
    for (size_t i = 0; i < row->cell_count; i++) {
        read_name(import, row, i);
    }
    find_columns(import);
    if (import->type_column == SIZE_MAX && import->options.type == NULL) {
        import_fail_row(import, row,
                        "chưa biết các dòng là loại sự kiện nào; hãy thêm cột "
                        "\"type\" hoặc dùng --type",
                        "it is not said what type of event the rows are; add "
                        "a column \"type\" or use --type");
    }
    return import->options.report->errors > import->started ? STATUS_INVALID
                                                            : STATUS_OK;
}

/* ---- rows of a template ---- */

bool import_is_example(const struct import *import, const struct csv_row *row)
{
    const struct csv_cell *cell;

    if (import->mark_column >= row->cell_count) {
        return false;
    }
    cell = &row->cells[import->mark_column];
    return source_same(cell->text, cell->size, IMPORT_EXAMPLE_VI) ||
           source_same(cell->text, cell->size, IMPORT_EXAMPLE_EN);
}

bool import_is_empty(const struct import *import, const struct csv_row *row)
{
    bool prepared = import->key_column < row->cell_count &&
                    !import_blank_cell(&row->cells[import->key_column]);

    for (size_t i = 0; i < row->cell_count; i++) {
        if (!import_blank_cell(&row->cells[i]) &&
            !(prepared &&
              (i == import->key_column || i == import->type_column ||
               i == import->mark_column))) {
            return false;
        }
    }
    return true;
}
