/* indicator_events - how many events a figure is made of.
 *
 * Flow     fold + plan + units -> [indicator_events] -> dashboard
 * Owns     nothing.
 * Threads  one; the fold must not change meanwhile.
 * Limits   INDICATOR_EVENTS_TYPES_MAX types of events a formula.
 *
 * Counted are the events that pass the filter of a measure which the formula
 * reads, in the unit and below it, over the days of the range; of what looks
 * back (a last state, what was ever reached) all up to its end. An event that
 * passes several filters counts once where one of them holds whatever the
 * others do; where none does, and where an event has several places, the number
 * is at most so many. What a plan's own register says is no event.
 */
#ifndef TALLYLINE_COMMON_INDICATOR_EVENTS_H
#define TALLYLINE_COMMON_INDICATOR_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/status.h"
#include "common/figures/indicator_rows.h"

#define INDICATOR_EVENTS_TYPES_MAX 16u

struct indicator_events {
    uint64_t count;
    bool at_most;
    uint32_t types[INDICATOR_EVENTS_TYPES_MAX]; /* numbers of event types */
    size_t type_count;
};

/* Of the row's figure over the range. STATUS_NOT_FOUND: it has no formula, or
 * it reads more types than the limit; STATUS_MEMORY. */
MUST_USE enum status indicator_events(const struct fold *fold,
                                      const struct context *context,
                                      const struct indicator_row *row,
                                      const struct figure_range *range,
                                      struct indicator_events *events);

#endif
