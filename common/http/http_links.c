/* Connections and their deadlines. The library ends a connection on which
 * nothing moves; one byte now and then keeps it, so the end of the headers, of
 * a body and of an answer have deadlines here. Whoever is at a limit does not
 * lock others out: the connection that has waited longest without a whole
 * request makes room. A connection is ended by shutting its socket down, which
 * its own thread then notices; the socket stays open until that thread has told
 * us, so the number cannot be another's. What is being accepted is not counted
 * yet: a limit may be passed by one for each thread more. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- who it is ---- */

static void peer_of_v4(const uint8_t bytes[4], struct http_peer *peer)
{
    peer->key[0] = 4;
    memcpy(peer->key + 1, bytes, 4);
    peer->loopback = bytes[0] == 127;
    (void)inet_ntop(AF_INET, bytes, peer->text, sizeof peer->text);
}

static void peer_of_v6(const struct in6_addr *address, struct http_peer *peer)
{
    struct in6_addr net = *address;

    if (IN6_IS_ADDR_V4MAPPED(address)) {
        peer_of_v4(address->s6_addr + 12, peer);
        return;
    }
    peer->key[0] = 6;
    memcpy(peer->key + 1, address->s6_addr, 8);
    peer->loopback = IN6_IS_ADDR_LOOPBACK(address);
    memset(net.s6_addr + 8, 0, 8);
    (void)inet_ntop(AF_INET6, &net, peer->text, sizeof peer->text - 4);
    memcpy(peer->text + strlen(peer->text), "/64", sizeof "/64");
}

static void peer_of(const struct sockaddr *address, struct http_peer *peer)
{
    memset(peer, 0, sizeof *peer);
    if (address != NULL && address->sa_family == AF_INET) {
        struct sockaddr_in v4;

        memcpy(&v4, address, sizeof v4);
        peer_of_v4((const uint8_t *)&v4.sin_addr, peer);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;

        memcpy(&v6, address, sizeof v6);
        peer_of_v6(&v6.sin6_addr, peer);
    }
    /* All of this machine is one, whatever address of its own it comes from. */
    if (peer->loopback) {
        memset(peer->key, 0, sizeof peer->key);
        memcpy(peer->text, "loopback", sizeof "loopback");
    }
}

static bool peers_equal(const struct http_peer *a, const struct http_peer *b)
{
    return memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* ---- states ---- */

static int64_t deadline_ms(const struct http *http, enum http_link_state state)
{
    switch (state) {
    case HTTP_LINK_WAITING:
        return http->limits.headers_ms;
    case HTTP_LINK_BODY:
        return http->limits.body_ms;
    case HTTP_LINK_LATER:
        return http->limits.later_ms;
    case HTTP_LINK_ANSWER:
        return http->limits.reply_ms;
    case HTTP_LINK_STREAM:
    default:
        return 0;
    }
}

void http_link_enter(struct http_link *link, enum http_link_state state)
{
    int64_t now = clock_monotonic_us(&link->http->clock);
    int64_t ms = deadline_ms(link->http, state);
    bool again = state == HTTP_LINK_WAITING && link->state == HTTP_LINK_ANSWER;

    /* Between two requests nothing need come for a while. */
    if (again) {
        ms += link->http->limits.idle_ms;
    }
    link->state = state;
    link->since_us = now;
    link->deadline_us = ms == 0 ? 0 : now + ms * CLOCK_US_PER_MS;
    if (link->deadline_us != 0 &&
        link->deadline_us < link->http->watch_until_us) {
        link->http->watch_until_us = link->deadline_us;
        check(pthread_cond_signal(&link->http->wake) == 0);
    }
}

void http_link_cut(struct http_link *link)
{
    if (!link->cut) {
        link->cut = true;
        link->http->counts.connections_cut++;
        (void)shutdown(link->fd, SHUT_RDWR);
    }
}

/* ---- coming ---- */

/* Of that peer, or of all (NULL): how many, and who has waited longest. */
static unsigned look(const struct http *http, const struct http_peer *peer,
                     struct http_link **oldest)
{
    unsigned count = 0;

    *oldest = NULL;
    for (struct http_link *link = http->links; link != NULL;
         link = link->next) {
        if (link->cut || (peer != NULL && !peers_equal(&link->peer, peer))) {
            continue;
        }
        count++;
        if (link->state == HTTP_LINK_WAITING &&
            (*oldest == NULL || link->since_us < (*oldest)->since_us)) {
            *oldest = link;
        }
    }
    return count;
}

/* Whether one more is within the limit, or somebody made room. */
static bool room_for(struct http *http, const struct http_peer *peer,
                     unsigned limit)
{
    struct http_link *oldest = NULL;

    if (look(http, peer, &oldest) < limit) {
        return true;
    }
    if (oldest != NULL) {
        http_link_cut(oldest);
    }
    return oldest != NULL;
}

enum MHD_Result http_link_accept(void *context, const struct sockaddr *address,
                                 socklen_t size)
{
    struct http *http = context;
    struct http_peer peer;
    bool taken;

    (void)size;
    peer_of(address, &peer);
    check(pthread_mutex_lock(&http->lock) == 0);
    taken = !http->closing &&
            room_for(http, &peer,
                     peer.loopback ? http->limits.loopback
                                   : http->limits.per_address) &&
            room_for(http, NULL, http->limits.connections);
    if (!taken) {
        http->counts.connections_refused++;
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    return taken ? MHD_YES : MHD_NO;
}

static void begin(struct http *http, struct MHD_Connection *connection,
                  void **context)
{
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_link *link = calloc(1, sizeof *link);

    *context = link;
    if (link == NULL) {
        return; /* its requests are refused */
    }
    link->http = http;
    link->connection = connection;
    link->fd = fd == NULL ? -1 : fd->connect_fd;
    peer_of(address == NULL ? NULL : address->client_addr, &link->peer);
    check(pthread_mutex_lock(&http->lock) == 0);
    http_link_enter(link, HTTP_LINK_WAITING);
    link->next = http->links;
    if (link->next != NULL) {
        link->next->previous = link;
    }
    http->links = link;
    http->counts.connections++;
    http->counts.connections_total++;
    check(pthread_mutex_unlock(&http->lock) == 0);
}

static void end(struct http *http, struct http_link *link)
{
    check(pthread_mutex_lock(&http->lock) == 0);
    if (link->later != NULL) {
        http_later_leave(link->later);
    }
    if (link->stream != NULL) {
        http_stream_leave(link->stream);
    }
    if (link->previous != NULL) {
        link->previous->next = link->next;
    } else {
        http->links = link->next;
    }
    if (link->next != NULL) {
        link->next->previous = link->previous;
    }
    http->counts.connections--;
    check(pthread_mutex_unlock(&http->lock) == 0);
    http_request_free(&link->request);
    free(link);
}

void http_link_change(void *context, struct MHD_Connection *connection,
                      void **link, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        begin(context, connection, link);
    } else if (*link != NULL) {
        end(context, *link);
        *link = NULL;
    }
}

struct http_link *http_link_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

/* ---- the watch ---- */

/* Cuts what has passed its deadline; the next one there is, INT64_MAX: none. */
static int64_t look_at_deadlines(struct http *http)
{
    int64_t now = clock_monotonic_us(&http->clock);
    int64_t next = INT64_MAX;

    for (struct http_link *link = http->links; link != NULL;
         link = link->next) {
        if (link->deadline_us == 0) {
            continue;
        }
        if (now < link->deadline_us) {
            next = link->deadline_us < next ? link->deadline_us : next;
            continue;
        }
        link->deadline_us = 0;
        if (link->later != NULL) {
            http_later_abandon(link->later);
        } else {
            http_link_cut(link);
        }
    }
    return next;
}

/* Sleeps until the next deadline; without one until there is one. */
static void *watch(void *context)
{
    struct http *http = context;

    check(pthread_mutex_lock(&http->lock) == 0);
    while (!http->closing) {
        http->watch_until_us = look_at_deadlines(http);
        if (http->watch_until_us == INT64_MAX) {
            check(pthread_cond_wait(&http->wake, &http->lock) == 0);
        } else {
            const struct timespec until = {
                .tv_sec = (time_t)(http->watch_until_us / CLOCK_US_PER_S),
                .tv_nsec =
                    (long)(http->watch_until_us % CLOCK_US_PER_S) * 1000};
            int rc = pthread_cond_timedwait(&http->wake, &http->lock, &until);

            check(rc == 0 || rc == ETIMEDOUT);
        }
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    return NULL;
}

enum status http_watch_start(struct http *http)
{
    http->watching = pthread_create(&http->watch, NULL, watch, http) == 0;
    return http->watching ? STATUS_OK : STATUS_MEMORY;
}

/* `closing` is set: the watch ends at its next look. */
void http_watch_stop(struct http *http)
{
    if (http->watching) {
        check(pthread_cond_signal(&http->wake) == 0);
        check(pthread_join(http->watch, NULL) == 0);
        http->watching = false;
    }
}
