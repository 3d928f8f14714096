#include "common/store/store.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROWS 3000u

TestSuite(store_copy, .init = store_fixture_open, .fini = store_fixture_close);

static char copy_path[TEMP_DIR_PATH_MAX + 8];

static int new_file(void)
{
    (void)snprintf(copy_path, sizeof copy_path, "%s.copy", path);
    int fd = open(copy_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    cr_assert_geq(fd, 0);
    return fd;
}

static void put_rows(const char *value)
{
    char key[16];

    begin(true);
    for (unsigned i = 0; i < ROWS; i++) {
        (void)snprintf(key, sizeof key, "%06u", i);
        put(i % 2, key, value);
    }
    commit();
}

/* Opens the copy as the store of the fixture, which walks all of it. */
static void open_copy(void)
{
    store_close(&store);
    memcpy(path, copy_path, strlen(copy_path) + 1);
    open_with(MAP_BYTES);
}

static uint64_t told;

static void note(void *owner, uint64_t bytes)
{
    (void)owner;
    told = bytes;
}

/* What is written after the copy began is not in it; what was freed before
 * takes no room in it. */
Test(store_copy, has_what_was_there_without_free_pages)
{
    struct store_progress progress = {.written = note};
    put_rows("one");
    begin(true);
    for (unsigned i = 2; i < ROWS; i++) {
        char key[16];

        (void)snprintf(key, sizeof key, "%06u", i);
        cr_assert_eq(store_delete(txn, i % 2, text(key)), STATUS_OK);
    }
    commit();
    int fd = new_file();
    cr_assert_eq(store_copy(store, fd, &progress), STATUS_OK);
    off_t size = lseek(fd, 0, SEEK_END);
    cr_assert_eq((uint64_t)size, told);
    cr_assert_lt(size, 16 * 4096);
    (void)close(fd);
    begin(true);
    put(0, "late", "x");
    commit();
    open_copy();
    begin(false);
    expect(0, "000000", "one");
    expect(1, "000001", "one");
    expect_missing(0, "000002");
    expect_missing(0, "late");
}

/* A store that somebody writes to beside the copy is whole in it. */
Test(store_copy, can_be_written_to_afterwards)
{
    put_rows("one");
    int fd = new_file();
    cr_assert_eq(store_copy(store, fd, NULL), STATUS_OK);
    (void)close(fd);
    open_copy();
    put_rows("two");
    reopen(MAP_BYTES);
    begin(false);
    expect(0, "000000", "two");
}

Test(store_copy, i6_a_full_disk_is_told)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    put_rows("one");
    cr_assert_geq(fd, 0);
    cr_assert_eq(store_copy(store, fd, NULL), STATUS_FULL);
    (void)close(fd);
    begin(false);
    expect(0, "000000", "one");
}
