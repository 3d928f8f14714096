/* The values of headers that we look into. What is not as it should be is
 * answered as if it were not there, which is always the stricter reading. */
#include "common/http/http_target.h"

#include <string.h>
#include <strings.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

bool http_cookie_read(const char *header, const char *name, char *value,
                      size_t room)
{
    size_t name_size = strlen(name);
    bool found = false;

    while (header != NULL && *header != '\0') {
        const char *pair = skip_blanks(header);
        size_t size = strcspn(pair, ";");

        header = pair + size + (pair[size] == ';' ? 1u : 0u);
        while (size > 0 && strchr(" \t", pair[size - 1]) != NULL) {
            size--;
        }
        if (size <= name_size || memcmp(pair, name, name_size) != 0 ||
            pair[name_size] != '=') {
            continue;
        }
        pair += name_size + 1;
        size -= name_size + 1;
        /* Of two we cannot know which one is ours. */
        if (found || size >= room) {
            return false;
        }
        memcpy(value, pair, size);
        value[size] = '\0';
        found = true;
    }
    return found;
}

/* Letters, digits, dots, hyphens; or an IPv6 address in brackets. */
static size_t host_size(const char *text)
{
    size_t size;

    if (text[0] == '[') {
        size = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
        return size > 1 && text[size] == ']' ? size + 1 : 0;
    }
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789.-_");
}

bool http_host_read(const char *header, char host[HTTP_HOST_SIZE])
{
    size_t size = host_size(header);
    const char *port = header + size;
    size_t digits = 0;

    if (size == 0 || size >= HTTP_HOST_SIZE) {
        return false;
    }
    if (*port == ':') {
        digits = strspn(port + 1, "0123456789");
        if (digits == 0 || digits > 5) {
            return false;
        }
        port += 1 + digits;
    }
    if (*port != '\0') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        char c = header[i];

        host[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    /* A name may be written with the dot of the root. */
    if (size > 1 && host[size - 1] == '.') {
        size--;
    }
    host[size] = '\0';
    return host[size - 1] != '.';
}

bool http_origin_read(const char *header, char host[HTTP_HOST_SIZE])
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t size = strlen(schemes[i]);

        if (strncasecmp(header, schemes[i], size) == 0) {
            return http_host_read(header + size, host);
        }
    }
    return false;
}

/* The next member of a comma list, without blanks around it; `list` moves on.
 */
static const char *next_member(const char **list, size_t *size)
{
    const char *member = *list + strspn(*list, " \t,");

    *size = strcspn(member, ",");
    *list = member + *size;
    while (*size > 0 && strchr(" \t", member[*size - 1]) != NULL) {
        (*size)--;
    }
    return member;
}

/* Whether ";q=0", ";q=0.0" and the like follow. */
static bool is_refused(const char *member, size_t size)
{
    const char *q = memchr(member, ';', size);
    const char *end = member + size;

    if (q == NULL) {
        return false;
    }
    q = skip_blanks(q + 1);
    if (end - q < 3 || (q[0] != 'q' && q[0] != 'Q') || q[1] != '=') {
        return false;
    }
    q += 2;
    while (q < end && (*q == '0' || *q == '.')) {
        q++;
    }
    return q == end;
}

bool http_takes_gzip(const char *header)
{
    while (header != NULL && *header != '\0') {
        size_t size = 0;
        const char *member = next_member(&header, &size);
        size_t name = strcspn(member, "; \t,");

        if ((name == 4 && strncasecmp(member, "gzip", 4) == 0) ||
            (name == 6 && strncasecmp(member, "x-gzip", 6) == 0) ||
            (name == 1 && member[0] == '*')) {
            return !is_refused(member, size);
        }
    }
    return false;
}

bool http_etag_named(const char *header, const char *etag)
{
    size_t wanted = strlen(etag);

    while (header != NULL && *header != '\0') {
        size_t size = 0;
        const char *member = next_member(&header, &size);

        if (size == 1 && member[0] == '*') {
            return true;
        }
        if (size > 2 && strncmp(member, "W/", 2) == 0) {
            member += 2;
            size -= 2;
        }
        if (size == wanted + 2 && member[0] == '"' &&
            memcmp(member + 1, etag, wanted) == 0 && member[size - 1] == '"') {
            return true;
        }
    }
    return false;
}

bool http_type_is(const char *header, const char *wanted)
{
    size_t size = header == NULL ? 0 : strcspn(header, "; \t");

    return header != NULL && size == strlen(wanted) &&
           strncasecmp(header, wanted, size) == 0;
}
