/* How long one event takes from the office to its receipt:
 *
 *     bench_live [PROBES]
 *
 * Two ways in turn: from before it is added to the spool, and from before the
 * process `tallyline-agent record` is started, each until the receipt is on
 * the office's disk; first with nothing else going on, then while the offices
 * of thirty districts send half of what the collector takes and counts when
 * they send without a pause. That full load is found out first. The last line
 * is JSON.
 */
#include "bench/backlog.h"
#include "bench/feeder.h"
#include "bench/gauge.h"
#include "common/base/check.h"
#include "common/base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define UNITS_FILE     TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define AGENT          TALLYLINE_BIN_DIR "/tallyline-agent"
#define OFFICES        6u
#define BACKLOG        6000000u
#define FULL_US        (1 * CLOCK_US_PER_S)
#define PROBES_DEFAULT 60u
#define PROBES_MAX     2000u
#define LOOK_US        100
#define PAUSE_US       10000

extern char **environ;

struct load {
    struct rig *rig;
    struct rig_office *offices[WORKLOAD_STREAMS_MAX];
    struct feeder *feeders[OFFICES];
    double full_per_s; /* found out; 0: not yet */
    double half_per_s; /* what was reached */
    atomic_bool ready, stop, empty;
};

struct figures {
    double spool[2], record[2]; /* p50, p99 in milliseconds */
    uint32_t probes;            /* of each way */
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_real());
}

static void pause_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* ---- the load ---- */

static uint64_t received(const struct load *load)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < OFFICES; i++) {
        feeder_take(load->feeders[i]);
        sum += feeder_received(load->feeders[i]);
    }
    return sum;
}

/* Sends until `end` or told to stop; `per_s` 0: as fast as it goes. Returns
 * the events received in a second. */
static double send_until(struct load *load, int64_t end, double per_s)
{
    int64_t started = now_us();
    uint64_t before = received(load), sent = 0;
    uint32_t next = 0;

    while (now_us() < end && !atomic_load(&load->stop)) {
        double due = (double)(now_us() - started) / 1e6 * per_s;
        bool any = false;

        (void)received(load);
        for (uint32_t i = 0; i < OFFICES; i++) {
            if (feeder_empty(load->feeders[i])) {
                atomic_store(&load->empty, true);
                end = 0;
            }
        }
        for (uint32_t i = 0; i < OFFICES && (per_s == 0 || (double)sent < due);
             i++) {
            if (feeder_send(load->feeders[next++ % OFFICES])) {
                sent += BATCH_EVENTS_MAX;
                any = true;
            }
        }
        if (!any) {
            pause_us(LOOK_US);
        }
    }
    return (double)(received(load) - before) /
           ((double)(now_us() - started) / 1e6);
}

/* Pours for a while, and waits until all of it is counted. */
static double full_load(struct load *load)
{
    int64_t started = now_us();
    uint64_t before = received(load);
    struct rig_standing standing;

    (void)send_until(load, started + FULL_US, 0);
    do {
        pause_us(PAUSE_US);
        (void)received(load);
        standing = rig_standing(load->rig);
    } while (standing.entries < standing.ledger);
    return (double)(received(load) - before) /
           ((double)(now_us() - started) / 1e6);
}

static void *keep_busy(void *argument)
{
    struct load *load = argument;
    void *context = zmq_ctx_new();

    check(context != NULL);
    for (uint32_t i = 0; i < OFFICES; i++) {
        load->feeders[i] = feeder_open(context, load->rig, load->offices[i]);
    }
    load->full_per_s = full_load(load);
    atomic_store(&load->ready, true);
    load->half_per_s = send_until(load, INT64_MAX, load->full_per_s / 2);
    for (uint32_t i = 0; i < OFFICES; i++) {
        feeder_close(&load->feeders[i]);
    }
    (void)zmq_ctx_term(context);
    return NULL;
}

/* ---- the probes ---- */

static void add_to_spool(struct rig_office *office)
{
    struct rig_source source = {.next = backlog_city_event};

    rig_fill(office, source, 1, false);
    rig_knock(office);
}

/* Not by fork(), which would copy what this process maps of the backlogs. */
static void run_record(struct rig_office *office)
{
    char *const arguments[] = {(char[]){"tallyline-agent"},
                               (char[]){"record"},
                               (char[]){"media_item"},
                               (char[]){"published_on=2018-03-10"},
                               (char[]){"outlet=portal"},
                               (char[]){"kind=news"},
                               (char[]){"items=1"},
                               (char[]){"--dir"},
                               office->dir,
                               NULL};
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int state = 0;

    check(posix_spawn_file_actions_init(&quiet) == 0 &&
          posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null",
                                           O_WRONLY, 0) == 0);
    check(posix_spawn(&pid, AGENT, &quiet, NULL, arguments, environ) == 0);
    check(waitpid(pid, &state, 0) == pid && state == 0);
    check(posix_spawn_file_actions_destroy(&quiet) == 0);
}

static double until_received(struct rig_office *office,
                             void (*save)(struct rig_office *office))
{
    int64_t started = now_us();
    double ms;

    save(office);
    while (!rig_received(office)) {
        pause_us(LOOK_US);
    }
    ms = (double)(now_us() - started) / 1000.0;
    pause_us(PAUSE_US);
    return ms;
}

/* Both ways in turn. Ends early when the load has nothing more to send. */
static void probe(struct rig_office *office, uint32_t count,
                  const struct load *load, struct figures *figures)
{
    static double spool[PROBES_MAX], record[PROBES_MAX];
    uint32_t i;

    for (i = 0; i < count && !atomic_load(&load->empty); i++) {
        spool[i] = until_received(office, add_to_spool);
        record[i] = until_received(office, run_record);
    }
    figures->probes = i;
    figures->spool[0] = gauge_percentile(spool, i, 50);
    figures->spool[1] = gauge_percentile(spool, i, 99);
    figures->record[0] = gauge_percentile(record, i, 50);
    figures->record[1] = gauge_percentile(record, i, 99);
}

int main(int argc, char **argv)
{
    static struct rig rig;
    static struct load load;
    uint32_t count =
        argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : PROBES_DEFAULT;
    struct workload_options options = {.streams = OFFICES,
                                       .days = 14,
                                       .events_each = BACKLOG / OFFICES,
                                       .keyed_percent = 20,
                                       .seed = 1};
    struct workload *workload = workload_new(&options, UNITS_FILE);
    struct figures idle, half;
    struct rig_office *office;
    pthread_t thread;

    check(count > 0 && count <= PROBES_MAX);
    rig_open(&rig);
    backlog_make(&rig, workload, load.offices);
    office = backlog_city_office(&rig);
    rig_start(&rig, office);
    add_to_spool(office);
    while (!rig_received(office)) {
        pause_us(LOOK_US);
    }
    probe(office, count, &load, &idle);
    load.rig = &rig;
    check(pthread_create(&thread, NULL, keep_busy, &load) == 0);
    while (!atomic_load(&load.ready)) {
        pause_us(PAUSE_US);
    }
    probe(office, count, &load, &half);
    atomic_store(&load.stop, true);
    check(pthread_join(thread, NULL) == 0);
    rig_close(&rig);
    workload_free(&workload);
    (void)printf(
        "{\"bench\":\"live\",\"idle_probes\":%u,"
        "\"idle_spool_p50_ms\":%.1f,\"idle_spool_p99_ms\":%.1f,"
        "\"idle_record_p50_ms\":%.1f,\"idle_record_p99_ms\":%.1f,"
        "\"full_load_per_s\":%.0f,\"half_load_per_s\":%.0f,\"half_probes\":%u,"
        "\"half_spool_p50_ms\":%.1f,\"half_spool_p99_ms\":%.1f,"
        "\"half_record_p50_ms\":%.1f,\"half_record_p99_ms\":%.1f}\n",
        idle.probes, idle.spool[0], idle.spool[1], idle.record[0],
        idle.record[1], load.full_per_s, load.half_per_s, half.probes,
        half.spool[0], half.spool[1], half.record[0], half.record[1]);
    return EXIT_SUCCESS;
}
