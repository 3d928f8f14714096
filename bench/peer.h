/* peer - another store that takes the same events, and how it is asked to.
 *
 * Flow     peer_events -> [peer] -> the store's server, on this machine
 * Owns     the server that it starts, in a folder of its own.
 * Threads  a worker belongs to one; the rest to the one that started the run.
 * Limits   PEER_WORKERS_MAX connections, PEER_SECONDS_MAX a run.
 *
 * Each is given its best honest configuration, which stands at the top of
 * peer_NAME.c and in bench/README.md. A request is a piece of one stream:
 * requests of a stream go over one connection, in order, and many are on their
 * way at once. An event counts when its request has been answered.
 */
#ifndef TALLYLINE_BENCH_PEER_H
#define TALLYLINE_BENCH_PEER_H

#include "bench/peer_events.h"
#include "bench/peer_line.h"
#include "tests/support/temp_dir.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#define PEER_WORKERS_MAX PEER_STREAMS
#define PEER_SECONDS_MAX 60u
#define PEER_WINDOW_MAX  4096u
#define PEER_START_MS    30000
#define PEER_NO_COUNTERS UINT64_MAX

enum peer_form {
    PEER_EACH,   /* an event a request */
    PEER_GROUPS, /* 2,048 events a transaction */
    PEER_BLOBS,  /* 2,048 events in one sealed batch: transport only */
    PEER_FORM_END
};

struct peer_run {
    const struct peer *peer;
    const struct peer_events *events;
    enum peer_form form;
    bool sync;
    uint32_t connections, window; /* requests on their way */
    uint32_t seconds_max;
    struct temp_dir dir;
    char log[TEMP_DIR_PATH_MAX];
    char address[TEMP_DIR_PATH_MAX]; /* of its socket */
    uint16_t port;
    pid_t server;
    int64_t deadline;
    double per_s;
    double cpu_ns;  /* processor time an event, server and client */
    uint64_t taken; /* events that were answered */
};

struct peer_worker {
    struct peer_run *run;
    struct peer_line line;
    uint32_t number; /* of its first stream; the next `connections` apart */
    uint64_t taken;
    pthread_t thread;
};

/* A request: events of one stream from `first` (from 0) on. */
struct peer_request {
    const struct peer_stream *stream;
    uint32_t number; /* of the stream */
    uint32_t first, count;
};

struct peer {
    const char *name, *program, *package;
    /* Whether it has this way of being used, and sets up the numbers. */
    bool (*offers)(struct peer_run *run);
    /* Starts the server and makes what it stores into. */
    void (*start)(struct peer_run *run);
    void (*connect)(struct peer_worker *worker);
    void (*put)(struct peer_worker *worker, const struct peer_request *request);
    /* Waits for the answer to one request. Anything but "taken" or "was there
     * already" ends the benchmark. */
    void (*take)(struct peer_worker *worker);
    /* How many events (blobs) it holds, and the sum of its counters. */
    uint64_t (*stored)(struct peer_run *run);
    uint64_t (*counted)(struct peer_run *run);
};

extern const struct peer peer_nats, peer_redis, peer_postgres;

/* Starts the server, pours all events for at most `seconds_max`, holds what is
 * stored and counted against what was answered, sends some again and sees that
 * nothing changed. False: the way is not offered. */
bool peer_run_all(struct peer_run *run);

/* ---- for peer_*.c ---- */

/* Runs a program as the server; `arguments` closes with NULL. It ends with the
 * benchmark, however that ends. As `user`, when the benchmark is root's and
 * `user` is not NULL. */
void peer_serve(struct peer_run *run, const char *const arguments[],
                const char *user, const char *ready);
/* The same for a program that ends by itself. */
void peer_prepare(struct peer_run *run, const char *const arguments[],
                  const char *user);

#endif
