/* The handler's thread waits on two sockets: the one where libzmq asks whether
 * a key may come in, and a pair on which the owner sends a new table or the
 * word to stop. The table lives on the thread's side only, sorted, so nothing
 * is shared but counters.
 *
 * Failure modes: a request of another shape, domain or mechanism is answered
 * 400 as an unknown key is; a socket that fails ends the thread, and from then
 * on libzmq lets nobody in because the domain is enforced. */
#include "collector/line/zap.h"

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/wire.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define ZAP_ENDPOINT   "inproc://zeromq.zap.01"
#define ZAP_FRAMES_MAX 8u
#define ZAP_FRAME_MAX  256u
#define ZAP_WAIT_MS    5000
#define ZAP_NAME_MAX   64u

/* First byte of what the owner sends; the domain is the second. */
enum zap_order {
    ZAP_STOP = 0,
    ZAP_KEYS = 1,
    ZAP_OWN = 2,
    ZAP_OPEN = 3,
    ZAP_CLOSED = 4
};

#define ORDER_HEAD 2u

static const char *const domain_names[ZAP_DOMAIN_END] = {
    [ZAP_LINE] = WIRE_ZAP_DOMAIN,
    [ZAP_FEED] = WIRE_ZAP_DOMAIN ".feed",
    [ZAP_FEED_AUDIT] = WIRE_ZAP_DOMAIN ".feed.audit"};

struct zap_table {
    struct public_key keys[ZAP_KEYS_MAX];
    size_t count;
    bool open;             /* unknown keys are let in too */
    struct public_key own; /* of our own try; zeros: none */
};

struct zap {
    pthread_mutex_t lock; /* one order at a time */
    void *orders;         /* the owner's end of the pair */
    pthread_t thread;
    /* Of the thread: */
    void *asked;
    void *told;
    struct zap_table tables[ZAP_DOMAIN_END];
    /* Of both: */
    _Atomic uint64_t allowed;
    _Atomic uint64_t denied;
    _Atomic uint64_t malformed;
};

/* A request, as ZMTP's RFC 27 has it; frames beyond the limit are counted and
 * left out. */
struct zap_request {
    uint8_t frame[ZAP_FRAMES_MAX][ZAP_FRAME_MAX];
    size_t size[ZAP_FRAMES_MAX];
    size_t count;
    bool oversized;
};

enum {
    AT_VERSION,
    AT_ID,
    AT_DOMAIN,
    AT_ADDRESS,
    AT_ROUTE,
    AT_MECHANISM,
    AT_KEY
};

static int key_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct public_key));
}

/* ---- the thread ---- */

static bool receive_frame(void *socket, struct zap_request *request)
{
    zmq_msg_t frame;
    bool more = false;
    int rc;

    check(zmq_msg_init(&frame) == 0);
    rc = zmq_msg_recv(&frame, socket, 0);
    if (rc >= 0) {
        size_t size = zmq_msg_size(&frame);

        more = zmq_msg_more(&frame) != 0;
        if (request->count == ZAP_FRAMES_MAX || size > ZAP_FRAME_MAX) {
            request->oversized = true;
        } else {
            memcpy(request->frame[request->count], zmq_msg_data(&frame), size);
            request->size[request->count] = size;
            request->count++;
        }
    }
    (void)zmq_msg_close(&frame);
    return more;
}

static bool frame_is(const struct zap_request *request, size_t at,
                     const char *text)
{
    return request->size[at] == strlen(text) &&
           memcmp(request->frame[at], text, request->size[at]) == 0;
}

/* The table of the domain that is asked for; NULL: not understood. */
static const struct zap_table *understood(const struct zap *zap,
                                          const struct zap_request *request)
{
    if (request->oversized || request->count != AT_KEY + 1 ||
        !frame_is(request, AT_VERSION, "1.0") ||
        !frame_is(request, AT_MECHANISM, "CURVE") ||
        request->size[AT_KEY] != PUBLIC_KEY_BYTES) {
        return NULL;
    }
    for (unsigned i = 0; i < ZAP_DOMAIN_END; i++) {
        if (frame_is(request, AT_DOMAIN, domain_names[i])) {
            return &zap->tables[i];
        }
    }
    return NULL;
}

static bool send_frame(void *socket, const void *data, size_t size, bool more)
{
    return zmq_send(socket, data, size, more ? ZMQ_SNDMORE : 0) >= 0;
}

static bool answer(struct zap *zap, const struct zap_request *request, bool yes)
{
    char user[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)] = "";
    const char *code = yes ? "200" : "400";
    const char *text = yes ? "OK" : "unknown key";
    bool has_id = request->count > AT_ID;

    if (yes) {
        check(bytes_to_hex((struct bytes){.data = request->frame[AT_KEY],
                                          .size = PUBLIC_KEY_BYTES},
                           user, sizeof user) == STATUS_OK);
    }
    return send_frame(zap->asked, "1.0", 3, true) &&
           send_frame(zap->asked, has_id ? request->frame[AT_ID] : NULL,
                      has_id ? request->size[AT_ID] : 0, true) &&
           send_frame(zap->asked, code, strlen(code), true) &&
           send_frame(zap->asked, text, strlen(text), true) &&
           send_frame(zap->asked, user, strlen(user), true) &&
           send_frame(zap->asked, NULL, 0, false);
}

/* Who knocks, for whoever keeps the firewall. */
static void log_stranger(const struct zap_table *table,
                         const struct zap_request *request)
{
    char address[ZAP_FRAME_MAX + 1];
    size_t size = request->size[AT_ADDRESS];

    if (memcmp(request->frame[AT_KEY], table->own.bytes, PUBLIC_KEY_BYTES) ==
        0) {
        return;
    }
    memcpy(address, request->frame[AT_ADDRESS], size);
    address[size] = '\0';
    log_warning("an unknown key was turned away", log_text("address", address),
                log_hex("key", (struct bytes){request->frame[AT_KEY], 8}));
}

static bool lets_in(const struct zap_table *table, const uint8_t *key)
{
    if (memcmp(key, table->own.bytes, PUBLIC_KEY_BYTES) == 0) {
        return false;
    }
    return table->open || (table->count > 0 &&
                           bsearch(key, table->keys, table->count,
                                   sizeof table->keys[0], key_compare) != NULL);
}

static bool serve_request(struct zap *zap)
{
    struct zap_request request = {.count = 0};
    const struct zap_table *table;
    bool yes = false;

    while (receive_frame(zap->asked, &request)) {
    }
    table = understood(zap, &request);
    if (table == NULL) {
        (void)atomic_fetch_add(&zap->malformed, 1);
    } else {
        yes = lets_in(table, request.frame[AT_KEY]);
        (void)atomic_fetch_add(yes ? &zap->allowed : &zap->denied, 1);
        if (!yes) {
            log_stranger(table, &request);
        }
    }
    return answer(zap, &request, yes);
}

static void take_keys(struct zap_table *table, const uint8_t *data, size_t size)
{
    table->count = size / sizeof table->keys[0];
    check(table->count <= ZAP_KEYS_MAX && size % sizeof table->keys[0] == 0);
    memcpy(table->keys, data, size);
    qsort(table->keys, table->count, sizeof table->keys[0], key_compare);
}

/* False when the thread is to end. */
static bool serve_order(struct zap *zap)
{
    zmq_msg_t order;
    bool go_on = false;

    check(zmq_msg_init(&order) == 0);
    if (zmq_msg_recv(&order, zap->told, 0) >= (int)ORDER_HEAD) {
        const uint8_t *data = zmq_msg_data(&order);
        size_t size = zmq_msg_size(&order) - ORDER_HEAD;
        struct zap_table *table = &zap->tables[data[1]];

        check(data[1] < ZAP_DOMAIN_END);
        if (data[0] == ZAP_KEYS) {
            take_keys(table, data + ORDER_HEAD, size);
        } else if (data[0] == ZAP_OWN) {
            check(size == PUBLIC_KEY_BYTES);
            memcpy(table->own.bytes, data + ORDER_HEAD, PUBLIC_KEY_BYTES);
        } else if (data[0] == ZAP_OPEN || data[0] == ZAP_CLOSED) {
            table->open = data[0] == ZAP_OPEN;
        }
        go_on = data[0] != ZAP_STOP && zmq_send(zap->told, "", 0, 0) == 0;
    }
    (void)zmq_msg_close(&order);
    return go_on;
}

static void *zap_thread(void *argument)
{
    struct zap *zap = argument;
    bool go_on = true;

    while (go_on) {
        zmq_pollitem_t items[2] = {
            {.socket = zap->told, .events = ZMQ_POLLIN},
            {.socket = zap->asked, .events = ZMQ_POLLIN},
        };

        if (zmq_poll(items, 2, -1) < 0) {
            go_on = errno == EINTR;
            continue;
        }
        if ((items[0].revents & ZMQ_POLLIN) != 0) {
            go_on = serve_order(zap);
        }
        if (go_on && (items[1].revents & ZMQ_POLLIN) != 0) {
            go_on = serve_request(zap);
        }
    }
    (void)zmq_close(zap->asked);
    (void)zmq_close(zap->told);
    return NULL;
}

/* ---- the owner ---- */

static enum status open_sockets(struct zap *zap, void *context)
{
    char name[ZAP_NAME_MAX];
    int wait_ms = ZAP_WAIT_MS;
    int linger = 0;

    (void)snprintf(name, sizeof name, "inproc://tallyline.zap.%p", (void *)zap);
    zap->asked = zmq_socket(context, ZMQ_REP);
    zap->told = zmq_socket(context, ZMQ_PAIR);
    zap->orders = zmq_socket(context, ZMQ_PAIR);
    if (zap->asked == NULL || zap->told == NULL || zap->orders == NULL) {
        return STATUS_IO;
    }
    check(zmq_setsockopt(zap->asked, ZMQ_LINGER, &linger, sizeof linger) == 0);
    check(zmq_setsockopt(zap->told, ZMQ_LINGER, &linger, sizeof linger) == 0);
    check(zmq_setsockopt(zap->orders, ZMQ_LINGER, &linger, sizeof linger) == 0);
    check(zmq_setsockopt(zap->orders, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms) ==
          0);
    check(zmq_setsockopt(zap->orders, ZMQ_SNDTIMEO, &wait_ms, sizeof wait_ms) ==
          0);
    if (zmq_bind(zap->asked, ZAP_ENDPOINT) != 0) {
        return errno == EADDRINUSE ? STATUS_BUSY : STATUS_IO;
    }
    if (zmq_bind(zap->told, name) != 0 || zmq_connect(zap->orders, name) != 0) {
        return STATUS_IO;
    }
    return STATUS_OK;
}

/* Signals are for the main thread: the handler starts with all blocked. */
static enum status start_thread(struct zap *zap)
{
    sigset_t all;
    sigset_t before;
    int rc;

    (void)sigfillset(&all);
    check(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    rc = pthread_create(&zap->thread, NULL, zap_thread, zap);
    check(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return rc == 0 ? STATUS_OK : STATUS_MEMORY;
}

static void close_if_open(void *socket)
{
    if (socket != NULL) {
        (void)zmq_close(socket);
    }
}

static void zap_free(struct zap *zap)
{
    (void)pthread_mutex_destroy(&zap->lock);
    free(zap);
}

enum status zap_start(void *context, struct zap **out)
{
    struct zap *zap = calloc(1, sizeof *zap);
    enum status status;

    *out = NULL;
    if (zap == NULL) {
        return STATUS_MEMORY;
    }
    check(pthread_mutex_init(&zap->lock, NULL) == 0);
    status = open_sockets(zap, context);
    if (status == STATUS_OK) {
        status = start_thread(zap);
    }
    if (status != STATUS_OK) {
        close_if_open(zap->asked);
        close_if_open(zap->told);
        close_if_open(zap->orders);
        zap_free(zap);
        return status;
    }
    *out = zap;
    return STATUS_OK;
}

void zap_stop(struct zap **zap)
{
    static const uint8_t stop[ORDER_HEAD] = {ZAP_STOP, ZAP_LINE};

    if (*zap == NULL) {
        return;
    }
    if (zmq_send((*zap)->orders, stop, sizeof stop, 0) < 0) {
        log_error("the key table's thread does not listen",
                  log_number("errno", errno));
    }
    check(pthread_join((*zap)->thread, NULL) == 0);
    (void)zmq_close((*zap)->orders);
    zap_free(*zap);
    *zap = NULL;
}

/* Sends the thread an order with these keys, and waits until it is done. */
static enum status give_order(struct zap *zap, enum zap_order what,
                              enum zap_domain domain,
                              const struct public_key keys[], size_t count)
{
    size_t size = count * sizeof keys[0];
    uint8_t *order = malloc(size + ORDER_HEAD);
    enum status status = STATUS_OK;

    if (order == NULL) {
        return STATUS_MEMORY;
    }
    order[0] = (uint8_t)what;
    order[1] = (uint8_t)domain;
    if (count > 0) {
        memcpy(order + ORDER_HEAD, keys, size);
    }
    check(pthread_mutex_lock(&zap->lock) == 0);
    if (zmq_send(zap->orders, order, size + ORDER_HEAD, 0) < 0 ||
        zmq_recv(zap->orders, order, 1, 0) < 0) {
        status = STATUS_IO;
    }
    check(pthread_mutex_unlock(&zap->lock) == 0);
    free(order);
    return status;
}

enum status zap_set_domain(struct zap *zap, enum zap_domain domain,
                           const struct public_key keys[], size_t count)
{
    return count > ZAP_KEYS_MAX
               ? STATUS_FULL
               : give_order(zap, ZAP_KEYS, domain, keys, count);
}

enum status zap_set_keys(struct zap *zap, const struct public_key keys[],
                         size_t count)
{
    return zap_set_domain(zap, ZAP_LINE, keys, count);
}

enum status zap_let_strangers(struct zap *zap, bool in)
{
    return give_order(zap, in ? ZAP_OPEN : ZAP_CLOSED, ZAP_LINE, NULL, 0);
}

enum status zap_expect(struct zap *zap, enum zap_domain domain,
                       const struct public_key *key)
{
    return give_order(zap, ZAP_OWN, domain, key, 1);
}

const char *zap_domain_name(enum zap_domain domain)
{
    return domain_names[domain];
}

void zap_counts(const struct zap *zap, struct zap_counts *counts)
{
    counts->allowed = atomic_load(&zap->allowed);
    counts->denied = atomic_load(&zap->denied);
    counts->malformed = atomic_load(&zap->malformed);
}
