/* Whether programs that follow the live feed slow intake down, while offices
 * pour in what they can:
 *
 *     bench_feed [--events N] [--more N] [--reading N] [--deaf N] [--rounds N]
 *
 * First a ledger of so many events, under the plan of Hà Nội. Then, in turns,
 * more of them with nobody who follows, and with auditors' programs that do:
 * some read all and ask for what they missed, some never read. The last line is
 * JSON: the medians of what was received and counted a second, how much less it
 * was with them, and how long the first needed until it had everything.
 */
#include "bench/flood.h"
#include "bench/gauge.h"
#include "bench/listeners.h"
#include "common/base/check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX  16u
#define SAID_MAX    4096u
#define SETTLE_NS   900000000L
#define ADDRESS_MAX 64u

struct options {
    uint32_t events, more, reading, deaf, rounds;
};

/* Events a second, by round. */
struct rates {
    double received[ROUNDS_MAX]; /* durable, with a receipt */
    double counted[ROUNDS_MAX];
};

struct run {
    struct options options;
    struct rig rig;
    struct flood flood;
    char publish[ADDRESS_MAX], snapshot[ADDRESS_MAX]; /* for auditors */
    struct curve_keys keys;
    struct public_key server;
    struct rates alone, followed;
    double behind_ms[ROUNDS_MAX];
    struct listeners_seen seen;
};

/* The collector has a feed from here on, and a key that may follow it. */
static void serve(struct run *run)
{
    char path[TEMP_DIR_PATH_MAX + 32], said[SAID_MAX] = "";
    char key[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)];
    unsigned port = run->rig.port;
    size_t size = 0;
    FILE *file;

    rig_halt(&run->rig, SIGTERM);
    curve_keys_make(&run->keys);
    check(bytes_to_hex(
              (struct bytes){run->keys.public_key.bytes, PUBLIC_KEY_BYTES}, key,
              sizeof key) == STATUS_OK);
    rig_collector(&run->rig,
                  (const char *const[]){"users", "feed", "bench", key, "--role",
                                        "auditor", NULL},
                  said, sizeof said);
    rig_collector(&run->rig,
                  (const char *const[]){"users", "feed-server", NULL}, said,
                  sizeof said);
    said[strcspn(said, "\n")] = '\0';
    check(bytes_from_hex(said, run->server.bytes, PUBLIC_KEY_BYTES, &size) ==
              STATUS_OK &&
          size == PUBLIC_KEY_BYTES);
    (void)snprintf(run->publish, sizeof run->publish, "tcp://127.0.0.1:%u",
                   port + 1);
    (void)snprintf(run->snapshot, sizeof run->snapshot, "tcp://127.0.0.1:%u",
                   port + 2);
    (void)snprintf(path, sizeof path, "%s/collector.yaml", run->rig.province);
    file = fopen(path, "w");
    check(file != NULL);
    (void)fprintf(file,
                  "listen: %s\n"
                  "feed: {publish: \"tcp://127.0.0.1:*\", "
                  "snapshot: \"tcp://127.0.0.1:*\", audit_publish: \"%s\", "
                  "audit_snapshot: \"%s\"}\n",
                  run->rig.address, run->publish, run->snapshot);
    check(fclose(file) == 0);
    (void)rig_run(&run->rig);
}

static void prepare(struct run *run)
{
    double received, counted;

    rig_open(&run->rig);
    serve(run);
    flood_open(&run->flood, &run->rig,
               run->options.events +
                   2 * run->options.rounds * run->options.more);
    flood_fill(&run->flood, run->options.events);
    flood_pour(&run->flood, run->options.events, &received, &counted);
}

static void add_seen(struct listeners_seen *all,
                     const struct listeners_seen *some)
{
    all->messages += some->messages;
    all->bytes += some->bytes;
    all->pages += some->pages;
    all->entries += some->entries;
    all->gaps += some->gaps;
}

static void follow(struct run *run, uint32_t round)
{
    const struct options *options = &run->options;
    struct listeners_options with = {.publish = run->publish,
                                     .snapshot = run->snapshot,
                                     .keys = &run->keys,
                                     .server = run->server,
                                     .reading = options->reading,
                                     .deaf = options->deaf};
    struct listeners_seen seen;
    struct listeners *listeners;

    flood_fill(&run->flood, options->more);
    listeners = listeners_open(&with);
    (void)nanosleep(&(struct timespec){.tv_nsec = SETTLE_NS}, NULL);
    flood_pour(&run->flood, options->more, &run->followed.received[round],
               &run->followed.counted[round]);
    run->behind_ms[round] =
        listeners_wait(listeners, rig_standing(&run->rig).ledger);
    listeners_close(&listeners, &seen);
    add_seen(&run->seen, &seen);
}

static void measure(struct run *run)
{
    for (uint32_t i = 0; i < run->options.rounds; i++) {
        flood_fill(&run->flood, run->options.more);
        flood_pour(&run->flood, run->options.more, &run->alone.received[i],
                   &run->alone.counted[i]);
        follow(run, i);
        (void)printf("round %u: received %.0f, counted %.0f events/s alone; "
                     "%.0f, %.0f followed, who had all %.0f ms later\n",
                     i + 1, run->alone.received[i], run->alone.counted[i],
                     run->followed.received[i], run->followed.counted[i],
                     run->behind_ms[i]);
        (void)fflush(stdout);
    }
}

static void print(struct run *run)
{
    const struct options *options = &run->options;
    uint32_t rounds = options->rounds;
    double received = gauge_percentile(run->alone.received, rounds, 50);
    double counted = gauge_percentile(run->alone.counted, rounds, 50);
    double received_with = gauge_percentile(run->followed.received, rounds, 50);
    double counted_with = gauge_percentile(run->followed.counted, rounds, 50);

    (void)printf(
        "{\"bench\":\"feed\",\"events\":%u,\"more\":%u,\"reading\":%u,"
        "\"deaf\":%u,\"rounds\":%u,\"messages\":%llu,\"bytes\":%llu,"
        "\"entries\":%llu,\"gaps\":%llu,\"pages_asked\":%llu,"
        "\"behind_ms\":%.0f,\"received_per_s_alone\":%.0f,"
        "\"received_per_s_followed\":%.0f,\"received_slowed_percent\":%.1f,"
        "\"events_per_s_alone\":%.0f,\"events_per_s_followed\":%.0f,"
        "\"slowed_percent\":%.1f}\n",
        options->events, options->more, options->reading, options->deaf, rounds,
        (unsigned long long)run->seen.messages,
        (unsigned long long)run->seen.bytes,
        (unsigned long long)run->seen.entries,
        (unsigned long long)run->seen.gaps, (unsigned long long)run->seen.pages,
        gauge_percentile(run->behind_ms, rounds, 50), received, received_with,
        100.0 * (1.0 - received_with / received), counted, counted_with,
        100.0 * (1.0 - counted_with / counted));
}

static bool read_options(int argc, char **argv, struct options *options)
{
    const struct {
        const char *name;
        uint32_t *value;
    } names[] = {{"--events", &options->events},
                 {"--more", &options->more},
                 {"--reading", &options->reading},
                 {"--deaf", &options->deaf},
                 {"--rounds", &options->rounds}};

    for (int i = 1; i < argc; i += 2) {
        size_t k = 0;

        while (k < sizeof names / sizeof names[0] &&
               strcmp(argv[i], names[k].name) != 0) {
            k++;
        }
        if (k == sizeof names / sizeof names[0] || i + 1 == argc) {
            return false;
        }
        *names[k].value = (uint32_t)strtoul(argv[i + 1], NULL, 10);
    }
    return options->events >= FLOOD_OFFICES && options->more >= FLOOD_OFFICES &&
           options->reading >= 1 && options->reading <= LISTENERS_MAX &&
           options->deaf <= LISTENERS_MAX && options->rounds >= 1 &&
           options->rounds <= ROUNDS_MAX;
}

int main(int argc, char **argv)
{
    static struct run run;

    run.options = (struct options){.events = 1000000,
                                   .more = 3000000,
                                   .reading = 4,
                                   .deaf = 4,
                                   .rounds = 3};
    if (!read_options(argc, argv, &run.options)) {
        (void)fprintf(stderr, "usage: bench_feed [--events N] [--more N] "
                              "[--reading 1-64] [--deaf 0-64] "
                              "[--rounds 1-16]\n");
        return 2;
    }
    prepare(&run);
    measure(&run);
    rig_close(&run.rig);
    print(&run);
    flood_close(&run.flood);
    return EXIT_SUCCESS;
}
