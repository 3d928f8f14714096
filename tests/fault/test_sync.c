/* What "saved" rests on: every commit asks the disk to keep what was written,
 * and believes its answer. fdatasync() is this program's own, which the store's
 * library calls in place of the system's; the page that makes a commit valid
 * is written to a file that was opened with O_DSYNC. */
#include "agent/spool/spool.h"

#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int fdatasync(int fd);

static unsigned syncs;   /* since the start of the test */
static bool sync_fails;  /* with EIO, as a dying disk does */
static char synced[256]; /* the file of the last one */

int fdatasync(int fd)
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, synced, sizeof synced - 1);
    synced[size < 0 ? 0 : size] = '\0';
    syncs++;
    if (sync_fails) {
        errno = EIO;
        return -1;
    }
    return fsync(fd);
}

TestSuite(sync, .init = spool_fixture_open, .fini = spool_fixture_close);

/* How many files of this process are open on the spool with O_DSYNC. */
static unsigned direct_files(void)
{
    unsigned count = 0;
    for (int fd = 0; fd < 64; fd++) {
        char link[64];
        char name[TEMP_DIR_PATH_MAX] = "";
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, name, sizeof name - 1) > 0 &&
            strcmp(name, spool_path) == 0) {
            count += (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
        }
    }
    return count;
}

Test(sync, i1_a_save_is_synced_before_it_is_acknowledged)
{
    for (uint32_t i = 1; i <= 10; i++) {
        struct event event = spool_fixture_event(1, i);
        unsigned before = syncs;
        (void)spool_fixture_save(&event);
        cr_assert_gt(syncs, before);
        cr_assert_str_eq(synced, spool_path);
    }
    cr_assert_eq(direct_files(), 1, "the page that makes a commit valid");
}

/* Another process may have died between writing it and the sync: it is seen,
 * and a power cut would take it away. */
Test(sync, i1_what_is_there_already_is_synced_before_it_is_acknowledged)
{
    struct event event = spool_fixture_event(1, 1);
    unsigned before;

    (void)spool_fixture_save(&event);
    before = syncs;
    synced[0] = '\0';
    cr_assert_eq(spool_sync(spool), STATUS_OK);
    cr_assert_gt(syncs, before);
    cr_assert_str_eq(synced, spool_path);
    sync_fails = true;
    cr_assert_eq(spool_sync(spool), STATUS_IO);
    sync_fails = false;
    cr_assert_eq(spool_sync(spool), STATUS_IO, "until it is opened again");
}

/* Not acknowledged, not there after a restart, and nothing is acknowledged
 * after it: what the kernel still holds of a failed sync is unknown. */
Test(sync, i1_a_save_whose_sync_fails_is_not_acknowledged)
{
    struct event first = spool_fixture_event(1, 1);
    struct event second = spool_fixture_event(1, 2);
    uint64_t kept = spool_fixture_save(&first);
    uint64_t id = 0;
    uint64_t seq = 0;
    enum spool_state state;

    sync_fails = true;
    cr_assert_eq(spool_append(spool, &second, 1, NULL, &id), STATUS_IO);
    cr_assert_eq(id, 0);
    sync_fails = false;
    cr_assert_eq(spool_append(spool, &second, 1, NULL, &id), STATUS_IO);
    spool_fixture_reopen();
    cr_assert_eq(spool_last_seq(spool, &seq), STATUS_OK);
    cr_assert_eq(seq, 1);
    cr_assert_eq(spool_event(spool, kept, &first, &state), STATUS_OK);
    cr_assert_eq(spool_append(spool, &second, 1, NULL, &id), STATUS_OK);
    cr_assert_eq(id, kept + 1);
}
