/* Reads a file row by row, so that memory does not grow with it. A mistake in
 * a row is noted with its place and the reading goes on; what makes the rest
 * doubtful (an open quote, no heading) ends it. After the first mistake rows
 * are still judged but no longer saved. */
#include "agent/source/import_internal.h"

#include <stdlib.h>
#include <string.h>

#define ROW_CONTEXT "tallyline row 1"

/* ---- rows ---- */

/* The type that a cell names; NULL after a mistake. */
static const struct catalogue_type *read_type(struct import *import,
                                              const struct csv_row *row,
                                              size_t at)
{
    const struct csv_cell *cell = &row->cells[at];
    const struct catalogue_type *type = import->resolved;
    const struct catalogue_type *all = import->options.type;
    const char *nearest = NULL;

    /* The last row's type is the likeliest. */
    if (type == NULL || strcmp(cell->text, type->name) != 0) {
        type = source_type(cell->text, cell->size, &nearest);
    }
    if (type == NULL && nearest != NULL) {
        import_fail_cell(import, row, at,
                         "không có loại sự kiện này; có phải ý bạn là \"%s\"?",
                         "there is no such type of event; did you mean "
                         "\"%s\"?",
                         nearest);
    } else if (type == NULL) {
        import_fail_cell(import, row, at,
                         "không có loại sự kiện này; xem tallyline-agent "
                         "record --help",
                         "there is no such type of event; see "
                         "tallyline-agent record --help");
    } else if (all != NULL && type != all) {
        import_fail_cell(import, row, at,
                         "là loại sự kiện khác với --type %s; hãy sửa dòng này "
                         "hoặc bỏ --type",
                         "is another type of event than --type %s; mend the "
                         "row or leave out --type",
                         all->name);
        type = NULL;
    }
    return type;
}

static const struct catalogue_type *type_of_row(struct import *import,
                                                const struct csv_row *row)
{
    size_t at = import->type_column;

    if (at < row->cell_count && !import_blank_cell(&row->cells[at])) {
        return read_type(import, row, at);
    }
    if (import->options.type == NULL) {
        import_fail_row(import, row, "thiếu loại sự kiện ở cột type",
                        "the type of event is missing in column type");
    }
    return import->options.type;
}

static void resolve(struct import *import, const struct catalogue_type *type)
{
    if (import->resolved == type) {
        return;
    }
    for (size_t i = 0; i < import->column_count; i++) {
        struct import_column *column = &import->columns[i];

        column->field =
            source_field(type, column->name, strlen(column->name), NULL);
    }
    import->resolved = type;
}

/* A cell with content where the row's type has no field. */
static void fail_surplus(struct import *import, const struct csv_row *row,
                         size_t position)
{
    if (position < import->column_count &&
        import->columns[position].name[0] != '\0') {
        import_fail_cell(import, row, position,
                         "loại sự kiện của dòng không có trường này; hãy để "
                         "trống ô",
                         "events of the row's type have no such field; leave "
                         "the cell empty");
    } else {
        import_fail_cell(import, row, position,
                         "ô có nội dung nhưng cột không có tên; hãy đặt tên "
                         "cột hoặc xóa nội dung",
                         "the cell has content but its column has no name; "
                         "name the column or empty the cell");
    }
}

/* Cells that have content, with their fields; `places` are their columns. */
static bool gather_cells(struct import *import, const struct csv_row *row,
                         struct source_cell cells[SOURCE_CELLS_MAX],
                         size_t places[SOURCE_CELLS_MAX], size_t *count)
{
    bool good = true;

    *count = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct csv_cell *cell = &row->cells[i];
        uint32_t field =
            i < import->column_count ? import->columns[i].field : 0;

        if (import_blank_cell(cell) || i == import->type_column) {
            continue;
        }
        if (field == 0) {
            fail_surplus(import, row, i);
            good = false;
            continue;
        }
        if (*count == SOURCE_CELLS_MAX) {
            import_fail_cell(import, row, i, "dòng có quá nhiều ô",
                             "the row has too many cells");
            return false;
        }
        cells[*count] = (struct source_cell){field, cell->text, cell->size};
        places[(*count)++] = i;
    }
    return good;
}

static void report_issues(struct import *import, const struct csv_row *row,
                          const size_t places[])
{
    const struct source *source = import->options.source;

    for (size_t i = 0; i < source->issue_count && i < SOURCE_ISSUES_MAX; i++) {
        const struct source_issue *issue = &source->issues[i];

        if (issue->cell == SOURCE_NO_CELL) {
            import_fail_row(import, row, "%s", "%s", issue->text);
        } else {
            import_fail_cell(import, row, places[issue->cell], "%s", "%s",
                             issue->text);
        }
    }
}

static enum status save(struct import *import, const struct event *event,
                        enum import_verdict *verdict)
{
    struct spool *spool = import->options.source->spool;
    uint64_t id;
    bool skipped = false;
    enum status rc = STATUS_OK;

    if (spool != NULL && (import->options.good_only ||
                          import->options.report->errors == import->started)) {
        rc = spool_add(spool, event, &id, &skipped);
    }
    if (rc == STATUS_OK) {
        import->counts.added += skipped ? 0 : 1;
        import->counts.known += skipped ? 1 : 0;
        *verdict = skipped ? IMPORT_KNOWN : IMPORT_ADDED;
    }
    return rc;
}

static enum status read_row(struct import *import, const struct csv_row *row,
                            enum import_verdict *verdict)
{
    struct source_cell cells[SOURCE_CELLS_MAX];
    size_t places[SOURCE_CELLS_MAX];
    const struct catalogue_type *type = type_of_row(import, row);
    struct event event;
    size_t count = 0;
    enum status rc;

    *verdict = IMPORT_REFUSED;
    if (type == NULL) {
        return STATUS_OK;
    }
    resolve(import, type);
    if (!gather_cells(import, row, cells, places, &count)) {
        return STATUS_OK;
    }
    rc = source_read(import->options.source, type, cells, count, &event);
    if (import->trouble != STATUS_OK) {
        return import->trouble;
    }
    switch (rc) {
    case STATUS_OK:
        return save(import, &event, verdict);
    case STATUS_EXISTS:
        import->counts.known++;
        *verdict = IMPORT_KNOWN;
        return STATUS_OK;
    case STATUS_INVALID:
        report_issues(import, row, places);
        return STATUS_OK;
    default:
        return rc;
    }
}

static void tell(struct import *import, const struct csv_row *row,
                 enum import_verdict verdict)
{
    struct import_row told = {.row = row,
                              .verdict = verdict,
                              .type = import->resolved,
                              .issues = import->issues,
                              .issue_count = import->issue_count,
                              .saved_as = import->options.source->saved_as};

    if (import->options.on_row != NULL) {
        import->options.on_row(import->options.row_owner, &told);
    }
}

static enum status take_heading(struct import *import,
                                const struct csv_row *row)
{
    enum status rc = import_read_heading(import, row);

    if (rc == STATUS_OK && import->options.type != NULL) {
        resolve(import, import->options.type);
    }
    tell(import, row, rc == STATUS_OK ? IMPORT_HEADING : IMPORT_REFUSED);
    return rc;
}

/* A row that somebody filled in. */
static enum status take_row(struct import *import, const struct csv_row *row,
                            enum import_verdict *verdict)
{
    import->counts.rows++;
    *verdict = IMPORT_REFUSED;
    if (import->counts.rows > IMPORT_ROWS_MAX) {
        import_fail_row(
            import, row, "tệp có quá %u dòng; hãy chia thành nhiều tệp",
            "the file has more than %u rows; divide it", IMPORT_ROWS_MAX);
        return STATUS_INVALID;
    }
    if (import_is_example(import, row)) {
        import_fail_cell(import, row, import->mark_column,
                         "dòng được ghi là ví dụ; nếu là số liệu thật, hãy xóa "
                         "chữ này",
                         "the row says that it is the example; if it is a real "
                         "one, empty this cell");
        return STATUS_OK;
    }
    return read_row(import, row, verdict);
}

static enum status on_row(void *owner, const struct csv_row *row)
{
    struct import *import = owner;
    enum import_verdict verdict = IMPORT_PASSED_OVER;
    enum status rc = STATUS_OK;

    import->issue_count = 0;
    import->options.source->saved_as = 0;
    if (import_is_empty(import, row)) {
        return STATUS_OK; /* as spreadsheets leave them behind a table */
    }
    import->taken++;
    if (import->taken == 1) {
        return take_heading(import, row);
    }
    /* The example stands below the heading and nowhere else. */
    if (import->taken != 2 || !import_is_example(import, row)) {
        rc = take_row(import, row, &verdict);
    }
    if (rc == STATUS_OK || rc == STATUS_INVALID) {
        import->counts.refused += verdict == IMPORT_REFUSED ? 1 : 0;
        tell(import, row, verdict);
    }
    return rc;
}

enum status import_take(struct import *import, const struct csv_row *row)
{
    return on_row(import, row);
}

/* ---- keys of rows ---- */

static void make_entry_key(void *owner, const struct digest *content,
                           uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    struct import *import = owner;
    uint8_t input[sizeof ROW_CONTEXT + DIGEST_BYTES + 4];
    struct digest digest;
    uint64_t place = bytes_get_u64(content->bytes) | 1u;
    uint32_t before = id_map_get(&import->seen, place);
    uint32_t ordinal = before == ID_MAP_NONE ? 0 : before + 1;

    if (id_map_put(&import->seen, place, ordinal) != STATUS_OK) {
        import->trouble = STATUS_MEMORY;
    }
    memcpy(input, ROW_CONTEXT, sizeof ROW_CONTEXT);
    memcpy(input + sizeof ROW_CONTEXT, content->bytes, DIGEST_BYTES);
    bytes_put_u32(input + sizeof ROW_CONTEXT + DIGEST_BYTES, ordinal);
    digest_bytes((struct bytes){input, sizeof input}, &digest);
    memcpy(key, digest.bytes, EVENT_ENTRY_KEY_BYTES);
}

/* ---- life ---- */

enum status import_new(const struct import_options *options,
                       struct import **import)
{
    struct import *made = calloc(1, sizeof *made);
    enum status rc;

    *import = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->options = *options;
    made->type_column = made->key_column = made->mark_column = SIZE_MAX;
    made->started = options->report->errors;
    id_map_init(&made->seen);
    rc = csv_new(on_row, made, &made->csv);
    if (rc != STATUS_OK) {
        import_free(&made);
        return rc;
    }
    options->source->entry_key = make_entry_key;
    options->source->entry_owner = made;
    *import = made;
    return STATUS_OK;
}

void import_free(struct import **import)
{
    if (*import == NULL) {
        return;
    }
    csv_free(&(*import)->csv);
    id_map_fini(&(*import)->seen);
    free(*import);
    *import = NULL;
}

/* What the reader of separated text could not read. */
static enum status explain(struct import *import, enum status rc)
{
    struct csv_fault fault = csv_fault(import->csv);

    if (rc == STATUS_INVALID && fault.kind != CSV_NO_FAULT) {
        report_add(
            import->options.report, REPORT_ERROR, import->options.name,
            fault.line, fault.column, "%s", "%s",
            csv_fault_text(fault.kind, import->options.report->language));
    }
    return rc;
}

enum status import_feed(struct import *import, struct bytes piece)
{
    return explain(import, csv_feed(import->csv, piece));
}

enum status import_finish(struct import *import, struct import_counts *counts)
{
    enum status rc = explain(import, csv_finish(import->csv));

    if (rc == STATUS_OK && import->column_count == 0) {
        report_add(import->options.report, REPORT_ERROR, import->options.name,
                   0, 0, "tệp trống; dòng đầu phải là tên các cột",
                   "the file is empty; the first row must name the columns");
        rc = STATUS_INVALID;
    }
    *counts = import->counts;
    return rc;
}
