/* feed - a file of rows, whatever its form, goes into import.
 *
 * Flow     FILE.csv -> charset -> csv -> [feed] -> import
 *          FILE.xlsx -> workbook -> [feed] -> import
 * Owns     what it opened of the file, not the file; close it.
 * Threads  one.
 * Limits   those of csv.h and workbook.h.
 *
 * The first bytes tell the form. Of a workbook the first sheet that can be
 * seen is read, or the one that is named; a template says itself of which type
 * its rows are. What cannot be read is a line of the report.
 */
#ifndef TALLYLINE_AGENT_FEED_H
#define TALLYLINE_AGENT_FEED_H

#include <stdio.h>

#include "agent/sheet/fault.h"
#include "agent/sheet/xlsx.h"
#include "agent/source/import.h"
#include "common/base/charset.h"
#include "common/figures/report.h"

/* The hidden sheet that a template knows itself by, its version, and the keys
 * of what it says. */
#define FEED_MARK_SHEET   "tallyline"
#define FEED_MARK_VERSION 1u
#define FEED_MARK_TYPE    "type"
/* The sheet on which a template says how it is filled in. */
#define FEED_GUIDE_VI "Hướng dẫn"
#define FEED_GUIDE_EN "Guide"

struct feed_options {
    const char *name;      /* of the file, for messages */
    const char *sheet;     /* to be read; NULL: the first */
    enum charset charset;  /* CHARSETS: the one that the file shows */
    struct report *report; /* every fault of the file */
    /* How much was read, now and then; may be NULL. */
    void (*progress)(void *owner, uint64_t done, uint64_t total);
    void *owner;
};

struct feed {
    struct feed_options options;
    FILE *file;
    uint64_t size;
    uint64_t done;
    enum charset charset;              /* of separated text */
    const struct catalogue_type *type; /* that a template says; NULL */
    struct xlsx *workbook;             /* NULL: separated text */
    const struct xlsx_sheet *sheet;
    struct xlsx_seen seen; /* after feed_rows() */
    struct import *import; /* while rows go in */
};

/* Looks at a file that can be read from its beginning as often as needed.
 * STATUS_INVALID: the report says why; STATUS_NO_INPUT, STATUS_IO,
 * STATUS_MEMORY. The feed can be closed in any case. */
MUST_USE enum status feed_open(struct feed *feed,
                               const struct feed_options *options, FILE *file);
void feed_close(struct feed *feed);
/* Name of the sheet; NULL for separated text. */
const char *feed_sheet(const struct feed *feed);
/* The next sheet that can be seen and is not read, but for a template's guide;
 * `cursor` is 0 at first. NULL behind the last, and for separated text. */
const char *feed_unread(const struct feed *feed, size_t *cursor);
/* All rows, and that they are all. As feed_open(), and as import_take(). */
MUST_USE enum status feed_rows(struct feed *feed, struct import *import,
                               struct import_counts *counts);

#endif
