/* import - the rows of a separated file become events, all or none.
 *
 * Flow     FILE.csv -> csv -> [import] -> source -> spool
 * Owns     the column table and the keys of the rows seen; free it.
 * Threads  one, as the spool.
 * Limits   IMPORT_ROWS_MAX rows; cells as in csv.h and source.h. Memory does
 *          not grow with the file but for 16 bytes a row.
 *
 * The first row names the columns, by field name or label. A column `type`
 * says what each row is, or `type` below says it for all. The caller opens the
 * spool's transaction before and commits it after, when the report has no
 * error: a row that cannot be read keeps the whole file out.
 *
 * A row's entry_key is made of what it says and of its ordinal among the equal
 * rows of the file: the same file again adds nothing, two equal rows stay two.
 */
#ifndef TALLYLINE_AGENT_IMPORT_H
#define TALLYLINE_AGENT_IMPORT_H

#include <stdint.h>

#include "agent/source/source.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/figures/report.h"

#define IMPORT_ROWS_MAX SPOOL_TRANSACTION_MAX

struct import; /* opaque */

struct import_options {
    struct source *source;             /* borrowed; its entry_key is set here */
    const struct catalogue_type *type; /* NULL: the file has a column `type` */
    const char *name;                  /* of the file, for messages */
    struct report *report;             /* every mistake, with its place */
};

struct import_counts {
    uint64_t rows;  /* read, without the heading */
    uint64_t added; /* new ones */
    uint64_t known; /* here already */
};

MUST_USE enum status import_new(const struct import_options *options,
                                struct import **import);
void import_free(struct import **import);
/* The next piece of the file. STATUS_INVALID: the file cannot be read on, the
 * report says why (mistakes in single rows do not stop it). Other statuses are
 * the spool's. */
MUST_USE enum status import_feed(struct import *import, struct bytes piece);
/* The file is complete. */
MUST_USE enum status import_finish(struct import *import,
                                   struct import_counts *counts);

#endif
