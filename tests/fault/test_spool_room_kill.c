/* A process that makes room is killed again and again: a batch is here with its
 * events and its receipt, or gone with all of them, and what is gone is noted.
 */
#include "agent/spool/spool_backup.h"
#include "common/event/reference.h"
#include "tests/support/rounds.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS    60000u
#define MAP_BYTES (UINT64_C(256) << 20)
#define KILL_MS   40

static void setup(void)
{
    spool_fixture_open();
    spool_fixture_reopen_with(MAP_BYTES);
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (uint32_t i = 1; i <= EVENTS; i++) {
        struct event event = spool_fixture_event(1, i);
        uint64_t id;

        cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
    (void)spool_fixture_seal_all();
    spool_fixture_receive_all();
    cr_assert_eq(spool_set_backup(spool, UINT64_MAX), STATUS_OK);
}

TestSuite(spool_room_kill, .init = setup, .fini = spool_fixture_close,
          .timeout = 600);

static void make_room(void)
{
    uint64_t events;
    enum status status;

    do {
        status = spool_make_room(spool, 1, &events);
    } while (status == STATUS_OK);
    cr_assert_eq(status, STATUS_NOT_FOUND);
}

/* True when it came to its end before it was killed. */
static bool make_room_and_kill(int ms)
{
    int state = 0;
    pid_t pid;

    spool_close(&spool);
    pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        spool_fixture_reopen_with(MAP_BYTES);
        make_room();
        _exit(0);
    }
    (void)poll(NULL, 0, ms);
    (void)kill(pid, SIGKILL);
    cr_assert_eq(waitpid(pid, &state, 0), pid);
    cr_assert(WIFSIGNALED(state) || WEXITSTATUS(state) == 0);
    spool_fixture_reopen_with(MAP_BYTES);
    return WIFEXITED(state);
}

static void check_whole(void)
{
    struct spool_backup backup;
    struct batch_header header;
    struct bytes batch;
    uint64_t first;
    uint64_t id = 0;
    uint64_t seq;
    struct event event;
    enum spool_state state;

    cr_assert_eq(spool_backup(spool, &backup), STATUS_OK);
    cr_assert_eq(spool_first_kept(spool, &first), STATUS_OK);
    cr_assert_eq(backup.removed, first - 1);
    cr_assert_eq(backup.backed_up, EVENTS - backup.removed);
    cr_assert_eq(spool_fixture_counts().received, EVENTS);
    cr_assert_eq(spool_batch(spool, 1, &header, &batch), STATUS_OK);
    cr_assert_eq(header.first_seq, first, "the first batch that is here");
    for (seq = first; spool_next(spool, id, &id, &event, &state) == STATUS_OK;
         seq++) {
        cr_assert_eq(id60_number(id), seq);
        cr_assert_eq(event_get(&event, 7), seq);
        cr_assert_eq(state, SPOOL_BACKED_UP);
    }
    cr_assert_eq(seq, EVENTS + 1);
}

Test(spool_room_kill, i7_what_goes_goes_whole_whenever_it_is_killed)
{
    uint64_t seed = 0;
    uint32_t count = rounds("kills while room is made", 15, 300, &seed);
    uint32_t ended = 0;

    srand((unsigned)seed);
    for (uint32_t i = 0; i < count && ended == 0; i++) {
        ended += make_room_and_kill(rand() % KILL_MS) ? 1u : 0u;
        check_whole();
    }
    make_room();
    check_whole();
}
