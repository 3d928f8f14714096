/* status_recovery - how far a ledger has come back, for `status`.
 *
 * Flow     the running collector's standing -> [status_recovery] -> stdout
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_RECOVERY_H
#define TALLYLINE_COLLECTOR_STATUS_RECOVERY_H

#include "collector/commands/commands.h"
#include "collector/line/live.h"
#include "collector/recovery/recovery.h"
#include "common/base/listing.h"

#include <jansson.h>

/* The part of the standing; JSON's null when nothing is being restored. NULL
 * without memory. */
json_t *status_recovery_json(const struct recovery_standing *standing);

/* In sentences; nothing when nothing is being restored. */
void status_print_recovery(const struct args *args, const struct live *live);
/* As one row. */
MUST_USE enum status status_list_recovery(const struct args *args,
                                          const struct live *live,
                                          enum listing_format format);

#endif
