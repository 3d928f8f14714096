/* Entries that the ledger had before. What comes back is held against what is
 * there as if it came for the first time, but index, time and flags are those
 * of before. */
#include "collector/ledger/ledger.h"

#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_moved.h"
#include "common/base/check.h"

/* STATUS_INVALID: the entry is not the next of its stream. */
static enum status check_stream(struct ledger *ledger,
                                const struct entry *entry, struct bytes bytes)
{
    struct batch_header header;
    struct stream_record stream;
    bool belong = false;
    enum status status =
        tables_get_stream(ledger->txn, &entry->agent, &entry->epoch, &stream);

    if (status == STATUS_OK) {
        status = ledger_check_numbers(ledger, entry->agent_number,
                                      entry->epoch_ordinal, &stream, &belong);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!belong || entry->first_seq != stream.next_seq) {
        return STATUS_INVALID;
    }
    if (bytes.size == 0) {
        return STATUS_OK;
    }
    return batch_peek(bytes, &header) == STATUS_OK &&
                   header.first_seq == entry->first_seq &&
                   header.count == entry->count &&
                   digest_equal(&header.previous, &stream.last)
               ? STATUS_OK
               : STATUS_INVALID;
}

static enum status put_bytes(struct ledger *ledger, const struct entry *entry,
                             struct bytes bytes)
{
    static const struct moved erased = {.kind = MOVED_ERASED,
                                        .control = MOVED_ORDER_TO_COME};
    struct digest digest;
    enum status status;

    if (bytes.size == 0) {
        ledger->lost = moved_put(ledger->txn, &entry->digest, &erased);
        return ledger->lost;
    }
    digest_bytes(bytes, &digest);
    if (bytes.size != entry->size || !digest_equal(&digest, &entry->digest)) {
        return STATUS_INVALID;
    }
    status =
        tables_put_bytes(ledger->txn, &entry->digest, bytes, ledger->reserve);
    if (status == STATUS_EXISTS) {
        return STATUS_INVALID; /* they are another entry's */
    }
    if (status != STATUS_FULL && status != STATUS_AGAIN) {
        ledger->lost = status;
    }
    return status;
}

/* The table that leads to the entry. */
static enum status put_place(struct ledger *ledger, const struct entry *entry,
                             struct bytes bytes)
{
    enum status status;

    if (entry->kind == ENTRY_BATCH) {
        return tables_put_stream(ledger->txn, entry);
    }
    status = tables_put_control(ledger->txn, entry);
    return status == STATUS_OK ? moved_apply(ledger->txn, entry->index, bytes)
                               : status;
}

enum status ledger_append_returned(struct ledger *ledger,
                                   const struct entry *entry,
                                   struct bytes bytes)
{
    enum status status = STATUS_OK;

    check(ledger->txn != NULL && ledger->recovering);
    if (ledger->lost != STATUS_OK) {
        return ledger->lost;
    }
    if (entry->index != ledger->next_index ||
        entry->received_at < ledger->last_received ||
        (entry->kind == ENTRY_CONTROL && bytes.size == 0)) {
        return STATUS_INVALID;
    }
    if (ledger_group_is_full(ledger, bytes.size)) {
        return STATUS_AGAIN;
    }
    if (entry->kind == ENTRY_BATCH) {
        status = check_stream(ledger, entry, bytes);
    }
    if (status == STATUS_OK) {
        status = put_bytes(ledger, entry, bytes);
    }
    if (status == STATUS_OK) {
        status = ledger_put_entry(ledger, entry);
    }
    if (status == STATUS_OK) {
        ledger->lost = put_place(ledger, entry, bytes);
        status = ledger->lost;
    }
    return status;
}

enum status ledger_append_missing(struct ledger *ledger)
{
    const struct entry entry = {.kind = ENTRY_MISSING,
                                .index = ledger->next_index,
                                .received_at = ledger->last_received};

    check(ledger->txn != NULL && ledger->recovering && entry.index > 0);
    if (ledger->lost != STATUS_OK) {
        return ledger->lost;
    }
    return ledger_group_is_full(ledger, 0) ? STATUS_AGAIN
                                           : ledger_put_entry(ledger, &entry);
}
