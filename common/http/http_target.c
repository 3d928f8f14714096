/* Failure modes: whatever is not plainly a path and a query of ours is
 * STATUS_INVALID; nothing is repaired. */
#include "common/http/http_target.h"

#include "common/base/text.h"

#include <string.h>

/* ---- one piece, decoded in place ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes in place; the result is never longer. A byte that is decoded to NUL
 * is found by text_check(), which is given the whole size. */
static bool decode(char *text, bool plus_is_blank)
{
    char *out = text;

    for (const char *in = text; *in != '\0'; in++) {
        if (*in == '%') {
            int high = hex_digit(in[1]);
            int low = high < 0 ? -1 : hex_digit(in[2]);

            if (low < 0) {
                return false;
            }
            *out++ = (char)(high * 16 + low);
            in += 2;
        } else {
            *out++ = plus_is_blank && *in == '+' ? ' ' : *in;
        }
    }
    *out = '\0';
    return text_check(text, (size_t)(out - text)) == TEXT_OK;
}

/* What may stand in a request's target as it comes: printable ASCII without
 * what no browser leaves as it is. */
static bool plain(const char *raw)
{
    for (; *raw != '\0'; raw++) {
        if (*raw <= ' ' || *raw >= 127 || strchr("\"<>\\^`{|}#", *raw)) {
            return false;
        }
    }
    return true;
}

/* ---- path and query ---- */

static bool read_path(char *path, struct http_target *target)
{
    char *next = path + 1;

    if (path[0] != '/') {
        return false;
    }
    while (*next != '\0' || target->segment_count > 0) {
        char *segment = next;
        size_t size = strcspn(segment, "/");
        bool last = segment[size] == '\0';

        segment[size] = '\0';
        if (target->segment_count == HTTP_SEGMENTS_MAX ||
            !decode(segment, false) || segment[0] == '\0' ||
            strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0 ||
            strpbrk(segment, "/\\") != NULL) {
            return false;
        }
        target->segments[target->segment_count++] = segment;
        if (last) {
            return true;
        }
        next = segment + size + 1;
    }
    return true;
}

static bool read_query(char *query, struct http_target *target)
{
    while (*query != '\0') {
        char *pair = query;
        size_t size = strcspn(pair, "&");
        char *equals;

        query += size + (pair[size] == '&' ? 1u : 0u);
        pair[size] = '\0';
        if (size == 0) {
            continue;
        }
        if (target->query_count == HTTP_PARAMETERS_MAX) {
            return false;
        }
        equals = strchr(pair, '=');
        if (equals != NULL) {
            *equals++ = '\0';
        } else {
            equals = pair + size;
        }
        if (!decode(pair, true) || !decode(equals, true) || *pair == '\0') {
            return false;
        }
        for (size_t i = 0; i < target->query_count; i++) {
            if (strcmp(target->query[i].name, pair) == 0) {
                return false;
            }
        }
        target->query[target->query_count++] =
            (struct http_parameter){.name = pair, .value = equals};
    }
    return true;
}

enum status http_target_read(const char *raw, struct http_target *target)
{
    size_t path_size = strcspn(raw, "?");
    size_t query_size = raw[path_size] == '?' ? strlen(raw + path_size + 1) : 0;
    char *query = target->text + path_size + 1;

    target->segment_count = 0;
    target->query_count = 0;
    if (path_size > HTTP_PATH_MAX || query_size > HTTP_QUERY_MAX) {
        return STATUS_FULL;
    }
    if (!plain(raw)) {
        return STATUS_INVALID;
    }
    memcpy(target->text, raw, path_size);
    target->text[path_size] = '\0';
    memcpy(query, raw + path_size + (raw[path_size] == '?' ? 1u : 0u),
           query_size);
    query[query_size] = '\0';
    return read_path(target->text, target) && read_query(query, target)
               ? STATUS_OK
               : STATUS_INVALID;
}

/* ---- patterns ---- */

bool http_pattern_good(const char *pattern)
{
    size_t names = 0;

    if (pattern[0] != '/') {
        return false;
    }
    for (const char *at = pattern + 1; *at != '\0';) {
        size_t size = strcspn(at, "/");
        bool name = at[0] == '{';

        if (size == 0 || (name && (size < 3 || at[size - 1] != '}')) ||
            (!name && memchr(at, '{', size) != NULL)) {
            return false;
        }
        if (name && at[size - 2] == '*' && at[size] != '\0') {
            return false;
        }
        names += name ? 1u : 0u;
        at += size;
        if (*at == '/') {
            at++;
            if (*at == '\0') {
                return false;
            }
        }
    }
    return names <= HTTP_PARTS_MAX;
}

static bool take_rest(const struct http_target *target, size_t from,
                      struct http_parts *parts)
{
    size_t size = 0;

    for (size_t i = from; i < target->segment_count; i++) {
        size_t more = strlen(target->segments[i]);

        /* Decoding makes nothing longer, so what came in a path fits. */
        if (size + more + 1 > HTTP_PATH_MAX) {
            return false;
        }
        if (i > from) {
            parts->rest[size++] = '/';
        }
        memcpy(parts->rest + size, target->segments[i], more);
        size += more;
    }
    parts->rest[size] = '\0';
    return from < target->segment_count;
}

static void add_part(struct http_parts *parts, const char *name, size_t size,
                     const char *value)
{
    if (parts->count < HTTP_PARTS_MAX) {
        parts->parts[parts->count].name = name;
        parts->parts[parts->count].name_size = size;
        parts->parts[parts->count].value = value;
        parts->count++;
    }
}

bool http_target_fits(const struct http_target *target, const char *pattern,
                      struct http_parts *parts)
{
    const char *at = pattern + 1;
    size_t place = 0;

    parts->count = 0;
    while (*at != '\0') {
        size_t size = strcspn(at, "/");
        const char *segment;

        if (at[0] == '{' && at[size - 2] == '*') {
            add_part(parts, at + 1, size - 3, parts->rest);
            return take_rest(target, place, parts);
        }
        if (place == target->segment_count) {
            return false;
        }
        segment = target->segments[place++];
        if (at[0] == '{') {
            add_part(parts, at + 1, size - 2, segment);
        } else if (strlen(segment) != size || memcmp(segment, at, size) != 0) {
            return false;
        }
        at += size + (at[size] == '/' ? 1u : 0u);
    }
    return place == target->segment_count;
}
