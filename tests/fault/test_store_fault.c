/* Faults of the disk, by the linker's --wrap where no real fault can be had:
 * mdb_txn_commit() answers what a test says, and fstatvfs() that the disk is
 * full. */
#include "common/store/store.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <lmdb.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#define MAP_BYTES (UINT64_C(64) << 20)

int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __real_fstatvfs(int fd, struct statvfs *about);
int __wrap_fstatvfs(int fd, struct statvfs *about);

static int commit_answer; /* 0: the real one */
static bool disk_is_full; /* for fstatvfs() */

static const char *const tables[] = {"only"};
static struct temp_dir dir;
static char path[TEMP_DIR_PATH_MAX];
static struct store *store;
static struct store_txn *txn;

int __wrap_mdb_txn_commit(MDB_txn *ended)
{
    if (commit_answer == 0) {
        return __real_mdb_txn_commit(ended);
    }
    mdb_txn_abort(ended);
    return commit_answer;
}

int __wrap_fstatvfs(int fd, struct statvfs *about)
{
    int rc = __real_fstatvfs(fd, about);
    if (disk_is_full) {
        about->f_bavail = 0;
    }
    return rc;
}

static void open_store(void)
{
    struct store_options options = {
        .path = path,
        .tables = tables,
        .table_count = 1,
        .map_bytes = MAP_BYTES,
        .format = 1,
        .kind = "test",
        .create = true,
    };
    cr_assert_eq(store_open(&options, &store), STATUS_OK);
}

static void set_up(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "test.mdb", path);
    open_store();
}

static void tear_down(void)
{
    store_abort(&txn);
    store_close(&store);
    temp_dir_close(&dir);
}

TestSuite(store_fault, .init = set_up, .fini = tear_down);

static void put(const char *key, const char *value)
{
    cr_assert_eq(store_begin(store, true, &txn), STATUS_OK);
    cr_assert_eq(store_put(txn, 0, bytes_of_text(key), bytes_of_text(value)),
                 STATUS_OK);
}

static void expect(const char *key, enum status status)
{
    struct bytes value;
    cr_assert_eq(store_begin(store, false, &txn), STATUS_OK);
    cr_assert_eq(store_get(txn, 0, bytes_of_text(key), &value), status);
    store_abort(&txn);
}

/* After a failed commit nothing more is written until the store is opened
 * again; reading goes on. */
Test(store_fault, i2_a_failed_commit_is_never_ok_and_sticks)
{
    put("before", "kept");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    put("during", "lost");
    commit_answer = EIO;
    cr_assert_eq(store_commit(&txn), STATUS_IO);
    commit_answer = 0;
    cr_assert(store_broken(store));
    cr_assert_eq(store_begin(store, true, &txn), STATUS_IO);
    expect("before", STATUS_OK);
    store_close(&store);
    open_store();
    cr_assert_not(store_broken(store));
    put("after", "kept");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    expect("during", STATUS_NOT_FOUND);
}

/* LMDB says EIO for a full disk as well: that passes when there is room. */
Test(store_fault, i6_a_full_disk_is_not_a_broken_one)
{
    static const int answers[] = {EIO, ENOSPC, EDQUOT};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        put("a", "b");
        commit_answer = answers[i];
        disk_is_full = true;
        cr_assert_eq(store_commit(&txn), STATUS_FULL);
        commit_answer = 0;
        disk_is_full = false;
        cr_assert_not(store_broken(store));
        put("a", "b");
        cr_assert_eq(store_commit(&txn), STATUS_OK);
    }
}

/* On a full disk nothing is even tried: the mark is that of the disk. */
Test(store_fault, i6_the_mark_is_that_of_the_disk_when_it_is_tighter)
{
    uint64_t used = 0;
    uint64_t total = 0;
    disk_is_full = true;
    store_room(store, &used, &total);
    cr_assert_lt(total, MAP_BYTES);
    cr_assert_eq(store_begin(store, true, &txn), STATUS_OK);
    cr_assert_eq(store_put(txn, 0, bytes_of_text("a"), bytes_of_text("b")),
                 STATUS_FULL);
    cr_assert_eq(
        store_put_reserved(txn, 0, bytes_of_text("a"), bytes_of_text("b")),
        STATUS_OK);
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    disk_is_full = false;
    put("c", "d");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
}

Test(store_fault, a_damaged_tree_found_by_a_commit_sticks)
{
    put("a", "b");
    commit_answer = MDB_CORRUPTED;
    cr_assert_eq(store_commit(&txn), STATUS_CORRUPT);
    commit_answer = 0;
    cr_assert_eq(store_begin(store, true, &txn), STATUS_IO);
}

Test(store_fault, i6_a_map_that_is_full_at_the_commit_passes)
{
    put("a", "b");
    commit_answer = MDB_MAP_FULL;
    cr_assert_eq(store_commit(&txn), STATUS_FULL);
    commit_answer = 0;
    put("a", "b");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
}

/* A real fault: the kernel refuses to let the file grow, as under a quota, and
 * says so by a short write. What was committed before is whole, and work goes
 * on as soon as the limit is lifted. */
Test(store_fault, i6_a_file_that_cannot_grow_loses_nothing)
{
    static uint8_t value[200000];
    struct rlimit limit;
    struct rlimit old;
    put("before", "kept");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = 100000;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(store_begin(store, true, &txn), STATUS_OK);
    cr_assert_eq(store_put(txn, 0, bytes_of_text("large"),
                           (struct bytes){value, sizeof value}),
                 STATUS_OK);
    cr_assert_eq(store_commit(&txn), STATUS_FULL);
    cr_assert_not(store_broken(store));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    expect("before", STATUS_OK);
    expect("large", STATUS_NOT_FOUND);
    put("after", "kept");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
}

/* The same while pages are freed: the file is lengthened first, and that
 * fails already. */
Test(store_fault, i6_a_file_that_cannot_be_lengthened_loses_nothing)
{
    struct rlimit limit;
    struct rlimit old;
    put("before", "kept");
    cr_assert_eq(store_commit(&txn), STATUS_OK);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = 20000;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(store_begin(store, true, &txn), STATUS_OK);
    cr_assert_eq(store_delete(txn, 0, bytes_of_text("before")), STATUS_OK);
    cr_assert_eq(store_commit(&txn), STATUS_FULL);
    cr_assert_not(store_broken(store));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    expect("before", STATUS_OK);
}
