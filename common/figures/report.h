/* report - every mistake of an input at once: where, what, how to mend it.
 *
 * Flow     plan check, import, config -> [report] -> people
 * Owns     its lines; free with report_fini().
 * Limits   REPORT_LINES_MAX lines are kept, the rest counted.
 */
#ifndef TALLYLINE_COMMON_REPORT_H
#define TALLYLINE_COMMON_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/language.h"

#define REPORT_LINES_MAX 1000u

enum report_level {
    REPORT_ERROR,
    REPORT_WARNING
};

struct report_line {
    enum report_level level;
    char *file;    /* may be NULL */
    size_t line;   /* from 1; 0: none */
    size_t column; /* from 1; 0: none */
    char *text;    /* one sentence, in the report's language */
};

struct report {
    enum language language;
    struct report_line *lines;
    size_t count;    /* kept */
    size_t errors;   /* in all */
    size_t warnings; /* in all */
};

void report_init(struct report *report, enum language language);
void report_fini(struct report *report);
/* Adds a line. `vi` and `en` are printf formats for the same arguments. */
void report_add(struct report *report, enum report_level level,
                const char *file, size_t line, size_t column, const char *vi,
                const char *en, ...)
    __attribute__((format(printf, 6, 8), format(printf, 7, 8)));
/* By file, line and column. */
void report_sort(struct report *report);
/* "file:line:column: error: text", one a line, then how many were left out. */
void report_print(const struct report *report, FILE *out);

#endif
