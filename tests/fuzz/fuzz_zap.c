/* Any frames as what libzmq asks of the handler: each message has one answer of
 * the shape of RFC 27, and only the known key of our domain is let in. */
#include "collector/line/zap.h"
#include "common/base/check.h"
#include "tests/fuzz/fake_zmq.h"

#include <string.h>

#define ORDER_KEYS     1u
#define ORDER_HEAD     2u /* and the domain: that of the line */
#define ANSWER_FRAMES  6u
#define AT_CODE        2u
#define KNOWN_KEY_BYTE 0x6bu

static bool is(const struct fake_zmq_sent *frame, const char *text)
{
    return frame->size == strlen(text) &&
           memcmp(frame->data, text, frame->size) == 0;
}

static void hold(const struct fake_zmq_sent frames[], size_t count)
{
    struct public_key key;
    char hex[BYTES_HEX_SIZE(PUBLIC_KEY_BYTES)];

    if (count == 1) {
        return; /* the owner's word to stop */
    }
    check(count == ANSWER_FRAMES && is(&frames[0], "1.0"));
    memset(key.bytes, KNOWN_KEY_BYTE, sizeof key.bytes);
    check(bytes_to_hex((struct bytes){key.bytes, sizeof key.bytes}, hex,
                       sizeof hex) == STATUS_OK);
    if (is(&frames[AT_CODE], "200")) {
        check(is(&frames[4], hex));
    } else {
        check(is(&frames[AT_CODE], "400") && frames[4].size == 0);
    }
    check(frames[5].size == 0 && !frames[5].more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t order[ORDER_HEAD + PUBLIC_KEY_BYTES];
    struct zap_counts counts;
    struct zap *zap = NULL;

    memset(order, KNOWN_KEY_BYTE, sizeof order);
    order[0] = ORDER_KEYS;
    order[1] = (uint8_t)ZAP_LINE;
    fake_zmq_on_sent = hold;
    fake_zmq_begin((struct bytes){data, size}, NULL);
    fake_zmq_order((struct bytes){order, sizeof order});
    check(zap_start(order, &zap) == STATUS_OK);
    zap_counts(zap, &counts);
    check(counts.allowed == 0 || size > 3 + PUBLIC_KEY_BYTES);
    zap_stop(&zap);
    return 0;
}
