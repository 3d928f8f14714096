#include "collector/line/listen_socket.h"

#include "collector/line/intake_socket.h"
#include "common/base/check.h"

#include <string.h>
#include <zmq.h>

#define SELF_TEST_MS 5000

enum {
    ITEM_INTAKE = 0,
    ITEM_CONTROL = INTAKE_POLL_ITEMS,
    ITEM_SIGNAL,
    ITEM_FIGURES,
    ITEM_COUNT
};

enum status listen_socket_start(struct listen_socket *listen, const char **what)
{
    enum status status = STATUS_MEMORY;

    memset(listen, 0, sizeof *listen);
    *what = "ZAP handler";
    listen->context = zmq_ctx_new();
    if (listen->context != NULL &&
        zmq_ctx_set(listen->context, ZMQ_IO_THREADS, INTAKE_THREADS) == 0) {
        status = zap_start(listen->context, &listen->zap);
    }
    if (status == STATUS_OK) {
        *what = "guard of the links";
        status = link_guard_start(&listen->guard);
    }
    return status;
}

enum status listen_socket_bind(struct listen_socket *listen,
                               const char *address,
                               const struct curve_keys *keys,
                               const char *control_endpoint, const char **what)
{
    struct intake_options options = {.context = listen->context,
                                     .address = address,
                                     .keys = keys,
                                     .guard = listen->guard};
    enum status status;

    *what = address;
    status = intake_open(&options, &listen->intake);
    if (status == STATUS_OK) {
        *what = "self-test: a stranger must be refused";
        status = intake_self_test(listen->intake, listen->zap, SELF_TEST_MS);
    }
    if (status == STATUS_OK) {
        *what = control_endpoint;
        status = control_socket_open(listen->context, control_endpoint,
                                     &listen->control);
    }
    return status;
}

void listen_socket_close(struct listen_socket *listen)
{
    control_socket_close(&listen->control);
    intake_close(&listen->intake);
    link_guard_stop(&listen->guard);
    zap_stop(&listen->zap);
    if (listen->context != NULL) {
        (void)zmq_ctx_term(listen->context);
    }
    listen->context = NULL;
}

void listen_socket_wait(const struct listen_socket *listen, int signal_fd,
                        int figures_fd, int timeout_ms,
                        struct listen_ready *ready)
{
    zmq_pollitem_t items[ITEM_COUNT];

    memset(ready, 0, sizeof *ready);
    memset(items, 0, sizeof items);
    intake_poll_items(listen->intake, &items[ITEM_INTAKE]);
    items[ITEM_CONTROL].socket = control_socket_handle(listen->control);
    items[ITEM_CONTROL].events = ZMQ_POLLIN;
    items[ITEM_SIGNAL].fd = signal_fd;
    items[ITEM_SIGNAL].events = ZMQ_POLLIN;
    items[ITEM_FIGURES].fd = figures_fd;
    items[ITEM_FIGURES].events = ZMQ_POLLIN;
    if (zmq_poll(items, ITEM_COUNT, timeout_ms) <= 0) {
        return;
    }
    for (unsigned i = 0; i < INTAKE_POLL_ITEMS; i++) {
        ready->intake = ready->intake || items[i].revents != 0;
    }
    ready->control = items[ITEM_CONTROL].revents != 0;
    ready->signal = items[ITEM_SIGNAL].revents != 0;
    ready->figures = items[ITEM_FIGURES].revents != 0;
}
