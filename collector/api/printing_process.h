/* printing_process - `report print` as a process of its own; for printing.c
 * alone.
 *
 * Flow     printing -> [printing_process] -> a process -> its output
 * Owns     the process, until it has ended.
 * Threads  the one that prints.
 * Limits   as in printing.h; beyond them the process is ended.
 */
#ifndef TALLYLINE_COLLECTOR_PRINTING_PROCESS_H
#define TALLYLINE_COLLECTOR_PRINTING_PROCESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "collector/api/printing.h"
#include "common/base/bytes.h"
#include "common/base/language.h"

#define PRINTING_ARGUMENTS     16u
#define PRINTING_ARGUMENT_SIZE 512u

struct printing_command {
    char arguments[PRINTING_ARGUMENTS][PRINTING_ARGUMENT_SIZE];
    size_t count;
    enum language language;
};

struct printing_result {
    int code;  /* its exit code; -1: it did not end by itself */
    bool late; /* it was ended, for its time was over */
    char why[PRINTING_WHY_MAX]; /* what it said of that */
    struct buffer out;
};

/* Whether nobody wants it any more: asked now and then while it runs. */
struct printing_want {
    bool (*over)(void *owner);
    void *owner;
};

/* Runs it to its end, or until it is not wanted; free `result->out` in every
 * case. */
void printing_run(const struct printing_command *command,
                  const struct printing_want *want,
                  struct printing_result *result);

#endif
