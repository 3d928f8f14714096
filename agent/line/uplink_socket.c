/* Failure modes: nobody listens, the wrong collector listens, our key is not
 * let in, the link breaks. All of them come as events of the socket's monitor;
 * a name that does not resolve gives no event, and the caller's own time limit
 * ends the attempt. */
#include "agent/line/uplink_socket.h"

#include "common/base/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MONITOR_NAME_MAX     64u
#define HANDSHAKE_MS         15000
#define LINGER_MS            1000
#define RECEIVE_QUEUE        16 /* pieces of 64 KiB at most */
#define CURVE_OVERHEAD_BYTES 64

/* Telling a failure of the protocol loses the error's number in libzmq: a frame
 * that does not decrypt would leave a link that is neither up nor down, and
 * end the process when it breaks. That the link is gone is told anyway. */
#define EVENTS (ZMQ_EVENT_ALL & ~ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)

struct uplink_socket {
    void *dealer;
    void *monitor;
    struct wire_codec *codec;
    struct buffer packed;
    bool stands;
    zmq_msg_t kept[WIRE_PAIRS_MAX]; /* frames of the last message */
    size_t kept_count;
};

struct option {
    int name;
    int value;
};

static const struct option plain_options[] = {
    {ZMQ_LINGER, 0}, /* the spool is the truth */
    {ZMQ_IMMEDIATE, 1},
    {ZMQ_SNDHWM, UPLINK_SOCKET_QUEUE},
    {ZMQ_SNDBUF, UPLINK_SOCKET_BYTES},
    {ZMQ_RCVHWM, RECEIVE_QUEUE},
    {ZMQ_RECONNECT_IVL, -1},
    {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
    {ZMQ_IPV6, 1},
};

static void set_options(void *dealer,
                        const struct uplink_socket_options *options)
{
    int64_t frame_max = WIRE_FRAME_BYTES_MAX + CURVE_OVERHEAD_BYTES;

    for (size_t i = 0; i < sizeof plain_options / sizeof plain_options[0];
         i++) {
        check(zmq_setsockopt(dealer, plain_options[i].name,
                             &plain_options[i].value,
                             sizeof plain_options[i].value) == 0);
    }
    check(zmq_setsockopt(dealer, ZMQ_AFFINITY, &options->threads,
                         sizeof options->threads) == 0);
    check(zmq_setsockopt(dealer, ZMQ_MAXMSGSIZE, &frame_max,
                         sizeof frame_max) == 0);
    check(zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY,
                         options->server_key->bytes, PUBLIC_KEY_BYTES) == 0);
    check(zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY,
                         options->keys->public_key.bytes,
                         PUBLIC_KEY_BYTES) == 0);
    check(zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, options->keys->secret,
                         CURVE_SECRET_BYTES) == 0);
}

static enum status open_monitor(struct uplink_socket *socket, void *context)
{
    char name[MONITOR_NAME_MAX];
    int linger = 0;

    (void)snprintf(name, sizeof name, "inproc://tallyline.uplink.%p",
                   socket->dealer);
    if (zmq_socket_monitor(socket->dealer, name, EVENTS) != 0) {
        return STATUS_IO;
    }
    socket->monitor = zmq_socket(context, ZMQ_PAIR);
    if (socket->monitor == NULL || zmq_connect(socket->monitor, name) != 0) {
        return STATUS_IO;
    }
    check(zmq_setsockopt(socket->monitor, ZMQ_LINGER, &linger, sizeof linger) ==
          0);
    return STATUS_OK;
}

enum status uplink_socket_open(const struct uplink_socket_options *options,
                               struct uplink_socket **out)
{
    struct uplink_socket *socket = calloc(1, sizeof *socket);
    enum status status = STATUS_MEMORY;

    *out = NULL;
    if (socket == NULL) {
        return STATUS_MEMORY;
    }
    buffer_init(&socket->packed, WIRE_FRAME_BYTES_MAX);
    socket->codec = wire_codec_new();
    socket->dealer = zmq_socket(options->context, ZMQ_DEALER);
    if (socket->codec != NULL && socket->dealer != NULL) {
        set_options(socket->dealer, options);
        status = open_monitor(socket, options->context);
    }
    if (status == STATUS_OK &&
        zmq_connect(socket->dealer, options->address) != 0) {
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        uplink_socket_close(&socket);
    }
    *out = socket;
    return status;
}

void uplink_socket_linger(struct uplink_socket *socket)
{
    int ms = LINGER_MS;

    check(zmq_setsockopt(socket->dealer, ZMQ_LINGER, &ms, sizeof ms) == 0);
}

static void release_kept(struct uplink_socket *socket)
{
    for (size_t i = 0; i < socket->kept_count; i++) {
        (void)zmq_msg_close(&socket->kept[i]);
    }
    socket->kept_count = 0;
}

void uplink_socket_close(struct uplink_socket **socket)
{
    if (*socket == NULL) {
        return;
    }
    release_kept(*socket);
    if ((*socket)->dealer != NULL) {
        (void)zmq_socket_monitor((*socket)->dealer, NULL, 0);
        (void)zmq_close((*socket)->dealer);
    }
    if ((*socket)->monitor != NULL) {
        (void)zmq_close((*socket)->monitor);
    }
    wire_codec_free(&(*socket)->codec);
    buffer_fini(&(*socket)->packed);
    free(*socket);
    *socket = NULL;
}

/* ---- events ---- */

static enum uplink_socket_event meaning(struct uplink_socket *socket,
                                        uint16_t event)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        socket->stands = true;
        return UPLINK_SOCKET_READY;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return UPLINK_SOCKET_UNKNOWN_KEY;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        return UPLINK_SOCKET_NOT_UNDERSTOOD;
    case ZMQ_EVENT_DISCONNECTED:
        return socket->stands ? UPLINK_SOCKET_LOST
                              : UPLINK_SOCKET_NOT_UNDERSTOOD;
    case ZMQ_EVENT_CLOSED:
    case ZMQ_EVENT_CONNECT_RETRIED:
        return UPLINK_SOCKET_UNREACHABLE;
    default:
        return UPLINK_SOCKET_NOTHING;
    }
}

enum uplink_socket_event uplink_socket_event(struct uplink_socket *socket)
{
    enum uplink_socket_event seen = UPLINK_SOCKET_NOTHING;
    uint8_t head[6];
    char address[1];
    uint16_t event;

    /* The first event that ends the connection is the telling one: what
     * follows is only its closing. */
    while (seen <= UPLINK_SOCKET_READY &&
           zmq_recv(socket->monitor, head, sizeof head, ZMQ_DONTWAIT) ==
               (int)sizeof head) {
        enum uplink_socket_event next;

        (void)zmq_recv(socket->monitor, address, sizeof address, 0);
        memcpy(&event, head, sizeof event);
        next = meaning(socket, event);
        if (next != UPLINK_SOCKET_NOTHING) {
            seen = next;
        }
    }
    return seen;
}

void uplink_socket_poll_items(const struct uplink_socket *socket, bool to_send,
                              zmq_pollitem_t items[UPLINK_SOCKET_POLL_ITEMS])
{
    short send = to_send ? ZMQ_POLLOUT : 0;

    items[0] = (zmq_pollitem_t){.socket = socket->dealer,
                                .events = (short)(ZMQ_POLLIN | send)};
    items[1] =
        (zmq_pollitem_t){.socket = socket->monitor, .events = ZMQ_POLLIN};
}

void uplink_socket_wait(const struct uplink_socket *socket, int ms_max)
{
    zmq_pollitem_t items[UPLINK_SOCKET_POLL_ITEMS];

    uplink_socket_poll_items(socket, false, items);
    (void)zmq_poll(items, UPLINK_SOCKET_POLL_ITEMS, ms_max);
}

/* ---- messages ---- */

enum status uplink_socket_send(struct uplink_socket *socket,
                               const struct wire_up *up,
                               const struct bytes batches[], size_t count)
{
    enum status status;

    check(count <= WIRE_BATCHES_MAX);
    buffer_clear(&socket->packed);
    status = wire_pack_up(up, &socket->packed);
    if (status != STATUS_OK) {
        return status;
    }
    if (zmq_send(socket->dealer, socket->packed.data, socket->packed.size,
                 ZMQ_DONTWAIT | (count > 0 ? ZMQ_SNDMORE : 0)) < 0) {
        return errno == EAGAIN ? STATUS_AGAIN : STATUS_IO;
    }
    for (size_t i = 0; i < count; i++) {
        /* A message that has begun is one to the queue, so this does not
         * wait for room. */
        if (zmq_send(socket->dealer, batches[i].data, batches[i].size,
                     i + 1 < count ? ZMQ_SNDMORE : 0) < 0) {
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

/* Takes the frames behind frame 0. False: there are too many; all of them are
 * off the socket anyway. */
static bool receive_frames(struct uplink_socket *socket)
{
    bool fit = true;
    bool more = true;

    while (more) {
        zmq_msg_t frame;

        check(zmq_msg_init(&frame) == 0);
        if (zmq_msg_recv(&frame, socket->dealer, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&frame);
            return false;
        }
        more = zmq_msg_more(&frame) != 0;
        fit = fit && socket->kept_count < WIRE_PAIRS_MAX;
        if (fit) {
            zmq_msg_t *kept = &socket->kept[socket->kept_count++];

            check(zmq_msg_init(kept) == 0 && zmq_msg_move(kept, &frame) == 0);
        }
        (void)zmq_msg_close(&frame);
    }
    return fit;
}

enum status uplink_socket_receive(struct uplink_socket *socket,
                                  struct wire_down *down)
{
    zmq_msg_t frame;
    bool more;
    enum status status;

    release_kept(socket);
    check(zmq_msg_init(&frame) == 0);
    if (zmq_msg_recv(&frame, socket->dealer, ZMQ_DONTWAIT) < 0) {
        (void)zmq_msg_close(&frame);
        return STATUS_NOT_FOUND;
    }
    more = zmq_msg_more(&frame) != 0;
    status = wire_unpack_down(socket->codec,
                              (struct bytes){.data = zmq_msg_data(&frame),
                                             .size = zmq_msg_size(&frame)},
                              down);
    (void)zmq_msg_close(&frame);
    if (more && !receive_frames(socket)) {
        status = STATUS_INVALID;
    }
    /* Only pairs come down in several frames. */
    if (status == STATUS_OK &&
        (down->kind == WIRE_DOWN_GIVEN && down->given.count > 0) !=
            (socket->kept_count > 0)) {
        status = STATUS_INVALID;
    }
    return status;
}

size_t uplink_socket_frames(struct uplink_socket *socket,
                            struct bytes frames[WIRE_PAIRS_MAX])
{
    for (size_t i = 0; i < socket->kept_count; i++) {
        frames[i] = (struct bytes){.data = zmq_msg_data(&socket->kept[i]),
                                   .size = zmq_msg_size(&socket->kept[i])};
    }
    return socket->kept_count;
}
