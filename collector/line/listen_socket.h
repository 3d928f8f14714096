/* listen_socket - waits for all that the running collector listens to.
 *
 * Flow     offices, commands, signals -> [listen_socket] -> run
 * Owns     the process's one ZeroMQ context, the ZAP handler, the guard of the
 *          links, the intake and the control socket, closed in the reverse
 *          order.
 * Threads  one.
 */
#ifndef TALLYLINE_COLLECTOR_LISTEN_SOCKET_H
#define TALLYLINE_COLLECTOR_LISTEN_SOCKET_H

#include <stdbool.h>

#include "collector/line/control_socket.h"
#include "collector/line/intake.h"
#include "collector/line/link_guard.h"
#include "collector/line/zap.h"
#include "common/base/status.h"
#include "common/format/sign.h"

struct listen_socket {
    void *context;
    struct zap *zap;
    struct link_guard *guard; /* of the links of all doors */
    struct intake *intake;
    struct control_socket *control;
};

/* What is ready. */
struct listen_ready {
    bool intake;
    bool control;
    bool signal;
    bool figures;
};

/* Starts the ZAP handler, which lets nobody in yet, and the guard. `what` says
 * what failed, in English, valid for ever. */
MUST_USE enum status listen_socket_start(struct listen_socket *listen,
                                         const char **what);
/* Opens the doors, and tries out that a stranger is refused: the table of keys
 * must be set by then. Statuses as intake_open() and intake_self_test(). */
MUST_USE enum status listen_socket_bind(struct listen_socket *listen,
                                        const char *address,
                                        const struct curve_keys *keys,
                                        const char *control_endpoint,
                                        const char **what);
/* Closes what is open, in any state from zeroed on. */
void listen_socket_close(struct listen_socket *listen);

/* Waits until something is ready, for at most `timeout_ms`; the two
 * descriptors become readable with a signal and with news of the figures. */
void listen_socket_wait(const struct listen_socket *listen, int signal_fd,
                        int figures_fd, int timeout_ms,
                        struct listen_ready *ready);

#endif
