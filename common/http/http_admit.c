/* Everything that is asked before a handler is: one place, one order, so that
 * no route can be without it. Every refusal is counted, and none says more
 * than the asker knows. */
#include "common/http/http_internal.h"

#include "common/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- headers that must not be there twice ---- */

struct heads {
    unsigned hosts, lengths, encodings, cookies, origins;
};

static enum MHD_Result count_head(void *context, enum MHD_ValueKind kind,
                                  const char *key, const char *value)
{
    struct heads *heads = context;

    (void)kind;
    (void)value;
    heads->hosts += strcasecmp(key, "Host") == 0 ? 1u : 0u;
    heads->lengths += strcasecmp(key, "Content-Length") == 0 ? 1u : 0u;
    heads->encodings += strcasecmp(key, "Transfer-Encoding") == 0 ? 1u : 0u;
    heads->cookies += strcasecmp(key, "Cookie") == 0 ? 1u : 0u;
    heads->origins += strcasecmp(key, "Origin") == 0 ? 1u : 0u;
    return MHD_YES;
}

static bool refuse(struct http_request *request, uint64_t *counter,
                   unsigned status, const char *detail,
                   struct http_reply *reply)
{
    if (counter != NULL) {
        check(pthread_mutex_lock(&request->http->lock) == 0);
        (*counter)++;
        check(pthread_mutex_unlock(&request->http->lock) == 0);
    }
    http_reply_problem(reply, status, detail);
    return false;
}

/* ---- form ---- */

static bool form_is_good(struct http_request *request,
                         const struct heads *heads, struct http_reply *reply)
{
    uint64_t *limit = &request->http->counts.refused_limit;
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(
        request->link->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    if (size == NULL || size->header_size > HTTP_HEADERS_MAX) {
        return refuse(request, limit, 431, NULL, reply);
    }
    if (request->read == STATUS_FULL) {
        return refuse(request, limit, 414, NULL, reply);
    }
    if (request->read != STATUS_OK) {
        return refuse(request, NULL, 400, "the address cannot be read", reply);
    }
    if (heads->hosts != 1 || heads->lengths > 1 || heads->cookies > 1 ||
        heads->origins > 1) {
        return refuse(request, NULL, 400,
                      "a header is missing, or there more than once", reply);
    }
    if (heads->encodings > 0) {
        return refuse(request, NULL, heads->lengths > 0 ? 400 : 411,
                      "the length of the body must be stated", reply);
    }
    return true;
}

static bool is_ours(const struct http *http, const char *host)
{
    for (size_t i = 0; i < http->host_count; i++) {
        if (strcmp(http->hosts[i], host) == 0) {
            return true;
        }
    }
    return false;
}

static bool host_is_good(struct http_request *request, struct http_reply *reply)
{
    char host[HTTP_HOST_SIZE];

    if (http_host_read(http_header(request, "Host"), host) &&
        is_ours(request->http, host)) {
        return true;
    }
    return refuse(request, &request->http->counts.refused_host, 421,
                  "this name is not one of this server (web.hosts)", reply);
}

/* ---- route ---- */

static bool method_read(const char *text, enum http_method *method)
{
    static const char *const names[HTTP_METHODS] = {"GET", "POST", "PUT",
                                                    "DELETE"};

    if (strcmp(text, "HEAD") == 0) {
        text = "GET";
    }
    for (size_t i = 0; i < HTTP_METHODS; i++) {
        if (strcmp(text, names[i]) == 0) {
            *method = (enum http_method)i;
            return true;
        }
    }
    return false;
}

static const char *method_list(unsigned methods, char text[48])
{
    static const char *const names[HTTP_METHODS] = {"GET, HEAD", "POST", "PUT",
                                                    "DELETE"};
    size_t size = 0;

    text[0] = '\0';
    for (size_t i = 0; i < HTTP_METHODS; i++) {
        if ((methods >> i & 1u) != 0) {
            size += (size_t)snprintf(text + size, 48 - size, "%s%s",
                                     size == 0 ? "" : ", ", names[i]);
        }
    }
    return text;
}

static bool find_route(struct http_request *request, const char *method,
                       struct http_reply *reply)
{
    const struct http_options *options = &request->http->options;
    bool known = method_read(method, &request->method);
    unsigned methods = 0; /* of the routes that have this path */

    for (size_t i = 0; i < options->route_count; i++) {
        const struct http_route *route = &options->routes[i];

        if (!http_target_fits(&request->target, route->path, &request->parts)) {
            continue;
        }
        methods |= 1u << route->method;
        if (known && route->method == request->method) {
            request->route = route;
            return true;
        }
    }
    if (methods == 0) {
        return refuse(request, NULL, 404, NULL, reply);
    }
    (void)refuse(request, NULL, 405, NULL, reply);
    (void)method_list(methods, reply->allow);
    return false;
}

/* ---- who, and from where ---- */

static bool from_our_pages(struct http_request *request)
{
    const char *origin = http_header(request, "Origin");
    const char *site = http_header(request, "Sec-Fetch-Site");
    char host[HTTP_HOST_SIZE];

    if (origin != NULL &&
        !(http_origin_read(origin, host) && is_ours(request->http, host))) {
        return false;
    }
    return site == NULL || strcmp(site, "same-origin") == 0 ||
           strcmp(site, "none") == 0;
}

/* Takes as long for every text of the right length. */
static bool token_is(const char *given, const char *wanted)
{
    size_t size = strlen(wanted);
    unsigned other = 0;

    if (given == NULL || size == 0 || strlen(given) != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        other |= (unsigned char)given[i] ^ (unsigned char)wanted[i];
    }
    return other == 0;
}

static bool may(struct http_request *request, struct http_reply *reply)
{
    struct http *http = request->http;
    const struct http_route *route = request->route;

    if (request->method != HTTP_GET && !from_our_pages(request)) {
        return refuse(request, &http->counts.refused_origin, 403,
                      "asked for from another site", reply);
    }
    if (http->options.find_who != NULL) {
        http->options.find_who(http->options.context, request, &request->who);
    }
    if (route->roles == HTTP_PUBLIC) {
        return true;
    }
    if ((request->who.role & route->roles) == 0) {
        return refuse(request, &http->counts.refused_role,
                      request->who.role == 0 ? 401 : 403, NULL, reply);
    }
    if (request->method != HTTP_GET && request->who.by_cookie &&
        !token_is(http_header(request, "X-Tallyline-CSRF"),
                  request->who.csrf)) {
        return refuse(request, &http->counts.refused_csrf, 403,
                      "X-Tallyline-CSRF is missing or wrong", reply);
    }
    return true;
}

/* ---- body ---- */

bool http_takes_file(const struct http_request *request)
{
    return request->route->body_type != NULL &&
           strcmp(request->route->body_type, HTTP_FILE_TYPE) == 0;
}

static bool body_is_good(struct http_request *request, struct http_reply *reply)
{
    const char *text = http_header(request, "Content-Length");
    const char *type = request->route->body_type;
    uint64_t most = http_takes_file(request) ? request->http->options.file_bytes
                                             : HTTP_BODY_MAX;
    uint64_t size = 0;

    for (; text != NULL && *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return refuse(request, NULL, 400, "Content-Length", reply);
        }
        size = size * 10u + (uint64_t)(*text - '0');
        if (size > most) {
            return refuse(request, &request->http->counts.refused_limit, 413,
                          NULL, reply);
        }
    }
    request->has_body = size > 0;
    if (type == NULL && size > 0) {
        return refuse(request, NULL, 400, "no body is taken here", reply);
    }
    if (type != NULL &&
        !http_type_is(http_header(request, "Content-Type"), type)) {
        return refuse(request, NULL, 415, type, reply);
    }
    return true;
}

bool http_admit(struct http_request *request, const char *method,
                struct http_reply *reply)
{
    struct heads heads = {.hosts = 0};

    (void)MHD_get_connection_values(request->link->connection, MHD_HEADER_KIND,
                                    count_head, &heads);
    return form_is_good(request, &heads, reply) &&
           host_is_good(request, reply) && find_route(request, method, reply) &&
           may(request, reply) && body_is_good(request, reply);
}
