/* link_peer - one bare CURVE socket of a test, honest or not.
 *
 * Flow     test -> [link_peer] ))) CURVE ((( intake, or a test's own ROUTER
 * Owns     the socket and its monitor.
 * Threads  one.
 */
#ifndef TALLYLINE_TESTS_LINK_PEER_H
#define TALLYLINE_TESTS_LINK_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/bytes.h"
#include "common/format/sign.h"

struct link_peer {
    void *socket;
    void *monitor;
};

struct link_peer_options {
    void *context;
    const char *address;
    const struct public_key *server_key; /* NULL: without CURVE */
    const struct curve_keys *keys;
    const char *routing_id; /* NULL: none */
    int queue_max;          /* messages that wait here; 0: the library's */
};

/* Makes a DEALER and connects; aborts when that is not possible. */
void link_peer_open(const struct link_peer_options *options,
                    struct link_peer *peer);
void link_peer_close(struct link_peer *peer);
/* Closes what a test that failed has left open: its context would wait for
 * that for ever. */
void link_peer_close_rest(void);

/* Waits for the end of the handshake: true when the link stands, false when it
 * was refused or `ms_max` have passed. */
bool link_peer_stands(struct link_peer *peer, int ms_max);

/* Sends one message of `count` frames; aborts when it cannot. */
void link_peer_send(struct link_peer *peer, const struct bytes frames[],
                    size_t count);

/* The same, if there is room: false when there was none for `ms_max`. */
bool link_peer_offer(struct link_peer *peer, const struct bytes frames[],
                     size_t count, int ms_max);

/* Receives the first frame of a message, cut to `size`. Returns its size, 0
 * when none came within `ms_max`. */
size_t link_peer_receive(struct link_peer *peer, void *out, size_t size,
                         int ms_max);

#endif
