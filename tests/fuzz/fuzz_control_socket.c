/* Any frames as a command's request to the running collector, or as what it
 * answers: no crash, and nothing beyond the limits. The first byte says which
 * of the two the rest is. */
#include "collector/line/control_socket.h"
#include "common/base/check.h"
#include "tests/fuzz/fake_zmq.h"

#include <string.h>

static void take_request(void)
{
    struct control_socket *socket = NULL;
    struct control_request request;

    check(control_socket_open(&socket, "ipc://a", &socket) == STATUS_OK);
    while (control_socket_take(socket, &request) == STATUS_OK) {
        struct control_answer answer = {.status = STATUS_OK};

        check(request.kind == CONTROL_SOCKET_STATUS ||
              request.kind == CONTROL_SOCKET_SCRUB ||
              request.document_count > 0);
        check(request.document_count <= PROVINCE_ORDERS_MAX);
        control_socket_answer(socket, &answer);
    }
    control_socket_close(&socket);
}

static void take_answer(void)
{
    static struct buffer text;
    struct control_request request = {.kind = CONTROL_SOCKET_STATUS};
    struct control_answer answer;

    if (text.max == 0) {
        buffer_init(&text, CONTROL_SOCKET_TEXT_MAX);
    }
    if (control_socket_ask("ipc://a", &request, 0, &text, &answer) ==
        STATUS_OK) {
        check(answer.entry_count <= PROVINCE_ORDERS_MAX);
        check(answer.text.size <= CONTROL_SOCKET_TEXT_MAX);
        check(strlen(status_text(answer.status, LANGUAGE_EN)) > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    fake_zmq_begin((struct bytes){data + 1, size - 1}, NULL);
    if (data[0] % 2 == 0) {
        take_request();
    } else {
        take_answer();
    }
    return 0;
}
