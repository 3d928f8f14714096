/* The same events into other stores, and into the product:
 *
 *     bench_peers [--events N] [--seconds N] [--rounds N] [--only NAME]
 *                 [--by commune|district]
 *
 * nats-server, redis-server and postgresql are Debian's and are not needed for
 * anything else: what is not installed is named and left out. Each is started
 * in a folder of its own, by its own configuration (peer_NAME.c), is sent the
 * same bytes for at most --seconds, and is ended. All of it, `pipeline` first,
 * is done --rounds times in turn; the best figure of each counts.
 *
 * Same work is: durable when it is acknowledged, every event de-duplicated and
 * to be had by itself, counters by (type, unit, day) kept from its content; by
 * commune, as the product keeps them, or by district, which is less work.
 * Everything runs on the same cores, the clients included; beside the pace
 * stands the processor time an event, of all processes together, which other
 * work on the machine changes less. The last line is JSON.
 */
#include "bench/peer.h"
#include "common/base/check.h"
#include "tests/support/process.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNITS_FILE TALLYLINE_SOURCE_DIR "/plans/ha-noi-2018/units.csv"
#define SAID_MAX   65536u
#define ROUNDS_MAX 20u
#define NUMBER_MAX 16u
#define ROW        "%-16s %-8s %-8s %11.0f /s %7.0f ns"

struct options {
    uint32_t events, seconds, rounds;
    const char *only;
    bool by_district;
};

struct best {
    char name[64];
    double per_s, cpu_ns;
};

static const char *const forms[PEER_FORM_END] = {"each", "groups", "blobs"};

/* ---- the product ---- */

static void run_ours(uint32_t events, struct best *best)
{
    static char said[SAID_MAX];
    char number[NUMBER_MAX];
    const char *const arguments[] = {BENCH_PIPELINE, "--events", number,
                                     "--days",       "14",       NULL};
    const char *line;
    json_t *json;
    double per_s, cpu_ns;

    (void)snprintf(number, sizeof number, "%u", events);
    check(process_run(arguments, said, sizeof said) == 0);
    line = strrchr(said, '{');
    check(line != NULL);
    json = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
    check(json != NULL);
    per_s = json_number_value(json_object_get(json, "events_per_s"));
    cpu_ns =
        json_number_value(json_object_get(json, "collector_cpu_ns_per_event")) +
        json_number_value(json_object_get(json, "agents_cpu_ns_per_event"));
    json_decref(json);
    (void)printf(ROW "\n", "tallyline", "pipeline", "fsync", per_s, cpu_ns);
    (void)fflush(stdout);
    if (per_s > best->per_s) {
        best->per_s = per_s;
        best->cpu_ns = cpu_ns;
    }
}

/* ---- the others ---- */

static bool installed(const struct peer *peer)
{
    if (access(peer->program, X_OK) == 0) {
        return true;
    }
    (void)printf("%-16s not installed: apt-get install "
                 "--no-install-recommends %s\n",
                 peer->name, peer->package);
    return false;
}

static void keep_best(struct best *best, const struct peer_run *run)
{
    if (run->per_s > best->per_s) {
        best->per_s = run->per_s;
        best->cpu_ns = run->cpu_ns;
        (void)snprintf(best->name, sizeof best->name, "%s %s %s",
                       run->peer->name, forms[run->form],
                       run->sync ? "fsync" : "no fsync");
    }
}

/* Which kind of comparison a run belongs to. */
enum {
    SAME_WORK,
    WITHOUT_SYNC,
    TRANSPORT,
    KINDS
};

static int kind_of(const struct peer_run *run)
{
    if (run->form == PEER_BLOBS) {
        return TRANSPORT;
    }
    return run->sync ? SAME_WORK : WITHOUT_SYNC;
}

static void run_one(struct peer_run *run, struct best best[KINDS], json_t *runs)
{
    json_t *one;

    if (!peer_run_all(run)) {
        return;
    }
    (void)printf(ROW "  %u connections, %u on their way\n", run->peer->name,
                 forms[run->form], run->sync ? "fsync" : "no fsync", run->per_s,
                 run->cpu_ns, run->connections, run->window);
    (void)fflush(stdout);
    keep_best(&best[kind_of(run)], run);
    one = json_pack("{s:s,s:s,s:b,s:I,s:I,s:I}", "peer", run->peer->name,
                    "form", forms[run->form], "fsync", (int)run->sync, "events",
                    (json_int_t)run->taken, "events_per_s",
                    (json_int_t)run->per_s, "cpu_ns_per_event",
                    (json_int_t)run->cpu_ns);
    check(one != NULL && json_array_append_new(runs, one) == 0);
}

static void run_peers(const struct options *options,
                      const struct peer_events *events, struct best best[KINDS],
                      json_t *runs)
{
    static const struct peer *const peers[] = {&peer_nats, &peer_redis,
                                               &peer_postgres};

    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        if ((options->only != NULL &&
             strcmp(options->only, peers[i]->name) != 0) ||
            !installed(peers[i])) {
            continue;
        }
        for (int form = 0; form < PEER_FORM_END; form++) {
            for (int sync = 1; sync >= 0; sync--) {
                struct peer_run run = {.peer = peers[i],
                                       .events = events,
                                       .form = (enum peer_form)form,
                                       .sync = sync == 1,
                                       .seconds_max = options->seconds};

                run_one(&run, best, runs);
            }
        }
    }
}

/* ---- */

static void set_ratio(json_t *all, const char *name, double ratio)
{
    char text[NUMBER_MAX];

    (void)snprintf(text, sizeof text, "%.2f", ratio);
    check(json_object_set_new(all, name, json_real(strtod(text, NULL))) == 0);
}

static void print(const struct best *ours, const struct best best[KINDS],
                  json_t *runs)
{
    static const char *const names[KINDS] = {"best", "best_without_fsync",
                                             "best_transport"};
    static const char *const ratios[KINDS] = {
        "ratio_to_best", "ratio_without_fsync", "ratio_to_transport"};
    json_t *all = json_pack("{s:s,s:I,s:I}", "bench", "peers", "events_per_s",
                            (json_int_t)ours->per_s, "cpu_ns_per_event",
                            (json_int_t)ours->cpu_ns);
    char *text;

    check(all != NULL);
    for (int i = 0; i < KINDS; i++) {
        if (best[i].per_s > 0) {
            check(json_object_set_new(
                      all, names[i],
                      json_pack("{s:s,s:I,s:I}", "run", best[i].name,
                                "events_per_s", (json_int_t)best[i].per_s,
                                "cpu_ns_per_event",
                                (json_int_t)best[i].cpu_ns)) == 0);
            set_ratio(all, ratios[i], ours->per_s / best[i].per_s);
        }
    }
    if (best[SAME_WORK].per_s > 0) {
        set_ratio(all, "cpu_ratio_to_best",
                  best[SAME_WORK].cpu_ns / ours->cpu_ns);
    }
    check(json_object_set(all, "runs", runs) == 0);
    text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(6));
    check(text != NULL);
    (void)puts(text);
    free(text);
    json_decref(all);
}

static bool read_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) {
            return false;
        }
        if (strcmp(argv[i], "--events") == 0) {
            options->events = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--seconds") == 0) {
            options->seconds = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--rounds") == 0) {
            options->rounds = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--only") == 0) {
            options->only = argv[i + 1];
        } else if (strcmp(argv[i], "--by") == 0) {
            options->by_district = strcmp(argv[i + 1], "district") == 0;
        } else {
            return false;
        }
    }
    return options->events >= PEER_STREAMS * BATCH_EVENTS_MAX &&
           options->seconds > 0 && options->seconds <= PEER_SECONDS_MAX &&
           options->rounds > 0 && options->rounds <= ROUNDS_MAX;
}

int main(int argc, char **argv)
{
    struct options options = {.events = 2000000, .seconds = 10, .rounds = 2};
    struct best best[KINDS] = {0};
    struct peer_events *events;
    json_t *runs = json_array();
    struct best ours = {0};

    if (!read_options(argc, argv, &options)) {
        (void)fprintf(stderr, "usage: bench_peers [--events N] "
                              "[--seconds 1-60] [--rounds 1-20] "
                              "[--only NAME] [--by commune|district]\n");
        return 2;
    }
    events = peer_events_new(options.events, UNITS_FILE);
    events->by_district = options.by_district;
    (void)printf("%llu events, %.1f bytes each as protobuf\n",
                 (unsigned long long)events->count,
                 (double)events->bytes / (double)events->count);
    for (uint32_t i = 0; i < options.rounds; i++) {
        run_ours(options.events, &ours);
        run_peers(&options, events, best, runs);
    }
    print(&ours, best, runs);
    json_decref(runs);
    peer_events_free(&events);
    return EXIT_SUCCESS;
}
