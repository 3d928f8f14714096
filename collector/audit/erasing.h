/* erasing - an erasure order for one batch, made ready to be signed.
 *
 * Flow     ledger, context -> [erasing] -> ErasureOrder -> writer
 * Owns     the contribution until erasing_fini().
 * Threads  one.
 * Limits   one batch an order; reads every batch of the ledger once, when the
 *          batch holds rows with keys.
 */
#ifndef TALLYLINE_ERASING_H
#define TALLYLINE_ERASING_H

#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/contribution.h"
#include "common/format/control.h"

struct erasing_progress {
    void *owner;
    void (*read)(void *owner, uint64_t done, uint64_t entries); /* or NULL */
};

struct erasing {
    struct entry entry; /* of the batch */
    struct contribution_about about;
    uint32_t shared; /* rows of it that are in other batches too */
    struct buffer contribution;
};

/* Makes what is left of batch `index`, as it is judged under `context`.
 * STATUS_NOT_FOUND: there is no such entry; STATUS_INVALID: it is no batch;
 * STATUS_ERASED: it is erased already; STATUS_AWAY: a cold file that must be
 * read is missing; STATUS_CORRUPT, STATUS_FULL (contribution_make()),
 * STATUS_MEMORY, STATUS_IO. Call erasing_fini() in every case. */
MUST_USE enum status erasing_make(struct ledger *ledger,
                                  const struct context *context,
                                  const struct sign_keys *administrator,
                                  uint64_t index,
                                  struct erasing_progress progress,
                                  struct erasing *erasing);
void erasing_fini(struct erasing *erasing);
/* Fills in the order; it borrows the contribution. */
void erasing_order(const struct erasing *erasing, uint32_t number,
                   uint32_t year, struct control *control);

#endif
