/* refused_file - the file of refused rows, as a workbook or separated text.
 *
 * Flow     refused -> [refused_file] -> book, or a text
 * Owns     what is being written, until refused_file_close().
 * Threads  one.
 */
#ifndef TALLYLINE_AGENT_REFUSED_FILE_H
#define TALLYLINE_AGENT_REFUSED_FILE_H

#include <stdio.h>

#include "agent/sheet/book.h"
#include "agent/sheet/refused.h"
#include "agent/source/import.h"

#define REFUSED_NAME_MAX 96u
#define REFUSED_KEY_MAX  BYTES_HEX_SIZE(EVENT_ENTRY_KEY_BYTES)

struct refused_file {
    /* Set before it is opened: the columns and where they stood. */
    char names[CSV_COLUMNS_MAX][REFUSED_NAME_MAX];
    size_t places[CSV_COLUMNS_MAX];
    size_t count;

    bool open;
    bool keyed; /* a column for ids is added */
    enum language language;
    struct book book;
    FILE *text; /* NULL: it is a workbook */
    char path[FILE_PATH_MAX];
    size_t row; /* the next one, from 0 */
    size_t remarks;
};

/* Begins the file with its heading. As book_open(). */
MUST_USE enum status refused_file_open(struct refused_file *file,
                                       const char *path,
                                       const struct columns *columns,
                                       const struct import *import,
                                       enum language language);
/* `key`: the id that the row is given; empty: it has one, or needs none. */
void refused_file_row(struct refused_file *file, const struct import *import,
                      const struct import_row *row, const char *key);
MUST_USE enum status refused_file_close(struct refused_file *file, bool keep);

#endif
