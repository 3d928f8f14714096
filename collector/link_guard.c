/* For each descriptor: what the kernel had counted when the last whole message
 * was taken from it, plus one; 0: not watched. The owner sets it, the guard
 * reads it and clears it when the descriptor is no connection any more. */
#include "collector/link_guard.h"

#include "common/check.h"
#include "common/clock.h"
#include "common/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define NS_PER_MS 1000000L
#define NS_PER_S  1000000000L

struct link_guard {
    pthread_t thread;
    pthread_mutex_t mutex; /* of `stop` */
    pthread_cond_t wake;
    bool stop;
    _Atomic int fd_end; /* no descriptor from here on is watched */
    _Atomic uint64_t cut;
    _Atomic uint64_t taken[LINK_GUARD_FDS_MAX];
};

/* What came in over the connection so far; false: it is none, or the kernel
 * does not tell. */
static bool bytes_received(int fd, uint64_t *bytes)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) +
                   sizeof info.tcpi_bytes_received) {
        return false;
    }
    *bytes = info.tcpi_bytes_received;
    return true;
}

/* ---- the thread ---- */

static void peer_text(int fd, char text[INET6_ADDRSTRLEN])
{
    union {
        struct sockaddr any;
        struct sockaddr_in6 v6;
        struct sockaddr_in v4;
    } peer = {0};
    socklen_t size = sizeof peer;

    text[0] = '\0';
    if (getpeername(fd, &peer.any, &size) != 0) {
        return;
    }
    if (peer.any.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &peer.v6.sin6_addr, text, INET6_ADDRSTRLEN);
    } else if (peer.any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &peer.v4.sin_addr, text, INET6_ADDRSTRLEN);
    }
}

static void cut(struct link_guard *guard, int fd, uint64_t unread)
{
    char peer[INET6_ADDRSTRLEN];

    peer_text(fd, peer);
    atomic_store(&guard->taken[fd], 0);
    if (shutdown(fd, SHUT_RDWR) == 0) {
        (void)atomic_fetch_add(&guard->cut, 1);
        log_warning("a link was ended: it sends beyond the limits",
                    log_text("address", peer),
                    log_number("unread_bytes", (int64_t)unread));
    }
}

/* What the connection has sent beyond its last whole message. */
static uint64_t unread_of(struct link_guard *guard, int fd)
{
    uint64_t taken = atomic_load(&guard->taken[fd]);
    uint64_t bytes = 0;

    if (taken == 0) {
        return 0;
    }
    if (!bytes_received(fd, &bytes)) {
        /* unless it was used again meanwhile */
        (void)atomic_compare_exchange_strong(&guard->taken[fd], &taken, 0);
        return 0;
    }
    if (bytes < taken - 1) {
        /* another connection under the old number */
        (void)atomic_compare_exchange_strong(&guard->taken[fd], &taken, 1);
        return bytes;
    }
    return bytes - (taken - 1);
}

static void look(struct link_guard *guard)
{
    int end = atomic_load(&guard->fd_end);
    uint64_t all = 0;
    uint64_t most = 0;
    int worst = -1;

    for (int fd = 0; fd < end; fd++) {
        uint64_t unread = unread_of(guard, fd);

        if (unread > LINK_GUARD_LINK_BYTES_MAX) {
            cut(guard, fd, unread);
            continue;
        }
        all += unread;
        if (unread > most) {
            most = unread;
            worst = fd;
        }
    }
    if (all > LINK_GUARD_ALL_BYTES_MAX) {
        cut(guard, worst, most);
    }
}

static void add_tick(struct timespec *when)
{
    when->tv_nsec += LINK_GUARD_TICK_MS * NS_PER_MS;
    if (when->tv_nsec >= NS_PER_S) {
        when->tv_nsec -= NS_PER_S;
        when->tv_sec++;
    }
}

static void *guard_thread(void *argument)
{
    struct link_guard *guard = argument;
    struct timespec when;

    check(pthread_mutex_lock(&guard->mutex) == 0);
    while (!guard->stop) {
        check(clock_gettime(CLOCK_MONOTONIC, &when) == 0);
        add_tick(&when);
        while (!guard->stop &&
               pthread_cond_timedwait(&guard->wake, &guard->mutex, &when) !=
                   ETIMEDOUT) {
        }
        check(pthread_mutex_unlock(&guard->mutex) == 0);
        look(guard);
        check(pthread_mutex_lock(&guard->mutex) == 0);
    }
    check(pthread_mutex_unlock(&guard->mutex) == 0);
    return NULL;
}

/* ---- the owner ---- */

/* Signals are for the main thread: the guard starts with all blocked. */
static enum status start_thread(struct link_guard *guard)
{
    sigset_t all;
    sigset_t before;
    int rc;

    (void)sigfillset(&all);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    rc = pthread_create(&guard->thread, NULL, guard_thread, guard);
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return rc == 0 ? STATUS_OK : STATUS_MEMORY;
}

enum status link_guard_start(struct link_guard **out)
{
    struct link_guard *guard = calloc(1, sizeof *guard);
    pthread_condattr_t attributes;
    enum status status;

    *out = NULL;
    if (guard == NULL) {
        return STATUS_MEMORY;
    }
    check(pthread_mutex_init(&guard->mutex, NULL) == 0);
    check(pthread_condattr_init(&attributes) == 0);
    check(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(&guard->wake, &attributes) == 0);
    check(pthread_condattr_destroy(&attributes) == 0);
    status = start_thread(guard);
    if (status != STATUS_OK) {
        (void)pthread_cond_destroy(&guard->wake);
        (void)pthread_mutex_destroy(&guard->mutex);
        free(guard);
        return status;
    }
    *out = guard;
    return STATUS_OK;
}

void link_guard_stop(struct link_guard **guard)
{
    if (*guard == NULL) {
        return;
    }
    check(pthread_mutex_lock(&(*guard)->mutex) == 0);
    (*guard)->stop = true;
    check(pthread_cond_signal(&(*guard)->wake) == 0);
    check(pthread_mutex_unlock(&(*guard)->mutex) == 0);
    check(pthread_join((*guard)->thread, NULL) == 0);
    (void)pthread_cond_destroy(&(*guard)->wake);
    (void)pthread_mutex_destroy(&(*guard)->mutex);
    free(*guard);
    *guard = NULL;
}

void link_guard_accept(struct link_guard *guard, int fd)
{
    if (fd < 0 || fd >= LINK_GUARD_FDS_MAX) {
        return;
    }
    atomic_store(&guard->taken[fd], 1);
    if (fd >= atomic_load(&guard->fd_end)) {
        atomic_store(&guard->fd_end, fd + 1);
    }
}

void link_guard_taken(struct link_guard *guard, int fd)
{
    uint64_t bytes = 0;

    if (fd >= 0 && fd < LINK_GUARD_FDS_MAX && bytes_received(fd, &bytes)) {
        atomic_store(&guard->taken[fd], bytes + 1);
        if (fd >= atomic_load(&guard->fd_end)) {
            atomic_store(&guard->fd_end, fd + 1);
        }
    }
}

uint64_t link_guard_cut(const struct link_guard *guard)
{
    return atomic_load(&guard->cut);
}
