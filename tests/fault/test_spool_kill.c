/* A process that writes to the spool is killed at moments that differ from run
 * to run; what it had acknowledged must be there, whole. */
#include "common/event/reference.h"
#include "tests/support/deadline.h"
#include "tests/support/keys.h"
#include "tests/support/spool_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS       100
#define WAIT_MS_MAX  20000
#define IMPORT_COUNT 20000u
#define IMPORT_PART  500u

TestSuite(spool_kill, .init = spool_fixture_open, .fini = spool_fixture_close,
          .timeout = 110);

static int up[2];
static uint64_t heard;
static uint64_t last_heard;
static uint64_t wanted;

static void seed_run(void)
{
    const char *given = getenv("TALLYLINE_TEST_SEED");
    unsigned seed =
        given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(0);

    (void)fprintf(stderr, "TALLYLINE_TEST_SEED=%u\n", seed);
    srand(seed);
}

/* The child's word: a number that only means something to the test. */
static void say(uint64_t number)
{
    if (write(up[1], &number, sizeof number) != (ssize_t)sizeof number) {
        _exit(1);
    }
}

static bool listen(void *context)
{
    uint64_t number;

    (void)context;
    while (read(up[0], &number, sizeof number) == (ssize_t)sizeof number) {
        heard++;
        last_heard = number;
    }
    return heard >= wanted;
}

/* Runs `child` on the spool in a process of its own and kills it once it has
 * said `wanted` words. The spool is closed meanwhile: an open store may not go
 * across fork(). */
static void kill_after(void (*child)(void), uint64_t words)
{
    pid_t pid;

    spool_close(&spool);
    cr_assert_eq(pipe(up), 0);
    cr_assert_eq(fcntl(up[0], F_SETFL, O_NONBLOCK), 0);
    heard = 0;
    last_heard = 0;
    wanted = words;
    pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        spool_fixture_reopen();
        child();
        _exit(0);
    }
    (void)close(up[1]);
    cr_assert(deadline_wait(listen, NULL, WAIT_MS_MAX), "the child is late");
    (void)kill(pid, SIGKILL);
    cr_assert_eq(waitpid(pid, NULL, 0), pid);
    (void)listen(NULL);
    (void)close(up[0]);
    spool_fixture_reopen();
}

static void check_whole(uint64_t at_least)
{
    struct event event;
    enum spool_state state;
    uint64_t id = 0;
    uint64_t seq = 0;
    uint64_t last;

    cr_assert_eq(spool_last_seq(spool, &last), STATUS_OK);
    cr_assert_geq(last, at_least, "an acknowledged event is missing");
    while (spool_next(spool, id, &id, &event, &state) == STATUS_OK) {
        seq++;
        cr_assert_eq(id60_number(id), seq);
        cr_assert_eq(event_get(&event, 7), seq);
    }
    cr_assert_eq(seq, last);
}

static void save_for_ever(void)
{
    uint64_t last;

    if (spool_last_seq(spool, &last) != STATUS_OK) {
        _exit(1);
    }
    for (;;) {
        struct event event = spool_fixture_event(1, (uint32_t)++last);

        say(id60_number(spool_fixture_save(&event)));
    }
}

/* A process that saves is killed again and again. */
Test(spool_kill, i1_what_was_acknowledged_is_there_after_a_kill)
{
    seed_run();
    for (int round = 0; round < ROUNDS; round++) {
        kill_after(save_for_ever, 1 + (uint64_t)rand() % 20);
        check_whole(last_heard);
    }
}

static void import_one_file(void)
{
    uint64_t id;

    if (spool_begin(spool) != STATUS_OK) {
        _exit(1);
    }
    for (uint32_t i = 1; i <= IMPORT_COUNT; i++) {
        struct event event = spool_fixture_event(i, i);

        if (spool_add(spool, &event, &id, NULL) != STATUS_OK) {
            _exit(1);
        }
        if (i % IMPORT_PART == 0) {
            say(i);
        }
    }
    if (spool_commit(spool) != STATUS_OK) {
        _exit(1);
    }
    say(IMPORT_COUNT + 1);
    for (;;) {
        (void)pause();
    }
}

/* A file of 20,000 rows is being saved when the power goes. */
Test(spool_kill, i1_an_import_is_there_whole_or_not_at_all)
{
    uint64_t last;

    seed_run();
    for (int round = 0; round < 6; round++) {
        uint64_t words = 1 + (uint64_t)rand() % (IMPORT_COUNT / IMPORT_PART);

        kill_after(import_one_file, words);
        cr_assert_eq(spool_last_seq(spool, &last), STATUS_OK);
        if (last != 0) {
            cr_assert_eq(last, IMPORT_COUNT);
            break;
        }
        cr_assert_leq(last_heard, IMPORT_COUNT, "it was acknowledged");
    }
    /* The whole of it, at the end. */
    if (last == 0) {
        kill_after(import_one_file, IMPORT_COUNT / IMPORT_PART + 1);
    }
    check_whole(IMPORT_COUNT);
}

/* Says a word of each batch that it has made: its digest's first bytes. */
static void seal_for_ever(void)
{
    struct sign_keys keys;
    struct batch_header header;
    struct bytes batch;
    struct digest digest;
    uint64_t seq;

    keys_fixed(9, &keys);
    if (spool_last_seq(spool, &seq) != STATUS_OK) {
        _exit(1);
    }
    for (;;) {
        struct event event = spool_fixture_event(1, (uint32_t)++seq);

        (void)spool_fixture_save(&event);
        if (spool_seal(spool, &keys, &spool_clock) != STATUS_OK ||
            spool_batch(spool, seq, &header, &batch) != STATUS_OK) {
            _exit(1);
        }
        digest_bytes(batch, &digest);
        say(bytes_get_u64(digest.bytes));
    }
}

/* What may have been sent is what is found again. */
Test(spool_kill, a_batch_that_left_is_the_batch_that_is_found)
{
    uint64_t sealed = 0;

    seed_run();
    for (int round = 0; round < ROUNDS; round++) {
        struct digest previous = {{0}};
        struct digest digest;
        struct batch_header header;
        struct bytes batch;
        bool found = false;
        uint64_t seq = 1;

        kill_after(seal_for_ever, 1 + (uint64_t)rand() % 12);
        sealed += heard;
        (void)spool_fixture_seal_all();
        while (spool_batch(spool, seq, &header, &batch) == STATUS_OK) {
            cr_assert_eq(header.first_seq, seq);
            cr_assert(digest_equal(&header.previous, &previous));
            digest_bytes(batch, &digest);
            found = found || bytes_get_u64(digest.bytes) == last_heard;
            previous = digest;
            seq += header.count;
        }
        cr_assert(found, "the last batch that was told is another one now");
        check_whole(sealed);
        cr_assert_eq(spool_fixture_counts().saved, 0);
    }
}
