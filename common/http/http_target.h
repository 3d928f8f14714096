/* http_target - what a browser asks for, as text: paths, queries, headers.
 *
 * Flow     request line, header values -> [http_target] -> http
 * Owns     nothing; a target holds its own copy of the text.
 * Threads  any; pure.
 * Limits   HTTP_PATH_MAX, HTTP_QUERY_MAX, HTTP_SEGMENTS_MAX,
 *          HTTP_PARAMETERS_MAX.
 *
 * A path is decoded once, segment by segment, and never joined again: what
 * decodes to a slash, to "." or "..", to a control character or to no UTF-8 is
 * refused, and so nothing behind this can be led out of its place.
 */
#ifndef TALLYLINE_COMMON_HTTP_HTTP_TARGET_H
#define TALLYLINE_COMMON_HTTP_HTTP_TARGET_H

#include "common/http/http.h"

struct http_parameter {
    const char *name;
    const char *value;
};

struct http_target {
    char text[HTTP_PATH_MAX + HTTP_QUERY_MAX + 4u];
    const char *segments[HTTP_SEGMENTS_MAX];
    size_t segment_count; /* 0: "/" */
    struct http_parameter query[HTTP_PARAMETERS_MAX];
    size_t query_count;
};

/* Reads "/path?query". STATUS_FULL: longer than the limits; STATUS_INVALID: no
 * path that we take, or the same parameter twice. */
MUST_USE enum status http_target_read(const char *raw,
                                      struct http_target *target);

/* ---- patterns ---- */

#define HTTP_PARTS_MAX 8u

/* What stood in a pattern's {names}: `names` point into the pattern. */
struct http_parts {
    struct {
        const char *name;
        size_t name_size;
        const char *value;
    } parts[HTTP_PARTS_MAX];
    size_t count;
    /* What {name*} stood for, joined with slashes again. */
    char rest[HTTP_PATH_MAX + 1u];
};

/* Whether the target's path is one of the pattern's. */
bool http_target_fits(const struct http_target *target, const char *pattern,
                      struct http_parts *parts);
/* Whether a pattern of a table is well formed: our own mistake if not. */
bool http_pattern_good(const char *pattern);

/* ---- headers ---- */

/* The value of one cookie. False: not there, there twice, or longer than
 * `room`. */
bool http_cookie_read(const char *header, const char *name, char *value,
                      size_t room);
/* Writes the name of "name:port", "[::1]:port" or "name" in lower case, with
 * the brackets. False when it is none. */
bool http_host_read(const char *header, char host[HTTP_HOST_SIZE]);
/* The same of an origin, "https://name:port". "null" is none. */
bool http_origin_read(const char *header, char host[HTTP_HOST_SIZE]);
/* Whether Accept-Encoding lets us send gzip; NULL does not. */
bool http_takes_gzip(const char *header);
/* Whether If-None-Match names this etag; NULL does not. */
bool http_etag_named(const char *header, const char *etag);
/* Whether a Content-Type is the wanted one, whatever its parameters. */
bool http_type_is(const char *header, const char *wanted);

#endif
