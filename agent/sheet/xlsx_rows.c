/* The happy path: rows and cells in order, each cell a number, a shared text,
 * a text of its own, or what a formula came to. Failure modes: rows and cells
 * out of place, more of them than there may be, merged cells; each is a fault
 * with its place. */
#include "agent/sheet/xlsx_rows.h"

#include <stdlib.h>
#include <string.h>

#include "agent/sheet/markup.h"
#include "agent/sheet/number.h"
#include "agent/sheet/place.h"
#include "common/base/text.h"

enum cell_kind {
    CELL_NUMBER,
    CELL_SHARED,
    CELL_TEXT, /* a formula's text, a mistake such as #REF! */
    CELL_DAY,  /* in words: 2018-03-05T00:00:00 */
    CELL_FLAG,
    CELL_INLINE
};

/* What the text between tags belongs to. */
enum within {
    WITHIN_NOTHING,
    WITHIN_VALUE,
    WITHIN_FORMULA,
    WITHIN_INLINE
};

struct sheet_reading {
    const struct xlsx_shared *shared;
    const struct xlsx_reading *reading;
    struct xlsx_seen *seen;
    struct fault *fault;
    uint64_t total; /* bytes of the part, as it says */

    bool in_data;
    bool in_row;
    size_t row;    /* number of the row that is read, or was last */
    size_t column; /* of the cell that is read, or was last in the row */
    bool hidden;
    uint64_t cells;

    enum cell_kind kind;
    bool in_cell;
    bool day;
    bool has_value;
    unsigned aloud; /* rPh that are open */
    enum within within;
    size_t size; /* of the cell's text, so far */
    char text[STRINGS_TEXT_MAX + 1u];
    size_t formula_size;
    char formula[NUMBER_TEXT_MAX];

    /* The row: its texts one behind the other, each with a zero. */
    struct csv_cell out[CSV_COLUMNS_MAX];
    size_t out_count;
    size_t used;
    char texts[CSV_ROW_BYTES_MAX];
};

static enum status refuse(struct sheet_reading *sheet, enum fault_kind kind,
                          size_t row, size_t column)
{
    fault_set_cell(sheet->fault, kind, row, column);
    return STATUS_INVALID;
}

static bool read_number(const char *text, uint64_t *number)
{
    return text != NULL &&
           text_parse_count(text, strlen(text), number) == STATUS_OK;
}

/* ---- rows ---- */

static enum status begin_row(struct sheet_reading *sheet,
                             const char *const *attributes)
{
    const char *text = markup_attribute(attributes, "r");
    const char *hidden = markup_attribute(attributes, "hidden");
    uint64_t number = sheet->row + 1;

    if ((text != NULL && !read_number(text, &number)) || number <= sheet->row ||
        number > PLACE_ROWS_MAX) {
        return refuse(sheet, FAULT_ROW_ORDER, sheet->row + 1, 0);
    }
    sheet->in_row = true;
    sheet->row = (size_t)number;
    sheet->column = 0;
    sheet->hidden = hidden != NULL &&
                    (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
    sheet->out_count = 0;
    sheet->used = 0;
    return STATUS_OK;
}

static enum status end_row(struct sheet_reading *sheet)
{
    struct csv_row row = {.number = sheet->row,
                          .line = sheet->row,
                          .cells = sheet->out,
                          .cell_count = sheet->out_count};

    sheet->in_row = false;
    sheet->out_count = 0;
    if (row.cell_count == 0) {
        return STATUS_OK;
    }
    sheet->seen->rows++;
    sheet->seen->hidden_rows += sheet->hidden ? 1 : 0;
    return sheet->reading->on_row(sheet->reading->owner, &row);
}

/* ---- cells ---- */

static enum status begin_cell(struct sheet_reading *sheet,
                              const char *const *attributes)
{
    const char *text = markup_attribute(attributes, "r");
    const char *type = markup_attribute(attributes, "t");
    size_t row = sheet->row;
    size_t column = sheet->column + 1;
    uint64_t style = 0;

    if (++sheet->cells > XLSX_CELLS_MAX) {
        return refuse(sheet, FAULT_MANY_CELLS, sheet->row, 0);
    }
    if (!sheet->in_row || (text != NULL && !place_read(text, &row, &column)) ||
        row != sheet->row || column <= sheet->column ||
        column > PLACE_COLUMNS_MAX) {
        return refuse(sheet, FAULT_CELL_PLACE, sheet->row, sheet->column + 1);
    }
    sheet->column = column;
    sheet->in_cell = true;
    sheet->has_value = false;
    sheet->size = sheet->formula_size = 0;
    sheet->aloud = 0;
    sheet->kind = type == NULL || strcmp(type, "n") == 0 ? CELL_NUMBER
                  : strcmp(type, "s") == 0               ? CELL_SHARED
                  : strcmp(type, "inlineStr") == 0       ? CELL_INLINE
                  : strcmp(type, "b") == 0               ? CELL_FLAG
                  : strcmp(type, "d") == 0               ? CELL_DAY
                                                         : CELL_TEXT;
    (void)read_number(markup_attribute(attributes, "s"), &style);
    sheet->day = sheet->kind == CELL_NUMBER &&
                 styles_is_day(sheet->shared->styles, style);
    return STATUS_OK;
}

/* A text that was cut ends with a whole character. */
static size_t whole(const char *text, size_t size)
{
    if (size == STRINGS_TEXT_MAX) {
        while (size > 0 && ((uint8_t)text[size - 1] & 0xc0u) == 0x80u) {
            size--;
        }
        size -= size > 0 ? 1 : 0;
    }
    return size;
}

/* Adds the text to the row, with empty cells before it where there are. */
static enum status put(struct sheet_reading *sheet, const char *text,
                       size_t size)
{
    size = whole(text, size);
    if (size == 0) {
        return STATUS_OK;
    }
    if (sheet->column > CSV_COLUMNS_MAX) {
        return refuse(sheet, FAULT_MANY_COLUMNS, sheet->row, sheet->column);
    }
    if (size + 2 > sizeof sheet->texts - sheet->used) {
        return refuse(sheet, FAULT_LONG_ROW, sheet->row, 0);
    }
    for (; sheet->out_count < sheet->column; sheet->out_count++) {
        sheet->out[sheet->out_count] =
            (struct csv_cell){.text = "",
                              .size = 0,
                              .line = sheet->row,
                              .column = sheet->out_count + 1};
    }
    memcpy(sheet->texts + sheet->used, text, size);
    sheet->texts[sheet->used + size] = '\0';
    sheet->out[sheet->column - 1].text = sheet->texts + sheet->used;
    sheet->out[sheet->column - 1].size = size;
    sheet->used += size + 1;
    return STATUS_OK;
}

static enum status put_shared(struct sheet_reading *sheet)
{
    char text[STRINGS_TEXT_MAX];
    uint64_t index = 0;
    size_t size = 0;
    enum status rc = STATUS_NOT_FOUND;

    if (read_number(sheet->text, &index)) {
        rc = strings_get(sheet->shared->strings, index, text, &size);
    }
    if (rc == STATUS_NOT_FOUND) {
        return refuse(sheet, FAULT_STRING_INDEX, sheet->row, sheet->column);
    }
    return rc == STATUS_OK ? put(sheet, text, size) : rc;
}

/* Never a yes or a no that nobody gave: what is neither is refused where it
 * stands. */
static enum status put_flag(struct sheet_reading *sheet)
{
    if (strcmp(sheet->text, "1") == 0) {
        return put(sheet, "true", 4);
    }
    if (strcmp(sheet->text, "0") == 0) {
        return put(sheet, "false", 5);
    }
    return put(sheet, sheet->text, sheet->size);
}

static enum status end_cell(struct sheet_reading *sheet)
{
    char number[NUMBER_TEXT_MAX];

    sheet->in_cell = false;
    sheet->text[sheet->size] = '\0';
    /* Never computed: what was meant nobody knows, so it is not passed over. */
    if (sheet->formula_size > 0 &&
        (!sheet->has_value ||
         (sheet->kind == CELL_NUMBER && sheet->size == 0))) {
        return put(sheet, sheet->formula, sheet->formula_size);
    }
    switch (sheet->kind) {
    case CELL_NUMBER:
        if (sheet->size == 0) {
            return STATUS_OK;
        }
        number_write(sheet->text, sheet->day, sheet->shared->from_1904, number);
        return put(sheet, number, strlen(number));
    case CELL_FLAG:
        return put_flag(sheet);
    case CELL_SHARED:
        return sheet->size > 0 ? put_shared(sheet) : STATUS_OK;
    case CELL_DAY: /* whatever the time of the day */
        return put(sheet, sheet->text, strcspn(sheet->text, "T"));
    default:
        if (sheet->size < STRINGS_TEXT_MAX) {
            strings_unescape(sheet->text, &sheet->size);
        }
        return put(sheet, sheet->text, sheet->size);
    }
}

/* ---- elements ---- */

static enum status begin_in_cell(struct sheet_reading *sheet, const char *name)
{
    if (strcmp(name, "v") == 0) {
        sheet->within = WITHIN_VALUE;
        sheet->has_value = true;
        sheet->size = 0;
    } else if (strcmp(name, "f") == 0) {
        sheet->within = WITHIN_FORMULA;
        sheet->formula[0] = '=';
        sheet->formula_size = 1;
    } else if (strcmp(name, "rPh") == 0) {
        sheet->aloud++;
    } else if (strcmp(name, "t") == 0 && sheet->kind == CELL_INLINE &&
               sheet->aloud == 0) {
        sheet->within = WITHIN_INLINE;
        sheet->has_value = true;
    }
    return STATUS_OK;
}

static enum status on_begin(void *owner, const char *name,
                            const char *const *attributes)
{
    struct sheet_reading *sheet = owner;

    if (sheet->in_cell) {
        return begin_in_cell(sheet, name);
    }
    if (strcmp(name, "sheetData") == 0) {
        sheet->in_data = true;
    } else if (sheet->in_data && strcmp(name, "row") == 0) {
        return begin_row(sheet, attributes);
    } else if (sheet->in_data && strcmp(name, "c") == 0) {
        return begin_cell(sheet, attributes);
    } else if (strcmp(name, "mergeCell") == 0) {
        const char *place = markup_attribute(attributes, "ref");

        fault_set(sheet->fault, FAULT_MERGED, place != NULL ? place : "");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status on_end(void *owner, const char *name)
{
    struct sheet_reading *sheet = owner;

    if (strcmp(name, "v") == 0 || strcmp(name, "f") == 0 ||
        strcmp(name, "t") == 0) {
        sheet->within = WITHIN_NOTHING;
    } else if (strcmp(name, "rPh") == 0 && sheet->aloud > 0) {
        sheet->aloud--;
    } else if (sheet->in_cell && strcmp(name, "c") == 0) {
        return end_cell(sheet);
    } else if (sheet->in_data && strcmp(name, "row") == 0) {
        return end_row(sheet);
    } else if (strcmp(name, "sheetData") == 0) {
        sheet->in_data = false;
    }
    return STATUS_OK;
}

static enum status on_text(void *owner, const char *text, size_t size)
{
    struct sheet_reading *sheet = owner;
    size_t room = STRINGS_TEXT_MAX - sheet->size;

    if (sheet->within == WITHIN_FORMULA) {
        room = sizeof sheet->formula - 1 - sheet->formula_size;
        size = size < room ? size : room;
        memcpy(sheet->formula + sheet->formula_size, text, size);
        sheet->formula_size += size;
    } else if (sheet->within != WITHIN_NOTHING) {
        size = size < room ? size : room;
        memcpy(sheet->text + sheet->size, text, size);
        sheet->size += size;
    }
    return STATUS_OK;
}

static void on_progress(void *owner, uint64_t bytes)
{
    struct sheet_reading *sheet = owner;

    if (sheet->reading->progress != NULL) {
        sheet->reading->progress(sheet->reading->owner, bytes, sheet->total);
    }
}

enum status xlsx_rows_read(struct archive *archive,
                           const struct xlsx_shared *shared,
                           const struct xlsx_reading *reading,
                           struct xlsx_seen *seen, struct fault *fault)
{
    struct sheet_reading *sheet = calloc(1, sizeof *sheet);
    struct markup markup = {.owner = sheet,
                            .begin = on_begin,
                            .end = on_end,
                            .text = on_text,
                            .progress = on_progress};
    enum status rc;

    if (sheet == NULL) {
        return STATUS_MEMORY;
    }
    sheet->shared = shared;
    sheet->reading = reading;
    sheet->seen = seen;
    sheet->fault = fault;
    sheet->total = archive_part_size(archive);
    rc = markup_read(archive, &markup, fault);
    free(sheet);
    return rc;
}
