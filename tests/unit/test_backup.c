#include "collector/recovery/backup.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCHES 20u

static char folder[TEMP_DIR_PATH_MAX];
static char copy[TEMP_DIR_PATH_MAX];
static struct backup backup;

static void write_copy(void)
{
    temp_dir_path(&dir, "copy", folder);
    temp_dir_path(&dir, "copy/ledger.mdb", copy);
    cr_assert_eq(mkdir(folder, 0700), 0);
    int fd = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    cr_assert_geq(fd, 0);
    cr_assert_eq(ledger_copy(ledger, fd, NULL), STATUS_OK);
    (void)close(fd);
}

static void fill(uint32_t agent)
{
    struct stream stream = stream_of(agent, 1);
    struct sample sample;

    for (unsigned i = 0; i < BATCHES; i++) {
        sample_make(&stream, 3, &sample);
        sample_commit(&sample);
    }
}

static void open_ledger(void)
{
    ledger_fixture_open();
    fill(7);
    write_copy();
}

TestSuite(backup, .init = open_ledger, .fini = ledger_fixture_close);

Test(backup, a_copy_that_was_read_back_is_good)
{
    cr_assert_eq(backup_check(folder, ledger, NULL, &backup), STATUS_OK);
    cr_assert_eq(backup.entries, BATCHES);
    fill(8); /* the ledger goes on: its beginning is the copy's */
    cr_assert_eq(backup_check(folder, ledger, NULL, &backup), STATUS_OK);
    cr_assert_eq(backup.entries, BATCHES);
}

/* A copy that has more than the ledger, or other entries, is no copy of it. */
Test(backup, i7_the_copy_of_another_ledger_is_refused)
{
    temp_dir_path(&dir, "other.mdb", path);
    ledger_close(&ledger);
    struct ledger_options options = {
        .path = path, .clock = clock_real(), .create = true};
    cr_assert_eq(ledger_open(&options, &ledger), STATUS_OK);
    cr_assert_eq(backup_check(folder, ledger, NULL, &backup), STATUS_CORRUPT);
    fill(8);
    fill(9);
    cr_assert_eq(backup_check(folder, ledger, NULL, &backup), STATUS_CORRUPT);
}

/* Whatever single byte of a batch is another one in the copy, it is found. */
Test(backup, i7_a_byte_that_reads_back_otherwise_is_found)
{
    struct stat about;
    uint8_t byte;
    unsigned found = 0;
    int fd = open(copy, O_RDWR | O_CLOEXEC);

    cr_assert_eq(fstat(fd, &about), 0);
    for (off_t at = 2 * 4096; at < about.st_size; at += 509) {
        cr_assert_eq(pread(fd, &byte, 1, at), 1);
        if (byte == 0) {
            continue; /* free room within a page, mostly */
        }
        byte ^= 0x10u;
        cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
        enum status status = backup_check(folder, ledger, NULL, &backup);
        cr_assert(status == STATUS_CORRUPT || status == STATUS_OK);
        found += status == STATUS_CORRUPT ? 1u : 0u;
        byte ^= 0x10u;
        cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    }
    (void)close(fd);
    cr_assert_gt(found, 5u);
    cr_assert_eq(backup_check(folder, ledger, NULL, &backup), STATUS_OK);
}
