/* Any frames as what comes over the line: what is handed on is within the
 * limits, has the sender of its link, and can be read to the end. The first
 * byte says who sent it. */
#include "collector/line/intake.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "tests/fuzz/fake_zmq.h"

#include <string.h>

static const char *const senders[] = {
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef", "",
    NULL};

static void read_all(struct bytes bytes)
{
    size_t sum = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        sum += bytes.data[i];
    }
    check(sum <= bytes.size * (size_t)UINT8_MAX);
}

static void look_at(const struct intake_message *message)
{
    check(message->key.bytes[1] == 0x11 && message->from.bytes[0] == 0);
    check(message->batch_count <= WIRE_BATCHES_MAX);
    check((message->up.kind == WIRE_UP_BATCHES) == (message->batch_count > 0));
    for (size_t i = 0; i < message->batch_count; i++) {
        check(message->batches[i].size <= WIRE_FRAME_BYTES_MAX);
        read_all(message->batches[i]);
    }
}

static struct intake *open_intake(void)
{
    static const struct log_settings quiet = {.level = LOG_LEVEL_ERROR,
                                              .fd = -1};
    static struct curve_keys keys;
    struct intake_options options = {
        .context = &keys, .address = "tcp://127.0.0.1:*", .keys = &keys};
    struct intake *intake = NULL;

    sign_init();
    log_init(&quiet);
    fake_zmq_begin((struct bytes){0}, NULL);
    check(intake_open(&options, &intake) == STATUS_OK);
    return intake;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct intake *intake;
    const struct intake_message *messages = NULL;
    const char *sender;
    size_t count = 0;
    bool more = false;

    if (intake == NULL) {
        intake = open_intake();
    }
    if (size == 0) {
        return 0;
    }
    sender = senders[data[0] % (sizeof senders / sizeof senders[0])];
    fake_zmq_begin((struct bytes){data + 1, size - 1}, sender);
    do {
        check(intake_drain(intake, &messages, &count, &more) == STATUS_OK);
        check(count <= INTAKE_DRAIN_MAX);
        check(count == 0 || sender == senders[0]);
        for (size_t i = 0; i < count; i++) {
            look_at(&messages[i]);
        }
    } while (more);
    return 0;
}
