/* ledger_tables - the ledger's tables as they lie in the store.
 *
 * Flow     ledger -> [ledger_tables] -> store
 * Owns     nothing.
 * Threads  as the transaction it is given.
 *
 * Numbers are big-endian, so that keys sort as numbers.
 *
 *   table      key                                  value
 *   entries    index 8                              the entry, ENTRY_BYTES
 *   bytes      SHA-256 32                           batch or control document
 *   streams    agent id 16, epoch 16                stream record, below
 *              agent id 16, epoch 16, 1             nothing: it is frozen
 *   positions  agent number 4, epoch ordinal 4,     index 8
 *              sequence of the batch's last event 8
 *   controls   index 8                              nothing
 *   tree       level 1, index 8                     SHA-256 32 (ledger_tree.h)
 *   checkpoints, witnesses, moved, recovery, damage: by those who use them
 *
 * A position is found by the first key at or after the event's own: that is
 * the batch which holds the event. A stream record is next_seq 8, last index
 * 8, SHA-256 of the last batch 32, agent number 4, epoch ordinal 4.
 */
#ifndef TALLYLINE_LEDGER_TABLES_H
#define TALLYLINE_LEDGER_TABLES_H

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/entry.h"
#include "common/format/sign.h"
#include "common/store/store.h"

enum ledger_table {
    TABLE_ENTRIES,
    TABLE_BYTES,
    TABLE_STREAMS,
    TABLE_POSITIONS,
    TABLE_CONTROLS,
    TABLE_TREE, /* format 2 brought this one and those below */
    TABLE_CHECKPOINTS,
    TABLE_WITNESSES,
    TABLE_MOVED,
    TABLE_RECOVERY,
    TABLE_DAMAGE,
    TABLE_COUNT
};

struct stream_record {
    uint64_t next_seq; /* 1 when nothing was received */
    uint64_t last_index;
    struct digest last;
    uint32_t agent_number;
    uint32_t epoch_ordinal;
};

/* What the reads below answer beside STATUS_OK: STATUS_NOT_FOUND when nothing
 * was ever there, STATUS_CORRUPT when something must be there and is not, or
 * is not what it should be. */

MUST_USE enum status tables_last_entry(struct store_txn *txn,
                                       struct entry *entry);
/* `index` is below the size: STATUS_CORRUPT when there is no entry. */
MUST_USE enum status tables_get_entry(struct store_txn *txn, uint64_t index,
                                      struct entry *entry);
/* The hash that the entry has in the tree. */
MUST_USE enum status tables_get_leaf(struct store_txn *txn, uint64_t index,
                                     struct digest *leaf);
/* The SHA-256 is checked. Valid until the transaction ends. STATUS_NOT_FOUND:
 * they were moved (ledger_moved.h), or are missing. */
MUST_USE enum status tables_get_bytes(struct store_txn *txn,
                                      const struct entry *entry,
                                      struct bytes *bytes);
/* The same without the SHA-256: of what this process has put there. */
MUST_USE enum status tables_get_own_bytes(struct store_txn *txn,
                                          const struct entry *entry,
                                          struct bytes *bytes);
/* STATUS_OK and next_seq 1 for a stream of which nothing came. */
MUST_USE enum status tables_get_stream(struct store_txn *txn,
                                       const struct random_id *agent,
                                       const struct random_id *epoch,
                                       struct stream_record *stream);
MUST_USE enum status tables_find_event(struct store_txn *txn,
                                       uint32_t agent_number,
                                       uint32_t epoch_ordinal, uint64_t seq,
                                       struct entry *entry);
/* The first control entry at or after `index`. */
MUST_USE enum status tables_next_control(struct store_txn *txn, uint64_t index,
                                         struct entry *entry);
MUST_USE enum status tables_find_control(struct store_txn *txn,
                                         const struct digest *digest,
                                         struct entry *entry);

/* STATUS_EXISTS: they are there already. `reserve` lets them in above the
 * high-water mark too. */
MUST_USE enum status tables_put_bytes(struct store_txn *txn,
                                      const struct digest *digest,
                                      struct bytes bytes, bool reserve);
/* These go into the reserve above the high-water mark: the bytes of the entry
 * were let in before them. */
MUST_USE enum status tables_put_entry(struct store_txn *txn,
                                      const struct entry *entry);
/* The stream's new position and the place of the batch's last event. */
MUST_USE enum status tables_put_stream(struct store_txn *txn,
                                       const struct entry *entry);
/* The stream stands still until a new epoch; said in a row of its own, which
 * programs that do not know it pass by. */
MUST_USE enum status tables_put_frozen(struct store_txn *txn,
                                       const struct random_id *agent,
                                       const struct random_id *epoch);
MUST_USE enum status tables_get_frozen(struct store_txn *txn,
                                       const struct random_id *agent,
                                       const struct random_id *epoch,
                                       bool *frozen);
/* Whether entries are missing (recovery_rows.h). */
MUST_USE enum status tables_get_recovering(struct store_txn *txn,
                                           bool *recovering);
MUST_USE enum status tables_put_control(struct store_txn *txn,
                                        const struct entry *entry);

/* What is looked at before a ledger is used: that the last entry is as many
 * as there are, its bytes have their hash, and the table that it leads to ends
 * with it. Says in the log what does not fit. STATUS_CORRUPT. */
MUST_USE enum status tables_check(struct store_txn *txn, const char *path);

#endif
