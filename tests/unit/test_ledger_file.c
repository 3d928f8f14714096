/* The ledger and its file: opening, damage, room, other processes. */
#include "collector/ledger/ledger.h"
#include "tests/support/ledger_fixture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(ledger_file, .init = ledger_fixture_open,
          .fini = ledger_fixture_close);

static enum status open_ledger(bool read_only, bool create)
{
    static struct clock clock;
    struct ledger_options options = {
        .path = path,
        .clock = &clock,
        .read_only = read_only,
        .create = create,
    };
    clock_init_real(&clock);
    ledger_close(&ledger);
    return ledger_open(&options, &ledger);
}

static uint64_t size_now(void)
{
    struct ledger_snapshot *snapshot = NULL;
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    uint64_t size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

Test(ledger_file, a_ledger_is_made_once)
{
    cr_assert_eq(open_ledger(false, true), STATUS_EXISTS);
    cr_assert_null(ledger);
    cr_assert_eq(open_ledger(false, false), STATUS_OK);
    ledger_close(&ledger);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(open_ledger(false, false), STATUS_NOT_FOUND);
    cr_assert_eq(open_ledger(true, false), STATUS_NOT_FOUND);
    cr_assert_eq(open_ledger(false, true), STATUS_OK);
}

static void commit_control(const char *document)
{
    struct ledger_answer answer;
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(
        ledger_append_control(ledger, bytes_of_text(document), &answer),
        STATUS_OK);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
}

/* The last entry's bytes, its record and its stream are looked at before the
 * ledger is used. */
Test(ledger_file, damage_at_the_end_is_seen_when_opening)
{
    struct stream a = stream_of(1, 1);
    struct sample sample;
    static const uint8_t magic[5] = {'T', 'L', 'E', '1', 1};
    for (int what = 0; what < 3; what++) {
        a = stream_of(1, 1);
        sample_make(&a, 10, &sample);
        sample_commit(&sample);
        struct bytes parts[] = {
            {sample.bytes, sample.size},
            {magic, sizeof magic},
            {sample.digest.bytes, DIGEST_BYTES},
        };
        ledger_fixture_damage(parts[what]);
        cr_assert_eq(open_ledger(false, false), STATUS_CORRUPT, "%d", what);
        cr_assert_eq(open_ledger(true, false), STATUS_CORRUPT, "%d", what);
        cr_assert_eq(unlink(path), 0);
        cr_assert_eq(open_ledger(false, true), STATUS_OK);
    }
}

/* Damage in the middle is seen when it is read, and blocks nothing else. */
Test(ledger_file, damage_in_the_middle_is_seen_when_it_is_read)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes bytes;
    commit_control("the first plan");
    commit_control("the second plan");
    commit_control("the third plan");
    ledger_fixture_damage(bytes_of_text("the second plan"));
    cr_assert_eq(open_ledger(false, false), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_entry(snapshot, 1, &entry), STATUS_OK);
    cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_CORRUPT);
    cr_assert_eq(bytes.size, 0);
    for (uint64_t i = 0; i < 3; i += 2) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
    }
    ledger_snapshot_close(&snapshot);
    commit_control("the fourth plan");
}

/* Appends documents of 20 kB, each in its group, until one is refused. */
static uint32_t fill(uint32_t from)
{
    static char document[20000];
    struct ledger_answer answer;
    enum status status = STATUS_OK;
    uint32_t number = from;
    while (status == STATUS_OK) {
        cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        bytes_put_u32((uint8_t *)document, number);
        status = ledger_append_control(
            ledger, (struct bytes){(uint8_t *)document, sizeof document},
            &answer);
        cr_assert_eq(ledger_commit(ledger), STATUS_OK);
        number += status == STATUS_OK;
        cr_assert_lt(number, 10000);
    }
    cr_assert_eq(status, STATUS_FULL);
    return number;
}

/* What was taken stays readable, what does not fit leaves no trace, and with a
 * greater map the refused document is taken. */
Test(ledger_file, i6_a_full_map_refuses_and_resumes_with_room)
{
    ledger_fixture_reopen(UINT64_C(2) << 20);
    uint32_t number = fill(0);
    cr_assert_gt(number, 50);
    cr_assert_eq(size_now(), number);
    ledger_fixture_reopen(UINT64_C(2) << 20);
    cr_assert_eq(fill(number), number);
    ledger_fixture_reopen(UINT64_C(4) << 20);
    cr_assert_gt(fill(number), number + 50);
}

/* A group of which the last does not fit: what came before it is kept. */
Test(ledger_file, i6_a_refused_batch_does_not_cost_its_group)
{
    static char large[1000000];
    struct ledger_answer answer;
    ledger_fixture_reopen(UINT64_C(1) << 20);
    cr_assert_eq(ledger_begin(ledger), STATUS_OK);
    cr_assert_eq(ledger_append_control(ledger, bytes_of_text("small"), &answer),
                 STATUS_OK);
    cr_assert_eq(
        ledger_append_control(
            ledger, (struct bytes){(uint8_t *)large, sizeof large}, &answer),
        STATUS_FULL);
    cr_assert_eq(
        ledger_append_control(ledger, bytes_of_text("smaller"), &answer),
        STATUS_OK);
    cr_assert_eq(answer.entry.index, 1);
    cr_assert_eq(ledger_commit(ledger), STATUS_OK);
    cr_assert_eq(size_now(), 2);
}

/* A read-only process opens the ledger while another writes. */
Test(ledger_file, a_second_process_reads_while_one_writes)
{
    int down[2];
    int up[2];
    char c = 0;
    int result = -1;
    cr_assert_eq(pipe(down), 0);
    cr_assert_eq(pipe(up), 0);
    ledger_close(&ledger);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        cr_assert_eq(read(down[0], &c, 1), 1);
        cr_assert_eq(open_ledger(true, false), STATUS_OK);
        cr_assert_eq(size_now(), 1);
        cr_assert_eq(write(up[1], &c, 1), 1);
        cr_assert_eq(read(down[0], &c, 1), 1);
        cr_assert_eq(size_now(), 2);
        ledger_close(&ledger);
        _exit(0);
    }
    cr_assert_eq(open_ledger(false, false), STATUS_OK);
    commit_control("one");
    cr_assert_eq(write(down[1], &c, 1), 1);
    cr_assert_eq(read(up[0], &c, 1), 1);
    commit_control("two");
    cr_assert_eq(write(down[1], &c, 1), 1);
    cr_assert_eq(waitpid(pid, &result, 0), pid);
    cr_assert(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}

/* ---- a writer that is killed ---- */

/* Appends groups of 1 to 8 batches for ever; tells how many entries are
 * committed after each. */
static _Noreturn void write_until_killed(int to_parent)
{
    struct stream a;
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_stream at;
    cr_assert_eq(open_ledger(false, false), STATUS_OK);
    a = stream_of(1, 1);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    cr_assert_eq(ledger_stream(snapshot, &a.header.agent, &a.header.epoch, &at),
                 STATUS_OK);
    uint64_t size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    a.header.first_seq = at.next_seq;
    a.header.previous = at.last;
    for (;;) {
        struct ledger_answer answer;
        struct sample sample;
        cr_assert_eq(ledger_begin(ledger), STATUS_OK);
        for (uint64_t i = 0; i <= size % 8; i++) {
            sample_make(&a, 3, &sample);
            cr_assert_eq(sample_append(&sample, &answer), LEDGER_APPENDED);
        }
        cr_assert_eq(ledger_commit(ledger), STATUS_OK);
        size = answer.entry.index + 1;
        cr_assert_eq(write(to_parent, &size, sizeof size), sizeof size);
    }
}

/* Every entry is there with its bytes, in one unbroken chain that ends where
 * the stream stands. */
static void expect_whole(uint64_t acknowledged)
{
    struct stream a = stream_of(1, 1);
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_stream at;
    struct entry entry;
    struct bytes bytes;
    uint64_t next_seq = 1;
    cr_assert_eq(open_ledger(false, false), STATUS_OK);
    cr_assert_eq(ledger_snapshot_open(ledger, &snapshot), STATUS_OK);
    uint64_t size = ledger_snapshot_size(snapshot);
    cr_assert_geq(size, acknowledged);
    for (uint64_t i = 0; i < size; i++) {
        cr_assert_eq(ledger_entry(snapshot, i, &entry), STATUS_OK);
        cr_assert_eq(ledger_bytes(snapshot, &entry, &bytes), STATUS_OK);
        cr_assert_eq(entry.first_seq, next_seq);
        next_seq += entry.count;
    }
    cr_assert_eq(ledger_stream(snapshot, &a.header.agent, &a.header.epoch, &at),
                 STATUS_OK);
    cr_assert_eq(at.next_seq, next_seq);
    ledger_snapshot_close(&snapshot);
    ledger_close(&ledger);
}

/* Killed at random moments, the writer loses nothing that it has told, keeps
 * whole groups only, and the next one goes on from there. */
Test(ledger_file, i2_a_killed_writer_loses_nothing_acknowledged)
{
    const char *given = getenv("TALLYLINE_TEST_SEED");
    unsigned seed =
        given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)getpid();
    fprintf(stderr, "TALLYLINE_TEST_SEED=%u\n", seed);
    srand(seed);
    ledger_close(&ledger);
    uint64_t acknowledged = 0;
    for (int round = 0; round < 20; round++) {
        int up[2];
        cr_assert_eq(pipe(up), 0);
        pid_t pid = fork();
        cr_assert_geq(pid, 0);
        if (pid == 0) {
            close(up[0]);
            write_until_killed(up[1]);
        }
        close(up[1]);
        for (int told = rand() % 6; told >= 0; told--) {
            cr_assert_eq(read(up[0], &acknowledged, sizeof acknowledged),
                         sizeof acknowledged);
        }
        for (volatile int spin = rand() % 300000; spin > 0; spin--) {
        }
        cr_assert_eq(kill(pid, SIGKILL), 0);
        cr_assert_eq(waitpid(pid, NULL, 0), pid);
        while (read(up[0], &acknowledged, sizeof acknowledged) ==
               sizeof acknowledged) {
        }
        close(up[0]);
        expect_whole(acknowledged);
    }
}
