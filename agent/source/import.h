/* import - the rows of a file become events, all or none.
 *
 * Flow     FILE.csv -> csv -> [import] -> source -> spool
 *          FILE.xlsx -> workbook -> [import]
 * Owns     the column table and the keys of the rows seen; free it.
 * Threads  one, as the spool.
 * Limits   IMPORT_ROWS_MAX rows; cells as in csv.h and source.h. Memory does
 *          not grow with the file but for 16 bytes a row.
 *
 * The first row names the columns, by field name or label. A column `type`
 * says what each row is, or `type` below says it for all. The caller opens the
 * spool's transaction before and commits it after, when the report has no
 * error: a row that cannot be read keeps the whole file out, unless only the
 * good rows are wanted.
 *
 * A row's entry_key is the one that it brings along (a template's rows do);
 * else it is made of what the row says and of its ordinal among the equal rows
 * of the file: the same file again adds nothing, two equal rows stay two. A
 * row of a template that nobody filled in, and its example, are passed over.
 */
#ifndef TALLYLINE_AGENT_IMPORT_H
#define TALLYLINE_AGENT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/source/source.h"
#include "common/base/bytes.h"
#include "common/base/csv.h"
#include "common/base/status.h"
#include "common/figures/report.h"

#define IMPORT_ROWS_MAX SPOOL_TRANSACTION_MAX

struct import; /* opaque */

/* The column that numbers the rows of a template, and what it says of the
 * example. */
#define IMPORT_MARK_VI    "STT"
#define IMPORT_MARK_EN    "No."
#define IMPORT_EXAMPLE_VI "VÍ DỤ"
#define IMPORT_EXAMPLE_EN "EXAMPLE"
/* The column in which refused rows say why. */
#define IMPORT_REASONS_VI "Lỗi cần sửa"
#define IMPORT_REASONS_EN "To mend"

enum import_verdict {
    IMPORT_HEADING,
    IMPORT_PASSED_OVER, /* the example, or a row of a template not filled in */
    IMPORT_ADDED,       /* new, and right */
    IMPORT_KNOWN,       /* here already */
    IMPORT_REFUSED
};

struct import_issue {
    size_t column; /* from 0, or SIZE_MAX: the row */
    const char *text;
};

/* What became of a row; all of it is valid during the call. */
struct import_row {
    const struct csv_row *row;
    enum import_verdict verdict;
    const struct catalogue_type *type; /* NULL: not known */
    const struct import_issue *issues;
    size_t issue_count;
    uint64_t saved_as; /* the event that it is, with other content; 0 */
};

struct import_options {
    struct source *source;             /* borrowed; its entry_key is set here */
    const struct catalogue_type *type; /* NULL: the file has a column `type` */
    const char *name;                  /* of the file, for messages */
    struct report *report;             /* every mistake, with its place */
    /* The rows are of this sheet of a workbook: places are named C5. NULL:
     * rows of separated text. */
    const char *sheet;
    /* Rows that are right are saved though others have mistakes. */
    bool good_only;
    /* Told of every row with content, in order; may be NULL. */
    void (*on_row)(void *owner, const struct import_row *row);
    void *row_owner;
};

struct import_counts {
    uint64_t rows;  /* read, without the heading and what is passed over */
    uint64_t added; /* new ones */
    uint64_t known; /* here already */
    uint64_t refused;
};

MUST_USE enum status import_new(const struct import_options *options,
                                struct import **import);
void import_free(struct import **import);
/* The next piece of the file. STATUS_INVALID: the file cannot be read on, the
 * report says why (mistakes in single rows do not stop it). Other statuses are
 * the spool's. */
MUST_USE enum status import_feed(struct import *import, struct bytes piece);
/* The next row, from a reader of one's own, in place of import_feed(). As
 * above. */
MUST_USE enum status import_take(struct import *import,
                                 const struct csv_row *row);
/* What the column is called, and its field in rows of the type that was read
 * last (0: none); "" and 0 where there is no such column. */
const char *import_column_name(const struct import *import, size_t position);
uint32_t import_column_field(const struct import *import, size_t position);
/* The file is complete. */
MUST_USE enum status import_finish(struct import *import,
                                   struct import_counts *counts);

#endif
