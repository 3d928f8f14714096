/* workbook_file - workbooks put together part by part, whole or broken.
 *
 * Flow     test -> [workbook_file] -> a file without a name -> xlsx
 * Owns     nothing: the descriptor is the caller's to close.
 * Threads  one.
 *
 * Every call aborts when something cannot be done.
 */
#ifndef TALLYLINE_TESTS_WORKBOOK_FILE_H
#define TALLYLINE_TESTS_WORKBOOK_FILE_H

#include <stddef.h>

struct workbook_part {
    const char *name;
    const char *text;
    size_t size; /* 0: up to the zero */
};

/* The parts, deflated, and behind them `extra` empty ones. */
int workbook_file_of(const struct workbook_part parts[], size_t count,
                     size_t extra);
/* A workbook with one sheet, "Số liệu", of this sheetData and of what follows
 * it; style 1 is a day. The other parts are as people have them. */
int workbook_file_sheet(const char *data, const char *after);
/* The same with texts that cells share, `<si>` by `<si>`, and the days of the
 * other system. */
int workbook_file_shared(const char *data, const char *strings, int from_1904);
/* A file of these bytes. */
int workbook_file_bytes(const void *bytes, size_t size);

#endif
