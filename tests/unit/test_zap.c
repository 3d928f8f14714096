#include "collector/line/zap.h"

#include "collector/line/intake.h"
#include "tests/support/link_peer.h"

#include <criterion/criterion.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS 10000

/* The whole of the door: handler, ROUTER and one key that is let in. */
static void *context;
static struct zap *zap;
static struct intake *intake;
static struct curve_keys server;
static struct curve_keys known;

static void setup(void)
{
    sign_init();
    curve_keys_make(&server);
    curve_keys_make(&known);
    context = zmq_ctx_new();
    cr_assert_not_null(context);
    cr_assert_eq(zap_start(context, &zap), STATUS_OK);
    cr_assert_eq(
        intake_open(&(struct intake_options){.context = context,
                                             .address = "tcp://127.0.0.1:*",
                                             .keys = &server},
                    &intake),
        STATUS_OK);
}

static void teardown(void)
{
    link_peer_close_rest();
    intake_close(&intake);
    zap_stop(&zap);
    cr_assert_eq(zmq_ctx_term(context), 0);
}

TestSuite(zap, .init = setup, .fini = teardown, .timeout = 60);

static bool let_in(const struct curve_keys *keys)
{
    struct link_peer peer;
    bool stands;

    link_peer_open(
        &(struct link_peer_options){.context = context,
                                    .address = intake_address(intake),
                                    .server_key = &server.public_key,
                                    .keys = keys},
        &peer);
    stands = link_peer_stands(&peer, WAIT_MS);
    link_peer_close(&peer);
    return stands;
}

Test(zap, i8_a_key_is_let_in_only_while_it_is_in_the_table)
{
    struct zap_counts counts;

    cr_assert_not(let_in(&known), "the table is empty");
    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    cr_assert(let_in(&known));
    cr_assert_eq(zap_set_keys(zap, NULL, 0), STATUS_OK);
    cr_assert_not(let_in(&known), "it was taken out again");
    zap_counts(zap, &counts);
    cr_assert_eq(counts.allowed, 1);
    cr_assert_eq(counts.denied, 2);
}

Test(zap, i8_a_stranger_is_turned_away_and_the_self_test_says_so)
{
    struct curve_keys stranger;

    curve_keys_make(&stranger);
    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    cr_assert_not(let_in(&stranger));
    cr_assert_eq(intake_self_test(intake, zap, WAIT_MS), STATUS_OK);
}

/* Without a handler libzmq would let everybody in, were the domain not
 * enforced. */
Test(zap, i8_without_the_handler_nobody_is_let_in)
{
    struct link_peer peer;

    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    zap_stop(&zap);
    cr_assert_null(zap);
    link_peer_open(
        &(struct link_peer_options){.context = context,
                                    .address = intake_address(intake),
                                    .server_key = &server.public_key,
                                    .keys = &known},
        &peer);
    cr_assert_not(link_peer_stands(&peer, 1000));
    link_peer_close(&peer);
}

Test(zap, i8_a_peer_without_curve_is_turned_away)
{
    struct link_peer peer;

    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    link_peer_open(
        &(struct link_peer_options){.context = context,
                                    .address = intake_address(intake)},
        &peer);
    cr_assert_not(link_peer_stands(&peer, 1000));
    link_peer_close(&peer);
}

Test(zap, a_context_has_one_handler)
{
    struct zap *second;

    cr_assert_eq(zap_start(context, &second), STATUS_BUSY);
    cr_assert_null(second);
}

Test(zap, i11_the_table_takes_its_limit_and_not_one_more)
{
    static struct public_key keys[ZAP_KEYS_MAX + 1];

    for (size_t i = 0; i < ZAP_KEYS_MAX; i++) {
        bytes_put_u64(keys[i].bytes, i * UINT64_C(0x9e3779b97f4a7c15));
    }
    keys[ZAP_KEYS_MAX / 2] = known.public_key;
    cr_assert_eq(zap_set_keys(zap, keys, ZAP_KEYS_MAX), STATUS_OK);
    cr_assert(let_in(&known));
    cr_assert_eq(zap_set_keys(zap, keys, ZAP_KEYS_MAX + 1), STATUS_FULL);
    cr_assert(let_in(&known), "the old table stays");
}

/* ---- requests made by hand ---- */

static void ask(const char *domain, const char *mechanism, size_t key_size,
                char code[4])
{
    void *socket = zmq_socket(context, ZMQ_REQ);
    uint8_t key[PUBLIC_KEY_BYTES + 1];
    char frame[256];
    int linger = 0;

    cr_assert_not_null(socket);
    (void)zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    memcpy(key, known.public_key.bytes, PUBLIC_KEY_BYTES);
    cr_assert_eq(zmq_connect(socket, "inproc://zeromq.zap.01"), 0);
    (void)zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(socket, "77", 2, ZMQ_SNDMORE);
    (void)zmq_send(socket, domain, strlen(domain), ZMQ_SNDMORE);
    (void)zmq_send(socket, "127.0.0.1", 9, ZMQ_SNDMORE);
    (void)zmq_send(socket, "", 0, ZMQ_SNDMORE);
    (void)zmq_send(socket, mechanism, strlen(mechanism), ZMQ_SNDMORE);
    (void)zmq_send(socket, key, key_size, 0);
    cr_assert_eq(zmq_recv(socket, frame, sizeof frame, 0), 3);
    cr_assert_eq(zmq_recv(socket, frame, sizeof frame, 0), 2);
    cr_assert_arr_eq(frame, "77", 2);
    cr_assert_eq(zmq_recv(socket, code, 4, 0), 3);
    code[3] = '\0';
    (void)zmq_close(socket);
}

Test(zap, a_request_of_another_kind_is_answered_400)
{
    struct zap_counts counts;
    char code[4];

    cr_assert_eq(zap_set_keys(zap, &known.public_key, 1), STATUS_OK);
    ask(WIRE_ZAP_DOMAIN, "CURVE", PUBLIC_KEY_BYTES, code);
    cr_assert_str_eq(code, "200");
    ask("elsewhere", "CURVE", PUBLIC_KEY_BYTES, code);
    cr_assert_str_eq(code, "400");
    ask(WIRE_ZAP_DOMAIN, "PLAIN", PUBLIC_KEY_BYTES, code);
    cr_assert_str_eq(code, "400");
    ask(WIRE_ZAP_DOMAIN, "CURVE", PUBLIC_KEY_BYTES - 1, code);
    cr_assert_str_eq(code, "400");
    ask(WIRE_ZAP_DOMAIN, "CURVE", PUBLIC_KEY_BYTES + 1, code);
    cr_assert_str_eq(code, "400");
    zap_counts(zap, &counts);
    cr_assert_eq(counts.malformed, 4);
}
