/* carrying - the orders of one ledger of the province, and its batches if asked
 * for, to another one that stands beside it.
 *
 * Flow     ledger -> [carrying] -> orders_file -> [carrying] -> writer
 * Owns     nothing between calls.
 * Threads  one.
 * Limits   those of orders_file.h; CONTEXT_AGENTS_MAX and so on as everywhere.
 *
 * Carried are plans, units, vocabulary, enrolments, and what offices asked for:
 * joined, key change, epoch, revocation. The genesis goes in front, for its
 * names. What speaks of entries of one ledger stays with it: backup marks, cold
 * moves, erasure orders, frozen reports, breaks.
 *
 * Batches are taken as those of a stick are: in their places between the
 * orders, each by the key that was in force there.
 *
 * Both ledgers take the same documents, byte for byte. If orders were given at
 * both since they last heard of each other, the later one about the same thing
 * holds in both: where it came first, the earlier one is passed over. An
 * earlier enrolment with a key to join by is taken all the same, since the
 * office may have used it, and the later one is given once more behind it.
 *
 * Invariants
 *   I5   an order that contradicts what is in force is not taken, nor any
 *        behind it about the same office. Others' orders are: a revocation
 *        waits for nobody else.
 */
#ifndef TALLYLINE_COLLECTOR_CARRYING_H
#define TALLYLINE_COLLECTOR_CARRYING_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/ledger.h"
#include "collector/province/orders_file.h"
#include "collector/province/writer.h"
#include "collector/stick/handing.h"
#include "common/base/status.h"
#include "common/figures/report.h"
#include "common/format/control.h"

/* Whether a document of that kind is for the other ledgers, too. */
bool carrying_includes(enum control_kind kind);

struct carrying_written {
    uint64_t orders;
    uint64_t batches;
    uint64_t erased; /* batches that an order erased: they are not carried */
};

/* Writes the orders of the snapshot, and the batches if they are wanted.
 * STATUS_VERSION: the ledger has an order that this program does not know.
 * STATUS_REFUSED: the province has got new keys since, and what the old ones
 * signed no other ledger can take. STATUS_CORRUPT, STATUS_AWAY, STATUS_MEMORY;
 * and as orders_file_put(). */
MUST_USE enum status carrying_write(const struct ledger_snapshot *snapshot,
                                    bool batches,
                                    struct orders_file_writer *file,
                                    struct carrying_written *written);

/* Reads the first record: what the file's ledger calls itself. STATUS_INVALID:
 * no genesis, or not signed by that administrator. */
MUST_USE enum status carrying_genesis(struct orders_file_reader *file,
                                      const struct public_key *administrator,
                                      struct control_genesis *genesis);

struct carrying_result {
    uint64_t added;
    uint64_t known;       /* were there already */
    uint64_t passed_over; /* a later order holds in their place */
    uint64_t unfit;       /* left out; each stands in the report */
    uint64_t number;      /* of the order that was looked at last, from 1 */
};

struct carrying_target { /* borrowed */
    int64_t now; /* microseconds UTC: what was signed more than a day later, and
                    would take the place of other orders, is left out */
    struct writer *writer;
    struct handing *handing; /* for batches; NULL: no collector runs */
};

/* Takes what is not there yet, in its order. The file was verified. STATUS_OK
 * also when orders were left out. STATUS_BUSY: a batch comes next, and nobody
 * takes it. Statuses of storage as writer_put() and handing_put(): what was
 * taken before is kept. What became of each batch, the handing tells. */
MUST_USE enum status carrying_take(struct orders_file_reader *file,
                                   const struct carrying_target *target,
                                   struct report *report,
                                   struct carrying_result *result);

#endif
