/* The happy path: the record is one of its place and time, its bytes are under
 * their hash, what kind they are of decides the rest, and the record becomes
 * the next leaf. What cannot be read ends nothing but the tree. */
#include "collector/audit/verify_entries.h"

#include "collector/audit/verify_private.h"
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

enum status verify_entries_new(const struct verify_entries_options *options,
                               struct verify_entries **entries)
{
    struct verify_entries *self = calloc(1, sizeof *self);
    enum status status;

    *entries = self;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->snapshot = options->snapshot;
    self->txn = options->snapshot->txn;
    self->results = options->results;
    self->signed_before = options->signed_before;
    self->has_tree = options->has_tree;
    self->cold = options->cold;
    self->outside_note = options->outside;
    self->last_received = INT64_MIN;
    report_init(&self->report, self->results->language);
    id_map_init(&self->places);
    merkle_frontier_init(&self->tree);
    status = verify_signatures_new(self->results, &self->signatures);
    if (status == STATUS_OK) {
        status = context_new(&self->context);
    }
    if (status == STATUS_OK) {
        status = cold_files_read(options->cold, &self->files);
    }
    if (status == STATUS_OK) {
        verify_breaks_read(self);
    } else {
        verify_entries_free(entries);
    }
    return status;
}

void verify_entries_free(struct verify_entries **entries)
{
    struct verify_entries *self = *entries;

    if (self != NULL) {
        verify_signatures_free(&self->signatures);
        store_cursor_close(&self->notes);
        cold_files_free(&self->files);
        context_free(&self->context);
        report_fini(&self->report);
        id_map_fini(&self->places);
        free(self->streams);
        free(self->named);
        free(self);
        *entries = NULL;
    }
}

/* ---- one entry ---- */

/* Why an entry could not be read. */
static void find_entry(struct verify_entries *self, uint64_t index)
{
    uint8_t key[8];
    struct bytes value;
    enum verify_fault fault = VERIFY_FAULT_ENTRY_FORM;

    bytes_put_u64(key, index);
    switch (store_get(self->txn, TABLE_ENTRIES, (struct bytes){key, sizeof key},
                      &value)) {
    case STATUS_NOT_FOUND:
        fault = VERIFY_FAULT_ENTRY_MISSING;
        break;
    case STATUS_OK:
        break;
    default:
        fault = VERIFY_FAULT_VALUE;
        break;
    }
    verify_found(self->results, VERIFY_ENTRIES, fault, verify_at_index(index),
                 NULL);
    self->tree_broken = true;
}

/* Why the bytes of an entry could not be read. */
static void find_bytes(struct verify_entries *self, const struct entry *entry,
                       enum status status)
{
    static const struct language_text away = {"thiếu một tệp lưu lạnh",
                                              "a cold file is missing"};
    struct bytes value;
    enum verify_fault fault = VERIFY_FAULT_BYTES_HASH;
    uint64_t moved = self->moved;

    if (status == STATUS_IO || status == STATUS_MEMORY) {
        self->status = status;
        return;
    }
    if (status == STATUS_AWAY) {
        verify_cold(self, entry);
        verify_unchecked(self->results, VERIFY_MOVED, away);
        verify_unchecked(self->results, VERIFY_BATCHES, away);
        return;
    }
    verify_cold(self, entry);
    switch (store_get(self->txn, TABLE_BYTES,
                      (struct bytes){entry->digest.bytes, DIGEST_BYTES},
                      &value)) {
    case STATUS_NOT_FOUND:
        if (self->moved == moved) {
            fault = VERIFY_FAULT_BYTES_MISSING;
        }
        break;
    case STATUS_OK:
        if (value.size != entry->size) {
            fault = VERIFY_FAULT_BYTES_SIZE;
        }
        break;
    default:
        fault = VERIFY_FAULT_VALUE;
        break;
    }
    verify_found(self->results, VERIFY_ENTRIES, fault, verify_at_entry(entry),
                 NULL);
}

/* The clock may step back, but receive times do not: then the time before is
 * kept, and the entry says so. */
static void look_at_time(struct verify_entries *self, const struct entry *entry)
{
    bool stepped = (entry->flags & ENTRY_FLAG_CLOCK_STEPPED) != 0;

    if (entry->received_at < self->last_received ||
        (stepped && entry->received_at != self->last_received)) {
        verify_found(self->results, VERIFY_ENTRIES, VERIFY_FAULT_ENTRY_TIME,
                     verify_at_entry(entry), NULL);
    }
    if (entry->received_at > self->last_received) {
        self->last_received = entry->received_at;
    }
}

static void look_at(struct verify_entries *self, const struct ahead_read *read)
{
    const struct entry *entry = read->entry;

    look_at_time(self, entry);
    if (read->status == STATUS_ERASED && entry->kind == ENTRY_BATCH) {
        verify_erased(self, entry);
    } else if (read->status != STATUS_OK) {
        find_bytes(self, entry, read->status);
    } else if (entry->kind == ENTRY_BATCH) {
        verify_cold(self, entry);
        verify_batch(self, entry, read->bytes);
        self->results->unreadable += !read->readable;
    } else if (entry->kind == ENTRY_CONTROL) {
        verify_control(self, entry, read->bytes);
    } else {
        verify_missing(self, entry);
    }
    verify_row(self, entry);
    verify_leaf(self, entry);
}

bool verify_entries_read(void *owner, const struct ahead_read *read)
{
    struct verify_entries *self = owner;

    if (self->status != STATUS_OK || read->index < self->next) {
        return true; /* was looked at before the fold began */
    }
    if (read->index > self->next) {
        self->status = STATUS_INVALID; /* the fold began behind it */
        return true;
    }
    self->out_of_order = false;
    self->results->entries++;
    self->results->parts[VERIFY_ENTRIES].checked++;
    if (read->entry == NULL) {
        find_entry(self, read->index);
    } else {
        look_at(self, read);
    }
    self->next++;
    return !self->out_of_order;
}

bool verify_entries_help(void *owner)
{
    const struct verify_entries *self = owner;

    return verify_signatures_help(self->signatures);
}

void verify_entries_settle(struct verify_entries *self)
{
    verify_signatures_settle(self->signatures);
}

void verify_entries_next(struct verify_entries *self)
{
    struct entry entry;
    struct ahead_read read = {
        .index = self->next, .entry = &entry, .readable = true};

    read.status = ledger_entry(self->snapshot, self->next, &entry);
    if (read.status != STATUS_OK) {
        read.entry = NULL;
    } else {
        read.status = ledger_bytes(self->snapshot, &entry, &read.bytes);
    }
    (void)verify_entries_read(self, &read);
}

/* ---- all of them ---- */

uint64_t verify_entries_count(const struct verify_entries *self)
{
    return self->next;
}

bool verify_entries_root(const struct verify_entries *self, struct digest *root)
{
    merkle_frontier_root(&self->tree, root);
    return !self->tree_broken;
}

enum status verify_entries_status(const struct verify_entries *self)
{
    return self->status;
}

void verify_entries_end(struct verify_entries *self)
{
    verify_entries_settle(self);
    verify_tables(self);
    verify_moves_end(self);
    verify_notes_end(self);
    verify_breaks_end(self);
}
