/* Whether an office has signed a batch. Failure modes: a ledger that cannot be
 * read has received nothing. */
#include "collector/line/admit_internal.h"

#include "common/fold/batch_signer.h"
#include "common/format/batch.h"

/* The very bytes were received: whoever signed them then may have got other
 * keys since. What is not there is new, and needs the key in force. */
static bool was_received(const struct admit *admit, struct bytes batch,
                         const struct batch_header *header)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest digest;
    struct entry entry;
    bool received = false;

    if (ledger_snapshot_open(admit->options.ledger, &snapshot) == STATUS_OK &&
        ledger_find_event(snapshot, header->agent_number, header->epoch_ordinal,
                          header->first_seq, &entry) == STATUS_OK) {
        digest_bytes(batch, &digest);
        received = digest_equal(&digest, &entry.digest);
    }
    ledger_snapshot_close(&snapshot);
    return received;
}

bool admit_is_signed(const struct admit *admit,
                     const struct context_agent *link, struct bytes batch,
                     const struct batch_header *header)
{
    const struct batch_place place = {.agent_number = header->agent_number,
                                      .epoch_ordinal = header->epoch_ordinal,
                                      .first_seq = header->first_seq,
                                      .index = UINT64_MAX};

    return batch_verify(batch, &link->sign_key) == STATUS_OK ||
           was_received(admit, batch, header) ||
           (admit->by_hand &&
            batch_signer(province_context(admit->options.province), &place,
                         batch) != NULL);
}
