/* A ledger of format 1 gets its tree in several transactions, and the program
 * is killed at any moment of it. Each time the ledger is whole, has the same
 * roots, and the next opening goes on. */
#include "collector/ledger/ledger_internal.h"
#include "collector/ledger/ledger_tables.h"
#include "collector/ledger/ledger_tree.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/older_ledger.h"
#include "tests/support/rounds.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(ledger_upgrade, .init = ledger_fixture_open,
          .fini = ledger_fixture_close, .timeout = 3600);

/* Two transactions of catching up, and a little of a third. */
#define ENTRIES (2u * LEDGER_TREE_STEP + 300u)

static char older[TEMP_DIR_PATH_MAX];

static void fill(void)
{
    for (uint64_t next = 0; next < ENTRIES; next++) {
        struct ledger_answer answer;
        char document[32];
        if (next % LEDGER_GROUP_MAX == 0) {
            cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        }
        (void)snprintf(document, sizeof document, "document %zu", (size_t)next);
        cr_assert_eq(
            ledger_append_control(ledger, bytes_of_text(document), &answer),
            STATUS_OK);
        if (next % LEDGER_GROUP_MAX == LEDGER_GROUP_MAX - 1 ||
            next == ENTRIES - 1) {
            cr_assert_eq(ledger_commit(ledger), STATUS_OK);
        }
    }
}

static void copy(const char *from, const char *to)
{
    struct stat about;
    int in = open(from, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(in >= 0 && out >= 0 && fstat(in, &about) == 0);
    for (off_t left = about.st_size; left > 0;) {
        ssize_t done = sendfile(out, in, NULL, (size_t)left);
        cr_assert_gt(done, 0);
        left -= done;
    }
    cr_assert(close(in) == 0 && close(out) == 0);
}

static struct digest root_now(uint64_t *kept)
{
    struct ledger_snapshot *snapshot = NULL;
    struct digest root;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_snapshot_size(snapshot), ENTRIES);
    cr_assert_eq(ledger_root(snapshot, ENTRIES, &root), STATUS_OK);
    cr_assert_eq(store_count(snapshot->txn, TABLE_TREE, kept), STATUS_OK);
    ledger_snapshot_close(&snapshot);
    return root;
}

/* Opens the ledger to write in another process, which is killed when it has
 * said so many lines, or (0) after that time unless it ends before. */
static void killed(unsigned lines, int ms)
{
    int ends[2];
    int code = 0;
    char one = '\0';
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        _exit(ledger_fixture_open_again(false) == STATUS_OK ? 0 : 1);
    }
    cr_assert_eq(close(ends[1]), 0);
    if (lines == 0) {
        struct pollfd pipe_end = {.fd = ends[0], .events = 0};
        (void)poll(&pipe_end, 1, ms);
    }
    while (lines > 0 && read(ends[0], &one, 1) == 1) {
        lines -= one == '\n';
    }
    cr_assert_eq(kill(child, SIGKILL), 0);
    cr_assert_eq(waitpid(child, &code, 0), child);
    cr_assert(WIFSIGNALED(code) || WEXITSTATUS(code) == 0);
    cr_assert_eq(close(ends[0]), 0);
}

Test(ledger_upgrade, i5_a_kill_while_the_tree_is_made_harms_nothing)
{
    uint64_t seed = 0;
    uint64_t kept = 0;
    uint32_t count = rounds("kills while a tree is made", 6, 200, &seed);
    unsigned in_between = 0;
    fill();
    struct digest wanted = root_now(&kept);
    const uint64_t all = kept;
    cr_assert_eq(all, ENTRIES / 256 + ENTRIES / 65536);
    temp_dir_path(&dir, "older.mdb", older);
    ledger_close(&ledger);
    older_ledger_make(path, older);

    srand((unsigned)seed);
    for (uint32_t round = 0; round < count; round++) {
        copy(older, path);
        /* One line and two: in its second and its third transaction. */
        killed(round % 3, rand() % 200);
        cr_assert_eq(ledger_fixture_open_again(true), STATUS_OK);
        struct digest root = root_now(&kept);
        cr_assert(digest_equal(&root, &wanted), "round %u", round);
        in_between += kept > 0 && kept < all;
        cr_assert_eq(ledger_fixture_open_again(false), STATUS_OK);
        root = root_now(&kept);
        cr_assert(digest_equal(&root, &wanted), "round %u", round);
        cr_assert_eq(kept, all, "round %u", round);
        ledger_close(&ledger);
    }
    (void)fprintf(stderr, "%u of them in the middle of it\n", in_between);
    cr_assert_gt(in_between, 0);
}
