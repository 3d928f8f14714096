#include "collector/feed/feed_door.h"

#include <errno.h>
#include <string.h>

#include "collector/line/intake_socket.h"
#include "common/base/check.h"
#include "common/base/log.h"

#define SELF_TEST_MS 5000

/* Subscriptions and requests are small; the handshake's own messages, which
 * this bounds too, are the largest that come in. */
#define FRAME_MAX 1024

static struct intake_shape shape_of(const struct feed_door *door,
                                    bool publisher)
{
    return (struct intake_shape){.type = publisher ? ZMQ_PUB : ZMQ_ROUTER,
                                 .thread = INTAKE_THREAD_FEED,
                                 .domain = door->options.domain,
                                 .receive_max = FEED_ASKED_MAX,
                                 .send_max = publisher ? FEED_QUEUE_MAX
                                                       : FEED_REPLIES_MAX,
                                 .frame_max = FRAME_MAX,
                                 .linger_ms = 0};
}

static void close_place(struct feed_place *place)
{
    intake_socket_close(place->socket, place->monitor);
    place->socket = NULL;
    place->monitor = NULL;
    place->tries = 0;
}

static enum status open_place(struct feed_door *door, struct feed_place *place,
                              const char *address)
{
    const struct feed_door_options *options = &door->options;
    struct intake_shape shape = shape_of(door, place == &door->publisher);
    char bound[INTAKE_ADDRESS_MAX];
    enum status status =
        intake_socket_make(options->context, &shape, options->keys,
                           &place->socket, &place->monitor);

    if (status == STATUS_OK) {
        status = intake_socket_bind(place->socket, address, bound);
    }
    if (status == STATUS_OK) {
        memcpy(place->bound, bound, sizeof bound);
        status = intake_socket_try_stranger(
            options->context, options->zap, &shape, place->bound,
            &options->keys->public_key, SELF_TEST_MS);
    }
    place->tries = status == STATUS_OK ? 1 : 0;
    return status;
}

static enum status open_places(struct feed_door *door, const char *publish,
                               const char *snapshot)
{
    enum status status = open_place(door, &door->publisher, publish);

    if (status == STATUS_OK) {
        status = open_place(door, &door->router, snapshot);
    }
    door->open = status == STATUS_OK;
    if (!door->open) {
        feed_door_close(door);
    }
    return status;
}

enum status feed_door_open(struct feed_door *door,
                           const struct feed_door_options *options)
{
    memset(door, 0, sizeof *door);
    door->options = *options;
    return open_places(door, options->publish, options->snapshot);
}

enum status feed_door_open_again(struct feed_door *door)
{
    char publish[INTAKE_ADDRESS_MAX], snapshot[INTAKE_ADDRESS_MAX];

    memcpy(publish, door->publisher.bound, sizeof publish);
    memcpy(snapshot, door->router.bound, sizeof snapshot);
    return open_places(door,
                       publish[0] != '\0' ? publish : door->options.publish,
                       snapshot[0] != '\0' ? snapshot : door->options.snapshot);
}

void feed_door_close(struct feed_door *door)
{
    close_place(&door->publisher);
    close_place(&door->router);
    door->open = false;
}

void feed_door_items(const struct feed_door *door,
                     zmq_pollitem_t items[FEED_DOOR_ITEMS])
{
    memset(items, 0, FEED_DOOR_ITEMS * sizeof items[0]);
    items[0].socket = door->router.socket;
    items[1].socket = door->router.monitor;
    items[2].socket = door->publisher.monitor;
    /* Subscriptions are taken in while the socket is looked at. */
    items[3].socket = door->publisher.socket;
    for (size_t i = 0; i < FEED_DOOR_ITEMS - 1; i++) {
        items[i].events = ZMQ_POLLIN;
    }
}

void feed_door_look(struct feed_door *door)
{
    if (door->open) {
        intake_socket_events(door->router.monitor, door->options.guard,
                             &door->counts, &door->router.tries);
        intake_socket_events(door->publisher.monitor, door->options.guard,
                             &door->counts, &door->publisher.tries);
    }
}

void feed_door_publish(struct feed_door *door, const char *topic,
                       struct bytes body)
{
    /* PUB never waits: who lags loses the message as a whole. */
    if (door->open &&
        (zmq_send(door->publisher.socket, topic, strlen(topic), ZMQ_SNDMORE) <
             0 ||
         zmq_send(door->publisher.socket, body.data, body.size, 0) < 0)) {
        log_warning("a message of the feed was not sent",
                    log_text("error", zmq_strerror(zmq_errno())));
    }
}

/* ---- requests ---- */

struct arrived {
    uint8_t frames[1 + FEED_ASK_FRAMES][FEED_ASK_BYTES_MAX];
    size_t sizes[1 + FEED_ASK_FRAMES];
    size_t count;
    bool other; /* more or larger frames than a request has */
};

/* False: nothing waits. */
static bool receive_frames(struct feed_door *door, struct arrived *arrived)
{
    bool more = true;

    arrived->count = 0;
    arrived->other = false;
    while (more) {
        zmq_msg_t frame;
        size_t size;

        check(zmq_msg_init(&frame) == 0);
        if (zmq_msg_recv(&frame, door->router.socket, ZMQ_DONTWAIT) < 0) {
            (void)zmq_msg_close(&frame);
            return false;
        }
        size = zmq_msg_size(&frame);
        more = zmq_msg_more(&frame) != 0;
        if (arrived->count > FEED_ASK_FRAMES || size > FEED_ASK_BYTES_MAX) {
            arrived->other = true;
        } else {
            memcpy(arrived->frames[arrived->count], zmq_msg_data(&frame), size);
            arrived->sizes[arrived->count++] = size;
        }
        if (!more) {
            link_guard_taken(door->options.guard,
                             zmq_msg_get(&frame, ZMQ_SRCFD), NULL);
        }
        (void)zmq_msg_close(&frame);
    }
    return true;
}

enum feed_received feed_door_receive(struct feed_door *door,
                                     struct intake_route *from,
                                     struct feed_request *request)
{
    struct bytes frames[FEED_ASK_FRAMES];
    struct arrived arrived;

    if (!door->open || !receive_frames(door, &arrived)) {
        return FEED_RECEIVED_NOTHING;
    }
    /* A route that the peer chose itself gets no answer: none is sent to a
     * route that libzmq did not give out. */
    memset(from, 0, sizeof *from);
    if (arrived.count == 0 || arrived.sizes[0] != INTAKE_ROUTE_BYTES ||
        arrived.frames[0][0] != 0) {
        return FEED_RECEIVED_OTHER;
    }
    memcpy(from->bytes, arrived.frames[0], INTAKE_ROUTE_BYTES);
    for (size_t i = 1; i < arrived.count; i++) {
        frames[i - 1] = (struct bytes){arrived.frames[i], arrived.sizes[i]};
    }
    return !arrived.other &&
                   feed_request_read(frames, arrived.count - 1, request)
               ? FEED_RECEIVED_REQUEST
               : FEED_RECEIVED_OTHER;
}

static bool send_route(struct feed_door *door, const struct intake_route *to)
{
    return zmq_send(door->router.socket, to->bytes, INTAKE_ROUTE_BYTES,
                    ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0;
}

/* Neither a send nor a receive that finds something hears what the network
 * thread has told, but once in some million cycles: a queue may count as full
 * though its replies were answered by the next requests. Asked for its events,
 * the socket hears it all. */
static void hear_what_was_taken(struct feed_door *door)
{
    int events = 0;
    size_t size = sizeof events;

    (void)zmq_getsockopt(door->router.socket, ZMQ_EVENTS, &events, &size);
}

bool feed_door_begin_reply(struct feed_door *door,
                           const struct intake_route *to)
{
    bool begun = send_route(door, to);

    if (!begun && zmq_errno() == EAGAIN) {
        hear_what_was_taken(door);
        begun = send_route(door, to);
    }
    door->dropped += begun ? 0 : 1;
    return begun;
}

/* Signals are blocked here and the first frame had room: with a peer that has
 * gone meanwhile it is thrown away, and only the context's end is refused. */
void feed_door_reply(struct feed_door *door, const char *topic,
                     struct bytes body)
{
    if (zmq_send(door->router.socket, topic, strlen(topic),
                 ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(door->router.socket, body.data, body.size, ZMQ_DONTWAIT) < 0) {
        log_warning("a reply of the feed was not sent",
                    log_text("error", zmq_strerror(zmq_errno())));
    }
}
