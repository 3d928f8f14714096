#include "collector/feed/feed_message.h"

#include <string.h>

#define NUMBER_DIGITS_MAX 18u /* below 2^63 */

static bool is_text(struct bytes frame, const char *text)
{
    return bytes_equal(frame, bytes_of_text(text));
}

static bool read_index(struct bytes frame, uint64_t *index)
{
    *index = 0;
    if (frame.size == 0 || frame.size > NUMBER_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < frame.size; i++) {
        if (frame.data[i] < '0' || frame.data[i] > '9') {
            return false;
        }
        *index = *index * 10u + (uint64_t)(frame.data[i] - '0');
    }
    return true;
}

bool feed_request_read(const struct bytes frames[], size_t count,
                       struct feed_request *request)
{
    *request = (struct feed_request){.what = FEED_ASK_FIGURES};
    if (count == 1 && is_text(frames[0], FEED_TOPIC_FIGURES)) {
        return true;
    }
    request->what = FEED_ASK_ENTRIES;
    return count == 2 && is_text(frames[0], FEED_TOPIC_ENTRIES) &&
           read_index(frames[1], &request->from);
}

void feed_message_begin(struct say *say, struct buffer *out,
                        const struct random_id *run)
{
    buffer_clear(out);
    say_init(say, out);
    say_object(say, NULL);
    say_hex(say, "run", (struct bytes){run->bytes, sizeof run->bytes});
}
