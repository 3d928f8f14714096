#include "common/base/text.h"
#include "common/http/http.h"
#include "tests/support/browser.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST "Host: 127.0.0.1\r\n"

enum {
    OFFICER = 1,
    DISTRICT = 2
};

static struct http *http;
static struct http_options options;
static struct browser browser;
static atomic_uint released, handled;

/* ---- a small application ---- */

static void find_who(void *context, const struct http_request *request,
                     struct http_who *who)
{
    char name[16];

    (void)context;
    if (http_cookie(request, "name", name, sizeof name)) {
        who->role = strcmp(name, "officer") == 0 ? OFFICER : DISTRICT;
        who->by_cookie = true;
        memcpy(who->csrf, "token", sizeof "token");
    } else if (http_header(request, "Authorization") != NULL) {
        who->role = OFFICER;
    }
}

static void release(void *owner)
{
    (void)owner;
    atomic_fetch_add(&released, 1);
}

static void say_hello(void *context, struct http_request *request,
                      struct http_reply *reply)
{
    (void)context;
    (void)request;
    memcpy(reply->etag, "one", sizeof "one");
    reply->cache = HTTP_CACHE_ASK;
    http_reply_borrow(reply, "text/plain", bytes_of_text("hello"), release,
                      NULL);
}

static void echo(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    static const char *const known[] = {"q", NULL};
    struct buffer text;

    (void)context;
    atomic_fetch_add(&handled, 1);
    if (!http_query_only(request, known, reply)) {
        return;
    }
    buffer_init(&text, HTTP_BODY_MAX + 1024);
    cr_assert_eq(buffer_printf(&text, "%s|%s|%s|", http_part(request, "name"),
                               http_query(request, "q") == NULL
                                   ? "-"
                                   : http_query(request, "q"),
                               http_peer(request)),
                 STATUS_OK);
    cr_assert_eq(buffer_append(&text, http_body(request)), STATUS_OK);
    http_reply_take(reply, "text/plain", &text);
}

static void give_asset(void *context, struct http_request *request,
                       struct http_reply *reply)
{
    (void)context;
    http_reply_asset(request, http_route_data(request), reply);
}

/* `printf 'xin chao xin chao xin chao\n' | gzip -9n` */
static const uint8_t packed[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab,
    0xc8, 0xcc, 0x53, 0x48, 0xce, 0x48, 0xcc, 0x57, 0xa8, 0x40, 0x67,
    0x70, 0x01, 0x00, 0x44, 0xb7, 0xb5, 0x25, 0x1b, 0x00, 0x00, 0x00};
static struct http_asset asset = {
    .type = "text/plain", .etag = "abc", .forever = true};

static const struct http_route routes[] = {
    {HTTP_GET, "/hello", HTTP_PUBLIC, NULL, say_hello, NULL},
    {HTTP_GET, "/echo/{name}", OFFICER, NULL, echo, NULL},
    {HTTP_POST, "/echo/{name}", OFFICER | DISTRICT, "application/json", echo,
     NULL},
    {HTTP_DELETE, "/echo/{name}", OFFICER, NULL, echo, NULL},
    {HTTP_GET, "/asset", HTTP_PUBLIC, NULL, give_asset, &asset}};

static void open_server(void)
{
    char why[HTTP_WHY_SIZE];

    options.address = "127.0.0.1:0";
    options.routes = routes;
    options.route_count = sizeof routes / sizeof routes[0];
    options.find_who = find_who;
    cr_assert_eq(http_open(&options, &http, why), STATUS_OK, "%s", why);
}

static void setup(void)
{
    memset(&options, 0, sizeof options);
    browser.fd = -1;
}

static void teardown(void)
{
    browser_close(&browser);
    http_close(&http);
}

static unsigned ask(const char *request)
{
    browser_close(&browser);
    browser_ask(&browser, http_address(http), request);
    return browser.status;
}

TestSuite(http, .init = setup, .fini = teardown, .timeout = 60);

/* ---- plain requests ---- */

Test(http, a_reply_has_its_body_and_the_headers_that_guard_a_page)
{
    open_server();
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n"), 200);
    cr_assert_str_eq(browser.body, "hello");
    cr_assert_str_eq(browser_header(&browser, "Content-Type"), "text/plain");
    cr_assert_str_eq(browser_header(&browser, "ETag"), "\"one\"");
    cr_assert_str_eq(browser_header(&browser, "Cache-Control"), "no-cache");
    cr_assert_str_eq(browser_header(&browser, "X-Content-Type-Options"),
                     "nosniff");
    cr_assert_str_eq(browser_header(&browser, "Referrer-Policy"),
                     "no-referrer");
    cr_assert_not_null(
        strstr(browser_header(&browser, "Content-Security-Policy"),
               "default-src 'none'; script-src 'self';"));
    cr_assert_eq(ask("GET /none HTTP/1.1\r\n" HOST "\r\n"), 404);
    cr_assert_not_null(
        strstr(browser_header(&browser, "Content-Security-Policy"), "'none'"));
    cr_assert_str_eq(browser_header(&browser, "Cache-Control"), "no-store");
}

Test(http, a_head_is_a_get_without_its_body)
{
    open_server();
    cr_assert_eq(ask("HEAD /hello HTTP/1.1\r\n" HOST "\r\n"), 200);
    cr_assert_eq(browser.body_size, 0);
    cr_assert_str_eq(browser_header(&browser, "Content-Length"), "5");
}

Test(http, what_the_browser_has_is_not_sent_again)
{
    open_server();
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\n" HOST
                     "If-None-Match: \"zero\", \"one\"\r\n\r\n"),
                 304);
    cr_assert_eq(browser.body_size, 0);
    cr_assert_str_eq(browser_header(&browser, "ETag"), "\"one\"");
    cr_assert_eq(atomic_load(&released), 1);
    cr_assert_eq(
        ask("GET /hello HTTP/1.1\r\n" HOST "If-None-Match: \"two\"\r\n\r\n"),
        200);
}

Test(http, a_304_leaves_the_connection_fit_for_the_next_request)
{
    open_server();
    browser_open(&browser, http_address(http));
    for (int i = 0; i < 3; i++) {
        browser_send(&browser, "GET /hello HTTP/1.1\r\n" HOST
                               "If-None-Match: \"one\"\r\n\r\n");
        browser_read(&browser, false);
        cr_assert_eq(browser.status, 304);
        browser_send(&browser, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
        browser_read(&browser, false);
        cr_assert_eq(browser.status, 200);
        cr_assert_str_eq(browser.body, "hello");
    }
}

Test(http, a_refusal_leaves_the_connection_fit_for_the_next_request)
{
    open_server();
    browser_open(&browser, http_address(http));
    for (int i = 0; i < 3; i++) {
        browser_send(&browser, "GET /none HTTP/1.1\r\n" HOST "\r\n");
        browser_read(&browser, false);
        cr_assert_eq(browser.status, 404);
        browser_send(&browser, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
        browser_read(&browser, false);
        cr_assert_eq(browser.status, 200);
    }
}

Test(http, an_asset_is_sent_packed_or_inflated)
{
    asset.gzip = (struct bytes){packed, sizeof packed};
    asset.size = 27;
    open_server();
    cr_assert_eq(
        ask("GET /asset HTTP/1.1\r\n" HOST "Accept-Encoding: gzip\r\n\r\n"),
        200);
    cr_assert_str_eq(browser_header(&browser, "Content-Encoding"), "gzip");
    cr_assert_eq(browser.body_size, sizeof packed);
    cr_assert_str_eq(browser_header(&browser, "ETag"), "\"abc-gz\"");
    cr_assert_str_eq(browser_header(&browser, "Vary"), "Accept-Encoding");
    cr_assert_str_eq(browser_header(&browser, "Cache-Control"),
                     "public, max-age=31536000, immutable");
    cr_assert_eq(
        ask("GET /asset HTTP/1.1\r\n" HOST "Accept-Encoding: gzip;q=0\r\n\r\n"),
        200);
    cr_assert_str_eq(browser_header(&browser, "Content-Encoding"), "");
    cr_assert_str_eq(browser_header(&browser, "ETag"), "\"abc\"");
    cr_assert_str_eq(browser.body, "xin chao xin chao xin chao\n");
}

/* ---- what is refused ---- */

Test(http, an_error_is_problem_json)
{
    open_server();
    cr_assert_eq(ask("GET /hello?q=%22%3C HTTP/1.1\r\n" HOST "\r\n"), 200);
    cr_assert_eq(ask("GET /echo/x?%22%3Cb=1 HTTP/1.1\r\n" HOST
                     "Authorization: x\r\n\r\n"),
                 400);
    cr_assert_str_eq(browser_header(&browser, "Content-Type"),
                     "application/problem+json");
    cr_assert_str_eq(browser.body,
                     "{\"type\":\"about:blank\",\"title\":\"The request cannot "
                     "be read\",\"status\":400,\"detail\":\"no such parameter: "
                     "\\u0022\\u003cb\"}\n");
}

Test(http, an_error_is_utf_8_wherever_it_is_cut)
{
    char text[256];

    open_server();
    for (int i = 60; i < 68; i++) {
        (void)snprintf(
            text, sizeof text,
            "GET /echo/x?%.*s%%E1%%BB%%93=1 HTTP/1.1\r\n" HOST
            "Authorization: x\r\n\r\n",
            i,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaa");
        cr_assert_eq(ask(text), 400);
        cr_assert_eq(text_check(browser.body, browser.body_size - 1), TEXT_OK);
    }
}

Test(http, another_host_is_refused)
{
    struct http_counts counts;

    options.hosts[0] = "tinh.example.vn";
    options.host_count = 1;
    open_server();
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421);
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\nHost: 127.0.0.1.nip.io\r\n\r\n"),
                 421);
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\nHost: tinh.example.vn@x\r\n\r\n"),
                 421);
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\nHost: TINH.example.vn:1\r\n\r\n"),
                 200);
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\nHost: localhost:9\r\n\r\n"), 200);
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\n" HOST HOST "\r\n"), 400);
    cr_assert_eq(ask("GET /hello HTTP/1.0\r\n\r\n"), 400);
    http_counts(http, &counts);
    cr_assert_eq(counts.refused_host, 3);
}

Test(http, a_wrong_method_is_told_the_right_ones)
{
    open_server();
    cr_assert_eq(ask("PUT /echo/x HTTP/1.1\r\n" HOST "\r\n"), 405);
    cr_assert_str_eq(browser_header(&browser, "Allow"),
                     "GET, HEAD, POST, DELETE");
    cr_assert_eq(ask("TRACE /hello HTTP/1.1\r\n" HOST "\r\n"), 405);
    cr_assert_str_eq(browser_header(&browser, "Allow"), "GET, HEAD");
    cr_assert_eq(ask("OPTIONS /none HTTP/1.1\r\n" HOST "\r\n"), 404);
}

Test(http, a_route_is_for_its_roles)
{
    open_server();
    cr_assert_eq(ask("GET /echo/a HTTP/1.1\r\n" HOST "\r\n"), 401);
    cr_assert_eq(
        ask("GET /echo/a HTTP/1.1\r\n" HOST "Cookie: name=district\r\n\r\n"),
        403);
    cr_assert_eq(
        ask("GET /echo/a?q=b HTTP/1.1\r\n" HOST "Cookie: name=officer\r\n\r\n"),
        200);
    cr_assert_str_eq(browser.body, "a|b|loopback|");
    cr_assert_eq(atomic_load(&handled), 1);
}

#define POST_A "POST /echo/a HTTP/1.1\r\n" HOST
#define JSON   "Content-Type: application/json\r\nContent-Length: 2\r\n"
#define COOKIE "Cookie: name=officer\r\n"

Test(http, what_changes_something_comes_from_our_pages_with_the_token)
{
    open_server();
    cr_assert_eq(ask(POST_A COOKIE JSON "\r\n{}"), 403);
    cr_assert_eq(ask(POST_A COOKIE JSON "X-Tallyline-CSRF: tokex\r\n\r\n{}"),
                 403);
    cr_assert_eq(ask(POST_A COOKIE JSON "X-Tallyline-CSRF: \r\n\r\n{}"), 403);
    cr_assert_eq(ask(POST_A COOKIE JSON
                     "X-Tallyline-CSRF: token\r\n"
                     "Origin: http://evil.example\r\n\r\n{}"),
                 403);
    cr_assert_eq(ask(POST_A COOKIE JSON "X-Tallyline-CSRF: token\r\n"
                                        "Origin: null\r\n\r\n{}"),
                 403);
    cr_assert_eq(ask(POST_A COOKIE JSON "X-Tallyline-CSRF: token\r\n"
                                        "Sec-Fetch-Site: cross-site\r\n\r\n{}"),
                 403);
    cr_assert_eq(atomic_load(&handled), 0);
    cr_assert_eq(ask(POST_A COOKIE JSON
                     "X-Tallyline-CSRF: token\r\n"
                     "Origin: http://localhost:1\r\n"
                     "Sec-Fetch-Site: same-origin\r\n\r\n{}"),
                 200);
    cr_assert_str_eq(browser.body, "a|-|loopback|{}");
    /* A program's token is no cookie: no page of another site can send it. */
    cr_assert_eq(ask(POST_A JSON "Authorization: x\r\n\r\n{}"), 200);
}

Test(http, i11_a_body_has_a_type_and_a_length_within_the_limit)
{
    char *text = malloc(HTTP_BODY_MAX + 1024);
    int head;

    cr_assert_not_null(text);
    open_server();
    cr_assert_eq(ask(POST_A "Authorization: x\r\nContent-Length: 2\r\n"
                            "Content-Type: text/plain\r\n\r\n{}"),
                 415);
    cr_assert_eq(ask(POST_A "Authorization: x\r\n"
                            "Content-Type: application/json\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n"
                            "2\r\n{}\r\n0\r\n\r\n"),
                 411);
    cr_assert_eq(ask("DELETE /echo/a HTTP/1.1\r\n" HOST "Authorization: x\r\n"
                     "Content-Length: 2\r\n\r\n{}"),
                 400);
    cr_assert_eq(
        ask("GET /hello HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}"), 400);
    head = snprintf(text, 1024,
                    POST_A "Authorization: x\r\nContent-Length: %u\r\n"
                           "Content-Type: application/json\r\n\r\n",
                    HTTP_BODY_MAX);
    memset(text + head, 'x', HTTP_BODY_MAX);
    text[(size_t)head + HTTP_BODY_MAX] = '\0';
    cr_assert_eq(ask(text), 200);
    cr_assert_eq(browser.body_size, HTTP_BODY_MAX + strlen("a|-|loopback|"));
    (void)snprintf(text, 1024,
                   POST_A "Authorization: x\r\nContent-Length: %u\r\n"
                          "Content-Type: application/json\r\n\r\n",
                   HTTP_BODY_MAX + 1);
    cr_assert_eq(ask(text), 413);
    free(text);
}

Test(http, i11_large_heads_are_refused)
{
    static char text[HTTP_HEADERS_MAX * 4];
    int head;

    open_server();
    head = snprintf(text, sizeof text, "GET /hello HTTP/1.1\r\n" HOST "X: ");
    memset(text + head, 'x', HTTP_HEADERS_MAX);
    memcpy(text + head + HTTP_HEADERS_MAX, "\r\n\r\n", 5);
    cr_assert_eq(ask(text), 431);
    memset(text + head, 'x', HTTP_HEADERS_MAX * 3);
    memcpy(text + head + HTTP_HEADERS_MAX * 3, "\r\n\r\n", 5);
    cr_assert_geq(ask(text), 400);
    head = snprintf(text, sizeof text, "GET /");
    memset(text + head, 'x', HTTP_PATH_MAX);
    (void)snprintf(text + head + HTTP_PATH_MAX, 128,
                   " HTTP/1.1\r\n" HOST "\r\n");
    cr_assert_eq(ask(text), 414);
}

/* ---- opening ---- */

Test(http, a_taken_port_is_named)
{
    struct http_options second = {.routes = routes, .route_count = 1};
    struct http *other = NULL;
    char why[HTTP_WHY_SIZE];

    open_server();
    second.address = http_address(http);
    cr_assert_eq(http_open(&second, &other, why), STATUS_BUSY);
    cr_assert_null(other);
    cr_assert_not_null(strstr(why, http_address(http)));
}

Test(http, an_address_that_is_none_is_a_mistake)
{
    static const char *const bad[] = {"",           "127.0.0.1",
                                      ":80",        "127.0.0.1:x",
                                      "127.0.0.1:", "no-such-host.invalid:80"};
    char why[HTTP_WHY_SIZE];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options.address = bad[i];
        cr_assert_eq(http_open(&options, &http, why), STATUS_CONFIG, "%s",
                     bad[i]);
    }
}

Test(http, a_certificate_that_is_none_is_a_mistake)
{
    char why[HTTP_WHY_SIZE];

    options.address = "127.0.0.1:0";
    options.certificate = bytes_of_text("no certificate");
    options.key = bytes_of_text("no key");
    cr_assert_eq(http_open(&options, &http, why), STATUS_CONFIG);
    cr_assert_str_neq(why, "");
}
