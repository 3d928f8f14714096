/* status_lists - the lists of `status`: what does not count, what to review.
 *
 * Flow     fold, ledger -> [status_lists] -> stdout
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_LISTS_H
#define TALLYLINE_COLLECTOR_STATUS_LISTS_H

#include <stdint.h>

#include "collector/commands/commands.h"
#include "common/base/listing.h"
#include "common/base/status.h"

/* How many events stand how. */
MUST_USE enum status status_list_totals(const struct args *args,
                                        const struct reading *reading,
                                        enum listing_format format);
/* Every event that does not count, and why; of one agent, or of all (0). */
MUST_USE enum status status_list_outcomes(const struct args *args,
                                          const struct reading *reading,
                                          uint32_t agent,
                                          enum listing_format format);
/* The rule that an event breaks, in one word; what a rule's number means
 * depends on the outcome. NULL: none is named. */
const char *status_rule_name(const struct fold_result *result);
/* The batches of revoked agents that came in since the moment from which they
 * are doubtful; of one agent, or of all (0). */
MUST_USE enum status status_list_review(const struct args *args,
                                        const struct reading *reading,
                                        uint32_t agent,
                                        enum listing_format format);

#endif
