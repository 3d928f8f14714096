/* What no longer lies in the ledger's file. Bytes in a cold file are read and
 * hashed as all others are; here the file's own table is held against the
 * entry that names its hash, and each row of `moved` against the table. Of
 * erased bytes the order is all there is: it is signed, is an entry, names this
 * entry and this hash, and holds what is left to count. And that they are gone
 * is looked at: in the store, and in the cold files.
 *
 * A move whose batches all lie in the store was made by a ledger that is lost:
 * the offices have given the bytes back. There is nothing to hold then. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_moved.h"
#include "common/format/contribution.h"

#include <stdlib.h>

static void found(struct verify_entries *self, const struct entry *entry,
                  enum verify_fault fault)
{
    verify_found(self->results, VERIFY_MOVED, fault, verify_at_entry(entry),
                 NULL);
}

static bool is_in_store(const struct verify_entries *self,
                        const struct digest *digest)
{
    struct bytes value;

    return store_get(self->txn, TABLE_BYTES,
                     (struct bytes){digest->bytes, DIGEST_BYTES},
                     &value) != STATUS_NOT_FOUND;
}

/* ---- erased ---- */

/* The order is an entry. A copy that is older than the order says what it is;
 * and a number that was given up had one, perhaps. */
static void look_at_entry(struct verify_entries *self,
                          const struct entry *entry, struct bytes document,
                          uint64_t index)
{
    static const struct language_text elsewhere = {
        "lệnh xóa không nằm trong sổ cái này: đối chiếu với sổ cái của tỉnh",
        "by an order that is no entry here: look for it in the province's "
        "ledger"};
    struct digest digest;
    struct entry order;
    bool copy = false;

    digest_bytes(document, &digest);
    if (ledger_entry(self->snapshot, index, &order) == STATUS_OK) {
        copy = order.kind == ENTRY_MISSING;
        if (!copy && (order.kind != ENTRY_CONTROL ||
                      !digest_equal(&order.digest, &digest))) {
            found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
        }
    } else if (tables_get_recovering(self->txn, &copy) != STATUS_OK || !copy) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
    }
    if (copy) {
        verify_nothing(self->results, VERIFY_MOVED, elsewhere);
    }
}

/* Whether an administrator had signed it who was in force by then: an order
 * that is given once more behind new keys keeps what a former one has left. */
static bool is_signed(const struct verify_entries *self,
                      struct bytes contribution, uint64_t index)
{
    bool is = false;

    for (size_t i = 0; i < self->keys.count && !is; i++) {
        const struct province_key_pair *pair = &self->keys.pairs[i];

        is = pair->index <= index &&
             batch_verify(contribution, &pair->administrator) == STATUS_OK;
    }
    return is;
}

static void look_at_order(struct verify_entries *self,
                          const struct entry *entry,
                          const struct control *order, uint64_t index,
                          struct digest *previous, bool *known)
{
    struct bytes contribution = order->erasure_order.contribution;
    struct batch_header header;

    if (order->kind != CONTROL_ERASURE_ORDER ||
        order->erasure_order.index != entry->index ||
        !digest_equal(&order->erasure_order.digest, &entry->digest)) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
    } else if (!contribution_fits(contribution, entry)) {
        found(self, entry, VERIFY_FAULT_BATCH_HEADER);
    } else if (!is_signed(self, contribution, index)) {
        found(self, entry, VERIFY_FAULT_BATCH_SIGNATURE);
    } else if (batch_peek(contribution, &header) == STATUS_OK) {
        *previous = header.previous;
        *known = true;
    }
}

void verify_erased(struct verify_entries *self, const struct entry *entry)
{
    static const struct language_text not_yet = {
        "sổ cái đang được dựng lại, lệnh xóa chưa về",
        "the ledger is being rebuilt, and an erasure order is not back yet"};
    const struct public_key *administrator = NULL;
    struct control *order = NULL;
    struct bytes document;
    struct digest previous;
    uint64_t index = 0;
    bool known = false;
    bool waits = false;
    enum status status =
        moved_order(self->txn, &entry->digest, &document, &index);

    self->results->parts[VERIFY_MOVED].checked++;
    self->results->parts[VERIFY_MOVED].erased++;
    self->moved++;
    if (status == STATUS_OK) {
        administrator = province_keys_administrator_at(&self->keys, index);
    }
    if (status == STATUS_AWAY &&
        tables_get_recovering(self->txn, &waits) == STATUS_OK && waits) {
        verify_unchecked(self->results, VERIFY_MOVED, not_yet);
    } else if (administrator == NULL) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
    } else {
        look_at_entry(self, entry, document, index);
        status = control_open(document, administrator, &order);
        if (status == STATUS_OK) {
            look_at_order(self, entry, order, index, &previous, &known);
        } else if (status == STATUS_MEMORY) {
            self->status = status;
        } else {
            found(self, entry, VERIFY_FAULT_CONTROL_SIGNATURE);
        }
    }
    control_free(&order);
    verify_batch_erased(self, entry, known ? &previous : NULL);
}

bool verify_order(struct verify_entries *self, const struct entry *entry,
                  const struct control_erasure_order *order)
{
    struct entry named;
    struct moved moved;

    if (order->index >= entry->index ||
        ledger_entry(self->snapshot, order->index, &named) != STATUS_OK) {
        return false;
    }
    if (named.kind == ENTRY_MISSING) {
        return true; /* given up since, and what it said with it */
    }
    if (named.kind != ENTRY_BATCH ||
        !digest_equal(&named.digest, &order->digest)) {
        return false;
    }
    if (moved_get(self->txn, &order->digest, &moved) != STATUS_OK ||
        moved.kind != MOVED_ERASED || is_in_store(self, &order->digest)) {
        found(self, entry, VERIFY_FAULT_ERASURE_UNDONE);
    }
    return true;
}

/* ---- moved ---- */

void verify_cold(struct verify_entries *self, const struct entry *entry)
{
    struct moved moved;
    enum status status = moved_get(self->txn, &entry->digest, &moved);

    if (status == STATUS_NOT_FOUND) {
        return;
    }
    self->results->parts[VERIFY_MOVED].checked++;
    /* What was healed may lie in the store again; its row stays. */
    self->moved += !is_in_store(self, &entry->digest);
    if (status != STATUS_OK || moved.kind != MOVED_COLD) {
        found(self, entry, VERIFY_FAULT_VALUE);
    } else {
        self->cold_rows++;
    }
}

/* A place of a batch that was erased. */
static void look_at_place(struct verify_entries *self, uint32_t number,
                          const struct cold_row *row)
{
    static const struct language_text waits = {
        "dữ liệu đã xóa chưa được ghi đè trong tệp lưu lạnh: lần khởi động sau "
        "của "
        "trung tâm sẽ làm",
        "what was erased is not overwritten in a cold file yet: the "
        "collector's next start does it"};
    struct digest digest;
    bool zeros = false;
    bool pending = false;
    enum status status =
        cold_look(self->cold, number, row->offset, row->size, &zeros, &digest);

    if (status == STATUS_MEMORY || status == STATUS_IO) {
        self->status = status;
    } else if (status != STATUS_OK || !zeros) {
        status = moved_to_overwrite(self->txn, &pending);
        if (status == STATUS_OK && pending) {
            verify_unchecked(self->results, VERIFY_MOVED, waits);
        } else {
            verify_found(self->results, VERIFY_MOVED,
                         VERIFY_FAULT_ERASURE_UNDONE,
                         verify_at_index(row->index), NULL);
        }
    }
}

/* The file that the entry tells of: what it holds of erased batches, and the
 * rows that say that a batch lies in it. */
static void look_at_file(struct verify_entries *self, const struct entry *entry,
                         uint32_t number, const struct cold_row rows[],
                         uint32_t count)
{
    for (uint32_t i = 0; i < count && self->status == STATUS_OK; i++) {
        struct moved moved;
        enum status status = moved_get(self->txn, &rows[i].digest, &moved);

        if (status != STATUS_OK) {
            continue;
        }
        if (moved.kind == MOVED_ERASED) {
            look_at_place(self, number, &rows[i]);
        } else if (moved.control == entry->index &&
                   (moved.file != number || moved.offset != rows[i].offset ||
                    moved.size != rows[i].size)) {
            verify_found(self->results, VERIFY_MOVED, VERIFY_FAULT_VALUE,
                         verify_at_index(rows[i].index), NULL);
        }
    }
}

/* How many batches lie, by their rows, where this move has put them, and in
 * which file. */
static uint64_t count_rows(struct verify_entries *self,
                           const struct entry *entry,
                           const struct control_cold_move *move,
                           uint32_t *number)
{
    uint64_t count = 0;

    for (uint64_t i = move->from_index; i <= move->to_index; i++) {
        struct entry batch;
        struct moved moved;

        if (ledger_entry(self->snapshot, i, &batch) == STATUS_OK &&
            batch.kind == ENTRY_BATCH &&
            moved_get(self->txn, &batch.digest, &moved) == STATUS_OK &&
            moved.kind == MOVED_COLD && moved.control == entry->index) {
            *number = moved.file;
            count++;
        }
    }
    return count;
}

void verify_move(struct verify_entries *self, const struct entry *entry,
                 const struct control_cold_move *move)
{
    static const struct language_text away = {"thiếu một tệp lưu lạnh",
                                              "a cold file is missing"};
    const struct cold_file *file = cold_files_find(&self->files, &move->file);
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    struct cold_head head;
    struct digest digest;
    uint32_t number = 0;
    uint64_t told = count_rows(self, entry, move, &number);
    enum status status = STATUS_OK;

    self->results->parts[VERIFY_MOVED].checked++;
    self->cold_told += told;
    if (file == NULL && told > 0) {
        if (cold_files_at(&self->files, number) == NULL) {
            verify_unchecked(self->results, VERIFY_MOVED, away);
        } else {
            found(self, entry, VERIFY_FAULT_COLD);
        }
    } else if (file != NULL && !file->fresh) {
        status = rows == NULL ? STATUS_MEMORY
                              : cold_table(self->cold, file->number, &head,
                                           rows, &digest);
        if (status == STATUS_MEMORY) {
            self->status = status;
        } else if (status != STATUS_OK || head.from != move->from_index ||
                   head.to != move->to_index) {
            found(self, entry, VERIFY_FAULT_COLD);
        } else {
            look_at_file(self, entry, file->number, rows, head.count);
        }
    }
    free(rows);
}

void verify_moves_end(struct verify_entries *self)
{
    if (self->cold_rows != self->cold_told) {
        verify_found(self->results, VERIFY_MOVED, VERIFY_FAULT_COLD,
                     verify_nowhere(), "rows of batches that no entry moved");
    }
}
