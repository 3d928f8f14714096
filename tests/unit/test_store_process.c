#include "common/store/store.h"
#include "common/store/store_file.h"
#include "tests/support/store_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(store_process, .init = store_fixture_open,
          .fini = store_fixture_close);

/* Runs `child` in a process that has not opened the store (LMDB forbids to
 * take one across fork), while the parent goes on with `parent`. */
static void run_beside(void (*child)(int from_parent, int to_parent),
                       void (*parent)(int from_child, int to_child))
{
    int down[2];
    int up[2];
    int result = -1;
    cr_assert_eq(pipe(down), 0);
    cr_assert_eq(pipe(up), 0);
    store_close(&store);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        child(down[0], up[1]);
        _exit(0);
    }
    open_with(MAP_BYTES);
    parent(up[0], down[1]);
    cr_assert_eq(waitpid(pid, &result, 0), pid);
    cr_assert(WIFEXITED(result) ? WEXITSTATUS(result) == 0
                                : WTERMSIG(result) == SIGKILL);
}

static void tell(int fd)
{
    cr_assert_eq(write(fd, "x", 1), 1);
}

static void hear(int fd)
{
    char c = 0;
    cr_assert_eq(read(fd, &c, 1), 1);
}

static void read_beside(int from_parent, int to_parent)
{
    struct store_options options = options_of(MAP_BYTES);
    options.read_only = true;
    hear(from_parent);
    cr_assert_eq(store_open(&options, &store), STATUS_OK);
    begin(false);
    expect(0, "a", "one");
    tell(to_parent);
    hear(from_parent);
    expect(0, "a", "one");
    store_abort(&txn);
    begin(false);
    expect(0, "a", "two");
    store_abort(&txn);
    store_close(&store);
}

static void write_beside(int from_child, int to_child)
{
    begin(true);
    put(0, "a", "one");
    commit();
    tell(to_child);
    hear(from_child);
    begin(true);
    put(0, "a", "two");
    commit();
    tell(to_child);
}

Test(store_process, another_process_reads_while_one_writes)
{
    run_beside(read_beside, write_beside);
}

static void read_and_be_killed(int from_parent, int to_parent)
{
    struct store_options options = options_of(MAP_BYTES);
    options.read_only = true;
    hear(from_parent);
    cr_assert_eq(store_open(&options, &store), STATUS_OK);
    begin(false);
    tell(to_parent);
    raise(SIGKILL);
}

static long file_size(void)
{
    struct stat about;
    cr_assert_eq(stat(path, &about), 0);
    return (long)about.st_size;
}

static long rewrite(int times)
{
    static const uint8_t value[100000];
    for (int i = 0; i < times; i++) {
        begin(true);
        cr_assert_eq(
            store_put(txn, 0, text("a"), (struct bytes){value, sizeof value}),
            STATUS_OK);
        commit();
    }
    return file_size();
}

/* A reader that was killed keeps its pages until its slot is freed. */
static void write_beside_the_dead(int from_child, int to_child)
{
    rewrite(5);
    tell(to_child);
    hear(from_child);
    long before = rewrite(20);
    cr_assert_gt(rewrite(20), before + 1000000);
    store_check_readers(store);
    before = rewrite(5);
    cr_assert_eq(rewrite(40), before);
}

Test(store_process, slots_of_killed_readers_are_freed)
{
    run_beside(read_and_be_killed, write_beside_the_dead);
}

static void write_and_be_killed(int from_parent, int to_parent)
{
    hear(from_parent);
    open_with(MAP_BYTES);
    begin(true);
    put(0, "a", "never committed");
    tell(to_parent);
    raise(SIGKILL);
}

static void write_after_the_dead(int from_child, int to_child)
{
    tell(to_child);
    hear(from_child);
    begin(true);
    expect_missing(0, "a");
    put(0, "a", "ours");
    commit();
}

/* The lock of a killed writer passes on, and its half-done work is gone. */
Test(store_process, i1_a_killed_writer_leaves_nothing_and_blocks_nobody)
{
    run_beside(write_and_be_killed, write_after_the_dead);
}

static void fill_a_greater_map(int from_parent, int to_parent)
{
    static const uint8_t value[1000000];

    hear(from_parent);
    open_with(2 * MAP_BYTES);
    for (unsigned i = 0; i < 80; i++) {
        char key[8];

        (void)snprintf(key, sizeof key, "%u", i);
        begin(true);
        cr_assert_eq(
            store_put(txn, 0, text(key), (struct bytes){value, sizeof value}),
            STATUS_OK);
        commit();
    }
    tell(to_parent);
    store_close(&store);
}

static void go_on_beside_it(int from_child, int to_child)
{
    struct store_txn *early = NULL;
    struct bytes value;
    uint64_t used;
    uint64_t total;

    cr_assert_eq(store_begin(store, false, &early), STATUS_OK);
    tell(to_child);
    hear(from_child);
    /* Not while this process still reads the old map. */
    cr_assert_eq(store_begin(store, false, &txn), STATUS_AGAIN);
    cr_assert_null(txn);
    store_abort(&early);
    begin(false);
    cr_assert_eq(store_get(txn, 0, text("79"), &value), STATUS_OK);
    cr_assert_eq(value.size, 1000000);
    store_abort(&txn);
    begin(true);
    put(0, "mine", "too");
    commit();
    store_room(store, &used, &total);
    cr_assert_eq(total, 2 * MAP_BYTES);
}

/* Scenario: somebody gives the office's file more room while its service runs,
 * and a command uses it. */
Test(store_process, a_map_that_another_made_greater_is_taken_over)
{
    run_beside(fill_a_greater_map, go_on_beside_it);
}

#define META_PAGE        4096
#define META_TRANSACTION 144
#define LOOKS            20000

/* Writes the numbers of commits as fast as it can, each into the other meta
 * page: no disk is as fast. */
static void commit_without_end(int from_parent, int to_parent)
{
    int fd = open(path, O_RDWR);
    uint64_t number = 0;

    hear(from_parent);
    for (unsigned page = 0; page < 2; page++) {
        uint64_t found = 0;
        cr_assert_eq(pread(fd, &found, sizeof found,
                           page * META_PAGE + META_TRANSACTION),
                     sizeof found);
        number = found > number ? found : number;
    }
    tell(to_parent);
    for (;;) {
        number++;
        if (pwrite(fd, &number, sizeof number,
                   (off_t)(number % 2) * META_PAGE + META_TRANSACTION) !=
            (ssize_t)sizeof number) {
            _exit(1);
        }
    }
}

/* Scenario: commands are run while the office's service commits. */
Test(store_process, a_file_that_is_being_written_does_not_look_damaged)
{
    int down[2];
    int up[2];

    store_close(&store);
    cr_assert_eq(pipe(down), 0);
    cr_assert_eq(pipe(up), 0);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        commit_without_end(down[0], up[1]);
    }
    tell(down[1]);
    hear(up[0]);
    for (unsigned i = 0; i < LOOKS; i++) {
        enum status status = store_file_check(path);
        if (status != STATUS_OK) {
            (void)kill(pid, SIGKILL);
            cr_assert_fail("look %u: %s", i, status_name(status));
        }
    }
    cr_assert_eq(kill(pid, SIGKILL), 0);
    cr_assert_eq(waitpid(pid, NULL, 0), pid);
}
