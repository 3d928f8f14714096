/* Any bytes as what lies in the tables of spool and ledger, behind the store's
 * own hash: each record is read as it should be, or named as damage. The input
 * is a row of keys and values (two bytes of size each), given out in the order
 * in which they are asked for. */
#include "agent/spool/spool_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/event/reference.h"

#include <string.h>

static struct bytes left;
static char nothing;

static enum status next_piece(struct bytes *piece)
{
    size_t size;

    *piece = (struct bytes){0};
    if (left.size < 2) {
        left.size = 0;
        return STATUS_NOT_FOUND;
    }
    size = bytes_get_u16(left.data);
    size = size < left.size - 2 ? size : left.size - 2;
    *piece = (struct bytes){left.data + 2, size};
    left.data += 2 + size;
    left.size -= 2 + size;
    return STATUS_OK;
}

enum status __wrap_store_get(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes *value);
unsigned __wrap_store_tag(const struct store_txn *txn);
enum status __wrap_store_cursor_open(struct store_txn *txn, unsigned table,
                                     struct store_cursor **cursor);
void __wrap_store_cursor_close(struct store_cursor **cursor);
enum status __wrap_store_seek(struct store_cursor *cursor, struct bytes key,
                              struct bytes *found, struct bytes *value);
enum status __wrap_store_last(struct store_cursor *cursor, struct bytes *key,
                              struct bytes *value);
enum status __wrap_store_count(struct store_txn *txn, unsigned table,
                               uint64_t *count);

enum status __wrap_store_get(struct store_txn *txn, unsigned table,
                             struct bytes key, struct bytes *value)
{
    (void)txn;
    (void)table;
    (void)key;
    return next_piece(value);
}

/* The records of the primary collector, or of another. */
unsigned __wrap_store_tag(const struct store_txn *txn)
{
    (void)txn;
    return (unsigned)left.size & 1;
}

enum status __wrap_store_cursor_open(struct store_txn *txn, unsigned table,
                                     struct store_cursor **cursor)
{
    (void)txn;
    (void)table;
    *cursor = (struct store_cursor *)&nothing;
    return STATUS_OK;
}

void __wrap_store_cursor_close(struct store_cursor **cursor)
{
    *cursor = NULL;
}

enum status __wrap_store_seek(struct store_cursor *cursor, struct bytes key,
                              struct bytes *found, struct bytes *value)
{
    enum status status = next_piece(found);

    (void)cursor;
    (void)key;
    return status == STATUS_OK ? next_piece(value) : status;
}

enum status __wrap_store_last(struct store_cursor *cursor, struct bytes *key,
                              struct bytes *value)
{
    return __wrap_store_seek(cursor, (struct bytes){0}, key, value);
}

enum status __wrap_store_count(struct store_txn *txn, unsigned table,
                               uint64_t *count)
{
    (void)txn;
    (void)table;
    *count = left.size > 0 ? left.data[0] : 0;
    return STATUS_OK;
}

static struct store_txn *txn(void)
{
    return (struct store_txn *)&nothing;
}

/* What may come out of a read. */
static void hold(enum status status)
{
    check(status == STATUS_OK || status == STATUS_NOT_FOUND ||
          status == STATUS_CORRUPT || status == STATUS_VERSION);
}

static void read_spool(uint8_t which)
{
    struct spool_identity identity;
    struct spool_epoch epoch;
    struct spool_link link;
    struct spool_outcome outcome;
    struct batch_header header;
    struct event event;
    struct entry entry;
    struct bytes batch;
    uint64_t number;

    switch (which % 7) {
    case 0:
        hold(spool_get_current(txn(), &identity, &epoch));
        break;
    case 1:
        hold(spool_get_link(txn(), &link));
        break;
    case 2:
        hold(spool_get_number(txn(), SPOOL_TABLE_META, (struct bytes){0},
                              &number));
        break;
    case 3:
        hold(spool_get_event(txn(), 1, 1, &event));
        break;
    case 4:
        if (spool_get_batch(txn(), 1, 1, &header, &batch) == STATUS_OK) {
            check(header.count >= 1 && header.count <= BATCH_EVENTS_MAX);
        }
        break;
    case 5:
        hold(spool_get_receipt(txn(), 1, 1, &entry));
        break;
    default:
        hold(spool_get_outcome(txn(), id60_make(1, 1, 1), &outcome));
        break;
    }
}

static void read_ledger(uint8_t which)
{
    static const struct random_id id;
    static const struct digest digest;
    struct stream_record stream;
    struct entry entry = {0};
    struct bytes bytes;

    switch (which % 7) {
    case 0:
        hold(tables_last_entry(txn(), &entry));
        break;
    case 1:
        hold(tables_get_entry(txn(), 7, &entry));
        break;
    case 2:
        if (tables_get_entry(txn(), 7, &entry) == STATUS_OK) {
            hold(tables_get_bytes(txn(), &entry, &bytes));
        }
        break;
    case 3:
        hold(tables_get_stream(txn(), &id, &id, &stream));
        break;
    case 4:
        hold(tables_find_event(txn(), 1, 1, 1, &entry));
        break;
    case 5:
        hold(tables_find_control(txn(), &digest, &entry));
        break;
    default:
        hold(tables_check(txn(), "a"));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct log_settings quiet = {.level = LOG_LEVEL_ERROR,
                                              .fd = -1};
    static bool begun;

    if (!begun) {
        log_init(&quiet);
        begun = true;
    }
    if (size == 0) {
        return 0;
    }
    left = (struct bytes){data + 1, size - 1};
    if (data[0] < 128) {
        read_spool(data[0]);
    } else {
        read_ledger(data[0]);
    }
    return 0;
}
