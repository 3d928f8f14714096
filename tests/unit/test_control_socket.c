#include "collector/line/control_socket.h"

#include "common/format/sign.h"
#include "tests/support/deadline.h"
#include "tests/support/temp_dir.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define WAIT_MS 10000

static struct temp_dir dir;
static char endpoint[TEMP_DIR_PATH_MAX + 16];
static void *context;
static struct control_socket *server;

/* A command that asks from a thread of its own. */
static struct asking {
    struct control_request request;
    struct control_answer answer;
    struct buffer text;
    enum status status;
    int timeout_ms;
} asking;
static pthread_t thread;

static void setup(void)
{
    sign_init();
    temp_dir_open(&dir);
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/sock", dir.path);
    context = zmq_ctx_new();
    cr_assert_eq(control_socket_open(context, endpoint, &server), STATUS_OK);
    memset(&asking, 0, sizeof asking);
    buffer_init(&asking.text, CONTROL_SOCKET_TEXT_MAX);
    asking.timeout_ms = WAIT_MS;
}

static void teardown(void)
{
    buffer_fini(&asking.text);
    control_socket_close(&server);
    cr_assert_eq(zmq_ctx_term(context), 0);
    temp_dir_close(&dir);
}

TestSuite(control_socket, .init = setup, .fini = teardown);

static void *ask(void *unused)
{
    asking.status =
        control_socket_ask(endpoint, &asking.request, asking.timeout_ms,
                           &asking.text, &asking.answer);
    return unused;
}

static bool arrived(void *request)
{
    return control_socket_take(server, request) == STATUS_OK;
}

/* Starts the command and takes its request. */
static void take(struct control_request *request)
{
    cr_assert_eq(pthread_create(&thread, NULL, ask, NULL), 0);
    cr_assert(deadline_wait(arrived, request, WAIT_MS));
}

static void join(void)
{
    cr_assert_eq(pthread_join(thread, NULL), 0);
}

Test(control_socket, an_order_arrives_whole_and_its_entries_come_back)
{
    struct control_request request;
    struct control_answer answer = {
        .status = STATUS_OK, .position = 9, .text = bytes_of_text("done")};

    asking.request.kind = CONTROL_SOCKET_ORDER;
    asking.request.language = LANGUAGE_EN;
    asking.request.position = 7;
    for (size_t i = 0; i < PROVINCE_ORDERS_MAX; i++) {
        asking.request.documents[i] = bytes_of_text("document");
        answer.entries[i] = (struct entry){
            .kind = ENTRY_CONTROL, .index = 7 + i, .received_at = 1, .size = 8};
    }
    asking.request.document_count = PROVINCE_ORDERS_MAX;
    answer.entry_count = PROVINCE_ORDERS_MAX;
    take(&request);
    cr_assert_eq(request.kind, CONTROL_SOCKET_ORDER);
    cr_assert_eq(request.language, LANGUAGE_EN);
    cr_assert_eq(request.position, 7);
    cr_assert_eq(request.document_count, PROVINCE_ORDERS_MAX);
    cr_assert(bytes_equal(request.documents[3], bytes_of_text("document")));
    control_socket_answer(server, &answer);
    join();
    cr_assert_eq(asking.status, STATUS_OK);
    cr_assert_eq(asking.answer.status, STATUS_OK);
    cr_assert_eq(asking.answer.position, 9);
    cr_assert(bytes_equal(asking.answer.text, bytes_of_text("done")));
    cr_assert_eq(asking.answer.entry_count, PROVINCE_ORDERS_MAX);
    cr_assert_eq(asking.answer.entries[3].index, 10);
}

Test(control_socket, a_refusal_brings_its_reason)
{
    struct control_request request;
    struct control_answer answer = {.status = STATUS_INVALID,
                                    .text = bytes_of_text("why")};

    asking.request.kind = CONTROL_SOCKET_STATUS;
    take(&request);
    cr_assert_eq(request.document_count, 0);
    control_socket_answer(server, &answer);
    join();
    cr_assert_eq(asking.status, STATUS_OK);
    cr_assert_eq(asking.answer.status, STATUS_INVALID);
    cr_assert(bytes_equal(asking.answer.text, bytes_of_text("why")));
}

Test(control_socket, nobody_answers_in_time)
{
    asking.request.kind = CONTROL_SOCKET_STATUS;
    asking.timeout_ms = 20;
    (void)ask(NULL);
    cr_assert_eq(asking.status, STATUS_AGAIN);
}

/* Takes what comes until the garbage has been answered. */
static bool answered(void *dealer)
{
    struct control_request request;
    char answer[64];

    cr_assert_eq(control_socket_take(server, &request), STATUS_NOT_FOUND);
    return zmq_recv(dealer, answer, sizeof answer, ZMQ_DONTWAIT) >= 0;
}

Test(control_socket, i11_what_is_no_request_is_answered_and_forgotten)
{
    void *client = zmq_socket(context, ZMQ_REQ);

    cr_assert_eq(zmq_connect(client, endpoint), 0);
    cr_assert_gt(zmq_send(client, "garbage", 7, ZMQ_SNDMORE), 0);
    for (int i = 0; i < 20; i++) {
        cr_assert_gt(zmq_send(client, "more", 4, i < 19 ? ZMQ_SNDMORE : 0), 0);
    }
    cr_assert(deadline_wait(answered, client, WAIT_MS));
    cr_assert_eq(zmq_close(client), 0);
}
