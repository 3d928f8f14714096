/* suppress - which cells about persons a reader may not see.
 *
 * Flow     indicator_rows -> [suppress] -> every output
 * Owns     what it has computed for one request; free with suppress_free().
 * Threads  one; the fold must not change meanwhile.
 * Limits   SUPPRESS_PERIODS_MAX periods of a year.
 *
 * A count of one to four persons below the province is hidden, and with it as
 * many other cells as it takes that no sum gives it away:
 *
 *   - Figures about persons are given below the province for whole periods of
 *     the plan's first regime that are over, a quarter or longer (its months
 *     where it has nothing longer), by the units of the period's last day, or
 *     for such periods from the beginning of the year on. Every other range is
 *     hidden, and so is a period in which units changed.
 *   - Once a unit is hidden it is hidden in each later period of that year,
 *     and in the longer ones that end later: the total of a year less what was
 *     shown before says nothing.
 *   - What lies below a hidden unit is hidden. Of the units below one that is
 *     shown either none is hidden or at least SUPPRESS_GROUP_MIN, so that not
 *     even the one that knows its own number finds out another's, and the sum
 *     of the hidden ones leaves more than one answer.
 *   - Indicators that read the same type of event are hidden together: one
 *     cannot be taken from the other.
 *   - For the province every number is given, over days that a report (of any
 *     regime) or the plan begins and ends with: not day by day.
 *   - What compares with another time (a change, the stock at the start) is
 *     given for the province alone: there more may be hidden.
 *   - Victims of trafficking and persons under 18, and all numbers that may
 *     hold them, are given for the province alone.
 *
 * Who asks without saying for whom is the unit of the ledger: a district sees
 * its own numbers in its own ledger. In an office's own view nothing is hidden.
 *
 * The order of periods is that in which they end, so that what may be shown of
 * one does not depend on what happened later.
 */
#ifndef TALLYLINE_COMMON_SUPPRESS_H
#define TALLYLINE_COMMON_SUPPRESS_H

#include <stddef.h>
#include <stdint.h>

#include "common/figures/indicator.h"

#define SUPPRESS_SMALL       5 /* the least number that may be shown */
#define SUPPRESS_GROUP_MIN   3u
#define SUPPRESS_PERIODS_MAX 32u

struct suppress; /* opaque */

/* Borrows fold and context; `range`, `today` (which decides what is over) and
 * `reader` are those of the table. STATUS_MEMORY. */
MUST_USE enum status suppress_new(const struct fold *fold,
                                  const struct context *context,
                                  const struct indicator_request *request,
                                  struct suppress **suppress);
void suppress_free(struct suppress **suppress);
/* Hides what may not be shown of an indicator's figures over the range of the
 * table: figures[units_position()] of `count` = units_count(). Statuses as
 * indicator_compute(). */
MUST_USE enum status suppress_figures(struct suppress *suppress,
                                      uint32_t indicator,
                                      struct figure figures[], size_t count);

#endif
