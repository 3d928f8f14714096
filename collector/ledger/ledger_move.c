/* Failure modes: what a commit can meet (common/store/store.c); a cold file
 * that is missing or damaged when a place in it is to be overwritten. The mark
 * that something is to be overwritten goes last, so that whatever ends the work
 * in between, the next one begins it again. */
#include "collector/ledger/ledger_move.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"

const char *ledger_cold_folder(const struct ledger *ledger)
{
    return ledger->cold;
}

enum status ledger_where(const struct ledger_snapshot *snapshot,
                         const struct entry *entry, struct moved *moved)
{
    return moved_get(snapshot->txn, &entry->digest, moved);
}

/* ---- to a cold file ---- */

bool ledger_is_row(const struct entry *entry, const struct cold_row *row)
{
    return entry->kind == ENTRY_BATCH &&
           digest_equal(&entry->digest, &row->digest) &&
           entry->size == row->size;
}

/* What was given up since is no longer that batch, and the row is nobody's. */
static enum status move_one(struct store_txn *txn, uint64_t control,
                            uint32_t file, const struct cold_row *row)
{
    struct moved moved;
    struct entry entry;
    enum status status = tables_get_entry(txn, row->index, &entry);

    if (status == STATUS_OK && !ledger_is_row(&entry, row)) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = moved_get(txn, &row->digest, &moved);
    }
    if (status == STATUS_OK && (moved.kind == MOVED_COLD || moved.file != 0)) {
        return STATUS_OK; /* moved before */
    }
    if (status == STATUS_NOT_FOUND) {
        moved = (struct moved){.kind = MOVED_COLD, .control = control};
        status = STATUS_OK;
    }
    moved.file = file;
    moved.offset = row->offset;
    moved.size = row->size;
    if (status == STATUS_OK) {
        status = moved_put(txn, &row->digest, &moved);
    }
    if (status == STATUS_OK && moved.kind == MOVED_ERASED) {
        status = moved_want_overwritten(txn);
    }
    return status;
}

enum status ledger_move_cold(struct ledger *ledger, uint64_t control,
                             uint32_t file, const struct cold_row rows[],
                             uint32_t count)
{
    struct store_txn *txn = NULL;
    enum status status;

    check(ledger->txn == NULL);
    status = store_begin(ledger->store, true, &txn);
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        status = move_one(txn, control, file, &rows[i]);
    }
    if (status == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return status;
}

enum status ledger_erase_copy(struct ledger *ledger, uint64_t index,
                              struct bytes document)
{
    struct store_txn *txn = NULL;
    enum status status;

    check(ledger->txn == NULL);
    status = store_begin(ledger->store, true, &txn);
    if (status == STATUS_OK) {
        status = moved_apply_copy(txn, index, document);
    }
    if (status == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return status;
}
