#include "common/store/store_file.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(store_file, .init = store_fixture_open, .fini = store_fixture_close);

static long file_size(void)
{
    struct stat about;
    cr_assert_eq(stat(path, &about), 0);
    return (long)about.st_size;
}

static enum status open_again(void)
{
    struct store_options options = options_of(MAP_BYTES);
    store_close(&store);
    options.create = false;
    return store_open(&options, &store);
}

/* Where in the file `needle` stands; it stands there once. */
static long find_in_file(const char *needle)
{
    long size = file_size();
    char *all = malloc((size_t)size);
    long at = -1;
    FILE *file = fopen(path, "rb");
    cr_assert(all != NULL && file != NULL);
    cr_assert_eq(fread(all, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    for (long i = 0; i + (long)strlen(needle) <= size; i++) {
        if (memcmp(all + i, needle, strlen(needle)) == 0) {
            cr_assert_eq(at, -1);
            at = i;
        }
    }
    free(all);
    cr_assert_neq(at, -1);
    return at;
}

static void flip(long at, unsigned bit)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    cr_assert_geq(fd, 0);
    cr_assert_eq(pread(fd, &byte, 1, at), 1);
    byte ^= (uint8_t)(1u << bit);
    cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

/* Each bit of a value and of its hash; the neighbour stays readable. */
Test(store_file, a_flipped_bit_is_seen)
{
    static const char value[] = "forty-two visits in March";
    struct bytes found;
    begin(true);
    put(0, "k1", value);
    put(0, "k2", "neighbour");
    commit();
    store_close(&store);
    long at = find_in_file(value);
    for (long i = at - 8; i < at + (long)strlen(value); i++) {
        for (unsigned bit = 0; bit < 8; bit += 3) {
            flip(i, bit);
            cr_assert_eq(open_again(), STATUS_OK);
            begin(false);
            cr_assert_eq(store_get(txn, 0, text("k1"), &found), STATUS_CORRUPT);
            cr_assert_eq(found.size, 0);
            expect(0, "k2", "neighbour");
            store_abort(&txn);
            store_close(&store);
            flip(i, bit);
        }
    }
}

/* The hash is part of the format: a store of today is read in years. What is
 * expected was computed by another implementation of SipHash-2-4. */
Test(store_file, the_hash_of_a_value_is_pinned)
{
    static const uint8_t expected[8] = {0x5b, 0xa7, 0x0d, 0x15,
                                        0x1f, 0x40, 0xd8, 0xf6};
    uint8_t hash[8];
    begin(true);
    put(1, "a key", "a pinned value");
    commit();
    long at = find_in_file("a pinned value");
    int fd = open(path, O_RDONLY);
    cr_assert_eq(pread(fd, hash, sizeof hash, at - 8), sizeof hash);
    close(fd);
    cr_assert_arr_eq(hash, expected, sizeof hash);
}

/* The value of one key under another: whole, but not its own. */
Test(store_file, a_flipped_bit_in_a_key_is_seen)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    begin(true);
    put(0, "a rare key", "value");
    commit();
    store_close(&store);
    flip(find_in_file("a rare key"), 1);
    cr_assert_eq(open_again(), STATUS_OK);
    begin(false);
    cr_assert_eq(store_cursor_open(txn, 0, &cursor), STATUS_OK);
    cr_assert_eq(store_seek(cursor, text(""), &key, &value), STATUS_CORRUPT);
    store_cursor_close(&cursor);
}

/* Without the look at the size, most of these would end in SIGBUS. */
Test(store_file, a_cut_file_is_refused)
{
    static const uint8_t value[1024];
    uint8_t key[4];
    begin(true);
    for (uint32_t i = 0; i < 200; i++) {
        bytes_put_u32(key, i);
        cr_assert_eq(store_append(txn, 0, (struct bytes){key, 4},
                                  (struct bytes){value, sizeof value}),
                     STATUS_OK);
    }
    commit();
    store_close(&store);
    for (long size = file_size() - 1; size > 0; size -= 3001) {
        cr_assert_eq(truncate(path, size), 0);
        cr_assert_eq(open_again(), STATUS_CORRUPT, "%ld", size);
        cr_assert_null(store);
    }
    cr_assert_eq(truncate(path, 0), 0);
    cr_assert_eq(open_again(), STATUS_NOT_FOUND);
}

Test(store_file, a_file_that_is_no_store_is_refused)
{
    store_close(&store);
    temp_dir_write(&dir, "test.mdb", "a letter, not a store", 21);
    cr_assert_eq(open_again(), STATUS_CORRUPT);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(open_again(), STATUS_NOT_FOUND);
    cr_assert_eq(mkdir(path, 0700), 0);
    cr_assert_eq(open_again(), STATUS_CORRUPT);
}

/* A meta page that was hit, or is from a later LMDB. */
Test(store_file, a_damaged_meta_page_is_refused)
{
    store_close(&store);
    flip(16, 0);
    cr_assert_eq(open_again(), STATUS_CORRUPT);
    flip(16, 0);
    flip(20, 1); /* version 1 becomes 3 */
    cr_assert_eq(open_again(), STATUS_VERSION);
    flip(20, 1);
    flip(40, 0); /* page size */
    cr_assert_eq(open_again(), STATUS_CORRUPT);
    flip(40, 0);
    cr_assert_eq(open_again(), STATUS_OK);
}

/* Pages that are allocated and freed within one transaction are not written.
 * A sound file must not look cut for that: any mix of puts and deletes leaves
 * a file that opens. */
Test(store_file, a_sound_file_never_looks_cut)
{
    static const uint8_t value[60000];
    unsigned seed = (unsigned)getpid();
    const char *given = getenv("TALLYLINE_TEST_SEED");
    if (given != NULL) {
        seed = (unsigned)strtoul(given, NULL, 10);
    }
    fprintf(stderr, "TALLYLINE_TEST_SEED=%u\n", seed);
    srand(seed);
    for (int round = 0; round < 800; round++) {
        if (round % 20 == 0) {
            store_close(&store);
            cr_assert_eq(unlink(path), 0);
            open_with(MAP_BYTES);
        }
        begin(true);
        for (int i = rand() % 200; i >= 0; i--) {
            uint8_t key[4];
            size_t size = (size_t)(rand() % 3 ? rand() % 400 : rand() % 60000);
            bytes_put_u32(key, (uint32_t)(rand() % 400));
            enum status status =
                rand() % 2 ? store_put(txn, 0, (struct bytes){key, 4},
                                       (struct bytes){value, size})
                           : store_delete(txn, 0, (struct bytes){key, 4});
            cr_assert(status == STATUS_OK || status == STATUS_NOT_FOUND);
        }
        commit();
        cr_assert_eq(store_file_check(path), STATUS_OK);
    }
}

/* ---- versions ---- */

static enum status open_as(const char *kind, uint32_t format)
{
    struct store_options options = options_of(MAP_BYTES);
    store_close(&store);
    options.kind = kind;
    options.format = format;
    return store_open(&options, &store);
}

Test(store_file, a_store_of_a_newer_program_is_refused)
{
    store_close(&store);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(open_as("test", 3), STATUS_OK);
    cr_assert_eq(open_as("test", 2), STATUS_VERSION);
    cr_assert_null(store);
    cr_assert_eq(open_as("test", 3), STATUS_OK);
    cr_assert_eq(open_as("test", 4), STATUS_OK);
}

static const char *const later_tables[] = {"first", "second", "third"};
static const uint32_t later_since[] = {1, 1, 2};

static enum status open_later(bool read_only)
{
    struct store_options options = options_of(MAP_BYTES);
    store_close(&store);
    options.tables = later_tables;
    options.table_count = 3;
    options.since = later_since;
    options.format = 2;
    options.read_only = read_only;
    return store_open(&options, &store);
}

/* It reads as if the later table were empty; opened to write it gets the table
 * and stays older, so that a program which knows only that goes on with it. */
Test(store_file, an_older_store_gets_what_came_later)
{
    struct store_cursor *cursor = NULL;
    struct bytes key;
    struct bytes value;
    uint64_t count = 9;
    begin(true);
    put(0, "a", "old");
    cr_assert_eq(store_commit(&txn), STATUS_OK);

    cr_assert_eq(open_later(true), STATUS_OK);
    cr_assert_eq(store_format(store), 1);
    begin(false);
    cr_assert_eq(store_get(txn, 2, text("a"), &value), STATUS_NOT_FOUND);
    cr_assert_eq(store_count(txn, 2, &count), STATUS_OK);
    cr_assert_eq(count, 0);
    cr_assert_eq(store_cursor_open(txn, 2, &cursor), STATUS_OK);
    cr_assert_eq(store_seek(cursor, text("a"), &key, &value), STATUS_NOT_FOUND);
    cr_assert_eq(store_last(cursor, &key, &value), STATUS_NOT_FOUND);
    store_cursor_close(&cursor);
    store_abort(&txn);

    cr_assert_eq(open_later(false), STATUS_OK);
    cr_assert_eq(store_format(store), 1);
    begin(true);
    put(2, "a", "new");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    cr_assert_eq(open_as("test", 1), STATUS_OK, "the older program");
    cr_assert_eq(open_later(false), STATUS_OK);
    begin(true);
    cr_assert_eq(store_put_format(txn, 2), STATUS_OK);
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    cr_assert_eq(open_as("test", 1), STATUS_VERSION);
    cr_assert_eq(open_later(true), STATUS_OK);
    cr_assert_eq(store_format(store), 2);
    begin(false);
    cr_assert_eq(store_get(txn, 0, text("a"), &value), STATUS_OK);
    cr_assert(bytes_equal(value, text("old")));
    cr_assert_eq(store_get(txn, 2, text("a"), &value), STATUS_OK);
    cr_assert(bytes_equal(value, text("new")));
    store_abort(&txn);
}

/* A store that says it has a table and does not is damaged. */
Test(store_file, a_table_of_its_own_format_must_be_there)
{
    cr_assert_eq(open_as("test", 1), STATUS_OK);
    begin(true);
    cr_assert_eq(store_put_format(txn, 2), STATUS_OK);
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    cr_assert_eq(open_later(false), STATUS_CORRUPT);
    cr_assert_null(store);
}

Test(store_file, another_kind_of_store_is_refused)
{
    cr_assert_eq(open_as("ledger", 1), STATUS_INVALID);
    cr_assert_eq(open_as("tes", 1), STATUS_INVALID);
    cr_assert_eq(open_as("tests", 1), STATUS_INVALID);
}

/* An LMDB file of some other program has tables, but not ours. */
Test(store_file, a_foreign_environment_is_refused_and_left_alone)
{
    MDB_env *env = NULL;
    MDB_txn *foreign = NULL;
    MDB_dbi handle;
    store_close(&store);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, 4), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &foreign), 0);
    cr_assert_eq(mdb_dbi_open(foreign, "theirs", MDB_CREATE, &handle), 0);
    cr_assert_eq(mdb_txn_commit(foreign), 0);
    mdb_env_close(env);
    cr_assert_eq(open_as("test", 1), STATUS_INVALID);
}

/* A crash between LMDB's first pages and the first commit. */
Test(store_file, a_store_that_was_never_finished_is_finished)
{
    MDB_env *env = NULL;
    store_close(&store);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    mdb_env_close(env);
    cr_assert_eq(open_again(), STATUS_NOT_FOUND);
    open_with(MAP_BYTES);
    begin(true);
    put(0, "a", "one");
    commit();
}

Test(store_file, the_file_is_only_ours_to_read)
{
    struct stat about;
    cr_assert_eq(stat(path, &about), 0);
    cr_assert_eq(about.st_mode & 0777, 0600);
}
