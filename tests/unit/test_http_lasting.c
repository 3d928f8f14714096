#include "common/http/http.h"
#include "tests/support/browser.h"
#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define HOST      "Host: 127.0.0.1\r\n"
#define DROPS_MAX 3u

static struct http *http;
static struct http_options options;
static struct browser browser;
static atomic_uint released, handled;
static struct http_later *_Atomic owed;
static struct http_stream *_Atomic stream;

/* ---- the library while it is stopped ---- */

static atomic_bool stopped;
static atomic_uint drops;

enum MHD_Result __wrap_MHD_queue_response(struct MHD_Connection *connection,
                                          unsigned int status,
                                          struct MHD_Response *response);
enum MHD_Result __real_MHD_queue_response(struct MHD_Connection *connection,
                                          unsigned int status,
                                          struct MHD_Response *response);

enum MHD_Result __wrap_MHD_queue_response(struct MHD_Connection *connection,
                                          unsigned int status,
                                          struct MHD_Response *response)
{
    return atomic_load(&stopped) && atomic_fetch_add(&drops, 1) < DROPS_MAX
               ? MHD_YES
               : __real_MHD_queue_response(connection, status, response);
}

/* ---- a small application ---- */

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
    atomic_fetch_add(&handled, 1);
    http_reply_borrow(reply, "text/plain", bytes_of_text("hello"), NULL, NULL);
}

static void answer_later(void *context, struct http_request *request,
                         struct http_reply *reply)
{
    (void)context;
    atomic_store(&owed, http_later(request, reply));
}

static void go_on(void *context, struct http_request *request,
                  struct http_reply *reply)
{
    struct http_stream *opened =
        http_reply_stream(request, reply, "text/event-stream");

    (void)context;
    if (opened != NULL) {
        cr_assert_eq(http_stream_append(opened, bytes_of_text(":hello\n\n")),
                     STATUS_OK);
        atomic_store(&stream, opened);
    }
}

static const struct http_route routes[] = {
    {HTTP_GET, "/hello", HTTP_PUBLIC, NULL, say_hello, NULL},
    {HTTP_POST, "/hello", HTTP_PUBLIC, "application/json", say_hello, NULL},
    {HTTP_GET, "/later", HTTP_PUBLIC, NULL, answer_later, NULL},
    {HTTP_GET, "/live", HTTP_PUBLIC, NULL, go_on, NULL}};

static void open_server(void)
{
    char why[HTTP_WHY_SIZE];

    options.address = "127.0.0.1:0";
    options.routes = routes;
    options.route_count = sizeof routes / sizeof routes[0];
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

TestSuite(http_lasting, .init = setup, .fini = teardown, .timeout = 60);

/* ---- limits on connections ---- */

Test(http_lasting, i11_a_head_that_never_ends_is_cut)
{
    options.limits.headers_ms = 80;
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /hello HTTP/1.1\r\nHost: 127");
    cr_assert(browser_is_cut(&browser));
}

Test(http_lasting, i11_a_body_that_never_ends_is_cut)
{
    options.limits.body_ms = 80;
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "POST /hello HTTP/1.1\r\n" HOST
                           "Content-Type: application/json\r\n"
                           "Content-Length: 2\r\n\r\n{");
    cr_assert(browser_is_cut(&browser));
    cr_assert_eq(atomic_load(&handled), 0);
}

Test(http_lasting, i11_idle_connections_make_room_for_a_new_one)
{
    struct browser idle[6];
    struct http_counts counts;

    options.limits.loopback = 4;
    open_server();
    for (size_t i = 0; i < 6; i++) {
        browser_open(&idle[i], http_address(http));
        browser_send(&idle[i], "GET /hello HTTP/1.1\r\nHost: 127");
    }
    cr_assert_eq(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n"), 200);
    cr_assert(browser_is_cut(&idle[0]));
    cr_assert(browser_is_cut(&idle[1]));
    http_counts(http, &counts);
    /* Two threads that accept at one moment may let one more in. */
    cr_assert_geq(counts.connections_cut, 2);
    for (size_t i = 0; i < 6; i++) {
        browser_close(&idle[i]);
    }
}

/* ---- later ---- */

static bool is_owed(void *context)
{
    (void)context;
    return atomic_load(&owed) != NULL;
}

static bool no_connection(void *context)
{
    struct http_counts counts;

    (void)context;
    http_counts(http, &counts);
    return counts.connections == 0;
}

static void answer_it(const char *text)
{
    struct http_later *later = atomic_load(&owed);
    struct http_reply reply;

    http_reply_init(&reply);
    http_reply_borrow(&reply, "text/plain", bytes_of_text(text), release, NULL);
    http_later_answer(&later, &reply);
}

Test(http_lasting, another_thread_answers_later)
{
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    cr_assert(deadline_wait(is_owed, NULL, 5000));
    answer_it("at last");
    browser_read(&browser, false);
    cr_assert_eq(browser.status, 200);
    cr_assert_str_eq(browser.body, "at last");
}

static bool is_gone_later(void *context)
{
    return http_later_gone(context);
}

Test(http_lasting, who_owes_an_answer_can_see_that_nobody_waits)
{
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    cr_assert(deadline_wait(is_owed, NULL, 5000));
    cr_assert_not(http_later_gone(atomic_load(&owed)));
    browser_close(&browser);
    cr_assert(deadline_wait(is_gone_later, atomic_load(&owed), 5000));
    answer_it("nobody hears it");
    cr_assert(deadline_wait(no_connection, NULL, 5000));
}

Test(http_lasting, a_download_keeps_its_name_when_it_comes_later)
{
    struct http_later *later;
    struct http_reply reply;

    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    cr_assert(deadline_wait(is_owed, NULL, 5000));
    later = atomic_load(&owed);
    http_reply_init(&reply);
    http_reply_borrow(&reply, "text/csv", bytes_of_text("a"), NULL, NULL);
    (void)snprintf(reply.file_name, sizeof reply.file_name, "a.csv");
    http_later_answer(&later, &reply);
    memset(&reply, 'x', sizeof reply);
    browser_read(&browser, false);
    cr_assert_str_eq(browser_header(&browser, "Content-Disposition"),
                     "attachment; filename=\"a.csv\"");
}

Test(http_lasting, i11_an_answer_that_never_comes_is_a_503)
{
    options.limits.later_ms = 80;
    open_server();
    cr_assert_eq(ask("GET /later HTTP/1.1\r\n" HOST "\r\n"), 503);
    cr_assert_str_neq(browser_header(&browser, "Retry-After"), "");
    answer_it("too late");
    cr_assert_eq(atomic_load(&released), 1);
}

Test(http_lasting, a_server_that_closes_owes_nothing)
{
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /later HTTP/1.1\r\n" HOST "\r\n");
    cr_assert(deadline_wait(is_owed, NULL, 5000));
    http_close(&http);
    cr_assert(browser_is_cut(&browser));
    answer_it("nobody hears it");
    cr_assert_eq(atomic_load(&released), 1);
}

Test(http_lasting, i3_a_server_that_closes_handles_a_request_once)
{
    open_server();
    atomic_store(&stopped, true);
    browser_open(&browser, http_address(http));
    browser_send(&browser, "POST /hello HTTP/1.1\r\n" HOST
                           "Content-Type: application/json\r\n"
                           "Content-Length: 2\r\n\r\n{}");
    cr_assert(browser_is_cut(&browser));
    cr_assert_eq(atomic_load(&handled), 1);
}

/* ---- streams ---- */

static bool is_open(void *context)
{
    (void)context;
    return atomic_load(&stream) != NULL;
}

static void open_stream(void)
{
    open_server();
    browser_open(&browser, http_address(http));
    browser_send(&browser, "GET /live HTTP/1.1\r\n" HOST "\r\n");
    cr_assert(deadline_wait(is_open, NULL, 5000));
}

Test(http_lasting, a_stream_goes_on_until_it_is_closed)
{
    struct http_stream *mine;

    open_stream();
    mine = atomic_load(&stream);
    cr_assert(browser_sees(&browser, ":hello\n\n"));
    for (int i = 0; i < 50; i++) {
        char text[32];

        (void)snprintf(text, sizeof text, "data: %d\n\n", i);
        cr_assert_eq(http_stream_append(mine, bytes_of_text(text)), STATUS_OK);
        cr_assert(browser_sees(&browser, text));
    }
    http_stream_close(&mine);
    cr_assert(browser_sees(&browser, "0\r\n\r\n"));
}

static bool is_gone(void *context)
{
    return http_stream_append(context, bytes_of_text(":\n\n")) ==
           STATUS_NOT_FOUND;
}

Test(http_lasting, a_stream_whose_reader_left_says_so)
{
    struct http_stream *mine;

    open_stream();
    mine = atomic_load(&stream);
    browser_close(&browser);
    cr_assert(deadline_wait(is_gone, mine, 5000));
    cr_assert(http_stream_gone(mine));
    http_stream_close(&mine);
    cr_assert(deadline_wait(no_connection, NULL, 5000));
}

Test(http_lasting, i11_a_reader_that_is_too_slow_is_cut)
{
    static const char block[4096] = {0};
    struct http_stream *mine;
    struct http_counts counts;
    enum status status = STATUS_OK;
    size_t appended = 0;

    options.limits.stream_bytes = 16384;
    open_stream();
    mine = atomic_load(&stream);
    while (status == STATUS_OK && appended < (64u << 20)) {
        status = http_stream_append(
            mine, (struct bytes){(const uint8_t *)block, sizeof block});
        appended += sizeof block;
    }
    cr_assert_eq(status, STATUS_FULL);
    cr_assert(http_stream_gone(mine));
    cr_assert_eq(http_stream_append(mine, bytes_of_text("x")),
                 STATUS_NOT_FOUND);
    http_stream_close(&mine);
    cr_assert(deadline_wait(no_connection, NULL, 5000));
    http_counts(http, &counts);
    cr_assert_eq(counts.streams_cut, 1);
    cr_assert_eq(counts.streams, 0);
}

Test(http_lasting, i11_one_stream_too_many_is_refused)
{
    struct http_stream *mine;

    options.limits.streams = 1;
    open_stream();
    mine = atomic_load(&stream);
    {
        struct browser second;

        browser_ask(&second, http_address(http),
                    "GET /live HTTP/1.1\r\n" HOST "\r\n");
        cr_assert_eq(second.status, 503);
        browser_close(&second);
    }
    http_stream_close(&mine);
}

Test(http_lasting, a_server_that_closes_ends_its_streams)
{
    struct http_stream *mine;

    open_stream();
    mine = atomic_load(&stream);
    cr_assert(browser_sees(&browser, ":hello\n\n"));
    http_close(&http);
    cr_assert(browser_is_cut(&browser));
    cr_assert_eq(http_stream_append(mine, bytes_of_text("x")),
                 STATUS_NOT_FOUND);
    http_stream_close(&mine);
}
