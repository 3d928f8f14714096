/* sample_year - a plan's sample files as events in memory, and the province
 * that judges them, without agent, line or ledger.
 *
 * Flow     samples/OFFICE/NN-type.csv -> [sample_year] -> context, fold
 * Owns     context, events and fold; free with sample_year_close().
 * Threads  one.
 * Limits   SAMPLE_EVENTS_MAX events.
 *
 * Each row of an office's files, in the order of their names, is the next
 * event of its stream; a name like @so-15 gets a number when it first comes
 * up. That is what the agents make of the same files.
 */
#ifndef TALLYLINE_TESTS_SAMPLE_YEAR_H
#define TALLYLINE_TESTS_SAMPLE_YEAR_H

#include "common/fold/context.h"
#include "common/fold/fold.h"

#define SAMPLE_EVENTS_MAX 16384u

struct sample_event {
    uint64_t id;
    struct event event;
};

struct sample_year {
    struct context *context;
    struct fold *fold;
    struct sample_event *events;
    size_t count;
    uint64_t entries; /* control entries applied */
};

/* Reads the plan `plan` (a folder of plans/) with its samples and folds them
 * office by office; fails the test when a row cannot be read. */
void sample_year_open(struct sample_year *year, const char *plan);
void sample_year_close(struct sample_year *year);

#endif
