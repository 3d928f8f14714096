/* Keys and values are put together and taken apart here and nowhere else. What
 * is read is held against the key it was asked for: an entry that lies at the
 * wrong index is as bad as none. */
#include "collector/ledger/ledger_tables.h"

#include "collector/ledger/ledger_moved.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/merkle.h"

#include <string.h>

enum {
    INDEX_BYTES = 8,
    STREAM_KEY_BYTES = 32,
    FROZEN_KEY_BYTES = STREAM_KEY_BYTES + 1,
    STREAM_BYTES = 56,
    POSITION_KEY_BYTES = 16
};

static struct bytes index_key(uint64_t index, uint8_t key[INDEX_BYTES])
{
    bytes_put_u64(key, index);
    return (struct bytes){key, INDEX_BYTES};
}

static struct bytes digest_key(const struct digest *digest)
{
    return (struct bytes){digest->bytes, DIGEST_BYTES};
}

static struct bytes stream_key(const struct random_id *agent,
                               const struct random_id *epoch,
                               uint8_t key[STREAM_KEY_BYTES])
{
    memcpy(key, agent->bytes, RANDOM_ID_BYTES);
    memcpy(key + RANDOM_ID_BYTES, epoch->bytes, RANDOM_ID_BYTES);
    return (struct bytes){key, STREAM_KEY_BYTES};
}

static struct bytes position_key(uint32_t agent_number, uint32_t epoch_ordinal,
                                 uint64_t seq, uint8_t key[POSITION_KEY_BYTES])
{
    bytes_put_u32(key, agent_number);
    bytes_put_u32(key + 4, epoch_ordinal);
    bytes_put_u64(key + 8, seq);
    return (struct bytes){key, POSITION_KEY_BYTES};
}

/* Looks up the first key at or after `key`, which then must be whole. */
static enum status seek(struct store_txn *txn, enum ledger_table table,
                        struct bytes key, struct bytes *found,
                        struct bytes *value)
{
    struct store_cursor *cursor = NULL;
    enum status status = store_cursor_open(txn, table, &cursor);
    if (status == STATUS_OK) {
        status = store_seek(cursor, key, found, value);
    }
    store_cursor_close(&cursor);
    if (status == STATUS_OK && found->size != key.size) {
        status = STATUS_CORRUPT;
    }
    return status;
}

static enum status last(struct store_txn *txn, enum ledger_table table,
                        struct bytes *key, struct bytes *value)
{
    struct store_cursor *cursor = NULL;
    enum status status = store_cursor_open(txn, table, &cursor);
    if (status == STATUS_OK) {
        status = store_last(cursor, key, value);
    }
    store_cursor_close(&cursor);
    return status;
}

/* ---- entries and bytes ---- */

static enum status read_entry(struct bytes value, uint64_t index,
                              struct entry *entry)
{
    enum status status = entry_read(value, entry);
    if (status == STATUS_INVALID ||
        (status == STATUS_OK && entry->index != index)) {
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status tables_last_entry(struct store_txn *txn, struct entry *entry)
{
    struct bytes key;
    struct bytes value;
    enum status status = last(txn, TABLE_ENTRIES, &key, &value);
    if (status != STATUS_OK) {
        return status;
    }
    return key.size == INDEX_BYTES
               ? read_entry(value, bytes_get_u64(key.data), entry)
               : STATUS_CORRUPT;
}

enum status tables_get_entry(struct store_txn *txn, uint64_t index,
                             struct entry *entry)
{
    uint8_t key[INDEX_BYTES];
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_ENTRIES, index_key(index, key), &value);
    if (status == STATUS_OK) {
        status = read_entry(value, index, entry);
    }
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status tables_get_leaf(struct store_txn *txn, uint64_t index,
                            struct digest *leaf)
{
    uint8_t key[INDEX_BYTES];
    struct bytes value;
    struct entry entry;
    enum status status =
        store_get(txn, TABLE_ENTRIES, index_key(index, key), &value);
    if (status == STATUS_OK) {
        status = read_entry(value, index, &entry);
    }
    if (status == STATUS_OK) {
        merkle_leaf(value, leaf);
    }
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status tables_put_entry(struct store_txn *txn, const struct entry *entry)
{
    uint8_t key[INDEX_BYTES];
    uint8_t value[ENTRY_BYTES];
    entry_write(entry, value);
    return store_put_reserved(txn, TABLE_ENTRIES, index_key(entry->index, key),
                              (struct bytes){value, sizeof value});
}

enum status tables_put_bytes(struct store_txn *txn, const struct digest *digest,
                             struct bytes bytes, bool reserve)
{
    struct bytes found;
    enum status status;

    if (!reserve) {
        return store_insert(txn, TABLE_BYTES, digest_key(digest), bytes);
    }
    status = store_get(txn, TABLE_BYTES, digest_key(digest), &found);
    if (status != STATUS_NOT_FOUND) {
        return status == STATUS_OK ? STATUS_EXISTS : status;
    }
    return store_put_reserved(txn, TABLE_BYTES, digest_key(digest), bytes);
}

enum status tables_get_own_bytes(struct store_txn *txn,
                                 const struct entry *entry, struct bytes *bytes)
{
    enum status status =
        store_get(txn, TABLE_BYTES, digest_key(&entry->digest), bytes);
    if (status == STATUS_OK && bytes->size == entry->size) {
        return STATUS_OK;
    }
    *bytes = (struct bytes){0};
    return status == STATUS_OK ? STATUS_CORRUPT : status;
}

enum status tables_get_bytes(struct store_txn *txn, const struct entry *entry,
                             struct bytes *bytes)
{
    struct digest digest;
    enum status status = tables_get_own_bytes(txn, entry, bytes);
    if (status != STATUS_OK) {
        return status;
    }
    digest_bytes(*bytes, &digest);
    if (digest_equal(&digest, &entry->digest)) {
        return STATUS_OK;
    }
    *bytes = (struct bytes){0};
    return STATUS_CORRUPT;
}

/* ---- streams and positions ---- */

enum status tables_get_stream(struct store_txn *txn,
                              const struct random_id *agent,
                              const struct random_id *epoch,
                              struct stream_record *stream)
{
    uint8_t key[STREAM_KEY_BYTES];
    struct bytes value;
    *stream = (struct stream_record){.next_seq = 1};
    enum status status =
        store_get(txn, TABLE_STREAMS, stream_key(agent, epoch, key), &value);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK || value.size != STREAM_BYTES) {
        return status != STATUS_OK ? status : STATUS_CORRUPT;
    }
    stream->next_seq = bytes_get_u64(value.data);
    stream->last_index = bytes_get_u64(value.data + 8);
    memcpy(stream->last.bytes, value.data + 16, DIGEST_BYTES);
    stream->agent_number = bytes_get_u32(value.data + 48);
    stream->epoch_ordinal = bytes_get_u32(value.data + 52);
    return STATUS_OK;
}

enum status tables_put_stream(struct store_txn *txn, const struct entry *entry)
{
    uint8_t key[STREAM_KEY_BYTES];
    uint8_t place[POSITION_KEY_BYTES];
    uint8_t index[INDEX_BYTES];
    uint8_t value[STREAM_BYTES];
    uint64_t next_seq = entry->first_seq + entry->count;

    bytes_put_u64(value, next_seq);
    bytes_put_u64(value + 8, entry->index);
    memcpy(value + 16, entry->digest.bytes, DIGEST_BYTES);
    bytes_put_u32(value + 48, entry->agent_number);
    bytes_put_u32(value + 52, entry->epoch_ordinal);
    enum status status = store_put_reserved(
        txn, TABLE_STREAMS, stream_key(&entry->agent, &entry->epoch, key),
        (struct bytes){value, sizeof value});
    if (status == STATUS_OK) {
        status = store_put_reserved(txn, TABLE_POSITIONS,
                                    position_key(entry->agent_number,
                                                 entry->epoch_ordinal,
                                                 next_seq - 1, place),
                                    index_key(entry->index, index));
    }
    return status;
}

static struct bytes frozen_key(const struct random_id *agent,
                               const struct random_id *epoch,
                               uint8_t key[FROZEN_KEY_BYTES])
{
    (void)stream_key(agent, epoch, key);
    key[STREAM_KEY_BYTES] = 1;
    return (struct bytes){key, FROZEN_KEY_BYTES};
}

enum status tables_put_frozen(struct store_txn *txn,
                              const struct random_id *agent,
                              const struct random_id *epoch)
{
    uint8_t key[FROZEN_KEY_BYTES];

    return store_put_reserved(txn, TABLE_STREAMS, frozen_key(agent, epoch, key),
                              (struct bytes){0});
}

enum status tables_get_frozen(struct store_txn *txn,
                              const struct random_id *agent,
                              const struct random_id *epoch, bool *frozen)
{
    uint8_t key[FROZEN_KEY_BYTES];
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_STREAMS, frozen_key(agent, epoch, key), &value);

    *frozen = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status tables_find_event(struct store_txn *txn, uint32_t agent_number,
                              uint32_t epoch_ordinal, uint64_t seq,
                              struct entry *entry)
{
    uint8_t key[POSITION_KEY_BYTES];
    struct bytes found;
    struct bytes value;
    enum status status = seek(
        txn, TABLE_POSITIONS,
        position_key(agent_number, epoch_ordinal, seq, key), &found, &value);
    if (status != STATUS_OK) {
        return status;
    }
    if (memcmp(found.data, key, 8) != 0) {
        return STATUS_NOT_FOUND; /* of another stream */
    }
    if (value.size != INDEX_BYTES) {
        return STATUS_CORRUPT;
    }
    status = tables_get_entry(txn, bytes_get_u64(value.data), entry);
    if (status == STATUS_OK &&
        (entry->kind != ENTRY_BATCH || seq >= entry->first_seq + entry->count ||
         entry->agent_number != agent_number ||
         entry->epoch_ordinal != epoch_ordinal)) {
        status = STATUS_CORRUPT;
    }
    /* Streams have no gaps: only sequence 0 lies before a batch. */
    return status == STATUS_OK && seq < entry->first_seq ? STATUS_NOT_FOUND
                                                         : status;
}

enum status tables_get_recovering(struct store_txn *txn, bool *recovering)
{
    static const uint8_t state_key[] = {0};
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_RECOVERY,
                  (struct bytes){state_key, sizeof state_key}, &value);

    *recovering = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- control entries ---- */

enum status tables_put_control(struct store_txn *txn, const struct entry *entry)
{
    uint8_t key[INDEX_BYTES];
    return store_put_reserved(txn, TABLE_CONTROLS, index_key(entry->index, key),
                              (struct bytes){0});
}

enum status tables_next_control(struct store_txn *txn, uint64_t index,
                                struct entry *entry)
{
    uint8_t key[INDEX_BYTES];
    struct bytes found;
    struct bytes value;
    enum status status =
        seek(txn, TABLE_CONTROLS, index_key(index, key), &found, &value);
    if (status == STATUS_OK) {
        status = tables_get_entry(txn, bytes_get_u64(found.data), entry);
    }
    if (status == STATUS_OK && entry->kind != ENTRY_CONTROL) {
        status = STATUS_CORRUPT;
    }
    return status;
}

/* By the hash first, so that only a document that is there costs a walk. */
enum status tables_find_control(struct store_txn *txn,
                                const struct digest *digest,
                                struct entry *entry)
{
    struct bytes value;
    enum status status =
        store_get(txn, TABLE_BYTES, digest_key(digest), &value);
    uint64_t index = 0;
    while (status == STATUS_OK) {
        status = tables_next_control(txn, index, entry);
        if (status == STATUS_OK) {
            if (digest_equal(&entry->digest, digest)) {
                break;
            }
            index = entry->index + 1;
        }
    }
    return status;
}

/* ---- looking at a ledger before it is used ---- */

/* The table that an entry leads to ends with this entry. */
static enum status check_end(struct store_txn *txn, const struct entry *entry)
{
    struct stream_record stream;
    struct bytes key;
    struct bytes value;
    if (entry->kind == ENTRY_CONTROL) {
        enum status status = last(txn, TABLE_CONTROLS, &key, &value);
        if (status != STATUS_OK) {
            return status;
        }
        return key.size == INDEX_BYTES &&
                       bytes_get_u64(key.data) == entry->index
                   ? STATUS_OK
                   : STATUS_CORRUPT;
    }
    enum status status =
        tables_get_stream(txn, &entry->agent, &entry->epoch, &stream);
    if (status != STATUS_OK) {
        return status;
    }
    return stream.last_index == entry->index &&
                   stream.next_seq == entry->first_seq + entry->count &&
                   digest_equal(&stream.last, &entry->digest)
               ? STATUS_OK
               : STATUS_CORRUPT;
}

enum status tables_check(struct store_txn *txn, const char *path)
{
    const char *what = "last entry";
    struct entry entry;
    struct bytes bytes;
    uint64_t count = 0;

    enum status status = store_count(txn, TABLE_ENTRIES, &count);
    if (status == STATUS_OK) {
        status = tables_last_entry(txn, &entry);
        if (status == STATUS_NOT_FOUND && count == 0) {
            return STATUS_OK;
        }
    }
    if (status == STATUS_OK && entry.index + 1 != count) {
        what = "number of entries";
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK && entry.kind == ENTRY_MISSING) {
        return STATUS_OK; /* a rebuilding was interrupted here */
    }
    if (status == STATUS_OK) {
        what = "hash of the last entry's bytes";
        struct moved moved;

        status = tables_get_bytes(txn, &entry, &bytes);
        if (status == STATUS_NOT_FOUND) {
            status = moved_get(txn, &entry.digest, &moved);
        }
    }
    if (status == STATUS_OK) {
        what = "position of the last entry";
        status = check_end(txn, &entry);
    }
    if (status == STATUS_NOT_FOUND) {
        status = STATUS_CORRUPT;
    }
    if (status != STATUS_OK) {
        log_error("the ledger is damaged", log_text("path", path),
                  log_text("wrong", what), log_status("status", status));
    }
    return status;
}
