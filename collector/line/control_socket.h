/* control_socket - orders and questions to the collector that is running.
 *
 * Flow     command -> [control_socket] -> run;  run -> [control_socket] ->
 *          command
 * Owns     one ZeroMQ socket; the message in hand.
 * Threads  one.
 * Limits   PROVINCE_ORDERS_MAX documents of CONTROL_BYTES_MAX an order,
 *          CONTROL_SOCKET_TEXT_MAX bytes of text an answer.
 *
 * A local socket in the collector's directory, which is its owner's alone: who
 * can open it may give orders. An order is signed by the administrator all the
 * same, for it becomes an entry.
 *
 * Batches of a stick are signed by their offices; the answer's text is then
 * what serve_stick() says of each.
 *
 * A request is a head (14 bytes: "TLQ1", kind, language, and the position that
 * an order follows from) and a frame for each document or batch.
 * An answer is a head (13 bytes: "TLA1", status, position), a text, and an
 * entry in each frame more. Numbers are big-endian.
 */
#ifndef TALLYLINE_COLLECTOR_CONTROL_SOCKET_H
#define TALLYLINE_COLLECTOR_CONTROL_SOCKET_H

#include <stddef.h>
#include <stdint.h>

#include "collector/province/province.h"
#include "common/base/bytes.h"
#include "common/base/language.h"
#include "common/base/status.h"
#include "common/format/entry.h"

#define CONTROL_SOCKET_TEXT_MAX (4u * 1024u * 1024u)

enum control_socket_kind {
    CONTROL_SOCKET_ORDER = 1,  /* append the documents */
    CONTROL_SOCKET_STATUS = 2, /* tell how things stand, as JSON */
    CONTROL_SOCKET_SCRUB = 3,  /* scrub the ledger now */
    CONTROL_SOCKET_STICK = 4   /* take batches that were carried by hand */
};

struct control_request {
    enum control_socket_kind kind;
    enum language language; /* of the text that is wanted */
    uint64_t position;      /* province_position() that the order follows */
    struct bytes documents[PROVINCE_ORDERS_MAX];
    size_t document_count;
};

struct control_answer {
    enum status status;
    uint64_t position; /* province_position() afterwards */
    struct bytes text; /* JSON, or why not; may be empty */
    struct entry entries[PROVINCE_ORDERS_MAX];
    size_t entry_count;
};

struct control_socket; /* opaque */

/* ---- the running collector's end ---- */

/* Binds, in place of a socket that a dead process left behind: the caller
 * holds the directory's lock. `context` is ZeroMQ's, borrowed. STATUS_IO,
 * STATUS_MEMORY. */
MUST_USE enum status control_socket_open(void *context, const char *endpoint,
                                         struct control_socket **socket);
void control_socket_close(struct control_socket **socket);
/* ZeroMQ's socket, for polling. */
void *control_socket_handle(const struct control_socket *socket);
/* Takes a request, without blocking; it is valid until the answer.
 * STATUS_NOT_FOUND: none waits. What is no request is answered here. */
MUST_USE enum status control_socket_take(struct control_socket *socket,
                                         struct control_request *request);
/* Answers the request just taken. A command that is gone is no error. */
void control_socket_answer(struct control_socket *socket,
                           const struct control_answer *answer);

/* ---- a command's end ---- */

/* Asks and waits. `text` gets the answer's text, the answer's own `text`
 * points into it. STATUS_AGAIN: no answer within `timeout_ms`. */
MUST_USE enum status control_socket_ask(const char *endpoint,
                                        const struct control_request *request,
                                        int timeout_ms, struct buffer *text,
                                        struct control_answer *answer);

#endif
