/* A disk that is really full: a small file system of this test's own, mounted
 * where no other process sees it. Skipped where that is not allowed. */
#include "common/store/store.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NEW_MOUNT_NAMESPACE 0x00020000
#define VALUE_SIZE          10000u

long syscall(long number, ...);

static char disk[TEMP_DIR_PATH_MAX];
static char filler[TEMP_DIR_PATH_MAX + 8];

static void set_up(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "disk", disk);
    cr_assert_eq(mkdir(disk, 0700), 0);
    if (syscall(SYS_unshare, NEW_MOUNT_NAMESPACE) != 0 ||
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tally", disk, "tmpfs", 0, "size=4m") != 0) {
        temp_dir_close(&dir);
        cr_skip_test("no file system of its own is allowed here");
    }
    temp_dir_path(&dir, "disk/test.mdb", path);
    (void)snprintf(filler, sizeof filler, "%s/filler", disk);
    open_with(MAP_BYTES);
}

static void tear_down(void)
{
    store_abort(&txn);
    store_close(&store);
    cr_assert_eq(umount(disk), 0);
    temp_dir_close(&dir);
}

TestSuite(store_full, .init = set_up, .fini = tear_down);

static enum status put_one(uint32_t number)
{
    static const uint8_t value[VALUE_SIZE];
    uint8_t key[4];
    bytes_put_u32(key, number);
    begin(true);
    enum status status = store_append(txn, 0, (struct bytes){key, 4},
                                      (struct bytes){value, sizeof value});
    enum status end = store_commit(&txn);
    return status != STATUS_OK ? status : end;
}

static void fill_disk(void)
{
    static const char zeros[4096];
    int fd = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0600);
    cr_assert_geq(fd, 0);
    while (write(fd, zeros, sizeof zeros) > 0) {
    }
    cr_assert_eq(close(fd), 0);
}

static void expect_count(uint64_t expected)
{
    uint64_t count = 0;
    begin(false);
    cr_assert_eq(store_count(txn, 0, &count), STATUS_OK);
    cr_assert_eq(count, expected);
    store_abort(&txn);
}

/* The map would take sixteen times more: the disk is what is tight. It is the
 * mark that refuses, before the disk does. */
Test(store_full, i6_the_mark_comes_before_the_end_of_the_disk)
{
    uint32_t number = 0;
    uint64_t used = 0;
    uint64_t total = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = put_one(number);
        number += status == STATUS_OK;
        cr_assert_lt(number, 1000);
    }
    cr_assert_eq(status, STATUS_FULL);
    cr_assert_gt(number, 100);
    store_room(store, &used, &total);
    cr_assert_leq(total, 4u << 20);
    cr_assert_leq(used * 100, total * 90);
    expect_count(number);
    begin(true);
    cr_assert_eq(store_put_reserved(txn, 1, text("mark"), text("1")),
                 STATUS_OK);
    commit();
}

/* Somebody else fills the disk while a transaction is open: LMDB says EIO, the
 * store says full, and goes on when there is room again. */
Test(store_full, i6_a_disk_that_fills_up_meanwhile_is_full_and_not_broken)
{
    static const uint8_t value[200000];
    cr_assert_eq(put_one(0), STATUS_OK);
    for (int round = 0; round < 3; round++) {
        begin(true);
        cr_assert_eq(store_put(txn, 1, text("large"),
                               (struct bytes){value, sizeof value}),
                     STATUS_OK);
        fill_disk();
        cr_assert_eq(store_commit(&txn), STATUS_FULL);
        cr_assert_not(store_broken(store));
        expect_count(1);
        cr_assert_eq(put_one(1), STATUS_FULL);
        cr_assert_eq(unlink(filler), 0);
    }
    cr_assert_eq(put_one(1), STATUS_OK);
    reopen(MAP_BYTES);
    expect_count(2);
}
