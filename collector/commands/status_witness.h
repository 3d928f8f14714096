/* status_witness - what `status` says of checkpoints and of who has witnessed
 * them.
 *
 * Flow     ledger, running collector -> [status_witness] -> stdout
 * Owns     nothing.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_STATUS_WITNESS_H
#define TALLYLINE_COLLECTOR_STATUS_WITNESS_H

#include <stdint.h>

#include "collector/commands/commands.h"
#include "collector/ledger/ledger_notes.h"
#include "collector/line/live.h"
#include "common/base/listing.h"

/* The columns that status_witness_put() fills in. */
#define STATUS_WITNESS_COLUMNS                                              \
    {"cosigned",                                                            \
     {"Đã làm chứng tới mục", "Witnessed entries"},                         \
     LISTING_RIGHT},                                                        \
        {"cosigned_at", {"Làm chứng lúc", "Witnessed at"}, LISTING_LEFT},   \
    {                                                                       \
        "objection", {"Không nhận mốc xác nhận", "Objection"}, LISTING_LEFT \
    }
void status_witness_put(const struct ledger_snapshot *snapshot, uint32_t agent,
                        struct listing *listing);

/* The last checkpoint, how many have witnessed it, and what is wrong. */
void status_witness_head(const struct args *args, const struct reading *reading,
                         const struct live *live);
/* Each objection that stands, with what the office holds and what it was
 * given. */
void status_witness_explain(const struct args *args,
                            const struct reading *reading);

#endif
