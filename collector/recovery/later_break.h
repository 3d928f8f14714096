/* later_break - a checkpoint of what was given up, shown when all was over.
 *
 * Flow     objections in the ledger -> [later_break] -> a further break
 * Owns     nothing.
 * Threads  that of the ledger's writer; no group may be open.
 *
 * An office that was away when entries were given up may hold a checkpoint over
 * more of them than any that was heard. The ledger goes on without those
 * entries, and so has another root at that size: nothing is signed any more
 * while somebody shows the proof of another past. A break that names the size
 * and the root is the administrator's word for which past it was.
 *
 * Invariants
 *   I5  only what this ledger's own key has signed, and only behind the first
 *       number that a break on record has given up: no other past is ever
 *       explained.
 */
#ifndef TALLYLINE_COLLECTOR_LATER_BREAK_H
#define TALLYLINE_COLLECTOR_LATER_BREAK_H

#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/province/keys.h"
#include "common/base/clock.h"
#include "common/base/status.h"

/* Records the largest such checkpoint that an office has objected with: its
 * size, and who holds it. STATUS_NOT_FOUND: none; STATUS_REFUSED: these
 * keys are not the province's; STATUS_FULL, STATUS_IO, STATUS_CORRUPT,
 * STATUS_MEMORY. */
MUST_USE enum status later_break_record(struct ledger *ledger,
                                        const struct keys *keys,
                                        const struct clock *clock,
                                        uint64_t *size, uint32_t *agent);

#endif
