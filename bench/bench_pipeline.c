/* From sealed backlogs to figures, with everything as it runs in a province:
 *
 *     bench_pipeline [--events N] [--days N] [--offices N] [--keyed PERCENT]
 *
 * One collector with the plan of Hà Nội, its units and registers, and agents
 * that record for the labour offices and the police of thirty districts. All
 * events are saved and sealed beforehand. The clock runs from the start of the
 * agents' processes, connecting included, until every receipt is in their
 * spools (received_per_s) and the collector has counted everything
 * (events_per_s). Another office saves an event every 20 ms meanwhile, whether
 * or not those before have been received: ack_p50_ms and ack_p99_ms are from
 * before one is saved until its receipt is on that office's disk. At the end
 * the collector's own listing is held against what was counted while the
 * events were made. Without --days there are two runs, over a year and then
 * over 14 days. Each ends with a line of JSON.
 */
#include "bench/backlog.h"
#include "bench/gauge.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNITS_FILE     TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define LISTING_BYTES  (1024u * 1024u)
#define PROBES_MAX     4096u
#define PROBE_EVERY_US (20 * CLOCK_US_PER_MS)
#define LOOK_US        500
#define LOAD_LOOK_US   (5 * CLOCK_US_PER_MS)
#define MEMORY_EVENTS  100000u

struct options {
    uint32_t events, days, offices, keyed_percent;
};

struct probes {
    double ms[PROBES_MAX];
    int64_t since[PROBES_MAX];
    uint64_t seqs[PROBES_MAX];
    size_t saved, received;
    int64_t due;
};

struct run {
    struct options options;
    struct rig rig;
    struct workload *workload;
    struct rig_office *loads[WORKLOAD_STREAMS_MAX];
    struct rig_office *probe, *big;
    struct probes probes;
    int64_t started, ended, folded;
    int64_t collector_ns, agents_ns;
    uint64_t wire_bytes;
    double memory_mib;
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_real());
}

static void pause_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* ---- before ---- */

static void prepare(struct run *run)
{
    rig_open(&run->rig);
    backlog_make(&run->rig, run->workload, run->loads);
    run->probe = backlog_city_office(&run->rig);
    run->big = backlog_city_office(&run->rig);
    rig_start(&run->rig, run->probe);
}

/* ---- the run ---- */

/* Looks which probes have a receipt by now. */
static void take_probes(struct run *run)
{
    struct probes *probes = &run->probes;
    uint64_t first = 0;

    check(spool_unreceipted(run->probe->spool, &first) == STATUS_OK);
    while (probes->received < probes->saved &&
           probes->seqs[probes->received] < first) {
        size_t i = probes->received++;

        probes->ms[i] = (double)(now_us() - probes->since[i]) / 1000.0;
    }
}

static void probe(struct run *run)
{
    struct rig_source source = {.next = backlog_city_event};
    struct probes *probes = &run->probes;
    size_t i = probes->saved;

    take_probes(run);
    if (now_us() < probes->due || i == PROBES_MAX) {
        return;
    }
    probes->since[i] = now_us();
    probes->due = probes->since[i] + PROBE_EVERY_US;
    rig_fill(run->probe, source, 1, false);
    check(spool_last_seq(run->probe->spool, &probes->seqs[i]) == STATUS_OK);
    probes->saved++;
    rig_knock(run->probe);
}

static bool all_received(struct run *run)
{
    for (uint32_t i = 0; i < run->options.offices; i++) {
        if (!rig_received(run->loads[i])) {
            return false;
        }
    }
    return true;
}

static int64_t agents_cpu_ns(const struct run *run)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < run->options.offices; i++) {
        sum += gauge_cpu_ns(run->loads[i]->daemon);
    }
    return sum;
}

static void pour(struct run *run)
{
    struct rig_standing before = rig_standing(&run->rig), after;
    int64_t looked = 0;
    bool done = false;

    run->collector_ns = gauge_cpu_ns(run->rig.collector);
    run->wire_bytes = gauge_wire_bytes(run->rig.port);
    run->started = now_us();
    for (uint32_t i = 0; i < run->options.offices; i++) {
        rig_start(&run->rig, run->loads[i]);
    }
    while (!done) {
        pause_us(LOOK_US);
        probe(run);
        if (now_us() >= looked + LOAD_LOOK_US) {
            done = all_received(run);
            looked = now_us();
        }
    }
    run->ended = now_us();
    do {
        pause_us(LOOK_US);
        take_probes(run);
        after = rig_standing(&run->rig);
    } while (after.entries - before.entries != after.batches - before.batches);
    run->folded = now_us();
    run->collector_ns = gauge_cpu_ns(run->rig.collector) - run->collector_ns;
    run->agents_ns = agents_cpu_ns(run);
    run->wire_bytes = gauge_wire_bytes(run->rig.port) - run->wire_bytes;
    while (run->probes.received < run->probes.saved) {
        pause_us(LOOK_US);
        take_probes(run);
    }
}

/* An office with much to send: its greatest anonymous memory until all is
 * received. */
static void weigh(struct run *run)
{
    struct rig_source source = {.next = backlog_city_event};

    rig_fill(run->big, source, MEMORY_EVENTS, false);
    rig_start(&run->rig, run->big);
    do {
        double mib;

        pause_us(LOOK_US);
        mib = gauge_memory_mib(run->big->daemon);
        if (mib > run->memory_mib) {
            run->memory_mib = mib;
        }
    } while (!rig_received(run->big));
}

static bool compare(struct run *run)
{
    char *listing = malloc(LISTING_BYTES);
    struct expected *expected = expected_new();
    uint32_t compared, wrong;

    check(listing != NULL);
    for (uint32_t i = 0; i < run->workload->district_count; i++) {
        expected->districts[i].unit = run->workload->districts[i].unit;
    }
    for (uint32_t i = 0; i < run->options.offices; i++) {
        expected_merge(expected, run->workload->streams[i].expected);
    }
    rig_collector(&run->rig,
                  (const char *const[]){"indicators", "--raw", "--by",
                                        "district", "--format", "csv", NULL},
                  listing, LISTING_BYTES);
    compared = expected_compare(expected, listing, &wrong);
    (void)printf("%u figures compared, %u differ; %llu events, %llu of them "
                 "imported rows\n",
                 compared, wrong, (unsigned long long)expected->events,
                 (unsigned long long)expected->keyed);
    expected_free(&expected);
    free(listing);
    return wrong == 0 && compared > 0;
}

static void print(struct run *run, bool equal)
{
    double events =
        run->options.events / run->options.offices * run->options.offices;
    double received = (double)(run->ended - run->started) / 1e6;
    double seconds = (double)(run->folded - run->started) / 1e6;

    (void)printf(
        "{\"bench\":\"pipeline\",\"events\":%.0f,\"days\":%u,\"offices\":%u,"
        "\"districts\":%u,\"communes\":%u,\"keyed_percent\":%u,"
        "\"seconds\":%.3f,\"events_per_s\":%.0f,"
        "\"received_per_s\":%.0f,"
        "\"wire_bytes_per_event\":%.2f,\"ack_p50_ms\":%.1f,"
        "\"ack_p99_ms\":%.1f,\"acks\":%zu,"
        "\"collector_cpu_ns_per_event\":%.0f,"
        "\"agents_cpu_ns_per_event\":%.0f,\"agent_rss_mib\":%.2f,"
        "\"fold_lag_ms\":%.1f,\"figures_equal\":%s}\n",
        events, run->options.days, run->options.offices,
        run->workload->district_count, WORKLOAD_COMMUNES,
        run->options.keyed_percent, seconds, events / seconds,
        events / received, (double)run->wire_bytes / events,
        gauge_percentile(run->probes.ms, run->probes.received, 50),
        gauge_percentile(run->probes.ms, run->probes.received, 99),
        run->probes.received, (double)run->collector_ns / events,
        (double)run->agents_ns / events, run->memory_mib,
        (double)(run->folded - run->ended) / 1000.0, equal ? "true" : "false");
}

static bool read_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i += 2) {
        uint32_t value;

        if (i + 1 == argc) {
            return false;
        }
        value = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--events") == 0) {
            options->events = value;
        } else if (strcmp(argv[i], "--days") == 0) {
            options->days = value;
        } else if (strcmp(argv[i], "--offices") == 0) {
            options->offices = value;
        } else if (strcmp(argv[i], "--keyed") == 0) {
            options->keyed_percent = value;
        } else {
            return false;
        }
    }
    return options->offices >= 6 && options->offices <= WORKLOAD_STREAMS_MAX &&
           options->days <= 365 && options->keyed_percent < 100 &&
           options->events >= options->offices;
}

static bool run_over(struct run *run, uint32_t days)
{
    struct workload_options options = {
        .streams = run->options.offices,
        .days = days,
        .events_each = run->options.events / run->options.offices,
        .keyed_percent = run->options.keyed_percent,
        .seed = 1};
    bool equal;

    run->options.days = days;
    run->workload = workload_new(&options, UNITS_FILE);
    prepare(run);
    pour(run);
    weigh(run);
    equal = compare(run);
    rig_close(&run->rig);
    print(run, equal);
    workload_free(&run->workload);
    return equal;
}

int main(int argc, char **argv)
{
    static const uint32_t both[2] = {365, 14};
    static struct run run;
    struct options options = {
        .events = 4000000, .offices = 6, .keyed_percent = 20};
    bool equal = true;

    if (!read_options(argc, argv, &options)) {
        (void)fprintf(stderr,
                      "usage: bench_pipeline [--events N] [--days 1-365] "
                      "[--offices 6-16] [--keyed PERCENT]\n");
        return 2;
    }
    for (size_t i = options.days > 0 ? 1 : 0; i < 2; i++) {
        memset(&run, 0, sizeof run);
        run.options = options;
        equal =
            run_over(&run, options.days > 0 ? options.days : both[i]) && equal;
    }
    return equal ? EXIT_SUCCESS : EXIT_FAILURE;
}
