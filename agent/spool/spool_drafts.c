/* One record a draft: version, time, text. Failure modes: a full spool takes no
 * draft (the page keeps its text); a record of another shape is damage. */
#include "agent/spool/spool_drafts.h"

#include "agent/spool/spool_internal.h"
#include "common/base/check.h"

#include <string.h>

static struct bytes key_of(const uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    return (struct bytes){key, EVENT_ENTRY_KEY_BYTES};
}

static enum status encode(const struct spool_draft *draft, struct buffer *out)
{
    enum status rc;

    buffer_clear(out);
    rc = buffer_u8(out, SPOOL_RECORD_VERSION);
    if (rc == STATUS_OK) {
        rc = buffer_u64(out, (uint64_t)draft->updated_at);
    }
    return rc == STATUS_OK ? buffer_append(out, draft->text) : rc;
}

static enum status decode(struct bytes key, struct bytes value,
                          struct spool_draft *draft)
{
    struct reader reader;
    uint8_t version = 0;
    uint64_t updated_at = 0;

    reader_init(&reader, value);
    if (key.size != EVENT_ENTRY_KEY_BYTES ||
        reader_u8(&reader, &version) != STATUS_OK ||
        version != SPOOL_RECORD_VERSION ||
        reader_u64(&reader, &updated_at) != STATUS_OK) {
        return STATUS_CORRUPT;
    }
    memcpy(draft->key, key.data, key.size);
    draft->updated_at = (int64_t)updated_at;
    draft->text = reader.left;
    return STATUS_OK;
}

/* Whether there is room for one more, or one of that key to be replaced. */
static enum status may_put(struct store_txn *txn, struct bytes key)
{
    struct bytes old;
    uint64_t count = 0;
    enum status rc = store_get(txn, SPOOL_TABLE_DRAFTS, key, &old);

    if (rc != STATUS_NOT_FOUND) {
        return rc;
    }
    rc = store_count(txn, SPOOL_TABLE_DRAFTS, &count);
    return rc == STATUS_OK && count >= SPOOL_DRAFTS_MAX ? STATUS_REFUSED : rc;
}

enum status spool_put_draft(struct spool *spool,
                            const struct spool_draft *draft)
{
    struct store_txn *txn = NULL;
    enum status rc;

    if (draft->text.size > SPOOL_DRAFT_BYTES_MAX) {
        return STATUS_INVALID;
    }
    rc = encode(draft, &spool->scratch);
    if (rc == STATUS_OK) {
        rc = spool_begin_write(spool, &txn);
    }
    if (rc == STATUS_OK) {
        rc = may_put(txn, key_of(draft->key));
    }
    if (rc == STATUS_OK) {
        rc = store_put(txn, SPOOL_TABLE_DRAFTS, key_of(draft->key),
                       buffer_bytes(&spool->scratch));
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

enum status spool_delete_draft(struct spool *spool,
                               const uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    struct store_txn *txn = NULL;
    enum status rc;

    if (spool->txn != NULL) {
        return store_delete(spool->txn, SPOOL_TABLE_DRAFTS, key_of(key));
    }
    rc = spool_begin_write(spool, &txn);
    if (rc == STATUS_OK) {
        rc = store_delete(txn, SPOOL_TABLE_DRAFTS, key_of(key));
    }
    if (rc == STATUS_OK) {
        return store_commit(&txn);
    }
    store_abort(&txn);
    return rc;
}

/* Copied, so that it outlives the transaction. */
static enum status keep(struct spool *spool, struct bytes key,
                        struct bytes value, struct spool_draft *draft)
{
    enum status rc = decode(key, value, draft);

    buffer_clear(&spool->scratch);
    if (rc == STATUS_OK) {
        rc = buffer_append(&spool->scratch, draft->text);
    }
    if (rc == STATUS_OK) {
        draft->text = buffer_bytes(&spool->scratch);
    }
    return rc;
}

enum status spool_find_draft(struct spool *spool,
                             const uint8_t key[EVENT_ENTRY_KEY_BYTES],
                             struct spool_draft *draft)
{
    struct store_txn *txn = NULL;
    struct bytes value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = store_get(txn, SPOOL_TABLE_DRAFTS, key_of(key), &value);
    }
    if (rc == STATUS_OK) {
        rc = keep(spool, key_of(key), value, draft);
    }
    spool_end_read(spool, &txn);
    return rc;
}

enum status spool_next_draft(struct spool *spool, const uint8_t *after,
                             struct spool_draft *draft)
{
    struct store_txn *txn = NULL;
    struct store_cursor *cursor = NULL;
    struct bytes from = {after, after == NULL ? 0 : EVENT_ENTRY_KEY_BYTES};
    struct bytes key, value;
    enum status rc = spool_begin_read(spool, &txn);

    if (rc == STATUS_OK) {
        rc = store_cursor_open(txn, SPOOL_TABLE_DRAFTS, &cursor);
    }
    if (rc == STATUS_OK) {
        rc = store_seek(cursor, from, &key, &value);
    }
    if (rc == STATUS_OK && after != NULL && bytes_equal(key, from)) {
        rc = store_next(cursor, &key, &value);
    }
    if (rc == STATUS_OK) {
        rc = keep(spool, key, value, draft);
    }
    store_cursor_close(&cursor);
    spool_end_read(spool, &txn);
    return rc;
}
