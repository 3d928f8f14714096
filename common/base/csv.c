/* A machine of five states, fed byte by byte. The separator is not known
 * before the first line has been seen, so that line is kept back in `head`
 * and read once it is complete; from then on nothing is read twice.
 *
 * A row is refused before it passes its limits, so the memory is the limits
 * at most. */
#include "common/base/csv.h"

#include "common/base/check.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MARK_SIZE 3u
#define SEP_SIZE  5u /* "sep=;" */

enum csv_state {
    CELL_START,
    CELL_PLAIN,
    CELL_QUOTED,
    CELL_QUOTE, /* after a quote within quotes: doubled, or the closing one */
    AFTER_CR    /* a LF that belongs to the CR before it is skipped */
};

struct csv {
    csv_row_function on_row;
    void *owner;
    struct buffer head;  /* the first line, until the separator is known */
    bool head_in_quotes; /* the first row goes on in the next line */
    struct buffer text;  /* cells of this row, each closed by a zero */
    size_t offsets[CSV_COLUMNS_MAX];
    struct csv_cell cells[CSV_COLUMNS_MAX];
    size_t cell_count;
    size_t row_number;
    size_t row_line;
    size_t line;
    size_t column; /* characters read in this line */
    enum csv_state state;
    char separator;
    bool cell_open;
    bool dead;
    struct csv_fault fault;
};

enum status csv_new(csv_row_function on_row, void *owner, struct csv **csv)
{
    struct csv *made = calloc(1, sizeof *made);

    *csv = NULL;
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    made->on_row = on_row;
    made->owner = owner;
    buffer_init(&made->head, CSV_ROW_BYTES_MAX);
    /* A closing zero a cell comes on top. */
    buffer_init(&made->text, CSV_ROW_BYTES_MAX + CSV_COLUMNS_MAX);
    made->line = 1;
    *csv = made;
    return STATUS_OK;
}

void csv_free(struct csv **csv)
{
    if (*csv == NULL) {
        return;
    }
    buffer_fini(&(*csv)->head);
    buffer_fini(&(*csv)->text);
    free(*csv);
    *csv = NULL;
}

struct csv_fault csv_fault(const struct csv *csv)
{
    return csv->fault;
}

static enum status fail(struct csv *csv, enum csv_fault_kind kind)
{
    csv->fault = (struct csv_fault){
        .kind = kind, .line = csv->line, .column = csv->column};
    csv->dead = true;
    return STATUS_INVALID;
}

static enum status cell_begin(struct csv *csv)
{
    if (csv->cell_count == CSV_COLUMNS_MAX) {
        return fail(csv, CSV_MANY_COLUMNS);
    }
    if (csv->cell_count == 0) {
        csv->row_line = csv->line;
    }
    csv->offsets[csv->cell_count] = csv->text.size;
    csv->cells[csv->cell_count].line = csv->line;
    csv->cells[csv->cell_count].column = csv->column;
    csv->cell_open = true;
    return STATUS_OK;
}

static enum status cell_add(struct csv *csv, uint8_t byte)
{
    if (csv->text.size - csv->cell_count == CSV_ROW_BYTES_MAX) {
        return fail(csv, CSV_LONG_ROW);
    }
    return buffer_u8(&csv->text, byte);
}

static enum status cell_end(struct csv *csv)
{
    struct csv_cell *cell = &csv->cells[csv->cell_count];

    check(csv->cell_open);
    cell->size = csv->text.size - csv->offsets[csv->cell_count];
    csv->cell_count++;
    csv->cell_open = false;
    csv->state = CELL_START;
    return buffer_u8(&csv->text, 0);
}

static enum status row_end(struct csv *csv)
{
    struct csv_row row;
    enum status rc = STATUS_OK;

    if (csv->cell_open) {
        rc = cell_end(csv);
    }
    if (rc != STATUS_OK || csv->cell_count == 0) {
        return rc;
    }
    for (size_t i = 0; i < csv->cell_count; i++) {
        csv->cells[i].text = (const char *)csv->text.data + csv->offsets[i];
    }
    csv->row_number++;
    row = (struct csv_row){.number = csv->row_number,
                           .line = csv->row_line,
                           .cells = csv->cells,
                           .cell_count = csv->cell_count};
    rc = csv->on_row(csv->owner, &row);
    csv->cell_count = 0;
    buffer_clear(&csv->text);
    return rc;
}

/* The end of a line that is the end of a row. */
static enum status line_end(struct csv *csv, uint8_t byte)
{
    enum status rc = row_end(csv);

    csv->state = byte == '\r' ? AFTER_CR : CELL_START;
    csv->line++;
    csv->column = 0;
    return rc;
}

static enum status separator_or_end(struct csv *csv, uint8_t byte)
{
    enum status rc;

    if (byte != (uint8_t)csv->separator) {
        return line_end(csv, byte);
    }
    rc = cell_end(csv);
    if (rc == STATUS_OK) {
        /* What follows a separator is a cell, be it an empty one. */
        csv->column++;
        rc = cell_begin(csv);
        csv->column--;
    }
    return rc;
}

static bool ends_cell(const struct csv *csv, uint8_t byte)
{
    return byte == (uint8_t)csv->separator || byte == '\n' || byte == '\r';
}

static enum status take_quoted(struct csv *csv, uint8_t byte)
{
    if (byte == '"') {
        csv->state = CELL_QUOTE;
        return STATUS_OK;
    }
    if (byte == '\n') {
        csv->line++;
        csv->column = 0;
    }
    return cell_add(csv, byte);
}

static enum status take_start(struct csv *csv, uint8_t byte)
{
    enum status rc = STATUS_OK;

    if (!csv->cell_open && (byte == '\n' || byte == '\r')) {
        return line_end(csv, byte); /* an empty line */
    }
    if (!csv->cell_open) {
        rc = cell_begin(csv);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    if (byte == '"') {
        csv->state = CELL_QUOTED;
        return STATUS_OK;
    }
    if (ends_cell(csv, byte)) {
        return separator_or_end(csv, byte);
    }
    csv->state = CELL_PLAIN;
    return cell_add(csv, byte);
}

static enum status take_byte(struct csv *csv, uint8_t byte)
{
    if (csv->state == AFTER_CR) {
        csv->state = CELL_START;
        if (byte == '\n') {
            return STATUS_OK;
        }
    }
    if ((byte & 0xC0u) != 0x80u) {
        csv->column++; /* not within a character */
    }
    if (byte == 0) {
        return fail(csv, CSV_NUL);
    }
    switch (csv->state) {
    case CELL_START:
        return take_start(csv, byte);
    case CELL_PLAIN:
        if (ends_cell(csv, byte)) {
            return separator_or_end(csv, byte);
        }
        return byte == '"' ? fail(csv, CSV_QUOTE_INSIDE) : cell_add(csv, byte);
    case CELL_QUOTED:
        return take_quoted(csv, byte);
    case CELL_QUOTE:
        if (byte == '"') {
            csv->state = CELL_QUOTED;
            return cell_add(csv, byte);
        }
        return ends_cell(csv, byte) ? separator_or_end(csv, byte)
                                    : fail(csv, CSV_AFTER_QUOTE);
    case AFTER_CR:
        break;
    }
    check(false);
    return STATUS_INVALID;
}

static enum status take_all(struct csv *csv, struct bytes bytes)
{
    enum status rc = STATUS_OK;

    for (size_t i = 0; i < bytes.size && rc == STATUS_OK; i++) {
        rc = take_byte(csv, bytes.data[i]);
    }
    if (rc != STATUS_OK) {
        csv->dead = true;
    }
    return rc;
}

static char best_separator(struct bytes head)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof candidates] = {0};
    size_t best = 0;
    bool quoted = false;

    for (size_t i = 0; i < head.size; i++) {
        if (head.data[i] == '"') {
            quoted = !quoted;
        }
        for (size_t k = 0; k < sizeof candidates && !quoted; k++) {
            counts[k] += head.data[i] == (uint8_t)candidates[k];
        }
    }
    for (size_t k = 1; k < sizeof candidates; k++) {
        if (counts[k] > counts[best]) {
            best = k;
        }
    }
    return candidates[best];
}

/* The head is complete: finds the separator in it and reads it. */
static enum status open_head(struct csv *csv)
{
    struct bytes head = buffer_bytes(&csv->head);
    enum status rc;

    if (head.size >= 2 && (memcmp(head.data, "\xFF\xFE", 2) == 0 ||
                           memcmp(head.data, "\xFE\xFF", 2) == 0)) {
        csv->column = 1;
        return fail(csv, CSV_UTF16);
    }
    if (head.size >= MARK_SIZE &&
        memcmp(head.data, "\xEF\xBB\xBF", MARK_SIZE) == 0) {
        head.data += MARK_SIZE;
        head.size -= MARK_SIZE;
    }
    if (head.size >= SEP_SIZE && memcmp(head.data, "sep=", 4) == 0 &&
        (head.data[4] == ',' || head.data[4] == ';' || head.data[4] == '\t') &&
        (head.size == SEP_SIZE || head.data[SEP_SIZE] == '\r' ||
         head.data[SEP_SIZE] == '\n')) {
        csv->separator = (char)head.data[4];
        head.data += SEP_SIZE;
        head.size -= SEP_SIZE;
    } else {
        csv->separator = best_separator(head);
    }
    rc = take_all(csv, head);
    buffer_fini(&csv->head);
    return rc;
}

enum status csv_feed(struct csv *csv, struct bytes bytes)
{
    size_t used = 0;

    check(!csv->dead);
    if (csv->separator != 0) {
        return take_all(csv, bytes);
    }
    while (used < bytes.size) {
        uint8_t byte = bytes.data[used++];
        enum status rc = buffer_u8(&csv->head, byte);

        if (rc == STATUS_FULL) {
            return fail(csv, CSV_LONG_ROW);
        }
        if (rc != STATUS_OK) {
            return rc;
        }
        if (byte == '"') {
            csv->head_in_quotes = !csv->head_in_quotes;
        }
        /* A line of hardly a cell is looked at together with the next. */
        if ((byte == '\n' || byte == '\r') && !csv->head_in_quotes &&
            csv->head.size > MARK_SIZE + 1u) {
            rc = open_head(csv);
            if (rc != STATUS_OK) {
                csv->dead = true;
                return rc;
            }
            break;
        }
    }
    return take_all(csv, (struct bytes){.data = bytes.data + used,
                                        .size = bytes.size - used});
}

enum status csv_finish(struct csv *csv)
{
    enum status rc = STATUS_OK;

    check(!csv->dead);
    if (csv->separator == 0) {
        rc = open_head(csv);
    }
    if (rc == STATUS_OK && csv->state == CELL_QUOTED) {
        rc = fail(csv, CSV_QUOTE_OPEN);
    }
    if (rc == STATUS_OK) {
        rc = row_end(csv);
    }
    csv->dead = true;
    return rc;
}

enum status csv_read(struct bytes text, csv_row_function on_row, void *owner,
                     struct csv_fault *fault)
{
    struct csv *csv = NULL;
    enum status rc = csv_new(on_row, owner, &csv);

    if (rc == STATUS_OK) {
        rc = csv_feed(csv, text);
    }
    if (rc == STATUS_OK) {
        rc = csv_finish(csv);
    }
    if (fault != NULL) {
        *fault = csv != NULL ? csv->fault : (struct csv_fault){0};
    }
    csv_free(&csv);
    return rc;
}

const char *csv_fault_text(enum csv_fault_kind kind, enum language language)
{
    static const struct language_text texts[] = {
        [CSV_NO_FAULT] = {"không có lỗi", "no fault"},
        [CSV_UTF16] = {"tệp ở bảng mã UTF-16; hãy lưu lại thành \"CSV UTF-8\"",
                       "the file is UTF-16; save it as \"CSV UTF-8\""},
        [CSV_NUL] = {"có byte 0: đây không phải tệp văn bản; hãy lưu lại "
                     "thành \"CSV UTF-8\"",
                     "a zero byte: this is not a text file; save it as \"CSV "
                     "UTF-8\""},
        [CSV_QUOTE_INSIDE] = {"có dấu \" giữa ô; hãy bỏ dấu này, hoặc đặt cả "
                              "ô trong dấu \" và viết \"\" ở giữa",
                              "a quote inside a cell; remove it, or put the "
                              "whole cell in quotes and double the one inside"},
        [CSV_AFTER_QUOTE] = {"có chữ sau dấu \" đóng ô; hãy đặt dấu phân cách "
                             "ngay sau dấu \"",
                             "text after the closing quote; the separator must "
                             "follow it at once"},
        [CSV_QUOTE_OPEN] = {"tệp kết thúc khi dấu \" chưa đóng; hãy kiểm tra "
                            "ô cuối cùng",
                            "the file ends within quotes; look at the last "
                            "cell"},
        [CSV_MANY_COLUMNS] = {"dòng có quá 128 cột; hãy bỏ bớt cột trống",
                              "the row has more than 128 columns; remove the "
                              "empty ones"},
        [CSV_LONG_ROW] = {"dòng dài quá 65536 byte; có thể dấu \" chưa đóng",
                          "the row is longer than 65536 bytes; perhaps a quote "
                          "is not closed"},
    };

    return language_pick(texts[kind], language);
}
