#include "tests/support/older_ledger.h"

#include "common/base/check.h"
#include "common/store/store.h"

#define STEP 1024u /* records a transaction */

static const char *const tables[] = {"entries", "bytes", "streams", "positions",
                                     "controls"};

#define TABLES (sizeof tables / sizeof *tables)

static struct store *open_store(const char *path, uint32_t format, bool create)
{
    struct store_options options = {
        .path = path,
        .tables = tables,
        .table_count = TABLES,
        .map_bytes = UINT64_C(1) << 32,
        .format = format,
        .kind = "ledger",
        .read_only = !create,
        .create = create,
    };
    struct store *store = NULL;
    check(store_open(&options, &store) == STATUS_OK);
    return store;
}

static void copy_table(struct store_txn *in, struct store *to, unsigned table)
{
    struct store_cursor *cursor = NULL;
    struct store_txn *out = NULL;
    struct bytes key;
    struct bytes value;
    unsigned count = 0;

    check(store_cursor_open(in, table, &cursor) == STATUS_OK);
    check(store_begin(to, true, &out) == STATUS_OK);
    enum status status = store_seek(cursor, (struct bytes){0}, &key, &value);
    while (status == STATUS_OK) {
        check(store_append(out, table, key, value) == STATUS_OK);
        if (++count % STEP == 0) {
            check(store_commit(&out) == STATUS_OK);
            check(store_begin(to, true, &out) == STATUS_OK);
        }
        status = store_next(cursor, &key, &value);
    }
    check(status == STATUS_NOT_FOUND);
    check(store_commit(&out) == STATUS_OK);
    store_cursor_close(&cursor);
}

void older_ledger_make(const char *from, const char *to)
{
    struct store *in = open_store(from, 2, false);
    struct store *out = open_store(to, 1, true);
    struct store_txn *txn = NULL;

    check(store_begin(in, false, &txn) == STATUS_OK);
    for (unsigned table = 0; table < TABLES; table++) {
        copy_table(txn, out, table);
    }
    store_abort(&txn);
    store_close(&in);
    store_close(&out);
}
