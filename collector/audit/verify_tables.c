/* What the other tables say again of the entries. A row is looked up for each
 * entry as it comes, and at the end each table is held against how many rows
 * it may have: so none lacks a row, and none has one too many. */
#include "collector/audit/verify_private.h"

#include "collector/ledger/ledger_tables.h"

#include <stdio.h>
#include <string.h>

#define INDEX_BYTES    8u
#define POSITION_BYTES 16u
#define STREAM_KEY     32u
#define STREAM_BYTES   56u

/* ---- a row for each entry ---- */

void verify_row(struct verify_entries *self, const struct entry *entry)
{
    bool batch = entry->kind == ENTRY_BATCH;
    uint8_t key[POSITION_BYTES];
    uint8_t index[INDEX_BYTES];
    struct bytes name = {.data = key, .size = POSITION_BYTES};
    struct bytes should = {.data = index, .size = INDEX_BYTES};
    struct bytes value = {0};
    enum status status;

    if (entry->kind == ENTRY_MISSING) {
        return;
    }
    bytes_put_u64(index, entry->index);
    if (batch) {
        bytes_put_u32(key, entry->agent_number);
        bytes_put_u32(key + 4, entry->epoch_ordinal);
        bytes_put_u64(key + 8, entry->first_seq + entry->count - 1);
        self->batches++;
    } else {
        name = should;
        should.size = 0;
        self->controls++;
    }
    self->results->parts[VERIFY_TABLES].checked++;
    status = store_get(self->txn, batch ? TABLE_POSITIONS : TABLE_CONTROLS,
                       name, &value);
    if (status != STATUS_OK || !bytes_equal(value, should)) {
        verify_found(self->results, VERIFY_TABLES,
                     status != STATUS_OK && status != STATUS_NOT_FOUND
                         ? VERIFY_FAULT_VALUE
                     : batch ? VERIFY_FAULT_POSITION
                             : VERIFY_FAULT_LISTED,
                     verify_at_entry(entry), NULL);
    }
}

/* ---- the tables as a whole ---- */

static void expect_rows(struct verify_entries *self, enum ledger_table table,
                        const char *name, uint64_t should)
{
    char note[VERIFY_NOTE_MAX];
    uint64_t rows = 0;

    if (store_count(self->txn, table, &rows) != STATUS_OK || rows != should) {
        verify_note(self->results, note, "%s: %llu dòng, đúng ra là %llu",
                    "%s: %llu rows, should be %llu", name,
                    (unsigned long long)rows, (unsigned long long)should);
        verify_found(self->results, VERIFY_TABLES, VERIFY_FAULT_ROWS,
                     verify_nowhere(), note);
    }
}

static struct verify_place at_stream(const struct verify_stream *stream)
{
    struct verify_place place = verify_at_index(stream->last_index);

    place.agent = stream->number;
    place.epoch = stream->ordinal;
    place.seq = stream->next_seq - 1;
    return place;
}

static bool says_the_same(const struct verify_stream *stream,
                          struct bytes value)
{
    return value.size == STREAM_BYTES &&
           bytes_get_u64(value.data) == stream->next_seq &&
           bytes_get_u64(value.data + 8) == stream->last_index &&
           memcmp(value.data + 16, stream->last.bytes, DIGEST_BYTES) == 0 &&
           bytes_get_u32(value.data + 48) == stream->number &&
           bytes_get_u32(value.data + 52) == stream->ordinal;
}

/* The stream's row; counts the one that says that it is frozen. */
static void look_at_stream(struct verify_entries *self,
                           const struct verify_stream *stream, uint64_t *rows)
{
    uint8_t key[STREAM_KEY + 1];
    struct bytes name = {.data = key, .size = STREAM_KEY};
    struct bytes value = {0};
    enum status status;

    memcpy(key, stream->agent.bytes, RANDOM_ID_BYTES);
    memcpy(key + RANDOM_ID_BYTES, stream->epoch.bytes, RANDOM_ID_BYTES);
    key[STREAM_KEY] = 1;
    self->results->parts[VERIFY_TABLES].checked++;
    status = store_get(self->txn, TABLE_STREAMS, name, &value);
    *rows += status != STATUS_NOT_FOUND;
    if (status != STATUS_OK || !says_the_same(stream, value)) {
        verify_found(self->results, VERIFY_TABLES, VERIFY_FAULT_STREAM,
                     at_stream(stream), NULL);
    }
    name.size++;
    status = store_get(self->txn, TABLE_STREAMS, name, &value);
    *rows += status != STATUS_NOT_FOUND;
    if (status != STATUS_NOT_FOUND &&
        (status != STATUS_OK || value.size != 0)) {
        verify_found(self->results, VERIFY_TABLES, VERIFY_FAULT_STREAM,
                     at_stream(stream), "the mark that it is frozen");
    }
}

/* Entries are read up to their number: with a gap, some lie behind it. */
static void look_behind(struct verify_entries *self)
{
    struct store_cursor *cursor = NULL;
    struct bytes key = {0}, value;
    enum status status = store_cursor_open(self->txn, TABLE_ENTRIES, &cursor);

    if (status == STATUS_OK) {
        (void)!store_last(cursor, &key, &value);
        if (key.size != INDEX_BYTES && self->next > 0) {
            verify_found(self->results, VERIFY_ENTRIES,
                         VERIFY_FAULT_ENTRY_MISSING,
                         verify_at_index(self->next - 1), NULL);
        } else if (key.size == INDEX_BYTES &&
                   bytes_get_u64(key.data) >= self->next) {
            verify_found(self->results, VERIFY_ENTRIES,
                         VERIFY_FAULT_ENTRY_BEHIND,
                         verify_at_index(bytes_get_u64(key.data)), NULL);
        }
    }
    store_cursor_close(&cursor);
}

void verify_tables(struct verify_entries *self)
{
    uint64_t rows = 0;

    look_behind(self);
    for (size_t i = 0; i < self->stream_count; i++) {
        look_at_stream(self, &self->streams[i], &rows);
    }
    expect_rows(self, TABLE_BYTES, "bytes",
                self->next - self->moved - self->missing);
    expect_rows(self, TABLE_STREAMS, "streams", rows);
    expect_rows(self, TABLE_POSITIONS, "positions", self->batches);
    expect_rows(self, TABLE_CONTROLS, "controls", self->controls);
}
