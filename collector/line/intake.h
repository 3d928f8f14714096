/* intake - the collector's end of the line: messages in, answers out.
 *
 * Flow     agents ))) CURVE ((( [intake] -> admit
 *          receipts, documents -> [intake] -> agents
 * Owns     the ROUTER socket, its monitor, the guard of its links, and the
 *          messages of the last drain.
 * Threads  one; the guard has its own.
 * Limits   named below and in wire.h; a message beyond one is dropped and
 *          counted, never stored.
 *
 * Knows nothing of the ledger. Who speaks is the CURVE key that the ZAP
 * handler let in, read from the metadata of a body frame; the routing id only
 * says where an answer goes. A peer that chose its own routing id, or whose
 * key is not known to the frame, is dropped.
 *
 * Invariants
 *   I8   intake_message.key is the key of the link, from libzmq, never from
 *        what the peer says.
 *   I11  a drain holds at most INTAKE_DRAIN_MAX messages and about
 *        INTAKE_DRAIN_BYTES_MAX bytes; frames above the limits are read and
 *        thrown away one by one. Of one link INTAKE_WAITING_MAX messages wait,
 *        then its peer has to, whatever credit it thinks it has.
 */
#ifndef TALLYLINE_COLLECTOR_INTAKE_H
#define TALLYLINE_COLLECTOR_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "collector/line/zap.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/sign.h"
#include "common/format/wire.h"
#include "common/format/wire_document.h"

#define INTAKE_DRAIN_MAX       256u
#define INTAKE_DRAIN_BYTES_MAX (1u * 1024u * 1024u)
#define INTAKE_POLL_ITEMS      2u
#define INTAKE_WAITING_MAX     8u /* messages of one link, not yet drained */
#define INTAKE_ROUTE_BYTES     5u /* as libzmq gives them out */
#define INTAKE_ADDRESS_MAX     256u

struct link_guard;
struct intake; /* opaque */

struct intake_options {
    void *context;                 /* ZeroMQ's; outlives the intake */
    const char *address;           /* "tcp://[::]:5570", "tcp://127.0.0.1:*" */
    const struct curve_keys *keys; /* of the collector */
    uint32_t queue_max;            /* messages to one agent; 0: 64 */
    struct link_guard *guard;      /* of all doors; NULL: one of its own */
};

/* Where an answer goes: good as long as the link stands. */
struct intake_route {
    uint8_t bytes[INTAKE_ROUTE_BYTES];
};

bool intake_route_equal(const struct intake_route *a,
                        const struct intake_route *b);

struct intake_message {
    struct intake_route from;
    struct public_key key;
    struct wire_up up;
    /* Of WIRE_UP_BATCHES; the frames of WIRE_UP_RETURNED. */
    struct bytes batches[WIRE_BATCHES_MAX];
    size_t batch_count;
};

/* Binds. The ZAP handler of the context must run already; STATUS_CONFIG when
 * the library does not enforce the ZAP domain or the address is no good,
 * STATUS_BUSY when the address is taken, STATUS_MEMORY, STATUS_IO. */
MUST_USE enum status intake_open(const struct intake_options *options,
                                 struct intake **intake);
/* Gives what is queued a second to leave. */
void intake_close(struct intake **intake);

/* The address that was bound, with the port that the system chose. Valid as
 * long as the intake. */
const char *intake_address(const struct intake *intake);

/* Opens a link to the intake itself with a random key, which must be refused
 * within `timeout_ms`. `zap` is told of it, so that it is no stranger's; NULL:
 * it does not know. STATUS_REFUSED: a stranger was let in, do not go on;
 * STATUS_AGAIN: no answer in time. At start, and every few minutes. */
MUST_USE enum status intake_self_test(struct intake *intake, struct zap *zap,
                                      int timeout_ms);

/* Fills in what zmq_poll() is to wait for; call intake_drain() when any of
 * them is ready. */
void intake_poll_items(const struct intake *intake,
                       zmq_pollitem_t items[INTAKE_POLL_ITEMS]);

/* Takes what waits, without blocking. The messages are valid until the next
 * call. `more` says that the limits ended the drain and not the queue. */
MUST_USE enum status intake_drain(struct intake *intake,
                                  const struct intake_message **messages,
                                  size_t *count, bool *more);

/* Queues an answer, without blocking. STATUS_NOT_FOUND: the link is gone
 * (counted; the agent will ask again). STATUS_AGAIN: the agent's queue is
 * full. STATUS_IO. */
MUST_USE enum status intake_send(struct intake *intake,
                                 const struct intake_route *to,
                                 const struct wire_down *down);
/* The same with frames behind it, at most WIRE_BATCHES_MAX. */
MUST_USE enum status intake_send_frames(struct intake *intake,
                                        const struct intake_route *to,
                                        const struct wire_down *down,
                                        const struct bytes frames[],
                                        size_t count);
/* Queues the pieces of a document from `*offset` on and moves it on. As above;
 * STATUS_AGAIN: call again later with the same `offset`. */
MUST_USE enum status intake_send_document(struct intake *intake,
                                          const struct intake_route *to,
                                          const struct wire_document *document,
                                          uint64_t *offset);

struct intake_counts {
    uint64_t messages, bytes;
    uint64_t sent, unreachable, queue_full;
    uint64_t nameless;   /* no key on the frame, or a chosen routing id */
    uint64_t oversized;  /* too many frames */
    uint64_t malformed;  /* frame 0 does not unpack */
    uint64_t handshakes; /* links opened */
    uint64_t strangers;  /* handshakes refused by the ZAP handler */
    uint64_t failed;     /* handshakes that timed out or broke off */
    uint64_t accept_failed;
    uint64_t cut; /* links ended by the guard, of all its doors */
};
void intake_counts(const struct intake *intake, struct intake_counts *counts);

#endif
