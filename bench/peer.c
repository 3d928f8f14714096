#include "bench/peer.h"

#include "bench/gauge.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "tests/support/process.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SETPRIV     "/usr/bin/setpriv"
#define FLUSH_BYTES 65536u
#define SAID_MAX    8192u

/* ---- servers ---- */

/* Puts what keeps a program from outliving us, and whose it is, before it. */
static void wrap(const char *const arguments[], const char *user,
                 const char *all[PROCESS_ARGUMENTS_MAX + 1])
{
    size_t used = 0;

    all[used++] = SETPRIV;
    all[used++] = "--pdeathsig";
    all[used++] = "KILL";
    if (user != NULL && geteuid() == 0) {
        all[used++] = "--reuid";
        all[used++] = user;
        all[used++] = "--regid";
        all[used++] = user;
        all[used++] = "--clear-groups";
    }
    all[used++] = "--";
    for (size_t i = 0; arguments[i] != NULL; i++) {
        check(used < PROCESS_ARGUMENTS_MAX);
        all[used++] = arguments[i];
    }
    all[used] = NULL;
}

void peer_serve(struct peer_run *run, const char *const arguments[],
                const char *user, const char *ready)
{
    const char *all[PROCESS_ARGUMENTS_MAX + 1];

    wrap(arguments, user, all);
    run->server = process_start(all, run->log);
    check(process_logged(run->log, ready, PEER_START_MS));
}

void peer_prepare(struct peer_run *run, const char *const arguments[],
                  const char *user)
{
    const char *all[PROCESS_ARGUMENTS_MAX + 1];
    char said[SAID_MAX];

    if (user != NULL && geteuid() == 0) {
        const struct passwd *owner = getpwnam(user);

        check(owner != NULL &&
              chown(run->dir.path, owner->pw_uid, owner->pw_gid) == 0);
    }
    wrap(arguments, user, all);
    if (process_run(all, said, sizeof said) != 0) {
        (void)fprintf(stderr, "%s:\n%s\n", arguments[0], said);
        exit(EXIT_FAILURE);
    }
}

/* ---- pouring ---- */

static uint32_t request_size(const struct peer_run *run)
{
    return run->form == PEER_EACH ? 1 : BATCH_EVENTS_MAX;
}

struct flight {
    uint32_t counts[PEER_WINDOW_MAX]; /* events of each request, a ring */
    uint64_t put, taken;              /* requests */
};

/* Takes answers until at most `left` requests have none. */
static void take_until(struct peer_worker *worker, struct flight *flight,
                       uint32_t left)
{
    peer_line_flush(&worker->line);
    while (flight->put - flight->taken > left) {
        worker->run->peer->take(worker);
        worker->taken += flight->counts[flight->taken % PEER_WINDOW_MAX];
        flight->taken++;
    }
}

static void pour_stream(struct peer_worker *worker, struct flight *flight,
                        uint32_t number)
{
    const struct peer_run *run = worker->run;
    const struct peer_stream *stream = &run->events->streams[number];
    uint32_t size = request_size(run);

    for (uint32_t first = 0; first < stream->count; first += size) {
        uint32_t left = stream->count - first;
        struct peer_request request = {stream, number, first,
                                       left < size ? left : size};

        if (clock_monotonic_us(clock_real()) > run->deadline) {
            return;
        }
        run->peer->put(worker, &request);
        flight->counts[flight->put % PEER_WINDOW_MAX] = request.count;
        flight->put++;
        if (flight->put - flight->taken >= run->window) {
            take_until(worker, flight, run->window / 2);
        } else if (worker->line.out.size > FLUSH_BYTES) {
            peer_line_flush(&worker->line);
        }
    }
}

static void *pour(void *argument)
{
    struct peer_worker *worker = argument;
    struct flight *flight = calloc(1, sizeof *flight);

    check(flight != NULL);
    for (uint32_t i = worker->number; i < PEER_STREAMS;
         i += worker->run->connections) {
        pour_stream(worker, flight, i);
    }
    take_until(worker, flight, 0);
    free(flight);
    return NULL;
}

static int64_t cpu_ns(const struct peer_run *run)
{
    return gauge_cpu_tree_ns(run->server) + gauge_cpu_ns(getpid());
}

static void pour_all(struct peer_run *run, struct peer_worker workers[])
{
    int64_t before = cpu_ns(run);
    int64_t started = clock_monotonic_us(clock_real());

    run->deadline = started + run->seconds_max * CLOCK_US_PER_S;
    for (uint32_t i = 0; i < run->connections; i++) {
        check(pthread_create(&workers[i].thread, NULL, pour, &workers[i]) == 0);
    }
    run->taken = 0;
    for (uint32_t i = 0; i < run->connections; i++) {
        check(pthread_join(workers[i].thread, NULL) == 0);
        run->taken += workers[i].taken;
    }
    run->per_s = (double)run->taken * 1e6 /
                 (double)(clock_monotonic_us(clock_real()) - started);
    run->cpu_ns = (double)(cpu_ns(run) - before) / (double)run->taken;
}

/* ---- what came of it ---- */

static void hold(struct peer_run *run, const char *when)
{
    uint64_t stored = run->peer->stored(run);
    uint64_t counted = run->peer->counted(run);
    uint64_t want = run->taken;

    if (run->form == PEER_BLOBS) {
        want = (want + BATCH_EVENTS_MAX - 1) / BATCH_EVENTS_MAX;
    }
    /* The last batch of a stream may be a small one. */
    if ((run->form == PEER_BLOBS ? stored < want : stored != want) ||
        (counted != PEER_NO_COUNTERS && counted != run->taken)) {
        (void)fprintf(stderr, "%s, %s: %llu stored, %llu counted of %llu\n",
                      run->peer->name, when, (unsigned long long)stored,
                      (unsigned long long)counted,
                      (unsigned long long)run->taken);
        exit(EXIT_FAILURE);
    }
}

/* The first request of the first stream once more. */
static void send_again(struct peer_run *run, struct peer_worker *worker)
{
    struct peer_request request = {&run->events->streams[0], 0, 0,
                                   request_size(run)};
    uint64_t before = run->peer->stored(run);

    run->peer->put(worker, &request);
    peer_line_flush(&worker->line);
    run->peer->take(worker);
    check(run->peer->stored(run) == before);
    hold(run, "sent again");
}

bool peer_run_all(struct peer_run *run)
{
    struct peer_worker *workers;

    if (!run->peer->offers(run)) {
        return false;
    }
    check(run->connections <= PEER_WORKERS_MAX &&
          run->window <= PEER_WINDOW_MAX && run->window > 0 &&
          run->seconds_max <= PEER_SECONDS_MAX);
    workers = calloc(run->connections, sizeof *workers);
    check(workers != NULL);
    temp_dir_open(&run->dir);
    temp_dir_path(&run->dir, "log", run->log);
    run->peer->start(run);
    for (uint32_t i = 0; i < run->connections; i++) {
        workers[i].run = run;
        workers[i].number = i;
        run->peer->connect(&workers[i]);
    }
    pour_all(run, workers);
    hold(run, "at the end");
    send_again(run, &workers[0]);
    for (uint32_t i = 0; i < run->connections; i++) {
        peer_line_close(&workers[i].line);
    }
    (void)process_end(run->server, SIGTERM);
    temp_dir_close(&run->dir);
    free(workers);
    return true;
}
