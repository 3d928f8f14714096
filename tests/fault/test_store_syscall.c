/* The calls by which LMDB reaches the disk, failing or killing the process at
 * the n-th of them, for every n: this program's own pwrite(), writev() and
 * fdatasync() stand before those of the C library. */
#include "common/store/store.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMITS    6u
#define CALLS_MAX  100u
#define SECTOR     512u
#define VALUE_SIZE 6000u

long syscall(long number, ...);

enum fault {
    FAULT_NONE,
    FAULT_ERROR, /* the call fails with EIO */
    FAULT_SHORT, /* a write stops in the middle */
    FAULT_KILL   /* half of a write happens, then the process is gone */
};

static enum fault fault;
static unsigned calls_left; /* the call at which it is 1 is hit */

static bool is_due(void)
{
    if (fault == FAULT_NONE || calls_left == 0) {
        return false;
    }
    calls_left--;
    return calls_left == 0;
}

/* What of a write happens. A sector is written whole or not at all. */
static size_t cut(size_t size)
{
    return size <= SECTOR ? 0 : size / 2;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (is_due()) {
        if (fault == FAULT_ERROR) {
            errno = EIO;
            return -1;
        }
        long done = syscall(SYS_pwrite64, fd, bytes, cut(size), at);
        if (fault == FAULT_KILL) {
            raise(SIGKILL);
        }
        return done;
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    if (is_due()) {
        if (fault == FAULT_ERROR) {
            errno = EIO;
            return -1;
        }
        long done = syscall(SYS_writev, fd, parts, count / 2);
        if (fault == FAULT_KILL) {
            raise(SIGKILL);
        }
        return done;
    }
    return syscall(SYS_writev, fd, parts, count);
}

int fdatasync(int fd)
{
    if (is_due() && fault != FAULT_SHORT) {
        if (fault == FAULT_KILL) {
            raise(SIGKILL);
        }
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

TestSuite(store_syscall, .init = store_fixture_open,
          .fini = store_fixture_close);

static struct bytes value_of(uint32_t number)
{
    static uint8_t value[VALUE_SIZE];
    memset(value, (int)number + 1, sizeof value);
    return (struct bytes){value, sizeof value};
}

static struct bytes key_of(uint32_t number)
{
    static uint8_t key[4];
    bytes_put_u32(key, number);
    return (struct bytes){key, sizeof key};
}

/* One transaction: a new value, and the counter that says how many. */
static enum status commit_one(uint32_t number)
{
    uint8_t counter[4];
    bytes_put_u32(counter, number + 1);
    enum status status = store_begin(store, true, &txn);
    if (status != STATUS_OK) {
        return status;
    }
    cr_assert_eq(store_append(txn, 0, key_of(number), value_of(number)),
                 STATUS_OK);
    cr_assert_eq(store_put(txn, 1, text("count"), (struct bytes){counter, 4}),
                 STATUS_OK);
    return store_commit(&txn);
}

/* Values and counter agree, and nothing acknowledged is missing; one
 * transaction more may be there, whole. */
static void expect_whole(uint32_t acknowledged)
{
    struct bytes found;
    uint64_t count = 0;
    uint32_t counted = 0;
    begin(false);
    if (store_get(txn, 1, text("count"), &found) == STATUS_OK) {
        counted = bytes_get_u32(found.data);
    }
    cr_assert_eq(store_count(txn, 0, &count), STATUS_OK);
    cr_assert_eq(count, counted);
    cr_assert(counted == acknowledged || counted == acknowledged + 1);
    for (uint32_t i = 0; i < counted; i++) {
        cr_assert_eq(store_get(txn, 0, key_of(i), &found), STATUS_OK);
        cr_assert(bytes_equal(found, value_of(i)));
    }
    store_abort(&txn);
}

static void start_over(void)
{
    store_close(&store);
    cr_assert_eq(unlink(path), 0);
    open_with(MAP_BYTES);
}

/* Lets the n-th call fail; true when there was one. After it nothing is
 * acknowledged until the store is opened again, and then it goes on. */
static bool fail_at(enum fault how, unsigned n)
{
    enum status status = STATUS_OK;
    uint32_t acknowledged = 0;
    start_over();
    fault = how;
    calls_left = n;
    while (acknowledged < COMMITS && status == STATUS_OK) {
        status = commit_one(acknowledged);
        acknowledged += status == STATUS_OK;
    }
    fault = FAULT_NONE;
    if (status == STATUS_OK) {
        return calls_left == 0; /* a sync that was due and not a write */
    }
    cr_assert_eq(status, STATUS_IO);
    cr_assert(store_broken(store));
    cr_assert_eq(store_begin(store, true, &txn), STATUS_IO);
    reopen(MAP_BYTES);
    expect_whole(acknowledged);
    begin(true);
    put(1, "after", "kept");
    commit();
    return true;
}

static unsigned fail_everywhere(enum fault how)
{
    unsigned n = 1;
    while (n < CALLS_MAX && fail_at(how, n)) {
        n++;
    }
    cr_assert_lt(n, CALLS_MAX);
    return n - 1;
}

/* A write, a sync and the meta page for each commit, at the least. */
Test(store_syscall, i2_an_error_at_any_call_acknowledges_nothing)
{
    cr_assert_geq(fail_everywhere(FAULT_ERROR), 3 * COMMITS);
}

Test(store_syscall, i2_a_short_write_at_any_call_acknowledges_nothing)
{
    cr_assert_geq(fail_everywhere(FAULT_SHORT), 3 * COMMITS);
}

/* Commits until it is killed; tells after each how many there are. */
/* In a file that does not grow, what LMDB leaves of a failed meta page looks
 * like a damaged one. The store opens none the less, as it was before. */
Test(store_syscall, i2_a_meta_page_that_fails_is_not_taken_for_damage)
{
    enum status status = STATUS_OK;
    unsigned n = 0;
    char name[TEMP_DIR_PATH_MAX + 16];
    for (uint32_t i = 0; i < 10; i++) {
        begin(true);
        put(1, "count", "as it was");
        commit();
    }
    do {
        fault = FAULT_ERROR;
        calls_left = ++n;
        begin(true);
        put(1, "count", "otherwise");
        status = store_commit(&txn);
        fault = FAULT_NONE;
        reopen(MAP_BYTES);
        begin(false);
        expect(1, "count", status == STATUS_OK ? "otherwise" : "as it was");
        store_abort(&txn);
    } while (status != STATUS_OK);
    cr_assert_gt(n, 2);
    (void)snprintf(name, sizeof name, "%s-failed", path);
    cr_assert_neq(access(name, F_OK), 0, "it is forgotten when all is well");
}

static _Noreturn void commit_until_killed(unsigned n, int to_parent)
{
    open_with(MAP_BYTES);
    fault = FAULT_KILL;
    calls_left = n;
    for (uint32_t i = 0; i < COMMITS; i++) {
        uint32_t done = i + 1;
        cr_assert_eq(commit_one(i), STATUS_OK);
        cr_assert_eq(write(to_parent, &done, sizeof done), sizeof done);
    }
    _exit(0);
}

Test(store_syscall, i1_a_kill_at_any_call_loses_nothing_acknowledged)
{
    unsigned n = 0;
    int result = 0;
    store_close(&store);
    do {
        int up[2];
        uint32_t acknowledged = 0;
        n++;
        cr_assert_lt(n, CALLS_MAX);
        (void)unlink(path);
        open_with(MAP_BYTES); /* makes the tables, unharmed */
        store_close(&store);
        cr_assert_eq(pipe(up), 0);
        pid_t pid = fork();
        cr_assert_geq(pid, 0);
        if (pid == 0) {
            close(up[0]);
            commit_until_killed(n, up[1]);
        }
        close(up[1]);
        while (read(up[0], &acknowledged, sizeof acknowledged) ==
               sizeof acknowledged) {
        }
        close(up[0]);
        cr_assert_eq(waitpid(pid, &result, 0), pid);
        open_with(MAP_BYTES);
        expect_whole(acknowledged);
        begin(true);
        put(1, "after", "kept");
        commit();
        store_close(&store);
    } while (WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL);
    cr_assert(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    cr_assert_gt(n, 3 * COMMITS);
}
