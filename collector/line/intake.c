/* Failure modes: an agent that is gone answers EHOSTUNREACH and is counted; a
 * full queue to an agent is the caller's to try again; a handshake that fails
 * is a line in the log (at most a few a second, see log.h) and a number; a
 * message of too many frames is dropped, and a link over which one comes that
 * never ends is cut by the guard. */
#include "collector/line/intake.h"

#include "collector/line/intake_socket.h"
#include "collector/line/link_guard.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/format/wire_document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INTAKE_QUEUE_DEFAULT 64u

struct intake {
    void *socket;
    void *monitor;
    void *context;
    struct link_guard *guard, *own_guard;
    struct public_key server_key;
    struct wire_codec *codec;
    struct buffer packed;
    struct intake_counts counts;
    uint32_t tries; /* of intake_self_test() that the monitor will report */
    char address[INTAKE_ADDRESS_MAX];
    struct intake_message messages[INTAKE_DRAIN_MAX];
    zmq_msg_t kept[INTAKE_DRAIN_MAX * WIRE_BATCHES_MAX];
    size_t kept_count;
};

enum status intake_open(const struct intake_options *options,
                        struct intake **out)
{
    struct intake *intake = calloc(1, sizeof *intake);
    enum status status = STATUS_MEMORY;

    *out = NULL;
    if (intake == NULL) {
        return STATUS_MEMORY;
    }
    intake->context = options->context;
    intake->server_key = options->keys->public_key;
    buffer_init(&intake->packed, WIRE_FRAME_BYTES_MAX);
    intake->codec = wire_codec_new();
    intake->guard = options->guard;
    if (intake->codec != NULL && intake->guard != NULL) {
        status = STATUS_OK;
    } else if (intake->codec != NULL) {
        status = link_guard_start(&intake->own_guard);
        intake->guard = intake->own_guard;
    }
    if (status == STATUS_OK) {
        status = intake_socket_open(
            options,
            options->queue_max > 0 ? options->queue_max : INTAKE_QUEUE_DEFAULT,
            &intake->socket, &intake->monitor);
    }
    if (status == STATUS_OK) {
        status = intake_socket_bind(intake->socket, options->address,
                                    intake->address);
    }
    if (status != STATUS_OK) {
        intake_close(&intake);
        return status;
    }
    *out = intake;
    return STATUS_OK;
}

static void release_kept(struct intake *intake)
{
    for (size_t i = 0; i < intake->kept_count; i++) {
        (void)zmq_msg_close(&intake->kept[i]);
    }
    intake->kept_count = 0;
}

void intake_close(struct intake **intake)
{
    if (*intake == NULL) {
        return;
    }
    release_kept(*intake);
    link_guard_stop(&(*intake)->own_guard);
    intake_socket_close((*intake)->socket, (*intake)->monitor);
    wire_codec_free(&(*intake)->codec);
    buffer_fini(&(*intake)->packed);
    free(*intake);
    *intake = NULL;
}

bool intake_route_equal(const struct intake_route *a,
                        const struct intake_route *b)
{
    return memcmp(a->bytes, b->bytes, INTAKE_ROUTE_BYTES) == 0;
}

const char *intake_address(const struct intake *intake)
{
    return intake->address;
}

enum status intake_self_test(struct intake *intake, struct zap *zap,
                             int timeout_ms)
{
    const struct intake_shape shape = {.type = ZMQ_ROUTER, .domain = ZAP_LINE};
    enum status status = intake_socket_try_stranger(
        intake->context, zap, &shape, intake->address, &intake->server_key,
        timeout_ms);

    if (status == STATUS_OK) {
        intake->tries++;
    }
    return status;
}

void intake_poll_items(const struct intake *intake,
                       zmq_pollitem_t items[INTAKE_POLL_ITEMS])
{
    items[0] = (zmq_pollitem_t){.socket = intake->socket, .events = ZMQ_POLLIN};
    items[1] =
        (zmq_pollitem_t){.socket = intake->monitor, .events = ZMQ_POLLIN};
}

/* ---- receiving ---- */

/* The frames of one message, as they come off the socket. */
struct arrival {
    zmq_msg_t frames[1 + WIRE_FRAMES_MAX]; /* routing id, frame 0, batches */
    size_t count;
    size_t bytes;
    bool oversized;
};

static void arrival_close(struct arrival *arrival)
{
    for (size_t i = 0; i < arrival->count; i++) {
        (void)zmq_msg_close(&arrival->frames[i]);
    }
    arrival->count = 0;
}

/* Takes one message off the socket, at most WIRE_FRAMES_MAX frames of it into
 * memory of ours. STATUS_NOT_FOUND when none waits. */
static enum status arrival_receive(void *socket, struct arrival *arrival)
{
    bool more = true;

    *arrival = (struct arrival){.count = 0};
    while (more) {
        zmq_msg_t frame;

        check(zmq_msg_init(&frame) == 0);
        if (zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) < 0) {
            enum status status = errno == EAGAIN || errno == EINTR
                                     ? STATUS_NOT_FOUND
                                     : STATUS_IO;

            (void)zmq_msg_close(&frame);
            arrival_close(arrival);
            return status;
        }
        more = zmq_msg_more(&frame) != 0;
        arrival->bytes += zmq_msg_size(&frame);
        if (arrival->count == 1 + WIRE_FRAMES_MAX ||
            zmq_msg_size(&frame) > WIRE_FRAME_BYTES_MAX) {
            arrival->oversized = true;
            (void)zmq_msg_close(&frame);
        } else {
            check(zmq_msg_init(&arrival->frames[arrival->count]) == 0);
            check(zmq_msg_move(&arrival->frames[arrival->count], &frame) == 0);
            arrival->count++;
        }
    }
    return STATUS_OK;
}

/* Who speaks: from a body frame, because on the routing id's frame libzmq
 * 4.3.4 loses the metadata when a poll has fetched it in advance. */
static bool read_sender(struct arrival *arrival, struct intake_message *message)
{
    zmq_msg_t *route = &arrival->frames[0];
    const uint8_t *id = zmq_msg_data(route);
    const char *user;
    size_t size = 0;

    /* Routing ids that libzmq gives out begin with a zero byte. */
    if (arrival->count < 2 || zmq_msg_size(route) != INTAKE_ROUTE_BYTES ||
        id[0] != 0) {
        return false;
    }
    user = zmq_msg_gets(&arrival->frames[1], "User-Id");
    if (user == NULL ||
        bytes_from_hex(user, message->key.bytes, PUBLIC_KEY_BYTES, &size) !=
            STATUS_OK ||
        size != PUBLIC_KEY_BYTES) {
        return false;
    }
    memcpy(message->from.bytes, id, INTAKE_ROUTE_BYTES);
    return true;
}

/* Whether a message of this kind may have so many frames behind frame 0. */
static bool frames_fit(const struct wire_up *up, size_t frames)
{
    switch (up->kind) {
    case WIRE_UP_BATCHES:
        return frames > 0;
    case WIRE_UP_RETURNED: /* none when there is nothing to return */
        return (up->returned.count > 0) == (frames > 0);
    default:
        return frames == 0;
    }
}

static bool read_content(struct intake *intake, struct arrival *arrival,
                         struct intake_message *message)
{
    struct bytes frame = {.data = zmq_msg_data(&arrival->frames[1]),
                          .size = zmq_msg_size(&arrival->frames[1])};
    size_t batches = arrival->count - 2;

    if (wire_unpack_up(intake->codec, frame, &message->up) != STATUS_OK ||
        !frames_fit(&message->up, batches)) {
        return false;
    }
    for (size_t i = 0; i < batches; i++) {
        zmq_msg_t *kept = &intake->kept[intake->kept_count];

        check(zmq_msg_init(kept) == 0);
        check(zmq_msg_move(kept, &arrival->frames[2 + i]) == 0);
        intake->kept_count++;
        message->batches[i] = (struct bytes){.data = zmq_msg_data(kept),
                                             .size = zmq_msg_size(kept)};
    }
    message->batch_count = batches;
    return true;
}

/* True when `message` is worth handing on. */
static bool read_message(struct intake *intake, struct arrival *arrival,
                         struct intake_message *message)
{
    if (!read_sender(arrival, message)) {
        intake->counts.nameless++;
        log_warning("dropped a message without a known sender");
        return false;
    }
    if (arrival->oversized) {
        intake->counts.oversized++;
        log_warning("dropped a message beyond the limits",
                    log_hex("key", (struct bytes){message->key.bytes, 8}));
        return false;
    }
    if (!read_content(intake, arrival, message)) {
        intake->counts.malformed++;
        log_warning("dropped a message that is not understood",
                    log_hex("key", (struct bytes){message->key.bytes, 8}));
        return false;
    }
    return true;
}

static void hear_monitor(struct intake *intake)
{
    intake_socket_events(intake->monitor, intake->guard, &intake->counts,
                         &intake->tries);
}

/* libzmq has the descriptor from the connection itself, for this very message.
 * That the connection was accepted was told before: the guard hears it first,
 * so as not to take it for a newer one later. */
static void note_link(struct intake *intake, struct arrival *arrival)
{
    struct intake_message sender;

    hear_monitor(intake);
    link_guard_taken(
        intake->guard,
        zmq_msg_get(&arrival->frames[arrival->count - 1], ZMQ_SRCFD),
        read_sender(arrival, &sender) ? &sender.key : NULL);
}

enum status intake_drain(struct intake *intake,
                         const struct intake_message **messages, size_t *count,
                         bool *more)
{
    size_t taken = 0;
    size_t bytes = 0;
    enum status status = STATUS_OK;

    release_kept(intake);
    hear_monitor(intake);
    while (taken < INTAKE_DRAIN_MAX && bytes < INTAKE_DRAIN_BYTES_MAX) {
        struct arrival arrival;

        status = arrival_receive(intake->socket, &arrival);
        if (status != STATUS_OK) {
            break;
        }
        note_link(intake, &arrival);
        intake->counts.messages++;
        intake->counts.bytes += arrival.bytes;
        bytes += arrival.bytes;
        if (read_message(intake, &arrival, &intake->messages[taken])) {
            taken++;
        }
        arrival_close(&arrival);
    }
    *messages = intake->messages;
    *count = taken;
    *more = status == STATUS_OK;
    return status == STATUS_IO ? STATUS_IO : STATUS_OK;
}

/* ---- sending ---- */

enum status intake_send(struct intake *intake, const struct intake_route *to,
                        const struct wire_down *down)
{
    return intake_send_frames(intake, to, down, NULL, 0);
}

enum status intake_send_frames(struct intake *intake,
                               const struct intake_route *to,
                               const struct wire_down *down,
                               const struct bytes frames[], size_t count)
{
    enum status status;

    buffer_clear(&intake->packed);
    status = wire_pack_down(down, &intake->packed);
    if (status != STATUS_OK) {
        return status;
    }
    /* With ROUTER_MANDATORY the first frame says whether there is a peer and
     * room in its queue; the second then always goes. */
    if (zmq_send(intake->socket, to->bytes, sizeof to->bytes,
                 ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0) {
        if (errno == EHOSTUNREACH) {
            intake->counts.unreachable++;
            return STATUS_NOT_FOUND;
        }
        if (errno == EAGAIN) {
            intake->counts.queue_full++;
            return STATUS_AGAIN;
        }
        return STATUS_IO;
    }
    if (zmq_send(intake->socket, intake->packed.data, intake->packed.size,
                 ZMQ_DONTWAIT | (count > 0 ? ZMQ_SNDMORE : 0)) < 0) {
        return STATUS_IO;
    }
    for (size_t i = 0; i < count; i++) {
        if (zmq_send(intake->socket, frames[i].data, frames[i].size,
                     ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0)) < 0) {
            return STATUS_IO;
        }
    }
    intake->counts.sent++;
    return STATUS_OK;
}

enum status intake_send_document(struct intake *intake,
                                 const struct intake_route *to,
                                 const struct wire_document *document,
                                 uint64_t *offset)
{
    enum status status;

    do {
        struct wire_down down = {.kind = WIRE_DOWN_DOCUMENT};

        wire_document_piece(document, *offset, &down.document);
        status = intake_send(intake, to, &down);
        if (status == STATUS_OK) {
            *offset += down.document.piece.size;
        }
    } while (status == STATUS_OK && *offset < document->packed.size);
    return status;
}

void intake_counts(const struct intake *intake, struct intake_counts *counts)
{
    *counts = intake->counts;
    counts->cut = link_guard_cut(intake->guard);
}
