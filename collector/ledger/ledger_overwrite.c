/* What was erased goes from the files: from the places of cold files, and from
 * what the store's file has free.
 *
 * A place in a cold file is filled with zeros when the file's table, under the
 * hash that an entry names, says that the erased batch lies there; or when what
 * lies there has the hash of the erased batch. A row of `moved` alone may be
 * wrong, and would cost another batch.
 *
 * Failure modes: a cold file that is missing or damaged. The mark that
 * something is to be overwritten goes last, so that whatever ends the work in
 * between, the next one begins it again. */
#include "collector/ledger/ledger_move.h"

#include "collector/ledger/cold_moves.h"
#include "collector/ledger/ledger_internal.h"
#include "common/base/check.h"
#include "common/base/log.h"

#include <stdlib.h>

#define OVERWRITE_ROUNDS 2u /* see store_overwrite() */

struct overwriting {
    struct ledger_snapshot *snapshot;
    const char *folder;
    struct cold_moves moves;
    struct cold_files files;
    struct cold_row *rows;
    enum status left; /* why something is left */
};

/* `known` says that the erased batch lies there. */
static enum status fill(struct overwriting *self, uint32_t number,
                        const struct cold_row *row, bool known)
{
    struct digest digest;
    bool zeros = false;
    enum status status = cold_look(self->folder, number, row->offset, row->size,
                                   &zeros, &digest);

    if (status != STATUS_OK || zeros) {
        return status;
    }
    return known || digest_equal(&digest, &row->digest)
               ? cold_overwrite(self->folder, number, row->offset, row->size)
               : STATUS_NOT_FOUND;
}

static enum status fill_file(struct overwriting *self,
                             const struct cold_file *file)
{
    bool known = cold_moves_find(&self->moves, &file->digest) != NULL;
    struct cold_head head;
    struct digest digest;
    enum status status =
        cold_table(self->folder, file->number, &head, self->rows, &digest);

    for (uint32_t i = 0; status == STATUS_OK && i < head.count; i++) {
        struct moved moved;

        status = moved_get(self->snapshot->txn, &self->rows[i].digest, &moved);
        if (status == STATUS_OK && moved.kind == MOVED_ERASED) {
            status = fill(self, file->number, &self->rows[i], known);
        }
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    return status;
}

/* A file that is damaged or not here, of which a row says that what was erased
 * lay in it. */
static void look_at_row(struct overwriting *self, const struct digest *digest,
                        const struct moved *moved)
{
    const struct cold_file *file = cold_files_at(&self->files, moved->file);
    struct cold_row row = {
        .digest = *digest, .offset = moved->offset, .size = moved->size};
    enum status status = STATUS_AWAY;

    if (file != NULL) {
        if (file->status == STATUS_OK &&
            cold_moves_find(&self->moves, &file->digest) != NULL) {
            return; /* by its table */
        }
        status = fill(self, moved->file, &row, false);
    }
    if (status != STATUS_OK) {
        self->left = self->left == STATUS_OK || status == STATUS_AWAY
                         ? (status == STATUS_AWAY ? status : STATUS_CORRUPT)
                         : self->left;
        log_warning("a cold file is missing or damaged: what was erased may "
                    "still be in it",
                    log_number("file", moved->file),
                    log_status("status", status));
    }
}

static enum status look_at_rows(struct overwriting *self)
{
    struct digest after = {{0}};
    struct digest digest;
    struct moved moved;
    enum status status =
        moved_next(self->snapshot->txn, &after, &digest, &moved);

    while (status == STATUS_OK) {
        if (moved.kind == MOVED_ERASED && moved.file != 0) {
            look_at_row(self, &digest, &moved);
        }
        after = digest;
        status = moved_next(self->snapshot->txn, &after, &digest, &moved);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status fill_all(struct overwriting *self)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < self->files.count && status == STATUS_OK; i++) {
        const struct cold_file *file = &self->files.list[i];

        if (file->status == STATUS_OK && !file->fresh) {
            status = fill_file(self, file);
        }
    }
    return status == STATUS_OK ? look_at_rows(self) : status;
}

/* `alone`: nobody else writes in the folder. */
static enum status overwrite_cold(struct ledger *ledger, bool alone)
{
    struct overwriting self = {.folder = ledger->cold};
    enum status status = ledger_snapshot_open(ledger, &self.snapshot);

    if (status == STATUS_OK) {
        status = cold_moves_read(self.snapshot, &self.moves);
    }
    if (status == STATUS_OK && alone) {
        status = cold_moves_settle(self.folder, &self.moves);
    }
    if (status == STATUS_OK) {
        status = cold_files_read(self.folder, &self.files);
    }
    if (status == STATUS_OK) {
        self.rows = calloc(COLD_BATCHES_MAX, sizeof *self.rows);
        status = self.rows == NULL ? STATUS_MEMORY : fill_all(&self);
    }
    ledger_snapshot_close(&self.snapshot);
    cold_moves_free(&self.moves);
    cold_files_free(&self.files);
    free(self.rows);
    return status == STATUS_OK ? self.left : status;
}

enum status ledger_overwrite_cold(struct ledger *ledger)
{
    return overwrite_cold(ledger, true);
}

/* ---- the store's file ---- */

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

static enum status overwrite_store(struct ledger *ledger)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < OVERWRITE_ROUNDS && status == STATUS_OK; i++) {
        status = commit_mark(ledger, true);
        if (status == STATUS_OK) {
            status = store_overwrite(ledger->store);
        }
    }
    return status;
}

enum status ledger_overwrite(struct ledger *ledger, bool last)
{
    enum status status = STATUS_OK;
    enum status left;
    int lock = -1;

    check(ledger->txn == NULL);
    if (last) {
        status = cold_own(ledger->cold, &lock);
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    left = status == STATUS_OK ? overwrite_cold(ledger, last) : status;
    cold_disown(&lock);
    if (left != STATUS_OK && left != STATUS_AWAY && left != STATUS_CORRUPT &&
        left != STATUS_BUSY) {
        return left;
    }
    status = overwrite_store(ledger);
    if (status == STATUS_OK && left == STATUS_OK && last) {
        status = commit_mark(ledger, false);
    }
    return status == STATUS_OK ? left : status;
}
