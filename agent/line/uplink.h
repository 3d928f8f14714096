/* uplink - the agent's end of the line: batches up, receipts and documents
 * down.
 *
 * Flow     spool -> [uplink] ))) CURVE (((  receipts, documents -> spool
 * Owns     the connection and what is on its way.
 * Threads  one: that of the spool.
 * Limits   named below; credit in bytes from the collector.
 *
 * A table of states (docs/PROTOCOL.md) and nothing that blocks: the caller
 * waits for uplink_poll_items() or until uplink_due_us(), then calls
 * uplink_step(). What the collector says it has decides where to go on.
 * Without work the line wakes up for its heartbeats only.
 *
 * Invariants
 *   I3   what was sealed is sent as it is, as often as it takes.
 *   I6   a refusal is kept and shown; nothing is dropped because of it.
 *   I8   documents are taken only with the signatures of the province.
 */
#ifndef TALLYLINE_AGENT_UPLINK_H
#define TALLYLINE_AGENT_UPLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "agent/office/config.h"
#include "agent/spool/spool.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/control.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

#define UPLINK_FLIGHT_MAX  64u /* batches without a receipt */
#define UPLINK_LIVE_MAX    4u  /* before what is less than full must wait */
#define UPLINK_RECEIVE_MAX 64u /* messages a step */
/* Batches of one message: no more than one batch may take, so that heartbeats
 * are not long behind them. */
#define UPLINK_MESSAGE_BYTES_MAX BATCH_BYTES_MAX
/* What one Wanted is answered with, whatever the credit: up to, and up from. */
#define UPLINK_RETURN_LEAST (1u * 1024u * 1024u)
#define UPLINK_RETURN_MAX   (4u * 1024u * 1024u)
/* One control document, or a message of pairs. */
#define UPLINK_RETURN_BYTES_MAX (CONTROL_BYTES_MAX + WIRE_PAIRS_BYTES_MAX)
#define UPLINK_CONNECT_US       (30 * CLOCK_US_PER_S)
#define UPLINK_BACKOFF_US       (1 * CLOCK_US_PER_S)
#define UPLINK_BACKOFF_US_MAX   (60 * CLOCK_US_PER_S)
#define UPLINK_RESEND_US        (60 * CLOCK_US_PER_S)
#define UPLINK_SLOWEST          4096 /* bytes a second; more time to resend */
#define UPLINK_FULL_US          (5 * CLOCK_US_PER_S)
#define UPLINK_FULL_US_MAX      (600 * CLOCK_US_PER_S)
#define UPLINK_AGAIN_US         (5 * CLOCK_US_PER_S)
#define UPLINK_AGAIN_US_MAX     (60 * CLOCK_US_PER_S)
#define UPLINK_LINK_SAVE_US     (300 * CLOCK_US_PER_S)
#define UPLINK_POLL_ITEMS       2u

enum uplink_state {
    UPLINK_DOWN,       /* waits for the next attempt */
    UPLINK_CONNECTING, /* handshake */
    UPLINK_HELLO_SENT, /* waits for the welcome */
    UPLINK_RUNNING,
    UPLINK_FROZEN, /* stands still until somebody acts */
    UPLINK_STATE_COUNT
};

struct uplink; /* opaque */

/* Where jitter comes from: a number below `bound`. */
struct uplink_random {
    uint32_t (*below)(void *owner, uint32_t bound);
    void *owner;
};

/* The system's own dice. */
void uplink_random_real(struct uplink_random *random);

struct uplink_options { /* all borrowed for the life of the uplink */
    void *context;      /* ZeroMQ's */
    uint64_t threads;   /* as in uplink_socket.h */
    struct spool *spool;
    const struct config *config; /* with an address; may change between steps */
    const struct curve_keys *curve_keys;
    const struct sign_keys *sign_keys;
    const struct clock *clock;
    struct uplink_random random;
};

/* Reads who the office is and whether it stands still. STATUS_NOT_FOUND before
 * join, STATUS_MEMORY, or what the spool answers. */
MUST_USE enum status uplink_new(const struct uplink_options *options,
                                struct uplink **uplink);
void uplink_free(struct uplink **uplink);

/* Does what can be done now. STATUS_IO, STATUS_CORRUPT, STATUS_MEMORY: the
 * office's own storage failed, stop. */
MUST_USE enum status uplink_step(struct uplink *uplink);
/* Whether an event that is saved now would be sealed and sent at once. */
bool uplink_is_free(const struct uplink *uplink);
/* What to wait for; returns how many items there are. */
size_t uplink_poll_items(const struct uplink *uplink,
                         zmq_pollitem_t items[UPLINK_POLL_ITEMS]);
/* Monotonic time at which the next step is due; INT64_MAX: never. */
int64_t uplink_due_us(const struct uplink *uplink);

/* After somebody acted (recover, new configuration): reads the identity again
 * and starts with a new connection. */
MUST_USE enum status uplink_restart(struct uplink *uplink);

/* The epoch that it sends. */
uint32_t uplink_epoch(const struct uplink *uplink);
/* A command may have left a question for a proof in the spool: asks it. */
MUST_USE enum status uplink_ask_proof(struct uplink *uplink);

struct uplink_standing {
    enum uplink_state state;
    enum spool_frozen frozen;
    uint32_t refusal; /* of the last refusal since the welcome; 0 */
    uint64_t flight;  /* batches on their way */
    uint64_t sent, receipts, documents, resends; /* since the start */
};
void uplink_standing(const struct uplink *uplink,
                     struct uplink_standing *standing);
/* One word for logs. Valid for ever. */
const char *uplink_state_name(enum uplink_state state);
/* Whether the state table has this move. */
bool uplink_may_move(enum uplink_state from, enum uplink_state to);

#endif
