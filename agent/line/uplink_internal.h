/* uplink_internal - what the files of the uplink share.
 *
 * Flow     uplink.c connects and keeps time, uplink_send.c sends,
 *          uplink_receive.c acts on what comes down, uplink_document.c takes
 *          documents, uplink_pairs.c takes entries and gives them back.
 * Threads  one, as the uplink.
 */
#ifndef TALLYLINE_AGENT_UPLINK_INTERNAL_H
#define TALLYLINE_AGENT_UPLINK_INTERNAL_H

#include "agent/line/uplink.h"
#include "agent/line/uplink_socket.h"
#include "common/format/checkpoint.h"
#include "common/format/wire_document.h"

/* A batch that was sent and has no receipt. */
struct uplink_flight {
    uint64_t first_seq;
    uint64_t bytes;
};

/* Batches that leave in one message. */
struct uplink_load {
    struct uplink_flight flights[WIRE_BATCHES_MAX];
    size_t count;
    uint64_t next_seq;    /* behind the last of them */
    struct buffer memory; /* their bytes, one behind the other */
};

/* What the province wants back of what this office holds. */
struct uplink_returning {
    uint64_t from, to;    /* what is left of it; empty: nothing is wanted */
    uint64_t left;        /* bytes that may still leave for this answer */
    struct buffer memory; /* of one message; empty when nothing is wanted */
};

/* The receipt whose proof was asked for, and under what. */
struct uplink_asked {
    bool open; /* none was, otherwise */
    uint64_t index;
    uint8_t entry[ENTRY_BYTES];
    struct checkpoint under;
    struct wire_note note;
};

/* What a witness has to say, as soon as there is room. */
struct uplink_saying {
    bool cosigns, objects, asks, wants;
    struct wire_cosign cosign;
    struct wire_objection objection;
    uint64_t wanted; /* index that a command asks for */
};

struct uplink {
    struct uplink_options options;
    struct spool_identity identity;
    struct spool_link link;
    int64_t link_saved_at;
    enum uplink_state state;

    struct uplink_socket *socket; /* NULL when down or frozen */
    size_t address;               /* in the configuration; the next to try */
    unsigned attempts;            /* since the last welcome */
    int64_t deadline; /* down: next attempt; connecting, hello: the end */

    int64_t heard_at;
    int64_t heartbeat_at;
    int64_t progress_at; /* last receipt, or first of the flight sent */
    int64_t hold_until;  /* the collector is full */
    int64_t again_at;    /* for what had no room here; 0: nothing was lost */
    int64_t again_us;    /* the pause before it, longer each time */

    uint64_t credit;   /* bytes that may be on their way */
    uint64_t send_seq; /* first that was not sent on this connection */
    uint64_t gap_seq;  /* of the last gap that was obeyed; 0 */
    struct uplink_flight flight[UPLINK_FLIGHT_MAX];
    size_t flight_count;
    uint64_t flight_bytes;
    bool blocked; /* the socket has no room */
    struct uplink_load load;

    struct wire_assembly assembly;
    struct uplink_returning returning;
    struct uplink_asked asked;
    struct uplink_saying saying;
    struct uplink_standing counts;
};

int64_t uplink_now(const struct uplink *uplink); /* monotonic */
/* Takes a move of the table; any other is our bug. */
void uplink_move(struct uplink *uplink, enum uplink_state to);
/* Closes the connection and waits for the next attempt; `refused` waits as
 * long as it gets. */
void uplink_go_down(struct uplink *uplink, bool refused);
/* Keeps the refusal for `status`; a `frozen` other than SPOOL_RUNNING stops
 * the line until somebody acts. */
MUST_USE enum status uplink_refused(struct uplink *uplink, uint32_t code,
                                    enum spool_frozen frozen);
/* The collector has at our place what this machine never sealed: tells it so,
 * then stands still. */
MUST_USE enum status uplink_taken(struct uplink *uplink);
MUST_USE enum status uplink_save_link(struct uplink *uplink);

/* uplink_send.c */
MUST_USE enum status uplink_send_hello(struct uplink *uplink);
/* `frozen`: the refusal by which the line stands still from now on, or 0. */
MUST_USE enum status uplink_send_heartbeat(struct uplink *uplink,
                                           uint32_t frozen);
MUST_USE enum status uplink_send_batches(struct uplink *uplink);
/* Goes back to `seq`: nothing is on its way any more. */
void uplink_send_from(struct uplink *uplink, uint64_t seq);
/* When sent batches without a receipt are to be sent again. */
int64_t uplink_resend_at(const struct uplink *uplink);

/* uplink_receive.c */
MUST_USE enum status uplink_receive(struct uplink *uplink);

/* uplink_pairs.c */
MUST_USE enum status uplink_take_given(struct uplink *uplink,
                                       const struct wire_pairs *given);
/* Asks for this office's own past, if some of it is missing. */
MUST_USE enum status uplink_want_history(struct uplink *uplink,
                                         uint64_t capabilities);
MUST_USE enum status uplink_take_wanted(struct uplink *uplink,
                                        const struct wire_wanted *wanted);
/* Returns what is wanted, as far as the socket has room. */
MUST_USE enum status uplink_send_returned(struct uplink *uplink);
/* The link is gone: who wants something asks again. */
void uplink_forget_wanted(struct uplink *uplink);

/* uplink_witness.c */
/* Whether the province has as much as it once showed. */
MUST_USE enum status uplink_compare_size(struct uplink *uplink,
                                         uint64_t entries);
MUST_USE enum status uplink_take_checkpoint(
    struct uplink *uplink, const struct wire_checkpoint *given);
/* Says what there is to say, as far as there is room. */
void uplink_send_witness(struct uplink *uplink);
MUST_USE enum status uplink_take_proof(struct uplink *uplink,
                                       const struct wire_proof *proof);

/* uplink_document.c */
MUST_USE enum status uplink_take_piece(struct uplink *uplink,
                                       const struct wire_piece *piece);

#endif
