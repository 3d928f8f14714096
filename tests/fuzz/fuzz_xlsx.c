/* Any bytes as a workbook: every sheet is read, or there is a fault with a
 * sentence; no row is longer or out of order. */
#include "agent/sheet/xlsx.h"
#include "common/base/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reached {
    size_t row;
};

static enum status on_row(void *owner, const struct csv_row *row)
{
    struct reached *reached = owner;

    check(row->number > reached->row);
    check(row->cell_count > 0 && row->cell_count <= CSV_COLUMNS_MAX);
    for (size_t i = 0; i < row->cell_count; i++) {
        check(strlen(row->cells[i].text) == row->cells[i].size);
        check(row->cells[i].column == i + 1);
    }
    reached->row = row->number;
    return STATUS_OK;
}

static void check_answer(enum status rc, const struct fault *fault)
{
    char text[FAULT_TEXT_MAX];

    check(rc == STATUS_OK || rc == STATUS_INVALID);
    check((rc == STATUS_INVALID) == (fault->kind != FAULT_NONE));
    fault_write(fault, LANGUAGE_VI, text);
    check(text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *file;
    struct fault fault = {.kind = FAULT_NONE};
    struct xlsx *xlsx = NULL;
    enum status rc;

    file = file != NULL ? file : tmpfile();
    check(file != NULL && ftruncate(fileno(file), 0) == 0);
    check(pwrite(fileno(file), data, size, 0) == (ssize_t)size);
    rc = xlsx_open(fileno(file), &xlsx, &fault);
    check_answer(rc, &fault);
    for (size_t i = 0; rc == STATUS_OK && i < xlsx_sheet_count(xlsx); i++) {
        struct reached reached = {0};
        struct xlsx_reading reading = {.on_row = on_row, .owner = &reached};
        struct xlsx_seen seen;

        fault = (struct fault){.kind = FAULT_NONE};
        check_answer(
            xlsx_read(xlsx, xlsx_sheet(xlsx, i), &reading, &seen, &fault),
            &fault);
    }
    xlsx_close(&xlsx);
    return 0;
}
