/* status_witness - what `status` says of the province's ledger, which this
 * office is a witness of.
 *
 * Flow     spool -> [status_witness] -> stdout
 * Owns     nothing.
 * Threads  any.
 */
#ifndef TALLYLINE_AGENT_STATUS_WITNESS_H
#define TALLYLINE_AGENT_STATUS_WITNESS_H

#include "agent/spool/spool_witness.h"
#include "common/base/language.h"
#include "common/base/listing.h"

/* The columns that status_witness_put() fills in. */
#define STATUS_WITNESS_COLUMNS                                              \
    {"checkpoint",                                                          \
     {"Mốc xác nhận đã thấy", "Checkpoint seen"},                           \
     LISTING_RIGHT},                                                        \
        {"checkpoint_at", {"Thấy lúc", "Seen at"}, LISTING_LEFT},           \
        {"ledger", {"Sổ cái của tỉnh", "Province's ledger"}, LISTING_LEFT}, \
        {"alarm_since", {"Cảnh báo từ", "Alarm since"}, LISTING_LEFT},      \
    {                                                                       \
        "proven_entry", {"Biên nhận đã đối chiếu", "Receipt proven"},       \
            LISTING_RIGHT                                                   \
    }
void status_witness_put(const struct spool_witness *witness, int64_t now,
                        struct listing *listing);
void status_witness_print(const struct spool_witness *witness, int64_t now,
                          enum language language);

#endif
