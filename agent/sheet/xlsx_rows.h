/* xlsx_rows - the rows of one part of a workbook.
 *
 * Flow     markup -> [xlsx_rows] -> xlsx_reading.on_row
 * Owns     nothing beyond the reading.
 */
#ifndef TALLYLINE_AGENT_XLSX_ROWS_H
#define TALLYLINE_AGENT_XLSX_ROWS_H

#include "agent/sheet/archive.h"
#include "agent/sheet/strings.h"
#include "agent/sheet/styles.h"
#include "agent/sheet/xlsx.h"

/* What the sheets of a workbook share. */
struct xlsx_shared {
    struct strings *strings;
    const struct styles *styles;
    bool from_1904;
};

/* Reads the part that was begun, as xlsx_read() says. */
MUST_USE enum status xlsx_rows_read(struct archive *archive,
                                    const struct xlsx_shared *shared,
                                    const struct xlsx_reading *reading,
                                    struct xlsx_seen *seen,
                                    struct fault *fault);

#endif
