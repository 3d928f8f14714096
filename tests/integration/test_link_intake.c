#include "collector/line/intake.h"
#include "common/format/wire_document.h"

#include "collector/line/zap.h"
#include "tests/support/link_peer.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS 10000

static void *context;
static struct zap *zap;
static struct intake *intake;
static struct curve_keys server;
static struct curve_keys agent;
static struct buffer heartbeat;
static struct buffer batches;

static void pack(struct buffer *buffer, enum wire_up_kind kind)
{
    struct wire_up up = {.kind = kind};

    buffer_init(buffer, WIRE_FRAME_BYTES_MAX);
    if (kind == WIRE_UP_HEARTBEAT) {
        up.heartbeat.next_seq = 42;
    }
    cr_assert_eq(wire_pack_up(&up, buffer), STATUS_OK);
}

static void setup(void)
{
    sign_init();
    curve_keys_make(&server);
    curve_keys_make(&agent);
    context = zmq_ctx_new();
    cr_assert_eq(zap_start(context, &zap), STATUS_OK);
    cr_assert_eq(zap_set_keys(zap, &agent.public_key, 1), STATUS_OK);
    cr_assert_eq(
        intake_open(&(struct intake_options){.context = context,
                                             .address = "tcp://127.0.0.1:*",
                                             .keys = &server,
                                             .queue_max = 4},
                    &intake),
        STATUS_OK);
    pack(&heartbeat, WIRE_UP_HEARTBEAT);
    pack(&batches, WIRE_UP_BATCHES);
}

static void teardown(void)
{
    link_peer_close_rest();
    buffer_fini(&heartbeat);
    buffer_fini(&batches);
    intake_close(&intake);
    zap_stop(&zap);
    cr_assert_eq(zmq_ctx_term(context), 0);
}

TestSuite(link_intake, .init = setup, .fini = teardown, .timeout = 60);

static void open_agent(struct link_peer *peer, const char *routing_id)
{
    link_peer_open(
        &(struct link_peer_options){.context = context,
                                    .address = intake_address(intake),
                                    .server_key = &server.public_key,
                                    .keys = &agent,
                                    .routing_id = routing_id},
        peer);
    cr_assert(link_peer_stands(peer, WAIT_MS));
}

/* Drains until a message is there; NULL after WAIT_MS. */
static const struct intake_message *next_message(void)
{
    for (;;) {
        zmq_pollitem_t items[INTAKE_POLL_ITEMS];
        const struct intake_message *messages;
        size_t count;
        bool more;

        intake_poll_items(intake, items);
        if (zmq_poll(items, INTAKE_POLL_ITEMS, WAIT_MS) <= 0) {
            return NULL;
        }
        cr_assert_eq(intake_drain(intake, &messages, &count, &more), STATUS_OK);
        if (count > 0) {
            cr_assert_eq(count, 1);
            return messages;
        }
    }
}

static void send_heartbeat(struct link_peer *peer)
{
    struct bytes frame = buffer_bytes(&heartbeat);

    link_peer_send(peer, &frame, 1);
}

static void expect_heartbeat(void)
{
    const struct intake_message *message = next_message();

    cr_assert_not_null(message);
    cr_assert_eq(message->up.kind, WIRE_UP_HEARTBEAT);
    cr_assert_eq(message->up.heartbeat.next_seq, 42);
    cr_assert_eq(message->batch_count, 0);
    cr_assert_arr_eq(message->key.bytes, agent.public_key.bytes,
                     PUBLIC_KEY_BYTES);
}

/* Polls before it reads, which is what loses the metadata of the first frame
 * in this version of the library. */
Test(link_intake, i8_the_sender_is_the_key_of_the_link)
{
    struct link_peer peer;

    open_agent(&peer, NULL);
    send_heartbeat(&peer);
    expect_heartbeat();
    link_peer_close(&peer);
}

Test(link_intake, an_answer_goes_back_to_the_link_that_asked)
{
    struct wire_down down = {.kind = WIRE_DOWN_HEARTBEAT};
    struct wire_codec *codec = wire_codec_new();
    const struct intake_message *message;
    struct link_peer peer;
    struct link_peer other;
    uint8_t frame[256];
    size_t size;

    open_agent(&other, NULL);
    open_agent(&peer, NULL);
    send_heartbeat(&peer);
    message = next_message();
    cr_assert_not_null(message);
    down.heartbeat.ledger_size = 77;
    cr_assert_eq(intake_send(intake, &message->from, &down), STATUS_OK);
    size = link_peer_receive(&peer, frame, sizeof frame, WAIT_MS);
    cr_assert_eq(wire_unpack_down(
                     codec, (struct bytes){.data = frame, .size = size}, &down),
                 STATUS_OK);
    cr_assert_eq(down.heartbeat.ledger_size, 77);
    cr_assert_eq(link_peer_receive(&other, frame, sizeof frame, 1), 0);
    link_peer_close(&peer);
    link_peer_close(&other);
    wire_codec_free(&codec);
}

Test(link_intake, an_answer_to_a_link_that_is_gone_is_counted)
{
    struct wire_down down = {.kind = WIRE_DOWN_HEARTBEAT};
    struct intake_route nobody = {.bytes = {0, 1, 2, 3, 4}};
    struct intake_counts counts;

    cr_assert_eq(intake_send(intake, &nobody, &down), STATUS_NOT_FOUND);
    intake_counts(intake, &counts);
    cr_assert_eq(counts.unreachable, 1);
    cr_assert_eq(counts.sent, 0);
}

Test(link_intake, i11_seven_batches_of_the_largest_size_are_taken)
{
    uint8_t *data = calloc(1, WIRE_FRAME_BYTES_MAX);
    struct bytes frames[WIRE_FRAMES_MAX];
    const struct intake_message *message;
    struct link_peer peer;

    cr_assert_not_null(data);
    data[WIRE_FRAME_BYTES_MAX - 1] = 9;
    frames[0] = buffer_bytes(&batches);
    for (size_t i = 1; i < WIRE_FRAMES_MAX; i++) {
        frames[i] = (struct bytes){.data = data, .size = WIRE_FRAME_BYTES_MAX};
    }
    open_agent(&peer, NULL);
    link_peer_send(&peer, frames, WIRE_FRAMES_MAX);
    message = next_message();
    cr_assert_not_null(message);
    cr_assert_eq(message->up.kind, WIRE_UP_BATCHES);
    cr_assert_eq(message->batch_count, WIRE_BATCHES_MAX);
    cr_assert(bytes_equal(message->batches[6], frames[7]));
    link_peer_close(&peer);
    free(data);
}

Test(link_intake, i11_one_frame_too_many_is_dropped_and_the_link_goes_on)
{
    struct bytes frames[WIRE_FRAMES_MAX + 1];
    struct intake_counts counts;
    struct link_peer peer;

    frames[0] = buffer_bytes(&batches);
    for (size_t i = 1; i <= WIRE_FRAMES_MAX; i++) {
        frames[i] = bytes_of_text("x");
    }
    open_agent(&peer, NULL);
    link_peer_send(&peer, frames, WIRE_FRAMES_MAX + 1);
    send_heartbeat(&peer);
    expect_heartbeat();
    intake_counts(intake, &counts);
    cr_assert_eq(counts.oversized, 1);
    link_peer_close(&peer);
}

/* An office that ignores its credit has to wait: what nobody has drained yet is
 * some messages here, and what the two ends of TCP hold. */
Test(link_intake, i11_of_one_link_no_more_waits_than_the_limit)
{
    enum {
        TCP_BYTES_MAX = 16 << 20,
        STUCK_MS = 1000
    };
    size_t sent = 0, most;
    uint8_t *data = calloc(1, WIRE_FRAME_BYTES_MAX);
    struct bytes frames[WIRE_FRAMES_MAX] = {buffer_bytes(&batches)};
    struct link_peer peer;

    cr_assert_not_null(data);
    for (size_t i = 1; i < WIRE_FRAMES_MAX; i++) {
        frames[i] = (struct bytes){data, WIRE_FRAME_BYTES_MAX};
    }
    most = INTAKE_WAITING_MAX + 2 +
           TCP_BYTES_MAX / (WIRE_BATCHES_MAX * WIRE_FRAME_BYTES_MAX);
    link_peer_open(
        &(struct link_peer_options){.context = context,
                                    .address = intake_address(intake),
                                    .server_key = &server.public_key,
                                    .keys = &agent,
                                    .queue_max = 1},
        &peer);
    cr_assert(link_peer_stands(&peer, WAIT_MS));
    while (sent <= most &&
           link_peer_offer(&peer, frames, WIRE_FRAMES_MAX, STUCK_MS)) {
        sent++;
    }
    cr_assert_geq(sent, INTAKE_WAITING_MAX);
    cr_assert_leq(sent, most);
    link_peer_close(&peer);
    free(data);
}

/* The library ends the link of a peer whose frame is larger than allowed. */
Test(link_intake, i11_a_frame_too_large_never_arrives)
{
    size_t size = WIRE_FRAME_BYTES_MAX + 4096;
    uint8_t *data = calloc(1, size);
    struct bytes frames[2] = {buffer_bytes(&batches),
                              {.data = data, .size = size}};
    struct link_peer peer;
    struct link_peer honest;

    cr_assert_not_null(data);
    open_agent(&peer, NULL);
    link_peer_send(&peer, frames, 2);
    cr_assert_not(link_peer_stands(&peer, WAIT_MS), "the link was ended");
    open_agent(&honest, NULL);
    send_heartbeat(&honest);
    expect_heartbeat();
    link_peer_close(&peer);
    link_peer_close(&honest);
    free(data);
}

Test(link_intake, what_is_not_understood_is_dropped_and_counted)
{
    struct bytes rubbish = bytes_of_text("\xff\xff\xff");
    struct bytes no_batch = buffer_bytes(&batches);
    struct bytes too_much[2] = {buffer_bytes(&heartbeat), bytes_of_text("x")};
    struct intake_counts counts;
    struct link_peer peer;

    open_agent(&peer, NULL);
    link_peer_send(&peer, &rubbish, 1);
    link_peer_send(&peer, &no_batch, 1);
    link_peer_send(&peer, too_much, 2);
    send_heartbeat(&peer);
    expect_heartbeat();
    intake_counts(intake, &counts);
    cr_assert_eq(counts.malformed, 3);
    cr_assert_eq(counts.messages, 4);
    link_peer_close(&peer);
}

/* A routing id of one's own choice could shut another agent out. */
Test(link_intake, i8_a_peer_that_chose_its_routing_id_is_not_heard)
{
    struct intake_counts counts;
    struct link_peer spoof;
    struct link_peer honest;

    open_agent(&spoof, "agent");
    send_heartbeat(&spoof);
    open_agent(&honest, NULL);
    send_heartbeat(&honest);
    expect_heartbeat();
    intake_counts(intake, &counts);
    if (counts.nameless == 0) {
        /* it may come after the honest one */
        zmq_pollitem_t items[INTAKE_POLL_ITEMS];
        const struct intake_message *messages;
        size_t count;
        bool more;

        intake_poll_items(intake, items);
        (void)zmq_poll(items, INTAKE_POLL_ITEMS, WAIT_MS);
        cr_assert_eq(intake_drain(intake, &messages, &count, &more), STATUS_OK);
        cr_assert_eq(count, 0);
        intake_counts(intake, &counts);
    }
    cr_assert_eq(counts.nameless, 1);
    link_peer_close(&spoof);
    link_peer_close(&honest);
}

/* Sends what there is room for and reads one piece, again and again. Returns
 * how often the queue was full. */
static unsigned carry(struct link_peer *peer, const struct intake_route *to,
                      const struct wire_document *document,
                      const struct public_key *key,
                      struct wire_assembly *assembly, struct bytes *came)
{
    static uint8_t frame[WIRE_FRAME_BYTES_MAX];
    struct wire_codec *codec = wire_codec_new();
    uint64_t offset = 0;
    unsigned stops = 0;
    enum status status = STATUS_AGAIN;

    for (unsigned i = 0; status == STATUS_AGAIN && i < 10000; i++) {
        struct bytes piece = {.data = frame};
        struct wire_down down;

        if (offset < document->packed.size &&
            intake_send_document(intake, to, document, &offset) ==
                STATUS_AGAIN) {
            stops++;
        }
        piece.size = link_peer_receive(peer, frame, sizeof frame, 1);
        if (piece.size > 0) {
            cr_assert_eq(wire_unpack_down(codec, piece, &down), STATUS_OK);
            status = wire_assembly_add(assembly, &down.document, key, came);
        }
    }
    cr_assert_eq(status, STATUS_OK);
    wire_codec_free(&codec);
    return stops;
}

/* The agent reads slowly; its queue fills, and the rest of the document goes
 * when there is room again. */
Test(link_intake, a_document_goes_on_where_a_full_queue_stopped_it)
{
    uint8_t *data = malloc(WIRE_DOCUMENT_BYTES_MAX);
    struct bytes body = {.data = data, .size = WIRE_DOCUMENT_BYTES_MAX};
    struct wire_assembly assembly;
    struct wire_document document;
    struct sign_keys keys;
    const struct intake_message *message;
    struct link_peer peer;
    struct bytes came = {0};

    cr_assert_not_null(data);
    for (size_t i = 0; i < body.size; i++) {
        data[i] = (uint8_t)(i * i >> 7);
    }
    sign_keys_make(&keys);
    wire_assembly_init(&assembly);
    cr_assert_eq(wire_document_make(&document, "plan", 1, body, false, &keys),
                 STATUS_OK);
    open_agent(&peer, NULL);
    send_heartbeat(&peer);
    message = next_message();
    cr_assert_not_null(message);
    cr_assert_gt(carry(&peer, &message->from, &document, &keys.public_key,
                       &assembly, &came),
                 0, "the queue was never full: the test is too small");
    cr_assert(bytes_equal(body, came));
    link_peer_close(&peer);
    wire_document_fini(&document);
    wire_assembly_fini(&assembly);
    free(data);
}

Test(link_intake, an_address_in_use_or_wrong_is_said_to_be_so)
{
    struct intake_options options = {
        .context = context, .address = intake_address(intake), .keys = &server};
    struct intake *second;

    cr_assert_eq(intake_open(&options, &second), STATUS_BUSY);
    cr_assert_null(second);
    options.address = "nowhere";
    cr_assert_eq(intake_open(&options, &second), STATUS_CONFIG);
    cr_assert_null(second);
}

Test(link_intake, the_self_test_works_on_a_wildcard_address)
{
    struct intake *second;

    cr_assert_eq(
        intake_open(&(struct intake_options){.context = context,
                                             .address = "tcp://0.0.0.0:*",
                                             .keys = &server},
                    &second),
        STATUS_OK);
    cr_assert_eq(intake_self_test(second, NULL, WAIT_MS), STATUS_OK);
    intake_close(&second);
}
