/* request - a question to the collector that a command waits for.
 *
 * Flow     join, rotate, recover -> [request] ))) CURVE ((( collector
 * Owns     the connection.
 * Threads  one; its calls wait.
 * Limits   the time that the command gives; a question is asked again, over a
 *          new connection, when REQUEST_ANSWER_US bring no answer.
 *
 * Every question may come twice at the collector, which gives the same answer
 * again. Progress is told on stderr, and only on a terminal.
 */
#ifndef TALLYLINE_AGENT_REQUEST_H
#define TALLYLINE_AGENT_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/line/uplink.h"
#include "agent/line/uplink_socket.h"
#include "agent/office/config.h"
#include "common/base/args.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/format/sign.h"
#include "common/format/wire.h"

#define REQUEST_ANSWER_US     (15 * CLOCK_US_PER_S)
#define REQUEST_TIMEOUT_S     120 /* unless --timeout says otherwise */
#define REQUEST_TIMEOUT_S_MAX 86400u

struct request_options { /* borrowed for the life of the request */
    void *context;       /* ZeroMQ's */
    const struct args *args;
    const struct config *config;
    const struct curve_keys *keys;
    const struct clock *clock;
    struct uplink_random random;
    int64_t deadline; /* monotonic */
};

struct request {
    struct request_options options;
    struct uplink_socket *socket;  /* NULL: not connected */
    enum uplink_socket_event last; /* why the last connection failed */
    size_t address;
    unsigned attempts;
};

void request_open(const struct request_options *options,
                  struct request *request);
void request_close(struct request *request);

/* Asks until there is an answer; a refusal is one too. `answer` is valid until
 * the next call. Heartbeats and documents are no answers. STATUS_REFUSED: our
 * key is not let in. STATUS_AGAIN: no answer in time, `request->last` may say
 * why. STATUS_MEMORY. */
MUST_USE enum status request_ask(struct request *request,
                                 const struct wire_up *up,
                                 const struct bytes batches[], size_t count,
                                 struct wire_down *answer);

/* Says on stderr why there is no answer, or why it is a refusal. */
void request_explain(const struct request *request, enum status status,
                     const struct wire_down *answer);

#endif
