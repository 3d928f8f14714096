/* refused - the rows that were not saved, as a file to mend and import again.
 *
 * Flow     import -> [refused] -> book -> FILE.xlsx;  or FILE.csv
 * Owns     the file until refused_close().
 * Threads  one, as the import.
 * Limits   REFUSED_REMARKS_MAX cells get a note; memory does not grow with the
 *          rows but for 16 bytes each.
 *
 * The columns are those of the file that was read, as they were written, with
 * the faults in red and the reasons in a column behind them. A refused row
 * that has no id gets one here, made of what it says: mended, it may say the
 * same as another row that was saved, and is still another one. Where nothing
 * was saved (`whole`) the good rows come along and ids are not needed.
 */
#ifndef TALLYLINE_AGENT_REFUSED_H
#define TALLYLINE_AGENT_REFUSED_H

#include "agent/sheet/columns.h"
#include "agent/source/import.h"

#define REFUSED_REMARKS_MAX 500u

struct refused_options {
    const char *path;              /* ends in .csv, or is a workbook */
    const struct columns *columns; /* NULL: rows of several types */
    enum language language;
    bool whole;
};

struct refused; /* opaque */

MUST_USE enum status refused_new(const struct refused_options *options,
                                 struct refused **refused);
/* Of whose rows it is told; before the first row. */
void refused_of(struct refused *refused, const struct import *import);
/* An import_options.on_row. */
void refused_row(struct refused *refused, const struct import_row *row);
/* Makes the file if there is a refused row, and if `keep`; `made` says so.
 * Frees. STATUS_EXISTS: there is a file of that name; STATUS_IO,
 * STATUS_MEMORY, STATUS_INVALID (the path is too long). */
MUST_USE enum status refused_close(struct refused **refused, bool keep,
                                   bool *made);

#endif
