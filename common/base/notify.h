/* notify - tells the service manager that we are ready and alive.
 *
 * Flow     main loop, threads -> [notify] -> $NOTIFY_SOCKET (systemd)
 * Owns     one datagram socket.
 * Threads  notify_beat() any; the rest is the main thread's.
 * Limits   NOTIFY_WORKERS_MAX workers, NOTIFY_STATUS_MAX bytes of status.
 *
 * The watchdog is fed from progress: only when every worker has beaten since
 * it was last fed. A thread that hangs therefore gets the program restarted,
 * even while the main loop still turns. A worker beats each time round its
 * loop, and wakes up for it at least every notify_wait_ms().
 *
 * Without a service manager all of it does nothing.
 */
#ifndef TALLYLINE_COMMON_NOTIFY_H
#define TALLYLINE_COMMON_NOTIFY_H

#include "common/base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTIFY_WORKERS_MAX 8u
#define NOTIFY_STATUS_MAX  256u
/* What notify_wait_ms() answers when nobody watches. */
#define NOTIFY_WAIT_MS_MAX 10000

struct notify {
    int fd; /* -1: no service manager */
    const struct clock *clock;
    int64_t watchdog_us; /* 0: not watched */
    int64_t fed_us;
    size_t worker_count;
    _Atomic bool beats[NOTIFY_WORKERS_MAX];
};

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Borrows `clock`. An
 * address that cannot be used is logged and then left alone. */
void notify_open(struct notify *notify, const struct clock *clock);

/* Adds a worker before its thread starts; returns its number. */
size_t notify_worker(struct notify *notify);

void notify_ready(struct notify *notify);
/* Between these two a SIGHUP is being carried out; notify_ready() ends it. */
void notify_reloading(struct notify *notify);
void notify_stopping(struct notify *notify);
/* One line for `systemctl status`; longer ones are cut. */
void notify_status(struct notify *notify, const char *text);

/* The worker has just made progress. */
void notify_beat(struct notify *notify, size_t worker);

/* Feeds the watchdog if it is time and all workers have beaten. For the main
 * loop, at least every notify_wait_ms(). */
void notify_feed(struct notify *notify);

/* The longest that a worker or the main loop may wait for something else. */
int notify_wait_ms(const struct notify *notify);

void notify_close(struct notify *notify);

#endif
