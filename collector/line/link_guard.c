/* For each descriptor: what the kernel had counted when the last whole message
 * was taken from it, plus one; 0: not watched. The doors set it, the guard
 * reads it and clears it when the descriptor is no connection any more.
 *
 * At each look the links are sorted by whose they are and then by age, so that
 * those of one peer stand together. */
#include "collector/line/link_guard.h"

#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/base/log.h"

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
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define NS_PER_MS 1000000L
#define NS_PER_S  1000000000L

struct watched {
    _Atomic uint64_t taken;
    _Atomic uint64_t key;   /* its first bytes; 0: not known yet */
    _Atomic uint64_t since; /* the number of its accept; 0: never */
};

/* What the guard saw of a link. */
struct look {
    bool known;
    uint64_t peer; /* key or address */
    uint64_t since;
    uint64_t unread;
    int fd;
};

/* Asked for once for each connection. */
struct address {
    uint64_t since;
    uint64_t number;
};

struct link_guard {
    pthread_t thread;
    pthread_mutex_t mutex; /* of `stop` */
    pthread_cond_t wake;
    bool stop;
    _Atomic uint64_t accepted;
    _Atomic int fd_end; /* no descriptor from here on is watched */
    _Atomic uint64_t cut;
    struct watched watched[LINK_GUARD_FDS_MAX];
    /* the guard's own */
    struct address addresses[LINK_GUARD_FDS_MAX];
    struct look looks[LINK_GUARD_FDS_MAX];
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

static bool peer_of(int fd, struct sockaddr_storage *peer)
{
    socklen_t size = sizeof *peer;

    memset(peer, 0, sizeof *peer);
    return getpeername(fd, (struct sockaddr *)peer, &size) == 0;
}

static void peer_text(int fd, char text[INET6_ADDRSTRLEN])
{
    struct sockaddr_storage peer;

    text[0] = '\0';
    if (!peer_of(fd, &peer)) {
        return;
    }
    if (peer.ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&peer;

        (void)inet_ntop(AF_INET6, &v6->sin6_addr, text, INET6_ADDRSTRLEN);
    } else if (peer.ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)&peer;

        (void)inet_ntop(AF_INET, &v4->sin_addr, text, INET6_ADDRSTRLEN);
    }
}

/* The network part of an IPv6 address, or an IPv4 one however it is written. */
static uint64_t address_number(int fd)
{
    struct sockaddr_storage peer;

    if (!peer_of(fd, &peer)) {
        return 0;
    }
    if (peer.ss_family == AF_INET) {
        return ntohl(((const struct sockaddr_in *)&peer)->sin_addr.s_addr);
    }
    if (peer.ss_family == AF_INET6) {
        const struct in6_addr *v6 =
            &((const struct sockaddr_in6 *)&peer)->sin6_addr;

        return IN6_IS_ADDR_V4MAPPED(v6) ? bytes_get_u32(v6->s6_addr + 12)
                                        : bytes_get_u64(v6->s6_addr);
    }
    return 0;
}

static void cut(struct link_guard *guard, struct look *look, const char *why)
{
    char peer[INET6_ADDRSTRLEN];

    peer_text(look->fd, peer);
    atomic_store(&guard->watched[look->fd].taken, 0);
    if (shutdown(look->fd, SHUT_RDWR) == 0) {
        (void)atomic_fetch_add(&guard->cut, 1);
        log_warning("a link was ended: it is beyond the limits",
                    log_text("address", peer), log_text("why", why),
                    log_number("unread_bytes", (int64_t)look->unread));
    }
    look->unread = 0;
}

/* What the connection has sent beyond its last whole message; false: it is
 * none. */
static bool unread_of(struct link_guard *guard, int fd, uint64_t *unread)
{
    uint64_t taken = atomic_load(&guard->watched[fd].taken);
    uint64_t bytes = 0;

    if (taken == 0) {
        return false;
    }
    if (!bytes_received(fd, &bytes)) {
        /* unless it was used again meanwhile */
        (void)atomic_compare_exchange_strong(&guard->watched[fd].taken, &taken,
                                             0);
        return false;
    }
    if (bytes < taken - 1) {
        /* another connection under the old number */
        (void)atomic_compare_exchange_strong(&guard->watched[fd].taken, &taken,
                                             1);
        taken = 1;
    }
    *unread = bytes - (taken - 1);
    return true;
}

static bool look_at(struct link_guard *guard, int fd, struct look *look)
{
    struct address *address = &guard->addresses[fd];

    *look = (struct look){.fd = fd,
                          .since = atomic_load(&guard->watched[fd].since),
                          .peer = atomic_load(&guard->watched[fd].key)};
    if (!unread_of(guard, fd, &look->unread)) {
        return false;
    }
    look->known = look->peer != 0;
    if (!look->known) {
        if (address->since != look->since) {
            *address = (struct address){look->since, address_number(fd)};
        }
        look->peer = address->number;
    }
    return true;
}

static int by_peer_and_age(const void *a, const void *b)
{
    const struct look *x = a;
    const struct look *y = b;

    if (x->known != y->known) {
        return x->known ? 1 : -1;
    }
    if (x->peer != y->peer) {
        return x->peer < y->peer ? -1 : 1;
    }
    return (x->since > y->since) - (x->since < y->since);
}

static struct look *most_unread(struct look looks[], size_t count)
{
    struct look *most = &looks[0];

    for (size_t i = 1; i < count; i++) {
        most = looks[i].unread > most->unread ? &looks[i] : most;
    }
    return most;
}

/* The links of one peer, the oldest first; gives what they have sent that
 * nobody could read yet. */
static uint64_t judge_peer(struct link_guard *guard, struct look looks[],
                           size_t count)
{
    size_t links_max =
        looks[0].known ? LINK_GUARD_KEY_LINKS_MAX : LINK_GUARD_SILENT_MAX;
    uint64_t sum = 0;

    for (size_t i = 0; i + links_max < count; i++) {
        cut(guard, &looks[i], "links");
    }
    for (size_t i = 0; i < count; i++) {
        sum += looks[i].unread;
    }
    while (sum > LINK_GUARD_PEER_BYTES_MAX) {
        struct look *most = most_unread(looks, count);

        sum -= most->unread;
        cut(guard, most, "bytes");
    }
    return sum;
}

static void look(struct link_guard *guard)
{
    int end = atomic_load(&guard->fd_end);
    size_t count = 0;
    uint64_t all = 0;

    for (int fd = 0; fd < end; fd++) {
        count += look_at(guard, fd, &guard->looks[count]);
    }
    qsort(guard->looks, count, sizeof guard->looks[0], by_peer_and_age);
    for (size_t i = 0, next = 0; i < count; i = next) {
        const struct look *first = &guard->looks[i];

        for (next = i + 1; next < count; next++) {
            if (guard->looks[next].known != first->known ||
                guard->looks[next].peer != first->peer) {
                break;
            }
        }
        all += judge_peer(guard, &guard->looks[i], next - i);
    }
    if (all > LINK_GUARD_ALL_BYTES_MAX) {
        cut(guard, most_unread(guard->looks, count), "bytes of all");
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

/* ---- the doors ---- */

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

static void watch(struct link_guard *guard, int fd, uint64_t taken)
{
    int end = atomic_load(&guard->fd_end);

    atomic_store(&guard->watched[fd].taken, taken);
    while (fd >= end &&
           !atomic_compare_exchange_weak(&guard->fd_end, &end, fd + 1)) {
    }
}

void link_guard_accept(struct link_guard *guard, int fd)
{
    if (fd < 0 || fd >= LINK_GUARD_FDS_MAX) {
        return;
    }
    atomic_store(&guard->watched[fd].key, 0);
    atomic_store(&guard->watched[fd].since,
                 atomic_fetch_add(&guard->accepted, 1) + 1);
    watch(guard, fd, 1);
}

void link_guard_taken(struct link_guard *guard, int fd,
                      const struct public_key *key)
{
    uint64_t bytes = 0;

    if (fd < 0 || fd >= LINK_GUARD_FDS_MAX || !bytes_received(fd, &bytes)) {
        return;
    }
    if (key != NULL) {
        atomic_store(&guard->watched[fd].key, bytes_get_u64(key->bytes));
    }
    watch(guard, fd, bytes + 1);
}

uint64_t link_guard_cut(const struct link_guard *guard)
{
    return atomic_load(&guard->cut);
}
