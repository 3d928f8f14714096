/* The framing of the live feed, and its door: who lags loses messages as a
 * whole and finds out, and nobody else does. */
#include "collector/feed/feed_door.h"

#include "collector/line/intake_socket.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS  10000
#define MESSAGES 20000
#define BODY     4096u
#define REPLIES  2000

static bool reads(const char *first, const char *second, const char *third,
                  struct feed_request *request)
{
    const struct bytes frames[] = {bytes_of_text(first), bytes_of_text(second),
                                   bytes_of_text(third)};

    return feed_request_read(frames,
                             third[0] != '\0'    ? 3u
                             : second[0] != '\0' ? 2u
                                                 : 1u,
                             request);
}

Test(feed, a_request_is_read_and_nothing_else)
{
    struct feed_request request;

    cr_assert(reads("figures", "", "", &request));
    cr_assert_eq(request.what, FEED_ASK_FIGURES);
    cr_assert(reads("entries", "0", "", &request));
    cr_assert_eq(request.what, FEED_ASK_ENTRIES);
    cr_assert_eq(request.from, 0);
    cr_assert(reads("entries", "999999999999999999", "", &request));
    cr_assert_eq(request.from, UINT64_C(999999999999999999));
    cr_assert_not(reads("entries", "1000000000000000000", "", &request));
    cr_assert_not(reads("entries", "", "", &request));
    cr_assert_not(reads("entries", "-1", "", &request));
    cr_assert_not(reads("entries", " 1", "", &request));
    cr_assert_not(reads("entries", "1", "2", &request));
    cr_assert_not(reads("figures", "1", "", &request));
    cr_assert_not(reads("figure", "", "", &request));
    cr_assert_not(feed_request_read(NULL, 0, &request));
}

Test(feed, a_message_says_of_which_run_it_is)
{
    struct random_id run;
    struct buffer out;
    struct say say;

    memset(run.bytes, 0xab, sizeof run.bytes);
    buffer_init(&out, 1000);
    feed_message_begin(&say, &out, &run);
    say_number(&say, "number", 7);
    say_object_end(&say);
    cr_assert_eq(say.status, STATUS_OK);
    cr_assert(bytes_equal(
        buffer_bytes(&out),
        bytes_of_text("{\"run\":\"abababababababababababababababab\","
                      "\"number\":7}")));
    buffer_fini(&out);
}

/* ---- the door ---- */

static void *context;
static struct zap *zap;
static struct link_guard *guard;
static struct curve_keys server, known;
static struct feed_door door;
static void *peer; /* closed in the end, also when an assertion fails */

static void setup(void)
{
    struct feed_door_options options = {.domain = ZAP_FEED,
                                        .keys = &server,
                                        .publish = "tcp://127.0.0.1:*",
                                        .snapshot = "tcp://127.0.0.1:*"};

    sign_init();
    curve_keys_make(&server);
    curve_keys_make(&known);
    context = zmq_ctx_new();
    cr_assert_eq(zmq_ctx_set(context, ZMQ_IO_THREADS, INTAKE_THREADS), 0);
    cr_assert_eq(zap_start(context, &zap), STATUS_OK);
    cr_assert_eq(link_guard_start(&guard), STATUS_OK);
    options.context = context;
    options.zap = zap;
    options.guard = guard;
    cr_assert_eq(feed_door_open(&door, &options), STATUS_OK);
}

static void teardown(void)
{
    if (peer != NULL) {
        (void)zmq_close(peer);
    }
    feed_door_close(&door);
    link_guard_stop(&guard);
    zap_stop(&zap);
    cr_assert_eq(zmq_ctx_term(context), 0);
}

TestSuite(feed_door, .init = setup, .fini = teardown);

static void connect_to(int type, const char *address)
{
    int wait = WAIT_MS, linger = 0, queue = 1;

    peer = zmq_socket(context, type);
    cr_assert_not_null(peer);
    (void)zmq_setsockopt(peer, ZMQ_RCVTIMEO, &wait, sizeof wait);
    (void)zmq_setsockopt(peer, ZMQ_LINGER, &linger, sizeof linger);
    (void)zmq_setsockopt(peer, ZMQ_RCVHWM, &queue, sizeof queue);
    (void)zmq_setsockopt(peer, ZMQ_CURVE_SERVERKEY, server.public_key.bytes,
                         PUBLIC_KEY_BYTES);
    (void)zmq_setsockopt(peer, ZMQ_CURVE_PUBLICKEY, known.public_key.bytes,
                         PUBLIC_KEY_BYTES);
    (void)zmq_setsockopt(peer, ZMQ_CURVE_SECRETKEY, known.secret,
                         CURVE_SECRET_BYTES);
    if (type == ZMQ_SUB) {
        (void)zmq_setsockopt(peer, ZMQ_SUBSCRIBE, "", 0);
    }
    cr_assert_eq(zmq_connect(peer, address), 0);
}

static void publish(unsigned number)
{
    static char body[BODY];

    (void)snprintf(body, sizeof body, "%u", number);
    feed_door_publish(&door, "entries",
                      (struct bytes){(const uint8_t *)body, sizeof body});
}

/* The number of the next message; its two frames come together. */
static unsigned hear(void)
{
    char topic[16], body[BODY];
    unsigned number = 0;

    cr_assert_eq(zmq_recv(peer, topic, sizeof topic, 0), 7);
    cr_assert_eq(zmq_recv(peer, body, sizeof body, 0), (int)BODY);
    cr_assert_eq(sscanf(body, "%u", &number), 1);
    return number;
}

/* Until the subscription has arrived nothing does. */
static void wait_for_peer(void)
{
    zmq_pollitem_t item = {.socket = peer, .events = ZMQ_POLLIN};

    for (int i = 0; i < WAIT_MS / 10; i++) {
        publish(0);
        if (zmq_poll(&item, 1, 10) > 0) {
            return;
        }
    }
    cr_assert_fail("no message arrives");
}

Test(feed_door, i11_who_lags_loses_messages_and_finds_out)
{
    unsigned last = 0, gaps = 0, heard = 0;

    cr_assert_eq(zap_set_domain(zap, ZAP_FEED, &known.public_key, 1),
                 STATUS_OK);
    connect_to(ZMQ_SUB, door.publisher.bound);
    wait_for_peer();
    for (unsigned i = 1; i <= MESSAGES; i++) {
        publish(i);
    }
    while (last < MESSAGES) {
        unsigned number;

        publish(MESSAGES); /* the one that shows the gap */
        number = hear();
        cr_assert_geq(number, last);
        gaps += number > last + 1 ? 1 : 0;
        last = number;
        heard++;
    }
    cr_assert_gt(gaps, 0);
    cr_assert_lt(heard, MESSAGES);
}

Test(feed_door, i8_a_key_of_another_door_is_a_stranger)
{
    const int wait = 50;
    struct zap_counts counts = {0};

    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    cr_assert_eq(zap_set_domain(zap, ZAP_FEED_AUDIT, &known.public_key, 1),
                 STATUS_OK);
    cr_assert_eq(zap_let_strangers(zap, true), STATUS_OK);
    connect_to(ZMQ_SUB, door.publisher.bound);
    (void)zmq_setsockopt(peer, ZMQ_RCVTIMEO, &wait, sizeof wait);
    /* Two are the door's own tries. */
    for (int i = 0; i < WAIT_MS / wait && counts.denied < 3; i++) {
        char byte;

        publish(1);
        cr_assert_lt(zmq_recv(peer, &byte, 1, 0), 0);
        zap_counts(zap, &counts);
        cr_assert_eq(counts.allowed, 0);
    }
    cr_assert_eq(counts.denied, 3);
}

static enum feed_received receive(struct intake_route *from)
{
    enum feed_received received = FEED_RECEIVED_NOTHING;

    for (int i = 0; i < WAIT_MS && received == FEED_RECEIVED_NOTHING; i++) {
        zmq_pollitem_t items[FEED_DOOR_ITEMS];
        struct feed_request request;

        feed_door_items(&door, items);
        (void)zmq_poll(items, (int)FEED_DOOR_ITEMS, 10);
        received = feed_door_receive(&door, from, &request);
    }
    return received;
}

Test(feed_door, i11_a_request_of_many_frames_is_none)
{
    struct intake_route from;

    cr_assert_eq(zap_set_domain(zap, ZAP_FEED, &known.public_key, 1),
                 STATUS_OK);
    connect_to(ZMQ_DEALER, door.router.bound);
    for (int i = 0; i < 100; i++) {
        cr_assert_geq(zmq_send(peer, "figures", 7, ZMQ_SNDMORE), 0);
    }
    cr_assert_geq(zmq_send(peer, "figures", 7, 0), 0);
    cr_assert_geq(zmq_send(peer, "figures", 7, 0), 0);
    cr_assert_eq(receive(&from), FEED_RECEIVED_OTHER);
    cr_assert_eq(receive(&from), FEED_RECEIVED_REQUEST);
}

/* Nothing but replies makes the socket hear here that the ones before were
 * taken. */
Test(feed_door, who_has_read_every_reply_gets_the_next)
{
    struct intake_route from;
    char frame[16];

    cr_assert_eq(zap_set_domain(zap, ZAP_FEED, &known.public_key, 1),
                 STATUS_OK);
    connect_to(ZMQ_DEALER, door.router.bound);
    cr_assert_geq(zmq_send(peer, "figures", 7, 0), 0);
    cr_assert_eq(receive(&from), FEED_RECEIVED_REQUEST);
    for (int i = 0; i < REPLIES; i++) {
        cr_assert(feed_door_begin_reply(&door, &from), "reply %d", i);
        feed_door_reply(&door, "figures", bytes_of_text("{}"));
        cr_assert_eq(zmq_recv(peer, frame, sizeof frame, 0), 7);
        cr_assert_eq(zmq_recv(peer, frame, sizeof frame, 0), 2);
    }
}

Test(feed_door, i11_who_reads_no_reply_has_them_dropped)
{
    struct intake_route from;

    cr_assert_eq(zap_set_domain(zap, ZAP_FEED, &known.public_key, 1),
                 STATUS_OK);
    connect_to(ZMQ_DEALER, door.router.bound);
    cr_assert_geq(zmq_send(peer, "figures", 7, 0), 0);
    cr_assert_eq(receive(&from), FEED_RECEIVED_REQUEST);
    for (int i = 0; i < MESSAGES && feed_door_begin_reply(&door, &from); i++) {
        static const uint8_t body[BODY];

        feed_door_reply(&door, "figures", (struct bytes){body, sizeof body});
    }
    cr_assert_eq(door.dropped, 1);
    cr_assert_not(feed_door_begin_reply(&door, &from));
}
