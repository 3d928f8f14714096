/* From sealed backlogs to figures, with everything as it runs in a province:
 *
 *     bench_pipeline [--events N] [--days N] [--offices N] [--keyed PERCENT]
 *
 * One collector with the plan of Hà Nội, its units and registers, and agents
 * that record for the labour offices and the police of thirty districts. All
 * events are saved and sealed beforehand. The clock runs from the start of the
 * agents' processes, connecting included, until every receipt is in their
 * spools (received_per_s) and the collector has counted everything
 * (events_per_s). Another office saves one event after the other meanwhile and
 * waits for its receipt: ack_p50_ms and ack_p99_ms are from before it is saved
 * until the receipt is on that office's disk. At the end the collector's own
 * listing is held against what was counted while the events were made. The
 * last line is JSON.
 */
#include "bench/backlog.h"
#include "bench/gauge.h"
#include "common/check.h"
#include "common/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UNITS_FILE     TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define LISTING_BYTES  (1024u * 1024u)
#define PROBES_MAX     4096u
#define PROBE_PAUSE_US (20 * CLOCK_US_PER_MS)
#define LOOK_US        500
#define LOAD_LOOK_US   (5 * CLOCK_US_PER_MS)
#define MEMORY_EVENTS  100000u

struct options {
    uint32_t events, days, offices, keyed_percent;
};

struct run {
    struct options options;
    struct rig rig;
    struct workload *workload;
    struct rig_office *loads[WORKLOAD_STREAMS_MAX];
    struct rig_office *probe, *big;
    double probes[PROBES_MAX];
    size_t probe_count;
    int64_t probe_since; /* 0: none is on its way */
    int64_t probe_due;
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

static void probe(struct run *run)
{
    int64_t now = now_us();

    if (run->probe_since != 0) {
        if (!rig_received(run->probe)) {
            return;
        }
        if (run->probe_count < PROBES_MAX) {
            run->probes[run->probe_count++] =
                (double)(now - run->probe_since) / 1000.0;
        }
        run->probe_since = 0;
        run->probe_due = now + PROBE_PAUSE_US;
    }
    if (now >= run->probe_due) {
        struct rig_source source = {.next = backlog_city_event};

        run->probe_since = now;
        rig_fill(run->probe, source, 1, false);
        rig_knock(run->probe);
    }
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
        after = rig_standing(&run->rig);
    } while (after.entries - before.entries != after.batches - before.batches);
    run->folded = now_us();
    run->collector_ns = gauge_cpu_ns(run->rig.collector) - run->collector_ns;
    run->agents_ns = agents_cpu_ns(run);
    run->wire_bytes = gauge_wire_bytes(run->rig.port) - run->wire_bytes;
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
                  (const char *const[]){"indicators", "--by", "district",
                                        "--format", "csv", NULL},
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
        gauge_percentile(run->probes, run->probe_count, 50),
        gauge_percentile(run->probes, run->probe_count, 99), run->probe_count,
        (double)run->collector_ns / events, (double)run->agents_ns / events,
        run->memory_mib, (double)(run->folded - run->ended) / 1000.0,
        equal ? "true" : "false");
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
           options->days > 0 && options->days <= 365 &&
           options->keyed_percent < 100 && options->events >= options->offices;
}

int main(int argc, char **argv)
{
    static struct run run = {
        .options = {
            .events = 4000000, .days = 14, .offices = 6, .keyed_percent = 20}};
    struct workload_options options;
    bool equal;

    if (!read_options(argc, argv, &run.options)) {
        (void)fprintf(stderr,
                      "usage: bench_pipeline [--events N] [--days 1-365] "
                      "[--offices 6-16] [--keyed PERCENT]\n");
        return 2;
    }
    options = (struct workload_options){
        .streams = run.options.offices,
        .days = run.options.days,
        .events_each = run.options.events / run.options.offices,
        .keyed_percent = run.options.keyed_percent,
        .seed = 1};
    run.workload = workload_new(&options, UNITS_FILE);
    prepare(&run);
    pour(&run);
    weigh(&run);
    equal = compare(&run);
    rig_close(&run.rig);
    print(&run, equal);
    workload_free(&run.workload);
    return equal ? EXIT_SUCCESS : EXIT_FAILURE;
}
