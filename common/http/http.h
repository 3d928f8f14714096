/* http - the small server that a program answers browsers with.
 *
 * Flow     connection -> limits -> request -> [http] -> route -> handler ->
 *          reply;  any thread -> stream -> browser
 * Owns     the listening socket, the connections, requests and replies; only
 *          common/http includes <microhttpd.h>.
 * Threads  handlers run on HTTP_THREADS threads of the server's own, several
 *          at once. None may wait: what takes long is answered later
 *          (http_later()), from whatever thread has done it. http_stream_*()
 *          and http_later_*() are for any thread, the rest for the one that
 *          opened the server.
 * Limits   below; what is beyond them is refused with a reason (I11).
 *
 * What is done for every handler, so that none can forget it: the path is
 * decoded once and matched segment by segment ("..", NUL, "%2f" and what is not
 * UTF-8 are refused); Host must be a known name, which stops DNS rebinding;
 * what is not GET or HEAD must come from our own pages (Origin,
 * Sec-Fetch-Site) and, with a cookie, carry the session's token in
 * X-Tallyline-CSRF; the role must be one of the route's; a body has the route's
 * type and a stated length. Every reply carries the headers that keep a page
 * from running what is not ours. Errors are application/problem+json
 * (RFC 9457); HEAD is a GET whose body is left out; an etag that the browser
 * still has is answered with 304.
 */
#ifndef TALLYLINE_COMMON_HTTP_HTTP_H
#define TALLYLINE_COMMON_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/status.h"

#define HTTP_THREADS          2u
#define HTTP_CONNECTIONS_MAX  640u
#define HTTP_ADDRESS_MAX      32u  /* connections from one address ... */
#define HTTP_LOOPBACK_MAX     256u /* ... and from this machine itself */
#define HTTP_STREAMS_MAX      512u
#define HTTP_STREAM_BYTES_MAX (256u * 1024u) /* that a reader may lag */
#define HTTP_HEADERS_MAX      (16u * 1024u)
#define HTTP_BODY_MAX         (64u * 1024u)
#define HTTP_FILE_MAX         (64u * 1024u * 1024u) /* of any program */
#define HTTP_PATH_MAX         1024u
#define HTTP_QUERY_MAX        2048u
#define HTTP_SEGMENTS_MAX     16u
#define HTTP_PARAMETERS_MAX   32u
#define HTTP_HOSTS_MAX        16u
#define HTTP_HOST_SIZE        256u /* with the closing zero */
#define HTTP_ROUTES_MAX       256u
#define HTTP_NAME_SIZE        64u
#define HTTP_TOKEN_SIZE       65u
#define HTTP_FILE_NAME_SIZE   160u
#define HTTP_ETAG_SIZE        72u
#define HTTP_HEADERS_MS       INT64_C(15000)  /* to the headers' end */
#define HTTP_IDLE_MS          INT64_C(60000)  /* between two requests */
#define HTTP_BODY_MS          INT64_C(30000)  /* to the body's end */
#define HTTP_LATER_MS         INT64_C(30000)  /* for an answer that is later */
#define HTTP_REPLY_MS         INT64_C(300000) /* for taking the answer */

enum http_method {
    HTTP_GET,
    HTTP_POST,
    HTTP_PUT,
    HTTP_DELETE,
    HTTP_METHODS
};

struct http;         /* opaque: the server */
struct http_request; /* opaque: what is asked */
struct http_later;   /* opaque: an answer that is owed */
struct http_stream;  /* opaque: an answer that goes on */

/* ---- who asks ---- */

/* The roles are the application's own, one bit each. */
#define HTTP_PUBLIC UINT32_C(0) /* of a route: for everybody */

/* The body_type of a route whose body is a file: it may be larger, and is never
 * in memory as a whole. */
#define HTTP_FILE_TYPE "application/octet-stream"

struct http_who {
    uint32_t role;  /* one bit; 0: nobody that we know */
    bool by_cookie; /* then what changes something carries `csrf` */
    char name[HTTP_NAME_SIZE];
    char csrf[HTTP_TOKEN_SIZE];
    uint64_t scope;   /* the application's: a district's unit, or 0 */
    uint64_t session; /* the application's: a number of it, or 0 */
};

/* ---- replies ---- */

enum http_cache {
    HTTP_CACHE_NEVER,  /* no-store: figures, sessions */
    HTTP_CACHE_ASK,    /* kept, but asked for by etag each time */
    HTTP_CACHE_FOREVER /* its name changes when its bytes do */
};

/* Filled in by a handler. Texts that are pointers are constants: a reply may be
 * sent long after it was filled in. */
struct http_reply {
    unsigned status;  /* 0: none yet */
    const char *type; /* Content-Type; NULL: no body */
    enum http_cache cache;
    char etag[HTTP_ETAG_SIZE];           /* without its quotes; empty: none */
    const char *encoding;                /* Content-Encoding; NULL: none */
    char file_name[HTTP_FILE_NAME_SIZE]; /* a download; ASCII; empty: none */
    unsigned retry_after_s;              /* Retry-After; 0: none */
    char cookie[320];                    /* Set-Cookie; empty: none */
    char allow[48];                      /* Allow, of a 405 */
    const char *policy; /* Content-Security-Policy in place of the usual one */
    const char *vary;   /* Vary; NULL: none */
    struct bytes body;  /* see http_reply_*() */
    void (*release)(void *owner); /* when `body` is no longer needed */
    void *owner;
    struct http_stream *stream;
};

void http_reply_init(struct http_reply *reply);
/* Drops a reply that is not sent after all. */
void http_reply_fini(struct http_reply *reply);
/* Takes the buffer's memory, which is empty afterwards. Status 200 unless one
 * is set already. */
void http_reply_take(struct http_reply *reply, const char *type,
                     struct buffer *body);
/* The same with bytes that stay as they are until `release` (NULL: for ever)
 * was called with `owner`, once, on any thread. */
void http_reply_borrow(struct http_reply *reply, const char *type,
                       struct bytes body, void (*release)(void *owner),
                       void *owner);
/* An error as problem+json; replaces what was filled in. `detail` (may be NULL)
 * is for the person who has to mend it, and is copied. */
void http_reply_problem(struct http_reply *reply, unsigned status,
                        const char *detail);

/* A file that is a part of the program. */
struct http_asset {
    const char *type;
    const char *etag;  /* of the bytes, without quotes */
    struct bytes gzip; /* compressed */
    size_t size;       /* not compressed */
    bool forever;      /* its name holds its hash */
};

/* Compressed, or inflated for who does not take gzip. */
void http_reply_asset(const struct http_request *request,
                      const struct http_asset *asset, struct http_reply *reply);

/* ---- requests: all texts are valid until the handler returns ---- */

/* The text that stands for {name} in the route's path, decoded. */
const char *http_part(const struct http_request *request, const char *name);
/* The same, or `other` where the route has no such name. */
const char *http_part_or(const struct http_request *request, const char *name,
                         const char *other);
/* A parameter of the query, decoded; NULL when it is not given. The same one
 * twice was refused before. */
const char *http_query(const struct http_request *request, const char *name);
/* All of them, in their order; NULL behind the last. */
const char *http_query_at(const struct http_request *request, size_t place,
                          const char **value);
/* True when every parameter is one of `names` (ended by NULL); if not, the
 * reply is a 400 that names it. */
bool http_query_only(const struct http_request *request,
                     const char *const *names, struct http_reply *reply);
/* A header; NULL when it is not given. The first one, of several. */
const char *http_header(const struct http_request *request, const char *name);
/* One cookie; false when it is not given, given twice, or too long. */
bool http_cookie(const struct http_request *request, const char *name,
                 char *value, size_t room);
struct bytes http_body(const struct http_request *request);
/* The body of a route that takes files (HTTP_FILE_TYPE), as a descriptor at its
 * beginning: a file without a name, gone when it is closed. The caller closes
 * it. -1: there was no body, or it was taken before. */
int http_take_body_file(struct http_request *request);
const struct http_who *http_who(const struct http_request *request);
/* The address that the connection came from: "192.0.2.1", "2001:db8::/64",
 * "loopback" - what limits are counted by. */
const char *http_peer(const struct http_request *request);
bool http_peer_is_loopback(const struct http_request *request);
bool http_is_secure(const struct http_request *request); /* TLS */
/* The `data` of the route that was taken. */
const void *http_route_data(const struct http_request *request);

/* ---- later ---- */

/* The reply comes later; the handler leaves its own untouched and returns. What
 * it needs of the request it copies first. NULL when there is no memory (the
 * reply is then a 503). Whoever holds it answers within HTTP_LATER_MS; after
 * that, or when the server closes, the browser has got a 503 and the answer is
 * dropped. */
struct http_later *http_later(struct http_request *request,
                              struct http_reply *reply);
/* Whether nobody waits for it any more: the browser has closed its end, or got
 * the 503. Whoever owes it still answers, and may spare himself the work. */
bool http_later_gone(struct http_later *later);
/* Takes the reply, and `later`, which is NULL afterwards. */
void http_later_answer(struct http_later **later, struct http_reply *reply);

/* ---- streams ---- */

/* Makes the reply one that goes on until the stream is closed; the caller holds
 * it until http_stream_close(). NULL when HTTP_STREAMS_MAX are open, or without
 * memory: the reply is then a 503. */
struct http_stream *http_reply_stream(struct http_request *request,
                                      struct http_reply *reply,
                                      const char *type);
/* Copies the bytes behind what is still to be sent. STATUS_FULL: the reader is
 * too slow and was cut. STATUS_NOT_FOUND: it has gone. In both cases nothing
 * more will be taken. STATUS_MEMORY: these bytes were not taken, and the
 * reader was cut. */
MUST_USE enum status http_stream_append(struct http_stream *stream,
                                        struct bytes bytes);
bool http_stream_gone(struct http_stream *stream);
/* Ends it behind what was appended; NULL afterwards; accepts NULL. */
void http_stream_close(struct http_stream **stream);

/* ---- the server ---- */

struct http_route {
    enum http_method method; /* GET answers HEAD too */
    /* Segments and {names}: "/api/v1/units/{code}"; "{name*}" as the last one
     * takes all that is left, slashes included. The first that fits is taken.
     */
    const char *path;
    uint32_t roles;        /* who may: bits, or HTTP_PUBLIC */
    const char *body_type; /* "application/json"; NULL: takes no body */
    void (*handle)(void *context, struct http_request *request,
                   struct http_reply *reply);
    const void *data; /* for http_route_data() */
};

/* Other limits than the named ones, for tests; 0: the named one. */
struct http_limits {
    unsigned connections;
    unsigned per_address;
    unsigned loopback;
    unsigned streams;
    size_t stream_bytes;
    int64_t headers_ms;
    int64_t idle_ms;
    int64_t body_ms;
    int64_t later_ms;
    int64_t reply_ms;
};

struct http_options {
    const char *address; /* "127.0.0.1:18080", "[::1]:18080"; port 0: any */
    const char *hosts[HTTP_HOSTS_MAX]; /* names in Host that are ours, beside
                                        * the address and, on loopback,
                                        * localhost; without a port */
    size_t host_count;
    struct bytes certificate;        /* PEM, the chain; none: no TLS */
    struct bytes key;                /* PEM */
    const struct http_route *routes; /* borrowed for the server's life */
    size_t route_count;
    void *context; /* of the handlers and of `find_who` */
    /* Who asks, by cookie or token; `who` is nobody before. NULL: nobody is
     * known, only public routes answer. */
    void (*find_who)(void *context, const struct http_request *request,
                     struct http_who *who);
    struct http_limits limits;
    /* Where files of routes that take them lie while they come; their greatest
     * size, HTTP_FILE_MAX at most. NULL: no route takes any. */
    const char *file_folder;
    size_t file_bytes;
};

/* Listens and serves. STATUS_CONFIG: the address cannot be read, or the
 * certificate not be used; STATUS_BUSY: the port is taken; STATUS_IO,
 * STATUS_MEMORY. `why` gets a sentence for people. */
#define HTTP_WHY_SIZE 256u
MUST_USE enum status http_open(const struct http_options *options,
                               struct http **http, char why[HTTP_WHY_SIZE]);
/* Where it listens: "127.0.0.1:18080". */
const char *http_address(const struct http *http);
/* Ends streams and what is owed, then all connections. */
void http_close(struct http **http);

/* What became of requests since the start. */
struct http_counts {
    uint64_t by_class[6]; /* replies by the first digit of their status */
    uint64_t refused_host, refused_origin, refused_csrf, refused_role;
    uint64_t refused_limit;       /* a path, header or body too large */
    uint64_t connections_total;   /* taken */
    uint64_t connections_refused; /* above a limit */
    uint64_t connections_cut;     /* too slow, or to make room for another */
    uint64_t streams_total, streams_cut;
    unsigned connections, streams; /* now */
};

void http_counts(const struct http *http, struct http_counts *counts);
/* The same, of the server that the request came to: for handlers. */
void http_request_counts(const struct http_request *request,
                         struct http_counts *counts);

#endif
