#define _GNU_SOURCE /* O_TMPFILE */
/* From the library's callbacks to a handler. A request is made when its first
 * line has come and belongs to its connection, so that one which never gets
 * whole goes with it. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void http_request_free(struct http_request **request)
{
    if (*request != NULL) {
        http_reply_fini(&(*request)->refusal);
        buffer_fini(&(*request)->body);
        if ((*request)->file >= 0) {
            (void)close((*request)->file);
        }
        free(*request);
        *request = NULL;
    }
}

void *http_request_uri(void *context, const char *uri,
                       struct MHD_Connection *connection)
{
    struct http_link *link = http_link_of(connection);
    struct http_request *request;

    if (link == NULL) {
        return NULL;
    }
    http_request_free(&link->request);
    request = calloc(1, sizeof *request);
    if (request != NULL) {
        request->http = context;
        request->link = link;
        buffer_init(&request->body, HTTP_BODY_MAX);
        request->file = -1;
        request->read = http_target_read(uri, &request->target);
        link->request = request;
    }
    return request;
}

static void enter(struct http_link *link, enum http_link_state state)
{
    check(pthread_mutex_lock(&link->http->lock) == 0);
    http_link_enter(link, state);
    check(pthread_mutex_unlock(&link->http->lock) == 0);
}

void http_request_done(void *http, struct MHD_Connection *connection,
                       void **context, enum MHD_RequestTerminationCode why)
{
    struct http_link *link = http_link_of(connection);

    (void)http;
    (void)why;
    *context = NULL;
    if (link == NULL) {
        return;
    }
    check(pthread_mutex_lock(&link->http->lock) == 0);
    if (link->later != NULL) {
        http_later_leave(link->later);
    }
    if (link->stream != NULL) {
        http_stream_leave(link->stream);
    }
    http_link_enter(link, HTTP_LINK_WAITING);
    check(pthread_mutex_unlock(&link->http->lock) == 0);
    http_request_free(&link->request);
}

/* ---- the handler's turn ---- */

static enum MHD_Result send_reply(struct http_request *request,
                                  struct http_reply *reply)
{
    request->answered = true;
    enter(request->link,
          reply->stream != NULL ? HTTP_LINK_STREAM : HTTP_LINK_ANSWER);
    return http_reply_send(request, reply);
}

static bool is_owed(struct http_request *request)
{
    bool owed;

    check(pthread_mutex_lock(&request->http->lock) == 0);
    owed = request->link->later != NULL;
    check(pthread_mutex_unlock(&request->http->lock) == 0);
    return owed;
}

static enum MHD_Result settle(struct http_request *request)
{
    struct http_reply reply;

    return http_later_settle(request, &reply) ? send_reply(request, &reply)
                                              : MHD_YES;
}

static enum MHD_Result answer(struct http_request *request)
{
    struct http_reply reply;

    http_reply_init(&reply);
    request->route->handle(request->http->options.context, request, &reply);
    if (is_owed(request)) {
        check(reply.status == 0);
        return settle(request);
    }
    check(reply.status != 0);
    return send_reply(request, &reply);
}

/* What cannot be kept is refused at the end of the body, which is passed over.
 */
static void refuse_file(struct http_request *request)
{
    http_reply_problem(&request->refusal, 507, strerror(errno));
}

static void begin_file(struct http_request *request)
{
    if (http_takes_file(request)) {
        request->file = open(request->http->options.file_folder,
                             O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (request->file < 0) {
            refuse_file(request);
        }
    }
}

static void append_file(struct http_request *request, const char *data,
                        size_t size)
{
    while (size > 0 && request->refusal.status == 0) {
        ssize_t done = write(request->file, data, size);

        if (done >= 0) {
            data += done;
            size -= (size_t)done;
        } else if (errno != EINTR) {
            refuse_file(request);
        }
    }
}

static enum MHD_Result append_body(struct http_request *request,
                                   const char *data, size_t size)
{
    if (http_takes_file(request)) {
        append_file(request, data, size);
        return MHD_YES;
    }
    /* Its length was stated and looked at; more than that never comes. */
    return buffer_append(&request->body, (struct bytes){(const uint8_t *)data,
                                                        size}) == STATUS_OK
               ? MHD_YES
               : MHD_NO;
}

static enum MHD_Result begin(struct http_request *request, const char *method)
{
    struct http_reply reply;

    request->begun = true;
    http_reply_init(&reply);
    if (!http_admit(request, method, &reply)) {
        /* An answer before a body ends the connection; without one it is
         * given in its turn, and the next request may follow. */
        if (http_header(request, "Content-Length") != NULL ||
            http_header(request, "Transfer-Encoding") != NULL) {
            return send_reply(request, &reply);
        }
        request->refusal = reply;
        return MHD_YES;
    }
    if (request->has_body) {
        enter(request->link, HTTP_LINK_BODY);
        begin_file(request);
    }
    return MHD_YES;
}

enum MHD_Result http_request_serve(void *http,
                                   struct MHD_Connection *connection,
                                   const char *url, const char *method,
                                   const char *version, const char *data,
                                   size_t *data_size, void **context)
{
    struct http_link *link = http_link_of(connection);
    struct http_request *request = link == NULL ? NULL : link->request;

    (void)http;
    (void)url;
    (void)version;
    (void)context;
    if (request == NULL) {
        return MHD_NO; /* no memory for it */
    }
    /* While it is stopped, the library drops what it is given, says that all
     * is well and calls again as if nobody had answered. */
    if (request->answered) {
        return MHD_NO;
    }
    if (!request->begun) {
        return begin(request, method);
    }
    if (*data_size > 0) {
        size_t size = *data_size;

        *data_size = 0;
        return append_body(request, data, size);
    }
    if (request->refusal.status != 0) {
        struct http_reply refusal = request->refusal;

        http_reply_init(&request->refusal);
        return send_reply(request, &refusal);
    }
    return is_owed(request) ? settle(request) : answer(request);
}

/* ---- what a handler asks ---- */

const char *http_part_or(const struct http_request *request, const char *name,
                         const char *other)
{
    const struct http_parts *parts = &request->parts;

    for (size_t i = 0; i < parts->count; i++) {
        if (strlen(name) == parts->parts[i].name_size &&
            memcmp(name, parts->parts[i].name, parts->parts[i].name_size) ==
                0) {
            return parts->parts[i].value;
        }
    }
    return other;
}

const char *http_part(const struct http_request *request, const char *name)
{
    const char *value = http_part_or(request, name, NULL);

    check(value != NULL);
    return value;
}

const char *http_query(const struct http_request *request, const char *name)
{
    const struct http_target *target = &request->target;

    for (size_t i = 0; i < target->query_count; i++) {
        if (strcmp(target->query[i].name, name) == 0) {
            return target->query[i].value;
        }
    }
    return NULL;
}

const char *http_query_at(const struct http_request *request, size_t place,
                          const char **value)
{
    if (place >= request->target.query_count) {
        return NULL;
    }
    *value = request->target.query[place].value;
    return request->target.query[place].name;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->link->connection,
                                       MHD_HEADER_KIND, name);
}

bool http_cookie(const struct http_request *request, const char *name,
                 char *value, size_t room)
{
    return http_cookie_read(http_header(request, "Cookie"), name, value, room);
}

struct bytes http_body(const struct http_request *request)
{
    return buffer_bytes(&request->body);
}

int http_take_body_file(struct http_request *request)
{
    int file = request->file;

    request->file = -1;
    if (file >= 0 && lseek(file, 0, SEEK_SET) != 0) {
        (void)close(file);
        file = -1;
    }
    return file;
}

const struct http_who *http_who(const struct http_request *request)
{
    return &request->who;
}

const char *http_peer(const struct http_request *request)
{
    return request->link->peer.text;
}

bool http_peer_is_loopback(const struct http_request *request)
{
    return request->link->peer.loopback;
}

bool http_is_secure(const struct http_request *request)
{
    return request->http->certificate != NULL;
}

void http_request_counts(const struct http_request *request,
                         struct http_counts *counts)
{
    http_counts(request->http, counts);
}

const void *http_route_data(const struct http_request *request)
{
    return request->route->data;
}
