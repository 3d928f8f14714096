#include "tests/support/store_fixture.h"

#include "common/base/check.h"

static const char *const tables[] = {"first", "second"};
struct temp_dir dir;
char path[TEMP_DIR_PATH_MAX];
struct store *store;
struct store_txn *txn;

struct store_options options_of(uint64_t map_bytes)
{
    return (struct store_options){
        .path = path,
        .tables = tables,
        .table_count = 2,
        .map_bytes = map_bytes,
        .format = 1,
        .kind = "test",
        .create = true,
    };
}

void open_with(uint64_t map_bytes)
{
    struct store_options options = options_of(map_bytes);
    check(store_open(&options, &store) == STATUS_OK);
}

void reopen(uint64_t map_bytes)
{
    store_close(&store);
    open_with(map_bytes);
}

void store_fixture_open(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "test.mdb", path);
    open_with(MAP_BYTES);
}

void store_fixture_close(void)
{
    store_abort(&txn);
    store_close(&store);
    temp_dir_close(&dir);
}

struct bytes text(const char *value)
{
    return bytes_of_text(value);
}

void begin(bool write)
{
    check(store_begin(store, write, &txn) == STATUS_OK);
}

void put(unsigned table, const char *key, const char *value)
{
    check(store_put(txn, table, text(key), text(value)) == STATUS_OK);
}

void commit(void)
{
    check(store_commit(&txn) == STATUS_OK);
}

void expect(unsigned table, const char *key, const char *value)
{
    struct bytes found;
    check(store_get(txn, table, text(key), &found) == STATUS_OK);
    check(bytes_equal(found, text(value)));
}

void expect_missing(unsigned table, const char *key)
{
    struct bytes found;
    check(store_get(txn, table, text(key), &found) == STATUS_NOT_FOUND);
}
