/* ledger_moved - bytes that no longer lie in the ledger's store, and why.
 *
 * Flow     ledger, cold, erase -> [ledger_moved] -> store
 * Owns     nothing.
 * Threads  as the transaction it is given.
 *
 *   table   key                      value
 *   moved   SHA-256 of the bytes 32  version 1, kind 1, index of the control
 *                                    entry 8, cold file 4, offset 8, size 4
 *           SHA-256 32, the byte 1   the order's document, where the ledger
 *                                    does not hold the order's entry (a backup
 *                                    that is older than the order)
 *           "overwrite" 9            nothing: bytes were erased, and what the
 *                                    store's file still holds of them is to be
 *                                    overwritten
 *
 * Of bytes that were in a cold file when they were erased, file, offset and
 * size say where; the file is 0 otherwise.
 *
 * Invariants
 *   I5  bytes go away only in the transaction that says where they are, or by
 *       which order they were erased.
 */
#ifndef TALLYLINE_LEDGER_MOVED_H
#define TALLYLINE_LEDGER_MOVED_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/control.h"
#include "common/format/entry.h"
#include "common/format/sign.h"
#include "common/store/store.h"

/* In place of the index: what is erased came back without bytes, and the entry
 * of the order is still to come (a rebuild). */
#define MOVED_ORDER_TO_COME UINT64_MAX

enum moved_kind {
    MOVED_COLD = 1,
    MOVED_ERASED
};

struct moved {
    enum moved_kind kind;
    uint64_t control; /* index of the entry that says so */
    uint32_t file;    /* number of the cold file; 0: none */
    uint64_t offset;
    uint32_t size;
};

/* STATUS_NOT_FOUND: they lie in the store. STATUS_CORRUPT. */
MUST_USE enum status moved_get(struct store_txn *txn,
                               const struct digest *digest,
                               struct moved *moved);
/* Says where the bytes are from now on and takes them out of the store. */
MUST_USE enum status moved_put(struct store_txn *txn,
                               const struct digest *digest,
                               const struct moved *moved);
/* The next one by hash behind `after` (zero: the first). STATUS_NOT_FOUND. */
MUST_USE enum status moved_next(struct store_txn *txn,
                                const struct digest *after,
                                struct digest *digest, struct moved *moved);

/* What an erasure order that became entry `index` does: the batch that it names
 * is erased, and so stays. To be called in the transaction that appends the
 * entry, by whoever appends one. Of a document of another kind, and of an order
 * that names no batch of this ledger, nothing follows: STATUS_OK. */
MUST_USE enum status moved_apply(struct store_txn *txn, uint64_t index,
                                 struct bytes document);
/* The same in a ledger that does not hold the order's entry, which is `index`
 * of the province's ledger: keeps the document too. STATUS_NOT_FOUND: no such
 * batch is here; STATUS_EXISTS: it is erased already. */
MUST_USE enum status moved_apply_copy(struct store_txn *txn, uint64_t index,
                                      struct bytes document);
/* What is asked before a document becomes an entry. STATUS_INVALID: an order
 * that names no batch of this ledger; STATUS_EXISTS: one that names a batch
 * which is erased already. */
MUST_USE enum status moved_judge(struct store_txn *txn, struct bytes document);

/* The document of the order by which the bytes were erased; valid until the
 * transaction ends. STATUS_NOT_FOUND: they were not; STATUS_AWAY: the order is
 * not here yet. */
MUST_USE enum status moved_order(struct store_txn *txn,
                                 const struct digest *digest,
                                 struct bytes *document, uint64_t *index);

/* Whether the file of the store is to be overwritten where it is free. */
MUST_USE enum status moved_to_overwrite(struct store_txn *txn, bool *wanted);
MUST_USE enum status moved_want_overwritten(struct store_txn *txn);
MUST_USE enum status moved_overwritten(struct store_txn *txn);

#endif
