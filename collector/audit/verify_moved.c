/* What no longer lies in the ledger's file. Bytes in a cold file are read and
 * hashed as all others are; here the file's own table is held against the
 * entry that names its hash. Of erased bytes the order is all there is: it is
 * signed, names this entry and this hash, and holds what is left to count. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/cold.h"
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

static void look_at_order(struct verify_entries *self,
                          const struct entry *entry, struct bytes document,
                          const struct public_key *administrator)
{
    struct control *order = NULL;
    enum status status = control_open(document, administrator, &order);

    if (status == STATUS_MEMORY) {
        self->status = status;
    } else if (status != STATUS_OK) {
        found(self, entry, VERIFY_FAULT_CONTROL_SIGNATURE);
    } else if (order->kind != CONTROL_ERASURE_ORDER ||
               order->erasure_order.index != entry->index ||
               !digest_equal(&order->erasure_order.digest, &entry->digest)) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
    } else if (!contribution_fits(order->erasure_order.contribution, entry)) {
        found(self, entry, VERIFY_FAULT_BATCH_HEADER);
    } else if (batch_verify(order->erasure_order.contribution, administrator) !=
               STATUS_OK) {
        found(self, entry, VERIFY_FAULT_BATCH_SIGNATURE);
    }
    control_free(&order);
}

void verify_erased(struct verify_entries *self, const struct entry *entry)
{
    const struct public_key *administrator;
    struct bytes document;
    uint64_t index;

    self->results->parts[VERIFY_MOVED].checked++;
    self->results->parts[VERIFY_MOVED].erased++;
    self->moved++;
    if (moved_order(self->txn, &entry->digest, &document, &index) !=
        STATUS_OK) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
        return;
    }
    administrator = province_keys_administrator_at(&self->keys, index);
    if (administrator == NULL) {
        found(self, entry, VERIFY_FAULT_CONTROL_REFERS);
        return;
    }
    look_at_order(self, entry, document, administrator);
}

void verify_cold(struct verify_entries *self, const struct entry *entry)
{
    struct moved moved;
    enum status status = moved_get(self->txn, &entry->digest, &moved);

    if (status == STATUS_NOT_FOUND) {
        return;
    }
    self->moved++;
    self->results->parts[VERIFY_MOVED].checked++;
    if (status != STATUS_OK || moved.kind != MOVED_COLD) {
        found(self, entry, VERIFY_FAULT_VALUE);
    }
}

/* The number of the file that a move has made, by what it says of the first of
 * its batches. */
static enum status file_of(const struct verify_entries *self,
                           const struct control_cold_move *move,
                           uint32_t *number)
{
    struct entry entry;
    struct moved moved;

    for (uint64_t i = move->from_index; i <= move->to_index; i++) {
        if (ledger_entry(self->snapshot, i, &entry) == STATUS_OK &&
            entry.kind == ENTRY_BATCH &&
            moved_get(self->txn, &entry.digest, &moved) == STATUS_OK &&
            moved.file != 0) {
            *number = moved.file;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

void verify_move(struct verify_entries *self, const struct entry *entry,
                 const struct control_cold_move *move)
{
    static const struct language_text away = {"thiếu một tệp kho lạnh",
                                              "a cold file is missing"};
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    struct cold_head head;
    struct digest digest;
    uint32_t number = 0;
    enum status status = STATUS_MEMORY;

    self->results->parts[VERIFY_MOVED].checked++;
    if (rows != NULL) {
        status = file_of(self, move, &number);
    }
    if (status == STATUS_OK) {
        status = cold_table(self->cold, number, &head, rows, &digest);
    }
    if (status == STATUS_MEMORY) {
        self->status = status;
    } else if (status == STATUS_AWAY) {
        verify_unchecked(self->results, VERIFY_MOVED, away);
    } else if (status != STATUS_OK || !digest_equal(&digest, &move->file) ||
               head.from != move->from_index || head.to != move->to_index) {
        found(self, entry, VERIFY_FAULT_COLD);
    }
    free(rows);
}
