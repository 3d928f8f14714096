/* province - who and what is in force, and how an order gets into the ledger.
 *
 * Flow     ledger -> [province] -> admit, tally, documents
 *          command, join -> [province] -> ledger
 * Owns     the context, made from the ledger's control entries alone.
 * Threads  one.
 * Limits   PROVINCE_ORDERS_MAX control documents in one order.
 *
 * Invariants
 *   I4   the context is that of a ledger prefix: after an order that could
 *        not be committed it is read from the ledger again.
 *   I5   an order that contradicts what is in force never becomes an entry.
 */
#ifndef TALLYLINE_COLLECTOR_PROVINCE_H
#define TALLYLINE_COLLECTOR_PROVINCE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/fold/context.h"
#include "common/format/entry.h"

#define PROVINCE_ORDERS_MAX 4u

struct province; /* opaque */

/* Reads the control entries of the whole ledger, which it borrows.
 * STATUS_CORRUPT, STATUS_MEMORY, STATUS_IO, STATUS_VERSION: an entry of a kind
 * that this program does not know. */
MUST_USE enum status province_open(struct ledger *ledger,
                                   struct province **province);
void province_close(struct province **province);

/* Valid until the next call of province_advance() or province_order(). */
const struct context *province_context(const struct province *province);
/* One more than the index of the last control entry: who has read so much may
 * give orders that follow from it. */
uint64_t province_position(const struct province *province);

/* One more than the index of the last control entry that changed what figures
 * mean for the events before it: a fold under so many control entries holds
 * under all. */
uint64_t province_figures(const struct province *province);

/* Reads the control entries of the snapshot that were not read yet; another
 * process may have added them. */
MUST_USE enum status province_advance(struct province *province,
                                      const struct ledger_snapshot *snapshot);
/* Puts the plan of that control document, of entry `index`, in force beside
 * what the entries say, and keeps it so: to see figures by another plan than
 * that of the prefix. STATUS_INVALID when it cannot be, see `report`;
 * STATUS_REFUSED, STATUS_MEMORY. */
MUST_USE enum status province_adopt(struct province *province, uint64_t index,
                                    struct bytes document,
                                    struct report *report);

/* What changed since the last call, a set of enum context_change; a new
 * province begins with everything changed. */
unsigned province_take_changes(struct province *province);

/* Index of the entry that is in force: the genesis, the last units or
 * vocabulary (`agent` is 0), or an agent's last enrolment, joined, key change
 * or epoch. Of plans several are in force: context_plan_at() has their
 * entries. STATUS_NOT_FOUND when there is none. */
MUST_USE enum status province_find(const struct province *province,
                                   enum control_kind kind, uint32_t agent,
                                   uint64_t *index);

/* Appends the document of that entry to `out`, as it was signed. As above;
 * STATUS_CORRUPT, STATUS_IO, STATUS_MEMORY, STATUS_FULL: `out` has no room. */
MUST_USE enum status province_document(const struct province *province,
                                       enum control_kind kind, uint32_t agent,
                                       struct buffer *out, uint64_t *index);

/* Appends the document of the control entry at that index to `out`. Statuses as
 * above. */
MUST_USE enum status province_entry_document(const struct province *province,
                                             uint64_t index,
                                             struct buffer *out);

/* What an administrator orders: appends signed control documents, all or none,
 * in a commit of their own that may use the ledger's reserve; writes an entry
 * for each to `entries`. No group may be open. A document that
 * is in the ledger already is answered with its entry. STATUS_INVALID: it
 * contradicts what is in force (see `report`); STATUS_REFUSED: not signed by
 * the administrator; STATUS_FULL, STATUS_IO: as ledger_commit(). */
MUST_USE enum status province_order(struct province *province,
                                    const struct bytes documents[],
                                    size_t count, struct report *report,
                                    struct entry entries[]);
/* The same for those that an office's request leads to: they find no room where
 * its batches find none. */
MUST_USE enum status province_request(struct province *province,
                                      const struct bytes documents[],
                                      size_t count, struct report *report,
                                      struct entry entries[]);

#endif
