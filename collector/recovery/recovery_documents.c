/* Rows of the table `recovery` that hold documents of control entries, and
 * those that lead to an erasure order from what it names. Failure modes: a row
 * that has not the shape that is written here is STATUS_CORRUPT. */
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/recovery/recovery_table.h"

#include <string.h>

enum {
    MARKED_KEY_BYTES = RECOVERY_KEY_MAX,
    ERASURE_BYTES = MARKED_KEY_BYTES
};

const struct recovery_document recovery_no_document = {.created_at = INT64_MIN};

static struct bytes marked_key(uint8_t mark, uint64_t number,
                               const struct digest *digest,
                               uint8_t key[MARKED_KEY_BYTES])
{
    key[0] = mark;
    bytes_put_u64(key + 1, number);
    memcpy(key + 9, digest->bytes, DIGEST_BYTES);
    return (struct bytes){.data = key, .size = MARKED_KEY_BYTES};
}

/* Times before 1970 come first, too. */
static uint64_t sortable(int64_t created_at)
{
    return (uint64_t)created_at ^ (UINT64_C(1) << 63);
}

static struct bytes document_key(const struct recovery_document *document,
                                 uint8_t key[MARKED_KEY_BYTES])
{
    return marked_key(RECOVERY_DOCUMENTS, sortable(document->created_at),
                      &document->digest, key);
}

static struct bytes behind_version(struct bytes value)
{
    return (struct bytes){.data = value.data + 1, .size = value.size - 1};
}

/* The next row of a kind behind the key; its number and its digest. */
static enum status next_marked(const struct recovery_reader *reader,
                               uint8_t mark, uint64_t *number,
                               struct digest *digest, struct bytes *value)
{
    uint8_t key[MARKED_KEY_BYTES];
    struct bytes from = marked_key(mark, *number, digest, key);
    struct store_cursor *cursor = NULL;
    struct bytes found;
    enum status status =
        store_cursor_open(reader->txn, TABLE_RECOVERY, &cursor);

    if (status == STATUS_OK) {
        status = store_seek(cursor, from, &found, value);
    }
    if (status == STATUS_OK && bytes_equal(found, from)) {
        status = store_next(cursor, &found, value);
    }
    if (status == STATUS_OK && found.data[0] != mark) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK &&
        (found.size != MARKED_KEY_BYTES || value->size == 0 ||
         value->data[0] != RECOVERY_ROW_VERSION)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        *number = bytes_get_u64(found.data + 1);
        memcpy(digest->bytes, found.data + 9, DIGEST_BYTES);
    }
    store_cursor_close(&cursor);
    return status;
}

enum status recovery_next_document(const struct recovery_reader *reader,
                                   struct recovery_document *document)
{
    uint64_t created_at = sortable(document->created_at);
    struct bytes value;
    enum status status = next_marked(reader, RECOVERY_DOCUMENTS, &created_at,
                                     &document->digest, &value);

    if (status == STATUS_OK) {
        document->created_at = (int64_t)(created_at ^ (UINT64_C(1) << 63));
        document->bytes = behind_version(value);
    }
    return status;
}

static enum status get_document(const struct recovery_reader *reader,
                                const uint8_t key[MARKED_KEY_BYTES],
                                struct bytes *document)
{
    struct bytes value;
    enum status status =
        store_get(reader->txn, TABLE_RECOVERY,
                  (struct bytes){key, MARKED_KEY_BYTES}, &value);

    if (status == STATUS_OK &&
        (value.size == 0 || value.data[0] != RECOVERY_ROW_VERSION)) {
        status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK) {
        *document = behind_version(value);
    }
    return status;
}

enum status recovery_get_document(const struct recovery_reader *reader,
                                  struct recovery_document *document)
{
    uint8_t key[MARKED_KEY_BYTES];

    (void)document_key(document, key);
    return get_document(reader, key, &document->bytes);
}

/* The document that the row of an erasure leads to. */
static enum status follow(const struct recovery_reader *reader,
                          struct bytes value, struct bytes *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    enum status status;

    if (value.size != ERASURE_BYTES || value.data[0] != RECOVERY_ROW_VERSION) {
        return STATUS_CORRUPT;
    }
    key[0] = RECOVERY_DOCUMENTS;
    memcpy(key + 1, value.data + 1, sizeof key - 1);
    status = get_document(reader, key, document);
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}

enum status recovery_get_erasure(const struct recovery_reader *reader,
                                 const struct entry *entry,
                                 struct bytes *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    struct bytes value;
    enum status status = store_get(
        reader->txn, TABLE_RECOVERY,
        marked_key(RECOVERY_ERASURES, entry->index, &entry->digest, key),
        &value);

    return status == STATUS_OK ? follow(reader, value, document) : status;
}

enum status recovery_next_erasure(const struct recovery_reader *reader,
                                  uint64_t *index, struct digest *digest,
                                  struct bytes *document)
{
    struct bytes value;
    enum status status =
        next_marked(reader, RECOVERY_ERASURES, index, digest, &value);

    return status == STATUS_OK ? follow(reader, value, document) : status;
}

/* ---- writing ---- */

enum status recovery_put_document(struct ledger *ledger,
                                  const struct recovery_document *document,
                                  struct buffer *scratch)
{
    static const uint8_t head[] = {RECOVERY_ROW_VERSION};
    uint8_t key[MARKED_KEY_BYTES];

    return recovery_row_put_long(ledger, document_key(document, key),
                                 (struct bytes){head, sizeof head},
                                 document->bytes, scratch);
}

enum status recovery_put_erasure(struct ledger *ledger, uint64_t index,
                                 const struct digest *digest,
                                 const struct recovery_document *document)
{
    uint8_t key[MARKED_KEY_BYTES];
    uint8_t place[MARKED_KEY_BYTES];
    uint8_t value[ERASURE_BYTES];

    (void)document_key(document, place);
    value[0] = RECOVERY_ROW_VERSION;
    memcpy(value + 1, place + 1, sizeof value - 1);
    return recovery_row_put(ledger,
                            marked_key(RECOVERY_ERASURES, index, digest, key),
                            (struct bytes){value, sizeof value}, false);
}
