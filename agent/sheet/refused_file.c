#include "agent/sheet/refused_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"

#define SUFFIX      ".new"
#define MARK        "\xef\xbb\xbf" /* of UTF-8: Excel looks for it */
#define REASONS_MAX 4096u
#define WIDTH       18.0
#define WIDTH_WIDE  60.0

static bool is_text(const char *path)
{
    size_t size = strlen(path);

    return size > 4 && strcmp(path + size - 4, ".csv") == 0;
}

/* ---- separated text ---- */

static void put_cell(struct refused_file *file, const char *text, bool first)
{
    bool quoted = strpbrk(text, ";\"\r\n") != NULL;

    if (!first) {
        (void)fputc(';', file->text);
    }
    if (!quoted) {
        (void)fputs(text, file->text);
        return;
    }
    (void)fputc('"', file->text);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', file->text);
        }
        (void)fputc(*text, file->text);
    }
    (void)fputc('"', file->text);
}

static enum status open_text(struct refused_file *file, const char *path)
{
    char unfinished[FILE_PATH_MAX];
    struct stat info;

    if (snprintf(file->path, sizeof file->path, "%s", path) >=
            (int)sizeof file->path ||
        snprintf(unfinished, sizeof unfinished, "%s" SUFFIX, path) >=
            (int)sizeof unfinished) {
        return STATUS_INVALID;
    }
    if (stat(path, &info) == 0) {
        return STATUS_EXISTS;
    }
    file->text = fopen(unfinished, "w");
    if (file->text == NULL) {
        return STATUS_IO;
    }
    (void)fputs(MARK, file->text);
    return STATUS_OK;
}

static enum status close_text(struct refused_file *file, bool keep)
{
    char unfinished[FILE_PATH_MAX];
    enum status rc = ferror(file->text) != 0 ? STATUS_IO : STATUS_OK;

    if (fclose(file->text) != 0) {
        rc = STATUS_IO;
    }
    file->text = NULL;
    if (snprintf(unfinished, sizeof unfinished, "%s" SUFFIX, file->path) >=
        (int)sizeof unfinished) {
        return STATUS_INVALID;
    }
    if (rc == STATUS_OK && keep && link(unfinished, file->path) != 0) {
        rc = errno == EEXIST ? STATUS_EXISTS : STATUS_IO;
    }
    (void)unlink(unfinished);
    return rc == STATUS_OK && keep ? file_sync_folder(file->path) : rc;
}

/* ---- both ---- */

static void put(struct refused_file *file, size_t column, const char *text,
                enum book_look look)
{
    if (file->text != NULL) {
        put_cell(file, text, column == 0);
    } else {
        book_text(&file->book, file->row, column, text, look);
    }
}

static void end_row(struct refused_file *file)
{
    if (file->text != NULL) {
        (void)fputs("\r\n", file->text);
    }
    file->row++;
}

/* Each column once, by itself: Excel calls a sheet whose ranges overlap
 * damaged. Nobody fills in the key of a row and its type. */
static void set_widths(struct refused_file *file, const struct import *import)
{
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};
    size_t last = file->count + (file->keyed ? 1 : 0);

    for (size_t i = 0; i <= last; i++) {
        uint32_t field =
            i < file->count ? import_column_field(import, file->places[i]) : 0;
        bool by_nobody = field == EVENT_ENTRY_KEY || field == EVENT_TYPE ||
                         (file->keyed && i == file->count);

        book_note(&file->book, worksheet_set_column_opt(
                                   file->book.sheet, (lxw_col_t)i, (lxw_col_t)i,
                                   i == last ? WIDTH_WIDE : WIDTH, NULL,
                                   by_nobody ? &hidden : NULL));
    }
}

/* The columns of the book: what may be entered in them, and how wide. */
static void set_columns(struct refused_file *file,
                        const struct columns *columns,
                        const struct import *import)
{
    struct book *book = &file->book;

    set_widths(file, import);
    worksheet_freeze_panes(book->sheet, 1, 0);
    if (columns == NULL) {
        return;
    }
    book_lists(book, columns);
    book_mark(book, columns);
    for (size_t i = 0; i < file->count; i++) {
        uint32_t field = import_column_field(import, file->places[i]);

        for (size_t k = 0; k < columns->count; k++) {
            if (columns->all[k].field == field) {
                book_rules(book, i, columns, &columns->all[k], 1);
            }
        }
    }
}

enum status refused_file_open(struct refused_file *file, const char *path,
                              const struct columns *columns,
                              const struct import *import,
                              enum language language)
{
    static const struct language_text sheet = {"Cần sửa", "To mend"};
    static const struct language_text reasons = {IMPORT_REASONS_VI,
                                                 IMPORT_REASONS_EN};
    size_t count = 0;
    const struct catalogue_field *header = catalogue_header(&count);
    enum status rc = is_text(path) ? open_text(file, path)
                                   : book_open(&file->book, path,
                                               language_pick(sheet, language),
                                               language, true);

    if (rc != STATUS_OK) {
        return rc;
    }
    file->open = true;
    file->language = language;
    file->keyed = true;
    for (size_t i = 0; i < file->count; i++) {
        file->keyed =
            file->keyed &&
            import_column_field(import, file->places[i]) != EVENT_ENTRY_KEY;
        put(file, i, file->names[i], BOOK_HEADING);
    }
    if (file->keyed) {
        put(file, file->count,
            language_pick(header[EVENT_ENTRY_KEY - 1].label, language),
            BOOK_HEADING);
    }
    put(file, file->count + (file->keyed ? 1 : 0),
        language_pick(reasons, language), BOOK_HEADING_REQUIRED);
    end_row(file);
    if (file->text == NULL) {
        set_columns(file, columns, import);
    }
    return STATUS_OK;
}

static const char *reason_at(const struct import_row *row, size_t place)
{
    for (size_t i = 0; i < row->issue_count; i++) {
        if (row->issues[i].column == place) {
            return row->issues[i].text;
        }
    }
    return NULL;
}

static void put_value(struct refused_file *file, const struct import *import,
                      const struct import_row *row, size_t column)
{
    size_t place = file->places[column];
    const char *text =
        place < row->row->cell_count ? row->row->cells[place].text : "";
    const char *reason = reason_at(row, place);
    uint32_t field = import_column_field(import, place);

    if (file->text != NULL) {
        put(file, column, text, BOOK_TEXT);
        return;
    }
    if (reason == NULL) {
        book_value(&file->book, file->row, column,
                   row->type != NULL ? columns_meaning(row->type, field) : NULL,
                   text);
        return;
    }
    put(file, column, text, BOOK_FAULTY);
    if (file->remarks < REFUSED_REMARKS_MAX) {
        book_remark(&file->book, file->row, column, reason);
        file->remarks++;
    }
}

/* "Ngày kiểm tra: ...", one below the other. */
static void write_reasons(const struct import *import,
                          const struct import_row *row, char out[REASONS_MAX])
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < row->issue_count; i++) {
        const struct import_issue *issue = &row->issues[i];
        const char *name = issue->column != SIZE_MAX
                               ? import_column_name(import, issue->column)
                               : "";
        int length = snprintf(out + used, REASONS_MAX - used, "%s%s%s%s",
                              i > 0 ? "; " : "", name,
                              name[0] != '\0' ? ": " : "", issue->text);

        if (length < 0 || used + (size_t)length >= REASONS_MAX) {
            out[used] = '\0';
            return;
        }
        used += (size_t)length;
    }
}

void refused_file_row(struct refused_file *file, const struct import *import,
                      const struct import_row *row, const char *key)
{
    char reasons[REASONS_MAX];

    for (size_t i = 0; i < file->count; i++) {
        bool place =
            key[0] != '\0' && !file->keyed &&
            import_column_field(import, file->places[i]) == EVENT_ENTRY_KEY;

        if (place) {
            put(file, i, key, BOOK_TEXT);
        } else {
            put_value(file, import, row, i);
        }
    }
    if (file->keyed) {
        put(file, file->count, key, BOOK_TEXT);
    }
    write_reasons(import, row, reasons);
    put(file, file->count + (file->keyed ? 1 : 0), reasons, BOOK_REASON);
    end_row(file);
}

enum status refused_file_close(struct refused_file *file, bool keep)
{
    file->open = false;
    return file->text != NULL ? close_text(file, keep)
                              : book_close(&file->book, keep);
}
