/* A class is what several streams see alike. Its two answers, of figures and of
 * lines, are the last that were sent to its streams; who joins gets them whole.
 *
 * Failure mode: an event that is larger than a stream may lag is not sent; the
 * page then asks for what it shows, as it does after a break. */
#include "collector/api/live_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/changes.h"
#include "collector/api/live_text.h"
#include "common/base/check.h"
#include "common/base/thread.h"

#define LIVE_FULL_RETRY_S 30u

enum source {
    FIGURES,
    LINES,
    SOURCE_END
};

struct class
{
    size_t streams; /* 0: free */
    struct query queries[SOURCE_END];
    struct answer *sent[SOURCE_END];
};

struct stream {
    struct http_stream *http;
    struct http_who who;
    struct class *class;
    char known[ANSWER_ETAG_SIZE]; /* figures that its reader has */
    bool greeted;
    bool has[SOURCE_END]; /* what was sent of its class */
};

struct live_events {
    struct live_options options;
    pthread_t thread;
    bool running;      /* the opener's own */
    struct buffer out; /* the thread's own */
    int64_t beat_at;

    pthread_mutex_t lock; /* over all below */
    pthread_cond_t changed;
    bool stop;
    struct class classes[LIVE_CLASSES_MAX];
    struct stream streams[HTTP_STREAMS_MAX];
    size_t count;
};

static void lock(struct live_events *live)
{
    check(pthread_mutex_lock(&live->lock) == 0);
}

static void unlock(struct live_events *live)
{
    check(pthread_mutex_unlock(&live->lock) == 0);
}

/* ---- streams and classes ---- */

static void leave(struct live_events *live, size_t at)
{
    struct stream *stream = &live->streams[at];
    struct class *class = stream->class;

    http_stream_close(&stream->http);
    if (--class->streams == 0) {
        for (unsigned i = 0; i < SOURCE_END; i++) {
            answer_release(&class->sent[i]);
        }
    }
    *stream = live->streams[--live->count];
}

static struct class *find_class(struct live_events *live,
                                const struct query queries[SOURCE_END])
{
    struct class *room = NULL;

    for (size_t i = 0; i < LIVE_CLASSES_MAX; i++) {
        struct class *class = &live->classes[i];

        if (class->streams > 0 &&
            query_equal(&class->queries[FIGURES], &queries[FIGURES])) {
            return class;
        }
        if (class->streams == 0 && room == NULL) {
            room = class;
        }
    }
    if (room != NULL) {
        memcpy(room->queries, queries, sizeof room->queries);
    }
    return room;
}

/* Whether somebody of that name follows the class. */
static bool is_followed_by(const struct live_events *live,
                           const struct class *class, const char *name)
{
    for (size_t i = 0; i < live->count; i++) {
        if (live->streams[i].class == class &&
            strcmp(live->streams[i].who.name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* One who asks for ever other views leaves room for everybody else. */
static bool has_room(struct live_events *live, const char *name,
                     const struct query queries[SOURCE_END])
{
    size_t followed = 0;
    bool there = false, room = false;

    lock(live);
    for (size_t i = 0; i < LIVE_CLASSES_MAX; i++) {
        const struct class *class = &live->classes[i];

        if (class->streams == 0) {
            room = true;
            continue;
        }
        there =
            there || query_equal(&class->queries[FIGURES], &queries[FIGURES]);
        followed += is_followed_by(live, class, name) ? 1u : 0u;
    }
    room = !live->stop && live->count < HTTP_STREAMS_MAX &&
           (there || (room && followed < LIVE_NAME_CLASSES_MAX));
    unlock(live);
    return room;
}

/* What its reader has the figures of, as the id of an event said; a text that
 * is none is nobody's. */
static void read_known(const struct http_request *request,
                       char known[ANSWER_ETAG_SIZE])
{
    const char *text = http_header(request, "Last-Event-ID");

    known[0] = '\0';
    if (text != NULL && strlen(text) < ANSWER_ETAG_SIZE) {
        memcpy(known, text, strlen(text) + 1);
    }
}

/* False: no room for another view. */
static bool enter(struct live_events *live, struct stream *stream,
                  const struct query queries[SOURCE_END])
{
    struct class *class;

    lock(live);
    class = live->stop || live->count == HTTP_STREAMS_MAX
                ? NULL
                : find_class(live, queries);
    if (class != NULL) {
        class->streams++;
        stream->class = class;
        live->streams[live->count++] = *stream;
        check(pthread_cond_signal(&live->changed) == 0);
    }
    unlock(live);
    return class != NULL;
}

void live_events_join(struct live_events *live, struct http_request *request,
                      struct http_reply *reply)
{
    static const char *const names[] = {"plan", NULL};
    const struct http_who *who = http_who(request);
    struct stream stream = {.who = *who};
    struct query queries[SOURCE_END];

    read_known(request, stream.known);
    query_init(&queries[FIGURES], QUERY_CHANGES, who);
    query_init(&queries[LINES], QUERY_LINKS, who);
    if (!query_read(request, names, &queries[FIGURES], reply)) {
        return;
    }
    if (!has_room(live, who->name, queries)) {
        http_reply_problem(reply, 503, "too many different live views");
        reply->retry_after_s = LIVE_FULL_RETRY_S;
        return;
    }
    stream.http = http_reply_stream(request, reply, "text/event-stream");
    if (stream.http != NULL && !enter(live, &stream, queries)) {
        http_stream_close(&stream.http);
    }
}

/* ---- events ---- */

static void send(struct live_events *live, struct stream *stream)
{
    /* One that has gone, or was cut, is found so by the next look. */
    (void)!http_stream_append(stream->http, buffer_bytes(&live->out));
}

static struct bytes rows_of(const struct answer *answer)
{
    return answer == NULL ? (struct bytes){NULL, 0}
                          : buffer_bytes(&answer->body);
}

static bool make_event(struct live_events *live, enum source source,
                       const struct answer *before, const struct answer *now)
{
    static const char *const events[] = {
        [FIGURES] = "overview", [LINES] = "offices"};
    static const char *const rows[] = {
        [FIGURES] = "lines", [LINES] = "offices"};

    return live_text_changes(&live->out, events[source], rows[source], before,
                             now);
}

/* ---- the thread ---- */

/* The newest answer of a class, held; NULL: it is being made. */
static struct answer *newest(struct live_events *live,
                             const struct query *query)
{
    struct answer *answer = desk_find(live->options.desk, query, DESK_NOBODY);

    if (answer == NULL) {
        (void)desk_ask(live->options.desk, query, DESK_NOBODY, NULL, NULL);
    }
    return answer;
}

/* What is new goes to those who have what was sent before. */
static void tell_news(struct live_events *live, struct class *class,
                      enum source source)
{
    struct answer *now = newest(live, &class->queries[source]);
    struct answer *before = class->sent[source];

    if (now == NULL || now == before || now->status != 200) {
        answer_release(&now);
        return;
    }
    if (before != NULL && changes_any(rows_of(before), rows_of(now)) &&
        make_event(live, source, before, now)) {
        for (size_t i = 0; i < live->count; i++) {
            struct stream *stream = &live->streams[i];

            if (stream->class == class && stream->has[source]) {
                send(live, stream);
            }
        }
    }
    answer_release(&class->sent[source]);
    class->sent[source] = now;
}

/* Everything, once: but figures that its reader has from before a break. */
static void send_whole(struct live_events *live, struct stream *stream,
                       enum source source)
{
    const struct answer *whole = stream->class->sent[source];

    if (whole == NULL || stream->has[source]) {
        return;
    }
    if ((source != FIGURES || strcmp(whole->etag, stream->known) != 0) &&
        make_event(live, source, NULL, whole)) {
        send(live, stream);
    }
    stream->has[source] = true;
}

static void greet(struct live_events *live, struct stream *stream)
{
    if (!stream->greeted && live_text_hello(&live->out, live->options.desk)) {
        send(live, stream);
        stream->greeted = true;
    }
    send_whole(live, stream, FIGURES);
    send_whole(live, stream, LINES);
}

static void beat(struct live_events *live)
{
    int64_t now = clock_monotonic_us(live->options.clock);
    bool made;

    if (now < live->beat_at) {
        return;
    }
    live->beat_at = now + LIVE_BEAT_S * CLOCK_US_PER_S;
    made = live_text_beat(&live->out, live->options.desk, live->options.clock);
    for (size_t i = live->count; i > 0; i--) {
        struct stream *stream = &live->streams[i - 1];

        if (live->options.still != NULL &&
            !live->options.still(live->options.owner, &stream->who)) {
            leave(live, i - 1);
        } else if (made) {
            send(live, stream);
        }
    }
}

static void look(struct live_events *live)
{
    for (size_t i = live->count; i > 0; i--) {
        if (http_stream_gone(live->streams[i - 1].http)) {
            leave(live, i - 1);
        }
    }
    for (size_t i = 0; i < LIVE_CLASSES_MAX; i++) {
        for (unsigned k = 0; k < SOURCE_END && live->classes[i].streams > 0;
             k++) {
            tell_news(live, &live->classes[i], (enum source)k);
        }
    }
    for (size_t i = 0; i < live->count; i++) {
        greet(live, &live->streams[i]);
    }
    beat(live);
}

/* Every handler that joins waits for a look at most, which sends bytes to
 * buffers and nothing more. */
static void *work(void *argument)
{
    struct live_events *live = argument;

    lock(live);
    while (!live->stop) {
        if (live->count == 0) {
            check(pthread_cond_wait(&live->changed, &live->lock) == 0);
        } else {
            (void)thread_wait(&live->changed, &live->lock, LIVE_TICK_MS);
        }
        if (!live->stop) {
            look(live);
        }
    }
    while (live->count > 0) {
        leave(live, live->count - 1);
    }
    unlock(live);
    return NULL;
}

/* ---- opening ---- */

enum status live_events_open(const struct live_options *options,
                             struct live_events **live)
{
    struct live_events *self = calloc(1, sizeof *self);
    enum status status;

    *live = NULL;
    if (self == NULL) {
        return STATUS_MEMORY;
    }
    self->options = *options;
    buffer_init(&self->out, LIVE_EVENT_MAX);
    check(pthread_mutex_init(&self->lock, NULL) == 0);
    thread_condition_init(&self->changed);
    status = thread_start(&self->thread, work, self);
    self->running = status == STATUS_OK;
    if (status != STATUS_OK) {
        live_events_close(&self);
    }
    *live = self;
    return status;
}

void live_events_close(struct live_events **live)
{
    struct live_events *self = *live;

    if (self == NULL) {
        return;
    }
    if (self->running) {
        lock(self);
        self->stop = true;
        check(pthread_cond_signal(&self->changed) == 0);
        unlock(self);
        check(pthread_join(self->thread, NULL) == 0);
    }
    buffer_fini(&self->out);
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
    *live = NULL;
}
