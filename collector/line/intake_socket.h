/* intake_socket - the options that make the collector's socket a safe one.
 *
 * Flow     intake -> [intake_socket] -> libzmq
 * Threads  one.
 *
 * Invariants
 *   I8   no socket is bound unless strangers are turned away: the ZAP domain
 *        is set and enforced, and intake_socket_try_stranger() proves it.
 */
#ifndef TALLYLINE_COLLECTOR_INTAKE_SOCKET_H
#define TALLYLINE_COLLECTOR_INTAKE_SOCKET_H

#include "collector/line/intake.h"
#include "collector/line/link_guard.h"

/* What one kind of socket has other than the next. */
/* What the context's network threads are for: the offices' line does not wait
 * while the feed's messages are sealed. */
enum intake_thread {
    INTAKE_THREAD_LINE,
    INTAKE_THREAD_FEED,
    INTAKE_THREADS /* so many a context needs */
};

struct intake_shape {
    int type; /* ZMQ_ROUTER, ZMQ_PUB */
    enum intake_thread thread;
    enum zap_domain domain;
    uint32_t receive_max, send_max; /* messages of a peer that wait */
    int64_t frame_max;              /* of what comes in, without CURVE */
    int linger_ms;
};

/* Makes a socket of that shape and its monitor. STATUS_CONFIG when the library
 * does not enforce the ZAP domain, STATUS_IO. Gives what it made even then. */
MUST_USE enum status intake_socket_make(void *context,
                                        const struct intake_shape *shape,
                                        const struct curve_keys *keys,
                                        void **socket, void **monitor);

/* Makes the ROUTER and its monitor. STATUS_CONFIG when the library does not
 * enforce the ZAP domain, STATUS_IO. Gives what it made even then. */
MUST_USE enum status intake_socket_open(const struct intake_options *options,
                                        uint32_t queue_max, void **router,
                                        void **monitor);
/* STATUS_CONFIG: no address; STATUS_BUSY: taken. Writes what was bound. */
MUST_USE enum status intake_socket_bind(void *router, const char *address,
                                        char bound[INTAKE_ADDRESS_MAX]);
/* Accept NULL. */
void intake_socket_close(void *router, void *monitor);

/* Counts and logs what the monitor saw, but for `tries` of our own strangers,
 * which go down by those that were seen. New connections are for the guard. */
void intake_socket_events(void *monitor, struct link_guard *guard,
                          struct intake_counts *counts, uint32_t *tries);

/* As intake_self_test(), of what was bound with that shape. */
MUST_USE enum status intake_socket_try_stranger(
    void *context, struct zap *zap, const struct intake_shape *shape,
    const char *bound, const struct public_key *server_key, int timeout_ms);

#endif
