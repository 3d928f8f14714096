/* http_internal - what the files of the server know of each other.
 *
 * Flow     http_open.c -> http_links.c -> http_request.c -> http_reply.c,
 *          http_later.c, http_stream.c
 * Owns     the server, its connections and what is asked on them.
 * Threads  what stands below "lock" is read and written with it held. It is
 *          taken before libmicrohttpd's own locks and never inside them, but
 *          for those of one response; nothing is waited for with it held.
 * Limits   those of http.h.
 */
#ifndef TALLYLINE_COMMON_HTTP_HTTP_INTERNAL_H
#define TALLYLINE_COMMON_HTTP_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <sys/socket.h>

#include "common/http/http.h"
#include "common/http/http_target.h"

#define HTTP_PEER_SIZE 64u

enum http_link_state {
    HTTP_LINK_WAITING, /* for the end of a request's headers */
    HTTP_LINK_BODY,
    HTTP_LINK_LATER,  /* somebody owes the answer */
    HTTP_LINK_ANSWER, /* is being sent */
    HTTP_LINK_STREAM
};

/* Whom a limit counts: an IPv4 address, an IPv6 network of 64 bits, or all of
 * this machine. */
struct http_peer {
    uint8_t key[9];
    bool loopback;
    char text[HTTP_PEER_SIZE];
};

/* One connection. */
struct http_link {
    struct http *http;
    struct MHD_Connection *connection;
    int fd;
    struct http_peer peer;
    enum http_link_state state;
    int64_t since_us;    /* that state */
    int64_t deadline_us; /* 0: none */
    bool cut;
    struct http_request *request; /* in hand; NULL: none */
    struct http_later *later;     /* that is owed; NULL: none */
    struct http_stream *stream;   /* that is sent; NULL: none */
    struct http_link *next, *previous;
};

struct http_request {
    struct http *http;
    struct http_link *link;
    enum status read; /* of the target */
    struct http_target target;
    struct http_parts parts;
    enum http_method method;
    const struct http_route *route;
    struct http_who who;
    struct buffer body;
    int file;                  /* the body of a file's route; -1: none */
    bool begun;                /* its headers were looked at */
    bool answered;             /* its reply was given to the library */
    bool has_body;             /* and one is expected */
    struct http_reply refusal; /* to be sent at the end; status 0: none */
};

/* Owed by the application and held by the server: freed with the last. */
struct http_later {
    struct http *http;
    struct http_link *link; /* NULL: the browser waits no more */
    unsigned holders;
    bool answered;
    bool suspended;
    struct http_reply reply;
};

struct http_stream {
    struct http *http;
    struct http_link *link; /* NULL: it has gone */
    unsigned holders;
    bool ended;
    bool failed; /* too slow, or no memory: nothing more */
    bool suspended;
    struct buffer waiting;
    size_t sent; /* of `waiting` */
};

struct http {
    struct http_options options;
    struct http_limits limits;
    struct clock clock;
    char address[HTTP_HOST_SIZE];
    char hosts[HTTP_HOSTS_MAX + 4u][HTTP_HOST_SIZE];
    size_t host_count;
    char *certificate, *key; /* texts, wiped at the end */
    struct MHD_Daemon *daemon;
    char complaint[HTTP_WHY_SIZE]; /* of the library while it starts */
    _Atomic bool started;
    pthread_t watch;
    bool watching;
    pthread_cond_t wake;
    pthread_mutex_t lock;
    /* lock */
    bool closing;
    int64_t watch_until_us; /* the deadline that the watch sleeps to */
    unsigned holders; /* the one that opened it, and who holds parts of it */
    struct http_link *links;
    struct http_counts counts;
};

/* ---- http_open.c ---- */

/* Lets go of the server, with the lock held, which is free afterwards. */
void http_release(struct http *http);

/* ---- http_links.c: connections ---- */

/* Callbacks of the library. */
enum MHD_Result http_link_accept(void *http, const struct sockaddr *address,
                                 socklen_t size);
void http_link_change(void *http, struct MHD_Connection *connection,
                      void **context, enum MHD_ConnectionNotificationCode code);
struct http_link *http_link_of(struct MHD_Connection *connection);
/* With the lock held. */
void http_link_enter(struct http_link *link, enum http_link_state state);
void http_link_cut(struct http_link *link);
/* The thread that holds connections to their deadlines. */
MUST_USE enum status http_watch_start(struct http *http);
void http_watch_stop(struct http *http);

/* ---- http_request.c ---- */

void *http_request_uri(void *http, const char *uri,
                       struct MHD_Connection *connection);
enum MHD_Result http_request_serve(void *http,
                                   struct MHD_Connection *connection,
                                   const char *url, const char *method,
                                   const char *version, const char *data,
                                   size_t *data_size, void **context);
void http_request_done(void *http, struct MHD_Connection *connection,
                       void **context, enum MHD_RequestTerminationCode why);
void http_request_free(struct http_request **request);

/* ---- http_admit.c: whether a request gets as far as its handler ---- */

/* Whether its body goes to a file. */
bool http_takes_file(const struct http_request *request);
/* True: it does. False: `reply` says why not. */
bool http_admit(struct http_request *request, const char *method,
                struct http_reply *reply);

/* ---- http_reply.c ---- */

/* Sends it; the reply is given away. */
enum MHD_Result http_reply_send(struct http_request *request,
                                struct http_reply *reply);

/* ---- http_later.c, http_stream.c: with the lock held ---- */

/* What the browser waited for is not coming any more: a 503 in its place. */
void http_later_abandon(struct http_later *later);
/* The connection is closed. */
void http_later_leave(struct http_later *later);
/* After the handler: waits for the answer (false) or has it in `reply`. */
bool http_later_settle(struct http_request *request, struct http_reply *reply);
void http_stream_end(struct http_stream *stream);
void http_stream_leave(struct http_stream *stream);
/* Without the lock: the server lets go of its end. */
void http_stream_drop(void *stream);
/* Without the lock: the response that reads from it and drops it at the end.
 * NULL: no memory. */
struct MHD_Response *http_stream_response(struct http_stream *stream);

#endif
