/* Bodies that are files: kept beside memory, by a limit of their own. */
#include "common/base/text.h"
#include "common/http/http.h"
#include "tests/support/browser.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST "Host: 127.0.0.1\r\n"
/* Of a file that is sent in: beyond what other bodies may have. */
#define FILE_MOST (HTTP_BODY_MAX + 4096u)
#define OFFICER   UINT32_C(1)

static struct http *http;
static struct http_options options;
static struct browser browser;

static void find_who(void *context, const struct http_request *request,
                     struct http_who *who)
{
    (void)context;
    who->role = http_header(request, "Authorization") != NULL ? OFFICER : 0;
}

/* Says how large the file is that came, and how it begins. */
static void take_file(void *context, struct http_request *request,
                      struct http_reply *reply)
{
    int file = http_take_body_file(request);
    struct buffer text;
    char begin[5] = "";
    off_t size;

    (void)context;
    cr_assert_geq(file, 0);
    cr_assert_eq(http_take_body_file(request), -1, "taken once");
    cr_assert_eq(http_body(request).size, 0);
    cr_assert_eq(read(file, begin, 4), 4);
    size = lseek(file, 0, SEEK_END);
    cr_assert_eq(close(file), 0);
    buffer_init(&text, 64);
    cr_assert_eq(buffer_printf(&text, "%lld %s", (long long)size, begin),
                 STATUS_OK);
    http_reply_take(reply, "text/plain", &text);
}

static const struct http_route routes[] = {
    {HTTP_POST, "/file", OFFICER, HTTP_FILE_TYPE, take_file, NULL}};

static void open_server(void)
{
    char why[HTTP_WHY_SIZE];

    options.address = "127.0.0.1:0";
    options.routes = routes;
    options.route_count = sizeof routes / sizeof routes[0];
    options.find_who = find_who;
    options.file_bytes = FILE_MOST;
    cr_assert_eq(http_open(&options, &http, why), STATUS_OK, "%s", why);
}

static void setup(void)
{
    memset(&options, 0, sizeof options);
    options.file_folder = "/tmp";
    browser.fd = -1;
}

static void teardown(void)
{
    browser_close(&browser);
    http_close(&http);
}

/* A request with a body of `size` bytes to a route that takes files. */
static void send_file(const char *who, size_t size)
{
    char *text = malloc(size + 512);
    int head;

    cr_assert_not_null(text);
    head = snprintf(text, 512,
                    "POST /file HTTP/1.1\r\n" HOST "%s"
                    "Content-Type: application/octet-stream\r\n"
                    "Content-Length: %zu\r\n\r\n",
                    who, size);
    memset(text + head, 'x', size);
    text[(size_t)head + size] = '\0';
    browser_ask(&browser, http_address(http), text);
    free(text);
}

Test(http_file, a_file_may_be_larger_than_other_bodies, .init = setup,
     .fini = teardown)
{
    open_server();
    send_file("Authorization: x\r\n", FILE_MOST);
    cr_assert_eq(browser.status, 200);
    cr_assert_str_eq(browser.body, "69632 xxxx");
}

Test(http_file, i11_a_file_has_its_own_limit, .init = setup, .fini = teardown)
{
    open_server();
    send_file("Authorization: x\r\n", FILE_MOST + 1);
    cr_assert_eq(browser.status, 413);
}

/* Nothing is written for who may not send it. */
Test(http_file, a_file_of_nobody_is_refused_before_it_comes, .init = setup,
     .fini = teardown)
{
    options.file_folder = "/nonexistent";
    open_server();
    send_file("", 100);
    cr_assert_eq(browser.status, 401);
}

Test(http_file, i6_a_file_that_cannot_be_kept_is_refused, .init = setup,
     .fini = teardown)
{
    options.file_folder = "/nonexistent";
    open_server();
    send_file("Authorization: x\r\n", FILE_MOST);
    cr_assert_eq(browser.status, 507);
}
