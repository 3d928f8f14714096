/* errand - a command that talks to the province by itself, beside the daemon.
 *
 * Flow     rotate, recover -> [errand] -> office, line's lock, request
 * Owns     what it opened; close with errand_close() in every case.
 * Threads  one.
 */
#ifndef TALLYLINE_AGENT_ERRAND_H
#define TALLYLINE_AGENT_ERRAND_H

#include "agent/line/request.h"
#include "agent/office/keyring.h"
#include "agent/office/office.h"

struct errand {
    const struct args *args;
    struct office *office;
    struct keyring keyring; /* in force */
    struct clock clock;
    struct uplink_random random;
    int64_t deadline; /* monotonic, from --timeout */
    void *context;    /* ZeroMQ's */
    int line;         /* its lock */
};

/* Every failure has been explained on stderr. STATUS_BUSY: the service uses
 * the line; STATUS_USAGE, STATUS_CONFIG and others as office_open(). */
MUST_USE enum status errand_open(const struct args *args,
                                 struct errand *errand);
void errand_close(struct errand *errand);

/* A connection over which to ask, with these keys. Close it. */
void errand_request(const struct errand *errand, const struct config *config,
                    const struct curve_keys *keys, struct request *request);

#endif
