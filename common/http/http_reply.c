/* Replies, from a handler's wish to the library's response. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEM_MAX    4096u
#define NAME_SHOWN_MAX 64u

void http_reply_init(struct http_reply *reply)
{
    memset(reply, 0, sizeof *reply);
}

void http_reply_fini(struct http_reply *reply)
{
    if (reply->release != NULL) {
        reply->release(reply->owner);
    }
    if (reply->stream != NULL) {
        http_stream_drop(reply->stream);
    }
    http_reply_init(reply);
}

void http_reply_borrow(struct http_reply *reply, const char *type,
                       struct bytes body, void (*release)(void *owner),
                       void *owner)
{
    reply->status = reply->status == 0 ? 200 : reply->status;
    reply->type = type;
    reply->body = body;
    reply->release = release;
    reply->owner = owner;
}

void http_reply_take(struct http_reply *reply, const char *type,
                     struct buffer *body)
{
    http_reply_borrow(reply, type, buffer_bytes(body), free, body->data);
    buffer_init(body, body->max);
}

/* ---- errors ---- */

static const char *title_of(unsigned status)
{
    switch (status) {
    case 400:
        return "The request cannot be read";
    case 401:
        return "Sign in first";
    case 403:
        return "Not allowed";
    case 404:
        return "There is nothing here";
    case 405:
        return "This cannot be done here";
    case 409:
        return "This does not fit what is there";
    case 412:
        return "Another text is there";
    case 411:
        return "The length of the body is missing";
    case 413:
        return "The body is too large";
    case 414:
        return "The address is too long";
    case 415:
        return "A body of another type is wanted";
    case 421:
        return "Another server is meant";
    case 422:
        return "The values do not fit";
    case 429:
        return "Too many attempts";
    case 431:
        return "The headers are too large";
    case 500:
        return "The server has failed";
    case 503:
        return "Not now, try again";
    default:
        return "The request was refused";
    }
}

/* Text as a JSON string; what is not printable ASCII is escaped away, but for
 * UTF-8, which is left as it is. */
static enum status put_string(struct buffer *out, const char *text)
{
    enum status status = buffer_u8(out, '"');

    for (; *text != '\0' && status == STATUS_OK; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' ||
            c == '&' || c == 0x7f) {
            status = buffer_printf(out, "\\u%04x", c);
        } else {
            status = buffer_u8(out, c);
        }
    }
    return status == STATUS_OK ? buffer_u8(out, '"') : status;
}

static enum status put_problem(struct buffer *out, unsigned status,
                               const char *detail)
{
    enum status done = buffer_printf(
        out, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u",
        title_of(status), status);

    if (done == STATUS_OK && detail != NULL) {
        done = buffer_text(out, ",\"detail\":");
    }
    if (done == STATUS_OK && detail != NULL) {
        done = put_string(out, detail);
    }
    return done == STATUS_OK ? buffer_text(out, "}\n") : done;
}

void http_reply_problem(struct http_reply *reply, unsigned status,
                        const char *detail)
{
    static const char type[] = "application/problem+json";
    static const char plain[] = "{\"type\":\"about:blank\"}\n";
    struct buffer text;

    http_reply_fini(reply);
    reply->status = status;
    buffer_init(&text, PROBLEM_MAX);
    if (put_problem(&text, status, detail) == STATUS_OK) {
        http_reply_take(reply, type, &text);
    } else {
        http_reply_borrow(reply, type, bytes_of_text(plain), NULL, NULL);
    }
    buffer_fini(&text);
}

bool http_query_only(const struct http_request *request,
                     const char *const *names, struct http_reply *reply)
{
    const char *value = NULL;
    const char *given;

    for (size_t i = 0; (given = http_query_at(request, i, &value)) != NULL;
         i++) {
        size_t known = 0;

        while (names[known] != NULL && strcmp(names[known], given) != 0) {
            known++;
        }
        if (names[known] == NULL) {
            char detail[160];

            size_t size = strnlen(given, NAME_SHOWN_MAX);

            /* Not within a character. */
            while (size > 0 && ((unsigned char)given[size] & 0xc0u) == 0x80u) {
                size--;
            }
            (void)snprintf(detail, sizeof detail, "no such parameter: %.*s",
                           (int)size, given);
            http_reply_problem(reply, 400, detail);
            return false;
        }
    }
    return true;
}

/* ---- sending ---- */

static const char *cache_text(enum http_cache cache)
{
    switch (cache) {
    case HTTP_CACHE_ASK:
        return "no-cache";
    case HTTP_CACHE_FOREVER:
        return "public, max-age=31536000, immutable";
    case HTTP_CACHE_NEVER:
    default:
        return "no-store";
    }
}

#define POLICY "Content-Security-Policy"

struct head {
    const char *name, *value;
};

/* On every reply, whatever it is. */
static const struct head every_head[] = {
    {POLICY, "default-src 'none'; script-src 'self'; style-src 'self'; "
             "img-src 'self' data:; connect-src 'self'; worker-src 'self'; "
             "font-src 'self'; base-uri 'none'; form-action 'self'; "
             "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"}};

static bool put_head(struct MHD_Response *response, const char *name,
                     const char *value)
{
    return value == NULL || *value == '\0' ||
           MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool put_made_heads(struct MHD_Response *response,
                           const struct http_reply *reply)
{
    char text[HTTP_PATH_MAX];
    bool good = true;

    if (reply->etag[0] != '\0') {
        (void)snprintf(text, sizeof text, "\"%s\"", reply->etag);
        good = put_head(response, "ETag", text);
    }
    if (reply->file_name[0] != '\0') {
        (void)snprintf(text, sizeof text, "attachment; filename=\"%s\"",
                       reply->file_name);
        good = put_head(response, "Content-Disposition", text) && good;
    }
    if (reply->retry_after_s > 0) {
        (void)snprintf(text, sizeof text, "%u", reply->retry_after_s);
        good = put_head(response, "Retry-After", text) && good;
    }
    return good;
}

static bool put_heads(struct MHD_Response *response,
                      const struct http_reply *reply)
{
    const struct head own[] = {{"Content-Type", reply->type},
                               {"Cache-Control", cache_text(reply->cache)},
                               {"Content-Encoding", reply->encoding},
                               {"Set-Cookie", reply->cookie},
                               {"Allow", reply->allow},
                               {"Vary", reply->vary}};
    bool good = put_made_heads(response, reply);

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        good = put_head(response, own[i].name, own[i].value) && good;
    }
    for (size_t i = 0; i < sizeof every_head / sizeof every_head[0]; i++) {
        const struct head *head = &every_head[i];
        bool other = reply->policy != NULL && strcmp(head->name, POLICY) == 0;

        good = put_head(response, head->name,
                        other ? reply->policy : head->value) &&
               good;
    }
    return good;
}

/* Gives the reply's body to a response. The library calls `release` at the
 * end of the response's life. NULL: no memory; the reply is as it was. */
static struct MHD_Response *response_of(struct http_reply *reply)
{
    static char nothing[1];
    struct MHD_Response *response;

    if (reply->stream != NULL) {
        response = http_stream_response(reply->stream);
        reply->stream = response == NULL ? reply->stream : NULL;
        return response;
    }
    if (reply->body.size == 0 || reply->release == NULL) {
        response = MHD_create_response_from_buffer(
            reply->body.size,
            reply->body.size == 0 ? nothing
                                  : (void *)(uintptr_t)reply->body.data,
            MHD_RESPMEM_PERSISTENT);
        if (response != NULL && reply->release != NULL) {
            reply->release(reply->owner);
            reply->release = NULL;
        }
        return response;
    }
    response = MHD_create_response_from_buffer_with_free_callback_cls(
        reply->body.size, (void *)(uintptr_t)reply->body.data, reply->release,
        reply->owner);
    if (response != NULL) {
        reply->release = NULL;
    }
    return response;
}

/* The browser has it already: its headers only. */
static void not_modified(struct http_reply *reply)
{
    if (reply->release != NULL) {
        reply->release(reply->owner);
        reply->release = NULL;
    }
    reply->status = 304;
    reply->body.size = 0;
    reply->encoding = NULL;
    reply->type = NULL;
}

static void count(struct http *http, unsigned status)
{
    check(status / 100 < 6);
    check(pthread_mutex_lock(&http->lock) == 0);
    http->counts.by_class[status / 100]++;
    check(pthread_mutex_unlock(&http->lock) == 0);
}

enum MHD_Result http_reply_send(struct http_request *request,
                                struct http_reply *reply)
{
    struct MHD_Response *response;
    enum MHD_Result result = MHD_NO;

    if (reply->status == 200 && reply->etag[0] != '\0' &&
        http_etag_named(http_header(request, "If-None-Match"), reply->etag)) {
        not_modified(reply);
    }
    if (reply->status == 401) {
        reply->vary = "Cookie, Authorization";
    }
    response = response_of(reply);
    if (response != NULL && put_heads(response, reply)) {
        count(request->http, reply->status);
        result = MHD_queue_response(request->link->connection, reply->status,
                                    response);
    }
    if (response != NULL) {
        MHD_destroy_response(response);
    }
    http_reply_fini(reply);
    return result;
}
