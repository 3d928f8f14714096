/* The first reader keeps count of what it has and asks page by page for what
 * it missed, as examples/subscribe.py does; the others only read. */
#include "bench/listeners.h"

#include "common/base/check.h"
#include "common/base/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define WAIT_MS   20
#define TOPIC_MAX 16u
#define TAIL_MAX  64u /* of a page: "next" and "end" */

struct listeners {
    struct listeners_options options;
    void *context;
    void *readers[LISTENERS_MAX], *deaf[LISTENERS_MAX];
    void *asker;
    bool asked; /* a page is under way */
    atomic_bool stop;
    _Atomic uint64_t next; /* entry that the first waits for; 0: any */
    struct listeners_seen seen;
    pthread_t thread;
};

static void *connect_to(struct listeners *self, int type, const char *address,
                        int queue)
{
    const struct listeners_options *options = &self->options;
    int linger = 0;
    void *socket = zmq_socket(self->context, type);

    check(socket != NULL);
    check(zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger) == 0);
    check(zmq_setsockopt(socket, ZMQ_RCVHWM, &queue, sizeof queue) == 0);
    check(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, options->server.bytes,
                         PUBLIC_KEY_BYTES) == 0);
    check(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY,
                         options->keys->public_key.bytes,
                         PUBLIC_KEY_BYTES) == 0);
    check(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, options->keys->secret,
                         CURVE_SECRET_BYTES) == 0);
    if (type == ZMQ_SUB) {
        check(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0);
    }
    check(zmq_connect(socket, address) == 0);
    return socket;
}

/* ---- what comes ---- */

/* False: nothing waits. */
static bool receive(void *socket, char topic[TOPIC_MAX], zmq_msg_t *body)
{
    int size = zmq_recv(socket, topic, TOPIC_MAX - 1, ZMQ_DONTWAIT);

    if (size < 0) {
        return false;
    }
    topic[size] = '\0';
    check(zmq_msg_init(body) == 0);
    check(zmq_msg_recv(body, socket, 0) >= 0);
    return true;
}

/* The numbers at a page's two ends. */
static void page_of(zmq_msg_t *body, uint64_t *from, uint64_t *next)
{
    const char *text = zmq_msg_data(body);
    size_t size = zmq_msg_size(body);
    char head[TAIL_MAX * 2] = "", tail[TAIL_MAX + 1] = "";
    const char *found;

    check(size >= TAIL_MAX);
    memcpy(head, text, size < sizeof head ? size : sizeof head - 1);
    memcpy(tail, text + size - TAIL_MAX, TAIL_MAX);
    found = strstr(head, "\"from\":");
    check(found != NULL && sscanf(found, "\"from\":%" SCNu64, from) == 1);
    found = strstr(tail, "\"next\":");
    check(found != NULL && sscanf(found, "\"next\":%" SCNu64, next) == 1);
}

static void ask(struct listeners *self)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRIu64, atomic_load(&self->next));
    check(zmq_send(self->asker, "entries", 7, ZMQ_SNDMORE) >= 0);
    check(zmq_send(self->asker, text, strlen(text), 0) >= 0);
    self->asked = true;
    self->seen.pages++;
}

static void take_page(struct listeners *self, zmq_msg_t *body, bool published)
{
    uint64_t from = 0, next = 0, have = atomic_load(&self->next);

    page_of(body, &from, &next);
    have = have == 0 ? from : have;
    if (from > have) {
        self->seen.gaps += published ? 1 : 0;
        atomic_store(&self->next, have);
        if (!self->asked) {
            ask(self);
        }
        return;
    }
    if (next > have) {
        self->seen.entries += next - have;
        have = next;
    }
    atomic_store(&self->next, have);
}

static void read_published(struct listeners *self, unsigned reader)
{
    char topic[TOPIC_MAX];
    zmq_msg_t body;

    while (receive(self->readers[reader], topic, &body)) {
        self->seen.messages++;
        self->seen.bytes += zmq_msg_size(&body);
        if (reader == 0 && strcmp(topic, "entries") == 0) {
            take_page(self, &body, true);
        }
        (void)zmq_msg_close(&body);
    }
}

static void read_pages(struct listeners *self)
{
    char topic[TOPIC_MAX];
    zmq_msg_t body;

    while (receive(self->asker, topic, &body)) {
        self->asked = false;
        if (strcmp(topic, "entries") == 0) {
            take_page(self, &body, false);
        }
        (void)zmq_msg_close(&body);
    }
}

static void *listen_all(void *argument)
{
    struct listeners *self = argument;
    zmq_pollitem_t items[LISTENERS_MAX + 1];

    while (!atomic_load(&self->stop)) {
        for (unsigned i = 0; i < self->options.reading; i++) {
            items[i] = (zmq_pollitem_t){.socket = self->readers[i],
                                        .events = ZMQ_POLLIN};
        }
        items[self->options.reading] =
            (zmq_pollitem_t){.socket = self->asker, .events = ZMQ_POLLIN};
        (void)zmq_poll(items, (int)self->options.reading + 1, WAIT_MS);
        for (unsigned i = 0; i < self->options.reading; i++) {
            read_published(self, i);
        }
        read_pages(self);
    }
    return NULL;
}

/* ---- all of them ---- */

struct listeners *listeners_open(const struct listeners_options *options)
{
    struct listeners *self = calloc(1, sizeof *self);

    check(self != NULL && options->reading >= 1 &&
          options->reading <= LISTENERS_MAX && options->deaf <= LISTENERS_MAX);
    self->options = *options;
    self->context = zmq_ctx_new();
    check(self->context != NULL);
    for (unsigned i = 0; i < options->reading; i++) {
        self->readers[i] = connect_to(self, ZMQ_SUB, options->publish, 0);
    }
    for (unsigned i = 0; i < options->deaf; i++) {
        self->deaf[i] = connect_to(self, ZMQ_SUB, options->publish, 1);
    }
    self->asker = connect_to(self, ZMQ_DEALER, options->snapshot, 0);
    check(pthread_create(&self->thread, NULL, listen_all, self) == 0);
    return self;
}

double listeners_wait(struct listeners *self, uint64_t end)
{
    int64_t began = clock_monotonic_us(clock_real());

    while (atomic_load(&self->next) < end &&
           clock_monotonic_us(clock_real()) - began <
               LISTENERS_WAIT_MS * CLOCK_US_PER_MS) {
        (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000L},
                        NULL);
    }
    return (double)(clock_monotonic_us(clock_real()) - began) / 1e3;
}

void listeners_close(struct listeners **listeners, struct listeners_seen *seen)
{
    struct listeners *self = *listeners;

    atomic_store(&self->stop, true);
    check(pthread_join(self->thread, NULL) == 0);
    *seen = self->seen;
    for (unsigned i = 0; i < self->options.reading; i++) {
        (void)zmq_close(self->readers[i]);
    }
    for (unsigned i = 0; i < self->options.deaf; i++) {
        (void)zmq_close(self->deaf[i]);
    }
    (void)zmq_close(self->asker);
    check(zmq_ctx_term(self->context) == 0);
    free(self);
    *listeners = NULL;
}
