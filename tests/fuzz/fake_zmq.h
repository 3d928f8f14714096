/* fake_zmq - frames from a fuzzer's input in the place of ZeroMQ's.
 *
 * Flow     input -> [fake_zmq] -> intake, zap, control_socket
 * Owns     where the input stands, and what was sent.
 * Threads  one: a thread runs within the call that starts it when it has an
 *          order to wait for, and otherwise not at all.
 * Limits   FAKE_ZMQ_SENT_MAX frames sent are kept, the others are counted.
 *
 * The input is a row of frames: a byte whose lowest bit says that the message
 * goes on, two bytes of size, and so many bytes or what is left of them.
 * Linked with --wrap for each call that needs a socket; those that only handle
 * a message are ZeroMQ's own.
 */
#ifndef TALLYLINE_TESTS_FAKE_ZMQ_H
#define TALLYLINE_TESTS_FAKE_ZMQ_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAKE_ZMQ_SENT_MAX  8u
#define FAKE_ZMQ_FRAME_MAX 256u

struct fake_zmq_sent {
    uint8_t data[FAKE_ZMQ_FRAME_MAX]; /* its beginning */
    size_t size;
    bool more;
};

/* Forgets what was sent. `user` is the User-Id of every frame, NULL: it has
 * none. Both are borrowed. */
void fake_zmq_begin(struct bytes input, const char *user);
/* A frame that comes first, to whoever polls for two sockets, on the first of
 * them. */
void fake_zmq_order(struct bytes order);
/* Called for each whole message that was sent but to the first socket of two
 * that are polled for; NULL: nobody. */
extern void (*fake_zmq_on_sent)(const struct fake_zmq_sent frames[],
                                size_t count);

#endif
