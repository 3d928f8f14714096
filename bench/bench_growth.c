/* What becomes of the collector as its ledger grows:
 *
 *     bench_growth [EVENTS]...        (1000000 10000000 50000000)
 *
 * A province with the plan of Hà Nội takes in what thirty districts record
 * over a year, through its own admission, commit and figures, in one process
 * and without the line. At each size: events a second, admitted and counted;
 * then the installed program is started, after a clean stop, after a kill and
 * without the saved state, and is asked for its figures, which are held
 * against what was counted while the events were made. Everything lies in a
 * folder below TMPDIR that is removed at the end; 50 million events need some
 * 8 GB there. The last line is JSON, an object for each size.
 */
#include "bench/backlog.h"
#include "bench/gauge.h"
#include "bench/sealer.h"
#include "collector/figures/figures.h"
#include "collector/line/admit.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define UNITS_FILE    TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define STREAMS       10u
#define BLOCK_BATCHES 49u /* of a stream: a million events in all */
#define BLOCK_EVENTS  (UINT64_C(1) * STREAMS * BLOCK_BATCHES * BATCH_EVENTS_MAX)
#define BLOCKS_SEEN   5u  /* the last ones before a size count for its rate */
#define DRAIN         16u /* messages */
#define SIZES_MAX     8u
#define LISTING_BYTES (1024u * 1024u)
#define LOOK_US       1000
#define WAIT_MS       60000

/* What was measured at one size. */
struct size {
    uint64_t wanted, events;
    double admitted_per_s, counted_per_s;
    double ready_ms, figures_ms; /* after a clean stop */
    double kill_ms, nothing_ms;  /* until the figures are those of the end */
    double figures_cpu_ms, kill_cpu_ms, nothing_cpu_ms;
    double cpu_ns_per_event; /* of admission, commit and figures */
    double listing_ms;       /* of one command beside the collector */
    double memory_mib, ledger_mib, state_mib;
    bool equal;
};

struct bench {
    struct rig rig;
    struct workload *workload;
    struct sealer *sealers[STREAMS];
    struct size sizes[SIZES_MAX];
    size_t size_count;
    struct directory directory;
    char kept[TEMP_DIR_PATH_MAX]; /* the state as a kill would leave it */
    struct clock clock;
    /* the collector's insides, while events are taken in */
    struct keys keys;
    struct ledger *ledger;
    struct province *province;
    struct agents *agents;
    struct admit *admit;
    struct figures *figures;
    uint64_t events;
    double admit_s[BLOCKS_SEEN], count_s[BLOCKS_SEEN], cpu_s[BLOCKS_SEEN];
    uint64_t blocks;
};

static double now_s(void)
{
    return (double)clock_monotonic_us(clock_real()) / 1e6;
}

static double cpu_s(void)
{
    struct timespec now;

    check(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double mib_of(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? (double)about.st_blocks / 2048.0 : 0;
}

/* ---- the collector's insides ---- */

static void open_insides(struct bench *bench)
{
    struct ledger_options ledger = {.path = bench->directory.ledger,
                                    .clock = &bench->clock};
    struct figures_options figures = {.keys = &bench->keys,
                                      .clock = &bench->clock,
                                      .state = bench->directory.state};
    struct admit_options admit = {.keys = &bench->keys, .clock = &bench->clock};

    check(keys_load(&bench->directory, &bench->keys, NULL) == STATUS_OK);
    check(ledger_open(&ledger, &bench->ledger) == STATUS_OK);
    check(province_open(bench->ledger, &bench->province) == STATUS_OK);
    bench->agents = agents_new(&bench->clock);
    check(bench->agents != NULL);
    admit.ledger = figures.ledger = bench->ledger;
    admit.province = bench->province;
    admit.agents = bench->agents;
    bench->admit = admit_new(&admit);
    check(bench->admit != NULL);
    check(figures_open(&figures, &bench->figures) == STATUS_OK);
}

static void close_insides(struct bench *bench)
{
    /* As a kill now would leave it; closing saves once more. */
    (void)unlink(bench->kept);
    (void)!link(bench->directory.state, bench->kept);
    figures_close(&bench->figures);
    admit_free(&bench->admit);
    agents_free(&bench->agents);
    province_close(&bench->province);
    ledger_close(&bench->ledger);
    keys_wipe(&bench->keys);
}

static uint64_t ledger_size(const struct bench *bench)
{
    struct ledger_snapshot *snapshot = NULL;
    uint64_t size;

    check(ledger_snapshot_open(bench->ledger, &snapshot) == STATUS_OK);
    size = ledger_snapshot_size(snapshot);
    ledger_snapshot_close(&snapshot);
    return size;
}

static void wait_for_figures(const struct bench *bench)
{
    struct pollfd wait = {.fd = figures_descriptor(bench->figures),
                          .events = POLLIN};
    uint64_t size = ledger_size(bench);
    struct figures_state state;

    figures_wake(bench->figures);
    do {
        check(poll(&wait, 1, WAIT_MS) == 1);
        figures_state(bench->figures, &state);
        check(state.status == STATUS_OK);
    } while (!state.complete || state.position < size);
}

/* ---- taking in ---- */

struct filling {
    struct bench *bench;
    uint32_t first; /* sealer, every second one */
};

static void *fill(void *argument)
{
    struct filling *filling = argument;

    for (uint32_t i = filling->first; i < STREAMS; i += 2) {
        sealer_fill(filling->bench->sealers[i], BLOCK_BATCHES);
    }
    return NULL;
}

static void fill_all(struct bench *bench)
{
    struct filling fillings[2] = {{bench, 0}, {bench, 1}};
    pthread_t other;

    check(pthread_create(&other, NULL, fill, &fillings[1]) == 0);
    (void)fill(&fillings[0]);
    check(pthread_join(other, NULL) == 0);
}

/* Batches of all offices in turn, as many to a message as a message holds. */
static size_t next_messages(const struct bench *bench, uint32_t *batch,
                            struct intake_message messages[])
{
    size_t count = 0;

    memset(messages, 0, DRAIN * sizeof *messages);
    while (count + STREAMS <= DRAIN && *batch < BLOCK_BATCHES) {
        uint32_t end = *batch + WIRE_BATCHES_MAX;

        end = end < BLOCK_BATCHES ? end : BLOCK_BATCHES;
        for (uint32_t i = 0; i < STREAMS; i++) {
            struct intake_message *message = &messages[count++];

            message->key = bench->sealers[i]->link;
            message->up.kind = WIRE_UP_BATCHES;
            for (uint32_t k = *batch; k < end; k++) {
                message->batches[message->batch_count++] =
                    buffer_bytes(&bench->sealers[i]->batches[k]);
            }
        }
        *batch = end;
    }
    return count;
}

static void take_block(struct bench *bench)
{
    struct intake_message *messages = calloc(DRAIN, sizeof *messages);
    size_t place = bench->blocks++ % BLOCKS_SEEN;
    uint32_t batch = 0;
    double began, began_cpu;

    check(messages != NULL);
    fill_all(bench);
    began = now_s();
    began_cpu = cpu_s();
    while (batch < BLOCK_BATCHES) {
        const struct admit_answer *answers = NULL;
        size_t count = next_messages(bench, &batch, messages);
        size_t answered = 0;

        check(admit_batches(bench->admit, messages, count, &answers,
                            &answered) == STATUS_OK);
        for (size_t i = 0; i < answered; i++) {
            check(answers[i].appended);
        }
        figures_wake(bench->figures);
    }
    bench->admit_s[place] = now_s() - began;
    wait_for_figures(bench);
    bench->count_s[place] = now_s() - began;
    bench->cpu_s[place] = cpu_s() - began_cpu;
    bench->events += BLOCK_EVENTS;
    free(messages);
}

static void grow(struct bench *bench, struct size *size)
{
    uint64_t first = bench->blocks, seen;
    double admit_s = 0, count_s = 0, used_s = 0;

    open_insides(bench);
    wait_for_figures(bench);
    while (bench->events < size->wanted) {
        take_block(bench);
        (void)fprintf(stderr, "\r%llu events ",
                      (unsigned long long)bench->events);
    }
    (void)fprintf(stderr, "\n");
    close_insides(bench);
    seen = bench->blocks - first;
    seen = seen < BLOCKS_SEEN ? seen : BLOCKS_SEEN;
    for (uint64_t i = 0; i < seen; i++) {
        size_t place = (bench->blocks - 1 - i) % BLOCKS_SEEN;

        admit_s += bench->admit_s[place];
        count_s += bench->count_s[place];
        used_s += bench->cpu_s[place];
    }
    size->cpu_ns_per_event = used_s * 1e9 / (double)(seen * BLOCK_EVENTS);
    size->events = bench->events;
    size->admitted_per_s = (double)(seen * BLOCK_EVENTS) / admit_s;
    size->counted_per_s = (double)(seen * BLOCK_EVENTS) / count_s;
}

/* ---- starting ---- */

/* Starts the program; gives milliseconds until its figures are those of the
 * whole ledger, and how many of them it used a processor. */
static double start(struct bench *bench, double *ready_ms, double *cpu_ms)
{
    struct timespec pause = {.tv_nsec = LOOK_US * 1000L};
    double began = now_s();
    struct rig_standing standing;

    *ready_ms = rig_run(&bench->rig);
    do {
        (void)nanosleep(&pause, NULL);
        standing = rig_standing(&bench->rig);
    } while (standing.entries < standing.ledger);
    *cpu_ms = (double)gauge_cpu_ns(bench->rig.collector) / 1e6;
    return (now_s() - began) * 1e3;
}

static bool compare(struct bench *bench, double *ms)
{
    char *listing = malloc(LISTING_BYTES);
    struct expected *expected = expected_new();
    uint32_t compared, wrong;
    double began = now_s();

    check(listing != NULL);
    rig_collector(&bench->rig,
                  (const char *const[]){"indicators", "--raw", "--by",
                                        "district", "--format", "csv", NULL},
                  listing, LISTING_BYTES);
    *ms = (now_s() - began) * 1e3;
    for (uint32_t i = 0; i < bench->workload->district_count; i++) {
        expected->districts[i].unit = bench->workload->districts[i].unit;
    }
    for (uint32_t i = 0; i < STREAMS; i++) {
        expected_merge(expected, bench->workload->streams[i].expected);
    }
    compared = expected_compare(expected, listing, &wrong);
    (void)printf("%u figures compared, %u differ\n", compared, wrong);
    expected_free(&expected);
    free(listing);
    return compared > 0 && wrong == 0;
}

static void measure(struct bench *bench, struct size *size)
{
    double ready_ms;

    size->ledger_mib = mib_of(bench->directory.ledger);
    size->state_mib = mib_of(bench->directory.state);
    size->figures_ms = start(bench, &size->ready_ms, &size->figures_cpu_ms);
    size->memory_mib = gauge_memory_mib(bench->rig.collector);
    size->equal = compare(bench, &size->listing_ms);
    rig_halt(&bench->rig, SIGKILL);
    if (rename(bench->kept, bench->directory.state) != 0) {
        (void)unlink(bench->directory.state); /* none had been saved */
    }
    size->kill_ms = start(bench, &ready_ms, &size->kill_cpu_ms);
    rig_halt(&bench->rig, SIGKILL);
    (void)unlink(bench->directory.state);
    size->nothing_ms = start(bench, &ready_ms, &size->nothing_cpu_ms);
    rig_halt(&bench->rig, SIGTERM);
}

static void print_size(const struct size *size, const char *before)
{
    (void)printf(
        "%s{\"events\":%llu,\"admitted_per_s\":%.0f,\"counted_per_s\":%.0f,"
        "\"cpu_ns_per_event\":%.0f,"
        "\"start_ready_ms\":%.0f,\"start_figures_ms\":%.0f,"
        "\"start_figures_cpu_ms\":%.0f,"
        "\"start_after_kill_figures_ms\":%.0f,"
        "\"start_after_kill_figures_cpu_ms\":%.0f,"
        "\"start_without_state_figures_ms\":%.0f,"
        "\"start_without_state_figures_cpu_ms\":%.0f,"
        "\"indicators_ms\":%.0f,"
        "\"memory_mib\":%.0f,\"ledger_mib\":%.0f,\"state_mib\":%.0f,"
        "\"figures_equal\":%s}",
        before, (unsigned long long)size->events, size->admitted_per_s,
        size->counted_per_s, size->cpu_ns_per_event, size->ready_ms,
        size->figures_ms, size->figures_cpu_ms, size->kill_ms,
        size->kill_cpu_ms, size->nothing_ms, size->nothing_cpu_ms,
        size->listing_ms, size->memory_mib, size->ledger_mib, size->state_mib,
        size->equal ? "true" : "false");
}

/* ---- all of it ---- */

static void open_bench(struct bench *bench, uint64_t most)
{
    struct workload_options options = {
        .streams = STREAMS,
        .days = 365,
        .events_each = (uint32_t)((most + BLOCK_EVENTS) / STREAMS),
        .keyed_percent = 20,
        .seed = 1};

    clock_init_real(&bench->clock);
    bench->workload = workload_new(&options, UNITS_FILE);
    rig_open(&bench->rig);
    check(directory_init(&bench->directory, bench->rig.province) == STATUS_OK);
    temp_dir_path(&bench->rig.dir, "kept.state", bench->kept);
    for (uint32_t i = 0; i < STREAMS; i++) {
        const struct rig_office *office =
            backlog_office(&bench->rig, bench->workload, i);

        bench->sealers[i] = sealer_new(office, &bench->workload->streams[i]);
    }
    rig_halt(&bench->rig, SIGTERM);
}

static void close_bench(struct bench *bench)
{
    for (uint32_t i = 0; i < STREAMS; i++) {
        sealer_free(&bench->sealers[i]);
    }
    rig_close(&bench->rig);
    workload_free(&bench->workload);
}

static bool read_sizes(struct bench *bench, int argc, char **argv)
{
    static const uint64_t usual[] = {1000000, 10000000, 50000000};

    for (size_t i = 0; argc == 1 && i < sizeof usual / sizeof usual[0]; i++) {
        bench->sizes[bench->size_count++].wanted = usual[i];
    }
    for (int i = 1; i < argc; i++) {
        uint64_t wanted = strtoull(argv[i], NULL, 10);

        if (bench->size_count == SIZES_MAX || wanted == 0 ||
            wanted > UINT32_MAX ||
            (i > 1 && wanted <= bench->sizes[i - 2].wanted)) {
            return false;
        }
        bench->sizes[bench->size_count++].wanted = wanted;
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bool equal = true;

    if (!read_sizes(&bench, argc, argv)) {
        (void)fprintf(stderr, "usage: bench_growth [EVENTS]..., growing\n");
        return 2;
    }
    sign_init();
    open_bench(&bench, bench.sizes[bench.size_count - 1].wanted);
    for (size_t i = 0; i < bench.size_count; i++) {
        grow(&bench, &bench.sizes[i]);
        measure(&bench, &bench.sizes[i]);
        print_size(&bench.sizes[i], "");
        (void)printf("\n");
        (void)fflush(stdout);
        equal = equal && bench.sizes[i].equal;
    }
    close_bench(&bench);
    (void)printf("{\"bench\":\"growth\",\"sizes\":");
    for (size_t i = 0; i < bench.size_count; i++) {
        print_size(&bench.sizes[i], i == 0 ? "[" : ",");
    }
    (void)printf("]}\n");
    return equal ? EXIT_SUCCESS : EXIT_FAILURE;
}
