/* Opening and closing. Failure modes: an address that cannot be read, a port
 * that is taken, a certificate that does not fit its key: a sentence, and
 * nothing is left behind. Closing ends what is open in an order in which
 * nobody waits for another: first the answers that somebody owes and the
 * streams, then the watch, then the library with its connections. */
#include "common/http/http_internal.h"

#include "common/base/check.h"
#include "common/base/log.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 256
/* A connection's memory holds a request's headers while they are read, and
 * what is written of an answer. */
#define CONNECTION_BYTES (HTTP_HEADERS_MAX * 2u)
/* Connections that are shut down and have not gone yet count in the library
 * only. It shares the number out among its threads. */
#define CONNECTION_SLACK 256u
#define TLS_PRIORITIES \
    "SECURE128:-VERS-TLS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* ---- the socket ---- */

/* "host:port" into two texts; brackets fall away. */
static bool split(const char *address, char host[HTTP_HOST_SIZE], char port[8])
{
    const char *colon = strrchr(address, ':');
    size_t size = colon == NULL ? 0 : (size_t)(colon - address);

    if (size == 0 || size >= HTTP_HOST_SIZE || strlen(colon + 1) > 5 ||
        colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1)) {
        return false;
    }
    if (address[0] == '[' && address[size - 1] == ']') {
        address++;
        size -= 2;
    }
    memcpy(host, address, size);
    host[size] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static int listen_on(const struct addrinfo *info)
{
    int yes = 1;
    int fd = socket(info->ai_family,
                    info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    info->ai_protocol);

    if (fd < 0) {
        return -1;
    }
    /* A port that was ours a moment ago may be taken again. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, info->ai_addr, info->ai_addrlen) != 0 ||
        listen(fd, BACKLOG) != 0) {
        int error = errno;

        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;

        memcpy(&v4, address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;

        memcpy(&v6, address, sizeof v6);
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
    }
    return false;
}

static bool is_any(const char *host)
{
    return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

static void add_host(struct http *http, const char *name)
{
    if (http->host_count < sizeof http->hosts / sizeof http->hosts[0] &&
        http_host_read(name, http->hosts[http->host_count])) {
        http->host_count++;
    }
}

/* Names that stand for us: as configured; the address itself; and those of
 * this machine when it can be reached by them. */
static void set_hosts(struct http *http, const char *host, bool loopback)
{
    static const char *const own[] = {"localhost", "127.0.0.1", "[::1]"};
    char literal[HTTP_HOST_SIZE + 2u];

    for (size_t i = 0; i < http->options.host_count; i++) {
        add_host(http, http->options.hosts[i]);
    }
    if (!loopback && !is_any(host)) {
        (void)snprintf(literal, sizeof literal,
                       strchr(host, ':') != NULL ? "[%s]" : "%s", host);
        add_host(http, literal);
    }
    for (size_t i = 0; (loopback || is_any(host)) && i < 3; i++) {
        add_host(http, own[i]);
    }
}

/* Where it listens, with the port that the kernel chose. */
static enum status set_address(struct http *http, int fd, const char *host)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char port[8];

    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV) != 0) {
        return STATUS_IO;
    }
    set_hosts(http, host, is_loopback((struct sockaddr *)&bound));
    (void)snprintf(http->address, sizeof http->address,
                   strchr(host, ':') != NULL ? "[%.200s]:%s" : "%.200s:%s",
                   host, port);
    return STATUS_OK;
}

static enum status listen_here(struct http *http, int *fd,
                               char why[HTTP_WHY_SIZE])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *info = NULL;
    char host[HTTP_HOST_SIZE];
    char port[8];
    enum status status = STATUS_OK;

    if (!split(http->options.address, host, port) ||
        getaddrinfo(host, port, &hints, &info) != 0) {
        (void)snprintf(why, HTTP_WHY_SIZE, "%.100s: no address to listen on",
                       http->options.address);
        return STATUS_CONFIG;
    }
    *fd = listen_on(info);
    if (*fd < 0) {
        (void)snprintf(why, HTTP_WHY_SIZE, "%.100s: %s", http->options.address,
                       errno == EADDRINUSE
                           ? "another program listens there already"
                           : strerror(errno));
        status = errno == EADDRINUSE ? STATUS_BUSY : STATUS_IO;
    }
    freeaddrinfo(info);
    return status == STATUS_OK ? set_address(http, *fd, host) : status;
}

/* ---- the library ---- */

/* Its complaints: while it starts they are the reason, later they are about
 * what browsers sent. */
static void complain(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void complain(void *context, const char *format, va_list arguments)
{
    struct http *http = context;
    char text[HTTP_WHY_SIZE];

    (void)vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\r\n")] = '\0';
    if (!http->started) {
        memcpy(http->complaint, text, sizeof text);
    } else {
        log_debug("http", log_text("why", text));
    }
}

static struct MHD_Daemon *start_library(struct http *http, int fd)
{
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
                           MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                           (http->certificate != NULL ? MHD_USE_TLS : 0u);
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, http->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

    return MHD_start_daemon(
        flags, 0, http_link_accept, http, http_request_serve, http,
        MHD_OPTION_EXTERNAL_LOGGER, complain, http, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_THREAD_POOL_SIZE, HTTP_THREADS,
        MHD_OPTION_CONNECTION_LIMIT,
        (http->limits.connections + CONNECTION_SLACK) * HTTP_THREADS,
        MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((http->limits.idle_ms + 999) / 1000),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
        http_link_change, http, MHD_OPTION_NOTIFY_COMPLETED, http_request_done,
        http, MHD_OPTION_URI_LOG_CALLBACK, http_request_uri, http,
        MHD_OPTION_ARRAY, http->certificate != NULL ? tls : none,
        MHD_OPTION_END);
}

/* ---- options ---- */

static void set_limits(struct http *http)
{
    struct http_limits *limits = &http->limits;

#define LIMIT(name, value) \
    limits->name = limits->name == 0 ? (value) : limits->name
    *limits = http->options.limits;
    LIMIT(connections, HTTP_CONNECTIONS_MAX);
    LIMIT(per_address, HTTP_ADDRESS_MAX);
    LIMIT(loopback, HTTP_LOOPBACK_MAX);
    LIMIT(streams, HTTP_STREAMS_MAX);
    LIMIT(stream_bytes, HTTP_STREAM_BYTES_MAX);
    LIMIT(headers_ms, HTTP_HEADERS_MS);
    LIMIT(idle_ms, HTTP_IDLE_MS);
    LIMIT(body_ms, HTTP_BODY_MS);
    LIMIT(later_ms, HTTP_LATER_MS);
    LIMIT(reply_ms, HTTP_REPLY_MS);
#undef LIMIT
}

static char *text_of(struct bytes bytes)
{
    char *text = malloc(bytes.size + 1);

    if (text != NULL) {
        memcpy(text, bytes.data, bytes.size);
        text[bytes.size] = '\0';
    }
    return text;
}

static enum status take_options(struct http *http)
{
    const struct http_options *options = &http->options;

    check(options->route_count <= HTTP_ROUTES_MAX &&
          options->host_count <= HTTP_HOSTS_MAX);
    for (size_t i = 0; i < options->route_count; i++) {
        const char *type = options->routes[i].body_type;

        check(http_pattern_good(options->routes[i].path));
        check(type == NULL || strcmp(type, HTTP_FILE_TYPE) != 0 ||
              (options->file_folder != NULL &&
               options->file_bytes <= HTTP_FILE_MAX));
    }
    set_limits(http);
    if (options->certificate.size > 0) {
        http->certificate = text_of(options->certificate);
        http->key = text_of(options->key);
        if (http->certificate == NULL || http->key == NULL) {
            return STATUS_MEMORY;
        }
    }
    return STATUS_OK;
}

/* ---- life ---- */

static void init_lock(struct http *http)
{
    pthread_condattr_t clock;

    check(pthread_mutex_init(&http->lock, NULL) == 0);
    check(pthread_condattr_init(&clock) == 0);
    check(pthread_condattr_setclock(&clock, CLOCK_MONOTONIC) == 0);
    check(pthread_cond_init(&http->wake, &clock) == 0);
    check(pthread_condattr_destroy(&clock) == 0);
}

void http_release(struct http *http)
{
    bool last;

    check(http->holders > 0);
    last = --http->holders == 0;
    check(pthread_mutex_unlock(&http->lock) == 0);
    if (last) {
        check(pthread_cond_destroy(&http->wake) == 0);
        check(pthread_mutex_destroy(&http->lock) == 0);
        if (http->key != NULL) {
            sodium_memzero(http->key, strlen(http->key));
        }
        free(http->key);
        free(http->certificate);
        free(http);
    }
}

enum status http_open(const struct http_options *options, struct http **out,
                      char why[HTTP_WHY_SIZE])
{
    struct http *http = calloc(1, sizeof *http);
    int fd = -1;
    enum status status;

    *out = NULL;
    why[0] = '\0';
    if (http == NULL) {
        return STATUS_MEMORY;
    }
    http->options = *options;
    http->holders = 1;
    clock_init_real(&http->clock);
    init_lock(http);
    status = take_options(http);
    if (status == STATUS_OK) {
        status = listen_here(http, &fd, why);
    }
    if (status == STATUS_OK) {
        status = http_watch_start(http);
    }
    /* Handlers may be called from here on. */
    *out = http;
    if (status == STATUS_OK) {
        http->daemon = start_library(http, fd);
        if (http->daemon == NULL) {
            (void)snprintf(why, HTTP_WHY_SIZE, "%s", http->complaint);
            status = http->certificate != NULL ? STATUS_CONFIG : STATUS_IO;
        } else {
            fd = -1; /* the library closes it */
        }
        http->started = true;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    if (status != STATUS_OK) {
        http_close(out);
    }
    return status;
}

const char *http_address(const struct http *http)
{
    return http->address;
}

void http_counts(const struct http *http, struct http_counts *counts)
{
    struct http *changed = (struct http *)(uintptr_t)http;

    check(pthread_mutex_lock(&changed->lock) == 0);
    *counts = http->counts;
    check(pthread_mutex_unlock(&changed->lock) == 0);
}

void http_close(struct http **out)
{
    struct http *http = *out;

    if (http == NULL) {
        return;
    }
    check(pthread_mutex_lock(&http->lock) == 0);
    http->closing = true;
    for (struct http_link *link = http->links; link != NULL;
         link = link->next) {
        if (link->later != NULL) {
            http_later_abandon(link->later);
        }
        if (link->stream != NULL) {
            http_stream_end(link->stream);
        }
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    http_watch_stop(http);
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon);
    }
    check(pthread_mutex_lock(&http->lock) == 0);
    http_release(http);
    *out = NULL;
}
