/* How fast a ledger is checked from its first entry to its last:
 *
 *     bench_replay [--events N] [--rounds N] [--keep DIR]     (4000000, 3)
 *
 * A province with the plan of Hà Nội takes in what thirty districts record
 * over 14 days, through its own admission and commit. Then the installed
 * program checks all of it, `audit verify`, on both processors and on one:
 * pages, hashes, signatures, streams, tables, tree, and the fold. What is
 * measured is the whole process, starting included, with the ledger in the
 * page cache; of several rounds the least. With --keep the province's
 * directory is copied there at the end. The last line is JSON; `events_per_s`
 * is that of both processors.
 */
#include "bench/backlog.h"
#include "bench/sealer.h"
#include "collector/line/admit.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNITS_FILE    TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define COLLECTOR     TALLYLINE_BIN_DIR "/tallyline-collector"
#define STREAMS       10u
#define BLOCK_BATCHES 49u /* of a stream: a million events in all */
#define BLOCK_EVENTS  (UINT64_C(1) * STREAMS * BLOCK_BATCHES * BATCH_EVENTS_MAX)
#define DAYS          14u
#define ROUNDS_MAX    16u
#define SAID_MAX      (64u * 1024u)

struct bench {
    struct rig rig;
    struct workload *workload;
    struct sealer *sealers[STREAMS];
    uint64_t events;
    struct directory directory;
    struct clock clock;
    struct keys keys;
    struct ledger *ledger;
    struct province *province;
    struct agents *agents;
    struct admit *admit;
};

/* ---- a ledger ---- */

static void open_insides(struct bench *bench)
{
    struct ledger_options ledger = {.path = bench->directory.ledger,
                                    .clock = &bench->clock};
    struct admit_options admit = {.keys = &bench->keys, .clock = &bench->clock};

    check(keys_load(&bench->directory, &bench->keys, NULL) == STATUS_OK);
    check(ledger_open(&ledger, &bench->ledger) == STATUS_OK);
    check(province_open(bench->ledger, &bench->province) == STATUS_OK);
    bench->agents = agents_new(&bench->clock);
    check(bench->agents != NULL);
    admit.ledger = bench->ledger;
    admit.province = bench->province;
    admit.agents = bench->agents;
    bench->admit = admit_new(&admit);
    check(bench->admit != NULL);
}

static void close_insides(struct bench *bench)
{
    admit_free(&bench->admit);
    agents_free(&bench->agents);
    province_close(&bench->province);
    ledger_close(&bench->ledger);
    keys_wipe(&bench->keys);
}

/* Some batches of each office in turn. */
static void take_block(struct bench *bench)
{
    struct intake_message *message = calloc(1, sizeof *message);

    check(message != NULL);
    for (uint32_t i = 0; i < STREAMS; i++) {
        sealer_fill(bench->sealers[i], BLOCK_BATCHES);
    }
    for (uint32_t batch = 0; batch < BLOCK_BATCHES; batch++) {
        for (uint32_t i = 0; i < STREAMS; i++) {
            const struct admit_answer *answers = NULL;
            size_t answered = 0;

            message->key = bench->sealers[i]->link;
            message->up.kind = WIRE_UP_BATCHES;
            message->batches[0] =
                buffer_bytes(&bench->sealers[i]->batches[batch]);
            message->batch_count = 1;
            check(admit_batches(bench->admit, message, 1, &answers,
                                &answered) == STATUS_OK);
            check(answered == 1 && answers[0].appended);
        }
    }
    bench->events += BLOCK_EVENTS;
    free(message);
}

static void make_ledger(struct bench *bench, uint64_t events)
{
    struct workload_options options = {
        .streams = STREAMS,
        .days = DAYS,
        .events_each = (uint32_t)((events + BLOCK_EVENTS) / STREAMS),
        .keyed_percent = 20,
        .seed = 1};

    clock_init_real(&bench->clock);
    bench->workload = workload_new(&options, UNITS_FILE);
    rig_open(&bench->rig);
    check(directory_init(&bench->directory, bench->rig.province) == STATUS_OK);
    for (uint32_t i = 0; i < STREAMS; i++) {
        const struct rig_office *office =
            backlog_office(&bench->rig, bench->workload, i);

        bench->sealers[i] = sealer_new(office, &bench->workload->streams[i]);
    }
    rig_halt(&bench->rig, SIGTERM);
    open_insides(bench);
    while (bench->events < events) {
        take_block(bench);
        (void)fprintf(stderr, "\r%llu events ",
                      (unsigned long long)bench->events);
    }
    (void)fprintf(stderr, "\n");
    close_insides(bench);
}

/* ---- checking it ---- */

struct run {
    double wall_s, cpu_s, rss_mib;
};

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* In the child: on one processor only, if asked. */
static void become_verify(const struct bench *bench, bool one, int out)
{
    (void)dup2(out, STDOUT_FILENO);
    (void)execlp("taskset", "taskset", "-c", one ? "0" : "0,1", COLLECTOR,
                 "audit", "verify", "--data", bench->rig.province, "--format",
                 "jsonl", (char *)NULL);
    _exit(127);
}

static struct run verify_once(const struct bench *bench, bool one)
{
    static char said[SAID_MAX];
    struct rusage before, used;
    struct run run;
    size_t size = 0;
    ssize_t n;
    int ends[2], status = 0;
    int64_t began = clock_monotonic_us(clock_real());
    pid_t child;

    check(getrusage(RUSAGE_CHILDREN, &before) == 0);
    check(pipe(ends) == 0);
    child = fork();
    check(child >= 0);
    if (child == 0) {
        become_verify(bench, one, ends[1]);
    }
    (void)close(ends[1]);
    while ((n = read(ends[0], said + size, sizeof said - 1 - size)) > 0) {
        size += (size_t)n;
    }
    said[size] = '\0';
    (void)close(ends[0]);
    check(waitpid(child, &status, 0) == child);
    check(getrusage(RUSAGE_CHILDREN, &used) == 0);
    run.wall_s = (double)(clock_monotonic_us(clock_real()) - began) / 1e6;
    run.cpu_s = seconds_of(used.ru_utime) + seconds_of(used.ru_stime) -
                seconds_of(before.ru_utime) - seconds_of(before.ru_stime);
    run.rss_mib = (double)used.ru_maxrss / 1024.0;
    if (status != 0) {
        (void)fputs(said, stderr);
        check(status == 0);
    }
    return run;
}

static struct run verify_best(const struct bench *bench, bool one,
                              uint32_t rounds)
{
    struct run best = {.wall_s = 0};

    for (uint32_t i = 0; i < rounds; i++) {
        struct run run = verify_once(bench, one);

        if (i == 0 || run.wall_s < best.wall_s) {
            best = run;
        }
        (void)printf("%s: %.2f s, %.0f events/s, processor %.0f ns an event, "
                     "%.0f MiB\n",
                     one ? "one processor" : "both", run.wall_s,
                     (double)bench->events / run.wall_s,
                     run.cpu_s * 1e9 / (double)bench->events, run.rss_mib);
        (void)fflush(stdout);
    }
    return best;
}

static void keep(const struct bench *bench, const char *folder)
{
    pid_t child = fork();
    int status = 0;

    check(child >= 0);
    if (child == 0) {
        (void)execlp("cp", "cp", "-r", bench->rig.province, folder,
                     (char *)NULL);
        _exit(127);
    }
    check(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    uint64_t events = 4000000;
    uint32_t rounds = 3;
    const char *kept = NULL;
    struct run both, one;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--events") == 0) {
            events = strtoull(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--rounds") == 0) {
            rounds = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--keep") == 0) {
            kept = argv[i + 1];
        }
    }
    if (events == 0 || rounds == 0 || rounds > ROUNDS_MAX) {
        (void)fprintf(stderr, "usage: bench_replay [--events N] [--rounds N] "
                              "[--keep DIR]\n");
        return 2;
    }
    sign_init();
    make_ledger(&bench, events);
    both = verify_best(&bench, false, rounds);
    one = verify_best(&bench, true, rounds);
    if (kept != NULL) {
        keep(&bench, kept);
    }
    for (uint32_t i = 0; i < STREAMS; i++) {
        sealer_free(&bench.sealers[i]);
    }
    rig_close(&bench.rig);
    workload_free(&bench.workload);
    (void)printf("{\"bench\":\"replay\",\"events\":%llu,\"events_per_s\":%.0f,"
                 "\"events_per_s_one_core\":%.0f,\"cpu_ns_per_event\":%.0f,"
                 "\"cpu_ns_per_event_one_core\":%.0f,\"rss_mib\":%.0f}\n",
                 (unsigned long long)bench.events,
                 (double)bench.events / both.wall_s,
                 (double)bench.events / one.wall_s,
                 both.cpu_s * 1e9 / (double)bench.events,
                 one.cpu_s * 1e9 / (double)bench.events, both.rss_mib);
    return EXIT_SUCCESS;
}
