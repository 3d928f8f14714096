#include "collector/api/live_text.h"

#include "collector/api/changes.h"
#include "common/base/say.h"

/* What a reader has the figures of when it comes back is the id of the last
 * event that had some: no other event has one. */
static enum status begin(struct buffer *out, const char *event)
{
    buffer_clear(out);
    return buffer_printf(out, "event: %s\ndata: ", event);
}

static enum status begin_figures(struct buffer *out, const char *event,
                                 const struct answer *now)
{
    buffer_clear(out);
    return buffer_printf(out, "event: %s\nid: %s\ndata: ", event, now->etag);
}

/* Ends the event in the buffer; false when there is none. */
static bool end(struct buffer *out, enum status status)
{
    return status == STATUS_OK &&
           buffer_append(out, bytes_of_text("\n\n")) == STATUS_OK;
}

static struct bytes rows_of(const struct answer *answer)
{
    return answer == NULL ? (struct bytes){NULL, 0}
                          : buffer_bytes(&answer->body);
}

bool live_text_changes(struct buffer *out, const char *event, const char *rows,
                       const struct answer *before, const struct answer *now)
{
    enum status status = now->query.kind == QUERY_CHANGES
                             ? begin_figures(out, event, now)
                             : begin(out, event);

    if (status == STATUS_OK) {
        status = changes_tell(rows_of(before), rows_of(now), rows, out);
    }
    return end(out, status);
}

bool live_text_hello(struct buffer *out, struct desk *desk)
{
    struct figures_state state = {.position = 0};
    int32_t today = 0;
    struct say say;
    enum status status;

    desk_look(desk, &state, &today);
    status = begin(out, "hello");
    say_init(&say, out);
    say_object(&say, NULL);
    say_number(&say, "position", (int64_t)state.position);
    say_bool(&say, "complete", state.complete);
    say_day(&say, "day", today);
    say_object_end(&say);
    return end(out, status == STATUS_OK ? say.status : status);
}

bool live_text_beat(struct buffer *out, struct desk *desk,
                    const struct clock *clock)
{
    struct figures_state state = {.position = 0};
    int32_t today = 0;
    struct say say;
    enum status status;

    desk_look(desk, &state, &today);
    status = begin(out, "beat");
    say_init(&say, out);
    say_object(&say, NULL);
    say_moment(&say, "now", clock_wall_us(clock));
    say_number(&say, "position", (int64_t)state.position);
    say_bool(&say, "complete", state.complete);
    say_object_end(&say);
    return end(out, status == STATUS_OK ? say.status : status);
}
