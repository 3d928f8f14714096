/* Replies that go on. The application appends to a bounded buffer; the
 * connection's own thread empties it and sleeps (suspended) while there is
 * nothing. A reader that lags by more than the buffer is cut: what it would
 * show would be old, and it comes back by itself. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 4096u /* of one read, within a connection's memory */

static void drop(struct http_stream *stream)
{
    check(stream->holders > 0);
    stream->holders--;
    if (stream->holders == 0) {
        buffer_fini(&stream->waiting);
        free(stream);
    }
}

/* Sends the connection's thread back to the reader. */
static void wake(struct http_stream *stream)
{
    if (stream->suspended && stream->link != NULL) {
        stream->suspended = false;
        MHD_resume_connection(stream->link->connection);
    }
}

static void fail(struct http_stream *stream)
{
    stream->failed = true;
    if (stream->link != NULL) {
        stream->http->counts.streams_cut++;
        http_link_cut(stream->link);
    }
    wake(stream);
}

/* ---- the server's end ---- */

static ssize_t read_stream(void *context, uint64_t position, char *out,
                           size_t room)
{
    struct http_stream *stream = context;
    ssize_t given = 0;

    (void)position;
    check(pthread_mutex_lock(&stream->http->lock) == 0);
    if (stream->failed || stream->link == NULL) {
        given = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (stream->sent < stream->waiting.size) {
        size_t left = stream->waiting.size - stream->sent;

        left = left < room ? left : room;
        memcpy(out, stream->waiting.data + stream->sent, left);
        stream->sent += left;
        given = (ssize_t)left;
    } else if (stream->ended || stream->http->closing) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        /* An empty answer without this would be asked for again at once, and
         * for ever. */
        stream->suspended = true;
        MHD_suspend_connection(stream->link->connection);
    }
    check(pthread_mutex_unlock(&stream->http->lock) == 0);
    return given;
}

void http_stream_drop(void *context)
{
    struct http_stream *stream = context;
    struct http *http = stream->http;

    check(pthread_mutex_lock(&http->lock) == 0);
    http_stream_leave(stream);
    drop(stream);
    check(pthread_mutex_unlock(&http->lock) == 0);
}

struct MHD_Response *http_stream_response(struct http_stream *stream)
{
    return MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_stream, stream, http_stream_drop);
}

void http_stream_leave(struct http_stream *stream)
{
    if (stream->link != NULL) {
        stream->link->stream = NULL;
        stream->link = NULL;
        stream->http->counts.streams--;
    }
}

void http_stream_end(struct http_stream *stream)
{
    stream->ended = true;
    wake(stream);
}

/* ---- the application's end ---- */

struct http_stream *http_reply_stream(struct http_request *request,
                                      struct http_reply *reply,
                                      const char *type)
{
    struct http *http = request->http;
    struct http_stream *stream = calloc(1, sizeof *stream);
    bool taken = false;

    if (stream == NULL) {
        http_reply_problem(reply, 503, NULL);
        return NULL;
    }
    stream->http = http;
    buffer_init(&stream->waiting, http->limits.stream_bytes);
    check(pthread_mutex_lock(&http->lock) == 0);
    taken = !http->closing && http->counts.streams < http->limits.streams;
    if (taken) {
        http->holders++;
        stream->holders = 2;
        stream->link = request->link;
        request->link->stream = stream;
        http->counts.streams++;
        http->counts.streams_total++;
    }
    check(pthread_mutex_unlock(&http->lock) == 0);
    if (!taken) {
        free(stream);
        http_reply_problem(reply, 503, "too many live connections");
        reply->retry_after_s = 30;
        return NULL;
    }
    http_reply_init(reply);
    reply->status = 200;
    reply->type = type;
    reply->stream = stream;
    return stream;
}

/* Room for `size` more, once what was sent is out of the way. */
static enum status put(struct http_stream *stream, struct bytes bytes)
{
    struct buffer *waiting = &stream->waiting;

    if (stream->sent > 0) {
        memmove(waiting->data, waiting->data + stream->sent,
                waiting->size - stream->sent);
        buffer_truncate(waiting, waiting->size - stream->sent);
        stream->sent = 0;
    }
    return buffer_append(waiting, bytes);
}

enum status http_stream_append(struct http_stream *stream, struct bytes bytes)
{
    enum status status = STATUS_NOT_FOUND;

    check(pthread_mutex_lock(&stream->http->lock) == 0);
    if (stream->link != NULL && !stream->failed && !stream->ended) {
        status = put(stream, bytes);
        if (status == STATUS_OK) {
            wake(stream);
        } else {
            fail(stream);
        }
    }
    check(pthread_mutex_unlock(&stream->http->lock) == 0);
    return status;
}

bool http_stream_gone(struct http_stream *stream)
{
    bool gone;

    check(pthread_mutex_lock(&stream->http->lock) == 0);
    gone = stream->link == NULL || stream->failed || stream->ended;
    check(pthread_mutex_unlock(&stream->http->lock) == 0);
    return gone;
}

void http_stream_close(struct http_stream **stream)
{
    struct http *http;

    if (*stream == NULL) {
        return;
    }
    http = (*stream)->http;
    check(pthread_mutex_lock(&http->lock) == 0);
    http_stream_end(*stream);
    drop(*stream);
    *stream = NULL;
    http_release(http);
}
