#include "tests/support/tamper.h"

#include "collector/ledger/cold.h"
#include "collector/ledger/ledger.h"
#include "collector/ledger/ledger_moved.h"
#include "collector/ledger/ledger_tree.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/format/merkle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAMES_MAX (16u << 20)

static const char *const names[] = {
    [TABLE_ENTRIES] = "entries",
    [TABLE_BYTES] = "bytes",
    [TABLE_STREAMS] = "streams",
    [TABLE_POSITIONS] = "positions",
    [TABLE_CONTROLS] = "controls",
    [TABLE_TREE] = "tree",
    [TABLE_CHECKPOINTS] = "checkpoints",
    [TABLE_WITNESSES] = "witnesses",
    [TABLE_MOVED] = "moved",
    [TABLE_RECOVERY] = "recovery",
    [TABLE_DAMAGE] = "damage",
};

void tamper_open(struct tamper *tamper, const char *ledger)
{
    const struct store_options options = {.path = ledger,
                                          .tables = names,
                                          .table_count = TABLE_COUNT,
                                          .map_bytes = LEDGER_MAP_BYTES,
                                          .format = LEDGER_FORMAT,
                                          .kind = "ledger"};

    check(store_open(&options, &tamper->store) == STATUS_OK);
    check(store_begin(tamper->store, true, &tamper->txn) == STATUS_OK);
}

void tamper_close(struct tamper *tamper)
{
    check(store_commit(&tamper->txn) == STATUS_OK);
    store_close(&tamper->store);
}

static struct bytes index_key(uint64_t index, uint8_t key[8])
{
    bytes_put_u64(key, index);
    return (struct bytes){key, 8};
}

static struct bytes digest_key(const struct digest *digest)
{
    return (struct bytes){digest->bytes, DIGEST_BYTES};
}

uint64_t tamper_size(const struct tamper *tamper)
{
    uint64_t size = 0;

    check(store_count(tamper->txn, TABLE_ENTRIES, &size) == STATUS_OK);
    return size;
}

void tamper_get(const struct tamper *tamper, uint64_t index,
                struct entry *entry)
{
    check(tables_get_entry(tamper->txn, index, entry) == STATUS_OK);
}

void tamper_bytes(const struct tamper *tamper, const struct entry *entry,
                  struct buffer *out)
{
    struct bytes value;

    check(store_get(tamper->txn, TABLE_BYTES, digest_key(&entry->digest),
                    &value) == STATUS_OK);
    buffer_clear(out);
    check(buffer_append(out, value) == STATUS_OK);
}

void tamper_row(const struct tamper *tamper, enum ledger_table table,
                struct bytes key, struct bytes value)
{
    check(store_put_reserved(tamper->txn, table, key, value) == STATUS_OK);
}

void tamper_drop(const struct tamper *tamper, enum ledger_table table,
                 struct bytes key)
{
    check(store_delete(tamper->txn, table, key) == STATUS_OK);
}

void tamper_put(const struct tamper *tamper, const struct entry *entry)
{
    uint8_t key[8];
    uint8_t record[ENTRY_BYTES];

    entry_write(entry, record);
    tamper_row(tamper, TABLE_ENTRIES, index_key(entry->index, key),
               (struct bytes){record, sizeof record});
}

void tamper_replace(const struct tamper *tamper, struct entry *entry,
                    struct bytes bytes)
{
    tamper_drop(tamper, TABLE_BYTES, digest_key(&entry->digest));
    digest_bytes(bytes, &entry->digest);
    entry->size = (uint32_t)bytes.size;
    tamper_row(tamper, TABLE_BYTES, digest_key(&entry->digest), bytes);
    tamper_put(tamper, entry);
}

void tamper_append(const struct tamper *tamper, struct entry *entry,
                   struct bytes bytes)
{
    struct entry last;

    tamper_get(tamper, tamper_size(tamper) - 1, &last);
    entry->index = last.index + 1;
    entry->received_at = last.received_at;
    entry->size = (uint32_t)bytes.size;
    digest_bytes(bytes, &entry->digest);
    tamper_row(tamper, TABLE_BYTES, digest_key(&entry->digest), bytes);
    tamper_put(tamper, entry);
}

struct bytes tamper_place(const struct entry *entry, uint8_t key[16])
{
    if (entry->kind == ENTRY_CONTROL) {
        return index_key(entry->index, key);
    }
    bytes_put_u32(key, entry->agent_number);
    bytes_put_u32(key + 4, entry->epoch_ordinal);
    bytes_put_u64(key + 8, entry->first_seq + entry->count - 1);
    return (struct bytes){key, 16};
}

void tamper_cut(const struct tamper *tamper, uint64_t count)
{
    uint64_t size = tamper_size(tamper);
    struct entry entry;
    uint8_t key[8];

    check(count < size);
    for (uint64_t i = size - count; i < size; i++) {
        tamper_get(tamper, i, &entry);
        tamper_drop(tamper, TABLE_BYTES, digest_key(&entry.digest));
        tamper_drop(tamper, TABLE_ENTRIES, index_key(i, key));
    }
}

static void forget_move(const struct tamper *tamper, struct cold_reader *reader,
                        uint32_t number, const struct cold_row *row)
{
    struct moved moved;
    struct bytes batch;

    check(moved_get(tamper->txn, &row->digest, &moved) == STATUS_OK);
    if (moved.kind == MOVED_COLD) {
        check(cold_read(reader, number, row->offset, row->size, &row->digest,
                        &batch) == STATUS_OK);
        tamper_drop(tamper, TABLE_MOVED, digest_key(&row->digest));
        tamper_row(tamper, TABLE_BYTES, digest_key(&row->digest), batch);
    }
}

void tamper_forget_moves(const struct tamper *tamper, const char *folder)
{
    struct cold_row *rows = calloc(COLD_BATCHES_MAX, sizeof *rows);
    struct cold_reader *reader = NULL;
    struct cold_files files;
    struct cold_head head;
    struct digest digest;

    check(rows != NULL);
    check(cold_reader_new(folder, &reader) == STATUS_OK);
    check(cold_files_read(folder, &files) == STATUS_OK);
    for (size_t i = 0; i < files.count; i++) {
        uint32_t number = files.list[i].number;

        check(cold_table(folder, number, &head, rows, &digest) == STATUS_OK);
        for (uint32_t k = 0; k < head.count; k++) {
            forget_move(tamper, reader, number, &rows[k]);
        }
    }
    cold_files_free(&files);
    cold_reader_free(&reader);
    free(rows);
}

static void empty(const struct tamper *tamper, enum ledger_table table)
{
    for (;;) {
        struct store_cursor *cursor = NULL;
        struct bytes key = {0}, value;
        uint8_t copy[STORE_KEY_MAX];
        enum status status;

        check(store_cursor_open(tamper->txn, table, &cursor) == STATUS_OK);
        status = store_last(cursor, &key, &value);
        if (status == STATUS_OK) {
            memcpy(copy, key.data, key.size);
        }
        store_cursor_close(&cursor);
        if (status == STATUS_NOT_FOUND) {
            return;
        }
        check(status == STATUS_OK);
        tamper_drop(tamper, table, (struct bytes){copy, key.size});
    }
}

void tamper_mend(const struct tamper *tamper)
{
    uint64_t size = tamper_size(tamper);
    struct merkle_frontier tree;

    empty(tamper, TABLE_STREAMS);
    empty(tamper, TABLE_POSITIONS);
    empty(tamper, TABLE_CONTROLS);
    empty(tamper, TABLE_TREE);
    merkle_frontier_init(&tree);
    for (uint64_t i = 0; i < size; i++) {
        struct entry entry;

        tamper_get(tamper, i, &entry);
        if (entry.kind == ENTRY_BATCH) {
            check(tables_put_stream(tamper->txn, &entry) == STATUS_OK);
        } else if (entry.kind == ENTRY_CONTROL) {
            check(tables_put_control(tamper->txn, &entry) == STATUS_OK);
        }
        check(ledger_tree_push(tamper->txn, &tree, &entry) == STATUS_OK);
    }
}

void tamper_forget(const struct tamper *tamper, uint64_t size)
{
    for (;;) {
        struct store_cursor *cursor = NULL;
        struct bytes key = {0}, value;
        uint64_t last = 0;
        uint8_t copy[8];
        enum status status;

        check(store_cursor_open(tamper->txn, TABLE_CHECKPOINTS, &cursor) ==
              STATUS_OK);
        status = store_last(cursor, &key, &value);
        if (status == STATUS_OK) {
            last = bytes_get_u64(key.data);
        }
        store_cursor_close(&cursor);
        if (last <= size) {
            break;
        }
        tamper_drop(tamper, TABLE_CHECKPOINTS, index_key(last, copy));
    }
    empty(tamper, TABLE_WITNESSES);
}

/* ---- frames ---- */

void tamper_frames(const char *path, uint64_t choice)
{
    struct buffer whole;
    uint8_t *data;
    uint8_t joined[DIGEST_BYTES + 4 + (256u << 10)];
    struct digest before = {{0}};
    size_t at = 0;
    uint64_t left = choice;

    buffer_init(&whole, FRAMES_MAX);
    check(file_read(path, &whole) == STATUS_OK);
    data = whole.data;
    /* Behind the label, which says what the rest is of. */
    left %= whole.size * 8 / 2;
    for (size_t frame = 0; at + 4 <= whole.size; frame++) {
        size_t size = bytes_get_u32(data + at);

        if (frame > 0 || size > 4096) {
            size_t from = frame == 0 ? 256 : 0;

            if (left != UINT64_MAX && left < (size - from) * 8) {
                data[at + 4 + from + left / 8] ^= (uint8_t)(1u << left % 8);
                left = UINT64_MAX;
            } else if (left != UINT64_MAX) {
                left -= (size - from) * 8;
            }
        }
        memcpy(joined, before.bytes, DIGEST_BYTES);
        memcpy(joined + DIGEST_BYTES, data + at, 4 + size);
        digest_bytes((struct bytes){joined, DIGEST_BYTES + 4 + size}, &before);
        memcpy(data + at + 4 + size, before.bytes, DIGEST_BYTES);
        at += 4 + size + DIGEST_BYTES;
    }
    check(unlink(path) == 0);
    check(file_create(path, buffer_bytes(&whole)) == STATUS_OK);
    buffer_fini(&whole);
}
