/* Failure modes: what a commit can meet (common/store/store.c); a cold file
 * that is missing or damaged when a place in it is to be overwritten. The mark
 * that something is to be overwritten goes last, so that whatever ends the work
 * in between, the next one begins it again. */
#include "collector/ledger/ledger_move.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <string.h>

#define OVERWRITE_ROUNDS 2u /* see store_overwrite() */

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

static enum status move_one(struct store_txn *txn, uint64_t control,
                            uint32_t file, const struct cold_row *row)
{
    struct moved moved;
    struct entry entry;
    enum status status = tables_get_entry(txn, row->index, &entry);

    if (status == STATUS_OK && (entry.kind != ENTRY_BATCH ||
                                !digest_equal(&entry.digest, &row->digest) ||
                                entry.size != row->size)) {
        return STATUS_CORRUPT;
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

/* ---- for good ---- */

enum status ledger_to_overwrite(struct ledger *ledger, bool *wanted)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin(ledger->store, false, &txn);

    *wanted = false;
    if (status == STATUS_OK) {
        status = moved_to_overwrite(txn, wanted);
    }
    store_abort(&txn);
    return status;
}

/* All that was erased after it had been moved; zeros over zeros do no harm. */
static enum status overwrite_cold(struct ledger *ledger)
{
    struct store_txn *txn = NULL;
    struct digest after = {{0}};
    struct digest digest;
    struct moved moved;
    enum status missing = STATUS_OK;
    enum status status = store_begin(ledger->store, false, &txn);

    while (status == STATUS_OK) {
        status = moved_next(txn, &after, &digest, &moved);
        if (status != STATUS_OK) {
            break;
        }
        after = digest;
        if (moved.kind == MOVED_ERASED && moved.file != 0) {
            status = cold_overwrite(ledger->cold, moved.file, moved.offset,
                                    moved.size);
        }
        if (status == STATUS_AWAY) {
            log_warning("a cold file is missing: what was erased is still in "
                        "it",
                        log_number("file", moved.file));
            missing = STATUS_AWAY;
            status = STATUS_OK;
        }
    }
    store_abort(&txn);
    return status == STATUS_NOT_FOUND ? missing : status;
}

/* A commit that changes nothing else. */
static enum status commit_mark(struct ledger *ledger, bool wanted)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin(ledger->store, true, &txn);

    if (status == STATUS_OK) {
        status = wanted ? moved_want_overwritten(txn) : moved_overwritten(txn);
    }
    if (status == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return status;
}

enum status ledger_overwrite(struct ledger *ledger, bool last)
{
    enum status missing;
    enum status status = overwrite_cold(ledger);

    check(ledger->txn == NULL);
    if (status != STATUS_OK && status != STATUS_AWAY) {
        return status;
    }
    missing = status;
    status = STATUS_OK;
    for (unsigned i = 0; i < OVERWRITE_ROUNDS && status == STATUS_OK; i++) {
        status = commit_mark(ledger, true);
        if (status == STATUS_OK) {
            status = store_overwrite(ledger->store);
        }
    }
    if (status == STATUS_OK && missing == STATUS_OK && last) {
        status = commit_mark(ledger, false);
    }
    return status == STATUS_OK ? missing : status;
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
