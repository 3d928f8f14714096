/* What open dashboards cost, and how fast they are answered, while offices
 * pour in what they can:
 *
 *     bench_api [--events N] [--more N] [--pages N] [--rounds N]
 *
 * First a ledger of so many events, under the plan of Hà Nội. Then, in turns,
 * more of them with nobody who looks, and with streams of changes open and a
 * program that asks for the overview every 20 ms. The last line is JSON: the
 * medians of what was counted a second, how much less it was with pages, and
 * how long an overview took.
 */
#include "bench/flood.h"
#include "bench/gauge.h"
#include "bench/pages.h"
#include "common/base/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX 16u
#define SAID_MAX   4096u

struct options {
    uint32_t events, more, pages, rounds;
};

/* Events a second, by round. */
struct rates {
    double received[ROUNDS_MAX]; /* durable, with a receipt */
    double counted[ROUNDS_MAX];
    double busy[ROUNDS_MAX][PAGES_WORK_END]; /* seconds */
};

struct run {
    struct options options;
    struct rig rig;
    struct flood flood;
    uint16_t port;
    char token[160];
    struct rates alone, watched;
    struct pages_seen seen;
};

static void pause_us(long us)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* ---- events ---- */

/* Pours in what was filled; `rates` gets round `at`. */
static void pour(struct run *run, uint32_t events, struct rates *rates,
                 uint32_t at)
{
    double before[PAGES_WORK_END], after[PAGES_WORK_END];

    pages_busy(run->port, run->token, before);
    flood_pour(&run->flood, events, &rates->received[at], &rates->counted[at]);
    pages_busy(run->port, run->token, after);
    for (unsigned i = 0; i < PAGES_WORK_END; i++) {
        rates->busy[at][i] = after[i] - before[i];
    }
}

/* ---- the run ---- */

/* The collector serves pages from here on, to a program with a token. */
static void serve(struct run *run)
{
    char path[TEMP_DIR_PATH_MAX + 32], said[SAID_MAX] = "";
    FILE *file;
    char *word;

    rig_halt(&run->rig, SIGTERM);
    rig_collector(&run->rig,
                  (const char *const[]){"users", "token", "bench", "--role",
                                        "viewer", NULL},
                  said, sizeof said);
    said[strcspn(said, "\n")] = '\0';
    word = strrchr(said, ' ');
    word = word != NULL ? word + 1 : said;
    check(strlen(word) < sizeof run->token);
    memcpy(run->token, word, strlen(word) + 1);
    run->port = (uint16_t)(run->rig.port + 1);
    (void)snprintf(path, sizeof path, "%s/collector.yaml", run->rig.province);
    file = fopen(path, "w");
    check(file != NULL);
    (void)fprintf(file, "listen: %s\nweb: {listen: 127.0.0.1:%u}\n",
                  run->rig.address, (unsigned)run->port);
    check(fclose(file) == 0);
    (void)rig_run(&run->rig);
}

static void prepare(struct run *run)
{
    struct rates rates;

    rig_open(&run->rig);
    serve(run);
    flood_open(&run->flood, &run->rig,
               run->options.events +
                   2 * run->options.rounds * run->options.more);
    flood_fill(&run->flood, run->options.events);
    pour(run, run->options.events, &rates, 0);
}

static void add_seen(struct pages_seen *all, const struct pages_seen *some)
{
    for (size_t i = 0; i < some->count && all->count < PAGES_TIMES_MAX; i++) {
        all->ms[all->count++] = some->ms[i];
    }
    all->events += some->events;
    all->largest = some->largest > all->largest ? some->largest : all->largest;
}

static void measure_alone(struct run *run, uint32_t round)
{
    flood_fill(&run->flood, run->options.more);
    pour(run, run->options.more, &run->alone, round);
}

static void measure_watched(struct run *run, uint32_t round)
{
    static struct pages_seen seen;
    struct pages *pages;

    flood_fill(&run->flood, run->options.more);
    pages = pages_open(run->port, run->token, run->options.pages);
    pause_us(900000);
    pour(run, run->options.more, &run->watched, round);
    pages_close(&pages, &seen);
    add_seen(&run->seen, &seen);
}

static void tell(const struct rates *rates, uint32_t at, const char *how)
{
    const double *busy = rates->busy[at];

    (void)printf("  %s: received %.0f/s, counted %.0f/s; folding %.2f s, "
                 "answering %.3f, documents %.2f, saving %.2f\n",
                 how, rates->received[at], rates->counted[at],
                 busy[PAGES_FOLDING], busy[PAGES_ANSWERING],
                 busy[PAGES_DOCUMENTS], busy[PAGES_SAVING]);
}

/* Now the one first, now the other: the state is saved every few million
 * events, and must not fall on the same one each time. */
static void measure(struct run *run)
{
    for (uint32_t i = 0; i < run->options.rounds; i++) {
        if (i % 2 == 0) {
            measure_alone(run, i);
            measure_watched(run, i);
        } else {
            measure_watched(run, i);
            measure_alone(run, i);
        }
        (void)printf("round %u\n", i + 1);
        tell(&run->alone, i, "alone");
        tell(&run->watched, i, "with pages");
        (void)fflush(stdout);
    }
}

static double median(double values[], uint32_t count)
{
    return gauge_percentile(values, count, 50);
}

static void print(struct run *run)
{
    uint32_t rounds = run->options.rounds;
    double received = median(run->alone.received, rounds);
    double counted = median(run->alone.counted, rounds);
    double received_watched = median(run->watched.received, rounds);
    double counted_watched = median(run->watched.counted, rounds);

    (void)printf(
        "{\"bench\":\"api\",\"events\":%u,\"more\":%u,\"pages\":%u,"
        "\"rounds\":%u,\"overview_p50_ms\":%.2f,\"overview_p99_ms\":%.2f,"
        "\"overviews\":%zu,\"overview_bytes\":%zu,\"stream_events\":%llu,"
        "\"received_per_s_alone\":%.0f,\"received_per_s_watched\":%.0f,"
        "\"received_slowed_percent\":%.1f,"
        "\"events_per_s_alone\":%.0f,\"events_per_s_watched\":%.0f,"
        "\"slowed_percent\":%.1f}\n",
        run->options.events, run->options.more, run->options.pages, rounds,
        gauge_percentile(run->seen.ms, run->seen.count, 50),
        gauge_percentile(run->seen.ms, run->seen.count, 99), run->seen.count,
        run->seen.largest, (unsigned long long)run->seen.events, received,
        received_watched, 100.0 * (1.0 - received_watched / received), counted,
        counted_watched, 100.0 * (1.0 - counted_watched / counted));
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
        } else if (strcmp(argv[i], "--more") == 0) {
            options->more = value;
        } else if (strcmp(argv[i], "--pages") == 0) {
            options->pages = value;
        } else if (strcmp(argv[i], "--rounds") == 0) {
            options->rounds = value;
        } else {
            return false;
        }
    }
    return options->events >= FLOOD_OFFICES && options->more >= FLOOD_OFFICES &&
           options->pages <= PAGES_MAX && options->rounds >= 1 &&
           options->rounds <= ROUNDS_MAX;
}

int main(int argc, char **argv)
{
    static struct run run;

    run.options = (struct options){
        .events = 10000000, .more = 3000000, .pages = 50, .rounds = 3};
    if (!read_options(argc, argv, &run.options)) {
        (void)fprintf(stderr, "usage: bench_api [--events N] [--more N] "
                              "[--pages 0-64] [--rounds 1-16]\n");
        return 2;
    }
    prepare(&run);
    measure(&run);
    rig_close(&run.rig);
    print(&run);
    flood_close(&run.flood);
    return EXIT_SUCCESS;
}
