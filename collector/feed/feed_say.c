/* The messages of the feed, one at a time in feed->body. */
#include "collector/feed/feed_private.h"

#include "collector/api/changes.h"
#include "common/base/log.h"

#define LINES "lines"

struct bytes feed_say_rows(const struct answer *answer)
{
    return answer == NULL ? (struct bytes){NULL, 0}
                          : buffer_bytes(&answer->body);
}

void feed_say_begin(struct feed *feed, struct say *say)
{
    feed_message_begin(say, &feed->body, &feed->run);
}

bool feed_say_end(struct say *say)
{
    say_object_end(say);
    if (say->status != STATUS_OK) {
        log_warning("a message of the feed was not made",
                    log_status("status", say->status));
    }
    return say->status == STATUS_OK;
}

bool feed_say_figures(struct feed *feed, const struct class *class,
                      const struct answer *before, const struct answer *now)
{
    struct say say;

    buffer_clear(&feed->part);
    if (changes_tell(feed_say_rows(before), feed_say_rows(now), LINES,
                     &feed->part) != STATUS_OK) {
        return false;
    }
    feed_say_begin(feed, &say);
    say_number(&say, "number", (int64_t) class->number);
    say_raw(&say, "figures", buffer_bytes(&feed->part));
    return feed_say_end(&say);
}

bool feed_say_page(struct feed *feed, const struct class *class, uint64_t from,
                   uint64_t size, uint64_t *end)
{
    int64_t until = clock_monotonic_us(feed->options.clock) + FEED_PAGE_US;
    uint64_t next = from;
    struct say say;

    feed_say_begin(feed, &say);
    say_number(&say, "from", (int64_t)from);
    say_array(&say, "entries");
    while (next < size && next - from < FEED_PAGE_ENTRIES &&
           feed->body.size < FEED_PAGE_BYTES &&
           (next == from || clock_monotonic_us(feed->options.clock) < until)) {
        feed_entries_tell(feed->entries, &say, NULL, next,
                          class->kind == CLASS_AUDIT);
        next++;
    }
    *end = next;
    say_array_end(&say);
    say_number(&say, "next", (int64_t)next);
    say_number(&say, "end", (int64_t)size);
    return feed_say_end(&say);
}
