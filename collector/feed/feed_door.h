/* feed_door - the two sockets of the live feed for one class of readers.
 *
 * Flow     feed -> [feed_door] ))) CURVE ((( subscribers
 *          requests -> [feed_door] -> feed
 * Owns     a PUB and a ROUTER socket and their monitors.
 * Threads  one at a time: opened by one thread, used by another from then on.
 * Limits   FEED_QUEUE_MAX messages to a subscriber that lags, then it misses
 *          some; FEED_REPLIES_MAX replies to one, then they are dropped;
 *          FEED_ASKED_MAX requests of one that wait.
 *
 * What may be said by a door, every key that opens it may hear: PUB sends by
 * what a subscriber asked for and not by who it is, so a class of readers has a
 * door of its own.
 *
 * Invariants
 *   I8   no socket is bound unless strangers are turned away: as
 *        intake_socket.h has it, and both are tried out.
 *   I11  the limits above; a message of a peer that never ends is cut by the
 *        guard.
 */
#ifndef TALLYLINE_COLLECTOR_FEED_DOOR_H
#define TALLYLINE_COLLECTOR_FEED_DOOR_H

#include <zmq.h>

#include "collector/feed/feed_message.h"
#include "collector/line/intake.h"
#include "collector/line/link_guard.h"

#define FEED_QUEUE_MAX   64u
#define FEED_REPLIES_MAX 4u
#define FEED_ASKED_MAX   4u
#define FEED_DOOR_ITEMS  4u

struct feed_door_options { /* all borrowed for its life */
    void *context;
    struct zap *zap;
    struct link_guard *guard;
    const struct curve_keys *keys; /* of the collector */
    enum zap_domain domain;
    const char *publish, *snapshot; /* addresses */
};

struct feed_place {
    void *socket, *monitor;
    uint32_t tries; /* of our own strangers, which the monitor will report */
    char bound[INTAKE_ADDRESS_MAX];
};

struct feed_door {
    struct feed_door_options options;
    struct feed_place publisher, router;
    struct intake_counts counts;
    uint64_t dropped; /* replies */
    bool open;
};

/* Binds both and tries out that strangers are refused. A door that was open
 * before gets the ports that it had. Statuses as intake_open() and
 * intake_self_test(). */
MUST_USE enum status feed_door_open(struct feed_door *door,
                                    const struct feed_door_options *options);
MUST_USE enum status feed_door_open_again(struct feed_door *door);
/* Ends every link. */
void feed_door_close(struct feed_door *door);

/* What zmq_poll() is to wait for. */
void feed_door_items(const struct feed_door *door,
                     zmq_pollitem_t items[FEED_DOOR_ITEMS]);
/* Counts what the monitors saw. */
void feed_door_look(struct feed_door *door);

/* To everybody who subscribes to the topic, without waiting. */
void feed_door_publish(struct feed_door *door, const char *topic,
                       struct bytes body);

enum feed_received {
    FEED_RECEIVED_NOTHING,
    FEED_RECEIVED_REQUEST,
    FEED_RECEIVED_OTHER /* tell `from` that it is none */
};

/* The next request that waits, without waiting for one. */
enum feed_received feed_door_receive(struct feed_door *door,
                                     struct intake_route *from,
                                     struct feed_request *request);
/* False: its queue is full, or it is gone; what it asked is dropped, and it
 * asks again. Who has read the replies to what it asked before has an empty
 * one.
 * True: feed_door_reply() has to end it. */
MUST_USE bool feed_door_begin_reply(struct feed_door *door,
                                    const struct intake_route *to);
void feed_door_reply(struct feed_door *door, const char *topic,
                     struct bytes body);

#endif
