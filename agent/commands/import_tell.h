/* import_tell - what an import says of the rows, to people or to programs.
 *
 * Flow     cmd_import -> [import_tell] -> stdout, stderr
 * Owns     nothing.
 * Threads  one.
 * Limits   of a JSON answer: IMPORT_TELL_ROWS rows and IMPORT_TELL_ISSUES
 *          mistakes, the rest counted.
 *
 * People read every mistake on stderr and the sums on stdout. With --format
 * jsonl stdout has a line for each of the first rows and mistakes and a last
 * one with the sums; "kind" says which it is.
 */
#ifndef TALLYLINE_AGENT_IMPORT_TELL_H
#define TALLYLINE_AGENT_IMPORT_TELL_H

#include "agent/office/office.h"
#include "agent/sheet/feed.h"
#include "agent/source/import.h"
#include "common/base/args.h"

#define IMPORT_TELL_ROWS   20u
#define IMPORT_TELL_ISSUES 200u

struct import_tell {
    const struct args *args;
    const struct office *office;
    const char *name;                  /* of the file */
    bool lines;                        /* JSON, one a line */
    const struct catalogue_type *type; /* said for all rows; NULL */
    const char *sheet;                 /* NULL: separated text */
    const struct feed *feed;           /* NULL: it cannot be read */
    const char *refused;               /* the file that was made; NULL */
    uint64_t first, last;              /* new events; 0: none was saved */
    unsigned rows;                     /* told so far */
    unsigned issues;
};

/* STATUS_USAGE, with its message written: an unknown --format. */
MUST_USE enum status import_tell_begin(struct import_tell *tell,
                                       const struct args *args,
                                       const struct office *office,
                                       const char *name);
void import_tell_row(struct import_tell *tell, const struct import *import,
                     const struct import_row *row);
/* `saved`: what is right is on stable storage. */
void import_tell_end(struct import_tell *tell, const struct report *report,
                     const struct import_counts *counts,
                     const struct xlsx_seen *seen, bool saved);

#endif
