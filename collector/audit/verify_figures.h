/* verify_figures - what was kept of the figures against a fold from nothing.
 *
 * Flow     verify -> [verify_figures] -> tally, form -> verify_result
 * Owns     the list of what is to be made again.
 * Threads  one.
 * Limits   CONTEXT_FREEZES_MAX frozen reports.
 *
 * The saved state and the frozen reports each belong to a position. The fold
 * stops there on its way, and what it has come to is compared. A report that
 * was frozen under other plans or units than those of today has a fold of its
 * own, over the ledger as it then was (I4).
 */
#ifndef TALLYLINE_COLLECTOR_VERIFY_FIGURES_H
#define TALLYLINE_COLLECTOR_VERIFY_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/audit/verify_result.h"
#include "collector/figures/tally.h"
#include "collector/ledger/ledger.h"
#include "collector/province/province.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/fold/context.h"
#include "common/format/sign.h"

#define VERIFY_ALONE_MAX (8u * CONTEXT_FREEZES_MAX)

struct verify_figures; /* opaque */

/* Borrows all for its life; `province` is that of the whole ledger. `state` is
 * the path of the saved state; `busy` when a collector may write it meanwhile.
 * STATUS_MEMORY; what the ledger answers. */
struct verify_figures_options {
    struct ledger *ledger;
    const struct ledger_snapshot *snapshot;
    const struct province *province;
    const char *state;
    bool busy;
    struct verify_results *results;
};
MUST_USE enum status verify_figures_new(
    const struct verify_figures_options *options,
    struct verify_figures **figures);
void verify_figures_free(struct verify_figures **figures);

/* The saved state that was compared and is as it should be. */
struct verify_compared {
    uint64_t position; /* 0: none was */
    struct digest digest;
};
const struct verify_compared *verify_figures_compared(
    const struct verify_figures *figures);
/* Whether there is a saved state, which the fold is held against. */
bool verify_figures_saved(const struct verify_figures *figures);
/* Which reports that the fold has passed did not come out on its way, and are
 * to be tried over their own prefix: the entry of each, 8 bytes. `alone` is
 * cleared first, its limit is VERIFY_ALONE_MAX. STATUS_MEMORY. */
MUST_USE enum status verify_figures_alone(const struct verify_figures *figures,
                                          struct buffer *alone);
/* Takes what belongs to the first `position` entries for compared, as an
 * earlier run has done. STATUS_INVALID: the saved state is not the one of then.
 * STATUS_MEMORY. */
MUST_USE enum status verify_figures_skip(struct verify_figures *figures,
                                         uint64_t position,
                                         const struct verify_compared *before,
                                         struct bytes alone);
/* The next position above `position` at which something is to be compared;
 * UINT64_MAX: none. */
uint64_t verify_figures_next(const struct verify_figures *figures,
                             uint64_t position);
/* Compares what belongs to the tally's position. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status verify_figures_at(struct verify_figures *figures,
                                       struct tally *tally);
/* Makes again, in folds of their own, the reports that are left. It changes
 * what the ledger shows. Statuses as above, and of the ledger. */
MUST_USE enum status verify_figures_rest(struct verify_figures *figures);

#endif
