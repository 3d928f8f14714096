#include "common/store/store.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(store, .init = store_fixture_open, .fini = store_fixture_close);

/* What was committed is there after closing; tables are apart. */
Test(store, i1_what_is_committed_is_there_when_opened_again)
{
    begin(true);
    put(0, "a", "one");
    put(1, "a", "two");
    put(1, "b", "");
    commit();
    reopen(MAP_BYTES);
    begin(false);
    expect(0, "a", "one");
    expect(1, "a", "two");
    expect(1, "b", "");
    expect_missing(0, "b");
}

Test(store, an_aborted_transaction_leaves_nothing)
{
    begin(true);
    put(0, "a", "one");
    store_abort(&txn);
    cr_assert_null(txn);
    begin(false);
    expect_missing(0, "a");
}

Test(store, a_reader_sees_what_was_there_when_it_began)
{
    struct store_txn *reader = NULL;
    begin(true);
    put(0, "a", "one");
    commit();
    cr_assert_eq(store_begin(store, false, &reader), STATUS_OK);
    begin(true);
    put(0, "a", "two");
    commit();
    txn = reader;
    expect(0, "a", "one");
}

Test(store, put_replaces_insert_and_append_do_not)
{
    begin(true);
    put(0, "b", "one");
    put(0, "b", "two");
    cr_assert_eq(store_insert(txn, 0, text("b"), text("x")), STATUS_EXISTS);
    cr_assert_eq(store_insert(txn, 0, text("c"), text("three")), STATUS_OK);
    cr_assert_eq(store_append(txn, 0, text("d"), text("four")), STATUS_OK);
    cr_assert_eq(store_append(txn, 0, text("a"), text("x")), STATUS_EXISTS);
    cr_assert_eq(store_append(txn, 0, text("d"), text("x")), STATUS_EXISTS);
    expect(0, "b", "two");
    expect(0, "d", "four");
    expect_missing(0, "a");
    cr_assert_eq(store_delete(txn, 0, text("b")), STATUS_OK);
    cr_assert_eq(store_delete(txn, 0, text("b")), STATUS_NOT_FOUND);
    commit();
    begin(false);
    expect_missing(0, "b");
    expect(0, "c", "three");
}

Test(store, cursors_walk_in_the_order_of_bytes)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    uint64_t count = 0;
    begin(true);
    put(0, "b", "2");
    put(0, "aa", "1");
    put(0, "c", "3");
    cr_assert_eq(store_count(txn, 0, &count), STATUS_OK);
    cr_assert_eq(count, 3);
    cr_assert_eq(store_cursor_open(txn, 0, &cursor), STATUS_OK);
    cr_assert_eq(store_seek(cursor, text(""), &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("aa")));
    cr_assert(bytes_equal(value, text("1")));
    cr_assert_eq(store_next(cursor, &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("b")));
    cr_assert_eq(store_seek(cursor, text("bb"), &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("c")));
    cr_assert_eq(store_next(cursor, &key, &value), STATUS_NOT_FOUND);
    cr_assert_eq(store_seek(cursor, text("d"), &key, &value), STATUS_NOT_FOUND);
    cr_assert_eq(store_last(cursor, &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("c")));
    cr_assert_eq(store_before(cursor, text("d"), &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("c")));
    cr_assert_eq(store_before(cursor, text("c"), &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("b")));
    cr_assert_eq(store_before(cursor, text("ab"), &key, &value), STATUS_OK);
    cr_assert(bytes_equal(key, text("aa")));
    cr_assert_eq(store_before(cursor, text("aa"), &key, &value),
                 STATUS_NOT_FOUND);
    store_cursor_close(&cursor);
    cr_assert_eq(store_cursor_open(txn, 1, &cursor), STATUS_OK);
    cr_assert_eq(store_last(cursor, &key, &value), STATUS_NOT_FOUND);
    cr_assert_eq(store_before(cursor, text("a"), &key, &value),
                 STATUS_NOT_FOUND);
    cr_assert_eq(store_seek(cursor, text(""), &key, &value), STATUS_NOT_FOUND);
    store_cursor_close(&cursor);
}

/* ---- limits ---- */

Test(store, i11_a_key_at_the_limit)
{
    uint8_t key[STORE_KEY_MAX];
    struct bytes value;
    memset(key, 'k', sizeof key);
    begin(true);
    cr_assert_eq(store_put(txn, 0, (struct bytes){key, sizeof key}, text("v")),
                 STATUS_OK);
    cr_assert_eq(store_get(txn, 0, (struct bytes){key, sizeof key}, &value),
                 STATUS_OK);
}

Test(store, i11_a_longer_key_is_our_bug, .signal = SIGABRT)
{
    uint8_t key[STORE_KEY_MAX + 1] = {0};
    begin(true);
    (void)!store_put(txn, 0, (struct bytes){key, sizeof key}, text("v"));
}

Test(store, i11_as_many_tables_as_allowed)
{
    static const char *const names[STORE_TABLES_MAX] = {
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d",
        "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w", "x", "y", "z", "A", "B", "C", "D"};
    struct store_options options = options_of(MAP_BYTES);
    struct store *other = NULL;
    char name[TEMP_DIR_PATH_MAX];
    temp_dir_path(&dir, "other.mdb", name);
    options.path = name;
    options.tables = names;
    options.table_count = STORE_TABLES_MAX;
    cr_assert_eq(store_open(&options, &other), STATUS_OK);
    cr_assert_eq(store_begin(other, true, &txn), STATUS_OK);
    put(STORE_TABLES_MAX - 1, "a", "v");
    commit();
    store_close(&other);
}

/* A transaction of more than LMDB holds in memory is refused, not spilled. */
Test(store, i11_a_transaction_has_a_greatest_size)
{
    struct bytes value;
    enum status status = STATUS_OK;
    unsigned put_count = 0;
    reopen(STORE_TXN_BYTES_MAX * 8);
    value.size = 32u << 20;
    value.data = calloc(1, value.size);
    cr_assert_not_null(value.data);
    begin(true);
    while (status == STATUS_OK) {
        uint8_t key[4];
        bytes_put_u32(key, put_count);
        status = store_put(txn, 0, (struct bytes){key, 4}, value);
        put_count += status == STATUS_OK;
    }
    cr_assert_eq(status, STATUS_AGAIN);
    cr_assert_eq(put_count, STORE_TXN_BYTES_MAX / value.size - 1);
    put(0, "small", "fits");
    free((void *)(uintptr_t)value.data);
}

/* ---- room ---- */

/* Puts values of 1 KiB, fifty a transaction, until one is refused. */
static uint32_t fill(uint32_t from)
{
    static const uint8_t value[1024];
    uint8_t key[4];
    enum status status = STATUS_OK;
    uint32_t number = from;
    while (status == STATUS_OK) {
        begin(true);
        for (int i = 0; i < 50 && status == STATUS_OK; i++) {
            bytes_put_u32(key, number);
            status = store_append(txn, 0, (struct bytes){key, 4},
                                  (struct bytes){value, sizeof value});
            number += status == STATUS_OK;
        }
        commit();
        cr_assert_lt(number, 100000);
    }
    cr_assert_eq(status, STATUS_FULL);
    return number;
}

/* Above the mark a put changes nothing, and what was put before it in the same
 * transaction is kept; reads, small marks and deletes go on. Room that deletes
 * make is used again, without opening again. */
Test(store, i6_above_the_mark_nothing_is_taken_and_nothing_lost)
{
    uint8_t key[4];
    struct bytes value;
    uint64_t count = 0;
    uint64_t used = 0;
    uint64_t total = 0;
    static const uint8_t large[100000];
    reopen(UINT64_C(1) << 20);
    uint32_t number = fill(0);
    store_room(store, &used, &total);
    cr_assert_eq(total, UINT64_C(1) << 20);
    cr_assert_gt(used * 100, total * 75);
    cr_assert_lt(used * 100, total * 95);
    begin(true);
    cr_assert_eq(store_count(txn, 0, &count), STATUS_OK);
    cr_assert_eq(count, number);
    cr_assert_eq(
        store_put(txn, 1, text("large"), (struct bytes){large, sizeof large}),
        STATUS_FULL);
    cr_assert_eq(store_put_reserved(txn, 1, text("mark"), text("1")),
                 STATUS_OK);
    bytes_put_u32(key, number - 1);
    cr_assert_eq(store_get(txn, 0, (struct bytes){key, 4}, &value), STATUS_OK);
    commit();
    for (uint32_t round = 0; round < 4; round++) {
        begin(true);
        for (uint32_t i = 0; i < 100; i++) {
            bytes_put_u32(key, round * 100 + i);
            cr_assert_eq(store_delete(txn, 0, (struct bytes){key, 4}),
                         STATUS_OK);
        }
        commit();
    }
    cr_assert_geq(fill(number), number + 200);
}

Test(store, i6_a_greater_map_makes_room)
{
    reopen(UINT64_C(1) << 20);
    uint32_t number = fill(0);
    reopen(UINT64_C(2) << 20);
    cr_assert_geq(fill(number), number + 500);
}

/* The reserve is not endless. When the map itself overflows the transaction is
 * lost as a whole and says so at the end too; the store goes on. */
Test(store, i6_a_transaction_that_overflows_the_map_is_lost_as_a_whole)
{
    static const uint8_t value[4096];
    uint8_t key[4];
    enum status status = STATUS_OK;
    reopen(UINT64_C(1) << 20);
    begin(true);
    put(0, "before", "kept");
    commit();
    begin(true);
    put(0, "within", "lost");
    for (uint32_t i = 0; i < 1000 && status == STATUS_OK; i++) {
        bytes_put_u32(key, i);
        status = store_put_reserved(txn, 1, (struct bytes){key, 4},
                                    (struct bytes){value, sizeof value});
    }
    cr_assert_eq(status, STATUS_FULL);
    cr_assert_eq(store_put_reserved(txn, 1, text("x"), text("y")), STATUS_FULL);
    cr_assert_eq(store_commit(&txn), STATUS_FULL);
    cr_assert_not(store_broken(store));
    begin(true);
    expect(0, "before", "kept");
    expect_missing(0, "within");
    put(0, "after", "kept");
    commit();
}
