#include "agent/line/request.h"

#include "common/base/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS_MAX 1000

void request_open(const struct request_options *options,
                  struct request *request)
{
    *request = (struct request){.options = *options};
    check(options->config->address_count > 0);
}

void request_close(struct request *request)
{
    uplink_socket_close(&request->socket);
}

static int64_t now_us(const struct request *request)
{
    return clock_monotonic_us(request->options.clock);
}

/* Milliseconds until `due` or the deadline, at most WAIT_MS_MAX. */
static int wait_ms(const struct request *request, int64_t due)
{
    int64_t us =
        due < request->options.deadline ? due : request->options.deadline;

    us -= now_us(request);
    if (us <= 0) {
        return 0;
    }
    us = us / CLOCK_US_PER_MS + 1;
    return us > WAIT_MS_MAX ? WAIT_MS_MAX : (int)us;
}

static bool late(const struct request *request, int64_t due)
{
    return now_us(request) >= due ||
           now_us(request) >= request->options.deadline;
}

/* ---- connecting ---- */

static void tell_progress(const struct request *request, const char *address)
{
    static const struct language_text text = {"đang kết nối", "calling"};

    if (isatty(STDERR_FILENO) != 0) {
        (void)fprintf(stderr, "%s %s ...\n",
                      args_text(request->options.args, text), address);
    }
}

/* Waits until the next attempt is due, later each time. */
static void pause_before_attempt(const struct request *request)
{
    const struct uplink_random *random = &request->options.random;
    int64_t us = UPLINK_BACKOFF_US_MAX;
    int64_t due;

    if (request->attempts < 6) {
        us = UPLINK_BACKOFF_US << request->attempts;
    }
    due = now_us(request) + us / 2 +
          random->below(random->owner, (uint32_t)(us / 2));
    while (!late(request, due)) {
        (void)zmq_poll(NULL, 0, wait_ms(request, due));
    }
}

static enum status await_handshake(struct request *request)
{
    int64_t due = now_us(request) + UPLINK_CONNECT_US;

    while (!late(request, due)) {
        uplink_socket_wait(request->socket, wait_ms(request, due));
        request->last = uplink_socket_event(request->socket);
        if (request->last == UPLINK_SOCKET_READY) {
            return STATUS_OK;
        }
        if (request->last != UPLINK_SOCKET_NOTHING) {
            break;
        }
    }
    uplink_socket_close(&request->socket);
    if (request->last == UPLINK_SOCKET_NOTHING) {
        request->last = UPLINK_SOCKET_UNREACHABLE;
    }
    return request->last == UPLINK_SOCKET_UNKNOWN_KEY ? STATUS_REFUSED
                                                      : STATUS_AGAIN;
}

static enum status connect_once(struct request *request)
{
    const struct config *config = request->options.config;
    struct uplink_socket_options options = {
        .context = request->options.context,
        .address =
            config->addresses[request->address++ % config->address_count],
        .server_key = &config->server_key,
        .keys = request->options.keys,
    };
    enum status status;

    tell_progress(request, options.address);
    status = uplink_socket_open(&options, &request->socket);
    if (status == STATUS_OK) {
        return await_handshake(request);
    }
    request->last = UPLINK_SOCKET_UNREACHABLE;
    return status == STATUS_MEMORY ? status : STATUS_AGAIN;
}

/* ---- asking ---- */

static bool is_answer(const struct wire_down *down)
{
    return down->kind != WIRE_DOWN_HEARTBEAT &&
           down->kind != WIRE_DOWN_DOCUMENT;
}

/* STATUS_AGAIN: the connection is of no use any more. */
static enum status ask_once(struct request *request, const struct wire_up *up,
                            const struct bytes batches[], size_t count,
                            struct wire_down *answer)
{
    int64_t due = now_us(request) + REQUEST_ANSWER_US;
    enum status status =
        uplink_socket_send(request->socket, up, batches, count);

    while (status == STATUS_OK && !late(request, due)) {
        enum status received = uplink_socket_receive(request->socket, answer);

        if (received == STATUS_OK && is_answer(answer)) {
            return STATUS_OK;
        }
        if (received != STATUS_NOT_FOUND) {
            continue;
        }
        uplink_socket_wait(request->socket, wait_ms(request, due));
        request->last = uplink_socket_event(request->socket);
        if (request->last > UPLINK_SOCKET_READY) {
            break;
        }
    }
    uplink_socket_close(&request->socket);
    return STATUS_AGAIN;
}

enum status request_ask(struct request *request, const struct wire_up *up,
                        const struct bytes batches[], size_t count,
                        struct wire_down *answer)
{
    enum status status = STATUS_AGAIN;

    while (status == STATUS_AGAIN) {
        status = STATUS_OK;
        if (request->socket == NULL) {
            status = connect_once(request);
        }
        if (status == STATUS_OK) {
            status = ask_once(request, up, batches, count, answer);
        }
        if (status == STATUS_AGAIN) {
            if (late(request, INT64_MAX)) {
                break;
            }
            pause_before_attempt(request);
            request->attempts++;
        }
    }
    return status;
}

/* ---- words ---- */

void request_explain(const struct request *request, enum status status,
                     const struct wire_down *answer)
{
    static const struct language_text unreachable = {
        "không kết nối được tới trung tâm của tỉnh; hãy kiểm tra mạng và địa "
        "chỉ, rồi chạy lại lệnh này",
        "the province's server cannot be reached; check the network and the "
        "address, then run this command again"};
    static const struct language_text not_understood = {
        "có máy trả lời, nhưng không phải trung tâm có khóa ghi trong tệp; hãy "
        "kiểm tra địa chỉ, hoặc xin tỉnh tệp mới",
        "a server answers, but not the one whose key the file names; check "
        "the address, or ask the province for a new file"};
    static const struct language_text silent = {
        "trung tâm của tỉnh không trả lời kịp; hãy chạy lại lệnh này",
        "the province's server did not answer in time; run this command "
        "again"};
    const struct args *args = request->options.args;

    if (status == STATUS_OK && answer->kind == WIRE_DOWN_REFUSAL) {
        args_error(args, "%s",
                   wire_refusal_text(answer->refusal.code, args->language));
    } else if (status == STATUS_REFUSED) {
        args_error(args, "%s",
                   wire_refusal_text(WIRE_REFUSAL_UNKNOWN_KEY, args->language));
    } else if (status != STATUS_AGAIN) {
        args_error(args, "%s", status_text(status, args->language));
    } else if (request->last == UPLINK_SOCKET_UNREACHABLE) {
        args_error(args, "%s", args_text(args, unreachable));
    } else if (request->last == UPLINK_SOCKET_NOT_UNDERSTOOD) {
        args_error(args, "%s", args_text(args, not_understood));
    } else {
        args_error(args, "%s", args_text(args, silent));
    }
}
