#include "agent/api/live.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "agent/api/site.h"
#include "agent/api/telling.h"
#include "agent/office/standing.h"
#include "agent/spool/spool_outbox.h"
#include "common/base/check.h"

#define TEXT_MAX (16u * 1024u)

/* What is compared with the last time. */
struct seen {
    struct spool_standings standings;
    struct spool_link link;
    bool alarm;
    struct digest documents[OFFICE_DOCUMENTS];
};

struct listener {
    struct http_stream *stream; /* NULL: an empty place */
    struct http_who who;
    enum language language;
    bool fresh; /* nothing was told yet */
    int64_t until;
};

struct live {
    const struct clock *clock;
    pthread_mutex_t lock; /* of the readers */
    struct listener readers[LIVE_STREAMS_MAX];
    int timer;
    struct seen seen;
    int64_t looked_at, beat_at; /* monotonic */
};

/* ---- the timer ---- */

/* Wakes the daemon in so many microseconds; 0: never. */
static void set_timer(const struct live *live, int64_t us)
{
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(us / CLOCK_US_PER_S),
                     .tv_nsec = (long)(us % CLOCK_US_PER_S) * 1000}};

    check(timerfd_settime(live->timer, 0, &when, NULL) == 0);
}

enum status live_new(const struct clock *clock, struct live **out)
{
    struct live *live = calloc(1, sizeof *live);

    *out = NULL;
    if (live == NULL) {
        return STATUS_MEMORY;
    }
    live->clock = clock;
    live->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (live->timer < 0) {
        free(live);
        return STATUS_IO;
    }
    check(pthread_mutex_init(&live->lock, NULL) == 0);
    *out = live;
    return STATUS_OK;
}

void live_free(struct live **out)
{
    struct live *live = *out;

    if (live == NULL) {
        return;
    }
    for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
        http_stream_close(&live->readers[i].stream);
    }
    (void)close(live->timer);
    check(pthread_mutex_destroy(&live->lock) == 0);
    free(live);
    *out = NULL;
}

int live_timer_fd(const struct live *live)
{
    return live->timer;
}

/* ---- new readers ---- */

/* A place for the stream, and the daemon is woken; false: there is none. */
static bool enter(struct live *live, struct http_stream *stream,
                  const struct http_request *request)
{
    bool found = false;

    check(pthread_mutex_lock(&live->lock) == 0);
    for (size_t i = 0; i < LIVE_STREAMS_MAX && !found; i++) {
        struct listener *reader = &live->readers[i];

        if (reader->stream == NULL) {
            *reader = (struct listener){
                .stream = stream,
                .who = *http_who(request),
                .language = desk_language(request),
                .fresh = true,
                .until = clock_monotonic_us(live->clock) + LIVE_STREAM_US};
            found = true;
            set_timer(live, 1);
        }
    }
    check(pthread_mutex_unlock(&live->lock) == 0);
    return found;
}

void live_take(void *context, struct http_request *request,
               struct http_reply *reply)
{
    static const char hello[] = "event: hello\ndata: {}\n\n";
    struct live *live = ((struct site *)context)->live;
    struct http_stream *stream =
        http_reply_stream(request, reply, "text/event-stream");

    if (stream == NULL) {
        return;
    }
    if (http_stream_append(stream, bytes_of_text(hello)) != STATUS_OK ||
        !enter(live, stream, request)) {
        http_stream_close(&stream);
    }
}

/* ---- telling ---- */

static void tell_text(struct listener *reader, struct bytes text)
{
    if (http_stream_append(reader->stream, text) != STATUS_OK) {
        http_stream_close(&reader->stream);
    }
}

/* Begins an event; its data is the JSON that the caller writes. */
static void begin_event(struct buffer *text, struct say *say, const char *name)
{
    buffer_clear(text);
    (void)!buffer_append(text, bytes_of_text("event: "));
    (void)!buffer_append(text, bytes_of_text(name));
    (void)!buffer_append(text, bytes_of_text("\ndata: "));
    say_init(say, text);
}

static void end_event(struct listener *reader, struct buffer *text,
                      const struct say *say)
{
    if (say->status == STATUS_OK &&
        buffer_append(text, bytes_of_text("\n\n")) == STATUS_OK) {
        tell_text(reader, buffer_bytes(text));
    }
}

static void tell_outbox(struct listener *reader, const struct desk_means *means,
                        struct buffer *text)
{
    struct say say;

    begin_event(text, &say, "outbox");
    if (tell_standings(&say, NULL, means->office->spool) == STATUS_OK) {
        end_event(reader, text, &say);
    }
}

static void tell_line_state(struct listener *reader,
                            const struct desk_means *means, struct buffer *text)
{
    struct say say;

    begin_event(text, &say, "link");
    say_object(&say, NULL);
    if (tell_link(means, reader->language, &say) == STATUS_OK) {
        say_object_end(&say);
        end_event(reader, text, &say);
    }
}

/* What has changed, by a look at the numbers that cost nothing. */
struct changes {
    bool outbox, link, documents, beat;
};

static enum status look(struct live *live, const struct desk_means *means,
                        struct changes *changes)
{
    struct spool *spool = means->office->spool;
    struct spool_witness witness;
    struct seen now;
    enum status status;

    memset(&now, 0, sizeof now);
    memset(changes, 0, sizeof *changes);
    status = spool_standings(spool, &now.standings);
    if (status == STATUS_OK) {
        status = spool_link(spool, &now.link);
    }
    if (status == STATUS_OK) {
        status = spool_witness(spool, &witness);
        now.alarm = status == STATUS_OK && standing_alarm(&witness);
    }
    now.link.heard_at = now.link.heard_at != 0; /* it changes all the time */
    memcpy(now.documents, means->office->documents, sizeof now.documents);
    changes->outbox = memcmp(&now.standings, &live->seen.standings,
                             sizeof now.standings) != 0;
    changes->link = changes->outbox || now.alarm != live->seen.alarm ||
                    now.link.frozen != live->seen.link.frozen ||
                    now.link.refusal != live->seen.link.refusal ||
                    now.link.heard_at != live->seen.link.heard_at ||
                    now.link.connected_at != live->seen.link.connected_at ||
                    now.link.lost_at != live->seen.link.lost_at;
    changes->documents =
        memcmp(now.documents, live->seen.documents, sizeof now.documents) != 0;
    live->seen = now;
    return status;
}

static void tell_reader(struct listener *reader, const struct changes *changes,
                        const struct desk_means *means, struct buffer *text)
{
    static const char documents[] = "event: documents\ndata: {}\n\n";
    static const char beat[] = "event: beat\ndata: {}\n\n";

    if (changes->outbox || reader->fresh) {
        tell_outbox(reader, means, text);
    }
    if (reader->stream != NULL && (changes->link || reader->fresh)) {
        tell_line_state(reader, means, text);
    }
    if (reader->stream != NULL && changes->documents && !reader->fresh) {
        tell_text(reader, bytes_of_text(documents));
    }
    if (reader->stream != NULL && changes->beat) {
        tell_text(reader, bytes_of_text(beat));
    }
    reader->fresh = false;
}

static bool has_ended(const struct listener *reader, struct access *access,
                      int64_t now)
{
    return http_stream_gone(reader->stream) || now >= reader->until ||
           !access_still(access, &reader->who);
}

/* The timer is set before anybody else may come in: who does sets it anew. */
static void tell_all(struct live *live, const struct changes *changes,
                     const struct desk_means *means, struct access *access)
{
    int64_t now = clock_monotonic_us(live->clock);
    struct buffer text;
    bool any = false;

    buffer_init(&text, TEXT_MAX);
    check(pthread_mutex_lock(&live->lock) == 0);
    for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
        struct listener *reader = &live->readers[i];

        if (reader->stream != NULL && has_ended(reader, access, now)) {
            http_stream_close(&reader->stream);
        }
        if (reader->stream != NULL) {
            tell_reader(reader, changes, means, &text);
        }
        any = any || reader->stream != NULL;
    }
    set_timer(live, any ? live->beat_at - now : 0);
    check(pthread_mutex_unlock(&live->lock) == 0);
    buffer_fini(&text);
}

static bool has_readers(struct live *live)
{
    bool any = false;

    check(pthread_mutex_lock(&live->lock) == 0);
    for (size_t i = 0; i < LIVE_STREAMS_MAX; i++) {
        any = any || live->readers[i].stream != NULL;
    }
    check(pthread_mutex_unlock(&live->lock) == 0);
    return any;
}

void live_serve(struct live *live, const struct desk_means *means,
                struct access *access)
{
    int64_t now = clock_monotonic_us(live->clock);
    struct changes changes;
    uint64_t fired;
    bool woken = read(live->timer, &fired, sizeof fired) > 0;

    if (!has_readers(live)) {
        return;
    }
    if (!woken && now < live->looked_at + LIVE_LOOK_US) {
        set_timer(live, live->looked_at + LIVE_LOOK_US - now);
        return;
    }
    live->looked_at = now;
    if (look(live, means, &changes) != STATUS_OK) {
        return; /* the line's next step tells what is wrong with the disk */
    }
    changes.beat = now >= live->beat_at;
    live->beat_at = changes.beat ? now + LIVE_BEAT_US : live->beat_at;
    tell_all(live, &changes, means, access);
}
