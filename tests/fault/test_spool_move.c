/* A recovery that moves more than one step holds is killed again and again,
 * while the office records: until its last step nothing of it is seen, and at
 * the end every event has moved once, in its order. */
#include "common/event/reference.h"
#include "tests/support/keys.h"
#include "tests/support/rounds.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS    (2 * SPOOL_MOVE_MAX + 1000)
#define MAP_BYTES (UINT64_C(256) << 20)
#define RECEIVED  7u /* the province has what is below */
#define KILL_MS   60

static uint32_t saved;
static uint64_t aliased;

static void add(uint32_t count)
{
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct event event = spool_fixture_event(1, ++saved);
        uint64_t id;

        if (saved % 100 == 0) {
            event.target = id60_make(SPOOL_FIXTURE_AGENT, 1, saved - 1);
            event.header_present |= 1u << EVENT_TARGET;
        }
        event.header_present |= 1u << EVENT_ENTRY_KEY;
        event.has_entry_key = true;
        bytes_put_u32(event.entry_key, saved);
        cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    }
    cr_assert_eq(spool_commit(spool), STATUS_OK);
}

/* A thing that is named first by an event that moves. */
static void add_named_thing(void)
{
    struct event event;
    uint64_t id;

    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_alias(spool, REFERENCE_ESTABLISHMENT,
                             bytes_of_text("so-15"), &aliased, NULL),
                 STATUS_OK);
    event = spool_fixture_event(id60_number(aliased), ++saved);
    cr_assert_eq(spool_add(spool, &event, &id, NULL), STATUS_OK);
    cr_assert_eq(spool_commit(spool), STATUS_OK);
}

static void setup(void)
{
    spool_fixture_open();
    spool_fixture_reopen_with(MAP_BYTES);
    saved = 0;
    add(RECEIVED - 1);
    add_named_thing();
    add(EVENTS - saved);
}

TestSuite(spool_move, .init = setup, .fini = spool_fixture_close,
          .timeout = 600);

static enum status move_all(void)
{
    struct random_id epoch = keys_id(50);

    return spool_open_epoch(spool, &epoch, 2, RECEIVED);
}

/* True when it came to its end before it was killed. */
static bool move_and_kill(int ms)
{
    int state = 0;
    pid_t pid;

    spool_close(&spool);
    pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        spool_fixture_reopen_with(MAP_BYTES);
        _exit(move_all() == STATUS_OK ? 0 : 1);
    }
    (void)poll(NULL, 0, ms);
    (void)kill(pid, SIGKILL);
    cr_assert_eq(waitpid(pid, &state, 0), pid);
    cr_assert(WIFSIGNALED(state) || WEXITSTATUS(state) == 0);
    spool_fixture_reopen_with(MAP_BYTES);
    return WIFEXITED(state);
}

/* As if it had not begun. */
static void check_unmoved(void)
{
    struct spool_counts counts = spool_fixture_counts();
    struct spool_identity identity;
    enum spool_state state;
    struct event event;
    uint64_t id;
    uint64_t last = id60_make(SPOOL_FIXTURE_AGENT, 1, saved);

    cr_assert_eq(spool_identity(spool, &identity), STATUS_OK);
    cr_assert_eq(identity.epoch_ordinal, 1);
    cr_assert_eq(counts.saved, saved);
    cr_assert_eq(counts.moved, 0);
    cr_assert_eq(spool_next(spool, last, &id, &event, &state),
                 STATUS_NOT_FOUND);
    cr_assert_eq(spool_event(spool, id60_make(SPOOL_FIXTURE_AGENT, 2, 1),
                             &event, &state),
                 STATUS_NOT_FOUND);
    cr_assert_eq(
        spool_moved(spool, 0, id60_make(SPOOL_FIXTURE_AGENT, 1, RECEIVED), &id),
        STATUS_NOT_FOUND);
}

static void check_moved(void)
{
    struct spool_counts counts = spool_fixture_counts();
    uint64_t before = RECEIVED - 1;
    uint64_t reference = 0;

    cr_assert_eq(counts.moved, saved - before);
    cr_assert_eq(counts.saved, saved - before);
    cr_assert_eq(counts.received, before);
    for (uint32_t seq = 1; seq <= saved - before; seq++) {
        uint64_t id = id60_make(SPOOL_FIXTURE_AGENT, 2, seq);
        enum spool_state state;
        struct event event;
        uint64_t found;

        cr_assert_eq(spool_event(spool, id, &event, &state), STATUS_OK);
        cr_assert_eq(event_get(&event, 7), before + seq, "event %u", seq);
        if (event.target != 0) {
            cr_assert_eq(event.target, id - 1, "what it names moved too");
        }
        cr_assert(event.has_entry_key, "given when it moved, if not before");
        if (bytes_get_u32(event.entry_key) == before + seq) {
            cr_assert_eq(spool_find_entry(spool, event.unit, event.office,
                                          event.entry_key, &found),
                         STATUS_OK);
            cr_assert_eq(found, id, "a row that is imported again is known");
        }
    }
    cr_assert_eq(spool_begin(spool), STATUS_OK);
    cr_assert_eq(spool_alias(spool, REFERENCE_ESTABLISHMENT,
                             bytes_of_text("so-15"), &reference, NULL),
                 STATUS_OK);
    cr_assert_neq(reference, aliased, "the name follows its thing");
    cr_assert_eq(id60_epoch(reference), 2);
    spool_forget(spool);
}

Test(spool_move, i1_a_recovery_in_steps_survives_every_kill)
{
    uint64_t seed = 0;
    uint32_t count = rounds("kills of a recovery", 3, 30, &seed);
    uint32_t ended = 0;

    srand((unsigned)seed);
    for (uint32_t i = 0; i < count && ended == 0; i++) {
        if (move_and_kill(rand() % KILL_MS)) {
            ended++;
        } else {
            check_unmoved();
            add(10);
        }
    }
    if (ended == 0) {
        cr_assert_eq(move_all(), STATUS_OK);
    }
    check_moved();
}

/* Scenario: the disk has no room for the second copy; then it gets some. */
Test(spool_move, i6_a_recovery_without_room_goes_on_when_there_is)
{
    struct random_id other = keys_id(51);
    uint64_t used = spool_fixture_counts().bytes_used;

    spool_fixture_reopen_with(used * 3);
    cr_assert_eq(move_all(), STATUS_FULL);
    check_unmoved();
    spool_fixture_reopen_with(MAP_BYTES);
    check_unmoved();
    cr_assert_eq(spool_open_epoch(spool, &other, 2, RECEIVED), STATUS_INVALID,
                 "it is another one than was begun");
    cr_assert_eq(spool_open_epoch(spool, &other, 3, RECEIVED), STATUS_INVALID);
    cr_assert_eq(move_all(), STATUS_OK);
    check_moved();
}
