/* The happy path: the form shows in the first bytes, the rows follow. A text is
 * read twice, since its encoding shows in all of its words together. Failure
 * modes: a form, an encoding or a sheet that cannot be told, and whatever the
 * readers refuse; each is a line of the report. */
#include "agent/sheet/feed.h"

#include <string.h>
#include <sys/stat.h>

#include "common/base/text.h"

#define PIECE_BYTES 65536u
/* Bytes of UTF-8 for one byte of an older encoding, what was held included. */
#define TEXT_GROWTH_MAX 4u

static void tell_progress(struct feed *feed, uint64_t done, uint64_t total)
{
    if (feed->options.progress != NULL) {
        feed->options.progress(feed->options.owner, done, total);
    }
}

/* ---- separated text ---- */

static enum status find_charset(struct feed *feed)
{
    static uint8_t piece[PIECE_BYTES];
    struct report *report = feed->options.report;
    struct charset_look *look;
    size_t size;

    feed->charset = feed->options.charset;
    if (feed->charset != CHARSETS) {
        return STATUS_OK;
    }
    look = charset_look_new();
    if (look == NULL) {
        return STATUS_MEMORY;
    }
    do {
        size = fread(piece, 1, sizeof piece, feed->file);
        charset_look_feed(look, (struct bytes){piece, size});
    } while (size == sizeof piece);
    feed->charset = charset_look_finish(look);
    charset_look_free(&look);
    if (ferror(feed->file) != 0 || fseek(feed->file, 0, SEEK_SET) != 0) {
        return STATUS_NO_INPUT;
    }
    if (feed->charset != CHARSETS) {
        return STATUS_OK;
    }
    report_add(report, REPORT_ERROR, feed->options.name, 0, 0,
               "không nhận ra bảng mã chữ Việt; hãy lưu lại trong Excel dạng "
               "\"CSV UTF-8\", hoặc thêm --encoding windows-1258, tcvn3 hay "
               "vni",
               "cannot tell how its Vietnamese letters are encoded; save it in "
               "Excel as \"CSV UTF-8\", or say --encoding windows-1258, tcvn3 "
               "or vni");
    return STATUS_INVALID;
}

static enum status read_piece(struct feed *feed, struct charset_reader *reader,
                              struct buffer *text, bool *ended)
{
    static uint8_t piece[PIECE_BYTES];
    size_t size = fread(piece, 1, sizeof piece, feed->file);
    enum status rc;

    *ended = size < sizeof piece;
    buffer_clear(text);
    rc = charset_reader_feed(reader, (struct bytes){piece, size}, text);
    if (rc == STATUS_OK && *ended) {
        rc = charset_reader_finish(reader, text);
    }
    if (rc == STATUS_INVALID) {
        report_add(feed->options.report, REPORT_ERROR, feed->options.name,
                   charset_reader_line(reader), 0,
                   "có ký tự không thuộc bảng mã %s; kiểm tra lại --encoding",
                   "there is a character that %s does not have; check "
                   "--encoding",
                   charset_name(feed->charset));
    }
    feed->done += size;
    return rc;
}

static enum status read_text(struct feed *feed)
{
    struct charset_reader *reader = NULL;
    struct buffer text;
    bool ended = false;
    enum status rc = charset_reader_new(feed->charset, &reader);

    buffer_init(&text, (size_t)TEXT_GROWTH_MAX * PIECE_BYTES);
    while (rc == STATUS_OK && !ended) {
        rc = read_piece(feed, reader, &text, &ended);
        if (rc == STATUS_OK) {
            rc =
                import_feed(feed->import, (struct bytes){text.data, text.size});
            tell_progress(feed, feed->done, feed->size);
        }
    }
    buffer_fini(&text);
    charset_reader_free(&reader);
    return rc == STATUS_OK && ferror(feed->file) != 0 ? STATUS_NO_INPUT : rc;
}

/* ---- a workbook ---- */

static enum status explain(struct feed *feed, enum status rc,
                           const struct fault *fault)
{
    char text[FAULT_TEXT_MAX];

    if (rc == STATUS_INVALID && fault->kind != FAULT_NONE) {
        fault_write(fault, feed->options.report->language, text);
        report_add(feed->options.report, REPORT_ERROR, feed->options.name,
                   fault->row, fault->column, "%s", "%s", text);
    }
    return rc;
}

/* What a template says of itself, row by row: a key and a value. */
struct mark {
    struct feed *feed;
    bool newer;
};

static enum status on_mark(void *owner, const struct csv_row *row)
{
    struct mark *mark = owner;
    const struct csv_cell *cells = row->cells;
    uint64_t version = 0;

    if (row->cell_count < 2) {
        return STATUS_OK;
    }
    if (strcmp(cells[0].text, FEED_MARK_SHEET) == 0) {
        mark->newer = text_parse_count(cells[1].text, cells[1].size,
                                       &version) != STATUS_OK ||
                      version > FEED_MARK_VERSION;
    } else if (strcmp(cells[0].text, FEED_MARK_TYPE) == 0) {
        mark->feed->type = catalogue_type_by_name(cells[1].text);
    }
    return STATUS_OK;
}

static enum status read_mark(struct feed *feed, struct fault *fault)
{
    struct mark mark = {.feed = feed};
    struct xlsx_reading reading = {.on_row = on_mark, .owner = &mark};
    const struct xlsx_sheet *sheet = xlsx_find(feed->workbook, FEED_MARK_SHEET);
    enum status rc;

    if (sheet == NULL) {
        return STATUS_OK;
    }
    rc = xlsx_read(feed->workbook, sheet, &reading, &feed->seen, fault);
    if (rc == STATUS_OK && mark.newer) {
        fault_set(fault, FAULT_NEWER, "");
        rc = STATUS_INVALID;
    }
    return rc;
}

static enum status open_workbook(struct feed *feed)
{
    struct fault fault = {.kind = FAULT_NONE};
    enum status rc = xlsx_open(fileno(feed->file), &feed->workbook, &fault);

    if (rc == STATUS_OK && feed->options.sheet != NULL) {
        feed->sheet = xlsx_find(feed->workbook, feed->options.sheet);
        if (feed->sheet == NULL) {
            fault_set(&fault, FAULT_NO_SUCH_SHEET, feed->options.sheet);
            rc = STATUS_INVALID;
        }
    } else if (rc == STATUS_OK) {
        feed->sheet = xlsx_first(feed->workbook);
    }
    if (rc == STATUS_OK) {
        rc = read_mark(feed, &fault);
    }
    return explain(feed, rc, &fault);
}

static enum status on_sheet_row(void *owner, const struct csv_row *row)
{
    struct feed *feed = owner;

    return import_take(feed->import, row);
}

static void on_progress(void *owner, uint64_t bytes, uint64_t total)
{
    tell_progress(owner, bytes, total);
}

static enum status read_sheet(struct feed *feed)
{
    struct fault fault = {.kind = FAULT_NONE};
    struct xlsx_reading reading = {
        .on_row = on_sheet_row, .owner = feed, .progress = on_progress};

    return explain(
        feed,
        xlsx_read(feed->workbook, feed->sheet, &reading, &feed->seen, &fault),
        &fault);
}

/* ---- life ---- */

/* A workbook begins as an archive does; an old or a locked one as a compound
 * file. */
static bool is_workbook(const uint8_t head[4])
{
    return memcmp(head, "PK\3\4", 4) == 0 ||
           memcmp(head, "\xd0\xcf\x11\xe0", 4) == 0;
}

enum status feed_open(struct feed *feed, const struct feed_options *options,
                      FILE *file)
{
    uint8_t head[4] = {0};
    struct stat info;

    *feed = (struct feed){.options = *options, .file = file};
    if (fstat(fileno(file), &info) != 0 || fseek(file, 0, SEEK_SET) != 0) {
        return STATUS_NO_INPUT;
    }
    feed->size = (uint64_t)info.st_size;
    (void)!fread(head, 1, sizeof head, file);
    if (ferror(file) != 0 || fseek(file, 0, SEEK_SET) != 0) {
        return STATUS_NO_INPUT;
    }
    return is_workbook(head) ? open_workbook(feed) : find_charset(feed);
}

void feed_close(struct feed *feed)
{
    xlsx_close(&feed->workbook);
    feed->sheet = NULL;
}

const char *feed_sheet(const struct feed *feed)
{
    return feed->sheet != NULL ? feed->sheet->name : NULL;
}

static bool is_guide(const struct feed *feed, const char *name)
{
    return feed->type != NULL && (strcmp(name, FEED_GUIDE_VI) == 0 ||
                                  strcmp(name, FEED_GUIDE_EN) == 0);
}

const char *feed_unread(const struct feed *feed, size_t *cursor)
{
    const struct xlsx_sheet *sheet = NULL;

    if (feed->workbook == NULL) {
        return NULL;
    }
    while ((sheet = xlsx_sheet(feed->workbook, *cursor)) != NULL) {
        *cursor += 1;
        if (!sheet->hidden && sheet != feed->sheet &&
            !is_guide(feed, sheet->name)) {
            return sheet->name;
        }
    }
    return NULL;
}

enum status feed_rows(struct feed *feed, struct import *import,
                      struct import_counts *counts)
{
    enum status rc;

    feed->import = import;
    feed->done = 0;
    rc = feed->workbook != NULL ? read_sheet(feed) : read_text(feed);
    feed->import = NULL;
    return rc == STATUS_OK ? import_finish(import, counts) : rc;
}
