/* uplink_socket - one connection of the agent to a collector.
 *
 * Flow     uplink, request -> [uplink_socket] ))) CURVE ((( collector
 * Owns     a DEALER, its monitor, and the last message received.
 * Threads  one.
 * Limits   UPLINK_SOCKET_QUEUE messages and UPLINK_SOCKET_BYTES in the
 *          kernel wait ahead of the next one, so that a heartbeat is never
 *          long behind data; frames as in wire.h.
 *
 * It never connects again by itself: when and where to is the caller's, with
 * a new socket each time. No routing id is set: one of our own could be taken
 * by somebody else.
 */
#ifndef TALLYLINE_AGENT_UPLINK_SOCKET_H
#define TALLYLINE_AGENT_UPLINK_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

#define UPLINK_SOCKET_QUEUE      2
#define UPLINK_SOCKET_BYTES      (256 * 1024)
#define UPLINK_SOCKET_POLL_ITEMS 2u

struct uplink_socket; /* opaque */

struct uplink_socket_options { /* borrowed during the call, but for context */
    void *context;             /* ZeroMQ's; outlives the socket */
    const char *address;
    const struct public_key *server_key;
    const struct curve_keys *keys;
    uint64_t threads; /* a bit for each of the context's that may serve it; 0:
                         any */
};

/* Begins to connect. STATUS_INVALID when the address is no address. */
MUST_USE enum status uplink_socket_open(
    const struct uplink_socket_options *options, struct uplink_socket **socket);
/* Lets what is queued leave after the close, for a second at most. */
void uplink_socket_linger(struct uplink_socket *socket);
void uplink_socket_close(struct uplink_socket **socket);

/* What became of the connection since the last call. */
enum uplink_socket_event {
    UPLINK_SOCKET_NOTHING = 0,
    UPLINK_SOCKET_READY,          /* the handshake is done */
    UPLINK_SOCKET_UNREACHABLE,    /* nobody listens there */
    UPLINK_SOCKET_NOT_UNDERSTOOD, /* somebody does, but with another key */
    UPLINK_SOCKET_UNKNOWN_KEY,    /* our key is not let in */
    UPLINK_SOCKET_LOST            /* it stood, and is gone */
};
enum uplink_socket_event uplink_socket_event(struct uplink_socket *socket);

/* Fills in what zmq_poll() is to wait for; `to_send` asks for room to send. */
void uplink_socket_poll_items(const struct uplink_socket *socket, bool to_send,
                              zmq_pollitem_t items[UPLINK_SOCKET_POLL_ITEMS]);
/* Waits until something happens or `ms_max` have passed. */
void uplink_socket_wait(const struct uplink_socket *socket, int ms_max);

/* Queues a message. STATUS_AGAIN: no room. STATUS_IO, STATUS_MEMORY. */
MUST_USE enum status uplink_socket_send(struct uplink_socket *socket,
                                        const struct wire_up *up,
                                        const struct bytes batches[],
                                        size_t count);
/* The next message, valid until the next call. STATUS_NOT_FOUND: none waits.
 * STATUS_INVALID, STATUS_VERSION: one that is not understood was dropped. */
MUST_USE enum status uplink_socket_receive(struct uplink_socket *socket,
                                           struct wire_down *down);
/* The frames behind it, of WIRE_DOWN_GIVEN; valid as long. */
size_t uplink_socket_frames(struct uplink_socket *socket,
                            struct bytes frames[WIRE_PAIRS_MAX]);

#endif
