/* The ledger as it stood at one moment, beside whoever writes. */
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_moved.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/control.h"

#include <stdlib.h>

void ledger_show_prefix(struct ledger *ledger, uint64_t size)
{
    check(ledger->read_only);
    ledger->prefix = size;
}

enum status ledger_snapshot_open(struct ledger *ledger,
                                 struct ledger_snapshot **snapshot)
{
    struct entry last;
    *snapshot = NULL;
    struct ledger_snapshot *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return STATUS_MEMORY;
    }
    enum status status = store_begin(ledger->store, false, &made->txn);
    if (status == STATUS_OK) {
        if (ledger->whole) {
            status = store_count(made->txn, TABLE_ENTRIES, &made->size);
        } else {
            status = tables_last_entry(made->txn, &last);
            made->size = status == STATUS_OK ? last.index + 1 : 0;
        }
        if (made->size > ledger->prefix) {
            made->size = ledger->prefix;
        }
        made->own_from = ledger->own_from;
    }
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        status = cold_reader_new(ledger->cold, &made->cold);
    }
    if (status == STATUS_OK) {
        *snapshot = made;
    } else {
        ledger_snapshot_close(&made);
    }
    return status;
}

void ledger_snapshot_close(struct ledger_snapshot **snapshot)
{
    if (*snapshot != NULL) {
        store_abort(&(*snapshot)->txn);
        cold_reader_free(&(*snapshot)->cold);
        free(*snapshot);
        *snapshot = NULL;
    }
}

uint64_t ledger_snapshot_size(const struct ledger_snapshot *snapshot)
{
    return snapshot->size;
}

enum status ledger_is_rebuilt(const struct ledger_snapshot *snapshot,
                              bool *rebuilt)
{
    return tables_get_recovering(snapshot->txn, rebuilt);
}

enum status ledger_entry(const struct ledger_snapshot *snapshot, uint64_t index,
                         struct entry *entry)
{
    if (index >= snapshot->size) {
        return STATUS_NOT_FOUND;
    }
    return tables_get_entry(snapshot->txn, index, entry);
}

/* Names file and range, so that somebody can look for it. */
static void tell_away(const struct ledger_snapshot *snapshot,
                      const struct moved *moved)
{
    struct control *control = NULL;
    struct entry entry;
    struct bytes document;
    uint64_t from = 0, to = 0;

    if (tables_get_entry(snapshot->txn, moved->control, &entry) == STATUS_OK &&
        tables_get_bytes(snapshot->txn, &entry, &document) == STATUS_OK &&
        control_open(document, NULL, &control) == STATUS_OK &&
        control->kind == CONTROL_COLD_MOVE) {
        from = control->cold_move.from_index;
        to = control->cold_move.to_index;
    }
    control_free(&control);
    log_error("a cold file is missing: figures are not known without it",
              log_number("file", moved->file),
              log_number("from", (int64_t)from), log_number("to", (int64_t)to));
}

static enum status moved_bytes(const struct ledger_snapshot *snapshot,
                               const struct entry *entry, struct bytes *bytes)
{
    struct moved moved;
    enum status status = moved_get(snapshot->txn, &entry->digest, &moved);

    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && moved.size != entry->size &&
         moved.kind == MOVED_COLD)) {
        return STATUS_CORRUPT;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (moved.kind == MOVED_ERASED) {
        return STATUS_ERASED;
    }
    status = cold_read(snapshot->cold, moved.file, moved.offset, moved.size,
                       &entry->digest, bytes);
    if (status == STATUS_AWAY) {
        tell_away(snapshot, &moved);
    } else if (status != STATUS_OK) {
        log_error("a cold file is damaged", log_number("file", moved.file),
                  log_number("index", (int64_t)entry->index),
                  log_status("status", status));
    }
    return status;
}

enum status ledger_bytes(const struct ledger_snapshot *snapshot,
                         const struct entry *entry, struct bytes *bytes)
{
    if (entry->kind == ENTRY_MISSING) {
        *bytes = (struct bytes){0};
        return STATUS_OK;
    }
    /* What this process has put under its hash itself is guarded against
     * accidents by the store; nobody else writes here. */
    enum status status =
        entry->index < snapshot->own_from
            ? tables_get_bytes(snapshot->txn, entry, bytes)
            : tables_get_own_bytes(snapshot->txn, entry, bytes);

    return status == STATUS_NOT_FOUND ? moved_bytes(snapshot, entry, bytes)
                                      : status;
}

enum status ledger_erasure(const struct ledger_snapshot *snapshot,
                           const struct entry *entry, struct control **order,
                           uint64_t *index)
{
    struct bytes document;
    enum status status =
        moved_order(snapshot->txn, &entry->digest, &document, index);

    *order = NULL;
    if (status == STATUS_OK) {
        status = control_open(document, NULL, order);
    }
    if (status == STATUS_OK && (*order)->kind != CONTROL_ERASURE_ORDER) {
        control_free(order);
        status = STATUS_CORRUPT;
    }
    return status == STATUS_INVALID || status == STATUS_REFUSED ? STATUS_CORRUPT
                                                                : status;
}

enum status ledger_next_control(const struct ledger_snapshot *snapshot,
                                uint64_t index, struct entry *entry)
{
    enum status status = tables_next_control(snapshot->txn, index, entry);

    return status == STATUS_OK && entry->index >= snapshot->size
               ? STATUS_NOT_FOUND
               : status;
}

enum status ledger_find_event(const struct ledger_snapshot *snapshot,
                              uint32_t agent_number, uint32_t epoch_ordinal,
                              uint64_t seq, struct entry *entry)
{
    enum status status = tables_find_event(snapshot->txn, agent_number,
                                           epoch_ordinal, seq, entry);

    return status == STATUS_OK && entry->index >= snapshot->size
               ? STATUS_NOT_FOUND
               : status;
}

enum status ledger_stream(const struct ledger_snapshot *snapshot,
                          const struct random_id *agent,
                          const struct random_id *epoch,
                          struct ledger_stream *stream)
{
    struct stream_record record;
    enum status status =
        tables_get_stream(snapshot->txn, agent, epoch, &record);
    *stream = (struct ledger_stream){.next_seq = record.next_seq,
                                     .last_index = record.last_index,
                                     .last = record.last};
    if (status == STATUS_OK) {
        status =
            tables_get_frozen(snapshot->txn, agent, epoch, &stream->frozen);
    }
    return status;
}

/* ---- the tree ---- */

enum status ledger_root(const struct ledger_snapshot *snapshot, uint64_t size,
                        struct digest *root)
{
    struct ledger_tree tree = {.txn = snapshot->txn};
    struct merkle_source source = ledger_tree_source(&tree);

    return size > snapshot->size ? STATUS_NOT_FOUND
                                 : merkle_root(&source, size, root);
}

enum status ledger_inclusion(const struct ledger_snapshot *snapshot,
                             uint64_t index, uint64_t size,
                             struct merkle_proof *proof)
{
    struct ledger_tree tree = {.txn = snapshot->txn};
    struct merkle_source source = ledger_tree_source(&tree);

    proof->count = 0;
    return size > snapshot->size || index >= size
               ? STATUS_NOT_FOUND
               : merkle_inclusion(&source, index, size, proof);
}

enum status ledger_consistency(const struct ledger_snapshot *snapshot,
                               uint64_t from, uint64_t to,
                               struct merkle_proof *proof)
{
    struct ledger_tree tree = {.txn = snapshot->txn};
    struct merkle_source source = ledger_tree_source(&tree);

    proof->count = 0;
    return to > snapshot->size || from > to
               ? STATUS_NOT_FOUND
               : merkle_consistency(&source, from, to, proof);
}
