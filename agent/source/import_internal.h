/* import_internal - what the files of import share.
 *
 * Flow     import.c reads rows; import_column.c reads the heading and says
 *          where a mistake stands.
 */
#ifndef TALLYLINE_AGENT_IMPORT_INTERNAL_H
#define TALLYLINE_AGENT_IMPORT_INTERNAL_H

#include "agent/source/import.h"

#include "common/base/csv.h"
#include "common/base/id_map.h"

#define IMPORT_NAME_MAX   96u
#define IMPORT_ISSUES_MAX (SOURCE_ISSUES_MAX + 8u) /* told of a row */

/* A column of the file: what it is called, and its field in rows of the type
 * that was read last. */
struct import_column {
    char name[IMPORT_NAME_MAX];
    uint32_t field; /* 0: that type has no such field */
};

struct import {
    struct import_options options;
    struct csv *csv;
    struct import_column columns[CSV_COLUMNS_MAX];
    size_t column_count;
    /* SIZE_MAX: none */
    size_t type_column, key_column, mark_column;
    const struct catalogue_type *resolved; /* type that `field` is for */
    struct id_map seen;                    /* rows by what they say */
    struct import_counts counts;
    uint64_t started; /* errors of the report before this file */
    size_t taken;     /* rows with content, the heading included */
    /* Mistakes of the row that is being read. */
    struct import_issue issues[IMPORT_ISSUES_MAX];
    char texts[IMPORT_ISSUES_MAX][SOURCE_TEXT_MAX];
    size_t issue_count;
    enum status trouble;
};

/* Notes a mistake of a cell, or of the row; printf formats for the same
 * arguments. */
void import_fail_cell(struct import *import, const struct csv_row *row,
                      size_t position, const char *vi, const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));
void import_fail_row(struct import *import, const struct csv_row *row,
                     const char *vi, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

bool import_blank_cell(const struct csv_cell *cell);
/* Whether the row is marked as a template's example. */
bool import_is_example(const struct import *import, const struct csv_row *row);
/* Whether there is nothing in it but what a template brings along. */
bool import_is_empty(const struct import *import, const struct csv_row *row);
/* The first row. STATUS_INVALID when it names no columns that can be read. */
MUST_USE enum status import_read_heading(struct import *import,
                                         const struct csv_row *row);

#endif
