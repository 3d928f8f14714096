#include "collector/line/control_socket.h"

#include "common/base/check.h"
#include "common/format/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define REQUEST_MAGIC "TLQ1"
#define ANSWER_MAGIC  "TLA1"
#define MAGIC_BYTES   4u
#define REQUEST_BYTES (MAGIC_BYTES + 1u + 1u + 8u)
#define ANSWER_BYTES  (MAGIC_BYTES + 1u + 8u)
/* Frames of the longest message: head and text, or head and documents. */
#define FRAMES_MAX (2u + PROVINCE_ORDERS_MAX)
#define LINGER_MS  1000
#define BACKLOG    16

struct message {
    zmq_msg_t frames[FRAMES_MAX];
    size_t count;
    bool too_many;
};

struct control_socket {
    void *zmq;
    struct message request;
};

static void message_fini(struct message *message)
{
    for (size_t i = 0; i < message->count; i++) {
        (void)zmq_msg_close(&message->frames[i]);
    }
    message->count = 0;
}

static struct bytes frame(const struct message *message, size_t i)
{
    zmq_msg_t *part = (zmq_msg_t *)&message->frames[i];

    return (struct bytes){.data = zmq_msg_data(part),
                          .size = zmq_msg_size(part)};
}

/* Takes a whole message; frames beyond the limit are thrown away. */
static enum status receive(void *zmq, struct message *message)
{
    bool more = true;

    message->count = 0;
    message->too_many = false;
    while (more) {
        zmq_msg_t part;

        check(zmq_msg_init(&part) == 0);
        if (zmq_msg_recv(&part, zmq, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&part);
            message_fini(message);
            return STATUS_NOT_FOUND;
        }
        more = zmq_msg_more(&part) != 0;
        if (message->count == FRAMES_MAX) {
            message->too_many = true;
            (void)zmq_msg_close(&part);
        } else {
            check(zmq_msg_init(&message->frames[message->count]) == 0);
            check(zmq_msg_move(&message->frames[message->count++], &part) == 0);
        }
    }
    return STATUS_OK;
}

static bool send_frame(void *zmq, struct bytes bytes, bool more)
{
    int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);

    return zmq_send(zmq, bytes.data == NULL ? "" : (const void *)bytes.data,
                    bytes.size, flags) >= 0;
}

/* ---- the running collector's end ---- */

static bool set_option(void *zmq, int option, int value)
{
    return zmq_setsockopt(zmq, option, &value, sizeof value) == 0;
}

static void *open_zmq(void *context, int type)
{
    int64_t size_max = CONTROL_SOCKET_TEXT_MAX;
    void *zmq = zmq_socket(context, type);

    if (zmq != NULL && (!set_option(zmq, ZMQ_LINGER, LINGER_MS) ||
                        !set_option(zmq, ZMQ_BACKLOG, BACKLOG) ||
                        zmq_setsockopt(zmq, ZMQ_MAXMSGSIZE, &size_max,
                                       sizeof size_max) != 0)) {
        (void)zmq_close(zmq);
        zmq = NULL;
    }
    return zmq;
}

enum status control_socket_open(void *context, const char *endpoint,
                                struct control_socket **socket)
{
    struct control_socket *self = calloc(1, sizeof *self);

    *socket = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->zmq = open_zmq(context, ZMQ_REP);
    if (self->zmq == NULL || zmq_bind(self->zmq, endpoint) != 0) {
        control_socket_close(&self);
        return STATUS_IO;
    }
    *socket = self;
    return STATUS_OK;
}

void control_socket_close(struct control_socket **socket)
{
    if (*socket == NULL) {
        return;
    }
    message_fini(&(*socket)->request);
    if ((*socket)->zmq != NULL) {
        (void)zmq_close((*socket)->zmq);
    }
    free(*socket);
    *socket = NULL;
}

void *control_socket_handle(const struct control_socket *socket)
{
    return socket->zmq;
}

static bool read_request(const struct message *message,
                         struct control_request *request)
{
    struct bytes head = frame(message, 0);

    if (message->too_many || head.size != REQUEST_BYTES ||
        memcmp(head.data, REQUEST_MAGIC, MAGIC_BYTES) != 0 ||
        message->count - 1 > PROVINCE_ORDERS_MAX) {
        return false;
    }
    memset(request, 0, sizeof *request);
    request->kind = (enum control_socket_kind)head.data[4];
    request->language = head.data[5] == LANGUAGE_EN ? LANGUAGE_EN : LANGUAGE_VI;
    request->position = bytes_get_u64(head.data + 6);
    for (size_t i = 1; i < message->count; i++) {
        request->documents[request->document_count++] = frame(message, i);
    }
    return request->kind == CONTROL_SOCKET_STATUS ||
           request->kind == CONTROL_SOCKET_SCRUB ||
           ((request->kind == CONTROL_SOCKET_ORDER ||
             request->kind == CONTROL_SOCKET_STICK) &&
            request->document_count > 0);
}

enum status control_socket_take(struct control_socket *socket,
                                struct control_request *request)
{
    enum status status = receive(socket->zmq, &socket->request);

    if (status == STATUS_OK && !read_request(&socket->request, request)) {
        struct control_answer answer = {.status = STATUS_INVALID};

        control_socket_answer(socket, &answer);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

void control_socket_answer(struct control_socket *socket,
                           const struct control_answer *answer)
{
    uint8_t head[ANSWER_BYTES];
    bool ok;

    memcpy(head, ANSWER_MAGIC, MAGIC_BYTES);
    head[4] = (uint8_t)answer->status;
    bytes_put_u64(head + 5, answer->position);
    ok = send_frame(socket->zmq, (struct bytes){head, sizeof head}, true);
    ok = ok && send_frame(socket->zmq, answer->text, answer->entry_count > 0);
    for (size_t i = 0; ok && i < answer->entry_count; i++) {
        uint8_t record[ENTRY_BYTES];

        entry_write(&answer->entries[i], record);
        ok = send_frame(socket->zmq, (struct bytes){record, sizeof record},
                        i + 1 < answer->entry_count);
    }
    message_fini(&socket->request);
}

/* ---- a command's end ---- */

static bool send_request(void *zmq, const struct control_request *request)
{
    uint8_t head[REQUEST_BYTES];
    bool ok;

    check(request->document_count <= PROVINCE_ORDERS_MAX);
    memcpy(head, REQUEST_MAGIC, MAGIC_BYTES);
    head[4] = (uint8_t)request->kind;
    head[5] = (uint8_t)request->language;
    bytes_put_u64(head + 6, request->position);
    ok = send_frame(zmq, (struct bytes){head, sizeof head},
                    request->document_count > 0);
    for (size_t i = 0; ok && i < request->document_count; i++) {
        ok = send_frame(zmq, request->documents[i],
                        i + 1 < request->document_count);
    }
    return ok;
}

static enum status read_answer(const struct message *message,
                               struct buffer *text,
                               struct control_answer *answer)
{
    struct bytes head;
    enum status status = STATUS_OK;

    if (message->count < 2 || message->too_many) {
        return STATUS_INVALID;
    }
    head = frame(message, 0);
    if (head.size != ANSWER_BYTES ||
        memcmp(head.data, ANSWER_MAGIC, MAGIC_BYTES) != 0 ||
        head.data[4] >= STATUS_COUNT ||
        message->count - 2 > PROVINCE_ORDERS_MAX) {
        return STATUS_INVALID;
    }
    answer->status = (enum status)head.data[4];
    answer->position = bytes_get_u64(head.data + 5);
    answer->entry_count = message->count - 2;
    for (size_t i = 0; i < answer->entry_count && status == STATUS_OK; i++) {
        status = entry_read(frame(message, i + 2), &answer->entries[i]);
    }
    buffer_clear(text);
    if (status == STATUS_OK) {
        status = buffer_append(text, frame(message, 1));
    }
    answer->text = buffer_bytes(text);
    return status;
}

enum status control_socket_ask(const char *endpoint,
                               const struct control_request *request,
                               int timeout_ms, struct buffer *text,
                               struct control_answer *answer)
{
    void *context = zmq_ctx_new();
    void *zmq = NULL;
    struct message message = {.count = 0};
    zmq_pollitem_t item = {.events = ZMQ_POLLIN};
    enum status status = STATUS_AGAIN;

    memset(answer, 0, sizeof *answer);
    if (context == NULL) {
        return STATUS_MEMORY;
    }
    zmq = open_zmq(context, ZMQ_REQ);
    if (zmq == NULL || !set_option(zmq, ZMQ_LINGER, 0) ||
        zmq_connect(zmq, endpoint) != 0 || !send_request(zmq, request)) {
        goto out;
    }
    item.socket = zmq;
    if (zmq_poll(&item, 1, timeout_ms) == 1) {
        status = receive(zmq, &message);
        if (status == STATUS_OK) {
            status = read_answer(&message, text, answer);
        }
    }
out:
    message_fini(&message);
    if (zmq != NULL) {
        (void)zmq_close(zmq);
    }
    (void)zmq_ctx_term(context);
    return status;
}
