#include "tests/fuzz/fake_zmq.h"

#include "common/base/check.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <zmq.h>

/* What stands for contexts and sockets: any address does. */
#define SOCKETS_MAX 8u

static char sockets[SOCKETS_MAX];
static size_t sockets_made;
static struct bytes left;
static struct bytes order;
static const void *ordered; /* the socket that the order comes over */
static const char *user_id;
static bool more_follows;
static struct fake_zmq_sent sent[FAKE_ZMQ_SENT_MAX];
static size_t sent_count;
void (*fake_zmq_on_sent)(const struct fake_zmq_sent frames[], size_t count);

void fake_zmq_begin(struct bytes input, const char *user)
{
    left = input;
    order = (struct bytes){0};
    ordered = NULL;
    user_id = user;
    more_follows = false;
    sent_count = 0;
    sockets_made = 0;
}

void fake_zmq_order(struct bytes frame)
{
    order = frame;
}

void *__wrap_zmq_ctx_new(void);
int __wrap_zmq_ctx_term(void *context);
void *__wrap_zmq_socket(void *context, int type);
int __wrap_zmq_close(void *socket);
int __wrap_zmq_bind(void *socket, const char *address);
int __wrap_zmq_connect(void *socket, const char *address);
int __wrap_zmq_setsockopt(void *socket, int option, const void *value,
                          size_t size);
int __wrap_zmq_getsockopt(void *socket, int option, void *value, size_t *size);
int __wrap_zmq_socket_monitor(void *socket, const char *address, int events);
int __wrap_zmq_poll(zmq_pollitem_t items[], int count, long timeout_ms);
int __wrap_zmq_msg_recv(zmq_msg_t *message, void *socket, int flags);
int __wrap_zmq_msg_more(const zmq_msg_t *message);
const char *__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *property);
int __wrap_zmq_recv(void *socket, void *data, size_t size, int flags);
int __wrap_zmq_send(void *socket, const void *data, size_t size, int flags);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *argument);
int __wrap_pthread_join(pthread_t thread, void **result);

void *__wrap_zmq_ctx_new(void)
{
    return sockets;
}

int __wrap_zmq_ctx_term(void *context)
{
    (void)context;
    return 0;
}

void *__wrap_zmq_socket(void *context, int type)
{
    (void)context;
    (void)type;
    check(sockets_made < SOCKETS_MAX);
    return &sockets[sockets_made++];
}

int __wrap_zmq_close(void *socket)
{
    (void)socket;
    return 0;
}

int __wrap_zmq_bind(void *socket, const char *address)
{
    (void)socket;
    (void)address;
    return 0;
}

int __wrap_zmq_connect(void *socket, const char *address)
{
    (void)socket;
    (void)address;
    return 0;
}

int __wrap_zmq_setsockopt(void *socket, int option, const void *value,
                          size_t size)
{
    (void)socket;
    (void)option;
    (void)value;
    (void)size;
    return 0;
}

/* The one that is asked for is the last endpoint. */
int __wrap_zmq_getsockopt(void *socket, int option, void *value, size_t *size)
{
    static const char bound[] = "tcp://127.0.0.1:5570";

    (void)socket;
    (void)option;
    check(*size >= sizeof bound);
    memcpy(value, bound, sizeof bound);
    *size = sizeof bound;
    return 0;
}

int __wrap_zmq_socket_monitor(void *socket, const char *address, int events)
{
    (void)socket;
    (void)address;
    (void)events;
    return 0;
}

/* Of two sockets the first has the order, the second the input. */
int __wrap_zmq_poll(zmq_pollitem_t items[], int count, long timeout_ms)
{
    (void)timeout_ms;
    if (count == 2 && order.size > 0) {
        ordered = items[0].socket;
        items[0].revents = ZMQ_POLLIN;
        return 1;
    }
    if (left.size == 0) {
        errno = ETERM;
        return -1;
    }
    items[count - 1].revents = ZMQ_POLLIN;
    return 1;
}

static int give(zmq_msg_t *message, struct bytes content)
{
    check(zmq_msg_close(message) == 0);
    check(zmq_msg_init_size(message, content.size) == 0);
    if (content.size > 0) {
        memcpy(zmq_msg_data(message), content.data, content.size);
    }
    return (int)content.size;
}

int __wrap_zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    struct bytes content;

    (void)flags;
    if (socket == ordered && order.size > 0) {
        content = order;
        order = (struct bytes){0};
        more_follows = false;
        return give(message, content);
    }
    if (left.size < 3) {
        left.size = 0;
        errno = EAGAIN;
        return -1;
    }
    content = (struct bytes){.data = left.data + 3,
                             .size = bytes_get_u16(left.data + 1)};
    content.size = content.size < left.size - 3 ? content.size : left.size - 3;
    more_follows = (left.data[0] & 1u) != 0;
    left.data += 3 + content.size;
    left.size -= 3 + content.size;
    /* A message always comes whole. */
    more_follows = more_follows && left.size >= 3;
    return give(message, content);
}

int __wrap_zmq_msg_more(const zmq_msg_t *message)
{
    (void)message;
    return more_follows ? 1 : 0;
}

const char *__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *property)
{
    (void)message;
    check(strcmp(property, "User-Id") == 0);
    return user_id;
}

int __wrap_zmq_recv(void *socket, void *data, size_t size, int flags)
{
    (void)socket;
    (void)data;
    (void)size;
    (void)flags;
    errno = EAGAIN;
    return -1;
}

int __wrap_zmq_send(void *socket, const void *data, size_t size, int flags)
{
    if (socket == ordered) {
        return (int)size;
    }
    if (sent_count < FAKE_ZMQ_SENT_MAX) {
        struct fake_zmq_sent *frame = &sent[sent_count];

        frame->size = size;
        frame->more = (flags & ZMQ_SNDMORE) != 0;
        if (size > 0) {
            memcpy(frame->data, data,
                   size < sizeof frame->data ? size : sizeof frame->data);
        }
    }
    sent_count++;
    if ((flags & ZMQ_SNDMORE) == 0) {
        if (fake_zmq_on_sent != NULL) {
            fake_zmq_on_sent(sent, sent_count);
        }
        sent_count = 0;
    }
    return (int)size;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *argument)
{
    (void)attributes;
    *thread = pthread_self();
    if (order.size > 0) {
        (void)run(argument); /* the one that polls for orders */
    }
    return 0;
}

int __wrap_pthread_join(pthread_t thread, void **result)
{
    (void)thread;
    (void)result;
    return 0;
}
