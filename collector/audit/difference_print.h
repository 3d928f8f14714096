/* difference_print - why figures differ, in words or as rows.
 *
 * Flow     difference -> [difference_print] -> stdout
 * Owns     nothing.
 * Threads  one.
 *
 * For people each figure stands with what it was and is, and below it what
 * moved it: at most so many causes, those that moved it most, and how many
 * others there are with what they come to. The two other forms have a row for
 * each cause.
 */
#ifndef TALLYLINE_COLLECTOR_DIFFERENCE_PRINT_H
#define TALLYLINE_COLLECTOR_DIFFERENCE_PRINT_H

#include "collector/audit/difference.h"
#include "common/base/listing.h"

#define DIFFERENCE_SHOWN 20u /* causes of a figure, for people */

/* The reading shows the second position. STATUS_IO, STATUS_MEMORY, or of the
 * ledger, with its message. */
MUST_USE enum status difference_print(const struct args *args,
                                      struct reading *reading,
                                      const struct difference *difference,
                                      enum listing_format format,
                                      uint64_t most);

#endif
