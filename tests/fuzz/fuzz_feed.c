/* Any frames as what a subscriber asks for: a request is one of the two that
 * there are, has a route that ZeroMQ gave out, and its answer goes there and
 * nowhere else. The whole input is one frame too, at any size: it is read to
 * its end and no further. */
#include "collector/feed/feed_door.h"
#include "common/base/check.h"
#include "tests/fuzz/fake_zmq.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INDEX_END UINT64_C(1000000000000000000)

static struct intake_route asked;
static size_t replies;

static void look_at_reply(const struct fake_zmq_sent frames[], size_t count)
{
    check(count == 3);
    check(frames[0].size == INTAKE_ROUTE_BYTES &&
          memcmp(frames[0].data, asked.bytes, INTAKE_ROUTE_BYTES) == 0);
    check(frames[0].more && frames[1].more && !frames[2].more);
    replies++;
}

/* What is a request is the same one when it is written again. */
static void look_at(const struct feed_request *request)
{
    char digits[24];
    struct feed_request again;
    struct bytes frames[FEED_ASK_FRAMES];
    size_t count = 1;

    frames[0] = bytes_of_text(FEED_TOPIC_FIGURES);
    if (request->what == FEED_ASK_ENTRIES) {
        check(request->from < INDEX_END);
        (void)snprintf(digits, sizeof digits, "%" PRIu64, request->from);
        frames[0] = bytes_of_text(FEED_TOPIC_ENTRIES);
        frames[1] = bytes_of_text(digits);
        count = 2;
    } else {
        check(request->what == FEED_ASK_FIGURES);
    }
    check(feed_request_read(frames, count, &again));
    check(again.what == request->what && again.from == request->from);
}

static void take(struct feed_door *door)
{
    struct feed_request request;
    enum feed_received received;

    while ((received = feed_door_receive(door, &asked, &request)) !=
           FEED_RECEIVED_NOTHING) {
        check(asked.bytes[0] == 0);
        if (received == FEED_RECEIVED_REQUEST) {
            look_at(&request);
        }
        replies = 0;
        check(feed_door_begin_reply(door, &asked));
        feed_door_reply(door, FEED_TOPIC_LATER, bytes_of_text("{}"));
        check(replies == 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct feed_door door = {.open = true};
    const struct bytes entries[] = {bytes_of_text(FEED_TOPIC_ENTRIES),
                                    {data, size}};
    struct feed_request request;

    door.router.socket = &door;
    fake_zmq_on_sent = look_at_reply;
    fake_zmq_begin((struct bytes){data, size}, NULL);
    take(&door);
    if (feed_request_read(entries, 2, &request)) {
        look_at(&request);
    }
    if (feed_request_read(&entries[1], 1, &request)) {
        look_at(&request);
    }
    return 0;
}
