/* Any bytes as what a browser sends: the address of a request, a header, the
 * body of a sign-in. The first byte says which. What is taken as a path leads
 * nowhere but to its own segments. */
#include "common/base/check.h"
#include "common/base/text.h"
#include "common/http/http_target.h"
#include "common/people/access_private.h"

#include <string.h>

#define TEXT_ROOM 8192u

static void try_target(const char *raw)
{
    static const char *const patterns[] = {"/", "/{path*}", "/a/{b}",
                                           "/{a}/{b}/{c*}"};
    static struct http_target target;
    static struct http_parts parts;
    size_t taken = 0;

    if (http_target_read(raw, &target) != STATUS_OK) {
        return;
    }
    check(target.segment_count <= HTTP_SEGMENTS_MAX);
    for (size_t i = 0; i < target.segment_count; i++) {
        const char *segment = target.segments[i];

        check(segment[0] != '\0' && strcmp(segment, "..") != 0 &&
              strcmp(segment, ".") != 0);
        check(strpbrk(segment, "/\\") == NULL);
        check(text_check(segment, strlen(segment)) == TEXT_OK);
    }
    for (size_t i = 0; i < target.query_count; i++) {
        check(text_check(target.query[i].value,
                         strlen(target.query[i].value)) == TEXT_OK);
    }
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        taken += http_target_fits(&target, patterns[i], &parts) ? 1u : 0u;
    }
    /* Every path is one of the first two. */
    check(taken > 0);
}

static void try_header(const char *text)
{
    char value[ACCOUNT_TOKEN_SIZE];
    char host[HTTP_HOST_SIZE];
    char again[HTTP_HOST_SIZE];

    if (http_cookie_read(text, "tallyline", value, sizeof value)) {
        check(strlen(value) < sizeof value && strchr(value, ';') == NULL);
    }
    if (http_host_read(text, host)) {
        check(http_host_read(host, again) && strcmp(host, again) == 0);
    }
    (void)http_origin_read(text, host);
    (void)http_takes_gzip(text);
    (void)http_etag_named(text, "0123456789abcdef");
    (void)http_type_is(text, "application/json");
}

static void try_sign_in(struct bytes body)
{
    struct sign_in sign_in;

    if (sign_in_read(body, "password", &sign_in) == STATUS_OK) {
        check(sign_in.by_link == (sign_in.link[0] != '\0'));
        check(sign_in.by_link || sign_in.password[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_ROOM];

    if (size == 0 || size >= sizeof text) {
        return 0;
    }
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    switch (data[0] % 3) {
    case 0:
        try_target(text);
        break;
    case 1:
        try_header(text);
        break;
    default:
        try_sign_in((struct bytes){data + 1, size - 1});
    }
    return 0;
}
