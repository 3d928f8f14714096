/* progress - one line on a terminal that says how far a long command is.
 *
 * Flow     commands -> [progress] -> stderr
 * Owns     nothing.
 * Threads  one.
 * Limits   redrawn when another hundredth is done, 101 times in all.
 *
 * Nothing is written when stderr is no terminal: what scripts see is the same
 * every time.
 */
#ifndef TALLYLINE_COLLECTOR_PROGRESS_H
#define TALLYLINE_COLLECTOR_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/args.h"
#include "common/base/language.h"

struct progress {
    FILE *out; /* NULL: nothing is written */
    const char *label;
    uint64_t total;
    uint64_t drawn; /* hundredths; 101 before the first */
};

/* `label` says what is done, in a word or two. */
void progress_begin(struct progress *progress, const struct args *args,
                    struct language_text label, uint64_t total);
void progress_at(struct progress *progress, uint64_t done);
/* Takes the line away again. */
void progress_end(struct progress *progress);

#endif
