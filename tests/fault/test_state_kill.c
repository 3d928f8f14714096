/* A process that writes the state of the figures over and over is killed at
 * moments that differ; the next start must find the former file or the new
 * one, whole, and come to what a fold from nothing comes to. */
#include "common/base/file.h"
#include "tests/support/hall.h"
#include "tests/support/rounds.h"
#include "tests/support/start.h"
#include "tests/support/world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCHES      6u
#define EVENTS       2000u
#define LEDGER_MAX   (16u << 20)
#define KILL_US_MAX  20000u
#define CHILD_FAILED 3

static struct temp_dir dir;
static char ledger_path[TEMP_DIR_PATH_MAX];
static char state_path[TEMP_DIR_PATH_MAX];
static char other_path[TEMP_DIR_PATH_MAX];

/* A ledger with some thousand events, made where nothing is left open: an open
 * store may not go across fork(). */
static void make_ledger(void)
{
    struct event *events = calloc(EVENTS, sizeof *events);
    struct hall hall;
    struct office office;
    struct buffer copy;

    cr_assert_not_null(events);
    hall_open(&hall, 0);
    office_open(&office, 1);
    hall_join(&hall, &office);
    for (uint32_t b = 0; b < BATCHES; b++) {
        for (uint32_t i = 0; i < EVENTS; i++) {
            office_visit(&office, b * EVENTS + i + 1, &events[i]);
        }
        cr_assert(
            hall_send(&hall, &office, office_seal(&office, events, EVENTS))
                .appended);
    }
    buffer_init(&copy, LEDGER_MAX);
    cr_assert_eq(file_read(hall.path, &copy), STATUS_OK);
    temp_dir_write(&dir, "ledger.mdb", copy.data, copy.size);
    buffer_fini(&copy);
    office_close(&office);
    hall_close(&hall);
    free(events);
}

static void setup(void)
{
    temp_dir_open(&dir);
    temp_dir_path(&dir, "ledger.mdb", ledger_path);
    temp_dir_path(&dir, "figures.state", state_path);
    temp_dir_path(&dir, "other.state", other_path);
    make_ledger();
}

static void teardown(void)
{
    temp_dir_close(&dir);
}

TestSuite(state_kill, .init = setup, .fini = teardown, .timeout = 1800);

static struct hall open_desk(void)
{
    struct ledger_options options = {.path = ledger_path, .read_only = true};
    struct hall desk;

    memset(&desk, 0, sizeof desk);
    if (ledger_open(&options, &desk.ledger) != STATUS_OK) {
        _exit(CHILD_FAILED);
    }
    return desk;
}

/* Says one word once a file is there, and goes on writing. */
static void write_for_ever(int up)
{
    struct hall desk = open_desk();
    struct start start;

    start_open(&start, &desk, state_path);
    (void)start_save(&start);
    if (write(up, "", 1) != 1) {
        _exit(CHILD_FAILED);
    }
    for (;;) {
        (void)start_save(&start);
    }
}

static void look(int up)
{
    struct hall desk = open_desk();
    struct start start;
    struct digest is, should = start_from_nothing(&desk, other_path);

    (void)up;
    start_open(&start, &desk, state_path);
    if (start.begun != hall_size(&desk)) {
        _exit(1);
    }
    is = start_save(&start);
    start_close(&start);
    ledger_close(&desk.ledger);
    _exit(digest_equal(&is, &should) ? 0 : 2);
}

static pid_t run(void (*child)(int), int up)
{
    pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        child(up);
        _exit(0);
    }
    return pid;
}

Test(state_kill, i4_a_kill_while_the_state_is_written_leaves_a_whole_one)
{
    uint64_t seed;
    uint32_t count = rounds("state_kill", 20, 500, &seed);

    for (uint32_t i = 0; i < count; i++) {
        struct timespec until = {0};
        fd_set child;
        int up[2], ended = 0;
        char word;
        pid_t pid;

        cr_assert_eq(pipe(up), 0);
        pid = run(write_for_ever, up[1]);
        (void)close(up[1]);
        cr_assert_eq(read(up[0], &word, 1), 1, "round %u: no state", i);
        until.tv_nsec = (long)(world_random(&seed) % KILL_US_MAX) * 1000;
        FD_ZERO(&child);
        FD_SET(up[0], &child);
        cr_assert_eq(pselect(up[0] + 1, &child, NULL, NULL, &until, NULL), 0,
                     "the child ended");
        (void)close(up[0]);
        (void)kill(pid, SIGKILL);
        cr_assert_eq(waitpid(pid, NULL, 0), pid);
        pid = run(look, -1);
        cr_assert_eq(waitpid(pid, &ended, 0), pid);
        cr_assert(WIFEXITED(ended) && WEXITSTATUS(ended) == 0,
                  "round %u: %d (1: no whole state, 2: another one)", i, ended);
    }
}
