#include "tests/support/link_peer.h"

#include "common/base/check.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define OPEN_MAX 64u

static struct link_peer open_peers[OPEN_MAX]; /* socket NULL: free */

static struct link_peer *slot_of(void *socket)
{
    for (size_t i = 0; i < OPEN_MAX; i++) {
        if (open_peers[i].socket == socket) {
            return &open_peers[i];
        }
    }
    return NULL;
}

static void set_number(void *socket, int option, int value)
{
    check(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

static void set_bytes(void *socket, int option, const void *data, size_t size)
{
    check(zmq_setsockopt(socket, option, data, size) == 0);
}

void link_peer_open(const struct link_peer_options *options,
                    struct link_peer *peer)
{
    char name[64];

    peer->socket = zmq_socket(options->context, ZMQ_DEALER);
    check(peer->socket != NULL);
    set_number(peer->socket, ZMQ_LINGER, 0);
    set_number(peer->socket, ZMQ_RECONNECT_IVL, -1);
    set_number(peer->socket, ZMQ_SNDTIMEO, 10000);
    if (options->queue_max != 0) {
        set_number(peer->socket, ZMQ_SNDHWM, options->queue_max);
    }
    if (options->server_key != NULL) {
        set_bytes(peer->socket, ZMQ_CURVE_SERVERKEY, options->server_key->bytes,
                  PUBLIC_KEY_BYTES);
        set_bytes(peer->socket, ZMQ_CURVE_PUBLICKEY,
                  options->keys->public_key.bytes, PUBLIC_KEY_BYTES);
        set_bytes(peer->socket, ZMQ_CURVE_SECRETKEY, options->keys->secret,
                  CURVE_SECRET_BYTES);
    }
    if (options->routing_id != NULL) {
        set_bytes(peer->socket, ZMQ_ROUTING_ID, options->routing_id,
                  strlen(options->routing_id));
    }
    (void)snprintf(name, sizeof name, "inproc://link_peer.%p", peer->socket);
    check(zmq_socket_monitor(peer->socket, name,
                             ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                                 ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                 ZMQ_EVENT_DISCONNECTED) == 0);
    peer->monitor = zmq_socket(options->context, ZMQ_PAIR);
    check(peer->monitor != NULL && zmq_connect(peer->monitor, name) == 0);
    check(zmq_connect(peer->socket, options->address) == 0);
    struct link_peer *slot = slot_of(NULL);
    check(slot != NULL);
    *slot = *peer;
}

void link_peer_close(struct link_peer *peer)
{
    struct link_peer closed = *peer;
    struct link_peer *slot = slot_of(closed.socket);

    check(slot != NULL);
    *slot = (struct link_peer){0};
    (void)zmq_socket_monitor(closed.socket, NULL, 0);
    (void)zmq_close(closed.socket);
    (void)zmq_close(closed.monitor);
}

void link_peer_close_rest(void)
{
    for (size_t i = 0; i < OPEN_MAX; i++) {
        if (open_peers[i].socket != NULL) {
            link_peer_close(&open_peers[i]);
        }
    }
}

bool link_peer_stands(struct link_peer *peer, int ms_max)
{
    uint8_t head[6];
    uint16_t event;
    char address[256];

    set_number(peer->monitor, ZMQ_RCVTIMEO, ms_max);
    if (zmq_recv(peer->monitor, head, sizeof head, 0) < (int)sizeof head) {
        return false;
    }
    check(zmq_recv(peer->monitor, address, sizeof address, 0) >= 0);
    memcpy(&event, head, sizeof event);
    return event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
}

void link_peer_send(struct link_peer *peer, const struct bytes frames[],
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check(zmq_send(peer->socket, frames[i].data, frames[i].size,
                       i + 1 < count ? ZMQ_SNDMORE : 0) >= 0);
    }
}

bool link_peer_offer(struct link_peer *peer, const struct bytes frames[],
                     size_t count, int ms_max)
{
    zmq_pollitem_t item = {.socket = peer->socket, .events = ZMQ_POLLOUT};

    if (zmq_poll(&item, 1, ms_max) <= 0) {
        return false;
    }
    link_peer_send(peer, frames, count);
    return true;
}

size_t link_peer_receive(struct link_peer *peer, void *out, size_t size,
                         int ms_max)
{
    int more = 1;
    size_t more_size = sizeof more;
    int received;
    char rest[1];

    set_number(peer->socket, ZMQ_RCVTIMEO, ms_max);
    received = zmq_recv(peer->socket, out, size, 0);
    if (received < 0) {
        return 0;
    }
    check(zmq_getsockopt(peer->socket, ZMQ_RCVMORE, &more, &more_size) == 0);
    while (more != 0) {
        check(zmq_recv(peer->socket, rest, sizeof rest, 0) >= 0);
        check(zmq_getsockopt(peer->socket, ZMQ_RCVMORE, &more, &more_size) ==
              0);
    }
    return (size_t)received > size ? size : (size_t)received;
}
