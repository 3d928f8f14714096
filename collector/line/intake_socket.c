/* libzmq's defaults let every stranger in, keep silent links for ever and
 * queue without an end; what is set here, and why, is in docs/PROTOCOL.md. */
#include "collector/line/intake_socket.h"

#include "common/base/check.h"
#include "common/base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* ZMQ_ZAP_ENFORCE_DOMAIN: in the library, but not in Debian's header. */
#define ZAP_ENFORCE_DOMAIN 93

/* A frame on the wire is larger than its content by what CURVE adds. */
#define CURVE_OVERHEAD_BYTES 64

#define MONITOR_NAME_MAX 64u
#define LINGER_MS        1000
#define HANDSHAKE_MS     15000
#define SILENT_S         15 /* then the kernel asks whether the peer is there */
#define ASK_AGAIN_S      10
#define ASK_TIMES        3
#define BACKLOG          128

/* Enough events for a storm; what comes on top is not counted. */
#define EVENTS_MAX 1000u

struct option {
    int name;
    int value;
};

static bool set_options(void *socket, const struct option options[],
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (zmq_setsockopt(socket, options[i].name, &options[i].value,
                           sizeof options[i].value) != 0) {
            log_error("a socket option is refused",
                      log_number("option", options[i].name),
                      log_number("errno", errno));
            return false;
        }
    }
    return true;
}

/* Without both of these libzmq asks nobody when the handler is missing. */
static bool enforce_zap(void *socket, enum zap_domain domain)
{
    const char *name = zap_domain_name(domain);
    int enforce = 1;

    return zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, name, strlen(name)) == 0 &&
           zmq_setsockopt(socket, ZAP_ENFORCE_DOMAIN, &enforce,
                          sizeof enforce) == 0;
}

static void *open_monitor(void *context, void *socket, int events)
{
    char name[MONITOR_NAME_MAX];
    void *monitor;

    (void)snprintf(name, sizeof name, "inproc://tallyline.monitor.%p", socket);
    if (zmq_socket_monitor(socket, name, events) != 0) {
        return NULL;
    }
    monitor = zmq_socket(context, ZMQ_PAIR);
    if (monitor != NULL && zmq_connect(monitor, name) != 0) {
        (void)zmq_close(monitor);
        monitor = NULL;
    }
    return monitor;
}

enum status intake_socket_make(void *context, const struct intake_shape *shape,
                               const struct curve_keys *keys, void **made,
                               void **monitor)
{
    const struct option plain[] = {
        {ZMQ_CURVE_SERVER, 1},
        {ZMQ_RCVHWM, (int)shape->receive_max},
        {ZMQ_SNDHWM, (int)shape->send_max},
        {ZMQ_LINGER, shape->linger_ms},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, SILENT_S},
        {ZMQ_TCP_KEEPALIVE_INTVL, ASK_AGAIN_S},
        {ZMQ_TCP_KEEPALIVE_CNT, ASK_TIMES},
        {ZMQ_BACKLOG, BACKLOG},
        {ZMQ_IPV6, 1},
    };
    static const struct option router[] = {{ZMQ_ROUTER_MANDATORY, 1}};
    int64_t frame_max = shape->frame_max + CURVE_OVERHEAD_BYTES;
    uint64_t threads = UINT64_C(1) << shape->thread;

    *monitor = NULL;
    *made = zmq_socket(context, shape->type);
    if (*made == NULL) {
        return STATUS_IO;
    }
    if (!enforce_zap(*made, shape->domain)) {
        log_error("this libzmq does not enforce the ZAP domain");
        return STATUS_CONFIG;
    }
    if (!set_options(*made, plain, sizeof plain / sizeof plain[0]) ||
        (shape->type == ZMQ_ROUTER && !set_options(*made, router, 1)) ||
        zmq_setsockopt(*made, ZMQ_AFFINITY, &threads, sizeof threads) != 0 ||
        zmq_setsockopt(*made, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) !=
            0 ||
        zmq_setsockopt(*made, ZMQ_CURVE_SECRETKEY, keys->secret,
                       CURVE_SECRET_BYTES) != 0) {
        return STATUS_CONFIG;
    }
    /* Not HANDSHAKE_FAILED_PROTOCOL: telling it loses the error's number, and
     * a frame that does not decrypt leaves a link that is neither up nor
     * down, and ends the process when it breaks. */
    *monitor = open_monitor(context, *made,
                            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                                ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                ZMQ_EVENT_ACCEPT_FAILED);
    return *monitor != NULL ? STATUS_OK : STATUS_IO;
}

enum status intake_socket_open(const struct intake_options *options,
                               uint32_t queue_max, void **router,
                               void **monitor)
{
    const struct intake_shape shape = {.type = ZMQ_ROUTER,
                                       .domain = ZAP_LINE,
                                       .receive_max = INTAKE_WAITING_MAX,
                                       .send_max = queue_max,
                                       .frame_max = WIRE_FRAME_BYTES_MAX,
                                       .linger_ms = LINGER_MS};

    return intake_socket_make(options->context, &shape, options->keys, router,
                              monitor);
}

/* libzmq writes 127.0.0.1 as [::ffff:127.0.0.1]: people know the former. */
static void unmap(char bound[INTAKE_ADDRESS_MAX])
{
    static const char mapped[] = "tcp://[::ffff:";
    char host[INTAKE_ADDRESS_MAX];
    const char *end = strchr(bound, ']');

    if (strncmp(bound, mapped, sizeof mapped - 1) != 0 || end == NULL) {
        return;
    }
    (void)snprintf(host, sizeof host, "tcp://%.*s%s",
                   (int)(end - bound - (ptrdiff_t)(sizeof mapped - 1)),
                   bound + sizeof mapped - 1, end + 1);
    memcpy(bound, host, strlen(host) + 1);
}

enum status intake_socket_bind(void *router, const char *address,
                               char bound[INTAKE_ADDRESS_MAX])
{
    size_t size = INTAKE_ADDRESS_MAX;

    if (zmq_bind(router, address) != 0) {
        enum status status = STATUS_CONFIG;

        if (errno == EADDRINUSE) {
            status = STATUS_BUSY;
        }
        log_error("cannot bind", log_text("address", address),
                  log_text("error", zmq_strerror(errno)));
        return status;
    }
    if (zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, bound, &size) != 0) {
        return STATUS_CONFIG;
    }
    unmap(bound);
    return STATUS_OK;
}

void intake_socket_close(void *router, void *monitor)
{
    if (router != NULL) {
        (void)zmq_socket_monitor(router, NULL, 0);
        (void)zmq_close(router);
    }
    if (monitor != NULL) {
        (void)zmq_close(monitor);
    }
}

/* ---- events ---- */

struct event_seen {
    uint16_t what;
    uint32_t value;
    char address[INTAKE_ADDRESS_MAX];
};

/* The monitor's two frames; numbers are in the machine's own order there. */
static bool next_event(void *monitor, struct event_seen *seen, int flags)
{
    uint8_t head[6];
    int size;

    if (zmq_recv(monitor, head, sizeof head, flags) < (int)sizeof head) {
        return false;
    }
    memcpy(&seen->what, head, sizeof seen->what);
    memcpy(&seen->value, head + 2, sizeof seen->value);
    size = zmq_recv(monitor, seen->address, sizeof seen->address - 1,
                    ZMQ_DONTWAIT);
    if (size < 0) {
        size = 0;
    } else if ((size_t)size >= sizeof seen->address) {
        size = (int)sizeof seen->address - 1;
    }
    seen->address[size] = '\0';
    return true;
}

void intake_socket_events(void *monitor, struct link_guard *guard,
                          struct intake_counts *counts, uint32_t *tries)
{
    struct event_seen seen;

    for (size_t i = 0; i < EVENTS_MAX; i++) {
        if (!next_event(monitor, &seen, ZMQ_DONTWAIT)) {
            break;
        }
        if (seen.what == ZMQ_EVENT_ACCEPTED) {
            link_guard_accept(guard, (int)seen.value);
        } else if (seen.what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            counts->handshakes++;
        } else if (seen.what == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && *tries > 0) {
            (*tries)--;
        } else if (seen.what == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
            counts->strangers++; /* the handler says who it was */
        } else if (seen.what == ZMQ_EVENT_ACCEPT_FAILED) {
            counts->accept_failed++;
            log_error("cannot accept a connection",
                      log_number("errno", seen.value));
        } else {
            counts->failed++;
            log_warning("a handshake failed", log_text("address", seen.address),
                        log_number("reason", seen.value));
        }
    }
}

/* ---- the try ---- */

/* An address to connect to for one that was bound: a wildcard is no host. */
static void loopback_of(const char *bound, char out[INTAKE_ADDRESS_MAX])
{
    const char *port = strrchr(bound, ':');

    if (strncmp(bound, "tcp://0.0.0.0:", 14) == 0) {
        (void)snprintf(out, INTAKE_ADDRESS_MAX, "tcp://127.0.0.1%s", port);
    } else if (strncmp(bound, "tcp://[::]:", 11) == 0) {
        (void)snprintf(out, INTAKE_ADDRESS_MAX, "tcp://[::1]%s", port);
    } else {
        (void)snprintf(out, INTAKE_ADDRESS_MAX, "%s", bound);
    }
}

static bool stranger_prepare(void *socket, struct zap *zap,
                             enum zap_domain domain,
                             const struct public_key *server_key)
{
    static const struct option plain[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_IPV6, 1},
        {ZMQ_RECONNECT_IVL, -1},
    };
    struct curve_keys keys;
    bool prepared;

    curve_keys_make(&keys);
    prepared = (zap == NULL ||
                zap_expect(zap, domain, &keys.public_key) == STATUS_OK) &&
               set_options(socket, plain, sizeof plain / sizeof plain[0]) &&
               zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key->bytes,
                              PUBLIC_KEY_BYTES) == 0 &&
               zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY,
                              keys.public_key.bytes, PUBLIC_KEY_BYTES) == 0 &&
               zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secret,
                              CURVE_SECRET_BYTES) == 0;
    curve_keys_wipe(&keys);
    return prepared;
}

enum status intake_socket_try_stranger(void *context, struct zap *zap,
                                       const struct intake_shape *shape,
                                       const char *bound,
                                       const struct public_key *server_key,
                                       int timeout_ms)
{
    char address[INTAKE_ADDRESS_MAX];
    struct event_seen seen;
    void *socket =
        zmq_socket(context, shape->type == ZMQ_PUB ? ZMQ_SUB : ZMQ_DEALER);
    void *monitor = NULL;
    enum status status = STATUS_AGAIN;

    loopback_of(bound, address);
    if (socket == NULL ||
        !stranger_prepare(socket, zap, shape->domain, server_key)) {
        goto out;
    }
    monitor = open_monitor(context, socket,
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                               ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    if (monitor == NULL ||
        zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms) !=
            0 ||
        zmq_connect(socket, address) != 0 || !next_event(monitor, &seen, 0)) {
        goto out;
    }
    status = seen.what == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH ? STATUS_OK
                                                          : STATUS_REFUSED;
out:
    intake_socket_close(socket, monitor);
    return status;
}
