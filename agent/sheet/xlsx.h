/* xlsx - the rows of an .xlsx file, within bounds.
 *
 * Flow     an open file -> archive -> [xlsx] -> rows -> import
 * Owns     the archive, and what all sheets share; close it.
 * Threads  one at a time for each workbook.
 * Limits   as in archive.h, markup.h, strings.h and styles.h;
 *          XLSX_SHEETS_MAX sheets, XLSX_CELLS_MAX cells a sheet,
 *          CSV_COLUMNS_MAX columns and CSV_ROW_BYTES_MAX bytes a row.
 *
 * A row comes as a row of separated text does (csv.h), so that import has one
 * way in: `number` and `line` are the row's number in the sheet, `column` of a
 * cell is its column. Rows without content are left out. A formula counts as
 * what it came to when the file was saved; one that was never worked out comes
 * as it was written. Hidden rows and columns count like the others and are
 * counted. Merged cells refuse the sheet, with all of its rows: they come at
 * its end, so whoever takes rows must be able to give them back.
 */
#ifndef TALLYLINE_AGENT_XLSX_H
#define TALLYLINE_AGENT_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/sheet/fault.h"
#include "common/base/csv.h"
#include "common/base/status.h"

#define XLSX_SHEETS_MAX 64u
#define XLSX_NAME_MAX   128u /* with the closing zero */
#define XLSX_PATH_MAX   256u /* with the closing zero */
#define XLSX_CELLS_MAX  20000000u

struct xlsx; /* opaque */

struct xlsx_sheet {
    char name[XLSX_NAME_MAX]; /* as people see it, perhaps cut */
    char path[XLSX_PATH_MAX]; /* of its part */
    bool hidden;
};

/* What came of reading a sheet. */
struct xlsx_seen {
    uint64_t rows;        /* with content */
    uint64_t hidden_rows; /* of those */
};

struct xlsx_reading {
    csv_row_function on_row;
    void *owner; /* of both */
    /* How much of the sheet was read, now and then; may be NULL. */
    void (*progress)(void *owner, uint64_t bytes, uint64_t total);
};

/* Opens the workbook behind `fd`, which stays the caller's and must stay open
 * and unread. STATUS_INVALID: see `fault`, which must be empty before. */
MUST_USE enum status xlsx_open(int fd, struct xlsx **workbook,
                               struct fault *fault);
void xlsx_close(struct xlsx **workbook);
size_t xlsx_sheet_count(const struct xlsx *workbook);
const struct xlsx_sheet *xlsx_sheet(const struct xlsx *workbook, size_t index);
/* The sheet of that name, hidden or not; NULL. */
const struct xlsx_sheet *xlsx_find(const struct xlsx *workbook,
                                   const char *name);
/* The first sheet that can be seen; NULL. */
const struct xlsx_sheet *xlsx_first(const struct xlsx *workbook);
/* Gives the rows of a sheet in order. Any status but STATUS_OK of `on_row`
 * ends the reading and is the answer. STATUS_INVALID with a fault set: see
 * there. STATUS_IO: the files with the texts cannot be read. */
MUST_USE enum status xlsx_read(struct xlsx *workbook,
                               const struct xlsx_sheet *sheet,
                               const struct xlsx_reading *reading,
                               struct xlsx_seen *seen, struct fault *fault);

#endif
